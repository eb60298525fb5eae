"""Evaluation: a policy's attempts at tasks that it has never seen, scored, kept and summed up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sandlot_trainer.engine import Engine
from sandlot_trainer.outcomes import EpisodeFile, Outcome, outcome_of
from sandlot_trainer.policies import AnyPolicy
from sandlot_trainer.scenarios.base import Scenario, Split, Task

T = TypeVar("T")
Progress = Callable[[list[Outcome], int], None]


@dataclass(frozen=True)
class Cell:
    """A scenario at a level, and the engine that has the rules of an episode for it."""

    scenario: Scenario
    level: int
    engine: Engine

    @property
    def name(self) -> str:
        """The beginning of its tasks' names: "page-create/1"."""
        return f"{self.scenario.name}/{self.level}"


def tasks_of(scenario: Scenario, level: int, split: Split, n: int, first: int = 0) -> list[Task]:
    """`n` tasks of a split, from index `first` on."""
    return [scenario.task(level, split, index) for index in range(first, first + n)]


async def evaluate(
    engine: Engine,
    policy: AnyPolicy,
    tasks: Sequence[Task],
    file: EpisodeFile,
    *,
    seed: int = 0,
    attempts: int = 1,
    progress: Progress | None = None,
) -> list[Outcome]:
    """Attempts at each task, the first with `seed`, the next with the seed after it, as many in flight as the engine
    allows; what `file` has already is not attempted again.

    Raises what ended an attempt otherwise than by a score (EnvironmentFailure, say); what was finished is kept.
    """
    wanted = [(task, seed + number) for task in tasks for number in range(attempts)]
    stored = {(outcome.task, outcome.attempt): outcome for outcome in file.outcomes()}
    done = {(task.name, number): found for task, number in wanted if (found := stored.get((task.name, number)))}

    async def attempt(task: Task, number: int) -> None:
        episode = await engine.run(task, policy, number)
        assert episode.score is not None
        file.append([(episode, await engine.rubric(task))])
        done[task.name, number] = outcome_of(episode.record(), episode.score)
        if progress is not None:
            progress(list(done.values()), len(wanted))

    await together(attempt(task, number) for task, number in wanted if (task.name, number) not in done)
    return [done[task.name, number] for task, number in wanted]


async def evaluate_all(
    cells: Sequence[Cell],
    policy: AnyPolicy,
    file_of: Callable[[Cell], EpisodeFile],
    *,
    split: Split,
    n: int,
    seed: int,
    attempts: int,
    concurrency: int,
    progress: Callable[[Cell, list[Outcome]], None],
) -> dict[str, list[Outcome]]:
    """`n` tasks of each cell, by the cell's name: as many cells at a time as it takes to keep `concurrency` episodes
    in flight. Raises as `evaluate` does."""
    gate = asyncio.Semaphore(1 + concurrency // (n * attempts))

    async def one(cell: Cell) -> list[Outcome]:
        async with gate:
            return await evaluate(
                cell.engine,
                policy,
                tasks_of(cell.scenario, cell.level, split, n),
                file_of(cell),
                seed=seed,
                attempts=attempts,
                progress=lambda outcomes, of: progress(cell, outcomes),
            )

    outcomes = await together(one(cell) for cell in cells)
    return dict(zip((cell.name for cell in cells), outcomes, strict=True))


async def together(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """The results of work that is done at the same time, in its order. Where one fails, the others have been stopped,
    and have cleared up behind them, before its error is raised."""
    running = [asyncio.create_task(one) for one in work]
    try:
        return await asyncio.gather(*running)
    finally:
        for one in running:
            one.cancel()
        await asyncio.gather(*running, return_exceptions=True)
