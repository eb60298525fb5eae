"""The command `sandlot`. What needs torch is imported by the commands that need it."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from sandlot_trainer.arena import Server, opened_arena
from sandlot_trainer.episode import Protocol
from sandlot_trainer.errors import SandlotError
from sandlot_trainer.evaluate import evaluate, tasks_of
from sandlot_trainer.outcomes import Outcome, summarise
from sandlot_trainer.policies import Policy
from sandlot_trainer.policies.noop import NoopPolicy
from sandlot_trainer.policies.oracle import OraclePolicy
from sandlot_trainer.report import figures_table, interval, outcome_figures, plot_curve, show, trajectories
from sandlot_trainer.runs import RunFolder
from sandlot_trainer.scenarios import SCENARIOS, find_scenario

if TYPE_CHECKING:
    from sandlot_trainer.training import Plan

console = Console(highlight=False)
Command = Callable[..., Any]


@click.group()
@click.version_option(package_name="sandlot")
def main() -> None:
    """Train and measure tool-using agents on Sandlot's mock of Jira and Confluence."""


def _common(command: Command) -> Command:
    for option in reversed(
        (
            click.argument("scenario", type=click.Choice(sorted(SCENARIOS))),
            click.option("--level", default=1, show_default=True, help="1 is the easiest."),
            click.option("--seed", default=0, show_default=True, help="Of every random draw of the run."),
            click.option("--name", help="Folder under runs/; by default the scenario and the time."),
            click.option("--runs", default="runs", type=click.Path(path_type=Path), help="Where runs are kept."),
            click.option("--control", help="Control API of a server that runs elsewhere; else one is started."),
            click.option("--token", envvar="SANDLOT_CONTROL_TOKEN", default="", help="That server's control token."),
            click.option("--server", help="That server's Atlassian port, if not where its control API says."),
            click.option("--resume", is_flag=True, help="Go on with the run of this --name."),
        )
    ):
        command = option(command)
    return command


def _model_options(command: Command) -> Command:
    for option in reversed(
        (
            click.option("--model", help="A local folder or a hub id; by default SmolLM2-135M-Instruct."),
            click.option("--threads", default=0, help="Threads of the arithmetic; by default the machine's cores."),
        )
    ):
        command = option(command)
    return command


