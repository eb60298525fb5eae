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
    "users": [
        {"displayName": "Ada One", "emailAddress": "ada@example.com", "accountId": "ada"},
        {"displayName": "Bo Two", "emailAddress": "bo@example.com", "accountId": "bo"},
    ],
    "projects": [
        {
            "key": "ONE",
            "name": "One",
            "lead": "ada@example.com",
            "components": [
                {"name": "Search", "description": "Finding things.", "lead": "bo@example.com"},
                {"name": "Checkout"},
            ],
        },
        {"key": "TWO", "name": "Two", "lead": "ada@example.com", "components": [{"name": "Search"}, {"name": "Mail"}]},
    ],
    "issues": [
        {"key": "ONE-1", "type": "Task", "summary": "First", "components": ["Search"]},
        {"key": "TWO-1", "type": "Task", "summary": "Second", "components": ["Search", "Mail"]},
        {"key": "TWO-2", "type": "Task", "summary": "Third"},
    ],
}


@pytest.fixture
async def site(app: App, control: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    async with await client_of(app, control, SEED) as client:
        yield client


async def component(site: httpx.AsyncClient, project: str, name: str) -> dict[str, Any]:
    components = (await site.get(f"project/{project}/components")).json()
    return next(dict(one) for one in components if one["name"] == name)


async def found(site: httpx.AsyncClient, query: str) -> list[str]:
    answer = await site.post("search/jql", json={"jql": f"{query} order by key", "fields": ["summary"]})
    assert answer.status_code == 200, answer.text
    return [issue["key"] for issue in answer.json()["issues"]]


async def test_the_components_of_a_project_by_name(site: httpx.AsyncClient) -> None:
    checkout, search = (await site.get("project/ONE/components")).json()
    project = (await site.get("project/ONE")).json()
    assert checkout == {
        "self": f"http://acme.test/rest/api/3/component/{checkout['id']}",
        "id": checkout["id"],
        "name": "Checkout",
        "assigneeType": "PROJECT_DEFAULT",
        "realAssigneeType": "UNASSIGNED",
        "isAssigneeTypeValid": True,
        "project": "ONE",
        "projectId": int(project["id"]),
    }
    assert (search["description"], search["lead"]["accountId"]) == ("Finding things.", "bo")
    assert project["components"] == [checkout, search]
    assert (await site.get("project/ONE/components?componentSource=compass")).json() == []


async def test_v2_shows_them_under_its_own_address(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    names = [one["name"] for one in (await jira.get("project/WEB/components")).json()]
    shown = (await jira_v2.get("project/WEB/components")).json()
    assert [one["name"] for one in shown] == names == ["Catalogue", "Checkout"]
    assert shown[0]["self"] == f"http://acme.test/rest/api/2/component/{shown[0]['id']}"


async def test_who_the_issues_of_a_component_go_to(site: httpx.AsyncClient) -> None:
    await site.put("project/ONE", json={"assigneeType": "PROJECT_LEAD"})
    search = await component(site, "ONE", "Search")
    assert (search["realAssigneeType"], search["realAssignee"]["accountId"]) == ("PROJECT_LEAD", "ada")


async def test_an_unknown_project(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    assert_refused(await jira.get("project/NO/components"), 404, "No project could be found with key 'NO'.")
    assert_refused(await nobody.get("project/WEB/components"), 404, "No project could be found with key 'WEB'.")
    assert (await jira.get("project/WEB/components?componentSource=x")).status_code == 400


async def test_an_issue_shows_its_components(site: httpx.AsyncClient) -> None:
    search = await component(site, "ONE", "Search")
    brief = {name: search[name] for name in ("self", "id", "name", "description")}
    assert (await fields_of(site, "ONE-1"))["components"] == [brief]
    assert (await fields_of(site, "TWO-2"))["components"] == []


async def test_components_are_set_on_new_and_old_issues(site: httpx.AsyncClient) -> None:
    checkout = await component(site, "ONE", "Checkout")
    key = await create(site, "ONE", components=[{"name": "Search"}, {"id": checkout["id"]}, {"name": "Search"}])
    assert {one["name"] for one in (await fields_of(site, key))["components"]} == {"Search", "Checkout"}
    assert (await site.put("issue/ONE-1", json={"fields": {"components": [{"name": "Checkout"}]}})).status_code == 204
    assert [one["name"] for one in (await fields_of(site, "ONE-1"))["components"]] == ["Checkout"]
    assert [(item["field"], item["fromString"], item["toString"]) for item in await history(site, "ONE-1")] == [
        ("Component", "Search", None),
        ("Component", None, "Checkout"),
    ]
    assert (await site.put("issue/ONE-1", json={"fields": {"components": None}})).status_code == 204
    assert (await fields_of(site, "ONE-1"))["components"] == []


@pytest.mark.parametrize(
    ("operations", "names"),
    [
        ([{"add": {"name": "Mail"}}], {"Search", "Mail"}),
        ([{"remove": {"name": "Search"}}], {"Mail"}),
        ([{"remove": {"name": "Mail"}}, {"add": {"name": "Search"}}], {"Search"}),
        ([{"set": []}], set()),
    ],
)
async def test_operations(site: httpx.AsyncClient, operations: list[dict[str, Any]], names: set[str]) -> None:
    assert (await site.put("issue/TWO-1", json={"update": {"components": operations}})).status_code == 204
    assert {one["name"] for one in (await fields_of(site, "TWO-1"))["components"]} == names


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Search", "data was not an array"),
        ([{"name": "Mail"}], "Component name 'Mail' is not valid"),
        ([{"id": "1"}], "Component id '1' is not valid"),
        ([{}], "Could not find valid 'id' or 'name' in component object."),
        (["Search"], "data was not an object"),
    ],
)
async def test_what_is_no_component(site: httpx.AsyncClient, value: Any, text: str) -> None:
    assert_refused(await site.put("issue/ONE-1", json={"fields": {"components": value}}), 400, components=text)
    set_it = {"update": {"components": [{"set": value}]}}
    assert_refused(await site.put("issue/ONE-1", json=set_it), 400, components=text)
    if isinstance(value, list):
        for verb in ("add", "remove"):
            change = {"update": {"components": [{verb: value[0]}]}}
            assert_refused(await site.put("issue/ONE-1", json=change), 400, components=text)


async def test_the_screens_offer_a_projects_own(site: httpx.AsyncClient) -> None:
    fields = (await site.get("issue/TWO-2/editmeta")).json()["fields"]
    assert [one["name"] for one in fields["components"]["allowedValues"]] == ["Mail", "Search"]
    assert fields["components"]["operations"] == ["add", "set", "remove"]


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("component = Search", ["ONE-1", "TWO-1"]),
        ("component = search and project = TWO", ["TWO-1"]),
        ("component in (Mail, Checkout)", ["TWO-1"]),
        ("component != Mail", ["ONE-1"]),
        ("component is empty", ["TWO-2"]),
    ],
)
async def test_queries(site: httpx.AsyncClient, query: str, keys: list[str]) -> None:
    assert await found(site, query) == keys


async def test_a_query_for_no_component(site: httpx.AsyncClient) -> None:
    answer = await site.post("search/jql", json={"jql": "component = Nothing"})
    assert_refused(answer, 400, "The value 'Nothing' does not exist for the field 'component'.")
