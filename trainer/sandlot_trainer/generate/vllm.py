"""The GPU generator: the same face over a vLLM server's HTTP completions with token-id prompts.

Start the server with `vllm serve MODEL --logprobs-mode processed_logprobs`; its prefix caching takes the place of kept
keys and values. While training, TRL sends it the new weights before each rollout.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from typing import Any

import httpx

from sandlot_trainer.generate import GenerationError, Sample

_ATTEMPTS = 3


class VLLMGenerator:
    """Samples through the server at `url` (such as http://127.0.0.1:8000). A refusal or an unreachable server raises
    GenerationError; a turn may take up to `timeout` seconds."""

    def __init__(self, url: str, *, model: str | None = None, timeout: float = 600.0) -> None:
        self._url = url.rstrip("/")
        self._model = model
        self._timeout = timeout
        self._client: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def open(self, prompt_ids: Sequence[int], seed: int = 0) -> VLLMSession:
        return VLLMSession(self, list(prompt_ids), seed)

    def refresh(self) -> None:
        """Nothing to do: TRL has already sent the weights to the server."""

    def close(self) -> None:
        self._client = None

    async def complete(
        self, ids: Sequence[int], limit: int, temperature: float, stop: Collection[int], seed: int
    ) -> Sample:
        """Sample up to `limit` tokens after `ids`."""
        body = {
            "model": await self._model_name(),
            "prompt": list(ids),
            "max_tokens": limit,
            "temperature": temperature,
            "stop_token_ids": sorted(stop),
            "seed": seed,
            "logprobs": 0,
            "return_token_ids": True,
            "return_tokens_as_token_ids": True,
            "skip_special_tokens": False,
        }
        answer = await self._request("POST", "/v1/completions", body)
        try:
            choice = answer["choices"][0]
            sample = Sample(
                [int(token) for token in choice["token_ids"]],
                [float(logprob) for logprob in choice["logprobs"]["token_logprobs"]],
            )
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise GenerationError(f"The vLLM server's answer lacks ids or log-probabilities: {error!r}") from error
        if not sample.ids or len(sample.ids) != len(sample.logprobs):
            raise GenerationError(
                f"The vLLM server gave {len(sample.ids)} tokens and {len(sample.logprobs)} log-probabilities."
            )
        return sample

    async def _model_name(self) -> str:
        if self._model is None:
            self._model = str((await self._request("GET", "/v1/models", None))["data"][0]["id"])
        return self._model

    async def _request(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:  # connections belong to the event loop that opened them
            limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
            self._client, self._loop = httpx.AsyncClient(timeout=self._timeout, limits=limits), loop
        for attempt in range(_ATTEMPTS):
            try:
                response = await self._client.request(method, self._url + path, json=body)
                break
            except httpx.TransportError as error:
                if attempt == _ATTEMPTS - 1 or not isinstance(error, httpx.ConnectError):
                    raise GenerationError(f"The vLLM server at {self._url} does not answer: {error!r}") from error
                await asyncio.sleep(2.0**attempt / 2)
        if response.status_code != 200:
            raise GenerationError(f"The vLLM server refused with {response.status_code}: {response.text[:500]}")
        return response.json()


class VLLMSession:
    """A session of VLLMGenerator: it keeps the context's ids, the server keeps their cache."""

    def __init__(self, generator: VLLMGenerator, ids: list[int], seed: int) -> None:
        self._generator = generator
        self._ids = ids
        self._seed = seed
        self._turns = 0

    async def sample(self, new_ids: Sequence[int], limit: int, temperature: float, stop: Collection[int]) -> Sample:
        self._ids += new_ids
        seed = (self._seed * 1009 + self._turns) % 2**31  # each turn draws anew
        self._turns += 1
        sample = await self._generator.complete(self._ids, limit, temperature, stop, seed)
        self._ids += sample.ids
        return sample

    def close(self) -> None:
        """The server forgets by itself."""
