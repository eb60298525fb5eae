import assert from "node:assert/strict";
import test from "node:test";

import { clients, open, v2Error } from "../site.mjs";

const MISSING = { name: "NotFoundError", status: 404 };

async function page(v2) {
  return (await v2.page.getPages({ title: "Decisions" })).results[0].id;
}

async function user(v1, name) {
  const { results } = await v1.search.searchUser({ cql: `user.fullname ~ "${name}"` });
  return results[0].user;
}

/** Only these users may do that with the page. */
function only(operation, ...accountIds) {
  const users = accountIds.map((accountId) => ({ type: "known", accountId }));
  return [{ operation, restrictions: { user: users, group: [] } }];
}

async function named({ v1, id }, operation) {
  const { [operation]: found } = await v1.contentRestrictions.getRestrictionsByOperation({ id });
  return found.restrictions.user.results.map((one) => one.displayName);
}

test("finds no restrictions on a fresh page", async (t) => {
  const { v1, v2 } = await open(t);
  const id = await page(v2);
  assert.deepEqual([await named({ v1, id }, "read"), await named({ v1, id }, "update")], [[], []]);
  assert.equal((await v1.contentRestrictions.getRestrictions({ id })).size, 2);
});

test("restricts a page to some users", async (t) => {
  const { v1, v2 } = await open(t);
  const id = await page(v2);
  const [me, bea] = [await v1.users.getCurrentUser(), await user(v1, "bea")];
  await v1.contentRestrictions.updateRestrictions({ id, body: only("update", me.accountId, bea.accountId) });
  assert.deepEqual(await named({ v1, id }, "update"), ["Alex Admin", "Bea Lindqvist"]);
});

test("adds to the restrictions of a page", async (t) => {
  const { v1, v2 } = await open(t);
  const id = await page(v2);
  const [me, bea] = [await v1.users.getCurrentUser(), await user(v1, "bea")];
  await v1.contentRestrictions.addRestrictions({ id, body: only("update", me.accountId) });
  await v1.contentRestrictions.addRestrictions({ id, body: only("update", bea.accountId) });
  assert.deepEqual(await named({ v1, id }, "update"), ["Alex Admin", "Bea Lindqvist"]);
});

test("takes the restrictions of a page away", async (t) => {
  const { v1, v2 } = await open(t);
  const id = await page(v2);
  const me = await v1.users.getCurrentUser();
  await v1.contentRestrictions.addRestrictions({ id, body: only("update", me.accountId) });
  await v1.contentRestrictions.deleteRestrictions({ id });
  assert.deepEqual(await named({ v1, id }, "update"), []);
});

test("checks what a user may do with a page", async (t) => {
  const { v1, v2 } = await open(t);
  const id = await page(v2);
  const [me, bea] = [await v1.users.getCurrentUser(), await user(v1, "bea")];
  await v1.contentRestrictions.addRestrictions({ id, body: only("update", me.accountId) });
  const may = (accountId, operation) =>
    v1.contentPermissions.checkContentPermission({ id, operation, subject: { type: "user", identifier: accountId } });
  assert.equal((await may(bea.accountId, "read")).hasPermission, true);
  assert.equal((await may(bea.accountId, "update")).hasPermission, false);
  assert.equal((await may(me.accountId, "update")).hasPermission, true);
});

test("refuses restrictions of no page", async (t) => {
  const { v1 } = await open(t);
  await assert.rejects(v1.contentRestrictions.getRestrictionsByOperation({ id: "999" }), MISSING);
});

test("answers a caller with a wrong token as if there were nothing", async (t) => {
  const { host } = await open(t);
  const { v1, v2 } = clients(host, "admin@example.com", "wrong");
  await assert.rejects(v2.page.getPages(), v2Error("NotFoundError", 404, "NOT_FOUND", "Not Found"));
  await assert.rejects(v1.users.getCurrentUser(), { name: "ForbiddenError", status: 403 });
});
