import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from sandlot_trainer.generate import GenerationError, Sample
from sandlot_trainer.generate.vllm import VLLMGenerator


class Server:
    """A stand-in for vLLM: it keeps the requests and answers each with the tokens 7, 8 and the first stop id."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.status = 200
        self.logprobs: list[float] = [-0.5, -0.25, -0.125]
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer({"data": [{"id": "the-model"}]})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                owner.requests.append({"path": self.path, **body})
                choice = {
                    "token_ids": [7, 8, body["stop_token_ids"][0]],
                    "logprobs": {"token_logprobs": owner.logprobs},
                    "finish_reason": "stop",
                }
                self.answer({"choices": [choice]})

            def answer(self, body: Any) -> None:
                raw = json.dumps(body).encode()
                self.send_response(owner.status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *arguments: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)
        self.thread.start()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()
    server.thread.join()


def test_a_turn_is_one_completion_over_all_ids(server: Server) -> None:
    async def talk(generator: VLLMGenerator) -> list[Sample]:
        session = generator.open([1, 2, 3], seed=5)
        return [await session.sample([], 10, 1.0, {2}), await session.sample([4, 5], 20, 0.7, {2})]

    generator = VLLMGenerator(server.url)
    samples = asyncio.run(talk(generator))
    generator.close()
    assert samples == [Sample([7, 8, 2], [-0.5, -0.25, -0.125])] * 2
    first, second = server.requests
    assert first["path"] == "/v1/completions"
    assert first["model"] == "the-model"
    assert (first["prompt"], first["max_tokens"], first["temperature"]) == ([1, 2, 3], 10, 1.0)
    assert (second["prompt"], second["max_tokens"]) == ([1, 2, 3, 7, 8, 2, 4, 5], 20)
    assert first["return_token_ids"] is True
    assert first["seed"] != second["seed"]


def test_one_generator_outlives_event_loops(server: Server) -> None:
    generator = VLLMGenerator(server.url, model="m")
    for _ in range(2):
        assert asyncio.run(generator.open([1]).sample([], 3, 1.0, {2})).ids == [7, 8, 2]
    generator.close()


def test_failures_are_the_generators(server: Server) -> None:
    generator = VLLMGenerator(server.url, model="m")
    server.logprobs = [-0.5]
    with pytest.raises(GenerationError, match="1 log-prob"):
        asyncio.run(generator.open([1]).sample([], 3, 1.0, {2}))
    server.status = 400
    with pytest.raises(GenerationError, match="400"):
        asyncio.run(generator.open([1]).sample([], 3, 1.0, {2}))
    with pytest.raises(GenerationError, match="does not answer"):
        asyncio.run(VLLMGenerator("http://127.0.0.1:1", model="m").open([1]).sample([], 3, 1.0, {2}))
    generator.close()
