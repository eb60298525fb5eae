import assert from "node:assert/strict";
import test from "node:test";

import { clients, NO_ISSUE, open } from "../site.mjs";

const ISSUE = { issueIdOrKey: "WEB-3" };

async function accountId(jira, query) {
  const [user] = await jira.userSearch.findUsers({ query });
  return user.accountId;
}

test("knows who calls", async (t) => {
  const { jira } = await open(t);
  const me = await jira.myself.getCurrentUser();
  assert.deepEqual([me.displayName, me.emailAddress], ["Alex Admin", "admin@example.com"]);
});

test("refuses a caller with a wrong token", async (t) => {
  const { host } = await open(t);
  const { jira } = clients(host, "admin@example.com", "wrong");
  const text = "Client must be authenticated to access this resource.";
  await assert.rejects(jira.myself.getCurrentUser(), { name: "AuthError", status: 401, body: text });
});

test("finds users by name and by address", async (t) => {
  const { jira } = await open(t);
  const [chidi] = await jira.userSearch.findUsers({ query: "chidi@example.com" });
  assert.equal(chidi.displayName, "Chidi Okafor");
  assert.equal((await jira.users.getUser({ accountId: chidi.accountId })).emailAddress, "chidi@example.com");
  assert.deepEqual(await jira.userSearch.findUsers({ query: "nobody" }), []);
});

test("finds who may be given an issue", async (t) => {
  const { jira } = await open(t);
  const found = await jira.userSearch.findAssignableUsers({ project: "WEB", query: "be" });
  assert.deepEqual(found.map((user) => user.displayName), ["Bea Lindqvist"]);
});

test("lists all users", async (t) => {
  const { jira } = await open(t);
  assert.equal((await jira.users.getAllUsers()).length, 5);
});

test("refuses a user who is not there", async (t) => {
  const { jira } = await open(t);
  await assert.rejects(jira.users.getUser({ accountId: "nobody" }), { name: "NotFoundError", status: 404 });
});

test("creates a user and lets one go", async (t) => {
  const { jira } = await open(t);
  const sent = { emailAddress: "finn@example.com", products: ["jira-software"] };
  const made = await jira.users.createUser(sent);
  assert.equal((await jira.users.getUser({ accountId: made.accountId })).displayName, "finn");
  await jira.users.removeUser({ accountId: made.accountId });
  assert.equal((await jira.users.getUser({ accountId: made.accountId })).active, false);
});

test("adds and removes watchers", async (t) => {
  const { jira } = await open(t);
  const bea = await accountId(jira, "bea");
  await jira.issueWatchers.addWatcher({ ...ISSUE, body: bea });
  const { watchers } = await jira.issueWatchers.getIssueWatchers(ISSUE);
  assert.ok(watchers.some((user) => user.accountId === bea));
  await jira.issueWatchers.removeWatcher({ ...ISSUE, accountId: bea });
  const rest = await jira.issueWatchers.getIssueWatchers(ISSUE);
  assert.ok(!rest.watchers.some((user) => user.accountId === bea));
});

test("refuses watchers of no issue", async (t) => {
  const { jira } = await open(t);
  await assert.rejects(jira.issueWatchers.getIssueWatchers({ issueIdOrKey: "WEB-99" }), NO_ISSUE);
});

test("adds and removes a vote", async (t) => {
  const { jira } = await open(t);
  await jira.issueVotes.addVote(ISSUE);
  const votes = await jira.issueVotes.getVotes(ISSUE);
  assert.deepEqual([votes.votes, votes.hasVoted], [1, true]);
  await jira.issueVotes.removeVote(ISSUE);
  assert.equal((await jira.issueVotes.getVotes(ISSUE)).votes, 0);
});

test("refuses a vote for no issue", async (t) => {
  const { jira } = await open(t);
  await assert.rejects(jira.issueVotes.addVote({ issueIdOrKey: "WEB-99" }), NO_ISSUE);
});

test("tells what the caller may do", async (t) => {
  const { jira } = await open(t);
  const { permissions } = await jira.permissions.getMyPermissions({ permissions: "BROWSE_PROJECTS,EDIT_ISSUES" });
  assert.deepEqual([permissions.BROWSE_PROJECTS.havePermission, permissions.EDIT_ISSUES.havePermission], [true, true]);
});
