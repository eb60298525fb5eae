"""Policies as they are named on the command line: "oracle", "hf:runs/x/checkpoint", "exec:python agent.py"."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sandlot_trainer.episode import Protocol
from sandlot_trainer.policies import AnyPolicy
from sandlot_trainer.policies.noop import NoopPolicy
from sandlot_trainer.policies.openai import OpenAIPolicy, openai_protocol
from sandlot_trainer.policies.oracle import OraclePolicy
from sandlot_trainer.policies.program import ProgramPolicy
from sandlot_trainer.policies.random import RandomPolicy

FORMS = "oracle, noop, random, hf:<path or hub id>, openai:<base url>#<model>, exec:<command>"
_PLAIN: dict[str, Callable[[], AnyPolicy]] = {"oracle": OraclePolicy, "noop": NoopPolicy, "random": RandomPolicy}


@dataclass(frozen=True)
class PolicySpec:
    """`kind` is the part before the colon, `value` what follows it."""

    kind: str
    value: str = ""

    @classmethod
    def read(cls, text: str) -> PolicySpec:
        """Raises ValueError on what is no policy, naming the forms that there are."""
        kind, colon, value = text.partition(":")
        if kind in _PLAIN and not colon:
            return cls(kind)
        url, _, model = value.rpartition("#")
        if kind == "openai" and not (url.startswith(("http://", "https://")) and model):
            raise ValueError(
                f"{text!r}: write openai:<base url>#<model>, as in openai:http://127.0.0.1:8000/v1#my-model"
            )
        if kind == "exec" and not value.strip():
            raise ValueError(f"{text!r}: write exec:<command>, as in 'exec:python agent.py'")
        if not colon or kind not in ("hf", "openai", "exec"):
            raise ValueError(f"there is no policy {text!r}; there are {FORMS}")
        return cls(kind, value)

    def __str__(self) -> str:
        return self.kind if self.kind in _PLAIN else f"{self.kind}:{self.value}"

    @property
    def concurrency(self) -> int:
        """How many episodes are in flight unless the user says otherwise: a program takes a process each."""
        return 8 if self.kind == "exec" else 64

    def protocol(self, protocol: Protocol) -> Protocol:
        """The rules of an episode as they are for such a policy."""
        return openai_protocol(protocol) if self.kind == "openai" else protocol

    @asynccontextmanager
    async def opened(self, temperature: float) -> AsyncIterator[AnyPolicy]:
        """The policy itself. `temperature`: of a local model's draws; an endpoint's is the protocol's."""
        if self.kind in _PLAIN:
            yield _PLAIN[self.kind]()
        elif self.kind == "exec":
            yield ProgramPolicy(self.value)
        elif self.kind == "openai":
            url, _, model = self.value.rpartition("#")
            async with OpenAIPolicy(url, model) as policy:
                yield policy
        else:
            from sandlot_trainer.profiles import CPU
            from sandlot_trainer.trainee import Trainee

            trainee = Trainee(self.value or None, CPU)
            try:
                yield trainee.policy(str(self), temperature)
            finally:
                trainee.close()
