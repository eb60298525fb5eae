import assert from "node:assert/strict";
import test from "node:test";

import { open } from "../site.mjs";

async function board(agile, projectKeyOrId = "WEB") {
  const { values } = await agile.board.getAllBoards({ projectKeyOrId });
  return values[0].id;
}

function keys({ issues }) {
  return issues.map((issue) => issue.key);
}

test("lists boards and reads one", async (t) => {
  const { agile } = await open(t);
  const { values, total } = await agile.board.getAllBoards();
  assert.deepEqual([values.map((one) => one.name), total], [["PLAT board", "WEB board"], 2]);
  const one = await agile.board.getBoard({ boardId: values[1].id });
  assert.deepEqual([one.type, one.location.projectKey], ["scrum", "WEB"]);
});

test("reads how a board is set up", async (t) => {
  const { agile } = await open(t);
  const { columnConfig, type } = await agile.board.getConfiguration({ boardId: await board(agile) });
  assert.equal(type, "scrum");
  assert.deepEqual(columnConfig.columns.map((column) => column.name), ["To Do", "In Progress", "Done"]);
});

test("creates and deletes a board", async (t) => {
  const { agile } = await open(t);
  const { filter } = await agile.board.getConfiguration({ boardId: await board(agile) });
  const location = { type: "project", projectKeyOrId: "WEB" };
  const made = await agile.board.createBoard({ name: "Second", type: "kanban", filterId: Number(filter.id), location });
  assert.equal((await agile.board.getBoardByFilterId({ filterId: Number(filter.id) })).total, 2);
  await agile.board.deleteBoard({ boardId: made.id });
  await assert.rejects(agile.board.getBoard({ boardId: made.id }), { name: "NotFoundError", status: 404 });
});

test("lists the issues of a board, page by page", async (t) => {
  const { agile } = await open(t);
  const boardId = await board(agile);
  const first = await agile.board.getIssuesForBoard({ boardId, maxResults: 2 });
  assert.deepEqual([keys(first), first.isLast], [["WEB-1", "WEB-2"], false]);
  const rest = await agile.board.getIssuesForBoard({ boardId, nextPageToken: first.nextPageToken });
  assert.deepEqual([keys(rest), rest.isLast], [["WEB-3", "WEB-4"], true]);
});

test("finds issues on a board with a query", async (t) => {
  const { agile } = await open(t);
  const found = await agile.board.getIssuesForBoard({ boardId: await board(agile), jql: "issuetype = Bug" });
  assert.deepEqual(keys(found), ["WEB-3"]);
  assert.equal(found.issues[0].fields.summary, "Voucher field rejects lower-case codes");
});

test("refuses a query that is wrong, and a board that is not there", async (t) => {
  const { agile } = await open(t);
  const boardId = await board(agile);
  await assert.rejects(agile.board.getIssuesForBoard({ boardId, jql: "mood =" }), { name: "ApiError", status: 400 });
  await assert.rejects(agile.board.getIssuesForBoard({ boardId: 999 }), { name: "NotFoundError", status: 404 });
});

test("lists the backlog and moves an issue there", async (t) => {
  const { agile } = await open(t);
  const boardId = await board(agile);
  assert.deepEqual(keys(await agile.board.getIssuesForBacklog({ boardId })), ["WEB-3"]);
  await agile.backlog.moveIssuesToBacklog({ issues: ["WEB-2"] });
  assert.deepEqual(keys(await agile.board.getIssuesForBacklog({ boardId })), ["WEB-2", "WEB-3"]);
});

test("moves issues of a kanban board between its backlog and its columns", async (t) => {
  const { agile, jira } = await open(t);
  const boardId = await board(agile, "PLAT");
  await agile.board.moveIssuesToBoard({ boardId, issues: ["PLAT-4"] });
  const issue = await jira.issues.getIssue({ issueIdOrKey: "PLAT-4", fields: ["status"] });
  assert.notEqual(issue.fields.status.name, "To Do");
  await agile.backlog.moveIssuesToBacklogForBoard({ boardId, issues: ["PLAT-4"] });
  const back = await jira.issues.getIssue({ issueIdOrKey: "PLAT-4", fields: ["status"] });
  assert.equal(back.fields.status.name, "To Do");
});

