from __future__ import annotations

from typing import Any

import httpx

from tests.server.confluence.conftest import CreatePage, Rows, v1_error

CONTENT = "/wiki/rest/api/content"
FORM = "/wiki/pages/movepage.action"
NO_CHECK = {"X-Atlassian-Token": "no-check"}


async def move(
    client: httpx.AsyncClient, page: dict[str, Any], position: str, target: dict[str, Any]
) -> httpx.Response:
    return await client.put(f"{CONTENT}/{page['id']}/move/{position}/{target['id']}")


async def children(client: httpx.AsyncClient, page: dict[str, Any]) -> list[str]:
    answer = await client.get(f"{CONTENT}/{page['id']}/child/page")
    return [child["title"] for child in answer.json()["results"]]


async def test_a_page_moves_under_another(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page, target = rows.page("Restore a backup"), rows.page("Decisions")
    answer = await move(atlassian, page, "append", target)
    assert (answer.status_code, answer.json()) == (200, {"pageId": page["id"]})
    assert await children(atlassian, target) == ["Restore a backup"]
    assert await children(atlassian, rows.page("Runbooks")) == ["Rotate credentials"]
    assert rows.get("page", page["id"])["versionNumber"] == 1


async def test_a_page_moves_beside_another(atlassian: httpx.AsyncClient, rows: Rows, create_page: CreatePage) -> None:
    parent = rows.page("Runbooks")
    first, second = rows.page("Restore a backup"), rows.page("Rotate credentials")
    third = await create_page("Third", parentId=parent["id"])
    assert await children(atlassian, parent) == ["Restore a backup", "Rotate credentials", "Third"]
    await move(atlassian, third, "before", first)
    assert await children(atlassian, parent) == ["Third", "Restore a backup", "Rotate credentials"]
    await move(atlassian, first, "after", second)
    assert await children(atlassian, parent) == ["Third", "Rotate credentials", "Restore a backup"]
    await move(atlassian, third, "append", parent)
    assert await children(atlassian, parent) == ["Rotate credentials", "Restore a backup", "Third"]
    await move(atlassian, rows.page("Decisions"), "after", second)
    assert await children(atlassian, parent) == ["Rotate credentials", "Decisions", "Restore a backup", "Third"]


async def test_a_page_moves_to_another_space_with_what_is_under_it(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page, child, home = rows.page("Runbooks"), rows.page("Old runbook"), rows.page("Help Centre Home", "Help")
    taken = await move(atlassian, page, "append", home)
    assert taken.status_code == 400
    await atlassian.delete(f"{CONTENT}/{rows.page('Runbooks', 'Help')['id']}")
    assert (await move(atlassian, page, "append", home)).status_code == 200
    space = rows.space("Help")["id"]
    assert [rows.get("page", one["id"])["space"] for one in (page, child)] == [space, space]
    assert (rows.get("page", page["id"])["parent"], rows.get("page", child["id"])["parent"]) == (home["id"], page["id"])


async def test_moves_that_cannot_be(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page, child = rows.page("Runbooks"), rows.page("Restore a backup")
    loop = (400, "Cannot move the content here as it creates a parent-child loop.")
    assert v1_error(await move(atlassian, page, "append", child)) == loop
    assert v1_error(await move(atlassian, page, "before", child)) == loop
    assert v1_error(await move(atlassian, page, "append", page)) == loop
    assert v1_error(await move(atlassian, page, "after", page)) == loop
    nowhere = await move(atlassian, page, "over", child)
    assert v1_error(nowhere) == (400, "A page cannot be moved to the position over: it is one of before, after, append")
    assert v1_error(await move(atlassian, {"id": "999"}, "append", child)) == (404, "No content found with id : 999")
    assert v1_error(await move(atlassian, page, "append", {"id": "998"})) == (404, "No content found with id : 998")
    assert (await move(atlassian, page, "append", {"id": "x"})).status_code == 400
    archived = await move(atlassian, rows.page("Old runbook"), "append", rows.page("Decisions"))
    assert v1_error(archived) == (400, "An archived page cannot be edited")
    assert rows.get("page", page["id"]) == page


async def test_the_web_page_moves_pages_too(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page, runbooks = rows.page("Decisions"), rows.page("Runbooks")
    sent = {"spaceKey": "OPS", "pageId": page["id"], "targetTitle": "runbooks", "position": "append"}
    answer = await atlassian.post(FORM, params=sent, headers=NO_CHECK)
    assert answer.status_code == 200
    assert answer.json() == {"page": {"id": page["id"], "title": "Decisions", "spaceKey": "OPS"}}
    assert await children(atlassian, runbooks) == ["Restore a backup", "Rotate credentials", "Decisions"]
    first = rows.page("Restore a backup")["id"]
    above = {"spaceKey": "OPS", "pageId": page["id"], "targetId": first, "position": "above"}
    assert (await atlassian.post(FORM, params=above, headers=NO_CHECK)).status_code == 200
    assert await children(atlassian, runbooks) == ["Decisions", "Restore a backup", "Rotate credentials"]
    top = {"spaceKey": "Help", "pageId": page["id"], "position": "topLevel"}
    assert (await atlassian.post(FORM, params=top, headers=NO_CHECK)).json()["page"]["spaceKey"] == "Help"
    moved = rows.get("page", page["id"])
    assert (moved["parent"], moved["space"]) == (None, rows.space("Help")["id"])


async def test_what_the_web_page_refuses(
    atlassian: httpx.AsyncClient, anonymous: httpx.AsyncClient, rows: Rows
) -> None:
    page_id = rows.page("Decisions")["id"]
    assert (await atlassian.post(FORM, params={"pageId": page_id})).status_code == 403
    assert (await anonymous.post(FORM, params={"pageId": page_id}, headers=NO_CHECK)).status_code == 302
    for sent, reason in (
        ({}, "The page to move does not exist."),
        ({"pageId": "999"}, "The page to move does not exist."),
        ({"pageId": page_id, "position": "left"}, "There is no position 'left'."),
        ({"pageId": page_id, "spaceKey": "NOPE"}, "The space to move the page to does not exist."),
        ({"pageId": page_id}, "The target page does not exist."),
        ({"pageId": page_id, "targetTitle": "Nothing", "spaceKey": "OPS"}, "The target page does not exist."),
    ):
        answer = await atlassian.post(FORM, params=sent, headers=NO_CHECK)
        assert (answer.status_code, answer.json()) == (400, {"actionErrors": [reason]})
