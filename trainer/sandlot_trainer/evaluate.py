"""Evaluation: a policy's attempts at tasks that it has never seen, scored, kept and summed up."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sandlot_trainer.client import EnvironmentFailure
from sandlot_trainer.engine import Engine
from sandlot_trainer.episode import Episode
from sandlot_trainer.outcomes import EpisodeFile, Outcome, outcome_of
from sandlot_trainer.policies import Policy
from sandlot_trainer.scenarios import find_scenario
from sandlot_trainer.scenarios.base import Split, Task

Progress = Callable[[list[Outcome], int], None]


def tasks_of(scenario: str, level: int, split: Split, n: int, first: int = 0) -> list[Task]:
    """`n` tasks of a split, from index `first` on."""
    family = find_scenario(scenario)
    return [family.task(level, split, index) for index in range(first, first + n)]


async def evaluate(
    engine: Engine,
    policy: Policy,
    tasks: Sequence[Task],
    file: EpisodeFile,
    *,
    seed: int = 0,
    batch: int = 64,
    progress: Progress | None = None,
) -> list[Outcome]:
    """One attempt at each task, `batch` of them in flight; what `file` has already is not attempted again.

    Raises EnvironmentFailure when the server or the way to it fails; what was finished is kept.
    """
    done = {(outcome.task, outcome.attempt): outcome for outcome in file.outcomes()}
    open_tasks = [task for task in tasks if (task.name, seed) not in done]
    for start in range(0, len(open_tasks), batch):
        part = open_tasks[start : start + batch]
        results = await engine.run_all([(task, seed) for task in part], policy)
        finished = [result for result in results if isinstance(result, Episode)]
        rubrics = {task.name: await engine.rubric(task) for task in part}
        file.append([(episode, rubrics[episode.task]) for episode in finished])
        done |= {(episode.task, episode.seed): outcome_of(episode) for episode in finished}
        if failure := next((result for result in results if isinstance(result, EnvironmentFailure)), None):
            raise failure
        if progress is not None:
            progress(list(done.values()), len(tasks))
    return [done[task.name, seed] for task in tasks]
