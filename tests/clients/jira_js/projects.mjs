import assert from "node:assert/strict";
import test from "node:test";

import { missing, open } from "../site.mjs";

const NO_PROJECT = missing("No project could be found with key 'NOPE'.");

test("lists projects page by page", async (t) => {
  const { jira } = await open(t);
  const first = await jira.projects.searchProjects({ maxResults: 2, orderBy: "key" });
  assert.deepEqual(first.values.map((project) => project.key), ["PLAT", "SUP"]);
  assert.deepEqual([first.total, first.isLast], [3, false]);
  const rest = await jira.projects.searchProjects({ startAt: 2, orderBy: "key" });
  assert.deepEqual(rest.values.map((project) => project.name), ["Web Shop"]);
});

test("finds a project by a word", async (t) => {
  const { jira } = await open(t);
  const { values } = await jira.projects.searchProjects({ query: "support" });
  assert.deepEqual(values.map((project) => project.key), ["SUP"]);
});

test("reads a project", async (t) => {
  const { jira } = await open(t);
  const project = await jira.projects.getProject({ projectIdOrKey: "WEB" });
  assert.equal(project.lead.displayName, "Bea Lindqvist");
  assert.deepEqual(project.components.map((one) => one.name), ["Catalogue", "Checkout"]);
  assert.deepEqual(project.versions.map((one) => one.name), ["2026.1", "2026.2"]);
});

test("refuses a project that is not there", async (t) => {
  const { jira } = await open(t);
  await assert.rejects(jira.projects.getProject({ projectIdOrKey: "NOPE" }), NO_PROJECT);
});

test("creates, changes and deletes a project", async (t) => {
  const { jira } = await open(t);
  const { accountId } = await jira.myself.getCurrentUser();
  const made = await jira.projects.createProject({
    key: "OPS",
    name: "Operations",
    projectTypeKey: "software",
    projectTemplateKey: "com.pyxis.greenhopper.jira:gh-simplified-kanban-classic",
    leadAccountId: accountId,
  });
  assert.equal(made.key, "OPS");
  const changed = await jira.projects.updateProject({ projectIdOrKey: "OPS", name: "Operations desk" });
  assert.equal(changed.name, "Operations desk");
  await jira.projects.deleteProject({ projectIdOrKey: "OPS" });
  await assert.rejects(
    jira.projects.getProject({ projectIdOrKey: "OPS" }),
    missing("No project could be found with key 'OPS'."),
  );
});

test("refuses a project with a key that is taken", async (t) => {
  const { jira } = await open(t);
  const { accountId } = await jira.myself.getCurrentUser();
  const sent = { key: "WEB", name: "Another", projectTypeKey: "software", leadAccountId: accountId };
  await assert.rejects(jira.projects.createProject(sent), { name: "ApiError", status: 400 });
});

test("lists the statuses of a project by issue type", async (t) => {
  const { jira } = await open(t);
  const types = await jira.projects.getAllStatuses({ projectIdOrKey: "SUP" });
  assert.deepEqual(types.map((type) => type.name), ["Task", "Bug"]);
  assert.ok(types[0].statuses.some((status) => status.name === "In Review"));
});

test("keeps the components of a project", async (t) => {
  const { jira } = await open(t);
  const made = await jira.projectComponents.createComponent({ project: "WEB", name: "Footer", description: "Links" });
  const id = made.id;
  await jira.projectComponents.updateComponent({ id, body: { name: "Header" } });
  assert.equal((await jira.projectComponents.getComponent({ id })).name, "Header");
  const names = (await jira.projectComponents.getProjectComponents({ projectIdOrKey: "WEB" })).map((one) => one.name);
  assert.deepEqual(names, ["Catalogue", "Checkout", "Header"]);
  await jira.projectComponents.deleteComponent({ id });
  await assert.rejects(jira.projectComponents.getComponent({ id }), { name: "NotFoundError", status: 404 });
});

test("refuses a component whose name is taken", async (t) => {
  const { jira } = await open(t);
  const call = jira.projectComponents.createComponent({ project: "WEB", name: "Checkout" });
  await assert.rejects(call, { name: "ApiError", status: 400 });
});

test("keeps the versions of a project", async (t) => {
  const { jira } = await open(t);
  const { id: projectId } = await jira.projects.getProject({ projectIdOrKey: "WEB" });
  const sent = { projectId: Number(projectId), name: "2026.3", releaseDate: "2026-06-01" };
  const { id } = await jira.projectVersions.createVersion(sent);
  await jira.projectVersions.updateVersion({ id, body: { released: true } });
  const read = await jira.projectVersions.getVersion({ id });
  assert.deepEqual([read.name, read.released], ["2026.3", true]);
  assert.equal((await jira.projectVersions.getProjectVersions({ projectIdOrKey: "WEB" })).length, 3);
});

test("refuses a version whose name is taken", async (t) => {
  const { jira } = await open(t);
  const { id } = await jira.projects.getProject({ projectIdOrKey: "WEB" });
  const call = jira.projectVersions.createVersion({ projectId: Number(id), name: "2026.1" });
  await assert.rejects(call, { name: "ApiError", status: 400 });
});

test("refuses the parts of no project", async (t) => {
  const { jira } = await open(t);
  await assert.rejects(jira.projectVersions.getProjectVersions({ projectIdOrKey: "NOPE" }), NO_PROJECT);
  await assert.rejects(jira.projectComponents.getProjectComponents({ projectIdOrKey: "NOPE" }), NO_PROJECT);
});
