"""The command `sandlot`. What needs torch is imported by the commands that need it."""

from __future__ import annotations

import signal
import sys

import click

from sandlot_trainer.cli.audit import audit
from sandlot_trainer.cli.compare import compare, rescore
from sandlot_trainer.cli.evaluate import eval_command
from sandlot_trainer.cli.failures import failures_command
from sandlot_trainer.cli.scenarios import scenarios
from sandlot_trainer.cli.train import study, train
from sandlot_trainer.cli.visits import open_command, play_command, score_command


@click.group()
@click.version_option(package_name="sandlot")
def main() -> None:
    """Train and measure tool-using agents on Sandlot's mock of Jira and Confluence."""
    # Ended from outside, a command still stops the server that it has started.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))


for _command in (
    train,
    study,
    eval_command,
    audit,
    compare,
    rescore,
    failures_command,
    scenarios,
    open_command,
    score_command,
    play_command,
):
    main.add_command(_command)
