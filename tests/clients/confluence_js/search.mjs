import assert from "node:assert/strict";
import test from "node:test";

import { open } from "../site.mjs";

test("finds pages with CQL", async (t) => {
  const { v1 } = await open(t);
  const found = await v1.search.searchByCQL({ cql: 'label = "runbook" and type = page order by title' });
  assert.deepEqual(found.results.map((one) => one.content.title), [
    "Restore a backup",
    "Rotate credentials",
    "Runbooks",
  ]);
  assert.equal(found.totalSize, 3);
});

test("finds pages by their words", async (t) => {
  const { v1 } = await open(t);
  const found = await v1.search.searchByCQL({ cql: 'text ~ "billing" and space = ENG' });
  assert.deepEqual(found.results.map((one) => one.content.title), ["Rotate credentials"]);
});

test("follows the cursor from page to page", async (t) => {
  const { v1 } = await open(t);
  const titles = [];
  let cursor;
  do {
    const page = await v1.search.searchByCQL({ cql: "type = page order by title", limit: 4, cursor });
    titles.push(...page.results.map((one) => one.content.title));
    cursor = page._links.next && new URL(page._links.next, "http://site").searchParams.get("cursor");
  } while (cursor);
  assert.equal(titles.length, 9);
  assert.equal(new Set(titles).size, 9);
});

test("finds content with what belongs to it", async (t) => {
  const { v1 } = await open(t);
  const asked = { cql: 'title = "Returns"', expand: ["body.storage", "version", "space"] };
  const { results } = await v1.content.searchContentByCQL(asked);
  assert.deepEqual([results[0].space.key, results[0].version.number], ["HELP", 1]);
  assert.equal(results[0].body.storage.value, "<p>Send it back within 30 days.</p>");
});

test("finds users", async (t) => {
  const { v1 } = await open(t);
  const { results } = await v1.search.searchUser({ cql: 'user.fullname ~ "dana"' });
  assert.deepEqual(results.map((one) => one.user.displayName), ["Dana Petrova"]);
});

test("refuses a query that cannot be parsed", async (t) => {
  const { v1 } = await open(t);
  await assert.rejects(v1.search.searchByCQL({ cql: "type = = page" }), (error) => {
    assert.deepEqual([error.name, error.status], ["ApiError", 400]);
    assert.match(error.body.message, /Could not parse cql/);
    return true;
  });
});

test("refuses a field that is not there", async (t) => {
  const { v1 } = await open(t);
  await assert.rejects(v1.search.searchByCQL({ cql: "mood = good" }), { name: "ApiError", status: 400 });
});

test("knows who calls, and others", async (t) => {
  const { v1 } = await open(t);
  const me = await v1.users.getCurrentUser();
  assert.deepEqual([me.displayName, me.email], ["Alex Admin", "admin@example.com"]);
  assert.equal((await v1.users.getUser({ accountId: me.accountId })).displayName, "Alex Admin");
});

test("converts a body from one form to another", async (t) => {
  const { v1 } = await open(t);
  const sent = { to: "view", value: "<p>Hello</p>", representation: "storage" };
  const { asyncId } = await v1.contentBody.asyncConvertContentBodyRequest(sent);
  const done = await v1.contentBody.asyncConvertContentBodyResponse({ id: asyncId });
  assert.deepEqual([done.status, done.value], ["COMPLETED", "<p>Hello</p>"]);
});

test("tells of an operation that is not served", async (t) => {
  const { v1 } = await open(t);
  await assert.rejects(v1.settings.getLookAndFeelSettings(), { name: "ServerError", status: 501 });
});
