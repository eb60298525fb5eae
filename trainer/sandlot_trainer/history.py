"""The figures of every training step, as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class History:
    """The figures of every step as JSON lines; `upto` drops what lies after the checkpoint that a run goes on from."""

    def __init__(self, path: Path, upto: int) -> None:
        self._path = path
        kept = [entry for entry in read_history(path) if entry["step"] <= upto]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(entry) + "\n" for entry in kept), encoding="utf-8")

    def append(self, entry: dict[str, Any]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def phases(self) -> dict[str, float]:
        """Seconds, by phase too, over all steps, those before an interruption among them, and the mean rates in tokens
        a second."""
        entries = read_history(self._path)
        rollout, update = _total(entries, "seconds/rollout"), _total(entries, "seconds/update")
        return {
            "seconds": rollout + update,
            "rollout_seconds": rollout,
            "update_seconds": update,
            "environment_seconds_per_episode": _mean(entries, "rollout/environment_seconds"),
            "rollout_tokens_per_second": _mean(entries, "rollout/tokens_per_second"),
            "update_tokens_per_second": _mean(entries, "update/tokens_per_second"),
        }


def read_history(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    whole, _, _cut_short = path.read_text(encoding="utf-8").rpartition("\n")
    return [json.loads(line) for line in whole.split("\n") if line]


def _total(entries: Iterable[dict[str, Any]], name: str) -> float:
    return float(sum(entry.get(name, 0.0) for entry in entries))


def _mean(entries: Iterable[dict[str, Any]], name: str) -> float:
    values = [entry[name] for entry in entries if name in entry]
    return sum(values) / len(values) if values else 0.0
