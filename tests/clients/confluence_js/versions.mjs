import assert from "node:assert/strict";
import test from "node:test";

import { open } from "../site.mjs";

async function changedPage(v2) {
  const [{ id }] = (await v2.page.getPages({ title: "Decisions" })).results;
  const body = { representation: "storage", value: "<p>New</p>" };
  const version = { number: 2, message: "Again" };
  await v2.page.updatePage({ id, body: { id, status: "current", title: "Decisions", body, version } });
  return id;
}

test("lists the versions of a page, the newest first", async (t) => {
  const { v2 } = await open(t);
  const { results } = await v2.version.getPageVersions({ id: await changedPage(v2), bodyFormat: "storage" });
  assert.deepEqual(results.map((one) => [one.number, one.message]), [[2, "Again"], [1, ""]]);
  assert.equal(results[1].page.body.storage.value, "<p>What we chose, and why.</p>");
});

test("describes one version", async (t) => {
  const { v2 } = await open(t);
  const pageId = await changedPage(v2);
  const version = await v2.version.getPageVersionDetails({ pageId, versionNumber: 2 });
  assert.deepEqual([version.number, version.prevVersion], [2, 1]);
});

test("reads a page as it was", async (t) => {
  const { v2 } = await open(t);
  const read = await v2.page.getPageById({ id: await changedPage(v2), version: 1, bodyFormat: "storage" });
  assert.equal(read.body.storage.value, "<p>What we chose, and why.</p>");
});

test("refuses a version that is not there", async (t) => {
  const { v2 } = await open(t);
  const pageId = await changedPage(v2);
  const call = v2.version.getPageVersionDetails({ pageId, versionNumber: 9 });
  await assert.rejects(call, { name: "NotFoundError", status: 404 });
});
