from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.confluence.conftest import Rows, v1_error

CONTENT = "/wiki/rest/api/content"
STORAGE = {"storage": {"value": "<p>Agreed</p>", "representation": "storage"}}


async def comment_on(atlassian: httpx.AsyncClient, page_id: str, **members: Any) -> dict[str, Any]:
    container = {"id": page_id, "type": "page", "status": "current"}
    answer = await atlassian.post(
        f"{CONTENT}/", json={"type": "comment", "container": container, "body": STORAGE, **members}
    )
    assert answer.status_code == 200, answer.text
    comment: dict[str, Any] = answer.json()
    return comment


async def inline_on(atlassian: httpx.AsyncClient, page_id: str) -> str:
    place = {"textSelection": "chose", "textSelectionMatchCount": 1, "textSelectionMatchIndex": 0}
    body = {"representation": "storage", "value": "<p>Why?</p>"}
    sent = {"pageId": page_id, "body": body, "inlineCommentProperties": place}
    answer = await atlassian.post("/wiki/api/v2/inline-comments", json=sent)
    assert answer.status_code == 201, answer.text
    comment_id: str = answer.json()["id"]
    return comment_id


async def children(atlassian: httpx.AsyncClient, content_id: str, **params: Any) -> list[dict[str, Any]]:
    answer = await atlassian.get(f"{CONTENT}/{content_id}/child/comment", params=params)
    assert answer.status_code == 200, answer.text
    assert "deprecation" in answer.headers
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


