import asyncio
import random
from collections.abc import Iterator

import pytest
import torch
from peft import LoraConfig, get_peft_model
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    LlamaForCausalLM,
    PreTrainedModel,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from sandlot_trainer.generate import GenerationError, Sample
from sandlot_trainer.generate.packed import has_fp16_linears
from sandlot_trainer.generate.ragged import RaggedGenerator, draw
from sandlot_trainer.models import tiny_model, tiny_tokenizer

# peft still asks transformers for an attribute under its old name
pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing.:FutureWarning")
SHARED = list(range(10, 90))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def model() -> LlamaForCausalLM:
    return tiny_model(tiny_tokenizer())


def rescored(model: PreTrainedModel, context: list[int], sample: Sample) -> float:
    """The largest difference between the sample's log-probabilities and the model's own."""
    with torch.no_grad():
        logits = model(torch.tensor([context + sample.ids])).logits[0, len(context) - 1 : -1]
    own = logits.log_softmax(-1).gather(1, torch.tensor(sample.ids).unsqueeze(1)).squeeze(1)
    return float((own - torch.tensor(sample.logprobs)).abs().max())


async def talk(
    generator: RaggedGenerator, prompt: list[int], seed: int, turns: int = 3, temperature: float = 1.0
) -> list[tuple[list[int], Sample]]:
    """A conversation of some turns: each turn's context and what was sampled after it."""
    draws = random.Random(seed)
    session, context, result = generator.open(prompt, seed), list(prompt), []
    for turn in range(turns):
        new = [draws.randrange(3, 250) for _ in range(draws.randrange(1, 30))] if turn else []
        context = context + new
        sample = await session.sample(new, draws.randrange(1, 20), temperature, {2})
        result.append((context, sample))
        context = context + sample.ids
    session.close()
    return result


def test_many_ragged_conversations_equal_the_model_alone(model: LlamaForCausalLM) -> None:
    prompts = [SHARED, SHARED, SHARED, [*SHARED[:50], 7, 8, 9], [5], [*SHARED, *range(100, 140)], SHARED[:30]]

    async def all_at_once(generator: RaggedGenerator) -> list[list[tuple[list[int], Sample]]]:
        return await asyncio.gather(*(talk(generator, prompt, seed) for seed, prompt in enumerate(prompts)))

    generator = RaggedGenerator(model, fp16=False)
    conversations = asyncio.run(all_at_once(generator))
    generator.close()
    for conversation in conversations:
        for context, sample in conversation:
            assert rescored(model, context, sample) < 1e-4


def test_greedy_equals_generate(model: LlamaForCausalLM) -> None:
    generator = RaggedGenerator(model, fp16=False)
    conversation = asyncio.run(talk(generator, SHARED, 1, temperature=0.0))
    generator.close()
    for context, sample in conversation:
        expected = model.generate(
            torch.tensor([context]),
            max_new_tokens=len(sample.ids),
            do_sample=False,
            eos_token_id=2,
            pad_token_id=0,
        )
        assert expected[0, len(context) :].tolist() == sample.ids


@pytest.mark.parametrize("crowd", [0, 9])
def test_an_episode_repeats_whoever_is_beside_it(model: LlamaForCausalLM, crowd: int) -> None:
    async def beside(generator: RaggedGenerator) -> list[tuple[list[int], Sample]]:
        others = (talk(generator, [*SHARED, 3 + index], 50 + index) for index in range(crowd))
        return (await asyncio.gather(talk(generator, SHARED, 4), *others))[0]

    generator = RaggedGenerator(model, fp16=False)
    alone = asyncio.run(talk(generator, SHARED, 4))
    crowded = asyncio.run(beside(generator))
    generator.close()
    assert [sample.ids for _, sample in alone] == [sample.ids for _, sample in crowded]


def test_few_slots_serve_many_sessions(model: LlamaForCausalLM) -> None:
    async def many(generator: RaggedGenerator) -> list[list[tuple[list[int], Sample]]]:
        return await asyncio.gather(*(talk(generator, SHARED[: 20 + seed], seed) for seed in range(12)))

    generator = RaggedGenerator(model, fp16=False, slots=3)
    conversations = asyncio.run(many(generator))
    generator.close()
    assert all(rescored(model, context, sample) < 1e-4 for talked in conversations for context, sample in talked)


def test_a_stop_token_ends_a_turn_and_is_part_of_it(model: LlamaForCausalLM) -> None:
    async def both(generator: RaggedGenerator) -> tuple[Sample, Sample]:
        free = await generator.open(SHARED).sample([], 6, 0.0, ())
        return free, await generator.open(SHARED).sample([], 6, 0.0, {free.ids[2]})

    generator = RaggedGenerator(model, fp16=False)
    free, stopped = asyncio.run(both(generator))
    generator.close()
    assert len(free.ids) == 6
    assert stopped.ids == free.ids[: free.ids.index(free.ids[2]) + 1]


