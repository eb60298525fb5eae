from __future__ import annotations

from typing import Any

import httpx
import pytest

from sandlot_server.app import App
from tests.server.jira.expectations import assert_problem, assert_refused, create

WEB = "project = WEB ORDER BY key ASC"
INVALID = "Invalid request payload. Refer to the REST API documentation and try again."
BAD_TOKEN = "The value of 'nextPageToken' is not valid."
OUT_OF_RANGE = "The value of 'maxResults' must be between 1 and 5000."
UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."


async def search(jira: httpx.AsyncClient, **parameters: Any) -> dict[str, Any]:
    answer = await jira.get("search/jql", params=parameters)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def keys(page: dict[str, Any]) -> list[str]:
    return [issue["key"] for issue in page["issues"]]


async def test_only_ids_where_no_field_is_asked_for(jira: httpx.AsyncClient) -> None:
    page = await search(jira, jql=WEB)
    ids = [(await jira.get(f"issue/WEB-{number}")).json()["id"] for number in (1, 2, 3, 4)]
    assert page == {"issues": [{"id": issue_id} for issue_id in ids], "isLast": True}


async def test_with_a_field_come_key_and_self(jira: httpx.AsyncClient) -> None:
    page = await search(jira, jql=WEB, fields="summary")
    assert keys(page) == ["WEB-1", "WEB-2", "WEB-3", "WEB-4"]
    first = page["issues"][0]
    assert first["fields"] == {"summary": "Faster checkout"}
    assert first["self"] == f"http://acme.test/rest/api/3/issue/{first['id']}"


async def test_an_issue_is_the_same_as_by_itself(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    for client in (jira, jira_v2):
        (found,) = (await search(client, jql="key = WEB-2", fields="*all"))["issues"]
        assert found == (await client.get("issue/WEB-2")).json()


async def test_chosen_fields(jira: httpx.AsyncClient) -> None:
    (issue,) = (await search(jira, jql="key = WEB-3", fields="*navigable,-description"))["issues"]
    assert "summary" in issue["fields"]
    assert not {"description", "comment"} & set(issue["fields"])
    (issue,) = (await search(jira, jql="key = WEB-3", fields=["summary", "status"]))["issues"]
    assert set(issue["fields"]) == {"summary", "status"}


async def test_expansions(jira: httpx.AsyncClient) -> None:
    page = await search(jira, jql="key = WEB-2", fields="summary", expand="names,schema,changelog,transitions")
    assert page["names"] == {"summary": "Summary"}
    assert page["schema"] == {"summary": {"type": "string", "system": "summary"}}
    (issue,) = page["issues"]
    assert issue["changelog"]["total"] == 0
    assert len(issue["transitions"]) == 3
    assert "names" not in issue


async def test_pages_end_without_a_token(jira: httpx.AsyncClient) -> None:
    first = await search(jira, jql=WEB, fields="key", maxResults=3)
    assert (keys(first), first["isLast"]) == (["WEB-1", "WEB-2", "WEB-3"], False)
    last = await search(jira, jql=WEB, fields="key", maxResults=3, nextPageToken=first["nextPageToken"])
    assert keys(last) == ["WEB-4"]
    assert (last["isLast"], "nextPageToken" in last) == (True, False)


async def test_a_full_last_page_has_no_token(jira: httpx.AsyncClient) -> None:
    assert "nextPageToken" not in await search(jira, jql=WEB, maxResults=4)


async def test_what_changes_between_pages_is_not_skipped(jira: httpx.AsyncClient) -> None:
    first = await search(jira, jql=WEB, fields="key", maxResults=2)
    await jira.delete("issue/WEB-1?deleteSubtasks=true")
    rest = await search(jira, jql=WEB, fields="key", nextPageToken=first["nextPageToken"])
    assert keys(rest) == ["WEB-3", "WEB-4"]


async def test_a_token_of_another_query_or_site(app: App, jira: httpx.AsyncClient, control: httpx.AsyncClient) -> None:
    token = (await search(jira, jql=WEB, maxResults=1))["nextPageToken"]
    other_query = {"jql": "project = SUP", "nextPageToken": token}
    assert_refused(await jira.get("search/jql", params=other_query), 400, BAD_TOKEN)
    site = (await control.post("/sites")).json()
    transport = httpx.ASGITransport(app.atlassian)
    auth = (site["email"], site["token"])
    async with httpx.AsyncClient(transport=transport, base_url="http://acme.test", auth=auth) as other:
        answer = await other.get("/rest/api/3/search/jql", params={"jql": WEB, "nextPageToken": token})
    assert_refused(answer, 400, BAD_TOKEN)


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"nextPageToken": "x", "maxResults": "0"}, BAD_TOKEN),
        (
            {"reconcileIssues": list(range(51)), "maxResults": "0"},
            "The max number of issues to reconcile is 50.",
        ),
        ({"maxResults": "0"}, OUT_OF_RANGE),
        ({"maxResults": "-1", "jql": WEB}, OUT_OF_RANGE),
        ({"maxResults": "5001", "jql": WEB}, OUT_OF_RANGE),
        ({}, UNBOUNDED),
        ({"jql": ""}, UNBOUNDED),
        ({"jql": " "}, UNBOUNDED),
        ({"jql": "ORDER BY created"}, UNBOUNDED),
    ],
)
async def test_refusals_in_their_order(jira: httpx.AsyncClient, parameters: dict[str, Any], text: str) -> None:
    assert_refused(await jira.get("search/jql", params=parameters), 400, text)


