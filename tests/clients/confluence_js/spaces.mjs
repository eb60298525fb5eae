import assert from "node:assert/strict";
import test from "node:test";

import { open } from "../site.mjs";

const MISSING = { name: "NotFoundError", status: 404 };

test("lists spaces", async (t) => {
  const { v2 } = await open(t);
  const { results } = await v2.space.getSpaces({ sort: "key" });
  assert.deepEqual(results.map((one) => [one.key, one.type]), [["ENG", "global"], ["HELP", "knowledge_base"]]);
});

test("finds a space by its key", async (t) => {
  const { v2 } = await open(t);
  const { results } = await v2.space.getSpaces({ keys: ["HELP"], descriptionFormat: "plain" });
  assert.deepEqual(results.map((one) => one.description.plain.value), ["Answers for customers."]);
});

test("reads a space", async (t) => {
  const { v2 } = await open(t);
  const [{ id }] = (await v2.space.getSpaces({ keys: ["ENG"] })).results;
  const space = await v2.space.getSpaceById({ id: Number(id) });
  assert.equal(space.name, "Engineering");
  assert.equal((await v2.page.getPageById({ id: space.homepageId })).title, "Engineering");
});

test("creates a space with its homepage", async (t) => {
  const { v2 } = await open(t);
  const made = await v2.space.createSpace({ body: { key: "FIN", name: "Finance" } });
  const read = await v2.space.getSpaceById({ id: Number(made.id) });
  assert.deepEqual([read.key, read.name, read.status], ["FIN", "Finance", "current"]);
  assert.ok(read.homepageId);
});

test("creates a space over v1", async (t) => {
  const { v1 } = await open(t);
  const description = { plain: { value: "Money", representation: "plain" } };
  const made = await v1.space.createSpace({ key: "FIN", name: "Finance", description });
  assert.deepEqual([made.key, made.name], ["FIN", "Finance"]);
});

test("refuses a key that is taken", async (t) => {
  const { v2 } = await open(t);
  const call = v2.space.createSpace({ body: { key: "ENG", name: "Another" } });
  await assert.rejects(call, { name: "ApiError", status: 400 });
});

test("tells that a space is not there", async (t) => {
  const { v2 } = await open(t);
  await assert.rejects(v2.space.getSpaceById({ id: 999 }), MISSING);
  await assert.rejects(v2.page.getPagesInSpace({ id: 999 }), MISSING);
});
