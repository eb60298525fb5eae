"""The CPU generator: sessions of any length and age decoded together, joining and leaving at every step."""

from __future__ import annotations

import asyncio
import queue
import random
import threading
from collections.abc import Collection, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import torch
from torch import Tensor

from sandlot_trainer.generate import GenerationError, Sample
from sandlot_trainer.generate.decoder import Cache, Prefix, Row, forward
from sandlot_trainer.generate.packed import Model, check_architecture, has_fp16_linears, read_weights

_WORTH_SHARING = 16  # tokens; below that a shared prefix costs more than it saves
_KEPT_PREFIXES = 16
_TOKENS_A_STEP = 1024  # bounds the memory of a step in which many prompts arrive
_BELOW_ONE = 1.0 - 2.0**-23


@dataclass(eq=False)
class _Request:
    """One call of `sample` on its way."""

    row: Row
    random: random.Random
    new_ids: list[int]
    limit: int
    temperature: float
    stop: frozenset[int]
    future: Future[Sample]
    ids: list[int]
    logprobs: list[float]


class RaggedGenerator:
    """Samples a Llama-like model on the CPU. Half precision packing (`fp16`, by default where the machine has it) makes
    it about twice as fast, at a log-probability error below 0.02; without it the arithmetic is the model's own.

    A worker thread runs the batch; `slots` sessions hold a cache at a time, later ones wait. Unsupported models raise
    GenerationError.
    """

    def __init__(self, model: Model, *, fp16: bool | None = None, slots: int = 64) -> None:
        check_architecture(model)
        self._model = model
        self._fp16 = has_fp16_linears() if fp16 is None else fp16
        self._slots = slots
        self._commands: queue.SimpleQueue[_Request | Row | None] = queue.SimpleQueue()
        self._open: set[int] = set()
        self._failure: BaseException | None = None
        self._load()
        self._worker = threading.Thread(target=self._run, name="ragged-generator", daemon=True)
        self._worker.start()

    def open(self, prompt_ids: Sequence[int], seed: int = 0) -> RaggedSession:
        if not prompt_ids:
            raise GenerationError("A session needs a prompt of at least one token.")
        session = RaggedSession(self, Row(list(prompt_ids)), random.Random(seed))
        self._open.add(id(session))
        return session

    def refresh(self) -> None:
        if self._open:
            raise GenerationError("The weights cannot change while sessions are open.")
        self._commands.put(None)
        self._worker.join()
        self._load()
        self._worker = threading.Thread(target=self._run, name="ragged-generator", daemon=True)
        self._worker.start()

    def close(self) -> None:
        self._commands.put(None)
        self._worker.join()

    def _load(self) -> None:
        self._weights = read_weights(self._model, fp16=self._fp16)
        self._cache = Cache(self._weights)
        self._prefixes: list[Prefix] = []
        self._active: list[_Request] = []

    # What follows runs in the worker thread.

    def _run(self) -> None:
        try:
            with torch.inference_mode():
                while self._receive():
                    self._step()
        except BaseException as error:
            self._failure = error
            self._fail_all(GenerationError(f"The generator's worker failed: {error!r}"))

    def _receive(self) -> bool:
        """Take what has arrived, waiting only when there is nothing to do. False: stop."""
        while True:
            try:
                command = self._commands.get(block=not self._active)
            except queue.Empty:
                return True
            if command is None:
                self._fail_all(GenerationError("The generator was closed."))
                return False
            if isinstance(command, Row):
                self._drop(command)
            elif command.future.set_running_or_notify_cancel():
                command.row.ids += command.new_ids
                self._active.append(command)

    def _drop(self, row: Row) -> None:
        self._active = [request for request in self._active if request.row is not row]
        if row.slot >= 0:
            self._cache.leave(row)

    def _fail_all(self, error: GenerationError) -> None:
        for request in self._active:
            request.future.set_exception(error)
        self._active = []

    def _step(self) -> None:
        work: list[tuple[Row, int]] = []
        ready: list[_Request] = []
        budget = _TOKENS_A_STEP
        entering: list[Row] = []
        for request in self._active:
            row = request.row
            if row.slot < 0 and not self._enter(row, entering):
                continue
            count = min(row.waiting, max(budget, 1) if row.waiting == 1 else budget)
            if count <= 0:
                continue
            budget -= count
            work.append((row, count))
            ready += [request] if count == row.waiting else []
        if not work:
            return
        logits = forward(self._weights, self._cache, work)
        chosen = [index for index, (row, _) in enumerate(work) if row.waiting == 0]
        if ready:
            self._take(ready, logits if len(chosen) == len(work) else logits[chosen])

    def _enter(self, row: Row, entering: list[Row]) -> bool:
        """Give a row its slot and the best shared prefix. False: it waits, for a slot, or because a row that enters in
        this very step computes what it can share in the next one."""
        if len(self._cache.rows) >= self._slots:
            return False
        best, length = max(
            ((prefix, _common(prefix.ids, row.ids)) for prefix in self._prefixes),
            key=lambda found: found[1],
            default=(None, 0),
        )
        for other in self._cache.rows:
            common = _common(other.ids, row.ids)
            if common < length + _WORTH_SHARING:
                continue
            if other in entering or common > other.computed:
                return False
            best, length = self._cache.prefix(other, common), common
            self._prefixes = [*self._prefixes[-(_KEPT_PREFIXES - 1) :], best]
        if best is not None and length >= _WORTH_SHARING:
            row.prefix, row.shared, row.computed = best, length, length
        self._cache.enter(row)
        entering.append(row)
        return True

    def _take(self, ready: list[_Request], logits: Tensor) -> None:
        """Draw the next token of each request whose input is computed; answer those that have ended."""
        ids, logprobs = draw(
            logits, [request.temperature for request in ready], [request.random.random() for request in ready]
        )
        for request, token, logprob in zip(ready, ids, logprobs, strict=True):
            request.row.ids.append(token)
            request.ids.append(token)
            request.logprobs.append(logprob)
            if token in request.stop or len(request.ids) >= request.limit:
                self._active.remove(request)
                request.future.set_result(Sample(request.ids, request.logprobs))


