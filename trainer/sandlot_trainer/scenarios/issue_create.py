"""issue-create: file a Jira issue with everything that is asked for, in a project that asks for fields of its own.

Level 1 calls the project and the assignee by their names, which others have in part. Level 2 adds a due date, labels
and custom fields, of which only those are to be set that the project requires for this type. Level 3 asks for a
sub-task of an issue that is described by its summary: project, priority, assignee, text and required fields follow
from that issue, and the summary may be taken.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from sandlot_trainer.scenarios.base import Call, Draft, Scenario, Split, Task
from sandlot_trainer.scenarios.enterprise import Enterprise
from sandlot_trainer.scenarios.finding import account_id, issue_named, project_key
from sandlot_trainer.scenarios.vocabulary import Vocabulary
from sandlot_trainer.scenarios.wording import adf, listed, phrased

TYPES = ("Bug", "Task", "Story")
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "Severity": ("Critical", "Major", "Minor", "Trivial"),
    "Region": ("North", "South", "East", "West"),
    "Channel": ("Web", "Phone", "Email", "Store"),
    "Audience": ("Internal", "Partners", "Customers"),
}
"""The custom fields with a list of values. Beside them there are "Order Number" and "Story Points"."""

OPERATIONS = {
    1: ("jira/searchProjects", "jira/findUsers", "jira/createIssue"),
    2: (
        "jira/searchProjects",
        "jira/getCreateIssueMetaIssueTypes",
        "jira/getCreateIssueMetaIssueTypeId",
        "jira/findUsers",
        "jira/getIssue",
        "jira/createIssue",
    ),
    3: (
        "jira/searchAndReconsileIssuesUsingJql",
        "jira/searchProjects",
        "jira/getCreateIssueMetaIssueTypes",
        "jira/getCreateIssueMetaIssueTypeId",
        "jira/findUsers",
        "jira/addComment",
        "jira/editIssue",
        "jira/createIssue",
    ),
}

PHRASINGS = (
    'Create a {type} "{summary}" in the {project} project, assigned to {person}. Its description: "{text}"',
    'File a {type} in {project}: "{summary}". {person} gets it. As description write "{text}"',
    'In the project {project}, open a {type} called "{summary}" for {person}. Description: "{text}"',
    '{person} is to have a new {type} in {project}, "{summary}". It is described as "{text}"',
    'Please add a {type} to {project}. Summary: "{summary}". Assignee: {person}. Description: "{text}"',
    'We need a {type} in the {project} project. Call it "{summary}", describe it as "{text}" and assign {person}.',
    'Report a {type} "{summary}" to {project}, with the description "{text}" Assign it to {person}.',
    'Make a new {type} in {project} with the summary "{summary}". The text is "{text}" It goes to {person}.',
    'Someone should look into "{summary}": make it a {type} in {project} for {person}, described as "{text}"',
    'Log "{summary}" as a {type} in {project}. {person} takes care of it. The description reads "{text}"',
    'Raise a {type} with {project}: "{summary}", assignee {person}, description "{text}"',
    'Put a {type} into {project} that says "{summary}" and, as its description, "{text}" Assign it to {person}.',
    'A {type} is missing in {project}: "{summary}". Describe it as "{text}" and give it to {person}.',
    'Enter a {type} "{summary}" for {person} in the {project} project. Description: "{text}"',
    'For {project}, write up a {type}. It is called "{summary}", {person} works on it, and it says "{text}"',
    'Have a {type} created in {project}, with "{summary}" as summary, "{text}" as description, {person} as assignee.',
    'New {type} for {person} in {project}: "{summary}". What it says: "{text}"',
    'Track "{summary}" in {project}, as a {type} that {person} owns. The description is "{text}"',
    'Start a {type} in the {project} project for {person}: summary "{summary}", description "{text}"',
    'Could you file "{summary}" with {project}? It is a {type}, {person} is the assignee, the description is "{text}"',
    'Note in {project} that there is a {type}: "{summary}". It belongs to {person}. Its text: "{text}"',
    'The {project} project gets a {type} "{summary}", which {person} is assigned to. It is described by "{text}"',
)
DETAIL_PHRASINGS = (
    "It is due on {date} and has the label {label}. Custom fields: set those that the project requires for a {type},"
    " and no others, out of {fields}.",
    "Due date {date}, label {label}. Of {fields}, give it the fields that the project requires for a {type} and leave"
    " the rest empty.",
    "Label it {label}; it is due on {date}. The project requires some more fields for a {type}; fill just these in:"
    " {fields}.",
    "Label: {label}. Due: {date}. Where the project requires it for a {type}, also set {fields}, each only if it is"
    " required.",
    "It must be done by {date} and carries the label {label}. Required fields of a {type} there take their values"
    " from this list, the others stay empty: {fields}.",
    "Set the due date to {date} and the label to {label}. If a field of these is required for a {type} in that"
    " project, fill it in, else do not: {fields}.",
    "The label is {label} and the due date is {date}. From {fields} take what the project requires for a {type},"
    " nothing more.",
    "The label is {label}, the due date {date}. Fill in, of {fields}, exactly what the project requires for a {type}.",
    "Give it the label {label} and the due date {date}. Some of these the project requires for a {type}, set them and"
    " no others: {fields}.",
    "Due: {date}. Label: {label}. If required for a {type} in that project, and only then, set {fields}.",
)
SUBTASK_PHRASINGS = (
    'Create a Sub-task "{summary}" below the issue "{parent}".',
    'The issue "{parent}" needs a Sub-task called "{summary}".',
    'Break down "{parent}": add the Sub-task "{summary}" to it.',
    'Add a Sub-task to the issue "{parent}", with the summary "{summary}".',
    'Under the issue "{parent}", file the Sub-task "{summary}".',
    'Part of "{parent}" is to be tracked on its own. Make a Sub-task "{summary}" for it.',
    'Give "{parent}" a Sub-task: "{summary}".',
    'Open the Sub-task "{summary}"; its parent is the issue "{parent}".',
    'Have a Sub-task "{summary}" made for the issue "{parent}".',
    'Put a Sub-task under "{parent}". It is called "{summary}".',
    'I need "{summary}" as a Sub-task of the issue "{parent}".',
    'Set up a Sub-task in the issue "{parent}" and name it "{summary}".',
    'Below "{parent}" there should be a Sub-task "{summary}".',
    'Could you add the Sub-task "{summary}" to the issue "{parent}"?',
    'Write down "{summary}" as a Sub-task of "{parent}".',
    'A Sub-task is missing in the issue "{parent}": "{summary}". Add it.',
    'Split "{summary}" off from the issue "{parent}" as a Sub-task.',
    'Make "{summary}" a new Sub-task of "{parent}".',
    'Enter the Sub-task "{summary}" for the issue "{parent}".',
    'To the issue "{parent}" belongs a Sub-task "{summary}", which is not there yet. Create it.',
)
INHERIT_PHRASINGS = (
    "Priority and description are the parent's, and the parent's reporter is the assignee. What else the project"
    " requires for a Sub-task, and only that, has the parent's values too.",
    "Take priority, description and the values of the custom fields that a Sub-task requires there, no others, from"
    " the parent. Assign it to the reporter of the parent.",
    "Assign it to whoever reported the parent. It has the parent's description and priority, and of the parent's"
    " custom fields those that the project requires for a Sub-task.",
    "The one who reported the parent gets it. Copy the parent's priority and description, and those custom fields"
    " alone that are required for a Sub-task in that project.",
    "Its assignee is the reporter of the parent. Priority, description and required custom fields, not the other"
    " ones, are the same as the parent's.",
    "Priority, description and required custom fields, but no other ones, are taken from the parent; its reporter"
    " becomes the assignee.",
    "Copy from the parent its description, its priority and just those custom fields which a Sub-task must have in"
    " that project. The assignee is whoever reported the parent.",
    "Fill it in like the parent: description, priority, and such custom fields as a Sub-task must have in that"
    " project, none else. Assign the parent's reporter.",
    "As in the parent are its description, its priority and the custom fields without which that project has no"
    " Sub-task; leave out the others. The parent's reporter takes it.",
    "The parent's reporter works on it. Its description, priority and required custom fields equal the parent's;"
    " fields that a Sub-task need not have stay empty.",
    "Have it say what the parent says: priority, description, and each custom field that is required for a Sub-task"
    " there, not the others. The assignee is the parent's reporter.",
)
TAKEN_PHRASINGS = (
    'If the project has an issue of that summary, add " {suffix}" to the new one\'s.',
    'Should that summary be in use in the project, end it with " {suffix}".',
    'Where an issue of the project is called the same, append " {suffix}" to the summary.',
    'When there is such a summary in the project already, put " {suffix}" behind it.',
    'A summary that the project already has gets " {suffix}" at its end.',
    'Is there an issue with this summary in the project, then write " {suffix}" after it.',
    'In case the project knows that summary, make it end in " {suffix}".',
    'Two issues of one summary in a project confuse people: then add " {suffix}".',
    'Add " {suffix}" to the summary if the project has one like it already.',
    'If the project has the summary already, " {suffix}" goes to the end of the new one.',
    'No summary may be there twice in the project: if need be, add " {suffix}".',
    'Look whether the project has that summary already, and if so append " {suffix}".',
)


class IssueCreate(Scenario):
    name = "issue-create"
    version = 2
    context = (896, 1920, 2560)
    turns = 12
    turn_tokens = 256
    second_operations = (
        "jira/getAllProjects",
        "jira/getCreateIssueMeta",
        "jira/findAssignableUsers",
        "jira/searchAndReconsileIssuesUsingJqlPost",
        "jira/editIssue",
        "jira/assignIssue",
    )

    def draft(self, rng: random.Random, level: int, split: Split) -> Draft:
        words = Vocabulary(rng, split)
        company = Enterprise(rng, words)
        company.fields = _fields(rng, company)
        make = _subtask if level == 3 else _issue
        instruction, facts = make(rng, company, level, split)
        return Draft(company.seed(), instruction, OPERATIONS[level], facts)

    async def oracle(self, task: Task, call: Call) -> None:
        fields = await (_inherited(task, call) if task.level == 3 else _given(task, call))
        await call("createIssue", fields=fields)

    async def second(self, task: Task, call: Call) -> None:
        """The older createmeta, ids instead of keys and names, and an issue that becomes right by and by."""
        facts = task.facts
        parent = await _found_by_post(call, facts["parent"]) if task.level == 3 else {}
        people, summary = facts.get("person") or parent["reporter"], facts["summary"]
        projects = (await call("getAllProjects")).body["results"]
        wanted = parent["key"].rpartition("-")[0] if parent else facts["project"]
        project = next(one for one in projects if wanted in (one["key"], one["name"]))
        if parent and await _taken(call, "searchAndReconsileIssuesUsingJqlPost", project["key"], summary):
            summary = f"{summary} {facts['suffix']}"
        described = await call(
            "getCreateIssueMeta",
            projectKeys=[project["key"]],
            issuetypeNames=[facts["type"]],
            expand="projects.issuetypes.fields",
        )
        (issue_type,) = described.body["projects"][0]["issuetypes"]
        users = await call("findAssignableUsers", project=project["key"], query=people)
        account = next(one["accountId"] for one in users.body["results"] if one["displayName"] == people)
        fields = {
            name: _value(parent.get(name) or _spelt(facts["extras"][field["name"]]))
            for name, field in issue_type["fields"].items()
            if field["required"] and name.startswith("customfield_")
        }
        fields |= {"project": {"id": project["id"]}, "issuetype": {"id": issue_type["id"]}, "summary": "Later"}
        if parent:
            fields["parent"] = {"key": parent["key"]}
        made = (await call("createIssue", fields=fields)).body["id"]
        await call("assignIssue", issueIdOrKey=made, accountId=account)
        edits: dict[str, Any] = {"summary": summary, "description": adf(facts.get("text") or parent["description"])}
        if parent:
            edits["priority"] = {"name": parent["priority"]}
        if task.level == 2:
            edits |= {"labels": [facts["label"]], "duedate": facts["date"]}
        await call("editIssue", issueIdOrKey=made, fields=edits)


def _fields(rng: random.Random, company: Enterprise) -> list[dict[str, Any]]:
    """The site's custom fields; which of them an issue must have is another matter in each project and type."""
    fields: list[dict[str, Any]] = [
        {"name": name, "type": "option", "options": list(options)} for name, options in OPTIONS.items()
    ]
    fields += [{"name": "Order Number", "type": "string"}, {"name": "Story Points", "type": "number"}]
    rng.shuffle(fields)
    names = [field["name"] for field in fields]
    for project in company.projects:
        project["requiredFields"] = {name: rng.sample(names, 2) for name in (*TYPES, "Sub-task")}
    return fields


