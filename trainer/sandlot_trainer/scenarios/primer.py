"""primer: small tasks on the products' other operations, for the warm start before a scenario is trained on.

They show how the products' tools are called and that values come from answers. None of them creates a page, so that
what page-create asks for has still to be found by reinforcement learning. All are of the training vocabulary.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sandlot_trainer.scenarios.base import Call, Draft, Scenario, Split, Task, task_random
from sandlot_trainer.scenarios.company import Company
from sandlot_trainer.scenarios.vocabulary import Vocabulary

Facts = dict[str, Any]
Solve = Callable[[Facts, Call], Awaitable[None]]


@dataclass(frozen=True)
class Kind:
    """One kind of primer: the tools it offers, how it is asked for, and how it is solved."""

    operations: tuple[str, ...]
    phrasings: tuple[str, ...]
    solve: Solve


async def _page_id(facts: Facts, call: Call) -> str:
    found: str = (await call("getPages", title=facts["page"])).body["results"][0]["id"]
    return found


async def _read(facts: Facts, call: Call) -> str:
    text: str = (await call("getIssue", issueIdOrKey=facts["issue"])).body[facts["field"]]
    return text


async def _refile(facts: Facts, call: Call) -> None:
    text = await _read(facts, call)
    page = await _page_id(facts, call)
    parent = (await call("getPages", title=facts["parent"])).body["results"][0]
    await call(
        "updatePage",
        id=page,
        status="current",
        spaceId=parent["spaceId"],
        parentId=parent["id"],
        title=facts["title"],
        body={"representation": "storage", "value": f"<p>{text}</p>"},
        version={"number": 2},
    )


async def _rewrite(facts: Facts, call: Call) -> None:
    text = await _read(facts, call)
    page = (await call("getPages", title=facts["page"])).body["results"][0]
    await call(
        "updatePage",
        id=page["id"],
        status="current",
        spaceId=page["spaceId"],
        parentId=page["parentId"],
        title=facts["title"],
        body={"representation": "storage", "value": f"<p>{text}</p>"},
        version={"number": 2},
    )


async def _copy_issue(facts: Facts, call: Call) -> None:
    text = await _read(facts, call)
    kind, project = facts["type"], facts["project"]
    await call("createIssue", fields={"project": {"key": project}, "issuetype": {"name": kind}, "summary": text})


REFILE = Kind(
    ("jira/getIssue", "confluence/getPages", "confluence/updatePage"),
    (
        'Move "{page}" under "{parent}" in space {space} as "{title}", with '
        "the {field} of {issue} as text (version 2).",
        'In space {space}, file "{page}" below "{parent}". Title: "{title}". Text: the {field} of {issue}. Version 2.',
        'Update "{page}": title "{title}", parent "{parent}" in space {space}, text the {field} of {issue}, version 2.',
        'Write the {field} of {issue} to "{page}", call it "{title}" and put '
        'it under "{parent}" in space {space}. Version 2.',
        'The {field} of {issue} goes into "{page}", which becomes "{title}" '
        'below "{parent}" in space {space} (version 2).',
        'For {issue}: "{page}" gets the title "{title}", the parent "{parent}" '
        "in {space} and the {field} as text, version 2.",
        'Version 2 of "{page}" is called "{title}", hangs under "{parent}" in '
        "space {space} and says the {field} of {issue}.",
        'Take the {field} of {issue}. Under "{parent}" in space {space}, save '
        'it as version 2 of "{page}", now "{title}".',
    ),
    _refile,
)
REWRITE = Kind(
    ("jira/getIssue", "confluence/getPages", "confluence/updatePage"),
    (
        'Update "{page}" in space {space} to version 2: title "{title}", text the {field} of {issue}.',
        'In space {space}, "{page}" becomes "{title}" and says the {field} of {issue}. Version 2.',
        'The page "{page}" of space {space} should be called "{title}" and hold the {field} of {issue} (version 2).',
        'Write the {field} of {issue} to "{page}" in space {space}. New title: "{title}". Version 2.',
    ),
    _rewrite,
)
COPY_ISSUE = Kind(
    ("jira/getIssue", "jira/createIssue"),
    (
        "Create a {type} in project {project} whose summary is the {field} of {issue}.",
        "Take the {field} of {issue} as the summary of a new {type} in {project}.",
    ),
    _copy_issue,
)
KINDS = (REFILE, REFILE, REWRITE, REWRITE, COPY_ISSUE)
"""Drawn evenly. Some search twice and some once: neither must become a habit."""


class Primer(Scenario):
    """Not among the scenarios that are measured: it is there to learn from."""

    name = "primer"
    context = (1024,)

    def task(self, level: int, split: Split, index: int) -> Task:
        if split != "train":
            raise ValueError(f"{self.name} has the split train alone: it is there to learn from.")
        return super().task(level, split, index)

    def rng(self, level: int, split: Split, index: int) -> random.Random:
        return task_random(self.name, self.version, index)

    def draft(self, rng: random.Random, level: int, split: Split) -> Draft:
        company = Company(rng, vocabulary := Vocabulary(rng, "train"))
        number = rng.randrange(len(KINDS))
        facts = _facts(rng, company, vocabulary)
        instruction = rng.choice(KINDS[number].phrasings).format(**facts)
        return Draft(company.seed(), instruction, KINDS[number].operations, {**facts, "kind": number})

    async def oracle(self, task: Task, call: Call) -> None:
        await KINDS[task.facts["kind"]].solve(dict(task.facts), call)


def _facts(rng: random.Random, company: Company, vocabulary: Vocabulary) -> Facts:
    """What the instructions of all kinds may name."""
    issue = rng.choice(company.issues)
    space = rng.choice(company.spaces)
    page, parent = rng.sample(space["pages"], 2)
    return {
        "issue": issue["key"],
        "field": rng.choice(("summary", "description")),
        "type": rng.choice(("Bug", "Task", "Story")),
        "project": rng.choice(company.projects)["key"],
        "page": page["title"],
        "parent": parent["title"],
        "space": space["key"],
        "title": vocabulary.title(),
    }


PRIMER = Primer()
