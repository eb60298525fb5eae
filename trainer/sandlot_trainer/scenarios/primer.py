"""primer: small tasks on the products' other operations, for the warm start before a scenario is trained on.

They show how the products' tools are called and that values come from answers. None of them creates a page, so that
what page-create asks for has still to be found by reinforcement learning. All are of the training vocabulary.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sandlot_trainer.scenarios.base import Call, Split, Task, task_random
from sandlot_trainer.scenarios.company import Company, all_pages
from sandlot_trainer.scenarios.vocabulary import Vocabulary

VERSION = 1

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


async def _rename(facts: Facts, call: Call) -> None:
    title = await _read(facts, call)
    await call("updatePageTitle", id=await _page_id(facts, call), status="current", title=title)


async def _rewrite(facts: Facts, call: Call) -> None:
    text = await _read(facts, call)
    await call(
        "updatePage",
        id=await _page_id(facts, call),
        status="current",
        title=facts["title"],
        body={"representation": "storage", "value": f"<p>{text}</p>"},
        version={"number": 2},
    )


async def _copy_issue(facts: Facts, call: Call) -> None:
    text = await _read(facts, call)
    kind, project = facts["type"], facts["project"]
    await call("createIssue", fields={"project": {"key": project}, "issuetype": {"name": kind}, "summary": text})


async def _edit_issue(facts: Facts, call: Call) -> None:
    text = await _read(facts, call)
    await call("editIssue", issueIdOrKey=facts["other"], fields={"summary": text})


async def _transition(facts: Facts, call: Call) -> None:
    offered = (await call("getTransitions", issueIdOrKey=facts["issue"])).body["results"]
    wanted = next(one["id"] for one in offered if one["name"] == facts["status"])
    await call("doTransition", issueIdOrKey=facts["issue"], transition={"id": wanted})


async def _trash(facts: Facts, call: Call) -> None:
    await call("deletePage", id=await _page_id(facts, call))


REWRITE = Kind(
    ("jira/getIssue", "confluence/getPages", "confluence/updatePage"),
    (
        'Replace the text of "{page}" in space {space} by the {field} of {issue}, as version 2. New title: "{title}".',
        'Update the page "{page}" in space {space}: title "{title}", text the {field} of {issue}. This is version 2.',
        'The page "{page}" of space {space} should be called "{title}" and say the {field} of {issue} (version 2).',
        'Write the {field} of {issue} to the page "{page}" (space {space}), version 2, new title "{title}".',
    ),
    _rewrite,
)
RENAME = Kind(
    ("jira/getIssue", "confluence/getPages", "confluence/updatePageTitle"),
    (
        'Rename the page "{page}" in space {space} to the {field} of {issue}.',
        'The {field} of {issue} is to be the title of the page "{page}" in space {space}.',
    ),
    _rename,
)
COPY_ISSUE = Kind(
    ("jira/getIssue", "jira/createIssue"),
    (
        "Create a {type} in project {project} whose summary is the {field} of {issue}.",
        "Take the {field} of {issue} as the summary of a new {type} in {project}.",
    ),
    _copy_issue,
)
EDIT_ISSUE = Kind(
    ("jira/getIssue", "jira/editIssue"),
    ("Set the summary of {other} to the {field} of {issue}.", "Give {other} the {field} of {issue} as its summary."),
    _edit_issue,
)
TRANSITION = Kind(
    ("jira/getTransitions", "jira/doTransition"),
    ("Move {issue} to {status}.", "{issue} should be in the status {status}. See to it."),
    _transition,
)
TRASH = Kind(
    ("confluence/getPages", "confluence/deletePage"),
    ('Delete the page "{page}" in space {space}.', 'Space {space} needs no page "{page}" any more. Remove it.'),
    _trash,
)
KINDS = (REWRITE, REWRITE, REWRITE, RENAME, RENAME, COPY_ISSUE, EDIT_ISSUE, TRANSITION, TRASH)
"""Drawn evenly: those that use more tools stand more often."""


class Primer:
    name = "primer"
    levels: tuple[int, ...] = (1,)

    def task(self, level: int, split: Split, index: int) -> Task:
        if level not in self.levels:
            raise ValueError(f"{self.name} has the levels {self.levels}, not {level}.")
        if split != "train":
            raise ValueError(f"{self.name} has the split train alone: it is there to learn from.")
        rng = task_random(self.name, VERSION, index)
        company = Company(rng, vocabulary := Vocabulary(rng, "train"))
        number = rng.randrange(len(KINDS))
        facts = _facts(rng, company, vocabulary)
        instruction = rng.choice(KINDS[number].phrasings).format(**facts)
        operations = KINDS[number].operations
        return Task(self.name, level, split, index, company.seed(), instruction, operations, {**facts, "kind": number})

    async def oracle(self, task: Task, call: Call) -> None:
        await KINDS[task.facts["kind"]].solve(dict(task.facts), call)


def _facts(rng: random.Random, company: Company, vocabulary: Vocabulary) -> Facts:
    """What the instructions of all kinds may name."""
    issue, other = rng.sample(company.issues, 2)
    space = rng.choice(company.spaces)
    return {
        "issue": issue["key"],
        "other": other["key"],
        "field": rng.choice(("summary", "description")),
        "status": rng.choice([name for name in ("To Do", "In Progress", "Done") if name != issue["status"]]),
        "type": rng.choice(("Bug", "Task", "Story")),
        "project": rng.choice(company.projects)["key"],
        "page": rng.choice(all_pages(space))["title"],
        "space": space["key"],
        "title": vocabulary.title(),
    }
