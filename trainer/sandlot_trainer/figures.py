"""Figures over scored episodes, with what they may be off by."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sandlot_trainer.outcomes import Outcome

Z95 = 1.959964


@dataclass(frozen=True)
class Summary:
    """Figures over `n` episodes of `tasks` tasks.

    Standard errors and the 95% interval of the success rate (Wilson's) hold attempts at one task for what they are:
    less than as many tasks. `pass_k`: the chance that k attempts at a task all succeed, for each k up to the
    attempts that every task has. `calls`, `given` and `sampled` are means over episodes.
    """

    n: int
    tasks: int
    mean_reward: float
    reward_se: float
    success_rate: float
    success_se: float
    success_low: float
    success_high: float
    pass_k: dict[str, float]
    calls: float
    given: float
    sampled: float
    malformed: int
    unknown_tools: int
    collateral_rate: float
    stops: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """Raises ValueError where there is nothing to summarise."""
    if not outcomes:
        raise ValueError("no episode was scored: nothing to summarise")
    n = len(outcomes)
    rewards = list(_by_task(outcomes, "reward").values())
    successes = list(_by_task(outcomes, "success").values())
    rate = sum(outcome.success for outcome in outcomes) / n
    worth = _effective(successes, rate, n)
    low, high = wilson(rate, worth)
    stops: dict[str, int] = {}
    for outcome in outcomes:
        stops[outcome.stop] = stops.get(outcome.stop, 0) + 1
    return Summary(
        n=n,
        tasks=len(rewards),
        mean_reward=statistics.fmean(outcome.reward for outcome in outcomes),
        reward_se=_standard_error([statistics.fmean(of_task) for of_task in rewards]),
        success_rate=rate,
        success_se=math.sqrt(rate * (1 - rate) / worth),
        success_low=low,
        success_high=high,
        pass_k=pass_k(successes),
        calls=statistics.fmean(outcome.calls for outcome in outcomes),
        given=statistics.fmean(outcome.given for outcome in outcomes),
        sampled=statistics.fmean(outcome.sampled for outcome in outcomes),
        malformed=sum(outcome.malformed for outcome in outcomes),
        unknown_tools=sum(outcome.unknown_tools for outcome in outcomes),
        collateral_rate=sum(outcome.collateral > 0 for outcome in outcomes) / n,
        stops=stops,
    )


def wilson(rate: float, n: float) -> tuple[float, float]:
    """Wilson's 95% interval of a rate over `n` independent trials."""
    middle = rate + Z95**2 / (2 * n)
    half = Z95 * math.sqrt(rate * (1 - rate) / n + Z95**2 / (4 * n**2))
    scale = 1 + Z95**2 / n
    low, high = (middle - half) / scale, (middle + half) / scale
    return max(0.0, min(low, rate)), min(1.0, max(high, rate))  # rounding must not move it off the rate


def pass_k(successes: Sequence[Sequence[float]]) -> dict[str, float]:
    """For each k, the mean over tasks of C(successes, k) / C(attempts, k): without bias, as tau-bench has it."""
    most = min(len(of_task) for of_task in successes)
    return {
        str(k): statistics.fmean(math.comb(int(sum(one)), k) / math.comb(len(one), k) for one in successes)
        for k in range(1, most + 1)
    }


@dataclass(frozen=True)
class Difference:
    """b minus a over the tasks that both attempted: the mean, and its 95% interval (normal approximation)."""

    n: int
    mean: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


def paired_difference(a: Sequence[Outcome], b: Sequence[Outcome], value: str = "success") -> Difference:
    """Of `success` or `reward`, per task averaged over its attempts. Raises ValueError where no task is shared."""
    of_a, of_b = _by_task(a, value), _by_task(b, value)
    shared = sorted(of_a.keys() & of_b.keys())
    if not shared:
        raise ValueError("the two sets of episodes have no task in common")
    differences = [statistics.fmean(of_b[task]) - statistics.fmean(of_a[task]) for task in shared]
    mean = statistics.fmean(differences)
    half = Z95 * _standard_error(differences) if len(shared) > 1 else math.inf
    return Difference(len(shared), mean, mean - half, mean + half)


def _by_task(outcomes: Iterable[Outcome], value: str) -> dict[str, list[float]]:
    values: dict[str, list[float]] = {}
    for outcome in outcomes:
        values.setdefault(outcome.task, []).append(float(getattr(outcome, value)))
    return values


def _standard_error(values: Sequence[float]) -> float:
    return statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else 0.0


def _effective(successes: Sequence[Sequence[float]], rate: float, n: int) -> float:
    """How many independent attempts the attempts are worth: between the number of tasks, where those at one task
    all end alike, and their own."""
    tasks = len(successes)
    if tasks == n:
        return n
    spread = _standard_error([statistics.fmean(of_task) for of_task in successes])
    return min(float(n), max(float(tasks), rate * (1 - rate) / spread**2)) if spread else float(tasks)