async def test_a_conversion_is_refused_first(jira: httpx.AsyncClient) -> None:
    answer = await jira.get("search/jql?maxResults=abc&nextPageToken=x")
    assert_problem(answer, 400, "Bad Request", "Failed to convert 'maxResults' with value: 'abc'")


async def test_a_query_that_is_no_query(jira: httpx.AsyncClient) -> None:
    answer = await jira.get("search/jql", params={"jql": "project ="})
    assert answer.status_code == 400
    assert answer.json()["errorMessages"]
    assert answer.json()["errors"] == {}


async def test_nobody_finds_nothing(nobody: httpx.AsyncClient) -> None:
    answer = await nobody.get("search/jql", params={"jql": "assignee is EMPTY"})
    assert answer.json() == {"issues": [], "isLast": True}


async def test_new_issues_are_found_at_once(jira: httpx.AsyncClient) -> None:
    key = await create(jira, labels=["brand-new"])
    assert keys(await search(jira, jql="labels = brand-new", fields="key")) == [key]


async def test_the_same_by_body(jira: httpx.AsyncClient) -> None:
    body = {"jql": WEB, "fields": ["summary"], "maxResults": 2}
    first = (await jira.post("search/jql?maxResults=1&nextPageToken=x", json=body)).json()
    assert first == await search(jira, jql=WEB, fields="summary", maxResults=2)
    rest = (await jira.post("search/jql", json={**body, "nextPageToken": first["nextPageToken"]})).json()
    assert keys(rest) == ["WEB-3", "WEB-4"]


@pytest.mark.parametrize(
    "more",
    [
        {"maxResults": "5"},
        {"maxResults": 1.5},
        {"nextPageToken": None, "expand": None, "fields": None, "properties": None},
        {"fieldsByKeys": "TRUE", "failFast": ""},
        {"fieldsByKeys": 0, "failFast": None},
        {"reconcileIssues": [1, "2", None]},
    ],
)
async def test_members_are_read_with_lenience(jira: httpx.AsyncClient, more: dict[str, Any]) -> None:
    assert (await jira.post("search/jql", json={"jql": WEB, **more})).status_code == 200


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"nextPageToken": 5}, BAD_TOKEN),
        ({"maxResults": None}, OUT_OF_RANGE),
        ({"maxResults": 0}, OUT_OF_RANGE),
        ({"maxResults": "5001"}, OUT_OF_RANGE),
        ({"reconcileIssues": [None] * 51}, "The max number of issues to reconcile is 50."),
        ({"jql": None}, UNBOUNDED),
    ],
)
async def test_members_out_of_range(jira: httpx.AsyncClient, more: dict[str, Any], text: str) -> None:
    assert_refused(await jira.post("search/jql", json={"jql": WEB, **more}), 400, text)


@pytest.mark.parametrize(
    "more",
    [
        {"startAt": 0},
        {"bogus": 1},
        {"maxResults": True},
        {"maxResults": "abc"},
        {"maxResults": 2**31},
        {"fields": "summary"},
        {"fields": [["summary"]]},
        {"fieldsByKeys": "yes"},
        {"fieldsByKeys": "1"},
        {"failFast": 0.5},
        {"nextPageToken": ["x"]},
        {"reconcileIssues": [1.5]},
        {"jql": ["project = WEB"]},
    ],
)
async def test_members_of_a_wrong_form(jira: httpx.AsyncClient, more: dict[str, Any]) -> None:
    answer = await jira.post("search/jql", json={"jql": WEB, **more})
    assert (answer.status_code, answer.json()) == (400, {"errorMessages": [INVALID]})


async def test_counting(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    assert (await jira.post("search/approximate-count", json={"jql": "project = WEB"})).json() == {"count": 4}
    assert (await nobody.post("search/approximate-count", json={"jql": "project = WEB"})).status_code in (
        200,
        400,
    )
    assert_refused(await jira.post("search/approximate-count", json={}), 400, UNBOUNDED)
    answer = await jira.post("search/approximate-count", json={"jql": "project = WEB", "maxResults": 1})
    assert (answer.status_code, answer.json()) == (400, {"errorMessages": [INVALID]})


@pytest.mark.parametrize("version", ["2", "3", "latest"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_old_search_is_removed(atlassian: httpx.AsyncClient, version: str, method: str) -> None:
    body = {"json": {"jql": WEB}} if method == "POST" else {}
    answer = await atlassian.request(method, f"/rest/api/{version}/search?maxResults=x", **body)  # type: ignore[arg-type]
    assert_refused(
        answer,
        410,
        "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
        " A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046",
    )
