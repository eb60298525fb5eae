"""`sandlot compare` and `sandlot rescore`: what stored runs say, with neither policy nor server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sandlot_trainer.cli.options import RunOptions, console, failures, folder_options
from sandlot_trainer.comparison import comparison_report, differences, read_runs
from sandlot_trainer.outcomes import Outcome, episode_files
from sandlot_trainer.plots import plot_figures
from sandlot_trainer.report import differences_table, figures_table, outcome_figures, show
from sandlot_trainer.runs import RunFolder


@click.command()
@click.argument("runs_read", metavar="RUN RUN...", nargs=-1, required=True, type=click.Path(path_type=Path))
@folder_options
def compare(runs_read: tuple[Path, ...], run: RunOptions) -> None:
    """Set runs beside each other, and give each one's difference to the first on the tasks that both have.

    A RUN is the folder of an evaluation, or one file of episodes: runs/x/episodes/before.jsonl.
    """
    if len(runs_read) < 2:
        raise click.UsageError("compare needs two runs or more")
    with failures():
        read = read_runs(runs_read)
        found = differences(read)
        folder = run.folder("compare")
        folder.begin({"runs": [str(path) for path in runs_read]}, resume=False)
        report = folder.write("report.json", comparison_report(read, found))
    summaries = {one.name: one.summaries() for one in read}
    cells = dict.fromkeys(cell for figures in summaries.values() for cell in figures)
    for cell in cells:
        of_cell = {name: figures[cell] for name, figures in summaries.items() if cell in figures}
        show(console, "", cell, figures_table(of_cell))
    show(console, "", differences_table(found, read[0].name), "(in brackets the paired 95% interval)", "")
    picture = folder.path / "figures.png"
    plot_figures(picture, summaries)
    show(console, f"report    {report}", f"figures   {picture}")


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
def rescore(run: Path) -> None:
    """Score a run's stored traces again, and recompute its figures from them.

    Ends with a non-zero exit where anything differs from what the run has stored.
    """
    with failures():
        differing: list[str] = []
        outcomes: dict[str, list[Outcome]] = {}
        for file in episode_files(run):
            outcomes[file.path.stem], lines = file.rescored()
            differing += lines
        if run.is_dir():
            differing += _differing_figures(RunFolder(run).read("report.json"), outcomes)
        count = sum(map(len, outcomes.values()))
        if differing:
            show(console, *differing)
            raise ValueError(f"{run}: {count} traces scored again, {len(differing)} figures differ.")
    show(console, f"{count} stored traces re-scored to the same figures")


def _differing_figures(report: dict[str, Any] | None, outcomes: dict[str, list[Outcome]]) -> list[str]:
    """Where the figures of a report are not those of the outcomes, in words. An evaluation's stand under its scenarios
    and levels, a training's under before and after."""
    report = report or {}
    every = [outcome for of_file in outcomes.values() for outcome in of_file]
    recomputed = {name: of_file for name, of_file in outcomes.items() if name in report}
    if "figures" in report:
        report = {**report["figures"], "all": report["all"]}
        recomputed = {name: [one for one in every if name in ("all", one.cell)] for name in report}
    return [
        f"report.json: {name} {figure} {report[name][figure]} comes to {value}"
        for name, of_name in recomputed.items()
        for figure, value in outcome_figures(of_name).items()
        if figure in report[name] and report[name][figure] != value
    ]
