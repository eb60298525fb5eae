import assert from "node:assert/strict";
import test from "node:test";

import { open } from "../site.mjs";

const MISSING = { name: "NotFoundError", status: 404 };

function storage(value) {
  return { representation: "storage", value };
}

async function find(v2, title) {
  return (await v2.page.getPages({ title })).results[0].id;
}

async function footer(v2, pageId, value = "<p>Agreed</p>") {
  return v2.comment.createFooterComment({ pageId, body: storage(value) });
}

async function inline(v2, pageId) {
  const inlineCommentProperties = { textSelection: "runbooks", textSelectionMatchCount: 1, textSelectionMatchIndex: 0 };
  return v2.comment.createInlineComment({ pageId, body: storage("<p>Which?</p>"), inlineCommentProperties });
}

test("adds a footer comment and reads it back", async (t) => {
  const { v2 } = await open(t);
  const pageId = await find(v2, "Runbooks");
  const made = await footer(v2, pageId);
  const read = await v2.comment.getFooterCommentById({ commentId: Number(made.id), bodyFormat: "storage" });
  assert.deepEqual([read.pageId, read.body.storage.value, read.version.number], [pageId, "<p>Agreed</p>", 1]);
});

test("answers a footer comment", async (t) => {
  const { v2 } = await open(t);
  const parent = await footer(v2, await find(v2, "Runbooks"));
  const reply = await v2.comment.createFooterComment({ parentCommentId: parent.id, body: storage("<p>Me too</p>") });
  const { results } = await v2.comment.getFooterCommentChildren({ id: Number(parent.id) });
  assert.deepEqual(results.map((one) => one.id), [reply.id]);
});

test("lists the footer comments of a page and of the site", async (t) => {
  const { v2 } = await open(t);
  const id = await find(v2, "Runbooks");
  for (const word of ["one", "two"]) await footer(v2, id, `<p>${word}</p>`);
  const onPage = await v2.comment.getPageFooterComments({ id, bodyFormat: "storage" });
  assert.deepEqual(onPage.results.map((one) => one.body.storage.value), ["<p>one</p>", "<p>two</p>"]);
  assert.equal((await v2.comment.getFooterComments()).results.length, 2);
});

test("changes a footer comment by its next version", async (t) => {
  const { v2 } = await open(t);
  const { id } = await footer(v2, await find(v2, "Runbooks"));
  const commentId = Number(id);
  const body = { version: { number: 2 }, body: storage("<p>Not quite</p>") };
  assert.equal((await v2.comment.updateFooterComment({ commentId, body })).version.number, 2);
  const versions = await v2.version.getFooterCommentVersions({ id: commentId });
  assert.deepEqual(versions.results.map((one) => one.number), [2, 1]);
  const first = await v2.version.getFooterCommentVersionDetails({ id: commentId, versionNumber: 1 });
  assert.equal(first.nextVersion, 2);
});

test("refuses a stale version of a footer comment", async (t) => {
  const { v2 } = await open(t);
  const { id } = await footer(v2, await find(v2, "Runbooks"));
  const body = { version: { number: 1 }, body: storage("<p>x</p>") };
  const call = v2.comment.updateFooterComment({ commentId: Number(id), body });
  await assert.rejects(call, { name: "ApiError", status: 409 });
});

test("deletes a footer comment", async (t) => {
  const { v2 } = await open(t);
  const { id } = await footer(v2, await find(v2, "Runbooks"));
  await v2.comment.deleteFooterComment({ commentId: Number(id) });
  await assert.rejects(v2.comment.getFooterCommentById({ commentId: Number(id) }), MISSING);
});

test("refuses a footer comment of no page", async (t) => {
  const { v2 } = await open(t);
  await assert.rejects(footer(v2, "999"), MISSING);
  await assert.rejects(v2.comment.getPageFooterComments({ id: 999 }), MISSING);
});

test("adds an inline comment to the words it is about", async (t) => {
  const { v2 } = await open(t);
  const pageId = await find(v2, "Engineering");
  const made = await inline(v2, pageId);
  assert.equal(made.resolutionStatus, "open");
  assert.equal(made.properties.inlineOriginalSelection, "runbooks");
  const page = await v2.page.getPageById({ id: pageId, bodyFormat: "storage" });
  const marked = /<ac:inline-comment-marker ac:ref="[^"]+">runbooks<\/ac:inline-comment-marker>/;
  assert.match(page.body.storage.value, marked);
});

test("lists inline comments and answers one", async (t) => {
  const { v2 } = await open(t);
  const id = await find(v2, "Engineering");
  const made = await inline(v2, id);
  const reply = await v2.comment.createInlineComment({ parentCommentId: made.id, body: storage("<p>All</p>") });
  const { results } = await v2.comment.getPageInlineComments({ id, bodyFormat: "storage" });
  assert.deepEqual(results.map((one) => one.body.storage.value), ["<p>Which?</p>"]);
  const replies = await v2.comment.getInlineCommentChildren({ id: Number(made.id) });
  assert.deepEqual(replies.results.map((one) => one.id), [reply.id]);
});

test("resolves an inline comment", async (t) => {
  const { v2 } = await open(t);
  const id = await find(v2, "Engineering");
  const commentId = Number((await inline(v2, id)).id);
  const sent = { commentId, version: { number: 2 }, body: storage("<p>Which?</p>"), resolved: true };
  assert.equal((await v2.comment.updateInlineComment(sent)).resolutionStatus, "resolved");
  const resolved = await v2.comment.getPageInlineComments({ id, resolutionStatus: ["resolved"] });
  assert.equal(resolved.results.length, 1);
  assert.equal((await v2.comment.getInlineCommentById({ commentId })).version.number, 2);
});

test("deletes an inline comment", async (t) => {
  const { v2 } = await open(t);
  const { id } = await inline(v2, await find(v2, "Engineering"));
  await v2.comment.deleteInlineComment({ commentId: Number(id) });
  await assert.rejects(v2.comment.getInlineCommentById({ commentId: Number(id) }), MISSING);
  assert.deepEqual((await v2.comment.getInlineComments()).results, []);
});

test("refuses an inline comment on words that are not there", async (t) => {
  const { v2 } = await open(t);
  const inlineCommentProperties = { textSelection: "unicorns", textSelectionMatchCount: 1, textSelectionMatchIndex: 0 };
  const pageId = await find(v2, "Engineering");
  const call = v2.comment.createInlineComment({ pageId, body: storage("<p>?</p>"), inlineCommentProperties });
  await assert.rejects(call, { name: "ApiError", status: 400 });
});
