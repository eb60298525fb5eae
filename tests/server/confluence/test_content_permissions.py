from __future__ import annotations

import httpx

from tests.server.confluence.conftest import Rows, v1_error
from tests.server.confluence.test_restrictions import named, restrict

CONTENT = "/wiki/rest/api/content"


async def may(client: httpx.AsyncClient, page_id: str, kind: str, identifier: str, operation: str) -> bool:
    body = {"subject": {"type": kind, "identifier": identifier}, "operation": operation}
    answer = await client.post(f"{CONTENT}/{page_id}/permission/check", json=body)
    assert answer.status_code == 200, answer.text
    allowed: bool = answer.json()["hasPermission"]
    assert bool(answer.json()["errors"]) is not allowed
    return allowed


async def test_everybody_may_do_everything_on_a_free_page(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page_id = rows.page("Decisions")["id"]
    for operation in ("read", "update", "delete"):
        assert await may(atlassian, page_id, "user", "bea", operation)
        assert await may(atlassian, page_id, "group", "confluence-users", operation)


async def test_restrictions_count(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page_id, child_id = rows.page("Runbooks")["id"], rows.page("Restore a backup")["id"]
    await restrict(atlassian, page_id, named("update", "alex", groups=("site-admins",)))
    assert await may(atlassian, page_id, "user", "bea", "read")
    assert not await may(atlassian, page_id, "user", "bea", "update")
    assert not await may(atlassian, page_id, "user", "bea", "delete")
    assert await may(atlassian, child_id, "user", "bea", "update")
    assert await may(atlassian, page_id, "group", "site-admins", "update")
    assert not await may(atlassian, page_id, "group", "confluence-users", "update")
    await restrict(atlassian, page_id, named("read", groups=("site-admins",)))
    assert await may(atlassian, child_id, "user", "alex", "update")
    assert not await may(atlassian, child_id, "user", "bea", "read")
    assert not await may(atlassian, child_id, "group", "confluence-users", "read")


async def test_checks_that_cannot_be(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = f"{CONTENT}/{rows.page('Decisions')['id']}/permission/check"
    unknown = {"subject": {"type": "user", "identifier": "nobody"}, "operation": "read"}
    assert v1_error(await atlassian.post(url, json=unknown)) == (400, "No user found with the identifier : nobody")
    group = {"subject": {"type": "group", "identifier": "devs"}, "operation": "read"}
    assert v1_error(await atlassian.post(url, json=group)) == (400, "No group found with the identifier : devs")
    assert v1_error(await atlassian.post(f"{CONTENT}/999/permission/check", json=unknown))[0] == 404
    for body in ({}, {**unknown, "operation": "move"}, {**unknown, "subject": {}}, [], "x"):
        assert (await atlassian.post(url, json=body)).status_code == 400
