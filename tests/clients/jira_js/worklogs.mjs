import assert from "node:assert/strict";
import test from "node:test";

import { document, NO_ISSUE, open, textOf } from "../site.mjs";

const ISSUE = { issueIdOrKey: "WEB-4" };
const STARTED = "2026-03-01T08:00:00.000+0000";

test("logs work and reads it back", async (t) => {
  const { jira } = await open(t);
  const sent = { ...ISSUE, timeSpentSeconds: 5400, started: STARTED, comment: document("Measured") };
  const made = await jira.issueWorklogs.addWorklog(sent);
  const read = await jira.issueWorklogs.getWorklog({ ...ISSUE, id: made.id });
  assert.equal(read.timeSpent, "1h 30m");
  assert.equal(textOf(read.comment), "Measured");
  assert.equal(read.author.displayName, "Alex Admin");
});

test("logs work with a comment in wiki markup", async (t) => {
  const { jira } = await open(t);
  const made = await jira.issueWorklogs.addWorklog({ ...ISSUE, timeSpent: "1h", comment: "_slowly_" });
  assert.equal(made.comment.content[0].content[0].marks[0].type, "em");
});

test("reduces the estimate that is left", async (t) => {
  const { jira } = await open(t);
  await jira.issues.editIssue({ ...ISSUE, fields: { timetracking: { originalEstimate: "1d" } } });
  await jira.issueWorklogs.addWorklog({ ...ISSUE, timeSpent: "3h" });
  const { fields } = await jira.issues.getIssue({ ...ISSUE, fields: ["timetracking"] });
  assert.deepEqual(
    [fields.timetracking.originalEstimate, fields.timetracking.remainingEstimate, fields.timetracking.timeSpent],
    ["1d", "5h", "3h"],
  );
});

test("changes a worklog", async (t) => {
  const { jira } = await open(t);
  const { id } = await jira.issueWorklogs.addWorklog({ ...ISSUE, timeSpent: "1h" });
  const changed = await jira.issueWorklogs.updateWorklog({ ...ISSUE, id, body: { timeSpent: "2h" } });
  assert.equal(changed.timeSpentSeconds, 7200);
});

test("lists the worklogs of an issue", async (t) => {
  const { jira } = await open(t);
  for (const timeSpent of ["1h", "2h"]) await jira.issueWorklogs.addWorklog({ ...ISSUE, timeSpent });
  const page = await jira.issueWorklogs.getIssueWorklog(ISSUE);
  assert.equal(page.total, 2);
  assert.deepEqual(page.worklogs.map((one) => one.timeSpent), ["1h", "2h"]);
});

test("deletes a worklog", async (t) => {
  const { jira } = await open(t);
  const { id } = await jira.issueWorklogs.addWorklog({ ...ISSUE, timeSpent: "1h" });
  await jira.issueWorklogs.deleteWorklog({ ...ISSUE, id });
  assert.equal((await jira.issueWorklogs.getIssueWorklog(ISSUE)).total, 0);
  await assert.rejects(jira.issueWorklogs.getWorklog({ ...ISSUE, id }), { name: "NotFoundError", status: 404 });
});

test("refuses a duration that is none", async (t) => {
  const { jira } = await open(t);
  const call = jira.issueWorklogs.addWorklog({ ...ISSUE, timeSpent: "a while" });
  await assert.rejects(call, { name: "ApiError", status: 400 });
});

test("refuses work on no issue", async (t) => {
  const { jira } = await open(t);
  await assert.rejects(jira.issueWorklogs.addWorklog({ issueIdOrKey: "WEB-99", timeSpent: "1h" }), NO_ISSUE);
});
