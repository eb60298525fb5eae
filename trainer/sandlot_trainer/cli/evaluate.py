"""`sandlot eval`: score a policy on unseen tasks."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import click

from sandlot_trainer.arena import Arena, Server, opened_arena
from sandlot_trainer.cli.options import (
    RunOptions,
    console,
    context_option,
    failures,
    reward_option,
    run_options,
    server_options,
    speaker,
)
from sandlot_trainer.cli.torch_settings import prepare_torch, threads_option
from sandlot_trainer.client import EnvironmentFailure
from sandlot_trainer.episode import Protocol
from sandlot_trainer.evaluate import Cell, evaluate_all
from sandlot_trainer.failures import failure_report
from sandlot_trainer.figures import summarise
from sandlot_trainer.outcomes import EpisodeFile, Outcome
from sandlot_trainer.plots import plot_figures
from sandlot_trainer.policies.specs import FORMS, PolicySpec
from sandlot_trainer.report import (
    added_failures,
    failures_table,
    figures_table,
    outcome_figures,
    show,
)
from sandlot_trainer.runs import RunFolder
from sandlot_trainer.scenarios.base import SPLITS, Scenario, Split
from sandlot_trainer.scoring import Mode

Overrides = dict[str, Any]


def _spec(context: click.Context, parameter: click.Parameter, value: str) -> PolicySpec:
    try:
        return PolicySpec.read(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command("eval")
@click.argument("scenario")
@click.option("--level", default="1", show_default=True, help="1 is the easiest; all for every one.")
@click.option("--policy", "spec", default="oracle", callback=_spec, show_default=True, help=f"One of {FORMS}.")
@click.option("--n", default=200, type=click.IntRange(1), show_default=True, help="Tasks of each scenario and level.")
@click.option("--attempts", default=1, type=click.IntRange(1), show_default=True, help="At each task, for pass^k.")
@click.option("--split", default="test", type=click.Choice(SPLITS), show_default=True)
@reward_option
@click.option("--seed", default=0, show_default=True, help="Of a policy's first attempt; the next ones count on.")
@click.option("--temperature", default=0.0, show_default=True, help="Of a model's draws; 0 is greedy.")
@click.option("--concurrency", type=click.IntRange(1), help="Episodes in flight: 64, or 8 programs, unless given.")
@click.option("--max-turns", type=click.IntRange(1), help="Of an episode, instead of the scenario's.")
@click.option("--max-new-tokens", type=click.IntRange(1), help="Of one turn of a model, instead of the scenario's.")
@context_option
@click.option("--time-limit", type=click.FloatRange(min=0, min_open=True), help="Of an episode, in seconds.")
@threads_option
@run_options
@server_options
def eval_command(
    scenario: str,
    level: str,
    spec: PolicySpec,
    n: int,
    attempts: int,
    split: Split,
    reward: Mode,
    seed: int,
    temperature: float,
    concurrency: int | None,
    max_turns: int | None,
    max_new_tokens: int | None,
    max_context_tokens: int | None,
    time_limit: float | None,
    threads: int,
    run: RunOptions,
    elsewhere: Server | None,
) -> None:
    """Score a policy on unseen tasks.

    SCENARIO is a name, a comma list of them, the path of a file of one's own (my_scenario.py), "all" for every
    written scenario, or "api" for those generated from the contract.
    """
    say = speaker()
    folder = run.folder(f"eval-{scenario}-{spec.kind}")
    in_flight = concurrency or spec.concurrency
    given = {
        "max_turns": max_turns,
        "max_new_tokens": max_new_tokens,
        "max_context_tokens": max_context_tokens,
        "time_limit_s": time_limit,
    }
    limits = {name: value for name, value in given.items() if value is not None}
    with failures(), opened_arena(elsewhere, Protocol(), mode=reward, concurrency=in_flight) as arena:
        cells = [_cell(arena, spec, *place, temperature, limits) for place in _places(arena, scenario, level)]
        config = {
            "scenarios": {cell.scenario.name: cell.scenario.version for cell in cells},
            "protocols": {cell.name: cell.engine.protocol.to_json() for cell in cells},
            "policy": str(spec),
            "split": split,
            "n": n,
            "attempts": attempts,
            "seed": seed,
            "reward": reward,
        }
        folder.begin(config, resume=run.resume)
        say(f"{folder.path}: {n} tasks x {attempts} attempts x {len(cells)} scenarios and levels")
        counted: dict[str, list[Outcome]] = {}

        def progress(cell: Cell, outcomes: list[Outcome]) -> None:
            counted[cell.name] = outcomes
            done, of = sum(map(len, counted.values())), n * attempts * len(cells)
            if done % max(1, of // 10) == 0:
                figures = summarise([outcome for of_cell in counted.values() for outcome in of_cell])
                say(f"{done}/{of}  reward {figures.mean_reward:.3f}  success {figures.success_rate:.2f}")

        async def measured() -> dict[str, list[Outcome]]:
            async with spec.opened(temperature) as policy:
                return await evaluate_all(
                    cells,
                    policy,
                    lambda cell: _file(folder, cell.name),
                    split=split,
                    n=n,
                    seed=seed,
                    attempts=attempts,
                    concurrency=in_flight,
                    progress=progress,
                )

        if spec.kind == "hf":
            prepare_torch(threads)
        try:
            outcomes = arena.call(measured)
        except EnvironmentFailure as failure:
            raise EnvironmentFailure(f"{failure} (go on with --name {folder.path.name} --resume)") from failure
        _report(folder, config, outcomes)


def _places(arena: Arena, names: str, level: str) -> list[tuple[Scenario, int]]:
    """The scenarios that are named, each with its levels. Raises ValueError on one that there is not."""
    if level != "all" and not level.isdecimal():
        raise ValueError(f"--level is a number or all, not {level!r}.")
    places = []
    for name in dict.fromkeys(part.strip() for part in names.split(",")):
        for scenario in arena.call(arena.engine.scenarios, name):
            if level == "all":
                places += [(scenario, one) for one in scenario.levels]
            elif name not in ("all", "api") or int(level) in scenario.levels:
                scenario.context_tokens(int(level))
                places.append((scenario, int(level)))
    if not places:
        raise ValueError(f"No scenario of {names} has a level {level}.")
    return places


def _cell(
    arena: Arena, spec: PolicySpec, scenario: Scenario, level: int, temperature: float, limits: dict[str, Any]
) -> Cell:
    """The scenario's level under its own rules, as the policy and the user change them."""
    protocol = spec.protocol(Protocol.of(scenario, level, temperature=temperature))
    return Cell(scenario, level, arena.engine.with_protocol(replace(protocol, **limits)))


