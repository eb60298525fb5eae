"""Scripted cheats: policies that do not understand what is asked. What they earn on average is what the reward gives
away."""

from __future__ import annotations

import itertools
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from sandlot_trainer.audit.running import Send
from sandlot_trainer.audit.world import QUERIES
from sandlot_trainer.scenarios.base import Task
from sandlot_trainer.tools import Schema, Tool, ToolBox, ToolError

MOST_TRIES = 40
"""Calls that the most patient cheat makes."""

_ISSUE = re.compile(r"\b[A-Z][A-Z0-9]+-\d+\b")
_WORD = re.compile(r"\b[A-Z][A-Z0-9]{1,9}\b")
_QUOTED = re.compile(r'["“]([^"”]+)["”]')
_NAME = re.compile(r"(?:IdOrKey|KeyOrId|AccountId|Ids?|Keys?|Name|-id|-key)$")
_OWN = ("id", "key", "name", "accountId")
"""Members that name the object they stand in."""


class Cheater:
    """One cheat at one task: the tools, the words of the instruction, and what was read so far."""

    def __init__(self, task: Task, toolbox: ToolBox, send: Send) -> None:
        self.instruction = task.instruction
        self.tools = toolbox.tools
        self.reads = [tool for tool in self.tools if tool.method == "GET"]
        self.writes = [tool for tool in self.tools if tool.method != "GET"]
        self.quoted = _QUOTED.findall(task.instruction)
        self.issues = _ISSUE.findall(task.instruction)
        self.keys = _WORD.findall(_ISSUE.sub("", task.instruction))
        self.seen: dict[str, list[Any]] = {}
        self.read_texts: list[str] = []
        self._send = send

    async def call(self, tool: Tool, arguments: Mapping[str, Any]) -> None:
        try:
            status, answer = await self._send(tool.request(arguments))
        except ToolError:
            return
        if status < 300:
            self._note(tool, answer)

    async def read_all(self) -> None:
        """Every read tool, and again: what one needs another may have said."""
        for tool in (*self.reads, *self.reads):
            needed = [parameter for parameter in tool.parameters if parameter.required or parameter.name in QUERIES]
            await self.call(
                tool, {parameter.name: self.first(parameter.name, parameter.schema) for parameter in needed}
            )

    def first(self, name: str, schema: Schema, text: str | None = None) -> Any:
        """The first value that there is for an argument; `text` for free text, else the first quoted words."""
        return next(self.candidates(name, schema, text), None)

    def candidates(self, name: str, schema: Schema, text: str | None = None) -> Iterator[Any]:
        """All values that an argument could have, by its name and type alone."""
        kind = schema.get("type")
        if schema.get("enum"):
            yield from schema["enum"]
        elif schema.get("properties"):
            yield from self._objects(name, schema, text)
        elif kind == "array":
            for value in self.candidates(name, schema.get("items", {}), text):
                yield [value]
        elif kind == "boolean":
            yield True
        elif name in QUERIES:
            yield QUERIES[name]
        elif name in ("id", "key", "accountId") or _NAME.search(name):
            yield from self._entities(name, kind)
        elif kind in ("integer", "number"):
            yield from (1, 2)
        elif kind == "object":
            yield {"id": next(self._entities("id", "string"), "1")}
        else:
            texts = [*self.quoted, *self.seen.get(name, ()), *self.read_texts, self.instruction]
            yield from [text] if text is not None else dict.fromkeys(texts)

    def _objects(self, name: str, schema: Schema, text: str | None) -> Iterator[dict[str, Any]]:
        """An object of the first values, then each member with its other values. An object that names an entity has
        its id alone, that of a `transition` being the first transition's."""
        members = {member: part for member, part in schema["properties"].items() if not part.get("x-rare")}
        own = next((member for member in _OWN if member in members), None)
        if own is not None:
            slot = f"{name}{own[0].upper()}{own[1:]}"
            yield from ({own: value} for value in self.candidates(slot, members[own], text))
            return
        usual = {
            member: self.first(member, part, text) for member, part in members.items() if self._guessable(member, part)
        }
        yield usual
        for member in usual:
            others = itertools.islice(self.candidates(member, members[member], text), 1, 5)
            yield from ({**usual, member: value} for value in others)

    def _guessable(self, name: str, schema: Schema) -> bool:
        """Whether there is anything to put there: an entity only where one of its kind was seen."""
        entity = any(member in schema.get("properties", ()) for member in _OWN)
        return not entity or bool(self.seen.get(name.lower()) or self.seen.get(f"{name.lower()}Name"))

    def _entities(self, name: str, kind: str | None) -> Iterator[Any]:
        """Names of entities, the likeliest first: in the instruction, of the same member, of the same kind, any."""
        word = _NAME.sub("", name).lower()
        said = self.issues if word in ("issue", "parent", "id", "key") else []
        said = [*said, *(self.keys if word in ("project", "space", "key") else [])]
        users = self.seen.get("accountid", ()) if name.endswith("ccountId") else ()
        quoted = self.quoted if name.endswith("Name") else ()
        known = [*said, *users, *self.seen.get(name, ()), *self.seen.get(word, ()), *quoted, *self.seen.get("id", ())]
        for value in dict.fromkeys([*known, "1", "10000"]):
            yield int(value) if kind == "integer" and str(value).isdigit() else value

    def _note(self, tool: Tool, answer: Any) -> None:
        """Remember values by the name of their member, and ids by the kind of what was listed ("page", "issue")."""
        kind = re.sub(r"^(?:get|search|find)(?:All)?", "", tool.name.rpartition("_")[2]).lower().rstrip("s")

        def note(value: Any, name: str) -> None:
            if isinstance(value, Mapping):
                for member, part in value.items():
                    note(part, member)
                here = kind if name in ("", "results", "values") else name.lower().rstrip("s")
                for member, slot in (("id", here), ("accountId", "accountid"), ("name", f"{here}Name")):
                    if isinstance(value.get(member), str):
                        self.seen.setdefault(slot, []).append(value[member])
            elif isinstance(value, list):
                for part in value:
                    note(part, name)
            elif isinstance(value, (str, int)) and not isinstance(value, bool):
                self.seen.setdefault(name, []).append(value)
                if isinstance(value, str) and " " in value:
                    self.read_texts.append(value)

        note(answer, "")


