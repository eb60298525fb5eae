"""What a run shows: tables in the terminal, the curve, and the same task before and after, call by call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from sandlot_trainer.outcomes import Difference, Outcome, Summary

CURVE_WINDOW = 8


def figures_table(summaries: Mapping[str, Summary]) -> Table:
    """One row for each set of episodes: n, mean reward and success rate with their standard errors."""
    table = Table(box=None, pad_edge=False)
    for name in ("", "n", "mean reward", "success", "collateral", "calls", "malformed", "unknown tools"):
        table.add_column(name, justify="left" if not name else "right")
    for name, summary in summaries.items():
        table.add_row(
            name,
            str(summary.n),
            f"{summary.mean_reward:.3f} ± {summary.reward_se:.3f}",
            f"{summary.success_rate:.3f} ± {summary.success_se:.3f}",
            f"{summary.collateral_rate:.2f}",
            f"{summary.calls:.1f}",
            str(summary.malformed),
            str(summary.unknown_tools),
        )
    return table


def interval(difference: Difference) -> str:
    return f"{difference.mean:+.3f} (95% {difference.low:+.3f} to {difference.high:+.3f}, n={difference.n})"


def show(console: Console, *parts: Any) -> None:
    for part in parts:
        console.print(part, highlight=False, soft_wrap=isinstance(part, str))


def plot_curve(path: Path, history: Sequence[Mapping[str, Any]], before: Summary, after: Summary) -> None:
    """Training reward and success by step (thin: each step; thick: the mean of the last eight), with the test
    split before and after as dots."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    steps = [entry["step"] for entry in history]
    for name, label, colour in (("reward", "reward", "#1868db"), ("rollout/success", "success", "#4c9a2a")):
        values = [entry.get(name, float("nan")) for entry in history]
        axes.plot(steps, values, color=colour, alpha=0.25, linewidth=1)
        axes.plot(steps, _smoothed(values), color=colour, linewidth=2, label=f"training {label}")
    last = steps[-1] if steps else 0
    for summary, step, word in ((before, 0, "before"), (after, last, "after")):
        axes.errorbar(step, summary.mean_reward, yerr=1.96 * summary.reward_se, color="#1868db", marker="o", capsize=3)
        axes.errorbar(
            step, summary.success_rate, yerr=1.96 * summary.success_se, color="#4c9a2a", marker="s", capsize=3
        )
        axes.annotate(f"test, {word}", (step, 1.02), fontsize=8, ha="left" if step == 0 else "right")
    axes.set(xlabel="GRPO step", ylim=(-0.02, 1.08), title="Training, and unseen test tasks before and after (95%)")
    axes.legend(loc="lower right")
    axes.grid(alpha=0.2)
    figure.tight_layout()
    figure.savefig(path, dpi=130)
    pyplot.close(figure)


def _smoothed(values: Sequence[float]) -> list[float]:
    return [
        sum(values[max(0, at + 1 - CURVE_WINDOW) : at + 1]) / (at + 1 - max(0, at + 1 - CURVE_WINDOW))
        for at in range(len(values))
    ]


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
    for message in entry["record"]["messages"][2:]:
        mark = ">" if message["role"] == "assistant" else "<"
        lines.append(f"{mark} {message['content']}")
    return "\n".join([*lines, f"({entry['outcome']['stop']})", "```\n"])


def outcome_figures(outcomes: Sequence[Outcome], summary: Summary) -> dict[str, Any]:
    """A set of episodes as report.json has it."""
    return {**summary.to_json(), "rewards": {outcome.task: outcome.reward for outcome in outcomes}}
