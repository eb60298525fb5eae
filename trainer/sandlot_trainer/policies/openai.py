"""A model behind an OpenAI-compatible chat-completions endpoint that takes tools."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import httpx

from sandlot_trainer.client import EnvironmentFailure
from sandlot_trainer.episode import Protocol
from sandlot_trainer.policies import Action, Malformed, Observation, TokenCount, ToolCall
from sandlot_trainer.prompt import FUNCTIONS_SYSTEM, call_text
from sandlot_trainer.scenarios.base import Task
from sandlot_trainer.tools import ToolBox

TIMEOUT = httpx.Timeout(300.0, connect=10.0, pool=None)
"""Of one try, in seconds."""
TRIES, PAUSE_S, LONGEST_PAUSE_S = 6, 1.0, 30.0
"""A call that the endpoint cannot take now (429, 5xx, no connection) is tried again, after pauses that double."""
_CONTEXT_WORDS = ("context length", "context_length", "maximum context", "too many tokens")
_OTHER_NAMES: Mapping[str, str | None] = {"max_tokens": "max_completion_tokens", "seed": None}
"""What some endpoints refuse, and what they take in its place."""


def openai_protocol(protocol: Protocol) -> Protocol:
    """The rules for such a model: its own form of calls, and limits in its own tokens."""
    return replace(
        protocol,
        system=FUNCTIONS_SYSTEM,
        rendering="functions",
        max_new_tokens=4096,
        max_context_tokens=65536,
    )


class OpenAIPolicy:
    """Asks `url` (".../v1") for turns of `model`. Use as `async with OpenAIPolicy(url, model) as policy`.

    The key comes from OPENAI_API_KEY, if that is set.
    """

    def __init__(self, url: str, model: str) -> None:
        self.name = f"openai:{url}#{model}"
        self.model = model
        self.url = f"{url.rstrip('/')}/chat/completions"
        self.refused: set[str] = set()
        key = os.environ.get("OPENAI_API_KEY")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        limits = httpx.Limits(max_connections=None)
        self._client = httpx.AsyncClient(timeout=TIMEOUT, limits=limits, headers=headers)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._client.aclose()

    def actor(self, task: Task, toolbox: ToolBox, protocol: Protocol, seed: int) -> OpenAIActor:
        return OpenAIActor(self, task, toolbox, protocol, seed)

    async def complete(self, body: Mapping[str, Any]) -> httpx.Response:
        """One answer of the endpoint, 200 or 400. Raises EnvironmentFailure on any other, and where it stays down."""
        failure = ""
        try:
            for attempt in range(TRIES):
                pause = 0.0
                try:
                    response = await self._client.post(self.url, json=self._accepted(body))
                    failure = f"{response.status_code} {response.text[:300]}"
                    if response.status_code == 200:
                        return response
                    if response.status_code in (400, 422):
                        if not self._learned(response.text):
                            return response
                        failure = ""
                    elif response.status_code == 429 or response.status_code >= 500:
                        pause = _pause(attempt, response.headers.get("retry-after"))
                    else:
                        break
                except httpx.HTTPError as error:
                    failure = f"{type(error).__name__} {error}".strip()
                    pause = _pause(attempt, None)
                if attempt < TRIES - 1:
                    await asyncio.sleep(pause)
        except asyncio.CancelledError:
            # The episode's time is over while the endpoint does not answer: that is not the model's failure.
            if failure:
                raise EnvironmentFailure(f"{self.url} failed until the episode's time was over: {failure}") from None
            raise
        raise EnvironmentFailure(f"{self.url} failed: {failure}")

    def _accepted(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The body with what the endpoint has refused before under its other name, or left out."""
        named = ((_OTHER_NAMES[name] if name in self.refused else name, value) for name, value in body.items())
        return {name: value for name, value in named if name}

    def _learned(self, refusal: str) -> bool:
        """Whether a refusal names a parameter that can be sent otherwise."""
        new = {name for name in _OTHER_NAMES if f"'{name}'" in refusal or f'"{name}"' in refusal} - self.refused
        self.refused |= new
        return bool(new)


