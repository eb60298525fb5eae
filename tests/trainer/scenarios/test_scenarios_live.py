"""Every written scenario on a real server: its reference solution and its second one score 1.0, doing nothing 0.0."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator

import pytest

from sandlot_trainer.arena import Arena, opened_arena
from sandlot_trainer.engine import Engine
from sandlot_trainer.episode import Episode, Protocol
from sandlot_trainer.policies.noop import NoopPolicy
from sandlot_trainer.policies.oracle import OraclePolicy, SecondPolicy
from sandlot_trainer.scenarios import SCENARIOS
from sandlot_trainer.scenarios.base import SPLITS, Scenario, Task

PLACES = [
    pytest.param(scenario, level, id=f"{name}-{level}")
    for name, scenario in SCENARIOS.items()
    for level in scenario.levels
]


@pytest.fixture(scope="module")
def arena() -> Iterator[Arena]:
    with opened_arena(None, Protocol()) as arena:
        yield arena


@pytest.mark.parametrize(("scenario", "level"), PLACES)
def test_solutions_score_one_and_doing_nothing_zero(arena: Arena, scenario: Scenario, level: int) -> None:
    engine = arena.with_protocol(Protocol.of(scenario, level)).engine
    arena.call(check, engine, [scenario.task(level, split, index) for split in SPLITS for index in range(1)])


@pytest.mark.long
@pytest.mark.parametrize(("scenario", "level"), PLACES)
def test_solutions_of_many_tasks_score_one(arena: Arena, scenario: Scenario, level: int) -> None:
    engine = arena.with_protocol(Protocol.of(scenario, level)).engine
    arena.call(check, engine, [scenario.task(level, split, index) for split in SPLITS for index in range(1, 31)])


async def check(engine: Engine, tasks: list[Task]) -> None:
    policies = ((OraclePolicy(), 1.0), (SecondPolicy(), 1.0), (NoopPolicy(), 0.0))
    jobs = list(itertools.product(tasks, policies))
    episodes = await asyncio.gather(
        *(engine.run(task, policy, 0, task.scenario.second_operations) for task, (policy, _) in jobs)
    )
    for (task, (policy, reward)), episode in zip(jobs, episodes, strict=True):
        assert isinstance(episode, Episode)
        assert episode.score is not None
        assert (episode.stop, episode.score.reward) == ("finished", reward), (
            f"{task.name} {policy.name}\n{task.instruction}\n{episode.score.render()}"
        )
    for task in tasks:
        assert (await engine.rubric(task)).unexplained == (), task.name
