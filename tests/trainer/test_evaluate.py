"""An evaluation that fails: one error, and nothing left behind or running on."""

from __future__ import annotations

import asyncio
import gc
import logging
from pathlib import Path

import httpx
import pytest

from sandlot_trainer.client import Control, EnvironmentFailure
from sandlot_trainer.engine import Engine
from sandlot_trainer.episode import Protocol
from sandlot_trainer.evaluate import Cell, evaluate, evaluate_all, tasks_of, together
from sandlot_trainer.outcomes import EpisodeFile, Outcome
from sandlot_trainer.policies.oracle import OraclePolicy
from tests.trainer.fakes import FakeServer, NoteScenario, Script, turn

SCENARIO = NoteScenario()


class HalfBroken(FakeServer):
    """The first site's calls are never answered, the second's fail once the first has been asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.transport = httpx.MockTransport(self.answer_later)

    async def answer_later(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/s/site-1/"):
            self.asked.set()
            await asyncio.Event().wait()
        if request.url.path.startswith("/s/"):
            await self.asked.wait()
            return httpx.Response(500, text="broken")
        for _ in range(50):  # as a real server takes its time
            await asyncio.sleep(0)
        return self.answer(request)


async def test_a_failure_is_one_error_and_deletes_every_site(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    server = HalfBroken()
    with caplog.at_level(logging.DEBUG, "asyncio"):
        with pytest.raises(EnvironmentFailure, match="failed: 500 broken"):
            async with (
                Control("http://control", "secret", transport=server.transport) as control,
                Engine(control, Protocol(), keep_sites=False, transport=server.transport) as engine,
            ):
                await evaluate(engine, OraclePolicy(), tasks_of(SCENARIO, 1, "test", 4), EpisodeFile(tmp_path / "x"))
        gc.collect()
        await asyncio.sleep(0)
    created, deleted = (sum(line.startswith(method) for line in server.log) for method in ("POST", "DELETE"))
    assert created == deleted > 1
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_each_attempt_has_a_seed_of_its_own_and_is_made_once(tmp_path: Path) -> None:
    server, file = FakeServer(), EpisodeFile(tmp_path / "x.jsonl")
    tasks = tasks_of(SCENARIO, 1, "test", 2)
    seen: list[int] = []
    async with server.control() as control, server.engine(control) as engine:
        first = await evaluate(engine, Script(), tasks, file, seed=5, attempts=2)
        again = await evaluate(
            engine, Script(), tasks, file, seed=5, attempts=3, progress=lambda done, of: seen.append(len(done))
        )
    assert [(one.task, one.attempt) for one in first] == [
        (f"notes/1/test/{index}", seed) for index in (0, 1) for seed in (5, 6)
    ]
    assert [one.attempt for one in again] == [5, 6, 7, 5, 6, 7]
    assert seen == [5, 6]
    assert len(file.outcomes()) == 6


async def test_cells_are_evaluated_under_their_own_rules(tmp_path: Path) -> None:
    server = FakeServer()
    policy = Script(*[turn(("readNote", {"id": "1"}))] * 9)

    class OtherScenario(NoteScenario):
        name = "others"

    progress: list[tuple[str, int]] = []

    def show(cell: Cell, outcomes: list[Outcome]) -> None:
        progress.append((cell.name, len(outcomes)))

    async with server.control() as control, server.engine(control) as engine:
        cells = [
            Cell(SCENARIO, 1, engine.with_protocol(Protocol(max_turns=4))),
            Cell(OtherScenario(), 1, engine.with_protocol(Protocol(max_turns=5))),
        ]
        outcomes = await evaluate_all(
            cells,
            policy,
            lambda cell: EpisodeFile(tmp_path / cell.scenario.name),
            split="test",
            n=2,
            seed=0,
            attempts=1,
            concurrency=1,
            progress=show,
        )
    assert {cell: [one.turns for one in found] for cell, found in outcomes.items()} == {
        "notes/1": [4, 4],
        "others/1": [5, 5],
    }
    assert sorted(progress) == [("notes/1", 1), ("notes/1", 2), ("others/1", 1), ("others/1", 2)]


async def test_work_done_together_has_ended_when_one_fails() -> None:
    cleared: list[str] = []

    async def long() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleared.append("long")

    async def wrong() -> None:
        await asyncio.sleep(0)
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        await together([long(), wrong()])
    assert cleared == ["long"]
