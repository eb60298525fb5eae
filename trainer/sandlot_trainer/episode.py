"""One episode: a policy's attempt at a task on a fresh site, for training and for evaluation alike."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, Self

import httpx

from sandlot_trainer.client import Control, EnvironmentFailure, SiteAccess, send
from sandlot_trainer.policies import (
    Action,
    AnyPolicy,
    Observation,
    OutsidePolicy,
    Policy,
    TokenCount,
    TokenRecord,
    Work,
)
from sandlot_trainer.prompt import SYSTEM, compact_json, system_text
from sandlot_trainer.scenarios.base import Scenario, Task
from sandlot_trainer.scoring import Score
from sandlot_trainer.tools import ToolBox, ToolError


@dataclass(frozen=True)
class Protocol:
    """The rules of an episode, the same for every policy: data, to be printed with any figure.

    `rendering`: tools as one-line signatures in the system prompt, or as JSON functions for the model's own
    template. Limits are tokens of one turn, tokens of the whole conversation, and seconds; calls over the
    limit of one turn are refused with a message. `max_faulty_turns`: so many turns in a row out of which no
    request could be made end the episode.
    """

    system: str = SYSTEM
    rendering: Literal["signatures", "functions"] = "signatures"
    max_turns: int = 8
    max_faulty_turns: int = 3
    max_calls_per_turn: int = 4
    max_new_tokens: int = 144
    max_context_tokens: int = 1536
    time_limit_s: float = 600.0
    temperature: float = 1.0

    @classmethod
    def of(cls, scenario: Scenario, level: int, *, temperature: float = 1.0) -> Self:
        """The rules that suit a level of a scenario. Raises ValueError on a level that there is none of."""
        return cls(
            max_turns=scenario.turns,
            max_new_tokens=scenario.turn_tokens,
            max_context_tokens=scenario.context_tokens(level),
            temperature=temperature,
        )

    def opening(self, task: Task, toolbox: ToolBox) -> list[dict[str, str]]:
        """The system and the user message that an episode starts with."""
        tools = toolbox.signatures() if self.rendering == "signatures" else ""
        system = system_text(self.system, tools)
        return [{"role": "system", "content": system}, {"role": "user", "content": task.instruction}]

    def functions(self, toolbox: ToolBox) -> list[dict[str, Any]] | None:
        """The tools for a chat template of the model's own, None where they stand in the system prompt."""
        return toolbox.functions() if self.rendering == "functions" else None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Episode:
    """What one attempt came to. `trace` is the server's record of it, as the control API gives it; `messages`
    the conversation as the policy had it; `seconds` by phase: site, policy, tools, record. `work`: what an outside
    agent left, None for a policy that takes turns."""

    task: str
    policy: str
    seed: int
    site: str
    messages: list[dict[str, str]]
    stop: str
    turns: int = 0
    calls: int = 0
    malformed: list[str] = field(default_factory=list)
    unknown_tools: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    trace: dict[str, Any] = field(default_factory=dict, repr=False)
    tokens: TokenRecord | TokenCount | None = field(default=None, repr=False)
    work: Work | None = None
    score: Score | None = None

    def record(self) -> dict[str, Any]:
        """What is kept beside the trace: everything but the trace itself and the token ids."""
        kept = {name: value for name, value in vars(self).items() if name not in ("trace", "tokens", "score")}
        counts = self.tokens and {"given": self.tokens.given, "sampled": self.tokens.sampled}
        return {**kept, "tokens": counts, "work": self.work and asdict(self.work)}


async def run_episode(
    task: Task,
    policy: AnyPolicy,
    control: Control,
    toolbox: ToolBox,
    protocol: Protocol,
    seed: int,
    *,
    agent: httpx.AsyncClient,
    keep_site: bool = True,
) -> Episode:
    """Let the policy attempt the task on a fresh site and return what was recorded, unscored.

    `agent` is the HTTP client of the calls that are made for a policy; each call is one request. Raises
    EnvironmentFailure where the server or the way to it fails: such an episode never gets a reward.
    """
    watch = Stopwatch()
    with watch.timed("site"):
        access = await control.create_site(await control.put_seed(task.world))
    try:
        if isinstance(policy, OutsidePolicy):
            with watch.timed("policy"):
                work = await policy.work(task, access, protocol, seed)
            messages = [{"role": "user", "content": task.instruction}]
            episode = Episode(task.name, policy.name, seed, access.site, messages, work.stop, work=work)
        else:
            attempt = _Attempt(task, toolbox, protocol, agent, watch)
            await attempt.run(policy, access, seed)
            episode = attempt.episode(policy.name, seed, access.site)
        with watch.timed("record"):
            trace = await control.trace(access.site)
            if episode.work is not None:
                episode = replace(episode, calls=_calls(trace))
            episode = replace(episode, trace=trace, seconds=watch.seconds)
            if keep_site:  # the record lies beside the trace, and goes with the site
                await control.put_episode(access.site, episode.record())
        return episode
    finally:
        if not keep_site:
            await control.delete_site(access.site)


