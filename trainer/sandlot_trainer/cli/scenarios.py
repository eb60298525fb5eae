"""`sandlot scenarios`: what there is to train and to be measured on."""

from __future__ import annotations

import click
from rich.table import Table

from sandlot_trainer.arena import Server, opened_arena
from sandlot_trainer.cli.options import console, failures, server_options
from sandlot_trainer.episode import Protocol
from sandlot_trainer.report import show
from sandlot_trainer.scenarios import SCENARIOS
from sandlot_trainer.scenarios.base import Scenario
from sandlot_trainer.scenarios.generated import exempt_operations, generated_scenarios

SAMPLE = 10
"""Tasks of each level that are made to see which tools they offer."""


@click.command()
@server_options
def scenarios(elsewhere: Server | None) -> None:
    """List the scenarios: those written, and one for each write operation that the server has."""
    with failures(), opened_arena(elsewhere, Protocol()) as arena:
        documents = arena.call(arena.engine.documents)
    generated = generated_scenarios(documents)
    table = Table(box=None, pad_edge=False)
    table.add_column("scenario", no_wrap=True)  # a name is there to be copied
    for name in ("levels", "tasks", "operations offered"):
        table.add_column(name, overflow="fold")
    for scenario in (*SCENARIOS.values(), *generated.values()):
        levels = f"1-{len(scenario.levels)}"
        table.add_row(scenario.name, levels, "any number a split", ", ".join(_operations(scenario)))
    show(
        console,
        table,
        "",
        f"{len(SCENARIOS)} written, {len(generated)} generated from the contract. Writes without one:",
    )
    for operation, reason in exempt_operations(documents).items():
        show(console, f"  {operation}: {reason}")


def _operations(scenario: Scenario) -> list[str]:
    tasks = (scenario.task(level, "train", index) for level in scenario.levels for index in range(SAMPLE))
    return sorted({operation.rpartition("/")[2] for task in tasks for operation in task.operations})
