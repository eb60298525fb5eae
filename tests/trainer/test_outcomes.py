from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from sandlot_trainer.outcomes import EpisodeFile, Outcome, paired_difference, summarise


def outcome(task: str, reward: float, attempt: int = 0) -> Outcome:
    return Outcome(task, attempt, reward, reward == 1.0, "finished", 4, 3, 0, 0, 0, 90)


def test_a_summary_has_means_and_standard_errors() -> None:
    figures = summarise([outcome("a", 1.0), outcome("b", 1.0), outcome("c", 0.5), outcome("d", 0.5)])
    assert (figures.n, figures.mean_reward, figures.success_rate) == (4, 0.75, 0.5)
    assert figures.success_se == pytest.approx(0.25)
    assert figures.reward_se == pytest.approx(0.1443, abs=1e-4)
    assert figures.stops == {"finished": 4}


def test_nothing_is_not_summarised() -> None:
    with pytest.raises(ValueError, match="nothing to summarise"):
        summarise([])


def test_a_paired_difference_is_over_the_tasks_in_common() -> None:
    before = [outcome("a", 0.0), outcome("b", 0.0), outcome("c", 1.0), outcome("only before", 1.0)]
    after = [outcome("a", 1.0), outcome("b", 0.0), outcome("c", 1.0)]
    difference = paired_difference(before, after)
    assert difference.n == 3
    assert difference.mean == pytest.approx(1 / 3)
    assert difference.low < 0 < difference.high
    assert not difference.excludes_zero


def test_attempts_at_one_task_are_averaged() -> None:
    before = [outcome("a", 0.0, 0), outcome("a", 1.0, 1), outcome("b", 0.0)]
    after = [outcome("a", 1.0), outcome("b", 1.0)]
    assert paired_difference(before, after).mean == pytest.approx(0.75)


def test_no_common_task_is_an_error() -> None:
    with pytest.raises(ValueError, match="no task in common"):
        paired_difference([outcome("a", 1.0)], [outcome("b", 1.0)])


def test_a_line_cut_short_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "episodes" / "x.jsonl"
    path.parent.mkdir()
    entry = {"outcome": asdict(outcome("a", 1.0))}
    path.write_text(json.dumps(entry) + "\n" + '{"outcome": {"ta')
    assert [one.task for one in EpisodeFile(path).outcomes()] == ["a"]
    EpisodeFile(path).append([])
    assert path.read_text() == json.dumps(entry) + "\n"