@pytest.mark.skipif(not has_fp16_linears(), reason="no FBGEMM here")
def test_half_precision_stays_close(model: LlamaForCausalLM) -> None:
    generator = RaggedGenerator(model, fp16=True)
    conversation = asyncio.run(talk(generator, SHARED, 2))
    generator.close()
    assert all(rescored(model, context, sample) < 0.02 for context, sample in conversation)


def test_refresh_takes_up_merged_adapters(model: LlamaForCausalLM) -> None:
    tuned = get_peft_model(model, LoraConfig(r=4, lora_alpha=8, target_modules="all-linear"))
    generator = RaggedGenerator(tuned, fp16=False)
    before = asyncio.run(talk(generator, SHARED, 3))
    torch.manual_seed(0)
    with torch.no_grad():
        for name, parameter in tuned.named_parameters():
            if "lora_B" in name:
                parameter.normal_(std=0.5)
    generator.refresh()
    after = asyncio.run(talk(generator, SHARED, 3))
    generator.close()
    assert all(rescored(tuned, context, sample) < 1e-3 for context, sample in after)
    assert any(rescored(tuned, context, sample) > 1e-2 for context, sample in before)
    with tuned.disable_adapter():
        generator = RaggedGenerator(tuned, fp16=False)
        assert all(rescored(tuned, *pair) < 1e-4 for pair in asyncio.run(talk(generator, SHARED, 3)))
        generator.close()


def test_weights_do_not_change_under_an_open_session(model: LlamaForCausalLM) -> None:
    generator = RaggedGenerator(model, fp16=False)
    session = generator.open(SHARED)
    with pytest.raises(GenerationError, match="open"):
        generator.refresh()
    session.close()
    generator.refresh()
    generator.close()


@pytest.mark.parametrize("kind", ["qwen2", "qwen3"])
def test_other_architectures_of_the_family(kind: str) -> None:
    settings = {
        "vocab_size": 259,
        "hidden_size": 48,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 512,
        "tie_word_embeddings": False,
    }
    torch.manual_seed(0)
    other: PreTrainedModel = (
        Qwen2ForCausalLM(Qwen2Config(**settings))
        if kind == "qwen2"
        else Qwen3ForCausalLM(Qwen3Config(**settings, head_dim=16))
    )
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    generator = RaggedGenerator(other.eval(), fp16=False)
    conversation = asyncio.run(talk(generator, SHARED, 2))
    generator.close()
    assert all(rescored(other, context, sample) < 1e-4 for context, sample in conversation)


def test_an_unknown_architecture_is_refused_by_name() -> None:
    other = GPT2LMHeadModel(GPT2Config(vocab_size=64, n_embd=16, n_layer=1, n_head=2))
    with pytest.raises(GenerationError, match=r"gpt2.*llama"):
        RaggedGenerator(other)


def test_an_overlong_turn_is_refused_and_hurts_nobody(model: LlamaForCausalLM) -> None:
    async def both(generator: RaggedGenerator) -> Sample:
        with pytest.raises(GenerationError, match="does not fit"):
            await generator.open(SHARED).sample([], 4000, 1.0, ())
        return await generator.open(SHARED).sample([], 3, 1.0, ())

    generator = RaggedGenerator(model, fp16=False)
    assert len(asyncio.run(both(generator)).ids) == 3
    generator.close()


def test_a_cancelled_turn_frees_its_place(model: LlamaForCausalLM) -> None:
    async def cancelled(generator: RaggedGenerator) -> Sample:
        doomed = asyncio.create_task(generator.open(SHARED).sample([], 1500, 1.0, ()))
        await asyncio.sleep(0.05)
        doomed.cancel()
        with pytest.raises(asyncio.CancelledError):
            await doomed
        return await generator.open(SHARED).sample([], 3, 1.0, ())

    generator = RaggedGenerator(model, fp16=False, slots=1)
    assert len(asyncio.run(asyncio.wait_for(cancelled(generator), 20)).ids) == 3
    generator.close()


def test_a_failed_worker_tells_everyone(model: LlamaForCausalLM) -> None:
    generator = RaggedGenerator(model, fp16=False)
    with pytest.raises(GenerationError, match="worker failed"):
        asyncio.run(generator.open([10_000]).sample([], 1, 1.0, ()))
    with pytest.raises(GenerationError, match="worker failed"):
        asyncio.run(generator.open([1]).sample([], 1, 1.0, ()))
    generator.close()


def test_draws_follow_the_distribution() -> None:
    logits = torch.tensor([[0.0, 1.0, 2.0, float("-inf")]]).repeat(20_000, 1)
    draws = random.Random(0)
    ids, logprobs = draw(logits, [2.0] * 20_000, [draws.random() for _ in range(20_000)])
    expected = (logits[0] / 2.0).softmax(-1)
    found = torch.bincount(torch.tensor(ids), minlength=4) / 20_000
    assert torch.allclose(found, expected, atol=0.02)
    assert torch.allclose(torch.tensor(logprobs), expected.log()[torch.tensor(ids)], atol=1e-5)
    assert draw(logits[:1], [1.0], [1.0 - 2.0**-53])[0] == [2]
    assert draw(logits[:1], [0.0], [0.0]) == ([2], [pytest.approx(float(logits[0].log_softmax(-1)[2]))])
