import assert from "node:assert/strict";
import test from "node:test";

import { NO_ISSUE, open } from "../site.mjs";

const RISK = { issueIdOrKey: "WEB-1", propertyKey: "risk" };

test("keeps a property of an issue", async (t) => {
  const { jira } = await open(t);
  await jira.issueProperties.setIssueProperty({ ...RISK, body: { level: 3, notes: ["a", null] } });
  const { key, value } = await jira.issueProperties.getIssueProperty(RISK);
  assert.deepEqual([key, value], ["risk", { level: 3, notes: ["a", null] }]);
});

test("replaces a property", async (t) => {
  const { jira } = await open(t);
  await jira.issueProperties.setIssueProperty({ ...RISK, body: { level: 3 } });
  await jira.issueProperties.setIssueProperty({ ...RISK, body: { seen: true } });
  assert.deepEqual((await jira.issueProperties.getIssueProperty(RISK)).value, { seen: true });
});

test("lists the keys of properties", async (t) => {
  const { jira } = await open(t);
  await jira.issueProperties.setIssueProperty({ ...RISK, body: { level: 3 } });
  const { keys } = await jira.issueProperties.getIssuePropertyKeys({ issueIdOrKey: "WEB-1" });
  assert.deepEqual(keys.map((one) => one.key), ["risk"]);
});

test("deletes a property", async (t) => {
  const { jira } = await open(t);
  await jira.issueProperties.setIssueProperty({ ...RISK, body: { level: 3 } });
  await jira.issueProperties.deleteIssueProperty(RISK);
  await assert.rejects(jira.issueProperties.getIssueProperty(RISK), { name: "NotFoundError", status: 404 });
});

test("gives the properties of an issue on request", async (t) => {
  const { jira } = await open(t);
  await jira.issueProperties.setIssueProperty({ ...RISK, body: { level: 3 } });
  const issue = await jira.issues.getIssue({ issueIdOrKey: "WEB-1", fields: ["summary"], properties: ["risk"] });
  assert.deepEqual(issue.properties, { risk: { level: 3 } });
});

test("refuses a property of no issue", async (t) => {
  const { jira } = await open(t);
  await assert.rejects(jira.issueProperties.setIssueProperty({ ...RISK, issueIdOrKey: "WEB-99", body: {} }), NO_ISSUE);
});