class RaggedSession:
    """A session of RaggedGenerator."""

    def __init__(self, generator: RaggedGenerator, row: Row, draws: random.Random) -> None:
        self._generator = generator
        self._row = row
        self._draws = draws
        self._closed = False

    async def sample(self, new_ids: Sequence[int], limit: int, temperature: float, stop: Collection[int]) -> Sample:
        generator, positions = self._generator, len(self._row.ids) + len(new_ids) + limit
        if self._closed:
            raise GenerationError("The session is closed.")
        if generator._failure is not None:
            raise GenerationError(f"The generator's worker failed: {generator._failure!r}")
        if limit < 1 or positions > generator._weights.max_positions:
            raise GenerationError(
                f"A turn of {limit} tokens does not fit: the context would be {positions} tokens, the model takes "
                f"{generator._weights.max_positions}."
            )
        future: Future[Sample] = Future()
        generator._commands.put(
            _Request(self._row, self._draws, list(new_ids), limit, temperature, frozenset(stop), future, [], [])
        )
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            self.close()
            raise

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._generator._open.discard(id(self))
            self._generator._commands.put(self._row)


def draw(logits: Tensor, temperatures: list[float], numbers: list[float]) -> tuple[list[int], list[float]]:
    """One token id and its log-probability for each row of logits [n, vocabulary], by inverting the distribution at a
    number in [0, 1) (a tenth of the time of torch.multinomial); temperature 0 takes the likeliest token."""
    greedy = torch.tensor([temperature == 0 for temperature in temperatures])
    scale = torch.tensor([temperature or 1.0 for temperature in temperatures]).unsqueeze(1)
    logprobs = torch.log_softmax(logits / scale, dim=-1)
    cumulated = logprobs.exp().cumsum(dim=-1)
    points = torch.tensor(numbers).clamp_(max=_BELOW_ONE).unsqueeze(1) * cumulated[:, -1:]
    drawn = torch.searchsorted(cumulated, points, right=True).clamp_(max=logits.shape[1] - 1).squeeze(1)
    ids = torch.where(greedy, logits.argmax(dim=-1), drawn)
    return ids.tolist(), logprobs.gather(1, ids.unsqueeze(1)).squeeze(1).tolist()


def _common(left: list[int], right: list[int]) -> int:
    """How many tokens two contexts share at their start, leaving at least one of `right` to be computed."""
    end = min(len(left), len(right) - 1)
    return next((index for index in range(end) if left[index] != right[index]), end)
