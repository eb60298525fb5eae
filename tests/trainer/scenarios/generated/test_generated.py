"""The generated scenarios on a real server: each write operation has one, and its solutions score 1.0."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandlot_trainer.client import Control
from sandlot_trainer.engine import Engine
from sandlot_trainer.episode import Protocol
from sandlot_trainer.policies.noop import NoopPolicy
from sandlot_trainer.policies.oracle import OraclePolicy, SecondPolicy
from sandlot_trainer.scenarios import find_scenario
from sandlot_trainer.scenarios.base import SPLITS
from sandlot_trainer.scenarios.generated import Documents, Generated, exempt_operations, generated_scenarios
from sandlot_trainer.serverprocess import started_server
from sandlot_trainer.tools import operations_of

PAGE = (Path(__file__).parents[4] / "docs" / "scenarios.md").read_text(encoding="utf-8")


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    async with (
        started_server() as (url, token),
        Control(url, token) as control,
        Engine(control, Protocol(max_context_tokens=4096), keep_sites=False) as engine,
    ):
        yield engine


def writes(documents: Documents) -> set[str]:
    return {
        f"{name}/{operation['operationId']}"
        for name, document in documents.items()
        for method, _, _, operation in operations_of(document)
        if method != "GET"
    }


async def test_every_write_operation_has_a_scenario_or_a_reason(engine: Engine) -> None:
    documents = await engine.documents()
    generated = {scenario.operation for scenario in generated_scenarios(documents).values()}
    exempt = exempt_operations(documents)
    assert generated | exempt.keys() == writes(documents)
    assert not generated & exempt.keys()
    assert all(exempt.values())
    assert f"\nThere are {len(generated)}. " in PAGE


async def test_solutions_score_one_and_doing_nothing_zero(engine: Engine) -> None:
    for number, scenario in enumerate(generated_scenarios(await engine.documents()).values()):
        tasks = [scenario.task(level, SPLITS[(number + level) % len(SPLITS)], 0) for level in scenario.levels]
        for policy, reward in ((OraclePolicy(), 1.0), (SecondPolicy(), 1.0), (NoopPolicy(), 0.0)):
            attempts = (engine.run(task, policy, operations=scenario.second_operations) for task in tasks)
            for task, episode in zip(tasks, await asyncio.gather(*attempts), strict=True):
                assert episode.score is not None
                assert episode.score.reward == reward, (task.name, policy.name, episode.score.render())
                assert (await engine.rubric(task)).unexplained == (), task.name


async def test_a_task_changes_more_than_which_thing_is_meant(engine: Engine) -> None:
    scenario = find_scenario("api/jira/updateWorklog", await engine.documents())
    assert isinstance(scenario, Generated)
    for index in range(20):
        filled = {scenario.slots[facts["slot"]].name for facts in scenario.task(1, "train", index).facts["filling"]}
        assert len(filled - {"issueIdOrKey", "id"}) == 1


async def test_a_task_is_the_same_each_time_and_its_words_belong_to_its_split(engine: Engine) -> None:
    documents = await engine.documents()
    scenario = find_scenario("api/jira/createIssue", documents)
    again = find_scenario("api/jira/createIssue", documents)
    for split in SPLITS:
        one, other = scenario.task(2, split, 5), again.task(2, split, 5)
        assert (one.instruction, one.world, one.facts) == (other.instruction, other.world, other.facts)
    assert scenario.task(2, "train", 5).instruction != scenario.task(2, "train", 6).instruction
    with pytest.raises(ValueError, match="no scenario 'api/jira/nothing'"):
        find_scenario("api/jira/nothing", documents)


async def test_issues_to_be_linked_are_not_linked_yet(engine: Engine) -> None:
    scenario = find_scenario("api/jira/linkIssues", await engine.documents())
    for index in range(400):
        task = scenario.task(1, "test", index)
        first, second = (facts["key"] for facts in task.facts["filling"] if "key" in facts)
        linked = {
            frozenset((issue["key"], link["outwardIssue"]))
            for issue in task.world["issues"]
            for link in issue.get("links", ())
        }
        assert frozenset((first, second)) not in linked
