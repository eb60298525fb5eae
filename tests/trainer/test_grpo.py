import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast
from trl import GRPOConfig, GRPOTrainer

from sandlot_trainer.generate.ragged import RaggedGenerator
from sandlot_trainer.grpo import EpisodeTrainer, Progress, Rollout, Row, build_trainer
from sandlot_trainer.models import tiny_model, tiny_tokenizer
from sandlot_trainer.profiles import CPU, GPU, grpo_arguments

# peft still asks transformers for an attribute under its old name
pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing.:FutureWarning")
PROFILE = replace(CPU, bf16=False, generations=8, groups=2, updates=1, learning_rate=1e-2)
Reward = Callable[[Row, list[int]], float | None]


def liked(row: Row, ids: list[int]) -> float:
    """A reward that even a random model learns within steps: the share of twenty of the token ids."""
    return sum(40 <= token < 60 for token in ids) / len(ids)


def rows(count: int = 4) -> list[Row]:
    draws = random.Random(0)
    return [{"prompt": [draws.randrange(3, 250) for _ in range(12)], "number": number} for number in range(count)]


class Player:
    """A stand-in for the episode engine: two turns of up to eight tokens with three foreign ones between."""

    def __init__(self, model: LlamaForCausalLM, reward: Reward = liked) -> None:
        self.generator = RaggedGenerator(model, fp16=False)
        self.reward = reward
        self.played: list[list[Rollout]] = []

    def __call__(self, rows: Sequence[Row], step: int) -> list[Rollout]:
        async def play(row: Row, seed: int) -> Rollout:
            session = self.generator.open(row["prompt"], seed)
            first = await session.sample([], 8, 1.0, {2})
            second = await session.sample([5, 6, 7], 8, 1.0, {2})
            session.close()
            ids = [*first.ids, 5, 6, 7, *second.ids]
            mask = [1] * len(first.ids) + [0] * 3 + [1] * len(second.ids)
            logprobs = [*first.logprobs, 0.0, 0.0, 0.0, *second.logprobs]
            reward = self.reward(row, first.ids + second.ids)
            return Rollout(row["prompt"], ids, logprobs, mask, reward, {"success": 1.0, "turns": 2.0})

        async def play_all() -> list[Rollout]:
            return await asyncio.gather(*(play(row, 1000 * step + index) for index, row in enumerate(rows)))

        self.generator.refresh()
        self.played.append(asyncio.run(play_all()))
        return self.played[-1]


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def tokenizer() -> PreTrainedTokenizerFast:
    return tiny_tokenizer()


@pytest.fixture
def model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    return tiny_model(tokenizer)


@pytest.fixture
def player(model: LlamaForCausalLM) -> Iterator[Player]:
    player = Player(model)
    yield player
    player.generator.close()


def adapter(trainer: EpisodeTrainer) -> dict[str, torch.Tensor]:
    return {name: value.detach().clone() for name, value in trainer.model.named_parameters() if value.requires_grad}


def gradients(trainer: EpisodeTrainer, loss: torch.Tensor) -> list[torch.Tensor]:
    trainer.model.zero_grad()
    loss.backward()
    return [value.grad.clone() for value in trainer.model.parameters() if value.grad is not None]


def test_loss_and_gradient_are_those_of_trl(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, player: Player, tmp_path: Path
) -> None:
    trainer = build_trainer(model, tokenizer, PROFILE, player, rows(), tmp_path, steps=1)
    trainer.model.train()
    trainer.current_gradient_accumulation_steps = 2
    batch = trainer._prepare_inputs([{"prompt": "", "row": row} for row in [0] * 8 + [1] * 8])
    torch.manual_seed(0)
    with torch.no_grad():  # off the sampler's policy, so that ratios differ from one and some are clipped
        for name, parameter in trainer.model.named_parameters():
            if "lora_B" in name:
                parameter.normal_(std=0.05)
    ours = trainer._compute_loss(trainer.model, batch)
    our_gradients = gradients(trainer, ours)
    batch["old_per_token_logps"] = batch["sampling_per_token_logps"]
    theirs = GRPOTrainer._compute_loss(trainer, trainer.model, batch)
    assert ours.item() == pytest.approx(theirs.item(), rel=1e-4)
    for our, their in zip(our_gradients, gradients(trainer, theirs), strict=True):
        assert torch.allclose(our, their, rtol=1e-3, atol=1e-4 * float(their.abs().max()))
    assert trainer._metrics["train"]["clip_share"][0] > 0
    assert trainer._metrics["train"]["entropy"][0] == pytest.approx(trainer._metrics["train"]["entropy"][1], rel=1e-3)


