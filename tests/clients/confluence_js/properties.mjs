import assert from "node:assert/strict";
import test from "node:test";

import { open } from "../site.mjs";

const MISSING = { name: "NotFoundError", status: 404 };
const STAGE = { key: "stage", value: { name: "draft", owners: ["bea"] } };

async function page(v2) {
  return Number((await v2.page.getPages({ title: "Decisions" })).results[0].id);
}

async function property(v2, pageId) {
  const made = await v2.contentProperties.createPageProperty({ pageId, ...STAGE });
  return { pageId, propertyId: Number(made.id) };
}

test("keeps a property of a page", async (t) => {
  const { v2 } = await open(t);
  const made = await property(v2, await page(v2));
  const read = await v2.contentProperties.getPageContentPropertiesById(made);
  assert.deepEqual([read.key, read.value, read.version.number], ["stage", STAGE.value, 1]);
});

test("finds a property of a page by its key", async (t) => {
  const { v2 } = await open(t);
  const pageId = await page(v2);
  await property(v2, pageId);
  const found = await v2.contentProperties.getPageContentProperties({ pageId, key: "stage" });
  assert.deepEqual(found.results.map((one) => one.value), [STAGE.value]);
  const none = await v2.contentProperties.getPageContentProperties({ pageId, key: "other" });
  assert.deepEqual(none.results, []);
});

test("changes a property of a page by its next version", async (t) => {
  const { v2 } = await open(t);
  const made = await property(v2, await page(v2));
  const sent = { ...made, key: "stage", value: "done", version: { number: 2 } };
  const changed = await v2.contentProperties.updatePagePropertyById(sent);
  assert.deepEqual([changed.value, changed.version.number], ["done", 2]);
});

test("refuses a stale version, and a key that is taken", async (t) => {
  const { v2 } = await open(t);
  const made = await property(v2, await page(v2));
  const stale = { ...made, key: "stage", value: "done", version: { number: 1 } };
  await assert.rejects(v2.contentProperties.updatePagePropertyById(stale), { name: "ApiError", status: 409 });
  await assert.rejects(property(v2, made.pageId), { name: "ApiError" });
});

test("deletes a property of a page", async (t) => {
  const { v2 } = await open(t);
  const made = await property(v2, await page(v2));
  await v2.contentProperties.deletePagePropertyById(made);
  await assert.rejects(v2.contentProperties.getPageContentPropertiesById(made), MISSING);
});

test("keeps the properties of a space", async (t) => {
  const { v2 } = await open(t);
  const spaceId = Number((await v2.space.getSpaces({ keys: ["ENG"] })).results[0].id);
  const made = await v2.spaceProperties.createSpaceProperty({ spaceId, ...STAGE });
  const propertyId = Number(made.id);
  const sent = { spaceId, propertyId, key: "stage", value: { name: "live" }, version: { number: 2 } };
  assert.deepEqual((await v2.spaceProperties.updateSpacePropertyById(sent)).value, { name: "live" });
  const { results } = await v2.spaceProperties.getSpaceProperties({ spaceId, key: "stage" });
  assert.deepEqual(results.map((one) => one.version.number), [2]);
  await v2.spaceProperties.deleteSpacePropertyById({ spaceId, propertyId });
  await assert.rejects(v2.spaceProperties.getSpacePropertyById({ spaceId, propertyId }), MISSING);
});

test("refuses properties of no page", async (t) => {
  const { v2 } = await open(t);
  await assert.rejects(v2.contentProperties.getPageContentProperties({ pageId: 999 }), MISSING);
});
