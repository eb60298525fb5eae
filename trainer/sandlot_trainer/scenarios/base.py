"""What a scenario is: a family of tasks, each a world, an instruction and a reference solution."""

from __future__ import annotations

import hashlib
import random
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, get_args

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)


@dataclass(frozen=True)
class Draft:
    """What a scenario makes of a place: `world` is a seed document, `operations` the offered tools in order
    ("jira/getIssue"), `facts` what the reference solution may know of the instruction's making."""

    world: Mapping[str, Any] = field(repr=False)
    instruction: str
    operations: tuple[str, ...]
    facts: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Task(Draft):
    """One instance of a scenario, the same in every process."""

    scenario: Scenario = field(repr=False)
    level: int
    split: Split
    index: int

    @property
    def name(self) -> str:
        """The task's identity: "page-create/1/train/17"."""
        return f"{self.scenario.name}/{self.level}/{self.split}/{self.index}"


@dataclass(frozen=True)
class Result:
    """The answer to a call of the reference solution; `body` is what a model would see of it, parsed."""

    status: int
    body: Any


class Call(Protocol):
    """Calls an offered tool by its name, arguments as they are; one with a hyphen goes in as
    `**{"space-id": ...}`.

    The result may be a refusal.
    """

    async def __call__(self, tool: str, /, **arguments: Any) -> Result: ...


class Scenario(ABC):
    """A family of tasks over one kind of work; levels count from 1 and grow harder.

    `version` is raised whenever the tasks change: figures of different versions are not to be compared.
    `context`: for each level, the tokens that a whole conversation may take, half as much again as the reference
    solution's. `turns` and `turn_tokens`: how many turns an episode has, and how many tokens one of them may write.
    `second_operations`: what the second solution may call beyond the task's own tools.
    """

    name: str
    version: int = 1
    context: tuple[int, ...]
    turns: int = 8
    turn_tokens: int = 144
    second_operations: tuple[str, ...] = ()

    @property
    def levels(self) -> tuple[int, ...]:
        return tuple(range(1, len(self.context) + 1))

    def context_tokens(self, level: int) -> int:
        """Raises ValueError on a level that there is none of."""
        if level not in self.levels:
            raise ValueError(f"{self.name} has the levels {', '.join(map(str, self.levels))}, not {level}.")
        return self.context[level - 1]

    def task(self, level: int, split: Split, index: int) -> Task:
        """The task at this place, the same each time. Raises ValueError on a level that there is none of."""
        self.context_tokens(level)
        draft = self.draft(self.rng(level, split, index), level, split)
        return Task(**vars(draft), scenario=self, level=level, split=split, index=index)

    def rng(self, level: int, split: Split, index: int) -> random.Random:
        """The source of a task's random draws."""
        return task_random(self.name, self.version, level, split, index)

    @abstractmethod
    def draft(self, rng: random.Random, level: int, split: Split) -> Draft:
        """A world, an instruction, the tools, and the facts behind them."""

    @abstractmethod
    async def oracle(self, task: Task, call: Call) -> None:
        """The reference solution, from the instruction's facts and what its calls answer."""

    async def second(self, task: Task, call: Call) -> None:
        """Another solution, written apart from the reference and by another road: the audit holds that the rubric
        takes it. It may also call `second_operations`."""
        raise NotImplementedError(f"{self.name} has no second solution")


def task_random(*place: object) -> random.Random:
    """A generator of random draws that depends on `place` alone, the same in every process."""
    text = "/".join(map(str, place))
    return random.Random(int.from_bytes(hashlib.sha256(text.encode()).digest()))
