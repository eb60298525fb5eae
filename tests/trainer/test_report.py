from __future__ import annotations

import io
from typing import Any

from rich.console import Console

from sandlot_trainer.figures import summarise
from sandlot_trainer.outcomes import Outcome
from sandlot_trainer.report import added_failures, figures_table, outcome_figures, trajectories


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


def test_the_table_has_figures_with_their_errors() -> None:
    outcomes = [Outcome(str(n), 0, n % 2, n % 2 == 1, "finished", 1, 1, 0, 0, 0, 5) for n in range(4)]
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(figures_table({"before": summarise(outcomes)}))
    text = console.export_text()
    assert "0.500 ± 0.289" in text
    assert "0.15 to 0.85" in text
    assert "pass^" not in text


def test_pass_k_is_shown_for_several_attempts() -> None:
    outcomes = [Outcome("a", n, n % 2, n % 2 == 1, "finished", 1, 1, 0, 0, 0, 5) for n in range(3)]
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(figures_table({"one": summarise(outcomes), "other": summarise(outcomes[:1])}))
    header, one, other = console.export_text().splitlines()
    assert header.split()[4:7] == ["pass^2", "pass^3", "collateral"]
    assert "0.000" in one.split("to")[1]
    assert other.split()[-3:] == ["0.00", "1.0", "5"]


def test_the_rewards_of_a_task_are_listed_by_attempt() -> None:
    outcomes = [Outcome("a", n, n / 2, n == 2, "finished", 1, 1, 0, 0, 0, 5) for n in (2, 0, 1)]
    assert outcome_figures(outcomes)["rewards"] == {"a": [0.0, 0.5, 1.0]}


def test_failures_of_several_sets_are_added_up() -> None:
    first = {"no call": {"count": 1, "share": 0.5, "example": {"task": "a", "detail": "d"}}}
    second = {
        "no call": {"count": 2, "share": 1.0, "example": {"task": "b", "detail": "e"}},
        "malformed call": {"count": 1, "share": 0.5, "example": {"task": "c", "detail": "f"}},
    }
    added = added_failures([first, second], 4)
    assert list(added) == ["malformed call", "no call"]
    assert added["no call"] == {"count": 3, "share": 0.75, "example": {"task": "a", "detail": "d"}}