def _file(folder: RunFolder, cell: str) -> EpisodeFile:
    return folder.episodes(re.sub(r"[^\w.-]+", "-", cell))


def _report(folder: RunFolder, config: dict[str, Any], outcomes: dict[str, list[Outcome]]) -> None:
    files = {cell: _file(folder, cell) for cell in outcomes}
    rescored = [file.rescored() for file in files.values()]
    if differences := [line for _, lines in rescored for line in lines]:
        raise ValueError(differences[0])
    failed = {cell: failure_report(file.entries()) for cell, file in files.items()}
    summaries = {cell: summarise(found) for cell, found in outcomes.items()}
    every = [outcome for found in outcomes.values() for outcome in found]
    failed_in_all = added_failures(failed.values(), len(every))
    report = {
        **config,
        "figures": {cell: {**outcome_figures(found), "failures": failed[cell]} for cell, found in outcomes.items()},
        "all": {**summarise(every).to_json(), "failures": failed_in_all},
    }
    path = folder.write("report.json", report)
    picture = folder.path / "figures.png"
    plot_figures(picture, {config["policy"]: summaries})
    show(console, figures_table({**summaries, **({"all": summarise(every)} if len(summaries) > 1 else {})}))
    if failed_in_all:
        show(console, "", failures_table(failed_in_all), f"(examples: sandlot failures {folder.path})", "")
    count = sum(len(again) for again, _ in rescored)
    show(console, f"{count} stored traces re-scored to the same figures", f"report    {path}", f"figures   {picture}")
