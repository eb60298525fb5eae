"""The command `sandlot`. What needs torch is imported by the commands that need it."""

from __future__ import annotations

import click

from sandlot_trainer.cli.evaluate import eval_command
from sandlot_trainer.cli.train import study, train


@click.group()
@click.version_option(package_name="sandlot")
def main() -> None:
    """Train and measure tool-using agents on Sandlot's mock of Jira and Confluence."""


for _command in (train, study, eval_command):
    main.add_command(_command)
