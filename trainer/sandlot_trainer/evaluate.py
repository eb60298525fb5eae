"""Evaluation: a policy's attempts at tasks that it has never seen, scored, kept and summed up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from sandlot_trainer.engine import Engine
from sandlot_trainer.outcomes import EpisodeFile, Outcome, outcome_of
from sandlot_trainer.policies import Policy
from sandlot_trainer.scenarios.base import Scenario, Split, Task

Progress = Callable[[list[Outcome], int], None]


def tasks_of(scenario: Scenario, level: int, split: Split, n: int, first: int = 0) -> list[Task]:
    """`n` tasks of a split, from index `first` on."""
    return [scenario.task(level, split, index) for index in range(first, first + n)]


async def evaluate(
    engine: Engine,
    policy: Policy,
    tasks: Sequence[Task],
    file: EpisodeFile,
    *,
    seed: int = 0,
    progress: Progress | None = None,
) -> list[Outcome]:
    """One attempt at each task, as many in flight as the engine allows; what `file` has already is not attempted again.

    Raises what ended an attempt otherwise than by a score (EnvironmentFailure, say); what was finished is kept.
    """
    done = {(outcome.task, outcome.attempt): outcome for outcome in file.outcomes()}
    attempts = [asyncio.create_task(engine.run(task, policy, seed)) for task in tasks if (task.name, seed) not in done]
    of_name = {task.name: task for task in tasks}
    try:
        for attempt in asyncio.as_completed(attempts):
            episode = await attempt
            file.append([(episode, await engine.rubric(of_name[episode.task]))])
            done[episode.task, episode.seed] = outcome_of(episode)
            if progress is not None:
                progress(list(done.values()), len(tasks))
    finally:
        for unfinished in attempts:
            unfinished.cancel()
        await asyncio.gather(*attempts, return_exceptions=True)
    return [done[task.name, seed] for task in tasks]
