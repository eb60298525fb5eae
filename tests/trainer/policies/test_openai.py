"""The policy of an OpenAI-compatible endpoint, against a small one behind a real socket."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from sandlot_trainer.client import EnvironmentFailure
from sandlot_trainer.engine import Engine
from sandlot_trainer.episode import Protocol
from sandlot_trainer.policies import openai
from sandlot_trainer.policies.openai import OpenAIPolicy, openai_protocol
from tests.trainer.fakes import TASK, FakeServer

Answer = tuple[int, dict[str, str], dict[str, Any]]


def turn(*calls: tuple[str, str], content: str | None = None, finish: str = "stop") -> Answer:
    """A completion with calls as (name, raw arguments)."""
    functions = [
        {"id": f"c{n}", "type": "function", "function": {"name": name, "arguments": raw}}
        for n, (name, raw) in enumerate(calls)
    ]
    message = {"role": "assistant", "content": content, **({"tool_calls": functions} if calls else {})}
    usage = {"prompt_tokens": 100, "completion_tokens": 7, "total_tokens": 107}
    return 200, {}, {"choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": usage}


def failing(status: int, message: str = "no", **headers: str) -> Answer:
    return status, headers, {"error": {"message": message}}


READ, WRITE = ("readNote", '{"id":"1"}'), ("writeNote", '{"title":"Plan","space":"7"}')


class Endpoint:
    """Answers in the order of `answers`, the last one for ever; `asked` holds (headers, body)."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[tuple[dict[str, str], dict[str, Any]]] = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                endpoint.asked.append((dict(self.headers), body))
                assert self.path == "/v1/chat/completions"
                answers = endpoint.answers
                status, headers, answer = answers.pop(0) if len(answers) > 1 else answers[0]
                content = json.dumps(answer).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *words: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    endpoint = Endpoint()
    thread = threading.Thread(target=endpoint.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield endpoint
    endpoint.server.shutdown()
    endpoint.server.server_close()
    thread.join()


@pytest.fixture
async def engine(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Engine]:
    monkeypatch.setattr(openai, "PAUSE_S", 0.001)
    server = FakeServer()
    async with server.control() as control, server.engine(control, openai_protocol(Protocol())) as engine:
        yield engine


async def test_a_task_is_done_by_tool_calls(
    engine: Engine, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    endpoint.answers = [turn(READ, content="Reading."), turn(WRITE), turn(content="Done.")]
    async with OpenAIPolicy(endpoint.url, "some-model") as policy:
        episode = await engine.run(TASK, policy, seed=5)
    assert episode.score is not None
    assert (episode.score.reward, episode.stop, episode.calls) == (1.0, "finished", 2)
    assert episode.record()["tokens"] == {"given": 300, "sampled": 21}
    assert [one["content"] for one in episode.messages if one["role"] == "assistant"] == [
        'Reading.\n<tool_call>{"name":"readNote","arguments":{"id":"1"}}</tool_call>',
        '<tool_call>{"name":"writeNote","arguments":{"title":"Plan","space":"7"}}</tool_call>',
        "Done.",
    ]
    headers, first = endpoint.asked[0]
    assert headers["Authorization"] == "Bearer sk-1"
    assert (first["model"], first["seed"], first["temperature"], first["max_tokens"]) == ("some-model", 5, 1.0, 4096)
    assert [tool["function"]["name"] for tool in first["tools"]] == ["readNote", "writeNote"]
    assert "<tool_call>" not in first["messages"][0]["content"]
    second = endpoint.asked[1][1]["messages"]
    assert second[-2]["tool_calls"][0]["function"] == {"name": "readNote", "arguments": '{"id":"1"}'}
    assert second[-1] == {"role": "tool", "tool_call_id": "c0", "content": '{"id":"1","word":"seven"}'}


async def test_arguments_that_cannot_be_read_are_malformed_calls(engine: Engine, endpoint: Endpoint) -> None:
    endpoint.answers = [turn(("writeNote", '{"title":'), WRITE, ("readNote", "[1]")), turn(content="Done.")]
    async with OpenAIPolicy(endpoint.url, "m") as policy:
        episode = await engine.run(TASK, policy)
    assert episode.malformed == ['writeNote({"title":)', "readNote([1])"]
    assert episode.calls == 1
    told = {one["tool_call_id"]: one["content"] for one in endpoint.asked[1][1]["messages"] if one["role"] == "tool"}
    assert told["c0"] == '{"error":"The arguments of writeNote are not a JSON object."}'
    assert told["c1"].startswith('{"id"')
    assert told["c2"] == '{"error":"The arguments of readNote are not a JSON object."}'
    for call in endpoint.asked[1][1]["messages"][2]["tool_calls"]:
        assert isinstance(json.loads(call["function"]["arguments"]), dict)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_busy_endpoint_is_asked_again(engine: Engine, endpoint: Endpoint, status: int) -> None:
    endpoint.answers = [failing(status, Retry_After="0"), failing(status), turn(READ), turn(WRITE), turn(content="ok")]
    async with OpenAIPolicy(endpoint.url, "m") as policy:
        episode = await engine.run(TASK, policy)
    assert len(endpoint.asked) == 5
    assert episode.score is not None
    assert episode.score.success


async def test_an_endpoint_that_stays_down_is_no_reward(engine: Engine, endpoint: Endpoint) -> None:
    endpoint.answers = [failing(503, "overloaded")]
    async with OpenAIPolicy(endpoint.url, "m") as policy:
        with pytest.raises(EnvironmentFailure, match=r"/v1/chat/completions failed: 503 .*overloaded"):
            await engine.run(TASK, policy)
    assert len(endpoint.asked) == openai.TRIES
    async with OpenAIPolicy("http://127.0.0.1:9/v1", "m") as policy:
        with pytest.raises(EnvironmentFailure, match="ConnectError"):
            await engine.run(TASK, policy)


async def test_failing_until_the_time_is_over_is_no_reward(
    engine: Engine, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    await engine.rubric(TASK)
    monkeypatch.setattr(openai, "PAUSE_S", 60.0)
    endpoint.answers = [failing(429, "slow down")]
    hasty = engine.with_protocol(openai_protocol(Protocol(time_limit_s=0.2)))
    async with OpenAIPolicy(endpoint.url, "m") as policy:
        with pytest.raises(EnvironmentFailure, match=r"until the episode's time was over: 429 .*slow down"):
            await hasty.run(TASK, policy)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (failing(401, "bad key"), "failed: 401"),
        (failing(400, "no such thing"), "refused: 400"),
        ((200, {}, {"odd": 1}), "no chat completion"),
    ],
)
async def test_what_a_retry_cannot_mend_is_reported_at_once(
    engine: Engine, endpoint: Endpoint, answer: Answer, message: str
) -> None:
    endpoint.answers = [answer]
    async with OpenAIPolicy(endpoint.url, "m") as policy:
        with pytest.raises(EnvironmentFailure, match=message):
            await engine.run(TASK, policy)
    assert len(endpoint.asked) == 1


async def test_parameters_that_the_endpoint_does_not_know_are_sent_otherwise(
    engine: Engine, endpoint: Endpoint
) -> None:
    endpoint.answers = [
        failing(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
        failing(422, "extra field 'seed'"),
        turn(content="Done."),
    ]
    async with OpenAIPolicy(endpoint.url, "m") as policy:
        await engine.run(TASK, policy)
        await engine.run(TASK, policy)
    assert len(endpoint.asked) == 4
    last = endpoint.asked[-1][1]
    assert last["max_completion_tokens"] == 4096
    assert not {"max_tokens", "seed"} & last.keys()


async def test_limits_of_length_end_the_episode(engine: Engine, endpoint: Endpoint) -> None:
    async with OpenAIPolicy(endpoint.url, "m") as policy:
        endpoint.answers = [turn(content="I think", finish="length")]
        assert (await engine.run(TASK, policy)).stop == "token limit"
        endpoint.answers = [turn(READ), failing(400, "maximum context length is 8192 tokens")]
        assert (await engine.run(TASK, policy)).stop == "context limit"
        endpoint.answers = [turn(READ)]
        small = engine.with_protocol(Protocol(max_context_tokens=107, rendering="functions"))
        stopped = await small.run(TASK, policy)
        assert (stopped.stop, stopped.turns, stopped.calls) == ("context limit", 2, 1)
