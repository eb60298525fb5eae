from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.server.jira.expectations import assert_problem, assert_refused


async def test_one_project_by_key_or_id(jira: httpx.AsyncClient) -> None:
    project = (await jira.get("project/SUP")).json()
    assert (project["key"], project["name"], project["style"]) == ("SUP", "Customer Support", "classic")
    assert project["lead"]["displayName"] == "Dana Petrova"
    assert [kind["name"] for kind in project["issueTypes"]] == ["Task", "Bug"]
    assert project["self"] == f"http://acme.test/rest/api/3/project/{project['id']}"
    assert (await jira.get(f"project/{project['id']}")).json() == project


@pytest.mark.parametrize(
    ("asked", "by"), [("NOPE", "key"), ("web", "key"), ("Web Shop", "key"), ("99999", "id"), ("0123", "key")]
)
async def test_a_project_that_is_not_there(jira: httpx.AsyncClient, asked: str, by: str) -> None:
    assert_refused(await jira.get(f"project/{asked}"), 404, f"No project could be found with {by} '{asked}'.")


async def test_projects_are_private(nobody: httpx.AsyncClient) -> None:
    assert_refused(await nobody.get("project/WEB"), 404, "No project could be found with key 'WEB'.")
    page = (await nobody.get("project/search")).json()
    assert (page["total"], page["values"], page["isLast"]) == (0, [], True)
    assert (await nobody.get("project")).json() == []


async def test_all_projects(jira: httpx.AsyncClient) -> None:
    assert [project["key"] for project in (await jira.get("project?expand=lead")).json()] == [
        "WEB",
        "PLAT",
        "SUP",
    ]
    assert len((await jira.get("project?recent=1")).json()) == 1


async def test_a_search_is_ordered_by_key_and_pages_are_linked(jira: httpx.AsyncClient) -> None:
    first = (await jira.get("project/search", params={"maxResults": 2, "query": ""})).json()
    assert list(first) == ["self", "nextPage", "maxResults", "startAt", "total", "isLast", "values"]
    assert [project["key"] for project in first["values"]] == ["PLAT", "SUP"]
    assert (first["total"], first["isLast"]) == (3, False)
    assert parse_qs(urlsplit(first["nextPage"]).query, keep_blank_values=True) == {
        "startAt": ["2"],
        "maxResults": ["2"],
        "query": [""],
    }
    last = (await jira.get(first["nextPage"])).json()
    assert [project["key"] for project in last["values"]] == ["WEB"]
    assert (last["isLast"], "nextPage" in last) == (True, False)


@pytest.mark.parametrize(
    ("parameters", "keys"),
    [
        ({"query": "shop"}, ["WEB"]),
        ({"query": "pl"}, ["PLAT"]),
        ({"keys": ["WEB", "SUP"]}, ["SUP", "WEB"]),
        ({"typeKey": "business"}, []),
        ({"status": "archived"}, []),
        ({"orderBy": "-name"}, ["WEB", "PLAT", "SUP"]),
        ({"orderBy": "+Key"}, ["PLAT", "SUP", "WEB"]),
        ({"orderBy": "owner"}, ["WEB", "PLAT", "SUP"]),
        ({"orderBy": "-issueCount"}, ["WEB", "PLAT", "SUP"]),
        ({"orderBy": "lastIssueUpdatedTime"}, ["WEB", "PLAT", "SUP"]),
        ({"orderBy": ""}, ["WEB", "PLAT", "SUP"]),
    ],
)
async def test_a_search_filters_and_orders(
    jira: httpx.AsyncClient, parameters: dict[str, str], keys: list[str]
) -> None:
    page = (await jira.get("project/search", params=parameters)).json()
    assert [project["key"] for project in page["values"]] == keys


async def test_sizes_are_clamped_and_echoed(jira: httpx.AsyncClient) -> None:
    page = (await jira.get("project/search?startAt=-5&maxResults=999")).json()
    assert (page["startAt"], page["maxResults"]) == (0, 100)
    assert (await jira.get("project/search?maxResults=0")).json()["maxResults"] == 1


async def test_a_wrong_order_and_a_wrong_number(jira: httpx.AsyncClient) -> None:
    assert_refused(
        await jira.get("project/search?orderBy=bogus"),
        400,
        "The field to order by should be one of [name, key, owner, category, issueCount, lastIssueUpdatedTime,"
        " archivedDate, deletedDate]. Instead, it was: bogus.",
    )
    answer = await jira.get("project/search?maxResults=abc")
    assert_problem(answer, 400, "Bad Request", "Failed to convert 'maxResults' with value: 'abc'")


async def test_expansions(jira: httpx.AsyncClient) -> None:
    parameters = {"keys": "WEB", "expand": "lead,description,issueTypes,insight"}
    (project,) = (await jira.get("project/search", params=parameters)).json()["values"]
    assert project["insight"]["totalIssueCount"] == 4
    assert project["lead"]["displayName"] == "Bea Lindqvist"
    (brief,) = (await jira.get("project/search?keys=WEB")).json()["values"]
    assert not {"lead", "description", "issueTypes", "insight"} & set(brief)


async def test_the_statuses_of_a_project(jira: httpx.AsyncClient) -> None:
    types = (await jira.get("project/SUP/statuses")).json()
    assert [kind["name"] for kind in types] == ["Task", "Bug"]
    names = [status["name"] for status in types[0]["statuses"]]
    assert names == ["Open", "In Review", "Waiting for Customer", "Resolved", "Closed"]
    assert_refused(await jira.get("project/NO/statuses"), 404, "No project could be found with key 'NO'.")
