"""`sandlot eval`: score a policy on unseen tasks."""

from __future__ import annotations

from collections.abc import Callable

import click

from sandlot_trainer.arena import Server, opened_arena
from sandlot_trainer.cli.options import (
    RunOptions,
    console,
    failures,
    run_options,
    server_options,
    speaker,
    suited,
    task_options,
)
from sandlot_trainer.cli.torch_settings import model_options, prepare_torch
from sandlot_trainer.episode import Protocol
from sandlot_trainer.evaluate import evaluate, tasks_of
from sandlot_trainer.outcomes import Outcome, summarise
from sandlot_trainer.policies import Policy
from sandlot_trainer.policies.noop import NoopPolicy
from sandlot_trainer.policies.oracle import OraclePolicy
from sandlot_trainer.report import figures_table, outcome_figures, show


@click.command("eval")
@task_options
@run_options
@server_options
@model_options
@click.option("--policy", default="oracle", type=click.Choice(["oracle", "noop", "model"]), show_default=True)
@click.option("--n", default=200, show_default=True, help="Tasks of the test split.")
@click.option("--temperature", default=0.0, show_default=True, help="Of a model's draws; 0 is greedy.")
def eval_command(
    scenario: str,
    level: int,
    seed: int,
    run: RunOptions,
    elsewhere: Server | None,
    model: str | None,
    threads: int,
    policy: str,
    n: int,
    temperature: float,
) -> None:
    """Score a policy on unseen tasks."""
    say = speaker()
    folder = run.folder(f"eval-{scenario}-{policy}")
    with failures(), opened_arena(elsewhere, Protocol()) as opened:
        family = opened.scenario(scenario)
        arena = suited(opened, family, level, temperature)
        tasks = tasks_of(family, level, "test", n)
        config = {"scenario": scenario, "level": level, "n": n, "policy": policy, "model": model, "seed": seed}
        folder.begin({**config, "protocol": arena.engine.protocol.to_json()}, resume=run.resume)
        actor, close = _policy(policy, model, temperature, threads)

        def progress(outcomes: list[Outcome], of: int) -> None:
            if len(outcomes) % max(1, of // 5) == 0:
                say(f"{len(outcomes)}/{of}  reward {summarise(outcomes).mean_reward:.3f}")

        try:
            outcomes = arena.call(
                lambda: evaluate(arena.engine, actor, tasks, folder.episodes("eval"), seed=seed, progress=progress)
            )
        finally:
            close()
    figures = summarise(outcomes)
    report = folder.write("report.json", {**config, "split": "test", "eval": outcome_figures(outcomes, figures)})
    show(console, figures_table({f"{scenario} {policy}": figures}))
    show(
        console,
        f"{folder.episodes('eval').rescored()} stored traces re-scored to the same figures",
        f"report    {report}",
    )


def _policy(name: str, model: str | None, temperature: float, threads: int) -> tuple[Policy, Callable[[], None]]:
    if name == "oracle":
        return OraclePolicy(), lambda: None
    if name == "noop":
        return NoopPolicy(), lambda: None
    from sandlot_trainer.profiles import CPU
    from sandlot_trainer.trainee import Trainee

    prepare_torch(threads)
    trainee = Trainee(model, CPU)
    return trainee.policy(name, temperature), trainee.close