def _extras(rng: random.Random, words: Vocabulary, names: Sequence[str]) -> dict[str, Any]:
    """A value for each of the custom fields named."""
    values: dict[str, Any] = {name: rng.choice(options) for name, options in OPTIONS.items()}
    values |= {"Order Number": words.order_number(), "Story Points": rng.choice((2, 3, 5, 8, 13))}
    return {name: values[name] for name in names}


def _issue(rng: random.Random, company: Enterprise, level: int, split: Split) -> tuple[str, dict[str, Any]]:
    words = company.vocabulary
    project = rng.choice(company.projects)
    facts: dict[str, Any] = {
        "project": project["name"],
        "type": rng.choice(TYPES),
        "summary": words.summary(),
        "text": f"{words.sentence()}.",
        "person": rng.choice(company.users)["displayName"],
        "extras": {},
    }
    instruction = phrased(rng, split, PHRASINGS)
    if level == 1:
        for one in company.projects:
            del one["requiredFields"]
        return instruction.format(**facts), facts
    required = project["requiredFields"][facts["type"]]
    others = [field["name"] for field in company.fields if field["name"] not in required]
    named = rng.sample([*required, *rng.sample(others, 2)], 4)
    facts |= {"extras": _extras(rng, words, named), "date": words.day(2027), "label": rng.choice(company.labels)}
    extras = listed([f"{name} {value}" for name, value in facts["extras"].items()])
    instruction = f"{instruction} {phrased(rng, split, DETAIL_PHRASINGS)}"
    return instruction.format(**facts, fields=extras), facts


