import assert from "node:assert/strict";
import test from "node:test";

import { document, missing, NO_ISSUE, open, refused, textOf } from "../site.mjs";

const TASK = { project: { key: "WEB" }, issuetype: { name: "Task" } };

test("creates an issue and reads it back", async (t) => {
  const { host, jira } = await open(t);
  const fields = { ...TASK, summary: "Check the footer", description: document("All links."), labels: ["footer"] };
  const made = await jira.issues.createIssue({ fields });
  assert.equal(made.key, "WEB-5");
  assert.equal(made.self, `${host}/rest/api/3/issue/${made.id}`);
  const issue = await jira.issues.getIssue({ issueIdOrKey: made.key });
  assert.equal(issue.id, made.id);
  assert.equal(issue.fields.summary, "Check the footer");
  assert.equal(textOf(issue.fields.description), "All links.");
  assert.deepEqual(issue.fields.labels, ["footer"]);
  assert.equal(issue.fields.status.name, "To Do");
  assert.equal(issue.fields.creator.displayName, "Alex Admin");
});

test("creates an issue whose description is wiki markup", async (t) => {
  const { jira } = await open(t);
  const { key } = await jira.issues.createIssue({ fields: { ...TASK, summary: "Notes", description: "h2. Today" } });
  const { fields } = await jira.issues.getIssue({ issueIdOrKey: key, fields: ["description"] });
  assert.equal(fields.description.content[0].type, "heading");
  assert.equal(fields.description.content[0].attrs.level, 2);
});

test("creates a sub-task under its parent", async (t) => {
  const { jira } = await open(t);
  const fields = { ...TASK, issuetype: { name: "Sub-task" }, summary: "A part", parent: { key: "WEB-4" } };
  const { key } = await jira.issues.createIssue({ fields });
  const parent = await jira.issues.getIssue({ issueIdOrKey: "WEB-4", fields: ["subtasks"] });
  assert.deepEqual(parent.fields.subtasks.map((one) => one.key), [key]);
});

test("refuses an issue without a summary", async (t) => {
  const { jira } = await open(t);
  const call = jira.issues.createIssue({ fields: { ...TASK, description: document("x") } });
  await assert.rejects(call, refused([], { summary: "You must specify a summary of the issue." }));
});

test("refuses a field that no issue has", async (t) => {
  const { jira } = await open(t);
  const call = jira.issues.createIssue({ fields: { ...TASK, summary: "x", customfield_99999: 1 } });
  const text = "Field 'customfield_99999' cannot be set. It is not on the appropriate screen, or unknown.";
  await assert.rejects(call, refused([], { customfield_99999: text }));
});

test("creates several issues at once and tells which failed", async (t) => {
  const { jira } = await open(t);
  const issueUpdates = [{ fields: { ...TASK, summary: "One" } }, { fields: { ...TASK, summary: "" } }];
  const { issues, errors } = await jira.issues.createIssues({ issueUpdates });
  assert.deepEqual(issues.map((one) => one.key), ["WEB-5"]);
  assert.deepEqual(errors.map((one) => one.failedElementNumber), [1]);
  assert.equal(errors[0].elementErrors.errors.summary, "You must specify a summary of the issue.");
});

test("fetches several issues at once, without those that are not there", async (t) => {
  const { jira } = await open(t);
  const asked = { issueIdsOrKeys: ["WEB-1", "PLAT-2", "NO-1"], fields: ["summary"] };
  const { issues, issueErrors } = await jira.issues.bulkFetchIssues(asked);
  assert.deepEqual(issues.map((one) => one.key).sort(), ["PLAT-2", "WEB-1"]);
  assert.deepEqual(issueErrors, []);
});

test("reads only the fields that are asked for", async (t) => {
  const { jira } = await open(t);
  const { fields } = await jira.issues.getIssue({ issueIdOrKey: "WEB-2", fields: ["summary", "status"] });
  assert.deepEqual(Object.keys(fields).sort(), ["status", "summary"]);
});

test("expands names, schemas, transitions and the rendered fields", async (t) => {
  const { jira } = await open(t);
  const expand = ["names", "schema", "transitions", "renderedFields", "operations", "editmeta", "changelog"];
  const issue = await jira.issues.getIssue({ issueIdOrKey: "WEB-2", expand });
  assert.equal(issue.names.summary, "Summary");
  assert.equal(issue.schema.summary.type, "string");
  assert.ok(issue.transitions.length > 0);
  assert.match(issue.renderedFields.description, /<p>A returning customer/);
  assert.ok(issue.editmeta.fields.summary.operations.includes("set"));
  assert.equal(issue.changelog.total, 0);
});

test("edits an issue by fields and by update", async (t) => {
  const { jira } = await open(t);
  await jira.issues.editIssue({
    issueIdOrKey: "WEB-3",
    fields: { summary: "Voucher codes in lower case", priority: { name: "Low" } },
    update: { labels: [{ add: "voucher" }, { remove: "checkout" }] },
  });
  const { fields } = await jira.issues.getIssue({ issueIdOrKey: "WEB-3" });
  assert.equal(fields.summary, "Voucher codes in lower case");
  assert.equal(fields.priority.name, "Low");
  assert.deepEqual(fields.labels, ["voucher"]);
});

