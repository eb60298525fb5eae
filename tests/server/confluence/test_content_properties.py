from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.confluence.conftest import Rows, v2_error

PAGES = "/wiki/api/v2/pages"
SPACES = "/wiki/api/v2/spaces"


@pytest.fixture(params=["page", "space", "attachment"])
async def owner(request: pytest.FixtureRequest, atlassian: httpx.AsyncClient, rows: Rows) -> str:
    """The URL of something that has properties."""
    page_id = rows.page("Decisions")["id"]
    if request.param == "page":
        return f"{PAGES}/{page_id}"
    if request.param == "space":
        return f"{SPACES}/{rows.space()['id']}"
    uploaded = await atlassian.post(
        f"/wiki/rest/api/content/{page_id}/child/attachment",
        files={"file": ("plan.txt", b"one")},
        headers={"x-atlassian-token": "nocheck"},
    )
    return f"/wiki/api/v2/attachments/{uploaded.json()['results'][0]['id']}"


async def create(atlassian: httpx.AsyncClient, owner: str, key: str, value: Any) -> dict[str, Any]:
    answer = await atlassian.post(f"{owner}/properties", json={"key": key, "value": value})
    assert answer.status_code == (201 if "/spaces/" in owner else 200), answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.mark.parametrize("value", [{"b": [1, 2.5, None], "a": {"": "é"}}, ["x"], "text", "", 0, False])
async def test_a_value_comes_back_as_it_was_sent(atlassian: httpx.AsyncClient, owner: str, value: Any) -> None:
    made = await create(atlassian, owner, "emoji-title-published", value)
    answer = await atlassian.get(f"{owner}/properties/{made['id']}")
    assert answer.json() == made
    assert made["value"] == value
    if isinstance(value, dict):
        assert '"value":{"b":[1,2.5,null],"a":{"":"é"}}' in answer.text


async def test_a_property(atlassian: httpx.AsyncClient, owner: str) -> None:
    made = await create(atlassian, owner, "stage", "draft")
    when = made["version"]["createdAt"]
    whole = {"id": made["id"], "key": "stage", "value": "draft"}
    version = {"number": 1, "message": "", "createdAt": when}
    if "/spaces/" in owner:
        assert made == {**whole, "createdAt": when, "createdBy": "alex", "version": {**version, "createdBy": "alex"}}
    else:
        assert made == {**whole, "version": {**version, "minorEdit": False, "authorId": "alex"}}


async def test_properties_are_listed_by_key(atlassian: httpx.AsyncClient, owner: str) -> None:
    for key in ("b", "c", "a"):
        await create(atlassian, owner, key, key.upper())

    async def keys(**params: Any) -> list[str]:
        answer = await atlassian.get(f"{owner}/properties", params=params)
        assert answer.status_code == 200, answer.text
        return [row["key"] for row in answer.json()["results"]]

    assert await keys() == ["b", "c", "a"]
    assert await keys(key="c") == ["c"]
    assert await keys(key="d") == []
    first = (await atlassian.get(f"{owner}/properties", params={"limit": 2})).json()
    following = (await atlassian.get(first["_links"]["next"])).json()
    assert [row["key"] for row in following["results"]] == ["a"]
    if "/spaces/" not in owner:
        assert await keys(sort="key") == ["a", "b", "c"]
        assert await keys(sort="-key", limit=2) == ["c", "b"]


async def test_a_property_is_updated_and_deleted(atlassian: httpx.AsyncClient, owner: str, rows: Rows) -> None:
    made = await create(atlassian, owner, "stage", {"n": 1})
    here = f"{owner}/properties/{made['id']}"
    change = {"key": "stage", "value": {"n": 2}, "version": {"number": 2, "message": "on"}}
    answer = await atlassian.put(here, json=change)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["value"], answer.json()["version"]["number"]) == ({"n": 2}, 2)
    assert answer.json()["version"]["message"] == "on"
    assert (await atlassian.get(here)).json() == answer.json()
    gone = await atlassian.delete(here)
    assert (gone.status_code, gone.content) == (204, b"")
    assert rows.all("content_property") == []
    text = f"Could not find property with id [{made['id']}]"
    for again in (
        await atlassian.get(here),
        await atlassian.delete(here),
        await atlassian.put(here, json=change),
    ):
        assert v2_error(again) == (404, "NOT_FOUND", text)
    await create(atlassian, owner, "stage", 1)


