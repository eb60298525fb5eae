"""What is kept of scored episodes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sandlot_trainer.episode import Episode
from sandlot_trainer.rubric import Rubric, score
from sandlot_trainer.scoring import Score


@dataclass(frozen=True)
class Outcome:
    """One scored episode: `task` its task's name, `attempt` the seed of the policy's draws, `sampled` the tokens
    that a model wrote, `given` those that it read (0 for other policies)."""

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
    given: int = 0

    @property
    def cell(self) -> str:
        """The scenario and the level: "page-create/1"."""
        return self.task.rsplit("/", 2)[0]


def outcome_of(record: Mapping[str, Any], scored: Score) -> Outcome:
    """The outcome of an episode by its record and its score."""
    tokens = record["tokens"] or {}
    return Outcome(
        task=record["task"],
        attempt=record["seed"],
        reward=scored.reward,
        success=scored.success,
        stop=record["stop"],
        turns=record["turns"],
        calls=record["calls"],
        malformed=len(record["malformed"]),
        unknown_tools=len(record["unknown_tools"]),
        collateral=len(scored.collateral),
        sampled=tokens.get("sampled", 0),
        given=tokens.get("given", 0),
    )


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

    def entries(self) -> Iterator[dict[str, Any]]:
        """Each episode; none where there is no such file."""
        if self.path.exists():
            with self.path.open(encoding="utf-8", newline="\n") as file:
                yield from (json.loads(line) for line in file if line.endswith("\n"))

    def read(self) -> list[dict[str, Any]]:
        return list(self.entries())

    def outcomes(self) -> list[Outcome]:
        return [Outcome(**entry["outcome"]) for entry in self.entries()]

    def rescored(self) -> tuple[list[Outcome], list[str]]:
        """Every stored trace scored again: the outcomes, and each figure of one that is stored otherwise, in words."""
        outcomes, differences = [], []
        for entry in self.entries():
            again = score(Rubric.from_json(entry["rubric"]), entry["trace"], entry["score"]["mode"])
            outcome = outcome_of(entry["record"], again)
            outcomes.append(outcome)
            stored = asdict(Outcome(**entry["outcome"]))
            differences += [
                f"{self.path}: {outcome.task}, attempt {outcome.attempt}: {name} {stored[name]} re-scores to {value}"
                for name, value in asdict(outcome).items()
                if value != stored[name]
            ]
        return outcomes, differences


def episode_files(run: Path) -> list[EpisodeFile]:
    """Those of a run's folder, or the one that `run` is itself. Raises ValueError where there is none."""
    paths = [run] if run.is_file() else sorted((run / "episodes").glob("*.jsonl"))
    if not paths:
        raise ValueError(f"{run} has no episodes: give a run's folder (runs/...) or one of its episodes/*.jsonl.")
    return [EpisodeFile(path) for path in paths]


def _line(episode: Episode, rubric: Rubric) -> str:
    if episode.score is None:
        raise ValueError(f"the episode of {episode.task} is not scored")
    record = episode.record()
    entry = {
        "outcome": asdict(outcome_of(record, episode.score)),
        "record": record,
        "score": episode.score.to_json(),
        "rubric": rubric.to_json(),
        "trace": episode.trace,
    }
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n"
