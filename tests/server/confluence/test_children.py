from __future__ import annotations

import httpx
import pytest

from tests.server.confluence.conftest import CreatePage, Rows, v1_error, v2_error

PAGES = "/wiki/api/v2/pages"
CONTENT = "/wiki/rest/api/content"


async def test_child_pages(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    parent = rows.page("Runbooks")
    answer = (await atlassian.get(f"{PAGES}/{parent['id']}/children")).json()
    assert [child["title"] for child in answer["results"]] == [
        "Restore a backup",
        "Rotate credentials",
        "Old runbook",
    ]
    assert answer["results"][0] == {
        "id": rows.page("Restore a backup")["id"],
        "status": "current",
        "title": "Restore a backup",
        "spaceId": parent["space"],
        "childPosition": 0,
    }
    assert v2_error(await atlassian.get(f"{PAGES}/999/children")) == (
        404,
        "NOT_FOUND",
        "Cannot find a page with id [999]",
    )


async def test_direct_children(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = f"{PAGES}/{rows.page('Runbooks')['id']}/direct-children"
    answer = (await atlassian.get(url)).json()
    assert [(child["title"], child["type"]) for child in answer["results"]] == [
        ("Restore a backup", "page"),
        ("Rotate credentials", "page"),
    ]
    backwards = (await atlassian.get(url, params={"sort": "-title", "limit": 1})).json()
    assert [child["title"] for child in backwards["results"]] == ["Rotate credentials"]
    assert "cursor=" in backwards["_links"]["next"]
    assert v2_error(await atlassian.get(f"{PAGES}/999/direct-children")) == (
        404,
        "NOT_FOUND",
        "Cannot find [page] entity with id [999]",
    )


async def test_ancestors_from_the_top_down(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Restore a backup")
    answer = (await atlassian.get(f"{PAGES}/{page['id']}/ancestors")).json()
    above = [rows.space()["homepage"], rows.page("Runbooks")["id"]]
    assert answer["results"] == [{"id": page_id, "type": "page"} for page_id in above]
    home = (await atlassian.get(f"{PAGES}/{above[0]}/ancestors")).json()
    assert home["results"] == []
    assert v2_error(await atlassian.get(f"{PAGES}/999/ancestors"))[0] == 404


async def test_descendants_level_by_level(atlassian: httpx.AsyncClient, rows: Rows, create_page: CreatePage) -> None:
    top, middle = rows.space()["homepage"], rows.page("Restore a backup")["id"]
    lowest = await create_page("Check the dump", parentId=middle)
    url = f"{PAGES}/{top}/descendants"

    async def titles(**params: int) -> list[str]:
        answer = await atlassian.get(url, params=params)
        assert answer.status_code == 200, answer.text
        return [row["title"] for row in answer.json()["results"]]

    first, second = ["Runbooks", "Decisions"], ["Restore a backup", "Rotate credentials"]
    assert await titles(depth=1) == first
    assert await titles() == [*first, *second]
    assert await titles(depth=10) == [*first, *second, "Check the dump"]
    (leaf,) = (await atlassian.get(f"{PAGES}/{middle}/descendants")).json()["results"]
    assert leaf == {
        "id": lowest["id"],
        "status": "current",
        "title": "Check the dump",
        "type": "page",
        "parentId": middle,
        "depth": 1,
        "childPosition": int(lowest["id"]),
    }
    found, following = [], f"{url}?depth=3&limit=2"
    while following:
        answer = (await atlassian.get(following)).json()
        found += [row["title"] for row in answer["results"]]
        following = answer["_links"].get("next", "")
    assert found == [*first, *second, "Check the dump"]
    for depth in ("0", "11", "x"):
        assert v2_error(await atlassian.get(url, params={"depth": depth}))[0] == 400
    assert v2_error(await atlassian.get(f"{PAGES}/999/descendants")) == (
        404,
        "NOT_FOUND",
        "Cannot find [page] entity with id [999]",
    )


async def test_older_children_by_type(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = f"{CONTENT}/{rows.page('Runbooks')['id']}/child"
    bare = (await atlassian.get(url)).json()
    assert bare["_expandable"]["page"] == f"{url.removeprefix('/wiki')}/page"
    assert "page" not in bare
    expanded = (await atlassian.get(url, params={"expand": "page.version,comment"})).json()
    assert [page["version"]["number"] for page in expanded["page"]["results"]] == [1, 1]
    assert expanded["comment"]["size"] == 0


async def test_older_child_pages(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = f"{CONTENT}/{rows.page('Runbooks')['id']}/child/page"
    answer = await atlassian.get(url, params={"expand": "body.storage"})
    assert answer.status_code == 200
    children = answer.json()
    assert [child["title"] for child in children["results"]] == ["Restore a backup", "Rotate credentials"]
    assert children["results"][0]["body"]["storage"]["value"] == "<p>Stop the writers.</p>"
    assert children["results"][0]["extensions"] == {"position": 0}
    assert (await atlassian.get(url, params={"limit": 5000})).json()["limit"] == 5000
    assert "deprecation" in answer.headers


@pytest.mark.parametrize(("kind", "limit"), [("comment", 25), ("folder", 25), ("attachment", 50)])
async def test_pages_have_no_other_children(atlassian: httpx.AsyncClient, rows: Rows, kind: str, limit: int) -> None:
    answer = (await atlassian.get(f"{CONTENT}/{rows.page('Runbooks')['id']}/child/{kind}")).json()
    assert (answer["results"], answer["size"], answer["limit"]) == ([], 0, limit)


async def test_each_route_words_an_unknown_parent_its_own_way(atlassian: httpx.AsyncClient) -> None:
    for kind in ("page", "comment"):
        assert v1_error(await atlassian.get(f"{CONTENT}/999/child/{kind}")) == (
            404,
            "No parent or not permitted to view content with id : ContentId{id=999}",
        )
    attachments = await atlassian.get(f"{CONTENT}/999/child/attachment")
    assert v1_error(attachments) == (404, "No content found with id: ContentId{id=999}")
    assert attachments.json()["data"] == {"authorized": True, "valid": True, "errors": [], "successful": True}
    negative = await atlassian.get(f"{CONTENT}/999/child/page", params={"limit": "-1"})
    assert v1_error(negative) == (400, "limit cannot be less than zero")
    assert (await atlassian.get(f"{CONTENT}/999/child/nonsense")).status_code == 501
