"""The supervised start: a few hundred examples of the form of calls, before which GRPO would see nothing but zeros."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from sandlot_trainer.trie import pack, prepare, score

Example = tuple[Sequence[int], Sequence[int]]
"""Token ids of a conversation, and a mask, 1 on the ids to be learnt."""


@dataclass(frozen=True)
class Fit:
    """What a supervised run did: the mean loss of each step in nats per token, tokens learnt, and seconds."""

    losses: tuple[float, ...]
    tokens: int
    seconds: float


def fit(
    model: PreTrainedModel,
    sequences: Sequence[Example],
    *,
    learning_rate: float = 6e-4,
    epochs: float = 1.0,
    batch: int = 4,
    rank: int = 16,
    alpha: int = 32,
    seed: int = 0,
    bf16: bool = False,
    progress: Callable[[int, int, float], None] | None = None,
) -> tuple[PeftModel, Fit]:
    """Teach `model` the masked tokens of the sequences through a fresh LoRA adapter, injected in place.

    The learning rate falls linearly to nothing. A batch is packed as a prefix tree: nothing is padded, and a system
    prompt that its sequences share is computed once. `bf16`: on a CPU, matrices are multiplied in bfloat16. `progress`
    gets the step, their number and the step's loss.
    """
    if not sequences:
        raise ValueError("There is nothing to learn from.")
    prepare(model)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        tuned = get_peft_model(
            model, LoraConfig(r=rank, lora_alpha=alpha, target_modules="all-linear", task_type="CAUSAL_LM")
        )
    tuned.train()
    weights = [parameter for parameter in tuned.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=learning_rate, weight_decay=0.0)
    batches = _batches(sequences, epochs, batch, seed)
    losses: list[float] = []
    tokens, start = 0, time.perf_counter()
    for step, chosen in enumerate(batches, 1):
        for settings in optimizer.param_groups:
            settings["lr"] = learning_rate * (1 - (step - 1) / len(batches))
        tree = pack([ids for ids, _ in chosen], [mask for _, mask in chosen])
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            logprobs, _ = score(tuned, tree, 1.0)
        loss = -logprobs.mean()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(float(loss.detach()))
        tokens += len(tree.targets)
        if progress is not None:
            progress(step, len(batches), losses[-1])
    tuned.eval()
    return tuned, Fit(tuple(losses), tokens, time.perf_counter() - start)


def _batches(sequences: Sequence[Example], epochs: float, batch: int, seed: int) -> list[list[Example]]:
    """The sequences in one random order for each epoch, cut into batches; the last may be smaller."""
    draws = random.Random(seed)
    order: list[int] = []
    wanted = max(1, round(epochs * len(sequences)))
    while len(order) < wanted:
        order += draws.sample(range(len(sequences)), len(sequences))
    order = order[:wanted]
    return [[sequences[index] for index in order[at : at + batch]] for at in range(0, wanted, batch)]


def merge(tuned: PeftModel, folder: Path | None = None, tokenizer: PreTrainedTokenizerBase | None = None) -> Any:
    """Fold the adapter into the model's weights and return the plain model: the frozen start that reinforcement
    learning adds a fresh adapter to. With `folder`, save it there together with the tokenizer."""
    model = cast("Any", tuned).merge_and_unload().eval()
    if folder is not None:
        model.save_pretrained(folder)
        if tokenizer is not None:
            tokenizer.save_pretrained(folder)
    return model
