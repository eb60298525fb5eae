"""page-create: read a Jira issue, then create a Confluence page in the right place that says what was read.

Level 1 names the issue, the parent page and the title; the page's text stands in the issue alone. Level 2 has
a page of the parent's title in two spaces, and more to write. Level 3 describes the issue by its summary, has
the title made from the issue's key, and may find that title taken.
"""

from __future__ import annotations

import random
from typing import Any

from sandlot_trainer.scenarios.base import Call, Draft, Scenario, Split, Task
from sandlot_trainer.scenarios.company import Company, all_pages
from sandlot_trainer.scenarios.vocabulary import Vocabulary, belonging

FIELDS = {
    "summary": "summary",
    "description": "description",
    "priority": "priority",
    "assignee": "assignee's name",
    "reporter": "reporter's name",
}
"""What a page can be asked to say: the name in the compacted issue, and in words."""

OPERATIONS = {
    1: ("jira/getIssue", "confluence/getPages", "confluence/createPage"),
    2: (
        "jira/getIssue",
        "jira/getComments",
        "confluence/getSpaces",
        "confluence/getPages",
        "confluence/getPageById",
        "confluence/createPage",
    ),
    3: (
        "jira/searchAndReconsileIssuesUsingJql",
        "jira/getIssue",
        "jira/getComments",
        "confluence/getSpaces",
        "confluence/getPages",
        "confluence/getPageById",
        "confluence/updatePage",
        "confluence/createPage",
    ),
}

PHRASINGS = (
    'Create a page "{title}" under "{parent}" in {space}. Its text is the {fields} of {issue}.',
    'In {space}, add the page "{title}" below "{parent}". Write the {fields} of {issue} into it.',
    'Put the {fields} of {issue} on a new page "{title}". The page goes under "{parent}" in {space}.',
    'Make a page in {space}, called "{title}", with "{parent}" as its parent. It says the {fields} of {issue}.',
    'We need a page "{title}" under "{parent}" in {space} that holds the {fields} of {issue}.',
    'Look up {issue}. Then create "{title}" below "{parent}" in {space}, with the {fields} as text.',
    'Write up {issue}: a page named "{title}" under "{parent}" in {space}, its text being the {fields}.',
    'Add "{title}" to {space} as a child page of "{parent}". Its content: the {fields} of {issue}.',
    'Document {issue} in {space}: new page "{title}", parent "{parent}", text = the {fields}.',
    'Under "{parent}" in {space} there should be a page "{title}" with the {fields} of {issue}. Create it.',
    'Copy the {fields} of {issue} to a new page. Title: "{title}". Parent: "{parent}". Place: {space}.',
    'Could you create "{title}" in {space}? Put it below "{parent}" and fill in the {fields} of {issue}.',
    'Open {issue}, read the {fields}, and create the page "{title}" with it under "{parent}" in {space}.',
    'Publish the {fields} of {issue} as the page "{title}". It belongs under "{parent}" in {space}.',
    'The {fields} of {issue} should be kept in {space}. Make a page "{title}" for it, below "{parent}".',
    'Start a page titled "{title}" beneath "{parent}" in {space}; as text use the {fields} of {issue}.',
    '{issue} needs a page of its own: "{title}", under "{parent}" in {space}, saying the {fields}.',
    'Set up a new page in {space}. Parent: "{parent}". Title: "{title}". Text: the {fields} of {issue}.',
    'Write a page "{title}" for {issue}. File it under "{parent}" in {space}. The text is the {fields}.',
    'Read {issue} and create a child of "{parent}" in {space}, titled "{title}", holding the {fields}.',
    'I want the {fields} of {issue} on its own page, "{title}", filed below "{parent}" in {space}.',
    'Put a page called "{title}" in {space}, parent "{parent}", and give it the {fields} of {issue} as text.',
    'For {issue}, create "{title}" in {space}. The parent is "{parent}" and the content is the {fields}.',
    'Bring the {fields} of {issue} from Jira to Confluence: "{title}" under "{parent}" in {space}.',
    'Have a page "{title}" made in {space}, right below "{parent}". It has the {fields} of {issue}.',
    'Record the {fields} of {issue} in {space}, on a page "{title}" that sits under "{parent}".',
    'There is no page for {issue} yet. Add one to {space}: "{title}", under "{parent}", with the {fields}.',
    'Create the child page "{title}" of "{parent}" in {space}. What it says is the {fields} of {issue}.',
    'Find {issue}. Its {fields} goes into a new page "{title}" placed under "{parent}" in {space}.',
    'Let "{parent}" in {space} have a child page "{title}" with the {fields} of {issue} on it.',
    'New page for {space}: "{title}". It hangs under "{parent}" and quotes the {fields} of {issue}.',
    'From {issue} take the {fields}; in {space}, below "{parent}", put it on a page "{title}".',
    'Someone asked for the {fields} of {issue} in {space}. Add a page "{title}" under "{parent}" for that.',
    'Extend {space} by a page "{title}" with parent "{parent}". Its body is the {fields} of {issue}.',
    'Give "{parent}" in {space} a new child, "{title}", whose text is the {fields} of {issue}.',
    'Keep the {fields} of {issue} on a page "{title}" in {space}; the parent page is "{parent}".',
)
CONFLICT_PHRASINGS = (
    'If that title is taken in the space, add " {suffix}" to it.',
    'Should the space have a page of that title already, append " {suffix}" to the title.',
    'Where the title is in use in that space, put " {suffix}" behind it.',
    'If a page of this title exists there, end the title with " {suffix}".',
    'Add " {suffix}" to the title if the space has such a page.',
    'A title that the space already has gets " {suffix}" at its end.',
    'In case the title exists in that space, write " {suffix}" after it.',
    'If the space has that title, write " {suffix}" at the end of yours.',
    'Two pages of one title cannot be: then add " {suffix}".',
    'Is the title there already, make it end in " {suffix}".',
    'When the space already holds this title, extend it by " {suffix}".',
)


