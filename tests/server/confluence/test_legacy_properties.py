from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.confluence.conftest import Rows, v1_error

CONTENT = "/wiki/rest/api/content"


@pytest.fixture
def url(rows: Rows) -> str:
    return f"{CONTENT}/{rows.page('Decisions')['id']}/property"


async def test_a_property_is_made_changed_and_deleted(atlassian: httpx.AsyncClient, url: str, rows: Rows) -> None:
    value = {"emoji": "1f680"}
    made = await atlassian.post(url, json={"key": "emoji-title-published", "value": value})
    assert made.status_code == 200
    view = made.json()
    assert (view["key"], view["value"], view["version"]["number"]) == ("emoji-title-published", value, 1)
    assert view["version"]["by"]["accountId"] == "alex"
    assert view["_links"]["self"] == f"http://acme.test{url}/emoji-title-published"
    assert (await atlassian.get(f"{url}/emoji-title-published")).json() == view
    body = {"key": "emoji-title-published", "value": ["x"], "version": {"number": 2}}
    changed = (await atlassian.put(f"{url}/emoji-title-published", json=body)).json()
    assert (changed["id"], changed["value"], changed["version"]["number"]) == (view["id"], ["x"], 2)
    answer = await atlassian.delete(f"{url}/emoji-title-published")
    assert (answer.status_code, answer.content) == (204, b"")
    assert rows.all("content_property") == []


async def test_both_apis_show_the_same_properties(atlassian: httpx.AsyncClient, url: str, rows: Rows) -> None:
    page_id = rows.page("Decisions")["id"]
    v2 = (await atlassian.post(f"/wiki/api/v2/pages/{page_id}/properties", json={"key": "a", "value": 1})).json()
    assert (await atlassian.post(f"{url}/b", json={"value": False})).status_code == 200
    listed = (await atlassian.get(url)).json()
    assert [(one["key"], one["value"]) for one in listed["results"]] == [("a", 1), ("b", False)]
    assert listed["results"][0]["id"] == v2["id"]
    assert (listed["start"], listed["limit"], listed["size"]) == (0, 10, 2)
    second = (await atlassian.get(url, params={"start": 1, "limit": 1, "expand": "content"})).json()["results"]
    assert [one["key"] for one in second] == ["b"]
    assert "version" in second[0]["_expandable"]


async def test_the_first_version_of_a_key_makes_the_property(atlassian: httpx.AsyncClient, url: str) -> None:
    made = await atlassian.put(f"{url}/new", json={"value": "x", "version": {"number": 1}})
    assert (made.status_code, made.json()["version"]["number"]) == (200, 1)
    missing = await atlassian.put(f"{url}/other", json={"value": "x", "version": {"number": 2}})
    assert v1_error(missing) == (404, "No property found with the key : other")


async def test_properties_that_cannot_be(atlassian: httpx.AsyncClient, url: str) -> None:
    await atlassian.post(url, json={"key": "k", "value": 1})
    stale, renamed = {"value": 2, "version": {"number": 5}}, {"value": 2, "key": "l", "version": {"number": 2}}
    for method, path, body, refusal in (
        ("POST", "", {"key": "k", "value": 2}, (409, "A property with the key [k] already exists")),
        ("POST", "/k", {"value": 2}, (409, "A property with the key [k] already exists")),
        ("POST", "", {"value": 2}, (400, "A property must have a key")),
        ("POST", "/new", {}, (400, "A property must have a value")),
        ("PUT", "/k", stale, (409, "Version must be incremented on update. Current version is: 1")),
        ("PUT", "/k", renamed, (400, "The key of a property cannot be changed: it is [k]")),
        ("GET", "/none", None, (404, "No property found with the key : none")),
        ("DELETE", "/none", None, (404, "No property found with the key : none")),
    ):  # fmt: skip
        assert v1_error(await atlassian.request(method, url + path, json=body)) == refusal
    for wrong in ([], "x", {"key": 1, "value": 1}, {"key": "n", "value": 1, "version": "2"}):
        assert (await atlassian.post(url, json=wrong)).status_code == 400


async def test_properties_of_an_unknown_page(atlassian: httpx.AsyncClient) -> None:
    sent: dict[str, Any] = {"key": "k", "value": 1}
    for answer in (
        await atlassian.get(f"{CONTENT}/999/property"),
        await atlassian.get(f"{CONTENT}/999/property/k"),
        await atlassian.post(f"{CONTENT}/999/property", json=sent),
        await atlassian.put(f"{CONTENT}/999/property/k", json=sent),
        await atlassian.delete(f"{CONTENT}/999/property/k"),
    ):
        assert v1_error(answer) == (404, "No content found with id : 999")


async def test_who_may_read_a_page_alone_changes_no_property(
    atlassian: httpx.AsyncClient, url: str, rows: Rows
) -> None:
    restriction = url.replace("/property", "/restriction")
    named = {"operation": "update", "restrictions": {"user": [{"type": "known", "accountId": "bea"}]}}
    await atlassian.put(restriction, json=[named])
    for method, path in (("POST", ""), ("PUT", "/k"), ("DELETE", "/k")):
        answer = await atlassian.request(method, url + path, json={"key": "k", "value": 1})
        assert v1_error(answer)[0] == 403
    assert rows.all("content_property") == []