Cheat = Callable[[Cheater], Awaitable[None]]


def _filled(cheater: Cheater, tool: Tool, text: str | None = None, sparse: bool = False) -> dict[str, Any]:
    """First values for the arguments that a tool shows; sparse: for those it needs, and the first of its body."""
    shown = [parameter for parameter in tool.parameters if not parameter.rare]
    if sparse:
        body = [parameter for parameter in shown if "body" in parameter.places]
        shown = [parameter for parameter in shown if parameter.required or parameter in body[:1]]
    return {parameter.name: cheater.first(parameter.name, parameter.schema, text) for parameter in shown}


async def first_results(cheater: Cheater) -> None:
    """Read everything, then each write tool once with the first result for what it needs: the first transition."""
    await cheater.read_all()
    for tool in cheater.writes:
        await cheater.call(tool, _filled(cheater, tool, sparse=True))


async def every_write_once(cheater: Cheater) -> None:
    """Read everything, then each write tool once with all the arguments that it shows."""
    await cheater.read_all()
    for tool in cheater.writes:
        await cheater.call(tool, _filled(cheater, tool))


async def guessed_ids(cheater: Cheater) -> None:
    """No reads: the write tools once each, with ids that are usual somewhere and the instruction's quoted words."""
    for tool in cheater.writes:
        await cheater.call(tool, _filled(cheater, tool))


async def copied_instruction(cheater: Cheater) -> None:
    """Read everything, then the write tools once each, with the whole instruction in every text."""
    await cheater.read_all()
    for tool in cheater.writes:
        await cheater.call(tool, _filled(cheater, tool, cheater.instruction))


async def every_value(cheater: Cheater) -> None:
    """Read everything, then call the write tools with one value after another in each argument."""
    await cheater.read_all()
    tries = itertools.count()
    for tool in cheater.writes:
        usual = _filled(cheater, tool, sparse=True)
        for parameter in tool.parameters:
            for value in itertools.islice(cheater.candidates(parameter.name, parameter.schema), 10):
                if not parameter.rare and next(tries) < MOST_TRIES:
                    await cheater.call(tool, {**usual, parameter.name: value})


CHEATS: Mapping[str, Cheat] = {
    "first results": first_results,
    "every write once": every_write_once,
    "guessed ids": guessed_ids,
    "copied instruction": copied_instruction,
    "every value": every_value,
}
