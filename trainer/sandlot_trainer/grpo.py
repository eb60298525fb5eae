"""GRPO over whole episodes: TRL's trainer, its rollouts from the episode engine, its loss over the group's prefix tree.

Four overrides make the difference: the rows of a batch are kept for the engine; the sampler's log-probabilities are the
old ones; only sampled tokens are scored, each shared prefix once; rows without an advantage are left out, which for a
token-level loss without KL term is exact.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from peft import LoraConfig
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase, PrinterCallback, TrainerCallback
from trl import GRPOConfig, GRPOTrainer

from sandlot_trainer.profiles import Profile, grpo_arguments
from sandlot_trainer.trie import pack, prepare, score

_NO_ADVANTAGE = 1e-3  # a group of equal rewards has advantages of this order by rounding alone

Row = Mapping[str, Any]
"""What an episode is started from, whatever the caller made it."""


@dataclass(frozen=True)
class Rollout:
    """One episode as the update needs it. Per id of the completion: its log-probability when it was sampled (anything
    where the mask is 0) and a mask, 1 where the policy sampled it. A reward of None leaves the episode out: the
    environment failed, not the policy. `metrics` are averaged and logged; `success` (0 or 1) and `environment_seconds`
    have a meaning for the reports."""

    prompt_ids: list[int]
    completion_ids: list[int]
    logprobs: list[float]
    mask: list[int]
    reward: float | None
    metrics: Mapping[str, float] = field(default_factory=dict)


RolloutFunction = Callable[[Sequence[Row], int], Sequence[Rollout]]
"""Play one episode for each row, with the trainer's present weights. The second argument counts the steps before: with
it an episode's seed is the same after a resume. Attempts of one task stand side by side."""


@dataclass(frozen=True)
class Progress:
    """One finished step. `reward`, `success` and `dead` (share of groups without a difference in reward) are the
    step's; `seconds_left` is an estimate."""

    step: int
    of: int
    reward: float
    success: float
    dead: float
    seconds_left: float
    logs: Mapping[str, float]


