import assert from "node:assert/strict";
import test from "node:test";

import { open } from "../site.mjs";

const DATES = { startDate: "2026-03-09T09:00:00.000Z", endDate: "2026-03-20T17:00:00.000Z" };

async function board(agile) {
  const { values } = await agile.board.getAllBoards({ projectKeyOrId: "WEB" });
  return values[0].id;
}

test("lists sprints by their state", async (t) => {
  const { agile } = await open(t);
  const boardId = await board(agile);
  const { values } = await agile.board.getAllSprints({ boardId });
  assert.deepEqual(values.map((sprint) => sprint.state), ["closed", "active", "future"]);
  const active = await agile.board.getAllSprints({ boardId, state: "active" });
  assert.deepEqual(active.values.map((sprint) => sprint.name), ["WEB Sprint 2"]);
});

test("creates a sprint and reads it back", async (t) => {
  const { agile } = await open(t);
  const originBoardId = await board(agile);
  const sent = { name: "Sprint 4", originBoardId, goal: "Vouchers" };
  const made = await agile.sprint.createSprint({ ...sent, ...DATES });
  const read = await agile.sprint.getSprint({ sprintId: made.id });
  assert.deepEqual({ ...read, ...sent, state: "future" }, read);
});

test("starts and closes a sprint", async (t) => {
  const { agile } = await open(t);
  const boardId = await board(agile);
  const [running, next] = (await agile.board.getAllSprints({ boardId, state: "active,future" })).values;
  const closed = await agile.sprint.partiallyUpdateSprint({ sprintId: running.id, state: "closed" });
  assert.equal(closed.state, "closed");
  assert.ok(closed.completeDate);
  const started = await agile.sprint.partiallyUpdateSprint({ sprintId: next.id, state: "active", ...DATES });
  assert.equal(started.state, "active");
});

test("replaces a sprint", async (t) => {
  const { agile } = await open(t);
  const { values } = await agile.board.getAllSprints({ boardId: await board(agile), state: "future" });
  const sent = { sprintId: values[0].id, name: "Renamed", state: "future", goal: "Speed" };
  await agile.sprint.updateSprint(sent);
  const read = await agile.sprint.getSprint({ sprintId: values[0].id });
  assert.deepEqual([read.name, read.goal], ["Renamed", "Speed"]);
});

test("refuses to close a sprint that never started", async (t) => {
  const { agile } = await open(t);
  const { values } = await agile.board.getAllSprints({ boardId: await board(agile), state: "future" });
  const call = agile.sprint.partiallyUpdateSprint({ sprintId: values[0].id, state: "closed" });
  await assert.rejects(call, { name: "ApiError", status: 400 });
});

test("puts issues into a sprint and lists them", async (t) => {
  const { agile } = await open(t);
  const boardId = await board(agile);
  const { values } = await agile.board.getAllSprints({ boardId, state: "future" });
  const sprintId = values[0].id;
  await agile.sprint.moveIssuesToSprintAndRank({ sprintId, issues: ["WEB-3", "WEB-2"] });
  const inSprint = await agile.sprint.getIssuesForSprint({ sprintId });
  assert.deepEqual(inSprint.issues.map((issue) => issue.key).sort(), ["WEB-2", "WEB-3"]);
  const onBoard = await agile.board.getBoardIssuesForSprint({ boardId, sprintId, jql: "issuetype = Bug" });
  assert.deepEqual(onBoard.issues.map((issue) => issue.key), ["WEB-3"]);
});

test("swaps a sprint with another", async (t) => {
  const { agile } = await open(t);
  const boardId = await board(agile);
  const { id: future } = (await agile.board.getAllSprints({ boardId, state: "future" })).values[0];
  const { id: another } = await agile.sprint.createSprint({ name: "Sprint 4", originBoardId: boardId });
  await agile.sprint.swapSprint({ sprintId: future, sprintToSwapWith: another });
  const { values } = await agile.board.getAllSprints({ boardId, state: "future" });
  assert.deepEqual(values.map((sprint) => sprint.id), [another, future]);
});

test("deletes a sprint", async (t) => {
  const { agile } = await open(t);
  const { values } = await agile.board.getAllSprints({ boardId: await board(agile), state: "future" });
  await agile.sprint.deleteSprint({ sprintId: values[0].id });
  await assert.rejects(agile.sprint.getSprint({ sprintId: values[0].id }), { name: "NotFoundError", status: 404 });
});

test("refuses a sprint on a board that is not there", async (t) => {
  const { agile } = await open(t);
  const call = agile.sprint.createSprint({ name: "Lost", originBoardId: 999 });
  await assert.rejects(call, { name: "NotFoundError", status: 404 });
});
