"""The rows of a group as one prefix tree: what they share is computed once, forward and backward, exactly.

The rollouts of a group open with the same prompt, and often with the same first turns. As one sequence of tree nodes
in which every token sees its ancestors alone, with positions counted along the branch, a causal model gives each node
the very state that it would have in its own row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

_ATTENTION = "sandlot_tree"


@dataclass(frozen=True)
class Trie:
    """Rows packed for one forward pass over n nodes that scores m tokens.

    `ids`, `positions`: [1, n]. `lengths`: the tree's segments, each an unbranched run of nodes; `lineages`: for each
    segment the ones that lead to it, from the root on. `heads` [k]: the nodes whose prediction is needed; `queries`
    [m]: which of them predicts each scored token; `targets` [m]: the scored tokens, row after row.
    """

    ids: Tensor
    positions: Tensor
    lengths: tuple[int, ...]
    lineages: tuple[tuple[int, ...], ...]
    heads: Tensor
    queries: Tensor
    targets: Tensor


def pack(rows: Sequence[Sequence[int]], masks: Sequence[Sequence[int]]) -> Trie:
    """Pack rows of token ids; a token is scored where its mask is 1. A row's first token cannot be scored."""
    ids: list[int] = []
    parents: list[int] = []
    positions: list[int] = []
    children: dict[tuple[int, int], int] = {}
    queries: list[int] = []
    targets: list[int] = []
    for row, mask in zip(rows, masks, strict=True):
        node = -1
        for position, (token, scored) in enumerate(zip(row, mask, strict=True)):
            if scored:
                if node < 0:
                    raise ValueError("The first token of a row has nothing before it that could predict it.")
                queries.append(node)
                targets.append(token)
            child = children.get((node, token))
            if child is None:
                child = children[node, token] = len(ids)
                ids.append(token)
                parents.append(node)
                positions.append(position)
            node = child
    lengths, lineages = _segments(parents)
    heads, where = torch.unique(torch.tensor(queries, dtype=torch.long), return_inverse=True)
    return Trie(
        ids=torch.tensor([ids], dtype=torch.long),
        positions=torch.tensor([positions], dtype=torch.long),
        lengths=lengths,
        lineages=lineages,
        heads=heads,
        queries=where,
        targets=torch.tensor(targets, dtype=torch.long),
    )


def _segments(parents: Sequence[int]) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    """Cut the nodes (parents stand before their children) wherever a branch starts or leaves."""
    branching = {parent for node, parent in enumerate(parents) if parent != node - 1}
    starts = [node for node, parent in enumerate(parents) if parent != node - 1 or node - 1 in branching]
    if not starts or starts[0] != 0:
        starts.insert(0, 0)
    ends = [*starts[1:], len(parents)]
    ending = {end - 1: index for index, end in enumerate(ends)}
    lineages: list[tuple[int, ...]] = []
    for start in starts:
        above = ending.get(parents[start]) if parents and parents[start] >= 0 else None
        lineages.append(() if above is None else (*lineages[above], above))
    return tuple(end - start for start, end in zip(starts, ends, strict=True)), tuple(lineages)


def prepare(model: Any) -> None:
    """Let the model (of Transformers, not yet wrapped) attend along a tree; without one it goes on as with SDPA.

    Raises ValueError for models whose attention is not full.
    """
    config = model.config.get_text_config()
    kinds = set(getattr(config, "layer_types", None) or ["full_attention"])
    if kinds != {"full_attention"}:
        raise ValueError(f"Training needs a model with full attention, this one has {', '.join(sorted(kinds))}.")
    AttentionInterface.register(_ATTENTION, _attention)
    AttentionMaskInterface.register(_ATTENTION, sdpa_mask)
    model.set_attn_implementation(_ATTENTION)


