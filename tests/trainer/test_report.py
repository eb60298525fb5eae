from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console

from sandlot_trainer.outcomes import Outcome, summarise
from sandlot_trainer.report import figures_table, plot_curve, trajectories


def entry(task: str, reward: float, said: str) -> dict[str, Any]:
    messages = [
        {"role": "system", "content": "tools"},
        {"role": "user", "content": f"Do {task}"},
        {"role": "assistant", "content": said},
    ]
    return {"outcome": {"task": task, "reward": reward, "stop": "finished"}, "record": {"messages": messages}}


def test_trajectories_show_the_task_that_rose_most_first() -> None:
    before = [entry("a", 0.5, "old a"), entry("b", 0.0, "old b")]
    after = [entry("a", 0.6, "new a"), entry("b", 1.0, "new b")]
    text = trajectories(before, after)
    assert text.index("## b") < text.index("## a")
    assert text.index("> old b") < text.index("> new b")
    assert "reward 0.000" in text
    assert "reward 1.000" in text


def test_the_table_has_figures_with_their_errors(tmp_path: Path) -> None:
    outcomes = [Outcome(str(n), 0, n % 2, n % 2 == 1, "finished", 1, 1, 0, 0, 0, 5) for n in range(4)]
    console = Console(width=120, record=True, file=(tmp_path / "out").open("w"))
    console.print(figures_table({"before": summarise(outcomes)}))
    assert "0.500 ± 0.289" in console.export_text()
    console.file.close()


def test_the_curve_is_a_picture(tmp_path: Path) -> None:
    figures = summarise([Outcome("a", 0, 0.5, False, "finished", 1, 1, 0, 0, 0, 5)])
    history = [{"step": step, "reward": step / 9, "rollout/success": 0.0} for step in range(1, 10)]
    plot_curve(tmp_path / "curve.png", history, figures, figures)
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
