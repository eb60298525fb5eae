import assert from "node:assert/strict";
import test from "node:test";

import { open } from "../site.mjs";

async function find(v2, title) {
  return (await v2.page.getPages({ title })).results[0].id;
}

test("adds labels, in lower case and each once", async (t) => {
  const { v1, v2 } = await open(t);
  const id = await find(v2, "Decisions");
  const body = [{ prefix: "global", name: "Fresh" }, { prefix: "global", name: "fresh" }];
  const added = await v1.contentLabels.addLabelsToContent({ id, body });
  assert.deepEqual(added.results.map((one) => one.name), ["fresh"]);
  const { results } = await v2.label.getPageLabels({ id });
  assert.deepEqual(results.map((one) => [one.prefix, one.name]), [["global", "fresh"]]);
});

test("removes a label by path and by query", async (t) => {
  const { v1, v2 } = await open(t);
  const id = await find(v2, "Restore a backup");
  await v1.contentLabels.removeLabelFromContent({ id, label: "database" });
  await v1.contentLabels.removeLabelFromContentUsingQueryParameter({ id, name: "runbook" });
  assert.deepEqual((await v2.label.getPageLabels({ id })).results, []);
});

test("lists the pages of a label", async (t) => {
  const { v2 } = await open(t);
  const [{ id }] = (await v2.label.getPageLabels({ id: await find(v2, "Runbooks") })).results;
  const { results } = await v2.page.getLabelPages({ id: Number(id) });
  assert.deepEqual(results.map((one) => one.title).sort(), ["Restore a backup", "Rotate credentials", "Runbooks"]);
});

test("lists the labels of a space's content", async (t) => {
  const { v2 } = await open(t);
  const [{ id }] = (await v2.space.getSpaces({ keys: ["HELP"] })).results;
  const { results } = await v2.label.getSpaceContentLabels({ id });
  assert.deepEqual(results.map((one) => one.name).sort(), ["billing", "customer"]);
  assert.deepEqual((await v2.label.getSpaceLabels({ id })).results, []);
});

test("lists the labels of the site", async (t) => {
  const { v2 } = await open(t);
  const { results } = await v2.label.getLabels();
  assert.ok(results.some((one) => one.name === "decision"));
});

test("refuses labels of no page", async (t) => {
  const { v1, v2 } = await open(t);
  await assert.rejects(v2.label.getPageLabels({ id: 999 }), { name: "NotFoundError", status: 404 });
  const call = v1.contentLabels.addLabelsToContent({ id: "999", body: [{ prefix: "global", name: "x" }] });
  await assert.rejects(call, { name: "NotFoundError", status: 404 });
});
