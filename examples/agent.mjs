// The agent of agent.py in JavaScript, with the client jira.js alone:
//
//   npm ci --prefix examples
//   sandlot eval issue-create --policy 'exec:node examples/agent.mjs'

import { Version3Client } from "jira.js";

const { SANDLOT_URL, SANDLOT_EMAIL, SANDLOT_API_TOKEN, SANDLOT_INSTRUCTION } = process.env;

const jira = new Version3Client({
  host: SANDLOT_URL,
  authentication: { basic: { email: SANDLOT_EMAIL, apiToken: SANDLOT_API_TOKEN } },
});

// What is quoted are the issue's texts, of which the description is a sentence.
const quoted = [...SANDLOT_INSTRUCTION.matchAll(/"([^"]+)"/g)].map((match) => match[1]);
const words = SANDLOT_INSTRUCTION.replace(/"[^"]+"/g, ' " ');

const { values: projects } = await jira.projects.searchProjects();
const project = projects.find(({ name }) => new RegExp(`\\b${name}\\b`).test(words));
const others = words.replaceAll(project.name, " ");

const issue = await jira.issues.createIssue({
  fields: {
    project: { key: project.key },
    issuetype: { name: ["Bug", "Task", "Story"].find((name) => new RegExp(`\\b${name}\\b`).test(others)) },
    summary: quoted.find((text) => !text.endsWith(".")),
    description: document(quoted.find((text) => text.endsWith("."))),
    assignee: { accountId: await accountId(others) },
  },
});
console.log(`Created ${issue.key}.`);

/** Of the first user whose full name stands in the text. */
async function accountId(text) {
  for (const [, name] of text.matchAll(/(?=\b([A-Z]\w+ [A-Z]\w+))/g)) {
    const users = await jira.userSearch.findUsers({ query: name });
    const user = users.find(({ displayName }) => displayName === name);
    if (user) return user.accountId;
  }
  throw new Error(`there is nobody's name in ${text}`);
}

/** A text as Jira's document format has it. */
function document(text) {
  return { type: "doc", version: 1, content: [{ type: "paragraph", content: [{ type: "text", text }] }] };
}
