"""`sandlot open`, `sandlot score` and `sandlot play`: a task in anyone's hands."""

from __future__ import annotations

import sys
from contextlib import suppress

import click

from sandlot_trainer.arena import Arena, Server, opened_arena
from sandlot_trainer.cli.options import console, failures, reward_option, server_options
from sandlot_trainer.cli.typed import read_call
from sandlot_trainer.episode import Protocol
from sandlot_trainer.report import show
from sandlot_trainer.scoring import Mode
from sandlot_trainer.visits import Visit, score_site

HELP = """\
A call is a tool's name and its arguments: getIssue issueIdOrKey=OPS-7, or with JSON values
createPage spaceId=12 title="Release notes" body={"representation":"storage","value":"<p>Hello</p>"},
or all as JSON: {"name":"getIssue","arguments":{"issueIdOrKey":"OPS-7"}}.
help shows this and the tools, score the score so far, done ends."""


@click.command("open")
@click.argument("task")
@server_options
def open_command(task: str, elsewhere: Server | None) -> None:
    """Open a fresh site for TASK (page-create/1/test/3) on a running server, for a person or an agent."""
    server = _running(elsewhere)
    with failures(), opened_arena(server, Protocol()) as arena:
        visit = arena.call(Visit.open, arena.engine, task)
    show(
        console,
        f"task         {task}",
        f"instruction  {visit.task.instruction}",
        f"URL          {visit.access.base_url}",
        f"e-mail       {visit.access.email}",
        f"API token    {visit.access.token}",
        f"site         {visit.access.site}",
        f"score it by  sandlot score {visit.access.site} --control {server.control} --token <control token>",
    )


@click.command("score")
@click.argument("site")
@reward_option
@server_options
def score_command(site: str, reward: Mode, elsewhere: Server | None) -> None:
    """Score what has happened so far on SITE, which `sandlot open` made."""
    with failures(), opened_arena(_running(elsewhere), Protocol(), mode=reward) as arena:
        show(console, arena.call(score_site, arena.engine, site).render())


@click.command("play")
@click.argument("task")
@server_options
def play_command(task: str, elsewhere: Server | None) -> None:
    """Be the agent: do TASK (page-create/1/test/3) by calls that you type."""
    with suppress(ImportError):
        import readline  # noqa: F401  lines can then be edited and called back
    with failures(), opened_arena(elsewhere, Protocol()) as arena:
        visit = arena.call(Visit.open, arena.engine, task)
        tools = arena.call(visit.toolbox)
        show(console, f"{visit.task.instruction}\n\n{tools.signatures()}\n\n{HELP}\n")
        while (line := _line()) != "done":
            if line == "help":
                show(console, f"{tools.signatures()}\n\n{HELP}")
            elif line == "score":
                show(console, arena.call(visit.score).render())
            elif line:
                try:
                    show(console, _answer(arena, visit, line))
                except ValueError as error:
                    show(console, str(error))
        show(console, arena.call(visit.score).render())


def _answer(arena: Arena, visit: Visit, line: str) -> str:
    name, arguments = read_call(line, arena.call(visit.toolbox))
    return arena.call(visit.call, name, arguments)


def _line() -> str:
    """What was typed; the end of the input is the end of the play."""
    try:
        return input("> " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return "done"


def _running(elsewhere: Server | None) -> Server:
    if elsewhere is None:
        raise click.UsageError(
            "this needs a running server: --control http://127.0.0.1:8081 --token with the token of its data folder"
        )
    return elsewhere
