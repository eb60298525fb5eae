import assert from "node:assert/strict";
import test from "node:test";

import { open, v2Error } from "../site.mjs";

const TAKEN = "A page with this title already exists: A page already exists with the same TITLE in this space";

function storage(value) {
  return { representation: "storage", value };
}

async function space(v2, key = "ENG") {
  return (await v2.space.getSpaces({ keys: [key] })).results[0];
}

async function page(v2, title, value = "<p>Here</p>") {
  const { id: spaceId } = await space(v2);
  return v2.page.createPage({ body: { spaceId, status: "current", title, body: storage(value) } });
}

test("creates a page and reads its body", async (t) => {
  const { v2 } = await open(t);
  const { id: spaceId, homepageId } = await space(v2);
  const made = await v2.page.createPage({ body: { spaceId, title: "On call", body: storage("<p>Wake Bea.</p>") } });
  assert.deepEqual([made.status, made.parentId, made.version.number], ["current", homepageId, 1]);
  const read = await v2.page.getPageById({ id: made.id, bodyFormat: "storage" });
  assert.equal(read.body.storage.value, "<p>Wake Bea.</p>");
  assert.match(read._links.webui, /^\/spaces\/ENG\/pages\//);
});

test("creates a page in Atlassian's document format", async (t) => {
  const { v2 } = await open(t);
  const { id: spaceId } = await space(v2);
  const doc = { type: "doc", version: 1, content: [{ type: "paragraph", content: [{ type: "text", text: "Hi" }] }] };
  const body = { representation: "atlas_doc_format", value: JSON.stringify(doc) };
  const { id } = await v2.page.createPage({ body: { spaceId, title: "ADF", body } });
  const read = await v2.page.getPageById({ id, bodyFormat: "storage" });
  assert.equal(read.body.storage.value, "<p>Hi</p>");
  const again = await v2.page.getPageById({ id, bodyFormat: "atlas_doc_format" });
  assert.equal(JSON.parse(again.body.atlas_doc_format.value).content[0].content[0].text, "Hi");
});

test("creates a page under another", async (t) => {
  const { v2 } = await open(t);
  const { id: spaceId } = await space(v2);
  const parent = await page(v2, "Parent");
  const child = await v2.page.createPage({ body: { spaceId, parentId: parent.id, title: "Child", body: storage("") } });
  assert.deepEqual([child.parentId, child.parentType], [parent.id, "page"]);
});

test("refuses a title that is taken", async (t) => {
  const { v2 } = await open(t);
  await assert.rejects(page(v2, "Runbooks"), v2Error("ApiError", 400, "BAD_REQUEST", TAKEN));
});

test("refuses a page in a space that is not there", async (t) => {
  const { v2 } = await open(t);
  const call = v2.page.createPage({ body: { spaceId: "999", title: "Lost", body: storage("") } });
  await assert.rejects(call, { name: "NotFoundError", status: 404 });
});

test("tells that a page is not there", async (t) => {
  const { v2 } = await open(t);
  const expected = v2Error("NotFoundError", 404, "NOT_FOUND", "Cannot find a page with id [999]");
  await assert.rejects(v2.page.getPageById({ id: 999 }), expected);
});

test("lists pages by title and by space", async (t) => {
  const { v2 } = await open(t);
  const { id } = await space(v2, "HELP");
  const found = await v2.page.getPages({ title: "returns", spaceId: [id] });
  assert.deepEqual(found.results.map((one) => one.title), ["Returns"]);
  const all = await v2.page.getPagesInSpace({ id, sort: "title" });
  assert.deepEqual(all.results.map((one) => one.title), ["Help Centre", "Invoices", "Returns"]);
});

test("follows the cursor from page to page", async (t) => {
  const { v2 } = await open(t);
  const titles = [];
  let cursor;
  do {
    const { results, _links } = await v2.page.getPages({ limit: 4, sort: "title", cursor });
    titles.push(...results.map((one) => one.title));
    cursor = _links.next && new URL(_links.next, "http://site").searchParams.get("cursor");
  } while (cursor);
  assert.deepEqual(titles, [...titles].sort());
  assert.equal(titles.length, 9);
});

test("changes a page by its next version", async (t) => {
  const { v2 } = await open(t);
  const { id } = await page(v2, "Draft plan");
  const version = { number: 2, message: "Agreed" };
  const body = { id, status: "current", title: "Plan", body: storage("<p>Go</p>"), version };
  const changed = await v2.page.updatePage({ id, body });
  assert.deepEqual([changed.title, changed.version.number, changed.version.message], ["Plan", 2, "Agreed"]);
});

test("refuses a version that is not the next", async (t) => {
  const { v2 } = await open(t);
  const { id } = await page(v2, "Plan");
  const body = { id, status: "current", title: "Plan", body: storage(""), version: { number: 3 } };
  const title = "Version must be incremented when updating a page. Current Version: [1]. Provided version: [3]";
  await assert.rejects(v2.page.updatePage({ id, body }), v2Error("ApiError", 409, "CONFLICT", title));
});

test("moves a page by a new parent", async (t) => {
  const { v2 } = await open(t);
  const [parent, child] = [await page(v2, "Parent"), await page(v2, "Child")];
  const body = {
    id: child.id,
    status: "current",
    title: "Child",
    parentId: parent.id,
    body: storage("<p>Moved</p>"),
    version: { number: 2 },
  };
  assert.equal((await v2.page.updatePage({ id: child.id, body })).parentId, parent.id);
});

test("changes the title alone", async (t) => {
  const { v2 } = await open(t);
  const { id } = await page(v2, "Plan");
  const changed = await v2.page.updatePageTitle({ id, body: { status: "current", title: "Plan B" } });
  assert.equal(changed.title, "Plan B");
  const read = await v2.page.getPageById({ id, bodyFormat: "storage" });
  assert.deepEqual([read.title, read.body.storage.value], ["Plan B", "<p>Here</p>"]);
});

test("trashes a page and purges it", async (t) => {
  const { v2 } = await open(t);
  const { id } = await page(v2, "Plan");
  await v2.page.deletePage({ id });
  assert.equal((await v2.page.getPageById({ id })).status, "trashed");
  await v2.page.deletePage({ id, purge: true });
  await assert.rejects(v2.page.getPageById({ id }), { name: "NotFoundError", status: 404 });
});

test("gives what belongs to a page on request", async (t) => {
  const { v2 } = await open(t);
  const [{ id }] = (await v2.page.getPages({ title: "Runbooks" })).results;
  const read = await v2.page.getPageById({ id, includeLabels: true, includeVersions: true, includeProperties: true });
  assert.deepEqual(read.labels.results.map((one) => one.name), ["runbook"]);
  assert.deepEqual(read.versions.results.map((one) => one.number), [1]);
  assert.deepEqual(read.properties.results, []);
});

test("keeps a draft apart from what is published", async (t) => {
  const { v2 } = await open(t);
  const { id: spaceId } = await space(v2);
  const draft = await v2.page.createPage({ body: { spaceId, status: "draft", title: "Idea", body: storage("") } });
  assert.equal(draft.status, "draft");
  assert.deepEqual((await v2.page.getPages({ title: "Idea" })).results, []);
  const read = await v2.page.getPageById({ id: draft.id, getDraft: true });
  assert.equal(read.title, "Idea");
});
