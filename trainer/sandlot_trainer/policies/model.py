"""A language model as a policy: a chat form over a generator, token ids kept as they were sampled."""

from __future__ import annotations

from sandlot_trainer.chat import Chat, parse_turn
from sandlot_trainer.episode import Protocol
from sandlot_trainer.errors import SandlotError
from sandlot_trainer.generate import Generator
from sandlot_trainer.policies import Action, Malformed, Observation, TokenRecord, ToolCall
from sandlot_trainer.scenarios.base import Task
from sandlot_trainer.tools import ToolBox


class ModelPolicy:
    """Samples turns from a generator. `temperature` overrides the protocol's, as for greedy evaluation."""

    def __init__(
        self, generator: Generator, chat: Chat, *, name: str = "model", temperature: float | None = None
    ) -> None:
        self.name = name
        self._generator = generator
        self._chat = chat
        self._temperature = temperature

    def actor(self, task: Task, toolbox: ToolBox, protocol: Protocol, seed: int) -> ModelActor:
        """Raises SandlotError where the limit of the episode leaves no room for a word of the model's."""
        prompt = self._chat.prompt(protocol.opening(task, toolbox), protocol.functions(toolbox))
        if len(prompt) >= protocol.max_context_tokens:
            limit = protocol.max_context_tokens
            raise SandlotError(
                f"{task.name}: the prompt alone takes {len(prompt)} tokens of the {limit} that the episode may have;"
                " for a tokenizer that cuts so fine give --max-context-tokens"
            )
        temperature = protocol.temperature if self._temperature is None else self._temperature
        return ModelActor(self._generator, self._chat, prompt, protocol, temperature, seed)


class ModelActor:
    """One conversation. `tokens` holds exactly the ids that went in and came out, in their order."""

    tokens: TokenRecord

    def __init__(
        self,
        generator: Generator,
        chat: Chat,
        prompt: list[int],
        protocol: Protocol,
        temperature: float,
        seed: int,
    ) -> None:
        self.tokens = TokenRecord(prompt_ids=prompt)
        self._chat = chat
        self._protocol = protocol
        self._temperature = temperature
        self._session = generator.open(prompt, seed)
        self._last_turn: list[int] = []

    async def act(self, observations: list[Observation]) -> Action:
        answers = self._chat.after_turn([seen.text for seen in observations], self._last_turn) if observations else []
        room = self._protocol.max_context_tokens - self._length() - len(answers)
        if room <= 0:
            return Action("", stop="context limit")
        limit = min(self._protocol.max_new_tokens, room)
        sample = await self._session.sample(answers, limit, self._temperature, self._chat.stop_ids)
        self._append(answers, [0.0] * len(answers), 0)
        self._append(sample.ids, sample.logprobs, 1)
        self._last_turn = sample.ids
        text = self._chat.text(sample.ids)
        turn = parse_turn(text)
        calls = tuple(ToolCall(call.name, call.arguments) for call in turn.calls)
        malformed = tuple(Malformed(call.raw, call.reason) for call in turn.malformed)
        stop = None
        if not (sample.ids and sample.ids[-1] in self._chat.stop_ids):  # cut off by a limit
            if limit < self._protocol.max_new_tokens:
                stop = "context limit"
            elif not (calls or malformed):
                stop = "token limit"
        return Action(text, calls, malformed, stop)

    async def close(self) -> None:
        self._session.close()

    def _length(self) -> int:
        return len(self.tokens.prompt_ids) + len(self.tokens.completion_ids)

    def _append(self, ids: list[int], logprobs: list[float], mask: int) -> None:
        self.tokens.completion_ids.extend(ids)
        self.tokens.logprobs.extend(logprobs)
        self.tokens.mask.extend([mask] * len(ids))