class OpenAIActor:
    """One conversation. The endpoint keeps nothing: each turn sends the whole of it."""

    tokens: TokenCount

    def __init__(self, policy: OpenAIPolicy, task: Task, toolbox: ToolBox, protocol: Protocol, seed: int) -> None:
        self.tokens = TokenCount(0, 0)
        self._policy = policy
        self._protocol = protocol
        self._seed = seed
        self._tools = toolbox.functions()
        self._messages: list[dict[str, Any]] = [*protocol.opening(task, toolbox)]
        self._asked: list[str] = []
        self._length = 0

    async def act(self, observations: list[Observation]) -> Action:
        # Answers come in the order of the calls, those on malformed calls last.
        self._messages += [
            {"role": "tool", "tool_call_id": id, "content": seen.text}
            for id, seen in zip(self._asked, observations, strict=True)
        ]
        if self._length >= self._protocol.max_context_tokens:
            return Action("", stop="context limit")
        choice = await self._complete()
        if choice is None:
            return Action("", stop="context limit")
        text, calls, malformed = self._read(choice["message"])
        stop = "token limit" if choice.get("finish_reason") == "length" and not (calls or malformed) else None
        return Action(text, tuple(calls), tuple(malformed), stop)

    async def close(self) -> None:
        pass

    async def _complete(self) -> dict[str, Any] | None:
        """The endpoint's choice; None where it says that the conversation has become too long."""
        body = {
            "model": self._policy.model,
            "messages": self._messages,
            "tools": self._tools,
            "max_tokens": self._protocol.max_new_tokens,
            "temperature": self._protocol.temperature,
            "seed": self._seed,
        }
        response = await self._policy.complete(body)
        if response.status_code != 200:
            if any(words in response.text.lower() for words in _CONTEXT_WORDS):
                return None
            raise EnvironmentFailure(f"{self._policy.url} refused: {response.status_code} {response.text[:500]}")
        try:
            answer = response.json()
            choice: dict[str, Any] = {"message": {}, **answer["choices"][0]}
        except (ValueError, LookupError, TypeError) as error:
            text = response.text[:300]
            raise EnvironmentFailure(f"{self._policy.url} answered with no chat completion: {text!r}") from error
        usage = answer.get("usage") or {}
        given, sampled = usage.get("prompt_tokens") or 0, usage.get("completion_tokens") or 0
        self.tokens = TokenCount(self.tokens.given + given, self.tokens.sampled + sampled)
        self._length = given + sampled
        return choice

    def _read(self, message: Mapping[str, Any]) -> tuple[str, list[ToolCall], list[Malformed]]:
        """What the turn said, in words, and its calls. Keeps the turn as the endpoint is to see it again."""
        said = message.get("content") or ""
        calls: list[ToolCall] = []
        malformed: list[tuple[str, Malformed]] = []
        kept, texts = [], [said] if said else []
        for number, call in enumerate(message.get("tool_calls") or ()):
            id = call.get("id") or f"call_{len(self._messages)}_{number}"
            name, raw = call["function"]["name"], call["function"].get("arguments") or "{}"
            arguments = _object(raw)
            if arguments is None:
                reason = f"The arguments of {name} are not a JSON object."
                malformed.append((id, Malformed(f"{name}({raw})", reason)))
                texts.append(f"{name}({raw})")
                # Many endpoints refuse a conversation that has arguments which cannot be read.
                raw = json.dumps({"unreadable": raw})
            else:
                calls.append(ToolCall(name, arguments, id))
                texts.append(call_text(name, arguments))
            kept.append({"id": id, "type": "function", "function": {"name": name, "arguments": raw}})
        self._messages.append({"role": "assistant", "content": said, **({"tool_calls": kept} if kept else {})})
        self._asked = [*(call.id for call in calls), *(id for id, _ in malformed)]
        return "\n".join(texts), calls, [one for _, one in malformed]


def _object(text: Any) -> dict[str, Any] | None:
    """A JSON object; some endpoints give it as it is, not as text."""
    try:
        value = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _pause(attempt: int, retry_after: str | None) -> float:
    """Seconds until the next try: what the endpoint asked for, else doubled each time and scattered."""
    if retry_after is not None and retry_after.replace(".", "", 1).isdigit():
        return min(float(retry_after), LONGEST_PAUSE_S)
    return min(PAUSE_S * float(2**attempt) * random.uniform(0.75, 1.25), LONGEST_PAUSE_S)
