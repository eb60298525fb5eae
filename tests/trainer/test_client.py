"""The control client: what it retries, what it reports, and that a seed goes up once."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from sandlot_trainer import client
from sandlot_trainer.client import Control, EnvironmentFailure, canonical_seed


def answering(*answers: httpx.Response | Exception) -> tuple[Control, list[httpx.Request]]:
    left, asked = list(answers), []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        given = left.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    return Control("http://c/", "secret", transport=httpx.MockTransport(answer)), asked


async def test_refused_connections_are_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_PAUSE_S", 0.0)
    control, asked = answering(*[httpx.ConnectError("no")] * 2, httpx.Response(200, json={"tables": {"a": {}}}))
    async with control:
        assert await control.tables() == {"a": {}}
    assert len(asked) == 3
    control, asked = answering(*[httpx.ConnectError("no")] * 9)
    async with control:
        with pytest.raises(EnvironmentFailure, match="Could not read the tables: no connection to http://c"):
            await control.tables()
    assert len(asked) == 5


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (httpx.ReadTimeout("slow"), "Could not read the trace: ReadTimeout slow"),
        (httpx.Response(503, text="busy"), "Could not read the trace: GET /sites/a%2Fb/trace 503 busy"),
        (httpx.Response(200, text="<html>"), "Could not read the trace: the answer is no JSON"),
    ],
)
async def test_other_failures_are_reported_at_once(answer: httpx.Response | Exception, message: str) -> None:
    control, asked = answering(answer)
    async with control:
        with pytest.raises(EnvironmentFailure, match=message):
            await control.trace("a/b", limit=3)
    assert len(asked) == 1


async def test_seed_is_uploaded_once_under_its_hash() -> None:
    control, asked = answering(httpx.Response(500), httpx.Response(201))
    async with control:
        with pytest.raises(EnvironmentFailure, match="upload the seed"):
            await control.put_seed({"b": 1, "a": "é"})
        hashes = await asyncio.gather(*(control.put_seed(seed) for seed in ({"b": 1, "a": "é"}, {"a": "é", "b": 1})))
    assert len(asked) == 2
    assert asked[1].content == canonical_seed({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
    assert {f"/seeds/{sha}" for sha in hashes} == {asked[1].url.path}


async def test_sites_are_made_with_and_without_a_name() -> None:
    body = {"site": "x", "baseUrl": "http://a:1/", "email": "e", "token": "t", "more": 1}
    control, asked = answering(httpx.Response(201, json=body), httpx.Response(201, json=body))
    async with control:
        access = await control.create_site("abc")
        await control.create_site("abc", "x y")
    assert access == client.SiteAccess("x", "http://a:1", "e", "t")
    assert [(request.method, request.url.raw_path) for request in asked] == [
        ("POST", b"/sites"),
        ("PUT", b"/sites/x%20y"),
    ]
    assert json.loads(asked[0].content) == {"seed": "abc"}
    assert asked[0].headers["Authorization"] == "Bearer secret"
