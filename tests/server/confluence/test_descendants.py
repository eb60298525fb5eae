from __future__ import annotations

from typing import Any

import httpx

from tests.server.confluence.conftest import CreatePage, Rows, v1_error

CONTENT = "/wiki/rest/api/content"


async def titles(client: httpx.AsyncClient, url: str, **params: Any) -> list[str]:
    answer = await client.get(url, params=params)
    assert answer.status_code == 200, answer.text
    return [one["title"] for one in answer.json()["results"]]


async def test_the_pages_under_a_page(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = f"{CONTENT}/{rows.page('Operations Home')['id']}/descendant"
    top, below = ["Runbooks", "Decisions"], ["Restore a backup", "Rotate credentials"]
    assert await titles(atlassian, f"{url}/page") == [*top, *below]
    assert await titles(atlassian, f"{url}/page", depth="root") == top
    assert await titles(atlassian, f"{url}/page", depth="2") == [*top, *below]
    assert await titles(atlassian, f"{url}/page", start=1, limit=2) == ["Decisions", "Restore a backup"]
    by_type = (await atlassian.get(url, params={"expand": "page"})).json()
    assert [one["title"] for one in by_type["page"]["results"]] == [*top, *below]
    assert "comment" in by_type["_expandable"]


async def test_comments_and_attachments(atlassian: httpx.AsyncClient, rows: Rows, create_page: CreatePage) -> None:
    page_id = rows.page("Decisions")["id"]
    url = f"{CONTENT}/{page_id}/descendant"
    body = {"body": {"representation": "storage", "value": "<p>Hm</p>"}}
    first = (await atlassian.post("/wiki/api/v2/footer-comments", json={"pageId": page_id, **body})).json()["id"]
    await atlassian.post("/wiki/api/v2/footer-comments", json={"parentCommentId": first, **body})
    files, headers = {"file": ("a.txt", b"a", "text/plain")}, {"X-Atlassian-Token": "no-check"}
    await atlassian.post(f"{CONTENT}/{page_id}/child/attachment", files=files, headers=headers)
    assert len(await titles(atlassian, f"{url}/comment")) == 2
    assert len(await titles(atlassian, f"{url}/comment", depth="root")) == 1
    assert await titles(atlassian, f"{url}/attachment") == ["a.txt"]


async def test_what_is_refused(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = f"{CONTENT}/{rows.page('Decisions')['id']}/descendant"
    for depth in ("0", "101", "x", "-1"):
        text = f"The depth is all, root or a number from 1 to 100, and not {depth}"
        assert v1_error(await atlassian.get(f"{url}/page", params={"depth": depth})) == (400, text)
    assert (await atlassian.get(f"{url}/folder")).status_code == 501
    missing = (404, "No parent or not permitted to view content with id : ContentId{id=999}")
    assert v1_error(await atlassian.get(f"{CONTENT}/999/descendant")) == missing
    assert v1_error(await atlassian.get(f"{CONTENT}/999/descendant/page")) == missing
