"""A study as a page: its tables, its differences with their intervals, its pace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def study_page(config: Mapping[str, Any], report: Mapping[str, Any], command: str) -> str:
    """Markdown, from a study's config.json and report.json alone."""
    plan = config["plan"]
    lines = [
        f"# Study: {plan['scenario']}, level {plan['level']}",
        "",
        f"`{command}`, seed {plan['seed']}, {plan['tests']} test tasks, the same for all; {plan['steps']} GRPO steps of"
        f" {plan['profile']['groups']} tasks with {plan['profile']['generations']} attempts each.",
        "Versions: " + ", ".join(f"{name} {version}" for name, version in config["versions"].items()) + ".",
        "",
    ]
    for mode in ("greedy", "T=1"):
        lines += _table(mode, report["arms"])
    lines += _differences(report["differences"])
    lines += _pace(report["phases"])
    return "\n".join(lines) + "\n"


def _table(mode: str, arms: Mapping[str, Any]) -> list[str]:
    rows = [
        f"| {name} | {figures[mode]['mean_reward']:.3f} ± {figures[mode]['reward_se']:.3f}"
        f" | {figures[mode]['success_rate']:.2f} ± {figures[mode]['success_se']:.2f}"
        f" | {figures[mode]['calls']:.1f} | {figures[mode]['malformed']} |"
        for name, figures in arms.items()
    ]
    return [
        f"## {mode}",
        "",
        "| model | mean reward | success | calls | malformed |",
        "| --- | --- | --- | --- | --- |",
        *rows,
        "",
    ]


def _differences(differences: Mapping[str, Any]) -> list[str]:
    rows = [
        f"| {name} | {one['mean']:+.3f} | {one['low']:+.3f} to {one['high']:+.3f} |"
        for name, one in differences.items()
    ]
    head = ["## Paired differences", "", "| over the same tasks | mean | 95% interval |", "| --- | --- | --- |"]
    return [*head, *rows, ""]


def _pace(phases: Mapping[str, Any]) -> list[str]:
    """Seconds by phase, and our rates beside the model's bare ones on the same machine."""
    rl, bare = phases["rl"], phases["bare_rates"]
    rows = [
        f"| warm start | {phases['warm_start']['seconds']:.0f} s |",
        f"| GRPO | {rl['seconds']:.0f} s |",
        f"| of it rollouts / updates | {rl['rollout_seconds']:.0f} s / {rl['update_seconds']:.0f} s |",
        f"| environment, an episode | {rl['environment_seconds_per_episode']:.2f} s |",
        f"| control | {phases['control']['seconds']:.0f} s, {phases['control']['examples']} traces |",
        f"| rollouts, sampled tokens/s, prompts, answers and HTTP included | {rl['rollout_tokens_per_second']:.0f} |",
        f"| bare decoding, float32, batch 8 / 16, tokens/s | {bare['decode_8']:.0f} / {bare['decode_16']:.0f} |",
        f"| update, tokens/s of the rows | {rl['update_tokens_per_second']:.0f} |",
        f"| bare forward and backward, float32, tokens/s | {bare['update']:.0f} |",
    ]
    return ["## Pace, two cores", "", "| | |", "| --- | --- |", *rows]
