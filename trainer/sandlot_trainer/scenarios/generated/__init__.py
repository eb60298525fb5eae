"""Scenarios that nobody writes: one for each write operation of the served contract, `api/<document>/<operationId>`.

A task fills the operation's places (`slots.py`) with things of its world (`entities/`) and new values
(`values.py`), and says so in words; the oracle finds what it must know and makes the one call. The reward follows
from that as everywhere.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

from sandlot_trainer.canonical import scalar
from sandlot_trainer.scenarios.base import Call, Draft, Scenario, Split, Task
from sandlot_trainer.scenarios.generated.entities import Choosing, entity
from sandlot_trainer.scenarios.generated.furnishing import Workplace
from sandlot_trainer.scenarios.generated.phrasing import instruction
from sandlot_trainer.scenarios.generated.slots import Slot, filled, slots_of
from sandlot_trainer.scenarios.generated.values import make
from sandlot_trainer.scenarios.vocabulary import Vocabulary
from sandlot_trainer.tools import operations_of

Documents = Mapping[str, Mapping[str, Any]]
PREFIX = "api/"
DISTRACTORS = ("jira/getIssue", "jira/addComment", "confluence/getPages", "confluence/createPage")


class Generated(Scenario):
    """The tasks of one write operation. Level 1 fills what the operation needs; level 2 fills more, names things by
    what they are called, and offers tools that are not needed."""

    version = 2
    context = (1536, 2048)

    def __init__(self, operation: str, summary: str, slots: tuple[Slot, ...]) -> None:
        self.name = f"{PREFIX}{operation}"
        self.operation = operation
        self.summary = summary
        self.slots = slots
        kinds = [entity(slot.kind) for slot in slots if slot.source == "entity"]
        self.second_operations = tuple(dict.fromkeys(other for kind in kinds for other in kind.others))

    def draft(self, rng: random.Random, level: int, split: Split) -> Draft:
        words = Vocabulary(rng, split)
        company = Workplace(rng, words)
        choosing = Choosing(rng, words, company, level)
        said: list[tuple[str, str]] = []
        filling: list[dict[str, Any]] = []
        finding: list[str] = []
        for index in self._drawn(rng, level):
            slot = self.slots[index]
            if slot.source == "entity":
                kind = entity(slot.kind)
                finding += kind.operations
                text, facts = kind.choose(choosing)
            elif slot.source == "choice":
                value = rng.choice(slot.kind)
                text, facts = scalar(value), {"value": value}
            elif slot.source == "sample":
                text, value = make(slot.kind, rng, words)
                facts = {"value": value}
            else:
                text, facts = "", {"value": slot.kind}
            filling.append({"slot": index, **facts})
            if text:
                said.append((slot.name, text))
        tools = [*finding, self.operation]
        if level > 1:
            tools += rng.sample(DISTRACTORS, 2)
            rng.shuffle(tools)
        text = instruction(rng, split, self.summary, said)
        return Draft(company.seed(), text, tuple(dict.fromkeys(tools)), {"filling": filling})

    async def oracle(self, task: Task, call: Call) -> None:
        await self._solve(task, call, "find")

    async def second(self, task: Task, call: Call) -> None:
        await self._solve(task, call, "find_otherwise")

    async def _solve(self, task: Task, call: Call, way: str) -> None:
        arguments: dict[str, Any] = {}
        found: dict[str, Any] = {}
        for facts in task.facts["filling"]:
            slot = self.slots[facts["slot"]]
            if slot.source == "entity":
                kind = entity(slot.kind)
                value = found[kind.role] = str(await getattr(kind, way)(facts, call, found))
            else:
                value = facts["value"]
            # Some ids are numbers by the contract and have letters before them all the same.
            filled(arguments, slot, int(value) if slot.integer and str(value).isdigit() else value)
        await call(self.operation.rpartition("/")[2], **arguments)

    def _drawn(self, rng: random.Random, level: int) -> Iterator[int]:
        """The places of this task in their order: what is needed, and some of the rest, at least one where what is
        needed only says which thing is meant."""
        optional = [index for index, slot in enumerate(self.slots) if not slot.always and slot.source != "fixed"]
        telling = any(slot.always and slot.source != "fixed" and not slot.naming for slot in self.slots)
        least = 0 if telling or not optional else 1
        wanted = set(rng.sample(optional, least if level == 1 else max(least, (len(optional) + 1) // 2)))
        parents = {self.slots[index].path[:-1] for index in wanted} | {()}
        for index, slot in enumerate(self.slots):
            beside = slot.source == "fixed" and slot.path[:-1] in parents and len(slot.path) > 1
            if slot.always or index in wanted or beside:
                yield index


def generated_scenarios(documents: Documents) -> dict[str, Generated]:
    """By name, one for each write operation that is not exempt."""
    found = {}
    for document, (operation, specification, item) in _writes(documents):
        if "exempt" not in specification.get("x-task", {}):
            slots = slots_of(documents[document], item, specification)
            scenario = Generated(operation, specification["summary"], slots)
            found[scenario.name] = scenario
    return found


def exempt_operations(documents: Documents) -> dict[str, str]:
    """The write operations without a scenario, each with the reason."""
    writes = ((name, specification.get("x-task", {})) for _, (name, specification, _) in _writes(documents))
    return {name: task["exempt"] for name, task in writes if "exempt" in task}


def _writes(documents: Documents) -> Iterator[tuple[str, tuple[str, Mapping[str, Any], Mapping[str, Any]]]]:
    for document, content in documents.items():
        for method, _, item, specification in operations_of(content):
            if method != "GET":
                yield document, (f"{document}/{specification['operationId']}", specification, item)