def _subtask(rng: random.Random, company: Enterprise, level: int, split: Split) -> tuple[str, dict[str, Any]]:
    words = company.vocabulary
    for issue in company.issues:
        issue["fields"] = _extras(rng, words, [field["name"] for field in company.fields])
    parent = rng.choice(company.issues)
    parent["priority"] = rng.choice(("Highest", "High", "Low", "Lowest"))
    facts = {
        "type": "Sub-task",
        "parent": parent["summary"],
        "summary": words.summary(),
        "suffix": f"({rng.randint(2, 9)})",
        "extras": {},
    }
    taken = rng.choice(("here", "elsewhere", "nowhere"))
    places = {project["key"] == parent["key"].rpartition("-")[0]: project for project in company.projects}
    if taken != "nowhere":
        company.new_issue(places[taken == "here"], summary=facts["summary"])
    instruction = phrased(rng, split, SUBTASK_PHRASINGS, INHERIT_PHRASINGS, TAKEN_PHRASINGS)
    return instruction.format(**facts), facts


async def _given(task: Task, call: Call) -> dict[str, Any]:
    """The new issue's fields at levels 1 and 2, where the instruction says them."""
    facts = task.facts
    key = await project_key(call, facts["project"])
    fields: dict[str, Any] = {
        "project": {"key": key},
        "issuetype": {"name": facts["type"]},
        "summary": facts["summary"],
        "description": adf(facts["text"]),
        "assignee": {"accountId": await account_id(call, facts["person"])},
    }
    if task.level == 2:
        required = await _required(call, key, facts["type"])
        fields |= {"labels": [facts["label"]], "duedate": facts["date"]}
        fields |= {field["fieldId"]: _spelt(facts["extras"][field["name"]]) for field in required}
    return fields