def _calls(trace: dict[str, Any]) -> int:
    """How many calls an outside agent made. Raises EnvironmentFailure on an answer that it cannot be blamed for."""
    for exchange in trace["exchanges"]:
        if exchange["status"] >= 500 and exchange["status"] != 501:
            place = f"{exchange['method']} {exchange['path']}"
            raise EnvironmentFailure(f"{place} failed: {exchange['status']} {str(exchange['response'])[:500]}")
    return len(trace["exchanges"])


class Stopwatch:
    """Seconds by phase."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[phase] = self.seconds.get(phase, 0.0) + time.perf_counter() - start


class _Attempt:
    def __init__(
        self, task: Task, toolbox: ToolBox, protocol: Protocol, agent: httpx.AsyncClient, watch: Stopwatch
    ) -> None:
        self.task = task
        self.toolbox = toolbox
        self.protocol = protocol
        self.agent = agent
        self.watch = watch
        self.messages = protocol.opening(task, toolbox)
        self.stop = "turn limit"
        self.turns = self.calls = 0
        self.malformed: list[str] = []
        self.unknown_tools: list[str] = []
        self.tokens: TokenRecord | TokenCount | None = None

    def episode(self, policy: str, seed: int, site: str) -> Episode:
        return Episode(
            self.task.name,
            policy,
            seed,
            site,
            self.messages,
            self.stop,
            self.turns,
            self.calls,
            self.malformed,
            self.unknown_tools,
            tokens=self.tokens,
        )

    async def run(self, policy: Policy, access: SiteAccess, seed: int) -> None:
        actor = policy.actor(self.task, self.toolbox, self.protocol, seed)
        deadline = time.monotonic() + self.protocol.time_limit_s
        observations: list[Observation] = []
        faulty = 0
        try:
            for _ in range(self.protocol.max_turns):
                with self.watch.timed("policy"):
                    async with asyncio.timeout(deadline - time.monotonic()):
                        action = await actor.act(observations)
                self._note(action)
                if action.stop or not (action.calls or action.malformed):
                    self.stop = action.stop or "finished"
                    break
                made = self.calls
                with self.watch.timed("tools"):
                    observations = await self._answer(action, access)
                self.messages += [{"role": "tool", "content": observation.text} for observation in observations]
                faulty = 0 if self.calls > made else faulty + 1
                if faulty == self.protocol.max_faulty_turns:
                    self.stop = "no valid call"
                    break
        except TimeoutError:
            self.stop = "time limit"
        finally:
            self.tokens = actor.tokens
            await actor.close()

    def _note(self, action: Action) -> None:
        self.turns += 1
        self.messages.append({"role": "assistant", "content": action.text})
        self.malformed += [call.raw for call in action.malformed]
        self.unknown_tools += [call.name for call in action.calls if call.name not in self.toolbox]

    async def _answer(self, action: Action, access: SiteAccess) -> list[Observation]:
        observations = []
        for number, call in enumerate(action.calls):
            try:
                if number >= self.protocol.max_calls_per_turn:
                    raise ToolError(f"Not done: a turn has room for {self.protocol.max_calls_per_turn} calls.")
                request = self.toolbox.request(call.name, call.arguments)
                self.calls += 1
                status, body = await send(self.agent, access, request)
                text = self.toolbox.compact(call.name, status, body)
                observations.append(Observation(call.id, call.name, text, status))
            except ToolError as error:
                observations.append(Observation(call.id, call.name, _error_text(str(error))))
        observations += [Observation("", "", _error_text(call.reason)) for call in action.malformed]
        return observations


def _error_text(message: str) -> str:
    return compact_json({"error": message})
