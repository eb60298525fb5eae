"""Spaces that are not for everybody: what others see of them, and what they are told when they write."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandlot_server.app import App, Config, create_app
from tests.server.confluence.conftest import SEED, Rows, v1_error, v2_error

CONTENT = "/wiki/rest/api/content"
PAGES = "/wiki/api/v2/pages"
COMMENTS = "/wiki/api/v2/footer-comments"
ALEX = ["admin@example.com"]
GIVEN = (
    "administer space", "create page", "delete page", "create comment", "delete comment", "create attachment",
    "delete attachment",
)  # fmt: skip
BODY = {"representation": "storage", "value": "<p>Hm</p>"}
# Bea sees nothing of HR, and may do nothing in Rules but read.
SPACES = [
    {
        "key": "HR",
        "name": "People",
        "permissions": {"read space": ALEX},
        "properties": {"pay": 1},
        "pages": [
            {
                "title": "Pay",
                "body": "<p>Secret</p>",
                "labels": ["pay"],
                "attachments": [{"filename": "pay.txt", "text": "much"}],
                "comments": [{"author": "admin@example.com", "body": "<p>Hm</p>"}],
                "children": [{"title": "Bonus", "body": "<p>Secret</p>"}],
            }
        ],
    },
    {
        "key": "RULES",
        "name": "Rules",
        "permissions": {
            "read space": ["everyone"],
            **dict.fromkeys(GIVEN, ALEX),
        },
        "properties": {"owner": "alex"},
        "pages": [
            {
                "title": "Travel",
                "body": "<p>By train.</p>",
                "labels": ["travel"],
                "attachments": [{"filename": "map.txt", "text": "here"}],
                "comments": [{"author": "bea@example.com", "body": "<p>By bike</p>"}],
                "properties": {"k": 1},
            }
        ],
    },
]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """A server whose default site has the two spaces after those of SEED."""
    seed = {**SEED, "spaces": [*SEED["spaces"], *SPACES]}
    app = create_app(Config(tmp_path / "data", seed=json.dumps(seed).encode(), quiet=True))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.control.router.lifespan_context(app.control))
        app.plane.atlassian_port = 8080
        yield app


async def test_a_hidden_space_is_not_there(atlassian: httpx.AsyncClient, bea: httpx.AsyncClient, rows: Rows) -> None:
    space_id = rows.space("HR")["id"]
    unknown = (404, "NOT_FOUND", f"Cannot find a space with id [{space_id}]")
    for path in ("", "/pages", "/labels", "/content/labels"):
        assert v2_error(await bea.get(f"/wiki/api/v2/spaces/{space_id}{path}")) == unknown, path
        assert (await atlassian.get(f"/wiki/api/v2/spaces/{space_id}{path}")).status_code == 200, path
    assert v2_error(await bea.get(f"/wiki/api/v2/spaces/{space_id}/properties"))[0] == 404
    assert v1_error(await bea.get("/wiki/rest/api/space/HR")) == (404, '404 NOT_FOUND "No space found with key : HR"')
    assert (await bea.get("/wiki/rest/api/space/HR/content")).status_code == 404
    assert (await bea.get(CONTENT, params={"spaceKey": "HR"})).status_code == 404
    for path in ("/wiki/api/v2/spaces", "/wiki/rest/api/space"):
        assert [one["key"] for one in (await bea.get(path)).json()["results"]] == ["OPS", "Help", "RULES"]
        assert "HR" in [one["key"] for one in (await atlassian.get(path)).json()["results"]]
    body = {"spaceId": space_id, "title": "Mine"}
    assert v2_error(await bea.post(PAGES, json=body)) == unknown
    taken = {"key": "hr", "name": "Horses"}
    assert v1_error(await bea.post("/wiki/rest/api/space", json=taken))[0] == 400


async def test_nothing_in_a_hidden_space_is_there(
    atlassian: httpx.AsyncClient, bea: httpx.AsyncClient, rows: Rows
) -> None:
    page, child = rows.page("Pay", "HR"), rows.page("Bonus", "HR")
    (attachment,) = [row["id"] for row in rows.all("page_attachment") if row["page"] == page["id"]]
    (comment,) = [row["id"] for row in rows.all("page_comment") if row["page"] == page["id"]]
    for path in (
        f"{PAGES}/{page['id']}",
        f"{PAGES}/{child['id']}",
        f"{PAGES}/{page['id']}/labels",
        f"{PAGES}/{page['id']}/children",
        f"{PAGES}/{page['id']}/versions",
        f"{CONTENT}/{page['id']}",
        f"{CONTENT}/{page['id']}/child/comment",
        f"{CONTENT}/{page['id']}/restriction",
        f"{CONTENT}/{comment}",
        f"{CONTENT}/att{attachment}",
        f"/wiki/api/v2/attachments/{attachment}",
        f"{COMMENTS}/{comment}",
        f"/wiki/download/attachments/{page['id']}/pay.txt",
    ):
        assert (await bea.get(path)).status_code == 404, path
        assert (await atlassian.get(path)).status_code == 200, path
    for path in (PAGES, "/wiki/api/v2/attachments", COMMENTS, "/wiki/api/v2/labels", CONTENT):
        assert not {"Pay", "pay", "pay.txt"} & names(await bea.get(path)), path
        assert {"Pay", "pay", "pay.txt", "Re: Pay"} & names(await atlassian.get(path)), path
    for cql in ("space = HR", "title = Pay", 'text ~ "secret"', "label = pay"):
        for path in ("/wiki/rest/api/search", "/wiki/rest/api/content/search"):
            assert (await bea.get(path, params={"cql": cql})).json()["results"] == [], cql
        assert (await atlassian.get("/wiki/rest/api/search", params={"cql": cql})).json()["results"] != [], cql


def names(answer: httpx.Response) -> set[str]:
    assert answer.status_code == 200, answer.text
    return {one.get("title", one.get("name")) for one in answer.json()["results"]}


async def test_a_reader_sees_and_cannot_write(atlassian: httpx.AsyncClient, bea: httpx.AsyncClient, rows: Rows) -> None:
    space, page = rows.space("RULES"), rows.page("Travel", "RULES")
    page_id = page["id"]
    (attachment,) = [row["id"] for row in rows.all("page_attachment") if row["page"] == page_id]
    (comment,) = [row["id"] for row in rows.all("page_comment") if row["page"] == page_id]
    (value,) = [row["id"] for row in rows.all("content_property") if row["page"] == page_id]
    (of_space,) = [row["id"] for row in rows.all("content_property") if row["space"] == space["id"]]
    before = {table: rows.all(table) for table in ("page", "page_comment", "page_attachment", "label", "space")}
    assert (await bea.get(f"{PAGES}/{page_id}")).json()["title"] == "Travel"

    place = {"spaceId": space["id"], "title": "Mine"}
    revision = {"id": page_id, "status": "current", "title": "Mine", "body": BODY, "version": {"number": 2}}
    property_2 = {"key": "k", "value": 2, "version": {"number": 2}}
    no_space, no_page = f"Cannot find a space with id [{space['id']}]", f"Cannot find a page with id [{page_id}]"
    no_comment = f"Cannot find a comment with id [{comment}]"
    properties = f"/wiki/api/v2/spaces/{space['id']}/properties"
    no_properties = f"Could not find space with id [{space['id']}]"
    for answer, title in (
        (await bea.post(PAGES, json=place), no_space),
        (await bea.put(f"{PAGES}/{page_id}", json=revision), no_page),
        (await bea.put(f"{PAGES}/{page_id}/title", json={"status": "current", "title": "Mine"}), no_page),
        (await bea.delete(f"{PAGES}/{page_id}"), no_page),
        (await bea.post(COMMENTS, json={"pageId": page_id, "body": BODY}), no_page),
        (await bea.put(f"{COMMENTS}/{comment}", json={"body": BODY, "version": {"number": 2}}), no_comment),
        (await bea.delete(f"{COMMENTS}/{comment}"), no_comment),
        (await bea.delete(f"/wiki/api/v2/attachments/{attachment}"), no_page),
        (await bea.put(f"{PAGES}/{page_id}/properties/{value}", json=property_2), no_page),
        (await bea.post(properties, json={"key": "l", "value": 1}), no_properties),
        (await bea.put(f"{properties}/{of_space}", json={**property_2, "key": "owner"}), no_properties),
        (await bea.delete(f"{properties}/{of_space}"), no_properties),
    ):
        assert v2_error(answer) == (404, "NOT_FOUND", title), answer.request.url

    fixed = "Could not update Content of type : class com.atlassian.confluence.pages.{} with id {}"
    cannot = "Could not create content with type {}"
    created: dict[str, Any] = {"type": "page", "title": "Mine", "space": {"key": "RULES"}, "body": {"storage": BODY}}
    said: dict[str, Any] = {"type": "comment", "container": {"id": page_id, "type": "page"}, "body": {"storage": BODY}}
    changed = {"type": "page", "title": "Mine", "version": {"number": 2}}
    answered = {"type": "comment", "body": {"storage": BODY}, "version": {"number": 2}}
    guarded, files = {"X-Atlassian-Token": "no-check"}, {"file": ("b.txt", b"b")}
    copied = {"destination": {"type": "space", "value": "RULES"}, "pageTitle": "Copy"}
    elsewhere = rows.page("Decisions")["id"]
    for answer, text in (
        (await bea.post(CONTENT, json=created), cannot.format("page")),
        (await bea.post(CONTENT, json=said), cannot.format("comment")),
        (await bea.put(f"{CONTENT}/{page_id}", json=changed), fixed.format("Page", page_id)),
        (await bea.put(f"{CONTENT}/{comment}", json=answered), fixed.format("Comment", comment)),
        (await bea.delete(f"{CONTENT}/{comment}"), fixed.format("Comment", comment)),
        (await bea.delete(f"{CONTENT}/{page_id}"), fixed.format("Page", page_id)),
        (await bea.delete(f"{CONTENT}/att{attachment}"), fixed.format("Page", page_id)),
        (
            await bea.post(f"{CONTENT}/{page_id}/child/attachment", files=files, headers=guarded),
            fixed.format("Page", page_id),
        ),
        (await bea.post(f"{CONTENT}/{page_id}/label", json=[{"name": "x"}]), fixed.format("Page", page_id)),
        (await bea.post(f"{CONTENT}/{page_id}/copy", json=copied), cannot.format("page")),
        (await bea.put(f"{CONTENT}/{page_id}/move/append/{elsewhere}"), fixed.format("Page", page_id)),
        (await bea.put(f"{CONTENT}/{elsewhere}/move/append/{page_id}"), cannot.format("page")),
    ):
        assert v1_error(answer) == (403, text), answer.request.url
    assert {table: rows.all(table) for table in before} == before
    assert (await atlassian.delete(f"{PAGES}/{page_id}")).status_code == 204


async def test_operations_and_checks_agree(atlassian: httpx.AsyncClient, bea: httpx.AsyncClient, rows: Rows) -> None:
    space_id, page_id = rows.space("RULES")["id"], rows.page("Travel", "RULES")["id"]

    async def operations(client: httpx.AsyncClient, path: str) -> list[str]:
        view = (await client.get(path, params={"include-operations": True})).json()["operations"]["results"]
        return [f"{one['operation']} {one['targetType']}" for one in view]

    assert await operations(bea, f"/wiki/api/v2/spaces/{space_id}") == ["read space"]
    whole = ["administer space", "read space", "delete space", "create page", "delete page"]
    assert await operations(atlassian, f"/wiki/api/v2/spaces/{space_id}") == whole
    assert await operations(bea, f"{PAGES}/{page_id}") == ["read page", "copy page", "export page"]
    (comment,) = [row["id"] for row in rows.all("page_comment") if row["page"] == page_id]
    assert await operations(bea, f"{COMMENTS}/{comment}") == ["read comment"]
    older = (await bea.get("/wiki/rest/api/space/RULES", params={"expand": "operations"})).json()["operations"]
    assert older == [{"operation": "read", "targetType": "space"}]
    older = (await bea.get(f"{CONTENT}/{comment}", params={"expand": "operations"})).json()["operations"]
    assert older == [{"operation": "read", "targetType": "comment"}]

    async def may(page: str, kind: str, identifier: str, operation: str) -> bool:
        body = {"subject": {"type": kind, "identifier": identifier}, "operation": operation}
        answer = await atlassian.post(f"{CONTENT}/{page}/permission/check", json=body)
        allowed: bool = answer.json()["hasPermission"]
        return allowed

    assert [await may(page_id, "user", "bea", one) for one in ("read", "update", "delete")] == [True, False, False]
    assert [await may(page_id, "user", "alex", one) for one in ("read", "update", "delete")] == [True] * 3
    assert not await may(page_id, "group", "site-admins", "update")
    hidden = rows.page("Pay", "HR")["id"]
    assert not await may(hidden, "user", "bea", "read")
    assert not await may(hidden, "group", "confluence-users", "read")


async def test_who_may_delete_pages_deletes_them_with_their_files(
    atlassian: httpx.AsyncClient, bea: httpx.AsyncClient, rows: Rows
) -> None:
    page = rows.page("Travel", "RULES")
    assert (await atlassian.delete(f"{PAGES}/{page['id']}")).status_code == 204
    assert (await atlassian.delete(f"{PAGES}/{page['id']}", params={"purge": True})).status_code == 204
    assert [row for row in rows.all("page_attachment") if row["page"] == page["id"]] == []
