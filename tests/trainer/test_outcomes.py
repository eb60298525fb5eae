from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from sandlot_trainer.outcomes import EpisodeFile, Outcome, episode_files
from sandlot_trainer.policies.oracle import OraclePolicy
from tests.trainer.fakes import TASK, FakeServer, Script, turn


def outcome(task: str) -> Outcome:
    return Outcome(task, 0, 1.0, True, "finished", 4, 3, 0, 0, 0, 90)


@pytest.fixture
async def stored(tmp_path: Path) -> EpisodeFile:
    """Two episodes of one task: solved, and not."""
    server, file = FakeServer(), EpisodeFile(tmp_path / "episodes" / "x.jsonl")
    async with server.control() as control, server.engine(control) as engine:
        for policy in (OraclePolicy(), Script(turn(("nope", {})), turn(("readNote", {"id": "1"})))):
            file.append([(await engine.run(TASK, policy), await engine.rubric(TASK))])
    return file


def test_the_cell_of_an_outcome_is_its_scenario_and_level() -> None:
    assert outcome("page-create/2/test/7").cell == "page-create/2"
    assert outcome("api/jira/addComment/1/test/0").cell == "api/jira/addComment/1"


def test_a_line_cut_short_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "episodes" / "x.jsonl"
    path.parent.mkdir()
    entry = {"outcome": asdict(outcome("a"))}
    path.write_text(json.dumps(entry) + "\n" + '{"outcome": {"ta')
    assert [one.task for one in EpisodeFile(path).outcomes()] == ["a"]
    EpisodeFile(path).append([])
    assert path.read_text() == json.dumps(entry) + "\n"


async def test_stored_traces_come_to_the_stored_outcomes(stored: EpisodeFile) -> None:
    outcomes, differences = stored.rescored()
    assert outcomes == stored.outcomes()
    assert differences == []
    assert [(one.reward, one.unknown_tools, one.calls) for one in outcomes] == [(1.0, 0, 2), (0.0, 1, 1)]


async def test_every_figure_that_is_stored_otherwise_is_named(stored: EpisodeFile) -> None:
    entries = stored.read()
    entries[0]["outcome"] |= {"reward": 0.5, "calls": 9}
    stored.path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    assert stored.rescored()[1] == [
        f"{stored.path}: notes/1/train/0, attempt 0: reward 0.5 re-scores to 1.0",
        f"{stored.path}: notes/1/train/0, attempt 0: calls 9 re-scores to 2",
    ]


def test_a_run_without_episodes_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no episodes"):
        episode_files(tmp_path)