test("sets a custom field and a due date", async (t) => {
  const { jira } = await open(t);
  const { id } = (await jira.issueFields.getFields()).find((field) => field.name === "Story Points");
  await jira.issues.editIssue({ issueIdOrKey: "WEB-2", fields: { [id]: 13, duedate: "2026-04-01" } });
  const { fields } = await jira.issues.getIssue({ issueIdOrKey: "WEB-2", fields: [id, "duedate"] });
  assert.deepEqual(fields, { [id]: 13, duedate: "2026-04-01" });
});

test("refuses a description that is a string where a document is due", async (t) => {
  const { jira } = await open(t);
  const call = jira.issues.editIssue({ issueIdOrKey: "WEB-3", fields: { description: "plain" } });
  const text = "Operation value must be an Atlassian Document (see the Atlassian Document Format)";
  await assert.rejects(call, refused([], { description: text }));
});

test("answers the edited issue on request", async (t) => {
  const { jira } = await open(t);
  const edit = { issueIdOrKey: "WEB-3", fields: { summary: "Changed" }, returnIssue: true };
  const issue = await jira.issues.editIssue(edit);
  assert.equal(issue.fields.summary, "Changed");
});

test("assigns an issue and takes the assignee away", async (t) => {
  const { jira } = await open(t);
  const [bea] = await jira.userSearch.findUsers({ query: "bea" });
  const assignee = async () => (await jira.issues.getIssue({ issueIdOrKey: "WEB-1" })).fields.assignee;
  await jira.issues.assignIssue({ issueIdOrKey: "WEB-1", accountId: bea.accountId });
  assert.equal((await assignee()).displayName, "Bea Lindqvist");
  await jira.issues.assignIssue({ issueIdOrKey: "WEB-1", accountId: null });
  assert.equal(await assignee(), null);
});

test("refuses an assignee whom nobody knows", async (t) => {
  const { jira } = await open(t);
  const call = jira.issues.assignIssue({ issueIdOrKey: "WEB-1", accountId: "nobody" });
  await assert.rejects(call, { name: "ApiError", status: 400 });
});

test("deletes an issue", async (t) => {
  const { jira } = await open(t);
  await jira.issues.deleteIssue({ issueIdOrKey: "WEB-4" });
  await assert.rejects(jira.issues.getIssue({ issueIdOrKey: "WEB-4" }), NO_ISSUE);
});

test("keeps an issue that has sub-tasks until they may go too", async (t) => {
  const { jira } = await open(t);
  await assert.rejects(jira.issues.deleteIssue({ issueIdOrKey: "PLAT-2" }), { name: "ApiError", status: 400 });
  await jira.issues.deleteIssue({ issueIdOrKey: "PLAT-2", deleteSubtasks: true });
  await assert.rejects(jira.issues.getIssue({ issueIdOrKey: "PLAT-3" }), NO_ISSUE);
});

test("lists what has changed, page by page", async (t) => {
  const { jira } = await open(t);
  for (const summary of ["a", "b", "c"]) await jira.issues.editIssue({ issueIdOrKey: "WEB-1", fields: { summary } });
  const page = await jira.issues.getChangeLogs({ issueIdOrKey: "WEB-1", startAt: 1, maxResults: 1 });
  assert.equal(page.total, 3);
  assert.equal(page.isLast, false);
  assert.deepEqual(page.values[0].items.map((item) => [item.field, item.fromString, item.toString]), [
    ["summary", "a", "b"],
  ]);
});

test("lists changes by their ids and of several issues", async (t) => {
  const { jira } = await open(t);
  await jira.issues.editIssue({ issueIdOrKey: "WEB-1", fields: { summary: "a" } });
  await jira.issues.editIssue({ issueIdOrKey: "PLAT-1", fields: { summary: "b" } });
  const bulk = await jira.issues.getBulkChangelogs({ issueIdsOrKeys: ["WEB-1", "PLAT-1"] });
  assert.equal(bulk.issueChangeLogs.length, 2);
  const { values } = await jira.issues.getChangeLogs({ issueIdOrKey: "WEB-1" });
  const listed = await jira.issues.getChangeLogsByIds({ issueIdOrKey: "WEB-1", changelogIds: [Number(values[0].id)] });
  assert.equal(listed.histories[0].items[0].toString, "a");
});

test("tells what an issue needs to be created and what can be edited", async (t) => {
  const { jira } = await open(t);
  const { issueTypes } = await jira.issues.getCreateIssueMetaIssueTypes({ projectIdOrKey: "SUP" });
  assert.deepEqual(issueTypes.map((type) => type.name), ["Task", "Bug"]);
  const asked = { projectIdOrKey: "SUP", issueTypeId: issueTypes[1].id };
  const { fields } = await jira.issues.getCreateIssueMetaIssueTypeId(asked);
  assert.equal(fields.find((field) => field.fieldId === "priority").required, true);
  const meta = await jira.issues.getEditIssueMeta({ issueIdOrKey: "SUP-1" });
  assert.equal(meta.fields.summary.required, true);
});

test("tells that there is no such project to create in", async (t) => {
  const { jira } = await open(t);
  const call = jira.issues.getCreateIssueMetaIssueTypes({ projectIdOrKey: "NOPE" });
  await assert.rejects(call, missing("No project could be found with key 'NOPE'."));
});
