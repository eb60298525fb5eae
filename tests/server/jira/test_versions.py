from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sandlot_server.app import App
from tests.server.jira.conftest import client_of
from tests.server.jira.expectations import assert_refused, create, fields_of, history

SEED: dict[str, Any] = {
    "sandlot": 1,
    "clock": "2026-03-02T09:00:00Z",
    "users": [{"displayName": "Ada One", "emailAddress": "ada@example.com", "accountId": "ada"}],
    "projects": [
        {
            "key": "ONE",
            "name": "One",
            "lead": "ada@example.com",
            "versions": [
                {"name": "1.0", "released": True, "releaseDate": "2026-01-05", "description": "The first."},
                {"name": "1.1", "startDate": "2026-01-06", "releaseDate": "2026-03-01"},
                {"name": "2.0", "releaseDate": "2026-06-30"},
                {"name": "0.9", "released": True, "archived": True},
            ],
        },
        {"key": "TWO", "name": "Two", "lead": "ada@example.com", "versions": [{"name": "5"}]},
    ],
    "issues": [
        {"key": "ONE-1", "type": "Bug", "summary": "a", "versions": ["1.0"], "fixVersions": ["1.1"], "status": "Done"},
        {"key": "ONE-2", "type": "Bug", "summary": "b", "fixVersions": ["1.1", "2.0"]},
        {"key": "ONE-3", "type": "Bug", "summary": "c", "fixVersions": ["1.0"]},
        {"key": "TWO-1", "type": "Bug", "summary": "d", "versions": ["5"]},
    ],
}


@pytest.fixture
async def site(app: App, control: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    async with await client_of(app, control, SEED) as client:
        yield client


async def test_the_versions_of_a_project(site: httpx.AsyncClient) -> None:
    first, second, third, old = (await site.get("project/ONE/versions")).json()
    project = (await site.get("project/ONE")).json()
    assert first == {
        "self": f"http://acme.test/rest/api/3/version/{first['id']}",
        "id": first["id"],
        "name": "1.0",
        "archived": False,
        "released": True,
        "description": "The first.",
        "releaseDate": "2026-01-05",
        "userReleaseDate": "5/Jan/26",
        "projectId": int(project["id"]),
    }
    assert (second["startDate"], second["userStartDate"]) == ("2026-01-06", "6/Jan/26")
    assert (second["overdue"], third["overdue"], "overdue" in first) == (True, False, False)
    assert (old["archived"], "releaseDate" in old) == (True, False)
    assert project["versions"] == [first, second, third, old]


async def test_v2_shows_them_under_its_own_address(jira_v2: httpx.AsyncClient) -> None:
    shown = (await jira_v2.get("project/WEB/versions")).json()
    assert [one["name"] for one in shown] == ["2026.1", "2026.2"]
    assert shown[0]["self"] == f"http://acme.test/rest/api/2/version/{shown[0]['id']}"


async def test_the_issues_that_a_version_fixes_are_counted(site: httpx.AsyncClient) -> None:
    versions = (await site.get("project/ONE/versions?expand=issuesstatus")).json()
    counts = {one["name"]: one["issuesStatusForFixVersion"] for one in versions}
    assert counts["1.1"] == {"unmapped": 0, "toDo": 1, "inProgress": 0, "done": 1}
    assert counts["0.9"] == {"unmapped": 0, "toDo": 0, "inProgress": 0, "done": 0}


async def test_an_unknown_project(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    assert_refused(await jira.get("project/NO/versions"), 404, "No project could be found with key 'NO'.")
    assert_refused(await nobody.get("project/WEB/versions"), 404, "No project could be found with key 'WEB'.")


async def test_versions_are_set_and_traced(site: httpx.AsyncClient) -> None:
    third = (await site.get("project/ONE/versions")).json()[2]
    key = await create(site, "ONE", "Bug", fixVersions=[{"id": third["id"]}], versions=[{"name": "1.0"}])
    fields = await fields_of(site, key)
    assert fields["fixVersions"] == [
        {name: third[name] for name in ("self", "id", "name", "archived", "released", "releaseDate")}
    ]
    assert [one["name"] for one in fields["versions"]] == ["1.0"]
    change = {"update": {"fixVersions": [{"add": {"name": "1.1"}}], "versions": [{"remove": {"name": "1.0"}}]}}
    assert (await site.put(f"issue/{key}", json=change)).status_code == 204
    assert [(item["field"], item["fromString"], item["toString"]) for item in await history(site, key)] == [
        ("Fix Version", None, "1.1"),
        ("Version", "1.0", None),
    ]


@pytest.mark.parametrize("name", ["fixVersions", "versions"])
async def test_what_is_no_version(site: httpx.AsyncClient, name: str) -> None:
    for value, text in (
        ([{"name": "5"}], "Version name '5' is not valid"),
        ({"name": "1.0"}, "data was not an array"),
        ([1], "data was not an object"),
    ):
        assert_refused(await site.put("issue/ONE-1", json={"fields": {name: value}}), 400, **{name: text})


async def test_archived_versions_are_not_offered(site: httpx.AsyncClient) -> None:
    fields = (await site.get("issue/ONE-1/editmeta")).json()["fields"]
    assert [one["name"] for one in fields["fixVersions"]["allowedValues"]] == ["1.0", "1.1", "2.0"]
    assert fields["versions"]["name"] == "Affects versions"


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("fixVersion = 1.1", ["ONE-1", "ONE-2"]),
        ("fixVersion != 2.0", ["ONE-1", "ONE-3"]),
        ("fixVersion > 1.1", ["ONE-2"]),
        ("fixVersion is empty", ["TWO-1"]),
        ("affectedVersion in (1.0, 5)", ["ONE-1", "TWO-1"]),
        ("fixVersion in unreleasedVersions()", ["ONE-1", "ONE-2"]),
        ("fixVersion in releasedVersions(ONE)", ["ONE-3"]),
        ("affectedVersion in unreleasedVersions(ONE)", []),
    ],
)
async def test_queries(site: httpx.AsyncClient, query: str, keys: list[str]) -> None:
    answer = await site.post("search/jql", json={"jql": f"{query} order by key", "fields": ["summary"]})
    assert answer.status_code == 200, answer.text
    assert [issue["key"] for issue in answer.json()["issues"]] == keys


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("fixVersion = 9", "A value with ID '9' does not exist for the field 'fixVersion'."),
        ("fixVersion in releasedVersions(NO)", "The value 'NO' does not exist for the field 'fixVersion'."),
        ("component in releasedVersions()", "Unable to find JQL function 'releasedVersions()'."),
    ],
)
async def test_queries_for_what_is_not_there(site: httpx.AsyncClient, query: str, text: str) -> None:
    assert_refused(await site.post("search/jql", json={"jql": query}), 400, text)