@pytest.mark.parametrize(
    ("change", "status", "title"),
    [
        ({"version": {"number": 1}}, 409, "a property. Current Version: [1]. Provided version: [1]"),
        ({"version": {"number": 3}}, 409, "a property. Current Version: [1]. Provided version: [3]"),
        ({"version": {}}, 400, "No version supplied."),
        ({}, 400, "No version supplied."),
        ({"version": {"number": "2"}}, 400, "Invalid message"),
        ({"key": "other", "version": {"number": 2}}, 400, "The key of a property cannot be changed: it is [stage]"),
        ({"value": None, "version": {"number": 2}}, 400, "A property must have a value"),
    ],
)
async def test_an_update_that_is_refused(
    atlassian: httpx.AsyncClient, owner: str, rows: Rows, change: dict[str, Any], status: int, title: str
) -> None:
    made = await create(atlassian, owner, "stage", "old")
    answer = await atlassian.put(f"{owner}/properties/{made['id']}", json={"value": "new", **change})
    assert v2_error(answer)[0] == status
    assert title in v2_error(answer)[2]
    (row,) = rows.all("content_property")
    assert (row["value"], row["versionNumber"]) == ("old", 1)


@pytest.mark.parametrize(
    ("sent", "status", "title"),
    [
        ({"key": "taken", "value": 1}, 409, "A property with the key [taken] already exists"),
        ({"value": 1}, 400, "A property must have a key"),
        ({"key": " ", "value": 1}, 400, "A property must have a key"),
        ({"key": "k"}, 400, "A property must have a value"),
        ({"key": "k", "value": None}, 400, "A property must have a value"),
        ({"key": "k" * 256, "value": 1}, 400, "The key of a property cannot be longer than 255 characters"),
        ({"key": "k", "value": "v" * 32_767}, 400, "The value of a property cannot be longer than 32768 characters"),
        ({"key": 7, "value": 1}, 400, "Invalid message"),
        ([], 400, "Invalid message"),
    ],
)
async def test_a_property_that_is_refused(
    atlassian: httpx.AsyncClient, owner: str, rows: Rows, sent: Any, status: int, title: str
) -> None:
    await create(atlassian, owner, "taken", 1)
    answer = await atlassian.post(f"{owner}/properties", json=sent)
    assert v2_error(answer)[0] == status
    assert v2_error(answer)[2] == title
    assert len(rows.all("content_property")) == 1


@pytest.mark.parametrize(
    ("url", "title"),
    [
        (f"{PAGES}/999/properties", "Could not find page with id [999]"),
        (f"{SPACES}/999/properties", "Could not find space with id [999]"),
        ("/wiki/api/v2/attachments/att999/properties", "Could not find attachment with id [att999]"),
    ],
)
async def test_nothing_there_to_have_properties(atlassian: httpx.AsyncClient, url: str, title: str) -> None:
    for answer in (
        await atlassian.get(url),
        await atlassian.post(url, json={"key": "k", "value": 1}),
        await atlassian.get(f"{url}/1"),
    ):
        assert v2_error(answer) == (404, "NOT_FOUND", title)


async def test_a_property_belongs_to_its_owner(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page, other, space = rows.page("Decisions")["id"], rows.page("Runbooks")["id"], rows.space()["id"]
    made = await create(atlassian, f"{PAGES}/{page}", "k", 1)
    assert (await atlassian.get(f"{PAGES}/{other}/properties/{made['id']}")).status_code == 404
    assert (await atlassian.delete(f"{SPACES}/{space}/properties/{made['id']}")).status_code == 404
    await create(atlassian, f"{PAGES}/{other}", "k", 2)
    assert len(rows.all("content_property")) == 2


async def test_the_flag_adds_them(atlassian: httpx.AsyncClient, owner: str) -> None:
    made = await create(atlassian, owner, "k", 1)
    answer = await atlassian.get(owner, params={"include-properties": "true"})
    assert answer.json()["properties"]["results"] == [made]


async def test_properties_go_with_their_page(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = f"{PAGES}/{rows.page('Decisions')['id']}"
    await create(atlassian, url, "k", 1)
    await atlassian.delete(url)
    assert v2_error(await atlassian.get(f"{url}/properties"))[0] == 404
    assert len(rows.all("content_property")) == 1
    assert (await atlassian.delete(url, params={"purge": "true"})).status_code == 204
    assert rows.all("content_property") == []


async def test_a_stranger_and_an_id_that_is_none(atlassian: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    assert v2_error(await anonymous.get(f"{PAGES}/1/properties")) == (404, "NOT_FOUND", "Not Found")
    assert v2_error(await atlassian.get(f"{PAGES}/x/properties"))[1] == "INVALID_REQUEST_PARAMETER"
    assert v2_error(await atlassian.get(f"{PAGES}/1/properties/x"))[1] == "INVALID_REQUEST_PARAMETER"
