"""`sandlot train`: from a model to a trained one, phase by phase, each of which a later run can go on from.

warm start (the form of tool calls, on made-up tools) > evaluation before > GRPO on the scenario's training split >
evaluation after, on the same unseen tasks.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sandlot_trainer.arena import Arena
from sandlot_trainer.chat import supervised
from sandlot_trainer.client import EnvironmentFailure
from sandlot_trainer.episode import Episode
from sandlot_trainer.evaluate import evaluate, tasks_of
from sandlot_trainer.figures import summarise
from sandlot_trainer.grpo import Progress, Rollout, Row, build_trainer
from sandlot_trainer.history import History
from sandlot_trainer.outcomes import Outcome
from sandlot_trainer.policies import TokenRecord
from sandlot_trainer.policies.model import ModelPolicy
from sandlot_trainer.policies.oracle import OraclePolicy
from sandlot_trainer.profiles import Profile
from sandlot_trainer.runs import RunFolder
from sandlot_trainer.scenarios.base import Task
from sandlot_trainer.scenarios.forms import form_examples
from sandlot_trainer.scenarios.primer import PRIMER
from sandlot_trainer.trainee import Trainee, load, rates, save
from sandlot_trainer.warmstart import fit, merge

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What a run does. `forms` and `primers`: conversations of the warm start, over made-up tools and over the
    products' other operations; `steps`: GRPO steps; `tests`: test tasks, the
    same before and after."""

    scenario: str
    level: int
    seed: int
    profile: Profile
    forms: int = 50
    primers: int = 75
    warm_learning_rate: float = 1e-3
    steps: int = 24
    tests: int = 50

    def quick(self) -> Plan:
        """The whole loop in a few minutes: a look at it, no result."""
        profile = replace(self.profile, groups=4, updates=min(4, self.profile.updates))
        return replace(self, profile=profile, forms=30, primers=40, steps=4, tests=8)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def minutes(self) -> float:
        """About how long it takes on two cores with the default model (from the phases' measured pace)."""
        episodes = self.steps * self.profile.groups * self.profile.generations
        return ((self.forms + self.primers) * 2.2 + self.tests * 2 * 1.2 + episodes * 4.0) / 60


def train(
    arena: Arena, trainee: Trainee, plan: Plan, run: RunFolder, say: Say
) -> tuple[list[Outcome], list[Outcome], dict[str, Any]]:
    """The whole road: (outcomes before, outcomes after, seconds and rates by phase). What the folder has already
    is not done again."""
    tests = tasks_of(arena.scenario(plan.scenario), plan.level, "test", plan.tests)
    phases: dict[str, Any] = {"warm_start": warm_start(arena, trainee, plan, run.path / "warmstart", say)}
    begun = time.perf_counter()
    before = evaluation(arena, trainee, run, "before", tests, 0.0, say)
    phases["before"] = {"seconds": time.perf_counter() - begun}
    phases["bare_rates"] = rates(trainee)
    phases["rl"] = reinforce(arena, trainee, plan, run, say)
    if not (run.path / "checkpoint").exists():
        save(trainee, run.path / "checkpoint")
    begun = time.perf_counter()
    after = evaluation(arena, trainee, run, "after", tests, 0.0, say)
    phases["after"] = {"seconds": time.perf_counter() - begun}
    return before, after, phases


def warm_start(arena: Arena, trainee: Trainee, plan: Plan, folder: Path, say: Say) -> dict[str, Any]:
    """Teach how tools are called, on made-up ones and on the products' other operations; fold that into the weights,
    and keep them in `folder`."""
    if (folder / "config.json").exists():
        load(trainee, folder)
        return {"seconds": 0.0, "from": str(folder)}
    conversations = [list(form.messages) for form in form_examples(plan.seed, plan.forms)]
    primers = tasks_of(PRIMER, 1, "train", plan.primers, first=plan.seed * plan.primers)
    conversations += [episode.messages for episode in oracle_episodes(arena, primers)]
    examples = [supervised(trainee.chat, messages) for messages in conversations]
    say(f"warm start: {len(examples)} conversations, {sum(len(ids) for ids, _ in examples):,} tokens")
    begun = time.perf_counter()

    def show(step: int, of: int, loss: float) -> None:
        if step % 20 == 0 or step == of:
            left = (time.perf_counter() - begun) / step * (of - step)
            say(f"warm start {step}/{of}  loss {loss:.3f}  {left:.0f} s left")

    tuned, done = fit(
        trainee.model,
        examples,
        learning_rate=plan.warm_learning_rate,
        batch=2,
        seed=plan.seed,
        bf16=plan.profile.bf16,
        progress=show,
    )
    trainee.replace(merge(tuned))
    save(trainee, folder)
    return {"seconds": done.seconds, "examples": len(examples), "tokens": done.tokens, "losses": list(done.losses)}