class PageCreate(Scenario):
    name = "page-create"
    context = (704, 1024, 1536)
    second_operations = (
        "jira/searchAndReconsileIssuesUsingJqlPost",
        "confluence-v1/searchByCQL",
        "confluence-v1/getContent",
        "confluence-v1/createContent",
        "confluence-v1/updateContent",
    )

    def draft(self, rng: random.Random, level: int, split: Split) -> Draft:
        vocabulary = Vocabulary(rng, split)
        company = Company(rng, vocabulary)
        space, other = rng.sample(company.spaces, 2)
        parent = rng.choice(all_pages(space))["title"]
        if level > 1:
            other["pages"].append({"title": parent, "body": f"<p>{vocabulary.sentence()}</p>"})
        issue = rng.choice(company.issues)
        fields = [rng.choice(("summary", "description"))]
        if level > 1:
            fields += rng.sample(("priority", "assignee", "reporter"), level - 1)
        named = rng.random() < 0.5
        facts: dict[str, Any] = {
            "issue": issue["key"],
            "parent": parent,
            "title": vocabulary.title(),
            "fields": fields,
            "space": {"name": space["name"]} if named else {"key": space["key"]},
        }
        instruction = rng.choice(belonging(PHRASINGS, split))
        words = {
            "title": facts["title"],
            "parent": parent,
            "issue": issue["key"],
            "space": f"the {space['name']} space" if named else f"space {space['key']}",
            "fields": _listed([FIELDS[field] for field in fields]),
        }
        if level == 3:
            last_word = vocabulary.title().split()[-1]
            facts |= {"summary": issue["summary"], "last_word": last_word, "suffix": f"({rng.randint(2, 9)})"}
            del facts["issue"], facts["title"]
            words["issue"] = f'the issue "{issue["summary"]}"'
            words["title"] = f"KEY {last_word}"
            conflict = rng.choice(belonging(CONFLICT_PHRASINGS, split)).format(suffix=facts["suffix"])
            instruction = f"{instruction} In the title, KEY stands for the key of the issue. {conflict}"
            taken = rng.choice((space, other, None))
            if taken is not None:
                title = f"{issue['key']} {last_word}"
                taken["pages"].append({"title": title, "body": f"<p>{vocabulary.sentence()}</p>"})
        return Draft(company.seed(), instruction.format(**words), OPERATIONS[level], facts)

    async def oracle(self, task: Task, call: Call) -> None:
        facts = task.facts
        key = facts["issue"] if task.level < 3 else await _find_issue(call, facts["summary"])
        issue = (await call("getIssue", issueIdOrKey=key)).body
        where = {}
        if task.level > 1:
            where = {"space-id": [await _find_space(call, facts["space"])]}
        parent = (await call("getPages", title=facts["parent"], **where)).body["results"][0]
        title = (
            facts["title"] if task.level < 3 else await _free_title(call, f"{key} {facts['last_word']}", facts, where)
        )
        text = "".join(f"<p>{issue[field]}</p>" for field in facts["fields"])
        await call(
            "createPage",
            spaceId=parent["spaceId"],
            parentId=parent["id"],
            title=title,
            body={"representation": "storage", "value": text},
        )

    async def second(self, task: Task, call: Call) -> None:
        """Searches, the older content operations, and a page that is made under another name first."""
        facts = task.facts
        jql = f'summary ~ "{facts["summary"]}"' if task.level == 3 else f"key = {facts['issue']}"
        found = await call("searchAndReconsileIssuesUsingJqlPost", jql=jql, fields=["*all"])
        issue = next(one for one in found.body["results"] if facts.get("summary") in (None, one["summary"]))
        space = facts["space"]
        where = f'space = "{space["key"]}"' if "key" in space else f'space.title = "{space["name"]}"'
        cql = f'type = page and title = "{facts["parent"]}" and {where}'
        (parent,) = (await call("searchByCQL", cql=cql, expand="content.space")).body["results"]
        title = facts["title"] if task.level < 3 else f"{issue['key']} {facts['last_word']}"
        if task.level == 3:
            taken = await call("getContent", title=title, spaceKey=parent["space"])
            title = f"{title} {facts['suffix']}" if taken.body["results"] else title
        page = {"type": "page", "space": {"key": parent["space"]}, "ancestors": [{"id": parent["id"]}]}
        later = {"storage": {"value": "<p>Later.</p>", "representation": "storage"}}
        made = (await call("createContent", **page, title="Unfinished business", body=later)).body
        text = f"<p>{'</p><p>'.join(issue[field] for field in facts['fields'])}</p>"
        body = {"storage": {"value": text, "representation": "storage"}}
        await call("updateContent", id=made["id"], **page, title=title, body=body, version={"number": 2})


async def _find_issue(call: Call, summary: str) -> str:
    jql = f'summary ~ "{summary}"'
    found = await call("searchAndReconsileIssuesUsingJql", jql=jql, fields=["summary"])
    key: str = next(issue["key"] for issue in found.body["results"] if issue["summary"] == summary)
    return key


async def _find_space(call: Call, space: dict[str, str]) -> int:
    found = await call("getSpaces", **({"keys": [space["key"]]} if "key" in space else {}))
    (wanted,) = (entry for entry in found.body["results"] if space.items() <= entry.items())
    return int(wanted["id"])


async def _free_title(call: Call, title: str, facts: Any, where: dict[str, Any]) -> str:
    taken = await call("getPages", title=title, **where)
    return f"{title} {facts['suffix']}" if taken.body.get("results") else title


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', the '.join(names[:-1])} and the {names[-1]}"


SCENARIO = PageCreate()
