from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from sandlot_server.app import App
from tests.server.jira.conftest import client_of
from tests.server.jira.expectations import assert_refused, fields_of, history
from tests.server.jira.test_components import SEED, component


@pytest.fixture
async def site(app: App, control: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    async with await client_of(app, control, SEED) as client:
        yield client


async def names(site: httpx.AsyncClient, key: str) -> set[str]:
    return {one["name"] for one in (await fields_of(site, key))["components"]}


async def test_a_component_is_made_changed_and_read(site: httpx.AsyncClient) -> None:
    sent = {"name": "API", "project": "ONE", "description": "For machines.", "leadAccountId": "bo"}
    answer = await site.post("component", json={**sent, "assigneeType": "COMPONENT_LEAD", "isAssigneeTypeValid": False})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["name"], made["description"], made["project"]) == ("API", "For machines.", "ONE")
    assert (made["lead"]["accountId"], made["realAssignee"]["accountId"]) == ("bo", "bo")
    assert (await site.get(made["self"])).json() == made == await component(site, "ONE", "API")
    changed = await site.put(f"component/{made['id']}", json={"name": "Public API", "leadAccountId": ""})
    assert changed.status_code == 200
    assert (changed.json()["name"], changed.json()["description"]) == ("Public API", "For machines.")
    assert "lead" not in changed.json()


async def test_a_component_is_deleted(site: httpx.AsyncClient) -> None:
    search, mail = await component(site, "TWO", "Search"), await component(site, "TWO", "Mail")
    made = (await site.post("component", json={"name": "Post", "project": "TWO"})).json()
    moved = await site.delete(f"component/{mail['id']}", params={"moveIssuesTo": made["id"]})
    assert moved.status_code == 204
    assert await names(site, "TWO-1") == {"Search", "Post"}
    assert [(one["field"], one["fromString"], one["toString"]) for one in await history(site, "TWO-1")] == [
        ("Component", "Mail", None),
        ("Component", None, "Post"),
    ]
    assert (await site.delete(f"component/{search['id']}")).status_code == 204
    assert await names(site, "TWO-1") == {"Post"}
    assert await names(site, "ONE-1") == {"Search"}
    gone = f"The component with id {search['id']} does not exist."
    assert_refused(await site.get(f"component/{search['id']}"), 404, gone)


async def test_components_that_cannot_be(site: httpx.AsyncClient) -> None:
    search = await component(site, "ONE", "Search")
    other = await component(site, "TWO", "Mail")
    empty = "The component name specified is invalid - cannot be an empty string."
    long = "The component name must not exceed 255 characters in length."
    taken = "A component with the name checkout already exists in this project."
    for sent, told in (
        ({"project": "ONE"}, {"name": empty}),
        ({"project": "ONE", "name": " "}, {"name": empty}),
        ({"project": "ONE", "name": "checkout"}, {"name": taken}),
        ({"project": "ONE", "name": "x" * 256}, {"name": long}),
        ({"project": "ONE", "name": "x", "leadAccountId": "no"}, {"leadAccountId": "The user no does not exist."}),
        ({"name": "x"}, {"project": "You must specify the project."}),
    ):
        assert_refused(await site.post("component", json=sent), 400, **told)
    nowhere = await site.post("component", json={"name": "x", "project": "NO"})
    assert_refused(nowhere, 404, "No project could be found with key 'NO'.")
    assert_refused(await site.put(f"component/{search['id']}", json={"name": "checkout"}), 400, name=taken)
    assert (await site.put(f"component/{search['id']}", json={"name": "search"})).status_code == 200
    for target in (other["id"], search["id"], "x"):
        refused = await site.delete(f"component/{search['id']}", params={"moveIssuesTo": target})
        assert_refused(refused, 404, f"The component with id {target} does not exist.")
    for wrong in ({"more": 1}, [], {"name": 1}, {"name": "x", "project": "ONE", "assigneeType": "ME"}):
        assert (await site.post("component", json=wrong)).status_code == 400
    assert await names(site, "ONE-1") == {"search"}


async def test_who_may_not(nobody: httpx.AsyncClient, jira: httpx.AsyncClient, member: httpx.AsyncClient) -> None:
    made = (await jira.post("component", json={"name": "Won", "project": "WEB"})).json()
    text = f"The component with id {made['id']} does not exist."
    assert_refused(await nobody.get(f"component/{made['id']}"), 404, text)
    assert_refused(await nobody.put(f"component/{made['id']}", json={}), 404, text)
    assert (await member.get(f"component/{made['id']}")).status_code == 200
    for answer in (
        await member.post("component", json={"name": "x", "project": "WEB"}),
        await member.put(f"component/{made['id']}", json={"name": "x"}),
        await member.delete(f"component/{made['id']}"),
    ):
        assert_refused(answer, 403, "You cannot edit the configuration of this project.")