def test_a_step_may_make_several_updates(
    model: LlamaForCausalLM,
    tokenizer: PreTrainedTokenizerFast,
    player: Player,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError("the old log-probabilities are the sampler's; a pass for them is time lost")

    monkeypatch.setattr(GRPOTrainer, "_get_per_token_logps_and_entropies", refused)
    steps: list[Progress] = []
    profile = replace(PROFILE, updates=2)
    trainer = build_trainer(model, tokenizer, profile, player, rows(), tmp_path, steps=3, progress=steps.append)
    trainer.train()
    assert [(step.step, step.of) for step in steps] == [(1, 3), (2, 3), (3, 3)]
    assert trainer.state.global_step == 6
    assert len(player.played) == 3
    assert all(step.logs["seconds/update"] > 0 for step in steps)
    # the second update is off the sampler's policy; the comparison with the sampler leaves it out
    assert all(step.logs["sampler/logprob_difference_max"] < 0.02 for step in steps)


def test_what_is_trained_on_is_what_was_sampled(
    model: LlamaForCausalLM,
    tokenizer: PreTrainedTokenizerFast,
    player: Player,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packed: list[tuple[list[list[int]], list[list[int]]]] = []
    import sandlot_trainer.grpo as module

    pack = module.pack
    monkeypatch.setattr(module, "pack", lambda rows, masks: packed.append((rows, masks)) or pack(rows, masks))
    trainer = build_trainer(model, tokenizer, PROFILE, player, rows(), tmp_path, steps=1)
    trainer.train()
    trained = [pair for part in packed for pair in zip(*part, strict=True)]
    expected = [
        (rollout.prompt_ids + rollout.completion_ids, [0] * len(rollout.prompt_ids) + rollout.mask)
        for rollout in player.played[0]
    ]
    assert len(packed) == PROFILE.groups
    assert trained
    assert all(pair in expected for pair in trained)


def test_a_run_learns_and_reports(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, player: Player, tmp_path: Path
) -> None:
    steps: list[Progress] = []
    trainer = build_trainer(model, tokenizer, PROFILE, player, rows(2), tmp_path, steps=12, progress=steps.append)
    trainer.train()
    assert [step.step for step in steps] == list(range(1, 13))
    first, last = (sum(step.reward for step in part) / 4 for part in (steps[:4], steps[-4:]))
    assert last > first + 0.2
    assert steps[0].success == 1.0
    assert steps[0].dead == 0.0
    assert steps[-1].seconds_left == 0.0
    assert {
        "reward_std",
        "entropy",
        "clip_share",
        "sampler/logprob_difference_mean",
        "sampler/logprob_difference_max",
        "seconds/rollout",
        "seconds/update",
        "rollout/tokens_per_second",
        "update/tokens_per_second",
        "rollout/turns",
    } <= set(steps[0].logs)
    assert max(step.logs["sampler/logprob_difference_max"] for step in steps) < 1e-3


def test_equal_rewards_leave_the_weights_untouched(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, player: Player, tmp_path: Path
) -> None:
    player.reward = lambda row, ids: 0.1 if row["number"] < 2 else liked(row, ids)
    steps: list[Progress] = []
    before: list[dict[str, torch.Tensor]] = []
    trainer = build_trainer(
        model,
        tokenizer,
        PROFILE,
        lambda rows, step: before.append(adapter(trainer)) or player(rows, step),
        [*rows(4)[2:], *rows(4)[:2], *rows(4)[2:]],
        tmp_path,
        steps=3,
        progress=steps.append,
    )
    trainer.train()
    assert [step.dead for step in steps] == [0.0, 1.0, 0.0]
    assert any(not torch.equal(before[0][name], before[1][name]) for name in before[0])
    assert all(torch.equal(before[1][name], before[2][name]) for name in before[1])


def test_an_episode_without_a_reward_does_not_count(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, player: Player, tmp_path: Path
) -> None:
    seen: list[int] = []

    def some(row: Row, ids: list[int]) -> float | None:
        seen.append(1)
        return None if len(seen) % 8 == 0 else liked(row, ids)

    player.reward = some
    steps: list[Progress] = []
    trainer = build_trainer(model, tokenizer, PROFILE, player, rows(), tmp_path, steps=1, progress=steps.append)
    trainer.train()
    given = [rollout.reward for rollout in player.played[0] if rollout.reward is not None]
    assert len(given) == 14
    assert steps[0].reward == pytest.approx(sum(given) / 14)


class _Interrupted(Exception):
    pass


def test_the_learning_rate_holds_and_then_falls(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, player: Player, tmp_path: Path
) -> None:
    steps: list[Progress] = []
    build_trainer(model, tokenizer, PROFILE, player, rows(), tmp_path, steps=5, progress=steps.append).train()
    rates = [step.logs["learning_rate"] / PROFILE.learning_rate for step in steps]
    assert rates[:3] == [1.0, 1.0, 1.0]
    assert 0.1 < rates[4] < rates[3] <= 1.0


@pytest.mark.parametrize("updates", [1, 2])
def test_a_resumed_run_ends_where_an_unbroken_one_does(
    tokenizer: PreTrainedTokenizerFast, tmp_path: Path, updates: int
) -> None:
    profile = replace(PROFILE, updates=updates)

    def run(folder: str, until: int, resume: bool) -> tuple[list[list[int]], dict[str, Any]]:
        model = tiny_model(tokenizer)
        player = Player(model)

        def play(batch: Sequence[Row], step: int) -> Sequence[Rollout]:
            if step == until:
                raise _Interrupted
            return player(batch, step)

        trainer = build_trainer(model, tokenizer, profile, play, rows(), tmp_path / folder, steps=4, save_steps=2)
        with suppress(_Interrupted):
            trainer.train(resume_from_checkpoint=resume)
        player.generator.close()
        assert len(player.played) == (2 if resume else until)
        return [rollout.prompt_ids for part in player.played for rollout in part], adapter(trainer)

    prompts, unbroken = run("unbroken", 4, False)
    first, _ = run("broken", 2, False)
    second, resumed = run("broken", 4, True)
    assert first + second == prompts
    # the sampler's batches, and so its last digits, are a matter of timing; a lost step would move weights by 0.01
    assert all(torch.allclose(resumed[name], unbroken[name], atol=2e-3) for name in unbroken)


@pytest.mark.filterwarnings("ignore:.gradient_checkpointing_:FutureWarning")  # TRL, likewise
def test_activation_checkpointing_changes_no_figure(tokenizer: PreTrainedTokenizerFast, tmp_path: Path) -> None:
    norms = []
    for checkpointing in (False, True):
        model = tiny_model(tokenizer)
        player = Player(model)
        build_trainer(
            model,
            tokenizer,
            PROFILE,
            player,
            rows(),
            tmp_path,
            steps=1,
            progress=lambda step: norms.append(step.logs["grad_norm"]),
            activation_checkpointing=checkpointing,
        ).train()
        player.generator.close()
    assert norms[0] == pytest.approx(norms[1], rel=1e-4)


def test_a_bad_rollout_is_refused(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, tmp_path: Path) -> None:
    empty = Rollout([1], [], [], [], 0.0)
    for result, words in ([], "0 episodes for 16"), ([empty] * 16, "one length"):
        trainer = build_trainer(
            tiny_model(tokenizer),
            tokenizer,
            PROFILE,
            lambda rows, step, r=result: r,
            rows(),
            tmp_path,
            steps=1,
        )
        with pytest.raises(ValueError, match=words):
            trainer.train()
    with pytest.raises(ValueError, match="2 tasks"):
        build_trainer(model, tokenizer, PROFILE, lambda rows, step: [], rows(1), tmp_path, steps=1)


def test_the_gpu_profile_makes_valid_arguments(tmp_path: Path) -> None:
    arguments = grpo_arguments(GPU, tmp_path, steps=5, seed=1, save_steps=2)
    assert arguments["deepspeed"]["zero_optimization"]["stage"] == 2
    # a machine without a GPU refuses these two alone
    config = GRPOConfig(**arguments | {"bf16": False, "use_cpu": True})
    assert config.use_vllm
    assert config.vllm_mode == "server"
    assert config.generation_batch_size == GPU.groups * GPU.generations
    assert (config.loss_type, config.beta, config.epsilon_high) == ("dapo", 0.0, 0.28)
    assert config.activation_checkpointing
