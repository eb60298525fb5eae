"""The compiled validators and stock openapi-core agree on what fits the contract.

Every exchange of a varied session is taken from its trace and judged again from outside by openapi-core.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from sandlot_server.app import App

ISSUE, PAGES = "/rest/api/3/issue", "/wiki/api/v2/pages"
NEW = {"fields": {"project": {"key": "WEB"}, "issuetype": {"name": "Task"}, "summary": "New", "labels": ["a"]}}


class Recorded:
    """A recorded request in the form that openapi-core reads."""

    host_url = "http://acme.test"

    def __init__(self, exchange: dict[str, Any], body: bytes | None) -> None:
        self.method = exchange["method"].lower()
        self.path = exchange["path"]
        self.body = body
        self.content_type = "application/json"
        query = [(name, value) for name, values in parse_qs(exchange["query"]).items() for value in values]
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(query), header=Headers(), cookie=ImmutableMultiDict()
        )


async def session(client: httpx.AsyncClient) -> None:
    """Calls that fit and calls that do not."""
    space = (await client.get("/wiki/api/v2/spaces", params={"keys": "ENG"})).json()["results"][0]["id"]
    page = {"spaceId": space, "title": "A", "body": {"representation": "storage", "value": "<p>x</p>"}}
    await client.post(ISSUE, json=NEW)
    await client.get(f"{ISSUE}/WEB-2", params={"fields": "summary,status"})
    await client.get("/rest/api/3/search/jql", params={"jql": "project = WEB", "maxResults": 2})
    await client.post("/rest/api/3/search/jql", json={"jql": "project = WEB", "bogus": 1})
    await client.post(f"{ISSUE}/WEB-1/comment", json={"body": {"type": "doc", "version": 1, "content": []}})
    await client.get(f"{ISSUE}/WEB-2/transitions")
    await client.post(PAGES, json=page)
    await client.post(PAGES, json={**page, "status": "lost"})
    await client.post(PAGES, json={"title": "no space"})
    await client.get(PAGES, params={"title": "A", "limit": 5})
    await client.get("/rest/api/3/project/search")


@pytest.fixture
async def exchanges(app: App, atlassian: httpx.AsyncClient, control: httpx.AsyncClient) -> list[dict[str, Any]]:
    await session(atlassian)
    found: list[dict[str, Any]] = (await control.get("/sites/default/trace")).json()["exchanges"]
    return found


async def test_openapi_core_agrees_on_every_recorded_request(app: App, exchanges: list[dict[str, Any]]) -> None:
    judged = {name: OpenAPI.from_dict(_plain(app.plane.contract.documents[name])) for name in ("jira", "confluence")}
    verdicts = set()
    for exchange in exchanges:
        document = judged[exchange["operation"].split("/")[0]]
        body = (
            None if exchange["request"] is None else httpx.Request("POST", "http://x", json=exchange["request"]).content
        )
        try:
            document.validate_request(Recorded(exchange, body))  # type: ignore[arg-type]
            accepted = True
        except OpenAPIError:
            accepted = False
        # 400 is ours where the schema refuses; what the schema cannot say is a 400 as well, so only one way counts.
        if not accepted:
            assert exchange["status"] == 400, exchange
        verdicts.add((accepted, exchange["status"] < 400))
    assert verdicts >= {(True, True), (False, False)}


def _plain(document: dict[str, Any]) -> dict[str, Any]:
    """The document without `security`: credentials are not part of a recorded exchange."""
    return {**document, "paths": {path: dict(_without_security(item)) for path, item in document["paths"].items()}}


def _without_security(item: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for method, operation in item.items():
        if isinstance(operation, dict):
            yield method, {key: value for key, value in operation.items() if key != "security"}
        else:
            yield method, operation