async def test_a_comment_is_content(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Decisions")
    made = await comment_on(atlassian, page["id"])
    assert (made["type"], made["status"], made["title"]) == ("comment", "current", "Re: Decisions")
    assert made["body"]["storage"]["value"] == "<p>Agreed</p>"
    assert (made["container"]["id"], made["space"]["key"], made["ancestors"]) == (page["id"], "OPS", [])
    assert made["extensions"] == {"location": "footer", "_expandable": {"resolution": ""}}
    link = f"/spaces/OPS/pages/{page['id']}/Decisions?focusedCommentId={made['id']}"
    assert made["_links"]["webui"] == link
    assert rows.get("page", page["id"]) == page
    plain = (await atlassian.get(f"{CONTENT}/{made['id']}")).json()
    assert (plain["version"]["number"], plain["history"]["createdBy"]["accountId"]) == (1, "alex")
    assert plain["_expandable"]["container"] == f"/rest/api/content/{page['id']}"
    assert plain["_expandable"]["children"] == f"/rest/api/content/{made['id']}/child"
    assert plain["_links"]["base"] == "http://acme.test/wiki"
    newer = (await atlassian.get(f"/wiki/api/v2/footer-comments/{made['id']}")).json()
    assert newer["_links"]["webui"] == link


@pytest.mark.parametrize("way", ["ancestors", "container"])
async def test_a_reply(atlassian: httpx.AsyncClient, rows: Rows, way: str) -> None:
    page_id = rows.page("Decisions")["id"]
    first = await comment_on(atlassian, page_id)
    if way == "ancestors":
        reply = await comment_on(atlassian, page_id, ancestors=[{"id": int(first["id"])}])
    else:
        reply = await comment_on(atlassian, page_id, container={"id": first["id"], "type": "comment"})
    assert [row["id"] for row in reply["ancestors"]] == [first["id"]]
    assert reply["container"]["id"] == page_id
    assert rows.get("page_comment", reply["id"])["parent"] == first["id"]
    assert [row["id"] for row in await children(atlassian, page_id)] == [first["id"]]
    assert [row["id"] for row in await children(atlassian, first["id"])] == [reply["id"]]
    assert [row["id"] for row in await children(atlassian, page_id, depth="all")] == [first["id"], reply["id"]]


async def test_expansions(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page_id = rows.page("Decisions")["id"]
    first = await comment_on(atlassian, page_id)
    reply = await comment_on(atlassian, page_id, ancestors=[{"id": first["id"]}])
    expand = "children.comment.version,descendants.comment,operations,history.lastUpdated,version.content,body.view"
    view = (await atlassian.get(f"{CONTENT}/{first['id']}", params={"expand": expand})).json()
    assert [row["id"] for row in view["children"]["comment"]["results"]] == [reply["id"]]
    assert view["children"]["comment"]["results"][0]["version"]["number"] == 1
    assert view["descendants"]["comment"]["size"] == 1
    assert {"operation": "update", "targetType": "comment"} in view["operations"]
    assert view["history"]["lastUpdated"]["number"] == 1
    assert view["version"]["content"]["id"] == first["id"]
    assert view["body"]["view"]["value"] == "<p>Agreed</p>"
    page = (
        await atlassian.get(
            f"{CONTENT}/{page_id}", params={"expand": "children.comment,descendants.comment,childTypes.comment"}
        )
    ).json()
    assert [row["id"] for row in page["children"]["comment"]["results"]] == [first["id"]]
    assert [row["id"] for row in page["descendants"]["comment"]["results"]] == [first["id"], reply["id"]]
    assert page["childTypes"]["comment"]["value"] is True
    child = (await atlassian.get(f"{CONTENT}/{first['id']}/child", params={"expand": "comment"})).json()
    assert [row["id"] for row in child["comment"]["results"]] == [reply["id"]]


async def test_comments_by_their_place(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page_id = rows.page("Decisions")["id"]
    footer = (await comment_on(atlassian, page_id))["id"]
    inline = await inline_on(atlassian, page_id)

    async def at(**params: Any) -> list[str]:
        return [row["id"] for row in await children(atlassian, page_id, **params)]

    assert await at() == [footer, inline]
    assert await at(location="inline") == [inline]
    assert await at(location="footer") == [footer]
    assert await at(location=["footer", "resolved"]) == [footer]
    assert await at(limit=1, start=1) == [inline]
    resolved = {"version": {"number": 2}, "resolved": True}
    await atlassian.put(f"/wiki/api/v2/inline-comments/{inline}", json=resolved)
    assert (await at(location="inline"), await at(location="resolved")) == ([], [inline])


async def test_an_inline_comment_shows_its_text(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    inline = await inline_on(atlassian, rows.page("Decisions")["id"])
    bare = (await atlassian.get(f"{CONTENT}/{inline}")).json()["extensions"]
    assert bare == {"location": "inline", "_expandable": {"inlineProperties": "", "resolution": ""}}
    resolved = {"version": {"number": 2}, "resolved": True}
    await atlassian.put(f"/wiki/api/v2/inline-comments/{inline}", json=resolved)
    expand = "extensions.inlineProperties,extensions.resolution"
    shown = (await atlassian.get(f"{CONTENT}/{inline}", params={"expand": expand})).json()["extensions"]
    marker = rows.get("page_comment", inline)["marker"]
    assert shown["inlineProperties"] == {"originalSelection": "chose", "markerRef": marker}
    assert (shown["resolution"]["status"], shown["resolution"]["lastModifier"]["accountId"]) == ("resolved", "alex")
    assert shown["_expandable"] == {}


async def test_a_comment_is_updated(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    made = await comment_on(atlassian, rows.page("Decisions")["id"])
    url = f"{CONTENT}/{made['id']}"
    body = {"storage": {"value": "<p>Never</p>", "representation": "storage"}}
    change = {"type": "comment", "title": made["title"], "version": {"number": 2, "message": "why"}, "body": body}
    answer = await atlassian.put(url, json=change)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["body"]["storage"]["value"], answer.json()["version"]["message"]) == ("<p>Never</p>", "why")
    stale = await atlassian.put(url, json=change)
    assert v1_error(stale) == (409, "Version must be incremented on update. Current version is: 2")
    assert v1_error(await atlassian.put(url, json={"type": "comment"}))[0] == 400
    assert v1_error(await atlassian.put(url, json={**change, "type": "page"}))[0] == 501
    old = await atlassian.get(url, params={"status": "historical", "version": 1, "expand": "body.storage,history"})
    assert (old.json()["status"], old.json()["body"]["storage"]["value"]) == ("historical", "<p>Agreed</p>")
    assert old.json()["history"]["latest"] is False
    assert (await atlassian.get(url, params={"version": 3})).status_code == 404
    assert (await atlassian.get(url, params={"status": "trashed"})).status_code == 404


async def test_a_comment_is_deleted(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    made = await comment_on(atlassian, rows.page("Decisions")["id"])
    url = f"{CONTENT}/{made['id']}"
    assert (await atlassian.delete(url)).status_code == 204
    assert rows.all("page_comment") == []
    missing = (404, f"No content found with id : {made['id']}")
    for answer in (
        await atlassian.get(url),
        await atlassian.delete(url),
        await atlassian.put(url, json={"type": "comment", "version": {"number": 2}}),
    ):
        assert v1_error(answer) == missing


@pytest.mark.parametrize(
    ("members", "status", "text"),
    [
        ({"container": {"id": 999, "type": "page"}}, 404, "No content found with id : 999"),
        ({"container": {"id": "999"}, "ancestors": [{"id": "998"}]}, 404, "No content found with id : 998"),
        ({}, 400, "A comment must name what it stands on, by one of container, ancestors"),
        ({"container": None}, 400, "A comment must name what it stands on, by one of container, ancestors"),
    ],
)
async def test_a_comment_on_nothing(
    atlassian: httpx.AsyncClient, rows: Rows, members: dict[str, Any], status: int, text: str
) -> None:
    answer = await atlassian.post(CONTENT, json={"type": "comment", "body": STORAGE, **members})
    assert v1_error(answer) == (status, text)
    assert rows.all("page_comment") == []


async def test_a_comment_that_says_nothing(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    container = {"id": rows.page("Decisions")["id"], "type": "page"}
    for body in ({}, {"storage": {"value": " "}}):
        answer = await atlassian.post(CONTENT, json={"type": "comment", "container": container, "body": body})
        assert v1_error(answer) == (400, "A comment must have a body")
    bad = await atlassian.post(
        CONTENT, json={"type": "comment", "container": container, "body": {"storage": {"value": "<p>"}}}
    )
    assert v1_error(bad)[1].startswith("Error parsing xhtml: ")


async def test_a_comment_on_an_attachment(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page_id = rows.page("Decisions")["id"]
    uploaded = await atlassian.post(
        f"{CONTENT}/{page_id}/child/attachment",
        files={"file": ("plan.txt", b"one")},
        headers={"x-atlassian-token": "nocheck"},
    )
    attachment_id = uploaded.json()["results"][0]["id"]
    sent = {"attachmentId": attachment_id, "body": {"representation": "storage", "value": "<p>Old</p>"}}
    comment = (await atlassian.post("/wiki/api/v2/footer-comments", json=sent)).json()
    view = (await atlassian.get(f"{CONTENT}/{comment['id']}", params={"expand": "container"})).json()
    assert (view["title"], view["container"]["id"]) == ("Re: plan.txt", attachment_id)
    assert await children(atlassian, page_id) == []
