import random

import pytest
import torch
from transformers import PreTrainedModel, Qwen3Config, Qwen3ForCausalLM

from sandlot_trainer.models import tiny_model, tiny_tokenizer
from sandlot_trainer.trie import pack, prepare, score


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(params=["llama", "qwen3"])
def model(request: pytest.FixtureRequest) -> PreTrainedModel:
    if request.param == "llama":
        llama = tiny_model(tiny_tokenizer())
        prepare(llama)
        return llama
    torch.manual_seed(0)
    settings = {"vocab_size": 259, "hidden_size": 32, "intermediate_size": 64, "head_dim": 16}
    model = Qwen3ForCausalLM(
        Qwen3Config(**settings, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2)
    ).eval()
    prepare(model)
    return model


def group() -> tuple[list[list[int]], list[list[int]]]:
    """Rows that share a prompt, some of them a first turn too; one is a prefix of another, two are equal."""
    draws = random.Random(0)

    def some(count: int) -> list[int]:
        return [draws.randrange(3, 250) for _ in range(count)]

    prompt, turn, answer = some(30), some(8), some(12)
    rows, masks = [], []
    for index in range(6):
        first = turn if index < 4 else some(5 + index)
        last = some(3 + 2 * index) if index not in (0, 1) else [9, 9]
        rows.append([*prompt, *first, *answer, *last])
        masks.append([0] * 30 + [1] * len(first) + [0] * 12 + [1] * len(last))
    rows.append([*prompt, *turn])
    masks.append([0] * 30 + [1] * 8)
    return rows, masks


def alone(
    model: PreTrainedModel, row: list[int], mask: list[int], temperature: float
) -> tuple[torch.Tensor, torch.Tensor]:
    logits = model(torch.tensor([row])).logits[0, :-1].float() / temperature
    logprobs = logits.log_softmax(-1)
    chosen = logprobs.gather(1, torch.tensor(row[1:]).unsqueeze(1)).squeeze(1)
    where = torch.tensor(mask[1:], dtype=torch.bool)
    return chosen[where], -(logprobs.exp() * logprobs).sum(-1)[where]


@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_the_tree_scores_as_each_row_alone_does(model: PreTrainedModel, temperature: float) -> None:
    rows, masks = group()
    weights = torch.randn(sum(map(sum, masks)), generator=torch.Generator().manual_seed(0))

    logprobs, entropy = score(model, pack(rows, masks), temperature)
    (logprobs * weights).sum().backward()
    gradients = [parameter.grad.clone() for parameter in model.parameters() if parameter.grad is not None]
    model.zero_grad()

    single = [alone(model, row, mask, temperature) for row, mask in zip(rows, masks, strict=True)]
    expected = torch.cat([part for part, _ in single])
    (expected * weights).sum().backward()

    assert torch.allclose(logprobs, expected, atol=1e-5)
    assert torch.allclose(entropy, torch.cat([part for _, part in single]), atol=1e-5)
    assert len(gradients) > 10
    for gradient, parameter in zip(gradients, model.parameters(), strict=True):
        assert parameter.grad is not None
        assert torch.allclose(gradient, parameter.grad, rtol=1e-4, atol=1e-4 * float(parameter.grad.abs().max()))


def test_what_is_shared_stands_once() -> None:
    trie = pack([[1, 2, 3, 4], [1, 2, 3, 5], [1, 2, 6]], [[0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1]])
    assert trie.ids.tolist() == [[1, 2, 3, 4, 5, 6]]
    assert trie.positions.tolist() == [[0, 1, 2, 3, 3, 2]]
    assert trie.targets.tolist() == [3, 4, 3, 5, 6]
    assert trie.heads[trie.queries].tolist() == [1, 2, 1, 2, 1]
    assert trie.heads.tolist() == [1, 2]
    assert trie.lengths == (2, 1, 1, 1, 1)
    assert trie.lineages == ((), (0,), (0, 1), (0, 1), (0,))


def test_rows_without_anything_shared_stay_whole() -> None:
    trie = pack([[1, 2, 3], [4, 5]], [[0, 1, 1], [0, 1]])
    assert (trie.lengths, trie.lineages) == ((3, 2), ((), ()))


def test_a_prepared_model_without_a_tree_goes_on_as_before() -> None:
    plain, prepared = tiny_model(tiny_tokenizer()), tiny_model(tiny_tokenizer())
    prepare(prepared)
    ids, mask = torch.tensor([[0, 5, 6, 7], [8, 9, 10, 11]]), torch.tensor([[0, 1, 1, 1], [1, 1, 1, 1]])
    assert torch.equal(plain(ids, attention_mask=mask).logits, prepared(ids, attention_mask=mask).logits)


def test_sliding_windows_are_refused() -> None:
    config = Qwen3Config(vocab_size=32, hidden_size=16, intermediate_size=16, num_hidden_layers=2, head_dim=8)
    config.layer_types = ["full_attention", "sliding_attention"]
    config.sliding_window = 4
    with pytest.raises(ValueError, match="sliding_attention"):
        prepare(Qwen3ForCausalLM(config))


def test_a_first_token_cannot_be_scored() -> None:
    with pytest.raises(ValueError, match="first token"):
        pack([[1, 2]], [[1, 1]])
