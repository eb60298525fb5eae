"""What the commands share: their common options, their progress lines, and how failures are shown."""

from __future__ import annotations

import functools
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import click
from rich.console import Console

from sandlot_trainer.arena import Arena, Server
from sandlot_trainer.episode import Protocol
from sandlot_trainer.errors import SandlotError
from sandlot_trainer.runs import RunFolder
from sandlot_trainer.scenarios.base import Scenario
from sandlot_trainer.scoring import Mode

console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
Command = Callable[..., Any]


@dataclass(frozen=True)
class RunOptions:
    """Where a run keeps its files, and whether it goes on with one."""

    name: str | None
    runs: Path
    resume: bool = False

    def folder(self, what: str) -> RunFolder:
        """The run's folder: its --name, or `what` and the time."""
        plain = re.sub(r"[^\w.-]+", "-", what).strip("-")
        return RunFolder(self.runs / (self.name or f"{plain}-{datetime.now():%Y%m%d-%H%M%S}"))


def folder_options(command: Command) -> Command:
    """--name and --runs, given to the command as `run`."""

    @click.option("--name", help="Folder under runs/; by default what is run and the time.")
    @click.option("--runs", default="runs", type=click.Path(path_type=Path), help="Where runs are kept.")
    @functools.wraps(command)
    def wrapped(name: str | None, runs: Path, **others: Any) -> Any:
        return command(run=RunOptions(name, runs), **others)

    return wrapped


def run_options(command: Command) -> Command:
    """--name, --runs and --resume, given to the command as `run`."""

    @folder_options
    @click.option("--resume", is_flag=True, help="Go on with the run of this --name.")
    @functools.wraps(command)
    def wrapped(run: RunOptions, resume: bool, **others: Any) -> Any:
        return command(run=replace(run, resume=resume), **others)

    return wrapped


def server_options(command: Command) -> Command:
    """--control, --token and --server, given to the command as `elsewhere`: None where it is to start a server."""

    @click.option("--control", help="Control API of a server that runs elsewhere; else one is started.")
    @click.option("--token", envvar="SANDLOT_CONTROL_TOKEN", default="", help="That server's control token.")
    @click.option("--server", help="That server's Atlassian port, if not where its control API says.")
    @functools.wraps(command)
    def wrapped(control: str | None, token: str, server: str | None, **others: Any) -> Any:
        return command(elsewhere=_server(control, token, server), **others)

    return wrapped


def task_options(command: Command) -> Command:
    """The scenario's name, --level and --seed."""
    for option in reversed(
        (
            click.argument("scenario"),
            click.option("--level", default=1, show_default=True, help="1 is the easiest."),
            click.option("--seed", default=0, show_default=True, help="Of every random draw of the run."),
        )
    ):
        command = option(command)
    return command


reward_option = click.option(
    "--reward",
    default="shaped",
    type=click.Choice(get_args(Mode)),
    show_default=True,
    help="shaped pays each part that is right; binary pays success alone.",
)


context_option = click.option(
    "--max-context-tokens",
    type=click.IntRange(1),
    help="Of an episode, instead of the scenario's: a tokenizer that cuts finer than most needs more.",
)


def _server(control: str | None, token: str, server: str | None) -> Server | None:
    if control is None:
        if server:
            raise click.UsageError(
                "--server needs --control: the server's control API makes the sites and reads the traces"
            )
        return None
    if not token:
        raise click.UsageError("--control needs --token, the server's control token (in its data folder)")
    return Server(control, token, server)


def suited(
    arena: Arena, scenario: Scenario, level: int, temperature: float, max_context_tokens: int | None = None
) -> Arena:
    """The arena under the rules of a scenario's level. Raises ValueError on a level that there is none of."""
    rules = Protocol.of(scenario, level, temperature=temperature)
    return arena.with_protocol(replace(rules, max_context_tokens=max_context_tokens or rules.max_context_tokens))


def speaker() -> Callable[[str], None]:
    """Progress lines, with the minutes since the start."""
    begun = time.monotonic()

    def say(text: str) -> None:
        minutes, seconds = divmod(int(time.monotonic() - begun), 60)
        print(f"[{minutes:3d}:{seconds:02d}] {text}", flush=True)

    return say


@contextmanager
def failures() -> Iterator[None]:
    """Failures that a user can do something about, as one line and a non-zero exit."""
    try:
        yield
    except (SandlotError, ValueError) as error:
        raise click.ClickException(str(error)) from error
