// What the checks of the JavaScript clients share: a site for each check, and what a refusal looks like.
// The server is named by the environment, as test_javascript_clients.py sets it.

import { createV1Client, createV2Client } from "confluence.js";
import { createAgileClient, createCloudClient } from "jira.js";

const { SANDLOT_CONTROL_URL, SANDLOT_CONTROL_TOKEN } = process.env;

/** The clients of a fresh site, which is gone when the check `t` has ended. jira.js throws where an answer does not
 * fit its schema, as confluence.js always does. */
export async function open(t) {
  const { site, baseUrl, email, token } = await control("POST", "/sites");
  t.after(() => control("DELETE", `/sites/${site}`));
  return clients(baseUrl, email, token);
}

/** The clients of a site for one of its users. */
export function clients(host, email, apiToken) {
  const config = { host, auth: { type: "basic", email, apiToken } };
  const strict = { ...config, onSchemaMismatch: "throw" };
  return {
    host,
    jira: createCloudClient(strict),
    agile: createAgileClient(strict),
    v1: createV1Client(config),
    v2: createV2Client(config),
  };
}

async function control(method, path) {
  const headers = { Authorization: `Bearer ${SANDLOT_CONTROL_TOKEN}` };
  const response = await fetch(`${SANDLOT_CONTROL_URL}${path}`, { method, headers });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.status === 204 ? undefined : response.json();
}

/** A text as Jira's document format has it. */
export function document(text) {
  return { type: "doc", version: 1, content: [{ type: "paragraph", content: [{ type: "text", text }] }] };
}

/** The text of a document of one paragraph. */
export function textOf(doc) {
  return doc.content[0].content[0].text;
}

/** Jira's error for a request that it refuses, with messages and texts by field. */
export function refused(errorMessages, errors = {}) {
  return { name: "ApiError", status: 400, body: { errorMessages, errors } };
}

/** Jira's error for what does not exist. */
export function missing(message) {
  return { name: "NotFoundError", status: 404, body: { errorMessages: [message], errors: {} } };
}

/** Confluence v2's error: the class by its status. */
export function v2Error(name, status, code, title) {
  return { name, status, body: { errors: [{ status, code, title, detail: null }] } };
}

export const NO_ISSUE = missing("Issue does not exist or you do not have permission to see it.");
