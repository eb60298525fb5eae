"""`sandlot audit`: hold the rewards against bad agents."""

from __future__ import annotations

import click

from sandlot_trainer.arena import Server, opened_arena
from sandlot_trainer.audit.audit import LevelAudit, audit_level
from sandlot_trainer.audit.report import audit_table, summary_lines
from sandlot_trainer.cli.options import console, failures, server_options, speaker
from sandlot_trainer.engine import Engine
from sandlot_trainer.episode import Protocol
from sandlot_trainer.report import show
from sandlot_trainer.scenarios.base import SPLITS, Split

FAULTS_SHOWN = 20


@click.command()
@click.argument("scenarios", nargs=-1)
@click.option("--level", "levels", type=int, multiple=True, help="Only this level; may be given again.")
@click.option("--n", default=2, show_default=True, help="Tasks of each level and split.")
@click.option(
    "--split", "splits", type=click.Choice(SPLITS), multiple=True, help="Only this split; may be given again."
)
@server_options
def audit(
    scenarios: tuple[str, ...], levels: tuple[int, ...], n: int, splits: tuple[Split, ...], elsewhere: Server | None
) -> None:
    """Derive bad agents from the reference solutions of SCENARIOS, run them, and see that each scores as it deserves.

    SCENARIOS are names, paths of files of one's own, "all" for every written scenario (the default), or "api" for those
    generated from the contract.
    """
    say = speaker()

    async def run(engine: Engine) -> list[LevelAudit]:
        found = []
        for scenario in [one for name in scenarios or ("all",) for one in await engine.scenarios(name)]:
            for level in levels or scenario.levels:
                done = await audit_level(engine, scenario, level, n, splits or SPLITS)
                say(f"{scenario.name} level {level}: {len(done.judged)} agents, {len(done.faults)} faults")
                found.append(done)
        return found

    with failures(), opened_arena(elsewhere, Protocol()) as arena:
        audits = arena.call(run, arena.engine)
    faults = [fault for done in audits for fault in done.faults]
    show(console, "", audit_table(audits), "", *(f"\n{fault.render()}" for fault in faults[:FAULTS_SHOWN]))
    if len(faults) > FAULTS_SHOWN:
        show(console, f"\n... and {len(faults) - FAULTS_SHOWN} more")
    show(console, "", *summary_lines(audits))
    if faults:
        raise click.exceptions.Exit(1)
