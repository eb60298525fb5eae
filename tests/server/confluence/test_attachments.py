"""Attachments as API v2 shows them; they come to be through API v1."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.confluence.conftest import Rows, v2_error

V2, CONTENT = "/wiki/api/v2", "/wiki/rest/api/content"
WAIVED = {"X-Atlassian-Token": "no-check"}


@pytest.fixture
async def attached(atlassian: httpx.AsyncClient, rows: Rows) -> list[dict[str, Any]]:
    """Three attachments: two of a page, one of another."""
    found = []
    for title, name in (("Runbooks", "a.txt"), ("Runbooks", "b.csv"), ("Decisions", "a.txt")):
        url = f"{CONTENT}/{rows.page(title)['id']}/child/attachment"
        files, data = {"file": (name, name.encode())}, {"comment": f"About {name}", "minorEdit": "true"}
        answer = await atlassian.post(url, files=files, data=data, headers=WAIVED)
        assert answer.status_code == 200, answer.text
        found += answer.json()["results"]
    return found


async def ids(atlassian: httpx.AsyncClient, path: str, **parameters: Any) -> list[str]:
    answer = await atlassian.get(f"{V2}/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["results"]]


async def test_one_attachment(atlassian: httpx.AsyncClient, rows: Rows, attached: list[dict[str, Any]]) -> None:
    first = attached[0]
    page = rows.page("Runbooks")
    view = (await atlassian.get(f"{V2}/attachments/{first['id']}")).json()
    links = view.pop("_links")
    assert links["base"] == "http://acme.test/wiki"
    assert links["download"].startswith(f"/download/attachments/{page['id']}/a.txt?version=1&modificationDate=")
    assert (view["downloadLink"], view["webuiLink"]) == (links["download"], links["webui"])
    assert {name: view[name] for name in ("id", "status", "title", "pageId", "mediaType", "comment", "fileSize")} == {
        "id": first["id"],
        "status": "current",
        "title": "a.txt",
        "pageId": page["id"],
        "mediaType": "text/plain",
        "comment": "About a.txt",
        "fileSize": 5,
    }
    assert view["version"]["number"] == 1
    assert (view["version"]["minorEdit"], view["version"]["authorId"]) == (True, "alex")
    # The number alone names it too.
    plain = (await atlassian.get(f"{V2}/attachments/{first['id'].removeprefix('att')}")).json()
    assert plain["id"] == first["id"]


async def test_what_can_be_included(atlassian: httpx.AsyncClient, attached: list[dict[str, Any]]) -> None:
    url = f"{V2}/attachments/{attached[0]['id']}"
    names = ("labels", "properties", "operations", "versions", "collaborators")
    view = (await atlassian.get(url, params={f"include-{name}": "true" for name in names})).json()
    assert [one["operation"] for one in view["operations"]["results"]] == ["read", "update", "delete"]
    assert [one["number"] for one in view["versions"]["results"]] == [1]
    assert view["labels"]["results"] == view["properties"]["results"] == []
    assert view["collaborators"]["results"] == [{"accountId": "alex"}]
    assert "version" not in (await atlassian.get(url, params={"include-version": "false"})).json()


async def test_lists_and_their_filters(
    atlassian: httpx.AsyncClient, rows: Rows, attached: list[dict[str, Any]]
) -> None:
    one, two, three = (row["id"] for row in attached)
    here = f"pages/{rows.page('Runbooks')['id']}/attachments"
    assert await ids(atlassian, "attachments") == [one, two, three]
    assert await ids(atlassian, here) == [one, two]
    assert await ids(atlassian, "attachments", filename="a.txt") == [one, three]
    assert await ids(atlassian, here, filename="a.txt") == [one]
    assert await ids(atlassian, "attachments", mediaType="text/csv") == [two]
    assert await ids(atlassian, "attachments", status="trashed") == []
    assert await ids(atlassian, "attachments", sort="-created-date") == [three, two, one]
    assert await ids(atlassian, "attachments", sort="modified-date") == [one, two, three]


async def test_pages_of_a_list(atlassian: httpx.AsyncClient, attached: list[dict[str, Any]]) -> None:
    seen: list[str] = []
    url: str | None = f"{V2}/attachments?limit=2"
    while url:
        page = (await atlassian.get(url)).json()
        seen += [one["id"] for one in page["results"]]
        url = page["_links"].get("next")
    assert seen == [row["id"] for row in attached]
    assert (await atlassian.get(f"{V2}/attachments?limit=0")).status_code == 400


async def test_versions(atlassian: httpx.AsyncClient, rows: Rows, attached: list[dict[str, Any]]) -> None:
    shown = attached[0]["id"]
    data = f"{CONTENT}/{rows.page('Runbooks')['id']}/child/attachment/{shown}/data"
    await atlassian.post(data, files={"file": ("a.txt", b"newer")}, data={"comment": "Newer"}, headers=WAIVED)
    listed = (await atlassian.get(f"{V2}/attachments/{shown}/versions")).json()["results"]
    assert [(one["number"], one["message"], one["minorEdit"]) for one in listed] == [
        (2, "Newer", False),
        (1, "About a.txt", True),
    ]
    assert listed[0]["attachment"] == {"id": shown, "title": "a.txt"}
    upwards = (await atlassian.get(f"{V2}/attachments/{shown}/versions", params={"sort": "modified-date"})).json()
    assert [one["number"] for one in upwards["results"]] == [1, 2]
    first = (await atlassian.get(f"{V2}/attachments/{shown}/versions/1")).json()
    assert (first["number"], first["nextVersion"], first["collaborators"]) == (1, 2, ["alex"])
    assert "prevVersion" not in first
    earlier = (await atlassian.get(f"{V2}/attachments/{shown}", params={"version": 1})).json()
    assert (earlier["comment"], earlier["version"]["number"]) == ("About a.txt", 1)
    text = f"Cannot find version [9] of the attachment with id [{shown}]"
    for path in (f"{shown}/versions/9", f"{shown}?version=9"):
        assert v2_error(await atlassian.get(f"{V2}/attachments/{path}")) == (404, "NOT_FOUND", text)
    assert (await atlassian.get(f"{V2}/attachments/{shown}/versions/{'9' * 5000}")).status_code == 400


async def test_the_trash(atlassian: httpx.AsyncClient, rows: Rows, attached: list[dict[str, Any]]) -> None:
    one, two, three = (row["id"] for row in attached)
    url = f"{V2}/attachments/{one}"
    early = await atlassian.delete(url, params={"purge": "true"})
    assert v2_error(early) == (400, "BAD_REQUEST", "Only an attachment in the trash can be purged")
    assert (await atlassian.delete(url)).status_code == 204
    assert (await atlassian.get(url)).json()["status"] == "trashed"
    assert await ids(atlassian, "attachments") == [two, three]
    assert await ids(atlassian, "attachments", status="trashed") == [one]
    file = f"/wiki/download/attachments/{rows.page('Runbooks')['id']}/a.txt"
    assert (await atlassian.get(file)).status_code == 404
    assert (await atlassian.delete(url)).status_code == 404
    assert (await atlassian.delete(url, params={"purge": "true"})).status_code == 204
    gone = await atlassian.get(url)
    assert v2_error(gone) == (404, "NOT_FOUND", f"Cannot find an attachment with id [{one}]")
    kept = [row["attachment"] for row in rows.all("page_attachment_version")]
    assert kept == [shown.removeprefix("att") for shown in (two, three)]


async def test_a_trashed_page_hides_its_files_and_a_purged_one_takes_them(
    atlassian: httpx.AsyncClient, rows: Rows, attached: list[dict[str, Any]]
) -> None:
    page = f"{V2}/pages/{rows.page('Runbooks')['id']}"
    await atlassian.delete(page)
    assert await ids(atlassian, "attachments") == [attached[2]["id"]]
    assert (await atlassian.get(f"{V2}/attachments/{attached[0]['id']}")).status_code == 404
    await atlassian.delete(page, params={"purge": "true"})
    assert [row["page"] for row in rows.all("page_attachment")] == [rows.page("Decisions")["id"]]
    assert len(rows.all("page_attachment_version")) == 1


async def test_labels(atlassian: httpx.AsyncClient, rows: Rows, attached: list[dict[str, Any]]) -> None:
    shown = attached[0]["id"]
    labels = f"{CONTENT}/{shown}/label"
    added = await atlassian.post(labels, json=[{"prefix": "global", "name": "runbook"}, {"name": "signed"}])
    assert [one["name"] for one in added.json()["results"]] == ["runbook", "signed"]
    listed = (await atlassian.get(f"{V2}/attachments/{shown}/labels", params={"sort": "-name"})).json()["results"]
    assert [one["name"] for one in listed] == ["signed", "runbook"]
    assert await ids(atlassian, f"labels/{listed[1]['id']}/attachments") == [shown]
    # The label of the attachment is that of the pages.
    of_page = (await atlassian.get(f"{V2}/pages/{rows.page('Runbooks')['id']}/labels")).json()["results"]
    assert [one["id"] for one in of_page] == [listed[1]["id"]]
    assert [one["name"] for one in (await atlassian.get(labels)).json()["results"]] == ["runbook", "signed"]
    assert (await atlassian.delete(f"{labels}/signed")).status_code == 204
    assert [row["name"] for row in rows.all("label") if row["content"] == shown.removeprefix("att")] == ["runbook"]
    await atlassian.delete(f"{V2}/attachments/{shown}")
    assert (await atlassian.get(labels)).status_code == 404
    await atlassian.delete(f"{V2}/attachments/{shown}", params={"purge": "true"})
    assert [row for row in rows.all("label") if row["content"] == shown.removeprefix("att")] == []


async def test_thumbnails_are_elsewhere(
    atlassian: httpx.AsyncClient, rows: Rows, attached: list[dict[str, Any]]
) -> None:
    url = f"{CONTENT}/{rows.page('Runbooks')['id']}/child/attachment"
    answer = await atlassian.post(url, files={"file": ("ö.png", b"")}, headers=WAIVED)
    shown = answer.json()["results"][0]["id"]
    place = await atlassian.get(f"{V2}/attachments/{shown}/thumbnail/download?width=30&height=40")
    assert place.status_code == 302
    start = f"http://acme.test/wiki/download/thumbnails/{rows.page('Runbooks')['id']}/%C3%B6.png?version=1&"
    assert place.headers["location"].startswith(start)
    assert place.headers["location"].endswith("&width=30&height=40")
    none = await atlassian.get(f"{V2}/attachments/{attached[0]['id']}/thumbnail/download")
    text = f"There is no thumbnail of the attachment with id [{attached[0]['id']}]"
    assert v2_error(none) == (404, "NOT_FOUND", text)


@pytest.mark.parametrize("path", ["", "/versions", "/versions/1", "/labels", "/thumbnail/download"])
async def test_what_is_not_there(atlassian: httpx.AsyncClient, path: str) -> None:
    for unknown in ("999", "att999", "9" * 5000):
        answer = await atlassian.get(f"{V2}/attachments/{unknown}{path}")
        assert v2_error(answer) == (404, "NOT_FOUND", f"Cannot find an attachment with id [{unknown}]")
    answer = await atlassian.get(f"{V2}/attachments/attx{path}")
    assert v2_error(answer)[:2] == (400, "INVALID_REQUEST_PARAMETER")


async def test_refusals(atlassian: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    assert (await atlassian.delete(f"{V2}/attachments/999")).status_code == 404
    assert (await atlassian.delete(f"{V2}/attachments/x")).status_code == 400
    assert (await atlassian.get(f"{V2}/pages/999/attachments")).status_code == 404
    assert (await atlassian.get(f"{V2}/labels/999/attachments")).status_code == 404
    for path in ("attachments", "attachments/999", "pages/999/attachments"):
        assert v2_error(await anonymous.get(f"{V2}/{path}")) == (404, "NOT_FOUND", "Not Found")
