"""Runs beside each other on the same tasks, read back from their stored episodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sandlot_trainer.figures import Difference, Summary, paired_difference, summarise
from sandlot_trainer.outcomes import Outcome, episode_files
from sandlot_trainer.rubric import Rubric

ALL = "all"


@dataclass(frozen=True)
class ReadRun:
    """A run's outcomes by cell ("page-create/1"); `scored_by`: for each task the rubric's hash and the mode."""

    name: str
    cells: dict[str, list[Outcome]] = field(default_factory=dict)
    scored_by: dict[str, tuple[str, str]] = field(default_factory=dict)

    def summaries(self) -> dict[str, Summary]:
        return {cell: summarise(outcomes) for cell, outcomes in sorted(self.cells.items())}

    def outcomes(self, cell: str) -> list[Outcome]:
        """Those of a cell, or of all."""
        if cell == ALL:
            return [outcome for outcomes in self.cells.values() for outcome in outcomes]
        return self.cells.get(cell, [])


def read_runs(paths: Sequence[Path]) -> list[ReadRun]:
    """Each a run's folder or one file of episodes. Raises ValueError where they cannot be compared."""
    runs = [_read(path, name) for path, name in zip(paths, _names(paths), strict=True)]
    first = runs[0]
    for run in runs[1:]:
        for task in first.scored_by.keys() & run.scored_by.keys():
            if first.scored_by[task] != run.scored_by[task]:
                raise ValueError(
                    f"{task} has another rubric or reward in {run.name} than in {first.name}: evaluate both anew."
                )
    return runs


def _read(path: Path, name: str) -> ReadRun:
    run = ReadRun(name)
    seen: dict[tuple[str, int], Path] = {}
    for file in episode_files(path):
        for entry in file.entries():
            outcome = Outcome(**entry["outcome"])
            before = seen.setdefault((outcome.task, outcome.attempt), file.path)
            if before != file.path:
                raise ValueError(
                    f"{path} has several sets of episodes of the same tasks: name one, {before} or {file.path}, say."
                )
            run.cells.setdefault(outcome.cell, []).append(outcome)
            run.scored_by[outcome.task] = (Rubric.from_json(entry["rubric"]).hash, entry["score"]["mode"])
    return run


def _names(paths: Sequence[Path]) -> list[str]:
    """The shortest ends of the paths that tell them apart, without "episodes/" and ".jsonl"."""
    parts = [[part for part in path.with_suffix("").absolute().parts if part != "episodes"] for path in paths]
    for length in range(1, max(map(len, parts)) + 1):
        names = ["/".join(one[-length:]) for one in parts]
        if len(set(names)) == len(names):
            return names
    raise ValueError(f"{paths[0]} is named twice: a run is not compared with itself.")


def differences(runs: Sequence[ReadRun]) -> dict[str, dict[str, dict[str, Difference]]]:
    """Each later run minus the first, on the tasks that both have: by run, cell and value (success, reward)."""
    first = runs[0]
    return {
        run.name: {
            cell: {
                value: paired_difference(first.outcomes(cell), run.outcomes(cell), value)
                for value in ("success", "reward")
            }
            for cell in _shared(first, run)
        }
        for run in runs[1:]
    }


def _shared(first: ReadRun, run: ReadRun) -> list[str]:
    """The cells that two runs have tasks of in common, and all of them. Raises ValueError where there are none."""
    shared = [
        cell
        for cell, outcomes in sorted(first.cells.items())
        if {outcome.task for outcome in outcomes} & {outcome.task for outcome in run.outcomes(cell)}
    ]
    if not shared:
        raise ValueError(f"{run.name} and {first.name} have no task in common.")
    return [*shared, *([ALL] if len(shared) > 1 else [])]


def comparison_report(
    runs: Sequence[ReadRun], found: Mapping[str, Mapping[str, Mapping[str, Difference]]]
) -> dict[str, Any]:
    return {
        "runs": {run.name: {cell: one.to_json() for cell, one in run.summaries().items()} for run in runs},
        "differences": {
            run: {cell: {value: asdict(one) for value, one in values.items()} for cell, values in cells.items()}
            for run, cells in found.items()
        },
    }
