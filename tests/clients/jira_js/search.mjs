import assert from "node:assert/strict";
import test from "node:test";

import { open, refused } from "../site.mjs";

const BY_KEY = "project = WEB ORDER BY key ASC";

test("finds issues, the ids alone by default", async (t) => {
  const { jira } = await open(t);
  const found = await jira.issueSearch.searchAndReconsileIssuesUsingJql({ jql: BY_KEY });
  assert.equal(found.issues.length, 4);
  assert.deepEqual(Object.keys(found.issues[0]), ["id"]);
  assert.equal(found.isLast, true);
});

test("follows the tokens from page to page", async (t) => {
  const { jira } = await open(t);
  const keys = [];
  let nextPageToken;
  do {
    const asked = { jql: BY_KEY, maxResults: 3, fields: ["summary"], nextPageToken };
    const page = await jira.issueSearch.searchAndReconsileIssuesUsingJql(asked);
    keys.push(...page.issues.map((issue) => issue.key));
    nextPageToken = page.nextPageToken;
  } while (nextPageToken);
  assert.deepEqual(keys, ["WEB-1", "WEB-2", "WEB-3", "WEB-4"]);
});

test("searches by a body", async (t) => {
  const { jira } = await open(t);
  const asked = { jql: 'labels = "checkout" AND statusCategory != Done ORDER BY key', fields: ["status", "labels"] };
  const { issues } = await jira.issueSearch.searchAndReconsileIssuesUsingJqlPost(asked);
  assert.deepEqual(issues.map((issue) => issue.key), ["WEB-1", "WEB-2", "WEB-3"]);
  assert.equal(issues[1].fields.status.name, "In Progress");
});

test("describes the fields of what it found", async (t) => {
  const { jira } = await open(t);
  const asked = { jql: BY_KEY, fields: ["summary"], expand: "names,schema" };
  const found = await jira.issueSearch.searchAndReconsileIssuesUsingJqlPost(asked);
  assert.deepEqual(found.names, { summary: "Summary" });
  assert.equal(found.schema.summary.system, "summary");
});

test("counts issues", async (t) => {
  const { jira } = await open(t);
  assert.deepEqual(await jira.issueSearch.countIssues({ jql: "project = PLAT" }), { count: 4 });
});

test("tells which issues a query matches", async (t) => {
  const { jira } = await open(t);
  const ids = [];
  for (const issueIdOrKey of ["WEB-1", "PLAT-1"]) {
    ids.push(Number((await jira.issues.getIssue({ issueIdOrKey, fields: ["id"] })).id));
  }
  const { matches } = await jira.issueSearch.matchIssues({ issueIds: ids, jqls: ["project = PLAT", "nonsense ="] });
  assert.deepEqual(matches[0].matchedIssues, [ids[1]]);
  assert.ok(matches[1].errors.length > 0);
});

test("suggests issues by a word", async (t) => {
  const { jira } = await open(t);
  const { sections } = await jira.issueSearch.getIssuePickerResource({ query: "voucher", currentJQL: "project = WEB" });
  const found = sections.find((section) => section.id === "cs");
  assert.deepEqual(found.issues.map((issue) => issue.key), ["WEB-3"]);
});

test("parses queries and tells what is wrong with them", async (t) => {
  const { jira } = await open(t);
  const { queries } = await jira.jql.parseJqlQueries({ queries: ["project = WEB", "project ="], validation: "strict" });
  assert.equal(queries[0].structure.where.operator, "=");
  assert.ok(queries[1].errors[0].startsWith("Error in the JQL Query"));
});

test("refuses a field that is not there", async (t) => {
  const { jira } = await open(t);
  const call = jira.issueSearch.searchAndReconsileIssuesUsingJql({ jql: "mood = good" });
  await assert.rejects(call, refused(["Field 'mood' does not exist or you do not have permission to view it."]));
});

test("refuses a query without a restriction", async (t) => {
  const { jira } = await open(t);
  const text = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.";
  const call = jira.issueSearch.searchAndReconsileIssuesUsingJqlPost({ jql: "ORDER BY key" });
  await assert.rejects(call, refused([text]));
});
