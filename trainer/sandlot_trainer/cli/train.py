"""`sandlot train` and `sandlot study`."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sandlot_trainer.arena import Server, opened_arena
from sandlot_trainer.cli.options import (
    RunOptions,
    console,
    context_option,
    failures,
    reward_option,
    run_options,
    server_options,
    speaker,
    suited,
    task_options,
)
from sandlot_trainer.cli.torch_settings import model_options, prepare_torch
from sandlot_trainer.episode import Protocol
from sandlot_trainer.evaluate import tasks_of
from sandlot_trainer.figures import paired_difference, summarise
from sandlot_trainer.outcomes import Outcome
from sandlot_trainer.plots import plot_curve, plot_figures
from sandlot_trainer.report import figures_table, interval, outcome_figures, show, trajectories
from sandlot_trainer.runs import RunFolder
from sandlot_trainer.scoring import Mode

if TYPE_CHECKING:
    from sandlot_trainer.training import Plan


@click.command()
@task_options
@run_options
@server_options
@model_options
@context_option
@click.option("--profile", default="cpu", type=click.Choice(["cpu", "gpu"]), show_default=True)
@click.option("--quick", is_flag=True, help="The whole loop in a few minutes: a look, not a result.")
@click.option("--steps", type=int, help="GRPO steps, instead of the profile's.")
@reward_option
def train(
    scenario: str,
    level: int,
    seed: int,
    run: RunOptions,
    elsewhere: Server | None,
    model: str | None,
    threads: int,
    max_context_tokens: int | None,
    profile: str,
    quick: bool,
    steps: int | None,
    reward: Mode,
) -> None:
    """Train a model on a scenario, and measure it on unseen tasks before and after."""
    from sandlot_trainer import training
    from sandlot_trainer.trainee import Trainee

    prepare_torch(threads)
    say = speaker()
    plan = _plan(scenario, level, seed, profile, quick, steps)
    folder = run.folder(f"train-{scenario}")
    say(f"{folder.path}: {plan.forms + plan.primers} conversations, {plan.steps} GRPO steps, {plan.tests} test tasks")
    say(f"about {plan.minutes():.0f} minutes on two quiet cores; go on after an interruption with --resume")
    with failures(), opened_arena(elsewhere, Protocol(), mode=reward) as opened:
        family = opened.scenario(scenario)
        arena = suited(opened, family, level, plan.profile.temperature, max_context_tokens)
        rubrics = arena.call(_rubrics_hash, arena.engine, tasks_of(family, level, "test", plan.tests))
        protocol = arena.engine.protocol.to_json()
        config = {
            "plan": plan.to_json(),
            "model": model,
            "reward": reward,
            "protocol": protocol,
            "rubrics": rubrics,
        }
        folder.begin(config, resume=run.resume)
        trainee = Trainee(model or plan.profile.model, plan.profile)
        before, after, phases = training.train(arena, trainee, plan, folder, say)
        trainee.close()
    _report_training(folder, config, phases, before, after)


def _report_training(
    run: RunFolder, config: dict[str, Any], phases: dict[str, Any], before: list[Outcome], after: list[Outcome]
) -> None:
    from sandlot_trainer.history import read_history

    figures = {"before": summarise(before), "after": summarise(after)}
    history = read_history(run.path / "history.jsonl")
    difference = paired_difference(before, after)
    report = {
        **config,
        "split": "test",
        "before": outcome_figures(before),
        "after": outcome_figures(after),
        "success_difference": dataclasses.asdict(difference),
        "curve": [{key: entry.get(key) for key in ("step", "reward", "rollout/success")} for entry in history],
        "phases": phases,
    }
    run.write("report.json", report)
    plot_curve(run.path / "curve.png", history, figures["before"], figures["after"])
    plot_figures(run.path / "figures.png", {name: {before[0].cell: one} for name, one in figures.items()})
    text = trajectories(run.episodes("before").read(), run.episodes("after").read())
    (run.path / "trajectories.md").write_text(text, encoding="utf-8")
    show(console, figures_table(figures), f"success, after minus before: {interval(difference)}")
    for what in ("report.json", "curve.png", "figures.png", "trajectories.md", "checkpoint"):
        show(console, f"{what.partition('.')[0]:<13} {run.path / what}")


@click.command()
@task_options
@run_options
@server_options
@model_options
@context_option
@click.option("--n", default=100, show_default=True, help="Test tasks, the same for every model.")
@click.option("--steps", type=int, help="GRPO steps, instead of the profile's.")
@click.option("--quick", is_flag=True, help="A few minutes of everything: a look, not a result.")
@click.option(
    "--trained",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of a finished `train`: its models are compared, and none is trained anew.",
)
def study(
    scenario: str,
    level: int,
    seed: int,
    run: RunOptions,
    elsewhere: Server | None,
    model: str | None,
    threads: int,
    max_context_tokens: int | None,
    n: int,
    steps: int | None,
    quick: bool,
    trained: Path | None,
) -> None:
    """Compare the RL-trained model with the prompted, the few-shot, the warm-started and a supervised one."""
    from sandlot_trainer import study as studies
    from sandlot_trainer.study_page import study_page
    from sandlot_trainer.trained import Trained
    from sandlot_trainer.trainee import Trainee

    prepare_torch(threads)
    say = speaker()
    folder = run.folder(f"study-{scenario}")
    with failures(), opened_arena(elsewhere, Protocol()) as opened:
        source = Trained.read(trained) if trained else None
        plan = _plan(scenario, level, seed, "cpu", quick, steps or (source.steps if source else None))
        plan = plan if quick else dataclasses.replace(plan, tests=n)
        arena = suited(opened, opened.scenario(scenario), level, plan.profile.temperature, max_context_tokens)
        config = {"plan": plan.to_json(), "model": model, "protocol": arena.engine.protocol.to_json()}
        if source:
            source.check(config)
        folder.begin(config, resume=run.resume)
        if source:
            source.copy_to(folder)
        trainee = Trainee(model, plan.profile)
        arms, phases = studies.study(arena, trainee, plan, folder, say)
        trainee.close()
    report = studies.study_report(arms, phases)
    folder.write("report.json", report)
    page = folder.path / "study.md"
    command = f"make study SCENARIO={scenario}" + (f" TRAINED={trained}" if trained else "")
    page.write_text(study_page(folder.read("config.json"), report, command), encoding="utf-8")
    for mode in ("greedy", "T=1"):
        show(console, "", mode, figures_table({arm.name: arm.summaries()[mode] for arm in arms}))
    for what, difference in studies.comparisons(arms).items():
        show(console, f"{what}: {interval(difference)}")
    show(console, f"report    {folder.path / 'report.json'}", f"page      {page}")


def _plan(scenario: str, level: int, seed: int, profile: str, quick: bool, steps: int | None) -> Plan:
    from sandlot_trainer.profiles import PROFILES
    from sandlot_trainer.training import Plan

    plan = Plan(scenario, level, seed, PROFILES[profile])
    plan = plan.quick() if quick else plan
    return dataclasses.replace(plan, steps=steps) if steps else plan


async def _rubrics_hash(engine: Any, tasks: list[Any]) -> str:
    """One hash over the rubrics of all test tasks: what the figures were scored by."""
    import hashlib

    hashes = await asyncio.gather(*(engine.rubric(task) for task in tasks))
    return hashlib.sha256("".join(rubric.hash for rubric in hashes).encode()).hexdigest()
