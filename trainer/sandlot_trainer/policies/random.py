"""The policy that calls offered tools at random: well-formed calls, with values that stand in what it was told.

What it scores is what a scenario gives away to activity without understanding.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from sandlot_trainer.episode import Protocol
from sandlot_trainer.policies import Action, Observation, TokenRecord, ToolCall
from sandlot_trainer.prompt import call_text
from sandlot_trainer.scenarios.base import Task, task_random
from sandlot_trainer.tools import Schema, ToolBox

OPTIONAL_SHARE = 0.5
"""How often an argument is given that need not be."""
FITTING_SHARE = 0.8
"""How often a value is taken from a member of the argument's name, where there is one."""
_WORDS = re.compile(r'"([^"]+)"|([\w@.-]*\w)')


class RandomPolicy:
    name = "random"

    def actor(self, task: Task, toolbox: ToolBox, protocol: Protocol, seed: int) -> RandomActor:
        rng = task_random("random policy", task.name, seed)
        return RandomActor(task.instruction, toolbox, rng, calls=rng.randint(1, max(1, protocol.max_turns - 1)))


class RandomActor:
    """A call a turn, and then no more."""

    tokens: TokenRecord | None = None

    def __init__(self, instruction: str, toolbox: ToolBox, rng: Random, calls: int) -> None:
        self._toolbox = toolbox
        self._rng = rng
        self._left = calls
        words = [quoted or word for quoted, word in _WORDS.findall(instruction)]
        self._arguments = Arguments(rng, [("", word) for word in words])

    async def act(self, observations: list[Observation]) -> Action:
        for observation in observations:
            if observation.status is not None and observation.status < 400:
                self._arguments.known += leaves(json.loads(observation.text))
        if self._left == 0:
            return Action("Done.")
        self._left -= 1
        tool = self._rng.choice(self._toolbox.tools)
        arguments = {
            parameter.name: self._arguments.sample(parameter.name, parameter.schema)
            for parameter in tool.parameters
            if parameter.required or (not parameter.rare and self._rng.random() < OPTIONAL_SHARE)
        }
        return Action(call_text(tool.name, arguments), (ToolCall(tool.name, arguments),))

    async def close(self) -> None:
        pass


class Arguments:
    """Draws values that fit a schema. `known`: (member name, value) of all that was said, "" for the instruction's."""

    def __init__(self, rng: Random, known: list[tuple[str, Any]]) -> None:
        self.rng = rng
        self.known = known

    def sample(self, name: str, schema: Schema) -> Any:
        for choice in ("oneOf", "anyOf"):
            if schema.get(choice):
                return self.sample(name, self.rng.choice(schema[choice]))
        if schema.get("allOf"):
            return self.sample(name, {key: value for part in schema["allOf"] for key, value in part.items()})
        if "enum" in schema:
            return self.rng.choice([value for value in schema["enum"] if value is not None])
        match schema.get("type"):
            case "boolean":
                return self.rng.random() < 0.5
            case "integer" | "number":
                return self._number(name, schema)
            case "array":
                return [self.sample(name, schema.get("items", {})) for _ in range(max(1, schema.get("minItems", 1)))]
            case "object":
                return self._object(schema)
        return self._text(name, schema)

    def _object(self, schema: Schema) -> dict[str, Any]:
        members: Mapping[str, Schema] = schema.get("properties", {})
        if members.get("type", {}).get("enum") == ["doc"]:
            words = {"type": "text", "text": self._text("", {})}
            return {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [words]}]}
        required = schema.get("required", ())
        chosen = [
            name
            for name, member in members.items()
            if name in required or (not member.get("x-rare") and self.rng.random() < OPTIONAL_SHARE)
        ]
        if not chosen and schema.get("minProperties"):
            chosen = [self.rng.choice(list(members))]
        return {name: self.sample(name, members[name]) for name in chosen}

    def _number(self, name: str, schema: Schema) -> int:
        lowest, highest = schema.get("minimum", 0), schema.get("maximum", 2**31 - 1)
        known = (int(value) for value in self._candidates(name) if str(value).isdecimal())
        fitting = [value for value in known if lowest <= value <= highest]
        return self.rng.choice(fitting) if fitting else self.rng.randint(lowest, min(highest, lowest + 9))

    def _text(self, name: str, schema: Schema) -> str:
        known = [str(value)[: schema.get("maxLength")] for value in self._candidates(name)]
        fitting = [value for value in known if re.search(schema.get("pattern", ""), value)]
        return self.rng.choice(fitting) if fitting else str(self.rng.randint(1, 9))

    def _candidates(self, name: str) -> list[Any]:
        """What is known to go by the argument's name ("spaceId" for "space-id", "id" for "parentId"), mostly."""
        plain = _plain(name)
        fitting = [value for member, value in self.known if member and plain.endswith(_plain(member))]
        if fitting and self.rng.random() < FITTING_SHARE:
            return fitting
        return [value for _, value in self.known]


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """(member name, value) of every text and number in an answer."""
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from leaves(member, key)
    elif isinstance(value, list):
        for member in value:
            yield from leaves(member, name)
    elif isinstance(value, (str, int)) and not isinstance(value, bool):
        yield name, value


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
