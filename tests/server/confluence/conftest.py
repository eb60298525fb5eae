"""The small site that the tests of Confluence work on, and what they look up in it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandlot_server.app import App, Config, create_app
from sandlot_server.site.state import Row

SEED: dict[str, Any] = {
    "sandlot": 1,
    "name": "wiki",
    "clock": "2026-03-02T09:00:00Z",
    "ids": 10000,
    "caller": "admin@example.com",
    "users": [
        {"displayName": "Alex Admin", "emailAddress": "admin@example.com", "accountId": "alex"},
        {"displayName": "Bea Lindqvist", "emailAddress": "bea@example.com", "accountId": "bea"},
    ],
    "spaces": [
        {
            "key": "OPS",
            "name": "Operations",
            "description": "How we run things.",
            "pages": [
                {
                    "title": "Runbooks",
                    "body": "<p>One page a service.</p>",
                    "labels": ["runbook"],
                    "children": [
                        {
                            "title": "Restore a backup",
                            "body": "<p>Stop the writers.</p>",
                            "labels": ["runbook", "database"],
                        },
                        {"title": "Rotate credentials", "body": "<p>Restart orders.</p>"},
                        {"title": "Old runbook", "body": "", "status": "archived"},
                    ],
                },
                {"title": "Decisions", "body": "<p>What we chose.</p>"},
            ],
        },
        {
            "key": "Help",
            "name": "Help Centre",
            "type": "knowledge_base",
            "pages": [{"title": "Runbooks", "body": ""}],
        },
    ],
}

CreatePage = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """A server whose default site is made from SEED."""
    app = create_app(Config(tmp_path / "data", seed=json.dumps(SEED).encode(), quiet=True))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.control.router.lifespan_context(app.control))
        app.plane.atlassian_port = 8080
        yield app


class Rows:
    """The default site's rows, as they stand now."""

    def __init__(self, app: App) -> None:
        self._app = app

    def all(self, table: str) -> list[Row]:
        layer = self._app.plane.sites.load("default").layer
        return [row for row_id in layer.ids(table) if (row := layer.get(table, row_id)) is not None]

    def get(self, table: str, row_id: str) -> Row:
        row = self._app.plane.sites.load("default").layer.get(table, row_id)
        assert row is not None
        return row

    def page(self, title: str, space: str = "OPS") -> Row:
        spaces = {row["id"]: row["key"] for row in self.all("space")}
        (page,) = [row for row in self.all("page") if row["title"] == title and spaces[row["space"]] == space]
        return page

    def space(self, key: str = "OPS") -> Row:
        (space,) = [row for row in self.all("space") if row["key"] == key]
        return space


@pytest.fixture
def rows(app: App) -> Rows:
    return Rows(app)


@pytest.fixture
def create_page(atlassian: httpx.AsyncClient, rows: Rows) -> CreatePage:
    """Create a page of OPS through API v2; keyword arguments replace members of the body."""

    async def create(title: str, **members: Any) -> dict[str, Any]:
        body = {"spaceId": rows.space()["id"], "title": title, **members}
        answer = await atlassian.post("/wiki/api/v2/pages", json=body)
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        return page

    return create


def v2_error(answer: httpx.Response) -> tuple[int, str, str]:
    """Status, code and title of a refusal of v2, which must be of its shape."""
    (error,) = answer.json()["errors"]
    assert set(error) == {"status", "code", "title", "detail"}
    assert error["status"] == answer.status_code
    return error["status"], error["code"], error["title"]


def v1_error(answer: httpx.Response) -> tuple[int, str]:
    """Status and text of a refusal of v1, without the class of the exception."""
    body = answer.json()
    assert body["statusCode"] == answer.status_code
    return body["statusCode"], body["message"].partition(": ")[2]


@pytest.fixture
async def bea(app: App, control: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A client of Bea's, who is no administrator."""
    users = (await control.get("/sites/default/users")).json()["users"]
    (token,) = [user["token"] for user in users if user["accountId"] == "bea"]
    transport = httpx.ASGITransport(app.atlassian)  # type: ignore[arg-type]
    auth = ("bea@example.com", token)
    async with httpx.AsyncClient(transport=transport, base_url="http://acme.test", auth=auth) as client:
        yield client