test("lists the projects and the versions of a board", async (t) => {
  const { agile } = await open(t);
  const boardId = await board(agile);
  assert.deepEqual((await agile.board.getProjects({ boardId })).values.map((one) => one.key), ["WEB"]);
  const { values } = await agile.board.getAllVersions({ boardId, released: "true" });
  assert.deepEqual(values.map((one) => one.name), ["2026.1"]);
});

test("lists epics, their issues, and those without", async (t) => {
  const { agile, jira } = await open(t);
  const boardId = await board(agile);
  const { values } = await agile.board.getEpics({ boardId });
  assert.deepEqual(values.map((epic) => epic.key), ["WEB-1"]);
  const epicId = values[0].id;
  assert.deepEqual(keys(await agile.board.getBoardIssuesForEpic({ boardId, epicId })), ["WEB-2"]);
  assert.deepEqual(keys(await agile.board.getIssuesWithoutEpicForBoard({ boardId })), ["WEB-3", "WEB-4"]);
  assert.deepEqual(keys(await agile.epic.getIssuesForEpic({ epicIdOrKey: "WEB-1" })), ["WEB-2"]);
  const none = await agile.epic.getIssuesWithoutEpic({ jql: "project = WEB" });
  assert.deepEqual(keys(none), ["WEB-3", "WEB-4"]);
  assert.ok(await jira.issues.getIssue({ issueIdOrKey: String(epicId) }));
});

test("changes an epic", async (t) => {
  const { agile } = await open(t);
  const sent = { epicIdOrKey: "WEB-1", name: "Checkout", color: { key: "color_3" }, done: true };
  await agile.epic.partiallyUpdateEpic(sent);
  const epic = await agile.epic.getEpic({ epicIdOrKey: "WEB-1" });
  assert.deepEqual([epic.name, epic.color.key, epic.done], ["Checkout", "color_3", true]);
});

test("puts issues into an epic and takes them out", async (t) => {
  const { agile } = await open(t);
  await agile.epic.moveIssuesToEpic({ epicIdOrKey: "WEB-1", issues: ["WEB-3"] });
  assert.deepEqual(keys(await agile.epic.getIssuesForEpic({ epicIdOrKey: "WEB-1" })), ["WEB-2", "WEB-3"]);
  await agile.epic.removeIssuesFromEpic({ issues: ["WEB-2", "WEB-3"] });
  assert.deepEqual(keys(await agile.epic.getIssuesForEpic({ epicIdOrKey: "WEB-1" })), []);
});

test("ranks issues", async (t) => {
  const { agile } = await open(t);
  await agile.issue.rankIssues({ issues: ["WEB-4"], rankBeforeIssue: "WEB-2" });
  const boardId = await board(agile);
  assert.deepEqual(keys(await agile.board.getIssuesForBoard({ boardId })), ["WEB-1", "WEB-4", "WEB-2", "WEB-3"]);
});

test("estimates an issue", async (t) => {
  const { agile } = await open(t);
  const asked = { issueIdOrKey: "WEB-3", boardId: await board(agile) };
  await agile.issue.estimateIssueForBoard({ ...asked, value: "8" });
  assert.equal((await agile.issue.getIssueEstimationForBoard(asked)).value, 8);
});

test("reads an issue with what boards know of it", async (t) => {
  const { agile } = await open(t);
  const { fields } = await agile.issue.getIssue({ issueIdOrKey: "WEB-2" });
  assert.deepEqual([fields.sprint.name, fields.epic.key], ["WEB Sprint 2", "WEB-1"]);
});
