import assert from "node:assert/strict";
import test from "node:test";

import { document, NO_ISSUE, open, refused, textOf } from "../site.mjs";

const ISSUE = { issueIdOrKey: "WEB-1" };

test("adds a comment and reads it back", async (t) => {
  const { jira } = await open(t);
  const made = await jira.issueComments.addComment({ ...ISSUE, body: document("First") });
  assert.equal(made.author.displayName, "Alex Admin");
  const read = await jira.issueComments.getComment({ ...ISSUE, id: made.id });
  assert.equal(textOf(read.body), "First");
  assert.deepEqual(read.created, made.created);
});

test("adds a comment in wiki markup", async (t) => {
  const { jira } = await open(t);
  const made = await jira.issueComments.addComment({ ...ISSUE, body: "some *bold* words" });
  const [, bold] = made.body.content[0].content;
  assert.deepEqual([bold.text, bold.marks[0].type], ["bold", "strong"]);
});

test("refuses an empty comment", async (t) => {
  const { jira } = await open(t);
  const call = jira.issueComments.addComment({ ...ISSUE, body: { type: "doc", version: 1, content: [] } });
  await assert.rejects(call, refused([], { comment: "Comment body can not be empty!" }));
});

test("changes a comment", async (t) => {
  const { jira } = await open(t);
  const { id } = await jira.issueComments.addComment({ ...ISSUE, body: document("First") });
  const changed = await jira.issueComments.updateComment({ ...ISSUE, id, body: { body: document("Second") } });
  assert.equal(textOf(changed.body), "Second");
  const markup = await jira.issueComments.updateComment({ ...ISSUE, id, body: { body: "# third" } });
  assert.equal(markup.body.content[0].type, "orderedList");
});

test("lists comments page by page, the newest first", async (t) => {
  const { jira } = await open(t);
  for (const word of ["one", "two", "three"]) await jira.issueComments.addComment({ ...ISSUE, body: document(word) });
  const page = await jira.issueComments.getComments({ ...ISSUE, orderBy: "-created", maxResults: 2 });
  assert.equal(page.total, 3);
  assert.deepEqual(page.comments.map((one) => textOf(one.body)), ["three", "two"]);
});

test("fetches comments by their ids", async (t) => {
  const { jira } = await open(t);
  const { id } = await jira.issueComments.addComment({ ...ISSUE, body: document("One") });
  const { values } = await jira.issueComments.getCommentsByIds({ ids: [Number(id)] });
  assert.deepEqual(values.map((one) => textOf(one.body)), ["One"]);
});

test("renders a comment on request", async (t) => {
  const { jira } = await open(t);
  const { id } = await jira.issueComments.addComment({ ...ISSUE, body: document("Shown") });
  const read = await jira.issueComments.getComment({ ...ISSUE, id, expand: "renderedBody" });
  assert.match(read.renderedBody, /<p>Shown<\/p>/);
});

test("deletes a comment", async (t) => {
  const { jira } = await open(t);
  const { id } = await jira.issueComments.addComment({ ...ISSUE, body: document("First") });
  await jira.issueComments.deleteComment({ ...ISSUE, id });
  assert.equal((await jira.issueComments.getComments(ISSUE)).total, 0);
  await assert.rejects(jira.issueComments.getComment({ ...ISSUE, id }), { name: "NotFoundError", status: 404 });
});

test("refuses comments of no issue", async (t) => {
  const { jira } = await open(t);
  await assert.rejects(jira.issueComments.getComments({ issueIdOrKey: "WEB-99" }), NO_ISSUE);
  const call = jira.issueComments.addComment({ issueIdOrKey: "WEB-99", body: document("x") });
  await assert.rejects(call, NO_ISSUE);
});
