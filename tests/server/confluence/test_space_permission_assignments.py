from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandlot_server.app import App, Config, create_app
from sandlot_server.site.permissions import OF_SPACES
from tests.server.confluence.conftest import SEED, Rows, v2_error


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """A server where only Alex may delete pages of OPS."""
    ops, helps = SEED["spaces"]
    seed = {**SEED, "spaces": [{**ops, "permissions": {"delete page": ["admin@example.com"]}}, helps]}
    app = create_app(Config(tmp_path / "data", seed=json.dumps(seed).encode(), quiet=True))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.control.router.lifespan_context(app.control))
        app.plane.atlassian_port = 8080
        yield app


async def listed(client: httpx.AsyncClient, space_id: str, **query: Any) -> list[dict[str, Any]]:
    """The whole list, page by page."""
    answer = await client.get(f"/wiki/api/v2/spaces/{space_id}/permissions", params=query)
    found: list[dict[str, Any]] = answer.json()["results"]
    while following := answer.json()["_links"].get("next"):
        answer = await client.get(following)
        found += answer.json()["results"]
    return found


async def test_everybody_is_a_group_and_the_named_are_users(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    found = await listed(atlassian, rows.space()["id"])
    principals = {f"{one['operation']['key']} {one['operation']['targetType']}": one["principal"] for one in found}
    assert list(principals) == list(OF_SPACES)
    assert principals["delete page"] == {"type": "user", "id": "alex"}
    others = [principal for permission, principal in principals.items() if permission != "delete page"]
    assert {other["type"] for other in others} == {"group"}
    assert len({other["id"] for other in others}) == 1


async def test_the_list_comes_in_pages(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    space_id = rows.space("Help")["id"]
    whole = await listed(atlassian, space_id)
    assert len({one["id"] for one in whole}) == len(OF_SPACES)
    assert await listed(atlassian, space_id, limit=3) == whole


async def test_a_space_that_is_not_there(atlassian: httpx.AsyncClient) -> None:
    answer = await atlassian.get("/wiki/api/v2/spaces/999/permissions")
    assert v2_error(answer)[0::2] == (404, "Cannot find a space with id [999]")