class EpisodeTrainer(GRPOTrainer):  # type: ignore[misc]
    """TRL 1.16's GRPOTrainer with the overrides above. Make it by `build_trainer`."""

    def __init__(self, rows: Sequence[Row], rollout: RolloutFunction, updates: int, **arguments: Any) -> None:
        self._rows = rows
        self._updates = updates
        self._rollout = rollout
        self._batch: list[Row] = []
        self._buffered_inputs: list[dict[str, Any]] | None = None
        self._rollout_seconds = 0.0
        self._step_seconds = 0.0
        self._step_tokens = 0
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="You are using 'rollout_func'", category=UserWarning)
            super().__init__(rollout_func=_play, reward_funcs=[episode], **arguments)
        self.remove_callback(PrinterCallback)

    def _generate_and_score_completions(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        self._batch = [self._rows[row["row"]] for row in inputs]
        result: dict[str, Any] = super()._generate_and_score_completions(inputs)
        return result

    def _get_per_token_logps_and_entropies(self, *arguments: Any, **options: Any) -> tuple[Any, Any, Any]:
        """Nothing, where TRL wants the old log-probabilities before several updates: the sampler's serve, and a pass
        over every row takes longer than the updates."""
        if not torch.is_grad_enabled():
            return None, None, None
        found: tuple[Any, Any, Any] = super()._get_per_token_logps_and_entropies(*arguments, **options)
        return found

    def play(self) -> dict[str, list[Any]]:
        """Play the batch's episodes; the columns that TRL expects of a rollout function."""
        start = time.perf_counter()
        rollouts = list(self._rollout(self._batch, self.state.global_step // self._updates))
        seconds = time.perf_counter() - start
        if len(rollouts) != len(self._batch):
            raise ValueError(f"The rollout gave {len(rollouts)} episodes for {len(self._batch)} rows.")
        for rollout in rollouts:
            if not len(rollout.completion_ids) == len(rollout.logprobs) == len(rollout.mask) > 0:
                raise ValueError("A rollout's ids, log-probabilities and mask must be of one length, and not empty.")
        if self.model.training:
            self._rollout_seconds += seconds
            self._note("seconds/rollout", seconds)
            self._note("rollout/tokens_per_second", sum(sum(rollout.mask) for rollout in rollouts) / seconds)
        names = sorted({name for rollout in rollouts for name in rollout.metrics})
        for name in names:
            values = [rollout.metrics[name] for rollout in rollouts if name in rollout.metrics]
            self._note(f"rollout/{name}", sum(values) / len(values))
        return {
            "prompt_ids": [rollout.prompt_ids for rollout in rollouts],
            "completion_ids": [rollout.completion_ids for rollout in rollouts],
            "logprobs": [rollout.logprobs for rollout in rollouts],
            "env_mask": [rollout.mask for rollout in rollouts],
            "outcome": [rollout.reward for rollout in rollouts],
        }

    def _prepare_inputs(self, generation_batch: Any) -> dict[str, Any]:
        """As TRL's, but the rows stay in their order: a device batch is one group, which shares its prefixes."""
        if not self.model.training:
            return self._generate_and_score_completions(generation_batch)
        parts = self.args.steps_per_generation
        if self._step % (parts * self.num_iterations) == 0 or self._buffered_inputs is None:
            batch = self._generate_and_score_completions(generation_batch)
            size = len(batch["advantages"]) // parts
            self._buffered_inputs = [
                {
                    name: value[part * size : (part + 1) * size] if value.dim() else value
                    for name, value in batch.items()
                }
                for part in range(parts)
            ]
        inputs: dict[str, Any] = self._buffered_inputs[self._step % parts]
        return inputs

    def training_step(self, *arguments: Any, **options: Any) -> Tensor:
        start, before = time.perf_counter(), self._rollout_seconds
        loss: Tensor = super().training_step(*arguments, **options)
        self._step_seconds += time.perf_counter() - start - (self._rollout_seconds - before)
        if self._step % self.args.steps_per_generation == 0:
            self._note("seconds/update", self._step_seconds)
            self._note("update/tokens_per_second", self._step_tokens / self._step_seconds)
            self._step_seconds, self._step_tokens = 0.0, 0
        return loss

    def _compute_loss(self, model: Any, inputs: dict[str, Any]) -> Tensor:
        advantages = inputs["advantages"]
        live = (advantages.abs() > _NO_ADVANTAGE).nonzero().flatten().tolist()
        if not live:
            return self._no_loss(model, inputs)
        sampled = (inputs["completion_mask"] * inputs["tool_mask"]).bool()
        rows, masks = [], []
        for index in live:
            prompt = inputs["prompt_ids"][index][inputs["prompt_mask"][index].bool()].tolist()
            there = inputs["completion_mask"][index].bool()
            rows.append(prompt + inputs["completion_ids"][index][there].tolist())
            masks.append([0] * len(prompt) + sampled[index][there].long().tolist())
        logprobs, entropy = score(model, pack(rows, masks), self.temperature)
        old = inputs["sampling_per_token_logps"][live][sampled[live]]
        weights = advantages[live].repeat_interleave(sampled[live].sum(dim=1))
        log_ratio = logprobs - old
        ratio = log_ratio.exp()
        clipped = ratio.clamp(1 - self.epsilon_low, 1 + self.epsilon_high)
        # `num_items_in_batch` counts the sampled tokens of the whole generation batch; a window is part of it
        window = self.current_gradient_accumulation_steps / self.args.steps_per_generation
        tokens = inputs["num_items_in_batch"].clamp(min=1.0) / self.accelerator.num_processes * window
        self._step_tokens += sum(map(len, rows))
        self._note("entropy", float(entropy.mean()))
        if self._step % self.args.steps_per_generation < self.current_gradient_accumulation_steps:  # not updated yet
            self._note("sampler/logprob_difference_mean", float(log_ratio.detach().abs().mean()))
            self._note("sampler/logprob_difference_max", float(log_ratio.detach().abs().max()))
        self._note("clip_share", float((ratio * weights > clipped * weights).float().mean()))
        loss: Tensor = -torch.min(ratio * weights, clipped * weights).sum() / tokens
        return loss

    def _no_loss(self, model: Any, inputs: dict[str, Any]) -> Tensor:
        """The loss of a group without advantages. Alone, no gradient arises at all, and the optimizer leaves the
        weights untouched; among several processes each has to take part in the exchange of gradients."""
        if self.accelerator.num_processes == 1 and not self.is_deepspeed_enabled:
            return torch.zeros((), device=self.accelerator.device, requires_grad=True)
        first = inputs["prompt_ids"][0][inputs["prompt_mask"][0].bool()][:1].tolist()
        logprobs, _ = score(model, pack([[*first, *first]], [[0, 1]]), self.temperature)
        return logprobs.sum() * 0.0

    def _note(self, name: str, value: float) -> None:
        """Log a figure of this process; TRL averages what comes together in one step."""
        self._metrics["train" if self.model.training else "eval"][name].append(value)


def _play(_prompts: Sequence[Any], trainer: EpisodeTrainer) -> dict[str, list[Any]]:
    return trainer.play()


def episode(outcome: list[float | None], **_columns: Any) -> list[float | None]:
    """TRL's way to rewards: a function by whose name they are logged."""
    return outcome


class _ProgressCallback(TrainerCallback):  # type: ignore[misc]
    def __init__(self, report: Callable[[Progress], None], updates: int) -> None:
        self._report = report
        self._updates = updates
        self._first_step = 0
        self._start = 0.0

    def on_train_begin(self, args: Any, state: Any, control: Any, **_others: Any) -> None:
        self._first_step, self._start = state.global_step, time.perf_counter()

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any], **_others: Any) -> None:
        if not state.is_world_process_zero or "reward" not in logs:
            return
        done, left = state.global_step - self._first_step, state.max_steps - state.global_step
        figures = {name: float(value) for name, value in logs.items() if isinstance(value, int | float)}
        self._report(
            Progress(
                step=state.global_step // self._updates,
                of=state.max_steps // self._updates,
                reward=figures.get("reward", float("nan")),
                success=figures.get("rollout/success", float("nan")),
                dead=figures.get("frac_reward_zero_std", float("nan")),
                seconds_left=(time.perf_counter() - self._start) / done * left,
                logs=figures,
            )
        )


def build_trainer(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    profile: Profile,
    rollout: RolloutFunction,
    rows: Sequence[Row],
    output_dir: Path,
    *,
    steps: int,
    seed: int = 0,
    save_steps: int = 20,
    progress: Callable[[Progress], None] | None = None,
    **overrides: Any,
) -> EpisodeTrainer:
    """A trainer that gives `model` a fresh LoRA adapter (in place) and trains it by `rollout` over `rows`, taken in
    their order and again from the start when they run out.

    `train(resume_from_checkpoint=...)` runs it and goes on after the checkpoint's step. `overrides` go to GRPOConfig.
    Each step's log carries reward, reward_std, frac_reward_zero_std (the share of dead groups), entropy,
    sampler/logprob_difference_* (the trainer's log-probabilities against the sampler's), seconds/*,
    */tokens_per_second, and the rollouts' metrics as rollout/*; from entropy on, the main process's own.
    """
    if len(rows) < profile.groups:
        raise ValueError(f"A step takes {profile.groups} tasks, only {len(rows)} are given.")
    prepare(model)
    arguments = grpo_arguments(profile, output_dir, steps=steps, seed=seed, save_steps=save_steps)
    trainer = EpisodeTrainer(
        rows,
        rollout,
        profile.updates,
        model=model,
        processing_class=tokenizer,
        args=GRPOConfig(**arguments | overrides),
        train_dataset=Dataset.from_dict({"prompt": [""] * len(rows), "row": list(range(len(rows)))}),
        peft_config=LoraConfig(
            r=profile.rank, lora_alpha=profile.alpha, target_modules="all-linear", task_type="CAUSAL_LM"
        ),
    )
    if progress is not None:
        trainer.add_callback(_ProgressCallback(progress, profile.updates))
    return trainer