def oracle_episodes(arena: Arena, tasks: Sequence[Task]) -> list[Episode]:
    """The oracle's solved episodes. Raises the environment's failure where there was one."""
    solved = []
    for result in arena.call(arena.engine.run_all, [(task, 0) for task in tasks], OraclePolicy()):
        if not isinstance(result, Episode):
            raise result
        solved.append(result)
    return solved


def evaluation(
    arena: Arena,
    trainee: Trainee,
    run: RunFolder,
    phase: str,
    tasks: Sequence[Task],
    temperature: float,
    say: Say,
) -> list[Outcome]:
    """Evaluate the trainee as it is, keep the episodes under `phase`, and say the figures as they come."""

    def show(outcomes: list[Outcome], of: int) -> None:
        figures = summarise(outcomes)
        if figures.n % max(1, of // 5) and figures.n > 1:
            return
        say(f"{phase}: {figures.n}/{of}  reward {figures.mean_reward:.3f}  success {figures.success_rate:.2f}")

    async def attempt() -> list[Outcome]:
        policy = trainee.policy(phase, temperature)
        file = run.episodes(phase)
        return await evaluate(arena.engine, policy, tasks, file, progress=show)

    return arena.call(attempt)


def reinforce(arena: Arena, trainee: Trainee, plan: Plan, run: RunFolder, say: Say) -> dict[str, Any]:
    """GRPO on the training split. Keeps `history.jsonl` and checkpoints in the run's folder, and goes on from the
    last checkpoint there is."""
    tasks = tasks_of(arena.scenario(plan.scenario), plan.level, "train", plan.steps * plan.profile.groups)
    rows: list[Row] = [{"task": task} for task in tasks]
    policy = ModelPolicy(trainee.generator, trainee.chat, name="training", temperature=plan.profile.temperature)

    def rollout(batch: Sequence[Row], step: int) -> list[Rollout]:
        trainee.generator.refresh()
        jobs = [(row["task"], plan.seed + step * 1000 + place) for place, row in enumerate(batch)]
        results = arena.call(arena.engine.run_all, jobs, policy)
        return [_rollout(result) for result in results]

    checkpoints = run.path / "trainer"
    last = _last_checkpoint(checkpoints)
    done = int(last.name.split("-")[1]) // plan.profile.updates if last else 0
    history = History(run.path / "history.jsonl", upto=done)
    if last:
        say(f"going on after step {done}")

    def show(progress: Progress) -> None:
        history.append({"step": progress.step, **progress.logs})
        say(
            f"step {progress.step}/{progress.of}  reward {progress.reward:.3f}  success {progress.success:.2f}  "
            f"dead groups {progress.dead:.2f}  {progress.seconds_left / 60:.0f} min left"
        )

    trainer = build_trainer(
        trainee.model,
        trainee.tokenizer,
        plan.profile,
        rollout,
        rows,
        checkpoints,
        steps=plan.steps,
        seed=plan.seed,
        save_steps=max(1, min(10, plan.steps // 2)),
        progress=show,
    )
    trainer.train(resume_from_checkpoint=str(last) if last else None)
    trainee.replace(merge(trainer.model))
    return history.phases()


def _rollout(result: Episode | EnvironmentFailure) -> Rollout:
    """An episode as the trainer needs it. A failure of the environment ends the training, which can be resumed:
    it is nobody's reward."""
    if isinstance(result, EnvironmentFailure):
        raise result
    assert isinstance(result.tokens, TokenRecord)
    assert result.score is not None
    return Rollout(
        prompt_ids=result.tokens.prompt_ids,
        completion_ids=result.tokens.completion_ids,
        logprobs=result.tokens.logprobs,
        mask=result.tokens.mask,
        reward=result.score.reward,
        metrics={
            "success": float(result.score.success),
            "calls": float(result.calls),
            "malformed": float(len(result.malformed)),
            "unknown_tools": float(len(result.unknown_tools)),
            "sampled": float(result.tokens.sampled),
            "policy_seconds": result.seconds.get("policy", 0.0),
            "environment_seconds": sum(value for phase, value in result.seconds.items() if phase != "policy"),
        },
    )


def _last_checkpoint(folder: Path) -> Path | None:
    found = [path for path in folder.glob("checkpoint-*") if (path / "trainer_state.json").exists()]
    return max(found, key=lambda path: int(path.name.split("-")[1]), default=None)
