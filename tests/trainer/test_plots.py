from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure

from sandlot_trainer.figures import summarise
from sandlot_trainer.outcomes import Outcome
from sandlot_trainer.plots import plot_curve, plot_figures


def outcome(reward: float, task: str = "a") -> Outcome:
    return Outcome(task, 0, reward, reward == 1.0, "finished", 1, 1, 0, 0, 0, 5)


def test_the_curve_is_a_picture(tmp_path: Path) -> None:
    figures = summarise([outcome(0.5)])
    history = [{"step": step, "reward": step / 9, "rollout/success": 0.0} for step in range(1, 10)]
    plot_curve(tmp_path / "curve.png", history, figures, figures)
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")


def test_runs_are_bars_beside_each_other_with_their_intervals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Figure] = []
    monkeypatch.setattr(pyplot, "close", kept.append)
    half, full = summarise([outcome(1.0, "a"), outcome(0.0, "b")]), summarise([outcome(1.0, "a"), outcome(1.0, "b")])
    runs = {"before": {"x/1": half}, "after": {"x/1": full, "x/2": full}}
    plot_figures(tmp_path / "figures.png", runs)
    monkeypatch.undo()
    assert (tmp_path / "figures.png").read_bytes().startswith(b"\x89PNG")
    (figure,) = kept
    success, reward = figure.axes
    for axes in (success, reward):
        assert [round(bar.get_height(), 2) for bar in axes.patches] == [0.5, 1.0, 1.0]
    assert [label.get_text() for label in reward.get_xticklabels()] == ["x/1", "x/2"]
    (segment,) = success.containers[0].lines[2][0].get_segments()
    assert [round(y, 3) for _, y in segment] == [round(half.success_low, 3), round(half.success_high, 3)]
    pyplot.close(figure)
