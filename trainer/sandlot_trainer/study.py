"""`sandlot study`: what reinforcement learning adds, against every cheaper way to get there.

On the same unseen test tasks: the prompted model, the model with solved examples in its prompt, the warm start that
RL began from, the RL-trained model, and the control that spent the same time on supervised training with the
oracle's traces. Greedy and at T=1.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sandlot_trainer.arena import Arena
from sandlot_trainer.chat import supervised
from sandlot_trainer.episode import Episode
from sandlot_trainer.evaluate import tasks_of
from sandlot_trainer.figures import Difference, Summary, paired_difference, summarise
from sandlot_trainer.outcomes import Outcome
from sandlot_trainer.runs import RunFolder
from sandlot_trainer.trainee import Trainee, load, rates, save
from sandlot_trainer.training import Plan, evaluation, oracle_episodes, reinforce, warm_start
from sandlot_trainer.warmstart import Example, fit, merge

Say = Callable[[str], None]
TEMPERATURES = (0.0, 1.0)
SHOTS = 2
# Training tasks of the examples in the prompt and of the control lie beyond those that RL takes.
BEYOND = 1_000_000
_CALIBRATION = 16


@dataclass(frozen=True)
class Arm:
    """One model of the study: its episodes at T=0 and T=1."""

    name: str
    greedy: list[Outcome]
    sampled: list[Outcome]

    def summaries(self) -> dict[str, Summary]:
        return {"greedy": summarise(self.greedy), "T=1": summarise(self.sampled)}


def study(arena: Arena, trainee: Trainee, plan: Plan, run: RunFolder, say: Say) -> tuple[list[Arm], dict[str, Any]]:
    """Run what of the study the folder does not have yet; returns its arms and the seconds and rates of its phases."""
    tests = tasks_of(arena.scenario(plan.scenario), plan.level, "test", plan.tests)
    phases: dict[str, Any] = run.read("phases.json") or {}

    def keep(name: str, value: Any) -> None:
        phases[name] = value
        run.write("phases.json", phases)

    def arm(name: str, arena: Arena = arena) -> Arm:
        greedy, sampled = (
            evaluation(arena, trainee, run, f"{name}-T{temperature:.0f}", tests, temperature, say)
            for temperature in TEMPERATURES
        )
        return Arm(name, greedy, sampled)

    if "bare_rates" not in phases:
        keep("bare_rates", rates(trainee))
    warm_folder, trained_folder, control_folder = (run.path / name for name in ("warmstart", "checkpoint", "control"))
    warm = warm_start(arena, trainee, plan, warm_folder, say)
    if warm["seconds"]:
        keep("warm_start", warm)
    warmed = arm("warm-started")
    if not trained_folder.exists():
        keep("rl", reinforce(arena, trainee, plan, run, say))
        save(trainee, trained_folder)
    load(trainee, trained_folder)
    trained = arm("rl-trained")
    trainee.restart()
    prompted, few_shot = arm("prompted"), _few_shot(arena, arm, plan)
    if not control_folder.exists():
        load(trainee, warm_folder)
        keep("control", _control(arena, trainee, plan, float(phases["rl"]["seconds"]), say))
        save(trainee, control_folder)
    load(trainee, control_folder)
    return [prompted, few_shot, warmed, arm("oracle-sft"), trained], phases


def comparisons(arms: Sequence[Arm]) -> dict[str, Difference]:
    """RL-trained minus each of the others, over the same tasks: success and reward, greedy and at T=1."""
    of_name = {arm.name: arm for arm in arms}
    trained = of_name.pop("rl-trained")
    return {
        f"rl-trained minus {name}, {value}, {mode}": paired_difference(
            getattr(arm, kind), getattr(trained, kind), value
        )
        for name, arm in of_name.items()
        for mode, kind in (("greedy", "greedy"), ("T=1", "sampled"))
        for value in ("success", "reward")
    }


def _few_shot(arena: Arena, arm: Callable[[str, Arena], Arm], plan: Plan) -> Arm:
    """The prompted model again, with solved tasks of the training split in its system prompt."""
    episodes = oracle_episodes(arena, tasks_of(arena.scenario(plan.scenario), plan.level, "train", SHOTS, first=BEYOND))
    shots = "\n\n".join(_shot(episode) for episode in episodes)
    base = arena.engine.protocol
    room = base.max_context_tokens * (SHOTS + 1)
    return arm(
        "few-shot", arena.with_protocol(replace(base, system=f"{base.system}\n\n{shots}", max_context_tokens=room))
    )


def _shot(episode: Episode) -> str:
    """A solved task as text: the instruction, the calls, the answers."""
    words = {"user": "Task: ", "assistant": "", "tool": ""}
    return "\n".join(f"{words[one['role']]}{one['content']}" for one in episode.messages if one["role"] != "system")


def _control(arena: Arena, trainee: Trainee, plan: Plan, seconds: float, say: Say) -> dict[str, Any]:
    """Supervised training on the oracle's traces, from the same warm start, for as long as RL took."""

    def examples(n: int, first: int) -> list[Example]:
        tasks = tasks_of(arena.scenario(plan.scenario), plan.level, "train", n, first=BEYOND + SHOTS + first)
        return [supervised(trainee.chat, episode.messages) for episode in oracle_episodes(arena, tasks)]

    begun = time.perf_counter()
    model, calibration = fit(trainee.model, examples(_CALIBRATION, 0), learning_rate=0.0, bf16=plan.profile.bf16)
    trainee.replace(merge(model))
    n = max(_CALIBRATION, int((seconds - (time.perf_counter() - begun)) * _CALIBRATION / calibration.seconds))
    say(f"control: {n} traces of the oracle, one epoch, in about {seconds / 60:.0f} min")

    def show(step: int, of: int, loss: float) -> None:
        if step % 25 == 0 or step == of:
            say(f"control {step}/{of}  loss {loss:.4f}")

    model, done = fit(
        trainee.model,
        examples(n, _CALIBRATION),
        learning_rate=plan.profile.learning_rate,
        rank=plan.profile.rank,
        alpha=plan.profile.alpha,
        bf16=plan.profile.bf16,
        seed=plan.seed,
        progress=show,
    )
    trainee.replace(merge(model))
    return {"seconds": time.perf_counter() - begun, "examples": n, "tokens": done.tokens}


def study_report(arms: Sequence[Arm], phases: dict[str, Any]) -> dict[str, Any]:
    return {
        "arms": {arm.name: {mode: summary.to_json() for mode, summary in arm.summaries().items()} for arm in arms},
        "differences": {name: asdict(difference) for name, difference in comparisons(arms).items()},
        "phases": phases,
    }
