"""The audit on a real server: it passes for every scenario, and finds a reward's holes where there are any."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from sandlot_trainer.audit import audit as auditing
from sandlot_trainer.audit.audit import LevelAudit, audit_level
from sandlot_trainer.audit.report import kill_rate, summary_lines
from sandlot_trainer.client import Control
from sandlot_trainer.engine import Engine
from sandlot_trainer.episode import Protocol
from sandlot_trainer.rubric import Rubric, Score, score
from sandlot_trainer.scenarios import SCENARIOS, find_scenario
from sandlot_trainer.scenarios.base import Call, Draft, Split, Task
from tests.conftest import LiveServer

SCENARIO = find_scenario("page-create")
LEVELS = [(name, level) for name, scenario in SCENARIOS.items() for level in scenario.levels]


@pytest.fixture
async def engine(live_server: LiveServer) -> AsyncIterator[Engine]:
    token = live_server.control_headers["Authorization"].removeprefix("Bearer ")
    async with (
        Control(live_server.control_url, token) as control,
        Engine(control, Protocol(), keep_sites=False) as engine,
    ):
        yield engine


def shown(found: LevelAudit) -> str:
    return "\n\n".join(fault.render() for fault in found.faults)


@pytest.mark.parametrize(("name", "level"), LEVELS, ids=str)
async def test_every_scenario_holds(engine: Engine, name: str, level: int) -> None:
    split: Split = ("train", "validation", "test")[level % 3]  # type: ignore[assignment]
    found = await audit_level(engine, find_scenario(name), level, 1, (split,), cheated=3)
    assert not found.faults, shown(found)
    assert kill_rate([found]) == 1.0
    assert len(found.judged) > 30


def broken(monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    def scored(rubric: Rubric, trace: Any) -> Score:
        return change(score(rubric, trace))  # type: ignore[no-any-return]

    monkeypatch.setattr(auditing, "score", scored)


async def _faults(engine: Engine) -> set[str]:
    found = await audit_level(engine, SCENARIO, 1, 1, ("train",), cheated=0)
    return {fault.agent for fault in found.faults}


async def test_a_reward_that_forgives_guesses_is_found(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def forgiving(result: Score) -> Score:
        solved = all(line.right for line in result.lines) and not result.collateral
        return replace(result, reward=1.0 if solved else result.reward)

    broken(monkeypatch, forgiving)
    assert {"writes only", "writes, then reads"} <= await _faults(engine)


async def test_a_reward_that_forgives_collateral_is_found(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch, lambda result: replace(result, reward=1.0 if result.fraction == 1.0 else result.reward))
    assert any("at the end" in agent for agent in await _faults(engine))


async def test_a_reward_that_turns_right_ones_down_is_found(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch, lambda result: replace(result, reward=min(result.reward, 0.95)))
    assert {"oracle", "everything read first"} <= await _faults(engine)


async def test_a_reward_that_pays_worse_attempts_more_is_found(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def upside_down(result: Score) -> Score:
        return replace(result, reward=result.reward if result.success else 0.9 - result.reward)

    broken(monkeypatch, upside_down)
    found = await _faults(engine)
    assert {"noop", "reads only"} & found
    assert any("values wrong" in agent for agent in found)


async def test_cheats_that_are_paid_are_found(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch, lambda result: replace(result, reward=max(result.reward, 0.5)))
    found = await audit_level(engine, SCENARIO, 1, 1, ("train",), cheated=2)
    assert {f"cheat {name}" for name in auditing.CHEATS} <= {fault.agent for fault in found.faults}


class Lost(type(SCENARIO)):  # type: ignore[misc]
    """page-create, with solutions that go wrong."""

    name = "lost"

    def draft(self, rng: Any, level: int, split: Split) -> Draft:
        return super().draft(rng, level, split)  # type: ignore[no-any-return]

    async def oracle(self, task: Task, call: Call) -> None:
        if task.index:
            raise LookupError("no such page")
        await super().oracle(task, call)

    async def second(self, task: Task, call: Call) -> None:
        await call("getIssue", issueIdOrKey=task.facts["issue"])


async def test_solutions_that_fail_are_faults_and_the_rest_is_audited(engine: Engine) -> None:
    found = await audit_level(engine, Lost(), 1, 2, ("train",), cheated=0)
    said = {(fault.task, fault.agent): fault.what for fault in found.faults}
    assert said["lost/1/train/1", "oracle"] == "failed: LookupError no such page"
    assert "the second solution scored 0.000" in said["lost/1/train/0", "second"]
    assert found.second == 0
    assert len(found.judged) > 30
    assert kill_rate([found]) == 1.0


def test_nothing_audited_has_nothing_against_it() -> None:
    assert kill_rate([]) == 1.0
    assert summary_lines([])[0] == "0 agents at 0 tasks"
