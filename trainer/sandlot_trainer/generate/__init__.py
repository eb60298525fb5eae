"""Text generation for many conversations at once: one face, a CPU engine and a vLLM server behind it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from sandlot_trainer.errors import SandlotError


class GenerationError(SandlotError):
    """The generator cannot serve the model or the request, or its worker failed; never the policy's fault."""


@dataclass(frozen=True)
class Sample:
    """Sampled token ids, a stop id included where one was sampled, and the log-probability of each at the temperature
    it was sampled with (at temperature 0: of the model as it is)."""

    ids: list[int]
    logprobs: list[float]


class Session(Protocol):
    """One conversation. Its context is the prompt and, in order, everything appended and sampled since."""

    async def sample(self, new_ids: Sequence[int], limit: int, temperature: float, stop: Collection[int]) -> Sample:
        """Append `new_ids`, then sample up to `limit` tokens, ending after the first one that is in `stop`.

        Temperature 0 is greedy. One call at a time; an abandoned call ends the session.
        """
        ...

    def close(self) -> None:
        """Give the session's memory back. May be called twice."""
        ...


class Generator(Protocol):
    """A model that samples many sessions together."""

    def open(self, prompt_ids: Sequence[int], seed: int = 0) -> Session:
        """Open a conversation; `seed` fixes its random draws. Costs nothing until it is sampled."""
        ...

    def refresh(self) -> None:
        """Take up the model's present weights. Only while no session is open."""
        ...

    def close(self) -> None:
        """Release everything."""
        ...
