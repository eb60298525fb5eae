"""What a task has chosen so far, what a kind of thing is, and how one is found in a list."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sandlot_trainer.scenarios.base import Call
from sandlot_trainer.scenarios.generated.furnishing import Workplace
from sandlot_trainer.scenarios.vocabulary import Vocabulary

Facts = dict[str, Any]
Operations = tuple[str, ...]


@dataclass
class Choosing:
    """What a task has chosen so far, by role and in order: the comment belongs to the issue chosen before it."""

    rng: random.Random
    words: Vocabulary
    company: Workplace
    level: int
    chosen: dict[str, list[Facts]] = field(default_factory=dict)

    def last(self, role: str) -> Facts | None:
        found = self.chosen.get(role)
        return found[-1] if found else None

    def taken(self, role: str, member: str) -> set[Any]:
        """What those chosen so far in a role have for a member."""
        return {facts[member] for facts in self.chosen.get(role, ())}

    def issue(self) -> Facts:
        """The issue chosen last, as the world has it; empty where none was."""
        chosen = self.last("issue")
        return next((issue for issue in self.company.issues if chosen and issue["key"] == chosen["key"]), {})

    def keep(self, role: str, facts: Facts) -> Facts:
        self.chosen.setdefault(role, []).append(facts)
        return facts


class Entity(ABC):
    """One kind of thing. `operations`: what finding one calls; `others`: what finding it by another road calls;
    `narrows`: the kind in whose place it stands, where not everything of that kind will do."""

    kind: ClassVar[str]
    narrows: ClassVar[str] = ""
    operations: ClassVar[Operations] = ()
    others: ClassVar[Operations] = ()

    @property
    def role(self) -> str:
        """What it is chosen and found as."""
        return self.narrows or self.kind

    @abstractmethod
    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        """One of the world's, in the words of the instruction and as facts."""

    @abstractmethod
    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        """What the API takes for it. `found`: what was found before it, by role."""

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        return await self.find(facts, call, found)


class Named(Entity):
    """What the API takes in the words in which the instruction says it."""

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return facts["name"]


class Name(Named):
    """A thing of a closed list: one that the chosen issue does not have yet."""

    names: ClassVar[tuple[str, ...]]
    column: ClassVar[str] = ""

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        taken = {choosing.issue().get(self.column), *choosing.taken(self.role, "name")}
        name = choosing.rng.choice([name for name in self.names if name not in taken])
        return name, choosing.keep(self.role, {"name": name})


async def listed(call: Call, operation: str, wanted: Facts, /, **asked: Any) -> Facts:
    """The entry of an operation's answer that has all of `wanted`."""
    results = (await call(operation, **asked)).body["results"]
    return next(entry for entry in results if wanted.items() <= entry.items())