def score(model: Any, trie: Trie, temperature: float) -> tuple[Tensor, Tensor]:
    """Log-probability of each scored token at the temperature, and the entropy where it was drawn, each float [m].

    The model must have gone through `prepare`; it may since have been wrapped by PEFT, DDP or DeepSpeed. Only the
    nodes `heads` go through the language-model head.
    """
    device = next(model.parameters()).device
    output = model(
        input_ids=trie.ids.to(device),
        position_ids=trie.positions.to(device),
        attention_mask=torch.ones(1, 1, 1, 1, dtype=torch.bool, device=device),  # in this shape it is left alone
        logits_to_keep=trie.heads.to(device),
        use_cache=False,
        tree=_Tree(trie),
    )
    logits = output.logits[0].float() / temperature
    queries = trie.queries.to(device)
    scores, entropy = cast("Any", _Scores).apply(logits, queries, trie.targets.to(device))
    return scores, entropy[queries]


class _Scores(torch.autograd.Function):
    """Log-probabilities of the targets and each row's entropy; the latter carries no gradient. Autograd's own way
    passes over the logits, by far the largest tensor, three times as often."""

    @staticmethod
    def forward(ctx: Any, logits: Tensor, queries: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        logprobs = logits.log_softmax(dim=-1)
        entropy = -(logprobs.exp() * logprobs).sum(dim=-1)
        ctx.save_for_backward(logprobs, queries, targets)
        ctx.mark_non_differentiable(entropy)
        return logprobs[queries, targets], entropy

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor, _entropy: Tensor) -> tuple[Tensor, None, None]:
        logprobs, queries, targets = ctx.saved_tensors
        weight = gradient.new_zeros(logprobs.shape[0]).index_add_(0, queries, gradient)
        result = logprobs.exp().mul_(weight.neg().unsqueeze(1))
        result.index_put_((queries, targets), gradient, accumulate=True)
        return result, None, None


class _Tree:
    """A trie as the attention layers need it: `seen`, the segments that each segment attends to, itself the last."""

    def __init__(self, trie: Trie) -> None:
        self.lengths = list(trie.lengths)
        self.seen = [[*lineage, index] for index, lineage in enumerate(trie.lineages)]
        self._masks: list[Tensor] = []

    def masks(self, query: Tensor, ratio: int) -> list[Tensor]:
        """For each segment the additive mask [queries, keys], made once for all layers. The `ratio` query heads that
        share a key head stand below one another as further queries, so that keys need not be repeated."""
        if self._masks:
            return self._masks
        for count, seen in zip(self.lengths, self.seen, strict=True):
            width = sum(self.lengths[other] for other in seen)
            hidden = torch.ones(count, width, dtype=torch.bool, device=query.device).triu(width - count + 1)
            mask = torch.zeros(count, width, dtype=query.dtype, device=query.device)
            self._masks.append(mask.masked_fill_(hidden, float("-inf")).repeat(ratio, 1))
        return self._masks


def _attention(
    module: Any, query: Tensor, key: Tensor, value: Tensor, attention_mask: Tensor | None, **options: Any
) -> tuple[Tensor, None]:
    """Attention of Transformers' kind: queries [1, heads, n, head_dim], result [1, n, heads, head_dim].

    Segment after segment attends to its lineage and to itself, which for a tree is far less than n x n.
    """
    tree: _Tree | None = options.pop("tree", None)
    if tree is None:
        return cast(
            "tuple[Tensor, None]",
            sdpa_attention_forward(module, query, key, value, attention_mask, **options),
        )
    heads, kv_heads = query.shape[1], key.shape[1]
    keys, values = torch.split(key, tree.lengths, dim=2), torch.split(value, tree.lengths, dim=2)
    parts, masks = torch.split(query, tree.lengths, dim=2), tree.masks(query, heads // kv_heads)
    results = []
    for part, seen, mask in zip(parts, tree.seen, masks, strict=True):
        result = functional.scaled_dot_product_attention(
            part.reshape(1, kv_heads, mask.shape[0], -1),
            torch.cat([keys[other] for other in seen], dim=2),
            torch.cat([values[other] for other in seen], dim=2),
            attn_mask=mask,
            dropout_p=options.get("dropout", 0.0),
            scale=options.get("scaling"),
        )
        results.append(result.view(1, heads, part.shape[2], -1))
    return torch.cat(results, dim=2).transpose(1, 2).contiguous(), None
