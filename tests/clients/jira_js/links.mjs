import assert from "node:assert/strict";
import test from "node:test";

import { document, NO_ISSUE, open, textOf } from "../site.mjs";

const BLOCKS = { type: { name: "Blocks" }, inwardIssue: { key: "WEB-3" }, outwardIssue: { key: "WEB-4" } };
const PAGE = { issueIdOrKey: "WEB-4", globalId: "sizes", object: { url: "https://example.com/sizes", title: "Sizes" } };

async function linked(jira) {
  await jira.issueLinks.linkIssues(BLOCKS);
  const { fields } = await jira.issues.getIssue({ issueIdOrKey: "WEB-3", fields: ["issuelinks"] });
  return fields.issuelinks[0];
}

test("links two issues, seen from both", async (t) => {
  const { jira } = await open(t);
  const link = await linked(jira);
  assert.deepEqual([link.type.outward, link.outwardIssue.key], ["blocks", "WEB-4"]);
  const { fields } = await jira.issues.getIssue({ issueIdOrKey: "WEB-4", fields: ["issuelinks"] });
  assert.deepEqual(fields.issuelinks.map((one) => one.inwardIssue.key), ["WEB-3"]);
});

test("adds a comment with the link", async (t) => {
  const { jira } = await open(t);
  await jira.issueLinks.linkIssues({ ...BLOCKS, comment: { body: document("Needs the sizes") } });
  const { comments } = await jira.issueComments.getComments({ issueIdOrKey: "WEB-3" });
  assert.equal(textOf(comments.at(-1).body), "Needs the sizes");
});

test("reads a link by its id", async (t) => {
  const { jira } = await open(t);
  const { id } = await linked(jira);
  const link = await jira.issueLinks.getIssueLink({ linkId: id });
  assert.deepEqual([link.inwardIssue.key, link.outwardIssue.key], ["WEB-3", "WEB-4"]);
});

test("deletes a link", async (t) => {
  const { jira } = await open(t);
  const { id } = await linked(jira);
  await jira.issueLinks.deleteIssueLink({ linkId: id });
  await assert.rejects(jira.issueLinks.getIssueLink({ linkId: id }), { name: "NotFoundError", status: 404 });
});

test("refuses a link of a type or to an issue that is not there", async (t) => {
  const { jira } = await open(t);
  await assert.rejects(jira.issueLinks.linkIssues({ ...BLOCKS, type: { name: "Envies" } }), {
    name: "NotFoundError",
    status: 404,
  });
  await assert.rejects(jira.issueLinks.linkIssues({ ...BLOCKS, outwardIssue: { key: "WEB-99" } }), NO_ISSUE);
});

test("lists the types of links and makes one", async (t) => {
  const { jira } = await open(t);
  const { issueLinkTypes } = await jira.issueLinkTypes.getIssueLinkTypes();
  assert.deepEqual(issueLinkTypes.map((type) => type.name), ["Blocks", "Cloners", "Duplicate", "Relates"]);
  const causes = { name: "Causes", inward: "is due to", outward: "causes" };
  const made = await jira.issueLinkTypes.createIssueLinkType(causes);
  const read = await jira.issueLinkTypes.getIssueLinkType({ issueLinkTypeId: made.id });
  assert.equal(read.outward, "causes");
});

test("links an issue to a page elsewhere", async (t) => {
  const { jira } = await open(t);
  const { id } = await jira.issueRemoteLinks.createOrUpdateRemoteIssueLink(PAGE);
  const link = await jira.issueRemoteLinks.getRemoteIssueLinkById({ issueIdOrKey: "WEB-4", linkId: String(id) });
  assert.deepEqual([link.object.url, link.globalId], ["https://example.com/sizes", "sizes"]);
});

test("changes a remote link of the same global id", async (t) => {
  const { jira } = await open(t);
  const { id } = await jira.issueRemoteLinks.createOrUpdateRemoteIssueLink(PAGE);
  const again = { ...PAGE, object: { ...PAGE.object, title: "All sizes" } };
  assert.equal((await jira.issueRemoteLinks.createOrUpdateRemoteIssueLink(again)).id, id);
  const links = await jira.issueRemoteLinks.getRemoteIssueLinks({ issueIdOrKey: "WEB-4" });
  assert.deepEqual(links.map((one) => one.object.title), ["All sizes"]);
});

test("changes a remote link by its id", async (t) => {
  const { jira } = await open(t);
  const { id } = await jira.issueRemoteLinks.createOrUpdateRemoteIssueLink(PAGE);
  const object = { url: "https://example.com/s", title: "S" };
  await jira.issueRemoteLinks.updateRemoteIssueLink({ issueIdOrKey: "WEB-4", linkId: String(id), object });
  const link = await jira.issueRemoteLinks.getRemoteIssueLinkById({ issueIdOrKey: "WEB-4", linkId: String(id) });
  assert.equal(link.object.title, "S");
});

test("deletes a remote link by its id", async (t) => {
  const { jira } = await open(t);
  const { id } = await jira.issueRemoteLinks.createOrUpdateRemoteIssueLink(PAGE);
  await jira.issueRemoteLinks.deleteRemoteIssueLinkById({ issueIdOrKey: "WEB-4", linkId: String(id) });
  assert.deepEqual(await jira.issueRemoteLinks.getRemoteIssueLinks({ issueIdOrKey: "WEB-4" }), []);
});

test("refuses a remote link of no issue", async (t) => {
  const { jira } = await open(t);
  const call = jira.issueRemoteLinks.createOrUpdateRemoteIssueLink({ ...PAGE, issueIdOrKey: "WEB-99" });
  await assert.rejects(call, NO_ISSUE);
});
