import assert from "node:assert/strict";
import test from "node:test";

import { document, NO_ISSUE, open, refused, textOf } from "../site.mjs";

test("lists the transitions of an issue", async (t) => {
  const { jira } = await open(t);
  const { transitions } = await jira.issues.getTransitions({ issueIdOrKey: "SUP-1" });
  assert.deepEqual(transitions.map((one) => [one.name, one.to.name]), [["Start review", "In Review"]]);
});

test("lists what a transition asks for", async (t) => {
  const { jira } = await open(t);
  const asked = { issueIdOrKey: "SUP-2", expand: "transitions.fields" };
  const { transitions } = await jira.issues.getTransitions(asked);
  const { fields } = transitions.find((one) => one.name === "Resolve");
  assert.equal(fields.resolution.required, true);
});

test("moves an issue through its workflow", async (t) => {
  const { jira } = await open(t);
  const [{ id }] = (await jira.issues.getTransitions({ issueIdOrKey: "SUP-1" })).transitions;
  await jira.issues.doTransition({ issueIdOrKey: "SUP-1", transition: { id } });
  const { fields } = await jira.issues.getIssue({ issueIdOrKey: "SUP-1" });
  assert.equal(fields.status.name, "In Review");
  assert.equal(fields.status.statusCategory.key, "indeterminate");
});

test("sets a field and adds a comment on the way", async (t) => {
  const { jira } = await open(t);
  const { transitions } = await jira.issues.getTransitions({ issueIdOrKey: "SUP-2" });
  const { id } = transitions.find((one) => one.name === "Resolve");
  await jira.issues.doTransition({
    issueIdOrKey: "SUP-2",
    transition: { id },
    fields: { resolution: { name: "Duplicate" } },
    update: { comment: [{ add: { body: document("Paid back.") } }] },
  });
  const { fields } = await jira.issues.getIssue({ issueIdOrKey: "SUP-2" });
  assert.equal(fields.resolution.name, "Duplicate");
  assert.ok(fields.resolutiondate);
  assert.equal(textOf(fields.comment.comments.at(-1).body), "Paid back.");
});

test("refuses a transition that is not open to the issue", async (t) => {
  const { jira } = await open(t);
  const call = jira.issues.doTransition({ issueIdOrKey: "SUP-1", transition: { id: "999" } });
  await assert.rejects(call, refused(["Transition id '999' is not valid for this issue."]));
});

test("refuses a transition of no issue", async (t) => {
  const { jira } = await open(t);
  await assert.rejects(jira.issues.doTransition({ issueIdOrKey: "SUP-99", transition: { id: "1" } }), NO_ISSUE);
});
