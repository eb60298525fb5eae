import assert from "node:assert/strict";
import test from "node:test";

import { open } from "../site.mjs";

const MISSING = { name: "NotFoundError", status: 404 };
const CONTENT = Uint8Array.from({ length: 300 }, (_, index) => index % 256);

async function page(v2) {
  return (await v2.page.getPages({ title: "Decisions" })).results[0].id;
}

async function attached(v1, id, filename = "größe.csv", content = CONTENT) {
  const { results } = await v1.contentAttachments.createAttachment({ id, attachments: { filename, content } });
  return results[0];
}

test("attaches a file and downloads its bytes", async (t) => {
  const { v1, v2 } = await open(t);
  const id = await page(v2);
  const added = await attached(v1, id);
  assert.deepEqual([added.title, added.extensions.fileSize, added.type], ["größe.csv", 300, "attachment"]);
  const content = await v1.contentAttachments.downloadAttatchment({ id, attachmentId: added.id });
  assert.deepEqual(new Uint8Array(content), CONTENT);
});

test("refuses a second file of the same name, and puts it there all the same", async (t) => {
  const { v1, v2 } = await open(t);
  const id = await page(v2);
  const added = await attached(v1, id, "a.txt", "one");
  await assert.rejects(attached(v1, id, "a.txt", "two"), { name: "ApiError", status: 400 });
  const attachments = { filename: "a.txt", content: "two" };
  const { results } = await v1.contentAttachments.createOrUpdateAttachments({ id, attachments });
  assert.deepEqual([results[0].id, results[0].version.number], [added.id, 2]);
});

test("gives an attachment new content", async (t) => {
  const { v1, v2 } = await open(t);
  const id = await page(v2);
  const { id: attachmentId } = await attached(v1, id, "a.txt", "one");
  const attachment = { filename: "a.txt", content: "two" };
  await v1.contentAttachments.updateAttachmentData({ id, attachmentId, attachment });
  const download = async (version) =>
    Buffer.from(await v1.contentAttachments.downloadAttatchment({ id, attachmentId, version })).toString();
  assert.deepEqual([await download(), await download(1)], ["two", "one"]);
  const versions = await v2.version.getAttachmentVersions({ id: attachmentId });
  assert.deepEqual(versions.results.map((one) => one.number), [2, 1]);
});

test("lists the attachments of a page and of the site", async (t) => {
  const { v1, v2 } = await open(t);
  const id = await page(v2);
  for (const name of ["a.txt", "b.txt"]) await attached(v1, id, name, name);
  const onPage = await v2.attachment.getPageAttachments({ id, filename: "b.txt" });
  assert.deepEqual(onPage.results.map((one) => [one.title, one.mediaType, one.pageId]), [["b.txt", "text/plain", id]]);
  assert.equal((await v2.attachment.getAttachments()).results.length, 2);
});

test("describes an attachment", async (t) => {
  const { v1, v2 } = await open(t);
  const { id } = await attached(v1, await page(v2), "a.txt", "one");
  const read = await v2.attachment.getAttachmentById({ id });
  assert.deepEqual([read.title, read.fileSize, read.version.number], ["a.txt", 3, 1]);
});

test("keeps a property of an attachment", async (t) => {
  const { v1, v2 } = await open(t);
  const { id: attachmentId } = await attached(v1, await page(v2), "a.txt", "one");
  await v2.contentProperties.createAttachmentProperty({ attachmentId, key: "source", value: "scan" });
  const { results } = await v2.contentProperties.getAttachmentContentProperties({ attachmentId });
  assert.deepEqual(results.map((one) => [one.key, one.value]), [["source", "scan"]]);
});

test("comments on an attachment", async (t) => {
  const { v1, v2 } = await open(t);
  const { id } = await attached(v1, await page(v2), "a.txt", "one");
  const body = { representation: "storage", value: "<p>Thanks</p>" };
  await v2.comment.createFooterComment({ attachmentId: id, body });
  const { results } = await v2.comment.getAttachmentComments({ id, bodyFormat: "storage" });
  assert.deepEqual(results.map((one) => one.body.storage.value), ["<p>Thanks</p>"]);
});

test("trashes an attachment", async (t) => {
  const { v1, v2 } = await open(t);
  const pageId = await page(v2);
  const { id } = await attached(v1, pageId, "a.txt", "one");
  await v2.attachment.deleteAttachment({ id });
  assert.deepEqual((await v2.attachment.getPageAttachments({ id: pageId })).results, []);
});

test("refuses a file for no page, and one that is not there", async (t) => {
  const { v1, v2 } = await open(t);
  await assert.rejects(attached(v1, "999"), MISSING);
  await assert.rejects(v2.attachment.getAttachmentById({ id: "att999" }), MISSING);
});
