import random
from pathlib import Path

import pytest
import torch
from transformers import LlamaForCausalLM

from sandlot_trainer.models import load_model, tiny_model, tiny_tokenizer
from sandlot_trainer.warmstart import fit, merge

# peft still asks transformers for an attribute under its old name
pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing.:FutureWarning")


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def model() -> LlamaForCausalLM:
    return tiny_model(tiny_tokenizer())


def examples(count: int = 24) -> list[tuple[list[int], list[int]]]:
    """A shared opening, a few random tokens, and always the same end, which alone is to be learnt."""
    draws = random.Random(0)
    opening = [draws.randrange(3, 250) for _ in range(20)]
    rows = [[*opening, *(draws.randrange(3, 250) for _ in range(draws.randrange(2, 9)))] for _ in range(count)]
    return [([*row, 40, 41, 42, 2], [0] * len(row) + [1] * 4) for row in rows]


def test_it_learns_the_masked_tokens(model: LlamaForCausalLM) -> None:
    seen: list[tuple[int, int, float]] = []
    tuned, result = fit(
        model, examples(), learning_rate=1e-2, epochs=2.5, batch=4, progress=lambda *step: seen.append(step)
    )
    assert len(result.losses) == len(seen) == 15
    assert seen[-1] == (15, 15, result.losses[-1])
    assert result.tokens == 60 * 4
    assert result.losses[-1] < 0.5 * result.losses[0]
    assert not tuned.training


def test_a_seed_fixes_the_run() -> None:
    runs = [fit(tiny_model(tiny_tokenizer()), examples(), seed=seed)[1].losses for seed in (1, 1, 2)]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_mixed_precision_stays_close() -> None:
    exact, mixed = (fit(tiny_model(tiny_tokenizer()), examples(), bf16=bf16)[1].losses for bf16 in (False, True))
    assert mixed != exact
    assert mixed == pytest.approx(exact, rel=0.05)


def test_the_merged_model_is_the_tuned_one(model: LlamaForCausalLM, tmp_path: Path) -> None:
    tuned, _ = fit(model, examples(), learning_rate=1e-2)
    ids = torch.tensor([examples()[0][0]])
    expected = tuned(ids).logits
    merged = merge(tuned, tmp_path, tiny_tokenizer())
    assert torch.allclose(merged(ids).logits, expected, atol=1e-4)
    assert not any("lora" in name for name, _ in merged.named_parameters())
    loaded, tokenizer = load_model(str(tmp_path))
    assert torch.allclose(loaded(ids).logits, expected, atol=1e-4)
    assert len(tokenizer) == 259


def test_nothing_to_learn_from_is_refused(model: LlamaForCausalLM) -> None:
    with pytest.raises(ValueError, match="nothing"):
        fit(model, [])