async def _inherited(task: Task, call: Call) -> dict[str, Any]:
    """The new sub-task's fields at level 3, where they follow from the parent."""
    facts = task.facts
    parent = await issue_named(call, facts["parent"], "*all")
    key = parent["key"].rpartition("-")[0]
    summary = facts["summary"]
    if await _taken(call, "searchAndReconsileIssuesUsingJql", key, summary):
        summary = f"{summary} {facts['suffix']}"
    required = await _required(call, key, "Sub-task")
    return {
        "project": {"key": key},
        "issuetype": {"name": "Sub-task"},
        "parent": {"key": parent["key"]},
        "summary": summary,
        "description": adf(parent["description"]),
        "priority": {"name": parent["priority"]},
        "assignee": {"accountId": await account_id(call, parent["reporter"])},
        **{field["fieldId"]: _value(parent[field["fieldId"]]) for field in required},
    }


async def _required(call: Call, project: str, type_name: str) -> list[dict[str, Any]]:
    """The custom fields that issues of the type must have."""
    types = (await call("getCreateIssueMetaIssueTypes", projectIdOrKey=project)).body["results"]
    (type_id,) = (one["id"] for one in types if one["name"] == type_name)
    found = await call("getCreateIssueMetaIssueTypeId", projectIdOrKey=project, issueTypeId=type_id)
    custom = (field for field in found.body["results"] if field["fieldId"].startswith("customfield_"))
    return [field for field in custom if field.get("required")]


async def _taken(call: Call, search: str, project: str, summary: str) -> bool:
    """Whether an issue of the project has exactly this summary."""
    jql = f'project = "{project}" AND summary ~ "{summary}"'
    found = await call(search, jql=jql, fields=["summary"])
    return any(issue["summary"] == summary for issue in found.body["results"])


async def _found_by_post(call: Call, summary: str) -> dict[str, Any]:
    jql = f'summary ~ "{summary}" ORDER BY created DESC'
    found = await call("searchAndReconsileIssuesUsingJqlPost", jql=jql, fields=["*all"])
    issue: dict[str, Any] = next(one for one in found.body["results"] if one["summary"] == summary)
    return issue


def _spelt(value: Any) -> Any:
    """A custom field's value as a request has it: one of a list as an object."""
    return {"value": value} if any(value in options for options in OPTIONS.values()) else value


def _value(shown: Any) -> Any:
    """The same from what an answer shows, which has the id of an option too."""
    return {"value": shown["value"]} if isinstance(shown, dict) else shown


SCENARIO = IssueCreate()
