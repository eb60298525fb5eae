"""One forward pass over a ragged batch: the new tokens of many rows as one flat sequence, without padding.

A row's keys and values stand in two places: a prefix that several rows share (computed and read once for all of them)
and the row's own slot. Attention over the two is joined by its log-sum-exp, which is exact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional

from sandlot_trainer.generate.packed import Layer, Weights

_CAPACITY_STEP = 128


@dataclass(frozen=True, eq=False)
class Prefix:
    """Keys and values, a tensor [1, kv_heads, length, head_dim] per layer, of token ids that open several contexts."""

    ids: list[int]
    keys: list[Tensor]
    values: list[Tensor]


@dataclass(eq=False)
class Row:
    """One context: all its ids, of which the first `computed` have keys and values. Those of the first `shared` stand
    in `prefix`, the others in the cache's slot `slot` (-1: none yet)."""

    ids: list[int]
    computed: int = 0
    prefix: Prefix | None = None
    shared: int = 0
    slot: int = -1

    @property
    def waiting(self) -> int:
        """How many tokens are still to be computed."""
        return len(self.ids) - self.computed


class Cache:
    """Keys and values of the rows' own tokens: per layer a tensor [slots, kv_heads, capacity, head_dim].

    Slots in use are always the first ones, so that a batch of rows is a plain slice. Unused places hold zeros or old
    values, never NaN: masked attention multiplies them by zero.
    """

    def __init__(self, weights: Weights) -> None:
        self._shape = (weights.kv_heads, weights.head_dim)
        self.rows: list[Row] = []
        self.keys = [torch.zeros(0, weights.kv_heads, 0, weights.head_dim) for _ in weights.layers]
        self.values = [torch.zeros(0, weights.kv_heads, 0, weights.head_dim) for _ in weights.layers]

    def enter(self, row: Row) -> None:
        row.slot = len(self.rows)
        self.rows.append(row)

    def leave(self, row: Row) -> None:
        """Free the row's slot; the last row moves into it."""
        last = self.rows.pop()
        if last is not row:
            length = last.computed - last.shared
            for store in (*self.keys, *self.values):
                store[row.slot, :, :length] = store[last.slot, :, :length]
            last.slot = row.slot
            self.rows[last.slot] = last
        row.slot = -1

    def reserve(self, length: int) -> None:
        """Make room for all rows and for `length` tokens in each."""
        slots, capacity = self.keys[0].shape[0], self.keys[0].shape[2]
        if len(self.rows) <= slots and length <= capacity:
            return
        slots = max(slots, 8, 2 * slots if len(self.rows) > slots else 0, len(self.rows))
        if length > capacity:
            capacity = -(-length * 5 // 4 // _CAPACITY_STEP) * _CAPACITY_STEP
        for stores in (self.keys, self.values):
            for index, store in enumerate(stores):
                grown = torch.zeros(slots, self._shape[0], capacity, self._shape[1])
                grown[: store.shape[0], :, : store.shape[2]] = store
                stores[index] = grown

    def prefix(self, row: Row, length: int) -> Prefix:
        """The first `length` computed tokens of a row, copied, to be shared with others."""
        shared, own = min(length, row.shared), max(0, length - row.shared)

        def copy(mine: list[Tensor], theirs: list[Tensor] | None) -> list[Tensor]:
            parts = [store[row.slot : row.slot + 1, :, :own] for store in mine]
            if theirs is not None:
                parts = [
                    torch.cat([head[:, :, :shared], tail], dim=2) for head, tail in zip(theirs, parts, strict=True)
                ]
            return [part.clone(memory_format=torch.contiguous_format) for part in parts]

        keys = copy(self.keys, row.prefix.keys if row.prefix else None)
        return Prefix(row.ids[:length], keys, copy(self.values, row.prefix.values if row.prefix else None))


@dataclass
class _Chunk:
    """A row with several new tokens: they stand at `start:stop` of the flat sequence."""

    row: Row
    start: int
    stop: int
    own: int
    mask: Tensor


@dataclass
class _Plan:
    """What all layers share: where each flat token goes and what it sees. The first `single` tokens are rows with one
    new token each; they are attended together."""

    slots: Tensor
    places: Tensor
    cosine: Tensor
    sine: Tensor
    single: int
    span: int
    own: int
    mask: Tensor
    groups: list[tuple[Prefix, int, Tensor]] = field(default_factory=list)
    chunks: list[_Chunk] = field(default_factory=list)


def forward(weights: Weights, cache: Cache, work: list[tuple[Row, int]]) -> Tensor:
    """Compute the next `count` tokens of each row; return logits [len(work), vocabulary] after each row's last one.

    The rows must hold slots. Their `computed` moves on.
    """
    order = sorted(range(len(work)), key=lambda index: work[index][1] > 1)
    ordered = [work[index] for index in order]
    plan = _plan(weights, cache, ordered)
    ids = [token for row, count in ordered for token in row.ids[row.computed : row.computed + count]]
    hidden = functional.embedding(torch.tensor(ids), weights.embedding)
    width = (hidden.shape[1],)
    for index, layer in enumerate(weights.layers):
        normed = functional.rms_norm(hidden, width, layer.input_norm, weights.epsilon)
        queries, keys, values = _project(weights, layer, normed, plan)
        cache.keys[index][plan.slots, :, plan.places] = keys
        cache.values[index][plan.slots, :, plan.places] = values
        hidden = hidden + layer.output(_attend(weights, cache, index, queries, plan))
        normed = functional.rms_norm(hidden, width, layer.post_norm, weights.epsilon)
        gate, up = layer.gate_up(normed).chunk(2, dim=-1)
        hidden = hidden + layer.down(functional.silu(gate) * up)
    ends = torch.tensor([count for _, count in ordered]).cumsum(0) - 1
    back = torch.empty(len(work), dtype=torch.long)
    back[torch.tensor(order)] = ends
    for row, count in ordered:
        row.computed += count
    return weights.head(functional.rms_norm(hidden[back], width, weights.norm, weights.epsilon))


def _plan(weights: Weights, cache: Cache, work: list[tuple[Row, int]]) -> _Plan:
    single = sum(1 for _, count in work if count == 1)
    lengths = [row.computed + count - row.shared for row, count in work]
    cache.reserve(max(lengths))
    slots: list[int] = []
    places: list[int] = []
    positions: list[int] = []
    for row, count in work:
        slots += [row.slot] * count
        places += range(row.computed - row.shared, row.computed - row.shared + count)
        positions += range(row.computed, row.computed + count)
    cosine, sine = weights.rope(torch.tensor(positions))
    half = weights.head_dim // 2
    sine = torch.cat([-sine[:, :half], sine[:, half:]], dim=1)
    span, own = len(cache.rows), max(lengths[:single], default=0)
    seen = torch.ones(span, dtype=torch.long)  # a slot without work sees one place, and its result is dropped
    seen[torch.tensor(slots[:single], dtype=torch.long)] = torch.tensor(lengths[:single], dtype=torch.long)
    plan = _Plan(
        slots=torch.tensor(slots),
        places=torch.tensor(places),
        cosine=cosine.unsqueeze(1),
        sine=sine.unsqueeze(1),
        single=single,
        span=span,
        own=own,
        mask=_additive(torch.arange(own) < seen.unsqueeze(1)).view(span, 1, 1, own),
    )
    sharing: dict[tuple[int, int], tuple[Prefix, int, list[int]]] = {}
    for row, _ in work[:single]:
        if row.prefix is not None:
            sharing.setdefault((id(row.prefix), row.shared), (row.prefix, row.shared, []))[2].append(row.slot)
    plan.groups = [(prefix, shared, torch.tensor(members)) for prefix, shared, members in sharing.values()]
    start = single
    ratio = weights.heads // weights.kv_heads
    for (row, count), length in zip(work[single:], lengths[single:], strict=True):
        last_seen = torch.arange(row.computed, row.computed + count)
        mask = _additive(torch.arange(row.shared + length) <= last_seen.unsqueeze(1)).repeat(ratio, 1)
        plan.chunks.append(_Chunk(row, start, start + count, length, mask.view(1, 1, *mask.shape)))
        start += count
    return plan


def _additive(allowed: Tensor) -> Tensor:
    return torch.zeros(allowed.shape).masked_fill_(~allowed, float("-inf"))


def _project(weights: Weights, layer: Layer, normed: Tensor, plan: _Plan) -> tuple[Tensor, Tensor, Tensor]:
    """Queries [n, heads, head_dim], keys and values [n, kv_heads, head_dim], turned by their positions."""
    heads, kv_heads, head_dim = weights.heads, weights.kv_heads, weights.head_dim
    states = layer.qkv(normed).view(normed.shape[0], heads + 2 * kv_heads, head_dim)
    turned, values = states[:, : heads + kv_heads], states[:, heads + kv_heads :]
    if layer.head_norms is not None:
        query_norm, key_norm = layer.head_norms
        queries = functional.rms_norm(turned[:, :heads], (head_dim,), query_norm, weights.epsilon)
        keys = functional.rms_norm(turned[:, heads:], (head_dim,), key_norm, weights.epsilon)
        turned = torch.cat([queries, keys], dim=1)
    swapped = torch.cat([turned[..., head_dim // 2 :], turned[..., : head_dim // 2]], dim=-1)
    turned = torch.addcmul(turned * plan.cosine, swapped, plan.sine)
    return turned[:, :heads], turned[:, heads:], values


def _attend(weights: Weights, cache: Cache, index: int, queries: Tensor, plan: _Plan) -> Tensor:
    """Attention of all flat tokens in one layer: [n, heads * head_dim]."""
    parts = []
    if plan.single:
        parts.append(_attend_single(weights, cache, index, queries[: plan.single], plan))
    for chunk in plan.chunks:
        parts.append(_attend_chunk(weights, cache, index, queries[chunk.start : chunk.stop], chunk))
    return parts[0] if len(parts) == 1 else torch.cat(parts)


def _attend_single(weights: Weights, cache: Cache, index: int, queries: Tensor, plan: _Plan) -> Tensor:
    kv_heads, ratio, head_dim = weights.kv_heads, weights.heads // weights.kv_heads, weights.head_dim
    slots = plan.slots[: plan.single]
    grouped = queries.new_zeros(plan.span, kv_heads, ratio, head_dim)
    grouped[slots] = queries.view(plan.single, kv_heads, ratio, head_dim)
    keys = cache.keys[index][: plan.span, :, : plan.own]
    result, weight = _flash(grouped, keys, cache.values[index][: plan.span, :, : plan.own], plan.mask)
    for prefix, shared, members in plan.groups:
        count = len(members)
        wide = grouped[members].transpose(0, 1).reshape(1, kv_heads, count * ratio, head_dim)
        other, other_weight = _flash(wide, prefix.keys[index][:, :, :shared], prefix.values[index][:, :, :shared])
        other = other.view(kv_heads, count, ratio, head_dim).transpose(0, 1)
        other_weight = other_weight.view(kv_heads, count, ratio).transpose(0, 1)
        share = torch.sigmoid(other_weight - weight[members]).unsqueeze(-1)
        result[members] = torch.lerp(result[members], other, share)
    return result[slots].reshape(plan.single, -1)


def _attend_chunk(weights: Weights, cache: Cache, index: int, queries: Tensor, chunk: _Chunk) -> Tensor:
    count, row = chunk.stop - chunk.start, chunk.row
    kv_heads, ratio, head_dim = weights.kv_heads, weights.heads // weights.kv_heads, weights.head_dim
    grouped = queries.view(count, kv_heads, ratio, head_dim).permute(1, 2, 0, 3)
    keys = cache.keys[index][row.slot : row.slot + 1, :, : chunk.own]
    values = cache.values[index][row.slot : row.slot + 1, :, : chunk.own]
    if row.prefix is not None:
        keys = torch.cat([row.prefix.keys[index][:, :, : row.shared], keys], dim=2)
        values = torch.cat([row.prefix.values[index][:, :, : row.shared], values], dim=2)
    result, _ = _flash(grouped.reshape(1, kv_heads, ratio * count, head_dim), keys, values, chunk.mask)
    return result.view(kv_heads, ratio, count, head_dim).permute(2, 0, 1, 3).reshape(count, -1)


def _flash(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Attention [batch, kv_heads, n, head_dim] and its log-sum-exp [batch, kv_heads, n], which the public function
    does not return. The query heads of one key head stand as further queries: keys are read once for all of them."""
    result = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(queries, keys, values, attn_mask=mask)
    return cast("tuple[Tensor, Tensor]", result)
