"""What a task wants: the net change of rows that its oracle made, as leaf values with their sources."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from sandlot_trainer.canonical import Json
from sandlot_trainer.provenance import Source

VERSION = 1

ItemKind = Literal["row", "target", "value", "text", "ref", "element", "removed", "emptied", "piece"]


class RubricError(ValueError):
    """The oracle's trace cannot be made into a rubric; the message says why."""


@dataclass(frozen=True)
class Argument:
    """Where the oracle's request carried a value, and in which words: a refused call is compared there."""

    operation: str
    path: str
    sent: Json


@dataclass(frozen=True)
class Item:
    """One thing that a goal wants. `wanted` is a string, or symbolic where it depends on a row that the run
    makes: {"new": "page#0"} its id, {"new": "issue#0", "column": "key"} a value of it, {"parts": [...]} a
    text around such.

    `row`: the change took place; `target`: on this row; `piece`: this text stands in the document; `removed`:
    the set lost the element; `emptied`: the column lost its value.
    """

    path: str
    kind: ItemKind
    wanted: Json
    weight: float
    sources: tuple[Source, ...] = ()
    """Where the oracle had the value, or the parts of it, from."""
    needs: tuple[Json, ...] = ()
    """The values, or symbols of them, that stood only in answers: an agent must have read them before using
    them."""
    argument: Argument | None = None

    @property
    def informative(self) -> bool:
        """Whether getting this right says anything about the agent: defaults and constants come by
        themselves."""
        return self.kind != "row" and any(source.kind in ("instruction", "answer") for source in self.sources)


@dataclass(frozen=True)
class Goal:
    """The net change of one row: `name` is "issue:10012" for a row that was there, "page#0" for the first new
    page."""

    name: str
    table: str
    action: Literal["create", "update", "delete"]
    items: tuple[Item, ...]
    documents: Mapping[str, str] = field(default_factory=dict)
    """The oracle's plain text of each document column: the measure of how long the agent's may be."""


@dataclass(frozen=True)
class Rubric:
    """Everything that scoring a trace needs: the task's words, the goals, the kinds of columns."""

    task: str
    instruction: str
    goals: tuple[Goal, ...]
    tables: Mapping[str, Any]
    version: int = VERSION

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Rubric:
        goals = tuple(
            Goal(**{**goal, "items": tuple(_item(item) for item in goal["items"])}) for goal in value["goals"]
        )
        if value["version"] != VERSION:
            raise RubricError(f"This rubric is of version {value['version']}; this program reads version {VERSION}.")
        return cls(**{**value, "goals": goals})

    @property
    def unexplained(self) -> tuple[str, ...]:
        """The goal values that an agent can have from nowhere, for the tests of a scenario: constants
        excepted."""
        open_kinds = ("target", "ref", "text", "piece")
        return tuple(
            f"{goal.name} {item.path}: {item.wanted}"
            for goal in self.goals
            for item in goal.items
            if item.kind in open_kinds and any(source.kind == "literal" for source in item.sources)
        )

    @property
    def hash(self) -> str:
        """SHA-256 over the canonical JSON."""
        text = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _item(value: Mapping[str, Any]) -> Item:
    argument = Argument(**value["argument"]) if value["argument"] else None
    sources = tuple(Source(**source) for source in value["sources"])
    return Item(**{**value, "sources": sources, "needs": tuple(value["needs"]), "argument": argument})