@main.command("eval")
@_common
@_model_options
@click.option("--policy", default="oracle", type=click.Choice(["oracle", "noop", "model"]), show_default=True)
@click.option("--n", default=200, show_default=True, help="Tasks of the test split.")
@click.option("--temperature", default=0.0, show_default=True, help="Of a model's draws; 0 is greedy.")
def eval_command(
    scenario: str, level: int, seed: int, policy: str, n: int, temperature: float, model: str | None, threads: int,
    name: str | None, runs: Path, control: str | None, token: str, server: str | None, resume: bool,
) -> None:  # fmt: skip
    """Score a policy on unseen tasks."""
    say = _speaker()
    run = RunFolder(runs / (name or _name(f"eval-{scenario}-{policy}")))
    protocol = _protocol(scenario, level, temperature)
    tasks = tasks_of(scenario, level, "test", n)
    with _failures(), opened_arena(_server(control, token, server), protocol) as arena:
        config = {"scenario": scenario, "level": level, "n": n, "policy": policy, "model": model, "seed": seed}
        run.begin({**config, "protocol": protocol.to_json()}, resume=resume)
        actor, close = _policy(policy, model, temperature, threads)

        def progress(outcomes: list[Outcome], of: int) -> None:
            if len(outcomes) % max(1, of // 5) == 0:
                say(f"{len(outcomes)}/{of}  reward {summarise(outcomes).mean_reward:.3f}")

        try:
            outcomes = arena.call(
                lambda: evaluate(arena.engine, actor, tasks, run.episodes("eval"), seed=seed, progress=progress)
            )
        finally:
            close()
    figures = summarise(outcomes)
    report = run.write("report.json", {**config, "split": "test", "eval": outcome_figures(outcomes, figures)})
    show(console, figures_table({f"{scenario} {policy}": figures}))
    show(
        console, f"{run.episodes('eval').rescored()} stored traces re-scored to the same figures", f"report    {report}"
    )


def _policy(name: str, model: str | None, temperature: float, threads: int) -> tuple[Policy, Callable[[], None]]:
    if name == "oracle":
        return OraclePolicy(), lambda: None
    if name == "noop":
        return NoopPolicy(), lambda: None
    from sandlot_trainer.profiles import CPU
    from sandlot_trainer.trainee import Trainee

    _prepare_torch(threads)
    trainee = Trainee(model, CPU)
    return trainee.policy(name, temperature), trainee.close


@main.command()
@_common
@_model_options
@click.option("--profile", default="cpu", type=click.Choice(["cpu", "gpu"]), show_default=True)
@click.option("--quick", is_flag=True, help="The whole loop in a few minutes: a look, not a result.")
@click.option("--steps", type=int, help="GRPO steps, instead of the profile's.")
def train(
    scenario: str, level: int, seed: int, profile: str, quick: bool, steps: int | None, model: str | None,
    threads: int, name: str | None, runs: Path, control: str | None, token: str, server: str | None, resume: bool,
) -> None:  # fmt: skip
    """Train a model on a scenario, and measure it on unseen tasks before and after."""
    from sandlot_trainer import training
    from sandlot_trainer.trainee import Trainee

    _prepare_torch(threads)
    say = _speaker()
    plan = _plan(scenario, level, seed, profile, quick, steps)
    run = RunFolder(runs / (name or _name(f"train-{scenario}")))
    protocol = _protocol(scenario, level, plan.profile.temperature)
    say(f"{run.path}: {plan.forms + plan.primers} conversations, {plan.steps} GRPO steps, {plan.tests} test tasks")
    say(f"about {plan.minutes():.0f} minutes on two quiet cores; go on after an interruption with --resume")
    with _failures(), opened_arena(_server(control, token, server), protocol) as arena:
        rubrics = arena.call(_rubrics_hash, arena.engine, tasks_of(scenario, level, "test", plan.tests))
        config = {"plan": plan.to_json(), "model": model, "protocol": protocol.to_json(), "rubrics": rubrics}
        run.begin(config, resume=resume)
        trainee = Trainee(model or plan.profile.model, plan.profile)
        before, after, phases = training.train(arena, trainee, plan, run, say)
        trainee.close()
    _report_training(run, config, phases, before, after)


def _report_training(
    run: RunFolder, config: dict[str, Any], phases: dict[str, Any], before: list[Outcome], after: list[Outcome]
) -> None:
    from sandlot_trainer.history import read_history
    from sandlot_trainer.outcomes import paired_difference

    figures = {"before": summarise(before), "after": summarise(after)}
    history = read_history(run.path / "history.jsonl")
    difference = paired_difference(before, after)
    report = {
        **config,
        "split": "test",
        "before": outcome_figures(before, figures["before"]),
        "after": outcome_figures(after, figures["after"]),
        "success_difference": dataclasses.asdict(difference),
        "curve": [{key: entry.get(key) for key in ("step", "reward", "rollout/success")} for entry in history],
        "phases": phases,
    }
    run.write("report.json", report)
    plot_curve(run.path / "curve.png", history, figures["before"], figures["after"])
    text = trajectories(run.episodes("before").read(), run.episodes("after").read())
    (run.path / "trajectories.md").write_text(text, encoding="utf-8")
    show(console, figures_table(figures), f"success, after minus before: {interval(difference)}")
    for what in ("report.json", "curve.png", "trajectories.md", "checkpoint"):
        show(console, f"{what.partition('.')[0]:<13} {run.path / what}")


@main.command()
@_common
@_model_options
@click.option("--n", default=100, show_default=True, help="Test tasks, the same for every model.")
@click.option("--steps", type=int, help="GRPO steps, instead of the profile's.")
@click.option("--quick", is_flag=True, help="A few minutes of everything: a look, not a result.")
def study(
    scenario: str, level: int, seed: int, n: int, steps: int | None, quick: bool, model: str | None, threads: int,
    name: str | None, runs: Path, control: str | None, token: str, server: str | None, resume: bool,
) -> None:  # fmt: skip
    """Compare the RL-trained model with the prompted, the few-shot, the warm-started and a supervised one."""
    from sandlot_trainer import study as studies
    from sandlot_trainer.study_page import study_page
    from sandlot_trainer.trainee import Trainee

    _prepare_torch(threads)
    say = _speaker()
    plan = _plan(scenario, level, seed, "cpu", quick, steps)
    plan = plan if quick else dataclasses.replace(plan, tests=n)
    run = RunFolder(runs / (name or _name(f"study-{scenario}")))
    protocol = _protocol(scenario, level, plan.profile.temperature)
    with _failures(), opened_arena(_server(control, token, server), protocol) as arena:
        run.begin({"plan": plan.to_json(), "model": model, "protocol": protocol.to_json()}, resume=resume)
        trainee = Trainee(model, plan.profile)
        arms, phases = studies.study(arena, trainee, plan, run, say)
        trainee.close()
    report = studies.study_report(arms, phases)
    run.write("report.json", report)
    page = run.path / "study.md"
    page.write_text(study_page(run.read("config.json"), report, f"make study SCENARIO={scenario}"), encoding="utf-8")
    for mode in ("greedy", "T=1"):
        show(console, "", mode, figures_table({arm.name: arm.summaries()[mode] for arm in arms}))
    for what, difference in studies.comparisons(arms).items():
        show(console, f"{what}: {interval(difference)}")
    show(console, f"report    {run.path / 'report.json'}", f"page      {page}")


def _protocol(scenario: str, level: int, temperature: float) -> Protocol:
    family = find_scenario(scenario)
    if level not in family.levels:
        raise click.UsageError(f"{scenario} has the levels {', '.join(map(str, family.levels))}, not {level}")
    return Protocol(temperature=temperature, max_context_tokens=family.context_tokens(level))


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


def _prepare_torch(threads: int) -> None:
    """The threads of the arithmetic, and quiet libraries: their progress bars and notes would hide the run's own."""
    warnings.filterwarnings("ignore", message="`is_gradient_checkpointing` is deprecated", category=FutureWarning)
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()
    if not torch.cuda.is_available():
        os.environ.setdefault("DS_ACCELERATOR", "cpu")
    if threads:
        torch.set_num_threads(threads)


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


def _name(what: str) -> str:
    return f"{what}-{datetime.now():%Y%m%d-%H%M%S}"


def _speaker() -> Callable[[str], None]:
    """Progress lines, with the minutes since the start."""
    begun = time.monotonic()

    def say(text: str) -> None:
        minutes, seconds = divmod(int(time.monotonic() - begun), 60)
        print(f"[{minutes:3d}:{seconds:02d}] {text}", flush=True)

    return say


@contextmanager
def _failures() -> Iterator[None]:
    """Failures that a user can do something about, as one line and a non-zero exit."""
    try:
        yield
    except (SandlotError, ValueError) as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    sys.exit(main())
