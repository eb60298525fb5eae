"""What is kept of a scored episode, and the figures over many of them."""

from __future__ import annotations

import json
import math
import os
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sandlot_trainer.episode import Episode
from sandlot_trainer.rubric import Rubric, score

_Z95 = 1.959964


@dataclass(frozen=True)
class Outcome:
    """One scored episode: `task` its task's name, `attempt` the seed of the policy's draws, `sampled` the tokens
    that a model wrote (0 for other policies)."""

    task: str
    attempt: int
    reward: float
    success: bool
    stop: str
    turns: int
    calls: int
    malformed: int
    unknown_tools: int
    collateral: int
    sampled: int


def outcome_of(episode: Episode) -> Outcome:
    if episode.score is None:
        raise ValueError(f"the episode of {episode.task} is not scored")
    return Outcome(
        task=episode.task,
        attempt=episode.seed,
        reward=episode.score.reward,
        success=episode.score.success,
        stop=episode.stop,
        turns=episode.turns,
        calls=episode.calls,
        malformed=len(episode.malformed),
        unknown_tools=len(episode.unknown_tools),
        collateral=len(episode.score.collateral),
        sampled=episode.tokens.sampled if episode.tokens else 0,
    )


@dataclass(frozen=True)
class Summary:
    """Figures over outcomes. Standard errors are over episodes (of reward: sd/sqrt(n); of success: binomial)."""

    n: int
    mean_reward: float
    reward_se: float
    success_rate: float
    success_se: float
    calls: float
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
    rewards = [outcome.reward for outcome in outcomes]
    success = sum(outcome.success for outcome in outcomes) / n
    stops: dict[str, int] = {}
    for outcome in outcomes:
        stops[outcome.stop] = stops.get(outcome.stop, 0) + 1
    return Summary(
        n=n,
        mean_reward=statistics.fmean(rewards),
        reward_se=statistics.stdev(rewards) / math.sqrt(n) if n > 1 else 0.0,
        success_rate=success,
        success_se=math.sqrt(success * (1 - success) / n),
        calls=statistics.fmean(outcome.calls for outcome in outcomes),
        sampled=statistics.fmean(outcome.sampled for outcome in outcomes),
        malformed=sum(outcome.malformed for outcome in outcomes),
        unknown_tools=sum(outcome.unknown_tools for outcome in outcomes),
        collateral_rate=sum(outcome.collateral > 0 for outcome in outcomes) / n,
        stops=stops,
    )


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
    differences = [of_b[task] - of_a[task] for task in shared]
    mean = statistics.fmean(differences)
    half = _Z95 * statistics.stdev(differences) / math.sqrt(len(shared)) if len(shared) > 1 else math.inf
    return Difference(len(shared), mean, mean - half, mean + half)


def _by_task(outcomes: Iterable[Outcome], value: str) -> dict[str, float]:
    values: dict[str, list[float]] = {}
    for outcome in outcomes:
        values.setdefault(outcome.task, []).append(float(getattr(outcome, value)))
    return {task: statistics.fmean(found) for task, found in values.items()}


class EpisodeFile:
    """Scored episodes as JSON lines, each whole: outcome, record, score, rubric and trace.

    An interruption can only cut the last line short; such a line is left out, and removed by the next append.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, episodes: Sequence[tuple[Episode, Rubric]]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as file:
            if file.tell() and not self._ends_whole(file):
                file.seek(0)
                file.truncate(file.read().rfind(b"\n") + 1)
            file.write("".join(_line(episode, rubric) for episode, rubric in episodes).encode())

    @staticmethod
    def _ends_whole(file: BinaryIO) -> bool:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"

    def read(self) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        whole, _, _cut_short = self.path.read_text(encoding="utf-8").rpartition("\n")
        return [json.loads(line) for line in whole.split("\n") if line]

    def outcomes(self) -> list[Outcome]:
        return [Outcome(**entry["outcome"]) for entry in self.read()]

    def rescored(self) -> int:
        """Score every stored trace again and return how many there are. Raises ValueError where one differs."""
        entries = self.read()
        for entry in entries:
            was = entry["outcome"]
            again = score(Rubric.from_json(entry["rubric"]), entry["trace"], entry["score"]["mode"]).reward
            if again != was["reward"]:
                raise ValueError(f"{self.path}: {was['task']} re-scores to {again}, not {was['reward']}")
        return len(entries)


def _line(episode: Episode, rubric: Rubric) -> str:
    assert episode.score is not None
    entry = {
        "outcome": asdict(outcome_of(episode)),
        "record": episode.record(),
        "score": episode.score.to_json(),
        "rubric": rubric.to_json(),
        "trace": episode.trace,
    }
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n"
