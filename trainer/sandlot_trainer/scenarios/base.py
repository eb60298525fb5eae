"""What a scenario is: a family of tasks, each a world, an instruction and a reference solution."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, get_args

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)


@dataclass(frozen=True)
class Task:
    """One instance of a scenario, the same in every process. `world` is a seed document, `operations` the
    offered tools in order ("jira/getIssue"), `facts` what the reference solution may know of the
    instruction's making."""

    scenario: str
    level: int
    split: Split
    index: int
    world: Mapping[str, Any] = field(repr=False)
    instruction: str
    operations: tuple[str, ...]
    facts: Mapping[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        """The task's identity: "page-create/1/train/17"."""
        return f"{self.scenario}/{self.level}/{self.split}/{self.index}"


@dataclass(frozen=True)
class Result:
    """The answer to a call of the reference solution; `body` is what a model would see of it, parsed."""

    status: int
    body: Any


class Call(Protocol):
    """Calls an offered tool by its name, arguments as they are; a name with a hyphen goes in as
    `**{"space-id": ...}`.

    The result may be a refusal.
    """

    async def __call__(self, name: str, **arguments: Any) -> Result: ...


class Scenario(Protocol):
    """A family of tasks over one kind of work; levels count from 1 and grow harder."""

    name: str
    levels: tuple[int, ...]

    def context_tokens(self, level: int) -> int:
        """The whole conversation's limit at a level: half as much again as the reference solution takes."""
        ...

    def task(self, level: int, split: Split, index: int) -> Task:
        """The task at this place, the same each time. Raises ValueError on a level that there is none of."""
        ...

    async def oracle(self, task: Task, call: Call) -> None:
        """The reference solution, from the instruction's facts and what its calls answer."""
        ...


def task_random(*place: object) -> random.Random:
    """A generator of random draws that depends on `place` alone, the same in every process."""
    text = "/".join(map(str, place))
    return random.Random(int.from_bytes(hashlib.sha256(text.encode()).digest()))
