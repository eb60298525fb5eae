"""The bare rates of the stock way on this machine, to be reported beside ours."""

from __future__ import annotations

import time
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache, PreTrainedModel

_CONTEXT = 300
_STEPS = 12


def bare_rates(model: PreTrainedModel, batches: tuple[int, ...] = (8, 16)) -> dict[str, float]:
    """Tokens per second of Transformers alone: `decode_8` and `decode_16`, batched decoding with a DynamicCache at a
    context of 300 tokens, and `update`, forward and backward over one sequence of 300 tokens. Takes some ten seconds;
    gradients are left cleared."""
    model.eval()
    rates = {f"decode_{batch}": _decode_rate(model, batch) for batch in batches}
    return {**rates, "update": _update_rate(model)}


def _random_ids(model: PreTrainedModel, batch: int) -> Tensor:
    config: Any = model.config
    generator = torch.Generator().manual_seed(0)
    return torch.randint(config.vocab_size, (batch, _CONTEXT), generator=generator).to(model.device)


@torch.inference_mode()
def _decode_rate(model: PreTrainedModel, batch: int) -> float:
    network: Any = model
    cache = DynamicCache()
    logits = network(_random_ids(model, batch), past_key_values=cache, logits_to_keep=1).logits
    start = 0.0
    for step in range(_STEPS + 2):
        if step == 2:  # the first steps warm up
            start = time.perf_counter()
        ids = logits[:, -1].argmax(dim=-1, keepdim=True)
        logits = network(ids, past_key_values=cache, logits_to_keep=1).logits
    return batch * _STEPS / (time.perf_counter() - start)


def _update_rate(model: PreTrainedModel) -> float:
    network: Any = model
    ids = _random_ids(model, 1)
    seconds = []
    frozen = [parameter for parameter in model.parameters() if not parameter.requires_grad]
    model.requires_grad_(True)
    for _ in range(2):
        start = time.perf_counter()
        network(ids, labels=ids).loss.backward()
        seconds.append(time.perf_counter() - start)
        model.zero_grad(set_to_none=True)
    for parameter in frozen:
        parameter.requires_grad_(False)
    return _CONTEXT / min(seconds)
