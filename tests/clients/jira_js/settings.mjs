import assert from "node:assert/strict";
import test from "node:test";

import { open } from "../site.mjs";

const MISSING = { name: "NotFoundError", status: 404 };

test("takes the server for Jira Cloud", async (t) => {
  const { host, jira } = await open(t);
  const info = await jira.serverInfo.getServerInfo();
  assert.deepEqual([info.deploymentType, info.baseUrl], ["Cloud", host]);
});

test("lists fields and finds them page by page", async (t) => {
  const { jira } = await open(t);
  const fields = await jira.issueFields.getFields();
  assert.equal(fields.find((field) => field.id === "summary").name, "Summary");
  const page = await jira.issueFields.getFieldsPaginated({ query: "sever" });
  assert.deepEqual(page.values.map((field) => field.name), ["Severity"]);
});

test("creates a custom field", async (t) => {
  const { jira } = await open(t);
  const made = await jira.issueFields.createCustomField({
    name: "Mood",
    type: "com.atlassian.jira.plugin.system.customfieldtypes:textfield",
    searcherKey: "com.atlassian.jira.plugin.system.customfieldtypes:textsearcher",
  });
  assert.equal(made.name, "Mood");
  assert.match(made.id, /^customfield_\d+$/);
});

test("lists the contexts and the options of a field", async (t) => {
  const { jira } = await open(t);
  const { id: fieldId } = (await jira.issueFields.getFields()).find((field) => field.name === "Severity");
  const { values: contexts } = await jira.issueCustomFieldContexts.getContextsForField({ fieldId });
  const asked = { fieldId, contextId: Number(contexts[0].id) };
  const { values } = await jira.issueCustomFieldOptions.getOptionsForContext(asked);
  assert.deepEqual(values.map((option) => option.value), ["Critical", "Major", "Minor"]);
});

test("keeps issue types", async (t) => {
  const { jira } = await open(t);
  const types = await jira.issueTypes.getIssueAllTypes();
  assert.deepEqual(types.map((type) => type.name).sort(), ["Bug", "Epic", "Story", "Sub-task", "Task"]);
  const made = await jira.issueTypes.createIssueType({ name: "Risk", description: "What may go wrong" });
  await jira.issueTypes.updateIssueType({ id: made.id, name: "Threat" });
  assert.equal((await jira.issueTypes.getIssueType({ id: made.id })).name, "Threat");
  await jira.issueTypes.deleteIssueType({ id: made.id });
  await assert.rejects(jira.issueTypes.getIssueType({ id: made.id }), MISSING);
});

test("keeps priorities", async (t) => {
  const { jira } = await open(t);
  const { values } = await jira.issuePriorities.searchPriorities();
  assert.deepEqual(values.map((one) => one.name), ["Highest", "High", "Medium", "Low", "Lowest"]);
  const sent = { name: "Urgent", statusColor: "#ff0000", description: "Now" };
  const { id } = await jira.issuePriorities.createPriority(sent);
  assert.equal((await jira.issuePriorities.getPriority({ id })).name, "Urgent");
});

test("lists statuses and their categories", async (t) => {
  const { jira } = await open(t);
  const statuses = await jira.workflowStatuses.getStatuses();
  assert.ok(statuses.some((status) => status.name === "Waiting for Customer"));
  assert.equal((await jira.workflowStatuses.getStatus({ idOrName: "Done" })).statusCategory.key, "done");
  const categories = await jira.workflowStatusCategories.getStatusCategories();
  assert.deepEqual(categories.map((one) => one.key), ["undefined", "new", "indeterminate", "done"]);
});

test("reads a resolution", async (t) => {
  const { jira } = await open(t);
  const issue = await jira.issues.getIssue({ issueIdOrKey: "WEB-4", fields: ["resolution"] });
  const { id } = issue.fields.resolution;
  assert.equal((await jira.issueResolutions.getResolution({ id })).name, "Done");
  await assert.rejects(jira.issueResolutions.getResolution({ id: "1" }), MISSING);
});

test("lists labels", async (t) => {
  const { jira } = await open(t);
  const { values } = await jira.labels.getAllLabels({ maxResults: 2 });
  assert.deepEqual(values, ["checkout", "observability"]);
});

test("refuses what the site does not have", async (t) => {
  const { jira } = await open(t);
  await assert.rejects(jira.issuePriorities.getPriority({ id: "1234567" }), MISSING);
  await assert.rejects(jira.workflowStatuses.getStatus({ idOrName: "Never" }), MISSING);
});

test("tells of an operation that is not served", async (t) => {
  const { jira } = await open(t);
  await assert.rejects(jira.webhooks.getDynamicWebhooksForApp(), { name: "ServerError", status: 501 });
});
