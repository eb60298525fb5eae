import assert from "node:assert/strict";
import test from "node:test";

import { open, v2Error } from "../site.mjs";

async function find(v2, title) {
  return (await v2.page.getPages({ title })).results[0].id;
}

function titles({ results }) {
  return results.map((one) => one.title);
}

test("lists the children of a page", async (t) => {
  const { v2 } = await open(t);
  const id = await find(v2, "Runbooks");
  assert.deepEqual(titles(await v2.children.getChildPages({ id })), ["Restore a backup", "Rotate credentials"]);
  const direct = await v2.children.getPageDirectChildren({ id });
  assert.deepEqual(direct.results.map((one) => one.type), ["page", "page"]);
});

test("lists the ancestors of a page", async (t) => {
  const { v2 } = await open(t);
  const { results } = await v2.ancestors.getPageAncestors({ id: await find(v2, "Rotate credentials") });
  assert.deepEqual(results.map((one) => one.type), ["page", "page"]);
  assert.equal(results[1].id, await find(v2, "Runbooks"));
});

test("lists the descendants of a page, with their depth", async (t) => {
  const { v2 } = await open(t);
  const { results } = await v2.descendants.getPageDescendants({ id: await find(v2, "Engineering"), depth: 2 });
  const titlesAt = (depth) => results.filter((one) => one.depth === depth).map((one) => one.title).sort();
  assert.deepEqual(titlesAt(1), ["Decisions", "Runbooks"]);
  assert.deepEqual(titlesAt(2), ["Restore a backup", "Rotate credentials", "Why one database"]);
});

test("lists descendants over v1", async (t) => {
  const { v1, v2 } = await open(t);
  const id = await find(v2, "Engineering");
  const found = await v1.contentChildrenAndDescendants.getDescendantsOfType({ id, type: "page" });
  assert.equal(found.size, 5);
  const all = await v1.contentChildrenAndDescendants.getContentDescendants({ id, expand: ["page"] });
  assert.equal(all.page.size, 5);
});

test("moves a page beside and under another", async (t) => {
  const { v1, v2 } = await open(t);
  const [pageId, targetId] = [await find(v2, "Why one database"), await find(v2, "Runbooks")];
  await v1.contentChildrenAndDescendants.movePage({ pageId, position: "append", targetId });
  assert.equal((await v2.page.getPageById({ id: pageId })).parentId, targetId);
  await v1.contentChildrenAndDescendants.movePage({ pageId, position: "before", targetId });
  const home = await find(v2, "Engineering");
  const expected = ["Why one database", "Runbooks", "Decisions"];
  assert.deepEqual(titles(await v2.children.getChildPages({ id: home })), expected);
});

test("refuses to move a page under itself", async (t) => {
  const { v1, v2 } = await open(t);
  const [pageId, targetId] = [await find(v2, "Runbooks"), await find(v2, "Rotate credentials")];
  const call = v1.contentChildrenAndDescendants.movePage({ pageId, position: "append", targetId });
  await assert.rejects(call, { name: "ApiError", status: 400 });
});

test("copies a page with its labels", async (t) => {
  const { v1, v2 } = await open(t);
  const [id, value] = [await find(v2, "Restore a backup"), await find(v2, "Decisions")];
  const copy = await v1.contentChildrenAndDescendants.copyPage({
    id,
    copyLabels: true,
    destination: { type: "parent_page", value },
    pageTitle: "Restore, copied",
    expand: ["body.storage"],
  });
  assert.equal(copy.title, "Restore, copied");
  assert.match(copy.body.storage.value, /Stop the writers/);
  const labels = await v2.label.getPageLabels({ id: copy.id });
  assert.deepEqual(labels.results.map((one) => one.name).sort(), ["database", "runbook"]);
});

test("tells that there is no such page in the tree", async (t) => {
  const { v2 } = await open(t);
  await assert.rejects(v2.children.getChildPages({ id: 999 }), { name: "NotFoundError", status: 404 });
  const unknown = v2Error("NotFoundError", 404, "NOT_FOUND", "Cannot find [page] entity with id [999]");
  await assert.rejects(v2.children.getPageDirectChildren({ id: 999 }), unknown);
});
