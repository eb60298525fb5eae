"""`sandlot failures`: what went wrong in a run's episodes."""

from __future__ import annotations

from pathlib import Path

import click

from sandlot_trainer.cli.options import console, failures
from sandlot_trainer.failures import failure_report
from sandlot_trainer.outcomes import episode_files
from sandlot_trainer.report import failures_table, show


@click.command("failures")
@click.argument("run", type=click.Path(path_type=Path))
def failures_command(run: Path) -> None:
    """Count what went wrong in the episodes of RUN, a run's folder or one of its episode files."""
    with failures():
        for file in episode_files(run):
            entries = file.read()
            lost = sum(not entry["outcome"]["success"] for entry in entries)
            show(console, f"{file.path}: {len(entries)} episodes, {lost} of them without success")
            report = failure_report(entries)
            examples = (
                f"{kind}: {found['example']['task']}: {found['example']['detail']}" for kind, found in report.items()
            )
            if report:
                show(console, failures_table(report), "For example:", *examples, "")
