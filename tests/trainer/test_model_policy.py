"""The language model as a policy: the ids recorded are the ids sampled, and limits stop it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest

from sandlot_trainer.chat import ChatML
from sandlot_trainer.episode import Protocol
from sandlot_trainer.errors import SandlotError
from sandlot_trainer.generate import Sample
from sandlot_trainer.models import tiny_tokenizer
from sandlot_trainer.policies.model import ModelPolicy
from sandlot_trainer.prompt import call_text
from tests.trainer.fakes import TASK, FakeServer

CHAT = ChatML(tiny_tokenizer())


class Written:
    """A generator whose sessions write given texts, and note what they were fed."""

    def __init__(self, *texts: str) -> None:
        self.texts = texts
        self.fed: list[int] = []
        self.closed = 0
        self.temperatures: list[float] = []

    def open(self, prompt_ids: Sequence[int], seed: int = 0) -> Written:
        self.left = list(self.texts)
        self.fed = list(prompt_ids)
        return self

    async def sample(self, new_ids: Sequence[int], limit: int, temperature: float, stop: Collection[int]) -> Sample:
        ids = CHAT.turn_ids(self.left.pop(0))[:limit]
        self.fed += [*new_ids, *ids]
        self.temperatures.append(temperature)
        return Sample(ids, [-0.5] * len(ids))

    def refresh(self) -> None: ...

    def close(self) -> None:
        self.closed += 1


READ, WRITE = call_text("readNote", {"id": "1"}), call_text("writeNote", {"title": "Plan", "space": "7"})


async def test_tokens_recorded_are_tokens_sampled() -> None:
    server, generator = FakeServer(), Written(READ, "<tool_call>{oops</tool_call>", WRITE, "Done.")
    protocol = Protocol(max_context_tokens=4096)
    async with server.control() as control, server.engine(control, protocol) as engine:
        episode = await engine.run(TASK, ModelPolicy(generator, CHAT, temperature=0.0))
    tokens = episode.tokens
    assert tokens is not None
    assert tokens.prompt_ids + tokens.completion_ids == generator.fed
    assert len(tokens.completion_ids) == len(tokens.mask) == len(tokens.logprobs)
    sampled = [id for id, mask in zip(tokens.completion_ids, tokens.mask, strict=True) if mask]
    turns = [READ, "<tool_call>{oops</tool_call>", WRITE, "Done."]
    assert sampled == [id for text in turns for id in CHAT.turn_ids(text)]
    assert {p for p, mask in zip(tokens.logprobs, tokens.mask, strict=True) if mask} == {-0.5}
    assert [message["content"] for message in episode.messages if message["role"] == "assistant"] == turns
    assert (episode.stop, episode.malformed, len(episode.messages)) == ("finished", ["{oops"], 9)
    assert episode.score is not None
    assert episode.score.success
    assert server.episodes[episode.site]["tokens"] == {
        "given": len(generator.fed) - len(sampled),
        "sampled": len(sampled),
    }
    assert (generator.closed, set(generator.temperatures)) == (1, {0.0})


@pytest.mark.parametrize(
    ("texts", "limits", "stop"),
    [
        (["word " * 99], {"max_new_tokens": 20}, "token limit"),
        ([READ, "word " * 99], {"max_new_tokens": 600, "max_context_tokens": 700}, "context limit"),
        ([READ] * 9, {"max_context_tokens": 700}, "context limit"),
    ],
)
async def test_limits_of_tokens_end_the_episode(texts: list[str], limits: dict[str, int], stop: str) -> None:
    server, generator = FakeServer(), Written(*texts)
    protocol = Protocol(system="{tools}", **{"max_context_tokens": 4096, **limits})
    async with server.control() as control, server.engine(control, protocol) as engine:
        episode = await engine.run(TASK, ModelPolicy(generator, CHAT))
    assert episode.stop == stop
    assert episode.tokens is not None
    assert len(episode.tokens.prompt_ids + episode.tokens.completion_ids) <= protocol.max_context_tokens


async def test_a_prompt_that_leaves_no_room_is_told() -> None:
    server = FakeServer()
    async with server.control() as control, server.engine(control, Protocol(max_context_tokens=50)) as engine:
        with pytest.raises(SandlotError, match=r"notes/1/train/0: the prompt alone takes \d+ tokens of the 50"):
            await engine.run(TASK, ModelPolicy(Written(READ), CHAT))
