"""What a run shows in pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sandlot_trainer.figures import Z95, Summary

CURVE_WINDOW = 8
_REWARD, _SUCCESS = "#1868db", "#4c9a2a"
_RUNS = ("#8590a2", "#1868db", "#4c9a2a", "#b65c02", "#964ac0", "#1d7f8c")
_WIDEST_INCHES = 120.0


def plot_figures(path: Path, runs: Mapping[str, Mapping[str, Summary]]) -> None:
    """Success and mean reward of each run, beside each other for each scenario and level, with 95% intervals.

    `runs`: by run, then by cell ("page-create/1"); a run need not have every cell.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    cells = list(dict.fromkeys(cell for figures in runs.values() for cell in figures))
    width = 0.8 / len(runs)
    size = (min(_WIDEST_INCHES, max(6.5, 1.5 + len(cells) * (0.4 + 0.4 * len(runs)))), 7.0)
    figure, (upper, lower) = pyplot.subplots(2, 1, figsize=size, sharex=True, layout="constrained")
    for number, (name, figures) in enumerate(runs.items()):
        colour = _RUNS[number % len(_RUNS)]
        at = [place + (number - (len(runs) - 1) / 2) * width for place, cell in enumerate(cells) if cell in figures]
        held = [figures[cell] for cell in cells if cell in figures]
        rates, means = [one.success_rate for one in held], [one.mean_reward for one in held]
        below = [one.success_rate - one.success_low for one in held]
        above = [one.success_high - one.success_rate for one in held]
        half = [Z95 * one.reward_se for one in held]
        upper.bar(at, rates, width * 0.9, yerr=[below, above], capsize=3, color=colour, label=name)
        lower.bar(at, means, width * 0.9, yerr=half, capsize=3, color=colour)
        for axes, values in ((upper, rates), (lower, means)):
            for place, value in zip(at, values, strict=True):
                axes.annotate(f"{value:.2f}", (place, 1.03), ha="center", fontsize=8, color=colour)
    for axes, label in ((upper, "success rate"), (lower, "mean reward")):
        axes.set(ylabel=f"{label} (95%)", ylim=(0, 1.1), xlim=(-0.5, len(cells) - 0.5))
        axes.grid(axis="y", alpha=0.2)
    turned: dict[str, Any] = {"rotation": 30, "ha": "right"} if len(cells) > 1 else {}
    lower.set_xticks(range(len(cells)), cells, **turned)
    figure.legend(loc="outside upper center", ncols=2, fontsize=8, title="Unseen tasks")
    figure.savefig(path, dpi=130)
    pyplot.close(figure)


def plot_curve(path: Path, history: Sequence[Mapping[str, Any]], before: Summary, after: Summary) -> None:
    """Training reward and success by step (thin: each step; thick: the mean of the last eight), with the test
    split before and after as dots."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    steps = [entry["step"] for entry in history]
    for name, label, colour in (("reward", "reward", _REWARD), ("rollout/success", "success", _SUCCESS)):
        values = [entry.get(name, float("nan")) for entry in history]
        axes.plot(steps, values, color=colour, alpha=0.25, linewidth=1)
        axes.plot(steps, _smoothed(values), color=colour, linewidth=2, label=f"training {label}")
    last = steps[-1] if steps else 0
    for summary, step, word in ((before, 0, "before"), (after, last, "after")):
        axes.errorbar(step, summary.mean_reward, yerr=Z95 * summary.reward_se, color=_REWARD, marker="o", capsize=3)
        below, above = summary.success_rate - summary.success_low, summary.success_high - summary.success_rate
        axes.errorbar(step, summary.success_rate, yerr=[[below], [above]], color=_SUCCESS, marker="s", capsize=3)
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
