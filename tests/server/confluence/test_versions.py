from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.confluence.conftest import CreatePage, v1_error, v2_error

PAGES = "/wiki/api/v2/pages"
CONTENT = "/wiki/rest/api/content"


@pytest.fixture
async def page(atlassian: httpx.AsyncClient, create_page: CreatePage) -> dict[str, Any]:
    """A page with three versions."""
    page = await create_page("Page", body={"representation": "storage", "value": "<p>1</p>"})
    for number in (2, 3):
        body = {
            "id": page["id"],
            "status": "current",
            "title": f"Page {number}",
            "body": {"representation": "storage", "value": f"<p>{number}</p>"},
            "version": {"number": number, "message": f"change {number}"},
        }
        page = (await atlassian.put(f"{PAGES}/{page['id']}", json=body)).json()
    return page


async def test_versions_the_newest_first(atlassian: httpx.AsyncClient, page: dict[str, Any]) -> None:
    url = f"{PAGES}/{page['id']}/versions"
    answer = (await atlassian.get(url, params={"body-format": "storage"})).json()
    assert [version["number"] for version in answer["results"]] == [3, 2, 1]
    assert answer["results"][0] == {
        "number": 3,
        "message": "change 3",
        "minorEdit": False,
        "authorId": "alex",
        "createdAt": "2026-03-02T09:00:03.000Z",
        "page": {
            "id": page["id"],
            "title": "Page 3",
            "body": {"storage": {"representation": "storage", "value": "<p>3</p>"}},
        },
    }
    oldest = (await atlassian.get(url, params={"sort": "modified-date", "limit": 2})).json()
    assert [version["number"] for version in oldest["results"]] == [1, 2]
    assert oldest["results"][0]["page"]["body"] == {}
    rest = (await atlassian.get(oldest["_links"]["next"])).json()
    assert [version["number"] for version in rest["results"]] == [3]
    assert v2_error(await atlassian.get(f"{PAGES}/999/versions"))[2] == "Cannot find a page with id [999]"


async def test_details_of_a_version(atlassian: httpx.AsyncClient, page: dict[str, Any]) -> None:
    url = f"{PAGES}/{page['id']}/versions"
    middle = (await atlassian.get(f"{url}/2")).json()
    assert (middle["prevVersion"], middle["nextVersion"], middle["collaborators"]) == (1, 3, ["alex"])
    assert "prevVersion" not in (await atlassian.get(f"{url}/1")).json()
    assert "nextVersion" not in (await atlassian.get(f"{url}/3")).json()
    assert v2_error(await atlassian.get(f"{url}/4")) == (
        404,
        "NOT_FOUND",
        f"Cannot find version [4] of the page with id [{page['id']}]",
    )


async def test_older_history(atlassian: httpx.AsyncClient, page: dict[str, Any]) -> None:
    answer = await atlassian.get(f"{CONTENT}/{page['id']}/history")
    assert answer.status_code == 200
    history = answer.json()
    assert history["latest"] is True
    assert (history["lastUpdated"]["number"], history["previousVersion"]["number"]) == (3, 2)
    assert "nextVersion" not in history
    assert history["createdBy"]["accountId"] == "alex"
    assert history["createdDate"] == "2026-03-02T09:00:01.000Z"
    more = (await atlassian.get(f"{CONTENT}/{page['id']}/history", params={"expand": "contributors,ownedBy"})).json()
    assert more["contributors"]["publishers"]["userAccountIds"] == ["alex"]
    assert v1_error(await atlassian.get(f"{CONTENT}/999/history"))[0] == 404


async def test_older_versions(atlassian: httpx.AsyncClient, page: dict[str, Any]) -> None:
    url = f"{CONTENT}/{page['id']}/version"
    answer = (await atlassian.get(url, params={"limit": 2})).json()
    assert [version["number"] for version in answer["results"]] == [3, 2]
    assert (answer["size"], "next" in answer["_links"]) == (2, True)
    one = (await atlassian.get(f"{url}/1", params={"expand": "content.body.storage,collaborators"})).json()
    assert (one["number"], one["by"]["displayName"]) == (1, "Alex Admin")
    assert one["content"]["body"]["storage"]["value"] == "<p>1</p>"
    assert one["collaborators"]["userAccountIds"] == ["alex"]
    assert v1_error(await atlassian.get(f"{url}/9"))[0] == 404
