"""What a run shows in words: tables in the terminal, its figures as JSON, and tasks before and after, call by call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from sandlot_trainer.failures import KINDS
from sandlot_trainer.figures import Difference, Summary, summarise
from sandlot_trainer.outcomes import Outcome


def figures_table(summaries: Mapping[str, Summary]) -> Table:
    """One row for each set of episodes: mean reward and success rate with their standard errors, the rate's 95%
    interval, pass^k where tasks had several attempts, and what an episode took."""
    most = max(summary.tasks and len(summary.pass_k) for summary in summaries.values())
    shown = sorted({k for k in (2, 4, 8, most) if 1 < k <= most})
    table = Table(box=None, pad_edge=False)
    passes = [f"pass^{k}" for k in shown]
    for name in ("", "n", "reward", "success", "95%", *passes, "collateral", "calls", "tokens"):
        table.add_column(name, justify="right" if name else "left", no_wrap=bool(name), overflow="fold")
    for name, summary in summaries.items():
        table.add_row(
            name,
            str(summary.n),
            f"{summary.mean_reward:.3f} ± {summary.reward_se:.3f}",
            f"{summary.success_rate:.3f} ± {summary.success_se:.3f}",
            f"{summary.success_low:.2f} to {summary.success_high:.2f}",
            *(f"{summary.pass_k[str(k)]:.3f}" if str(k) in summary.pass_k else "" for k in shown),
            f"{summary.collateral_rate:.2f}",
            f"{summary.calls:.1f}",
            f"{summary.sampled:.0f}" if summary.sampled else "",
        )
    return table


def failures_table(report: Mapping[str, Mapping[str, Any]]) -> Table:
    """How many episodes had each kind of failure, as `failure_report` counts them."""
    table = Table(box=None, pad_edge=False)
    for name in ("failure", "episodes", "share"):
        table.add_column(name, justify="left" if name == "failure" else "right")
    for kind, found in report.items():
        table.add_row(kind, str(found["count"]), f"{found['share']:.0%}")
    return table


def added_failures(reports: Iterable[Mapping[str, Mapping[str, Any]]], episodes: int) -> dict[str, dict[str, Any]]:
    """What `failure_report` gives for several sets of episodes, as one, over `episodes` of them in all."""
    added: dict[str, dict[str, Any]] = {}
    for report in reports:
        for kind, found in report.items():
            counted = added.setdefault(kind, {**found, "count": 0})
            counted["count"] += found["count"]
            counted["share"] = counted["count"] / episodes
    return {kind: added[kind] for kind in KINDS if kind in added}


def differences_table(found: Mapping[str, Mapping[str, Mapping[str, Difference]]], first: str) -> Table:
    """One row for each run and cell: what the run has more than the first, with the paired 95% interval."""
    table = Table(box=None, pad_edge=False)
    for name in (f"minus {first}", "on", "tasks", "success", "reward"):
        table.add_column(name, justify="right" if name == "tasks" else "left")
    for run, cells in found.items():
        for cell, values in cells.items():
            texts = (f"{one.mean:+.3f} ({one.low:+.3f} to {one.high:+.3f})" for one in values.values())
            table.add_row(run, cell, str(values["success"].n), *texts)
    return table


def interval(difference: Difference) -> str:
    return f"{difference.mean:+.3f} (95% {difference.low:+.3f} to {difference.high:+.3f}, n={difference.n})"


def show(console: Console, *parts: Any) -> None:
    for part in parts:
        console.print(part, highlight=False, soft_wrap=isinstance(part, str), markup=not isinstance(part, str))


def outcome_figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """A set of episodes as report.json has it; `rewards` are each task's, attempt by attempt."""
    rewards: dict[str, list[float]] = {}
    for outcome in sorted(outcomes, key=lambda one: one.attempt):
        rewards.setdefault(outcome.task, []).append(outcome.reward)
    return {**summarise(outcomes).to_json(), "rewards": dict(sorted(rewards.items()))}


def trajectories(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]], most: int = 3) -> str:
    """Markdown: the unseen tasks whose reward rose most, each before and after training, call by call.

    Both arguments are entries of an episode file.
    """
    of_before = {entry["outcome"]["task"]: entry for entry in before}
    pairs = [(of_before[entry["outcome"]["task"]], entry) for entry in after if entry["outcome"]["task"] in of_before]
    pairs.sort(key=lambda pair: pair[0]["outcome"]["reward"] - pair[1]["outcome"]["reward"])
    parts = ["# The same unseen task, before and after training\n"]
    for old, new in pairs[:most]:
        instruction = next(one["content"] for one in new["record"]["messages"] if one["role"] == "user")
        parts.append(f"## {new['outcome']['task']}\n\n> {instruction}\n")
        parts.append(f"### Before: reward {old['outcome']['reward']:.3f}\n\n{_conversation(old)}")
        parts.append(f"### After: reward {new['outcome']['reward']:.3f}\n\n{_conversation(new)}")
    return "\n".join(parts)


def _conversation(entry: Mapping[str, Any]) -> str:
    lines = ["```text"]
    for message in entry["record"]["messages"]:
        if message["role"] in ("assistant", "tool"):
            mark = ">" if message["role"] == "assistant" else "<"
            lines.append(f"{mark} {message['content']}")
    return "\n".join([*lines, f"({entry['outcome']['stop']})", "```\n"])
