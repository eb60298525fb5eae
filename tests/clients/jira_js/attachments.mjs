import assert from "node:assert/strict";
import test from "node:test";

import { NO_ISSUE, open } from "../site.mjs";

const CONTENT = Uint8Array.from({ length: 512 }, (_, index) => index % 256);

async function attached(jira) {
  const file = { filename: "größe.csv", content: CONTENT };
  const [added] = await jira.issueAttachments.addAttachment({ issueIdOrKey: "WEB-1", attachments: file });
  return added;
}

test("attaches a file and downloads its bytes", async (t) => {
  const { jira } = await open(t);
  const added = await attached(jira);
  assert.deepEqual([added.filename, added.size, added.mimeType], ["größe.csv", 512, "text/csv"]);
  const content = await jira.issueAttachments.getAttachmentContent({ id: added.id });
  assert.deepEqual(new Uint8Array(content), CONTENT);
});

test("attaches several files at once", async (t) => {
  const { jira } = await open(t);
  const attachments = ["a.txt", "b.txt"].map((filename) => ({ filename, content: filename }));
  const added = await jira.issueAttachments.addAttachment({ issueIdOrKey: "WEB-1", attachments });
  assert.deepEqual(added.map((one) => one.filename), ["a.txt", "b.txt"]);
  const { fields } = await jira.issues.getIssue({ issueIdOrKey: "WEB-1", fields: ["attachment"] });
  assert.deepEqual(fields.attachment.map((one) => one.filename), ["a.txt", "b.txt"]);
});

test("describes an attachment", async (t) => {
  const { jira } = await open(t);
  const { id } = await attached(jira);
  const found = await jira.issueAttachments.getAttachment({ id });
  assert.equal(found.filename, "größe.csv");
  assert.equal(found.author.displayName, "Alex Admin");
});

test("tells whether files may be attached", async (t) => {
  const { jira } = await open(t);
  const { enabled, uploadLimit } = await jira.issueAttachments.getAttachmentMeta();
  assert.equal(enabled, true);
  assert.ok(uploadLimit > 0);
});

test("removes an attachment", async (t) => {
  const { jira } = await open(t);
  const { id } = await attached(jira);
  await jira.issueAttachments.removeAttachment({ id });
  await assert.rejects(jira.issueAttachments.getAttachment({ id }), { name: "NotFoundError", status: 404 });
});

test("refuses a file for no issue", async (t) => {
  const { jira } = await open(t);
  const attachments = { filename: "a.txt", content: "a" };
  await assert.rejects(jira.issueAttachments.addAttachment({ issueIdOrKey: "WEB-99", attachments }), NO_ISSUE);
});
