from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.jira.expectations import assert_problem, assert_refused, create, fields_of

NEW = {"name": "Urgent", "statusColor": "#ff0000"}
LONG = "The entered text is too long. It exceeds the allowed limit of {} characters."


async def priority_id(jira: httpx.AsyncClient, name: str) -> str:
    return next(one["id"] for one in (await jira.get("priority")).json() if one["name"] == name)


async def test_all_priorities_and_one(jira: httpx.AsyncClient) -> None:
    priorities = (await jira.get("priority")).json()
    assert [one["name"] for one in priorities] == ["Highest", "High", "Medium", "Low", "Lowest"]
    assert [one["name"] for one in priorities if one["isDefault"]] == ["Medium"]
    assert (await jira.get(priorities[1]["self"])).json() == priorities[1]


async def test_an_unknown_priority(jira: httpx.AsyncClient) -> None:
    text = "The priority with id '1' does not exist"
    assert_refused(await jira.get("priority/1"), 404, text)
    assert_refused(await jira.put("priority/1", json={"name": "x"}), 404, text)
    assert_refused(await jira.delete("priority/1"), 404, text)


async def test_nobody_sees_none(nobody: httpx.AsyncClient) -> None:
    assert (await nobody.get("priority")).json() == []
    for answer in (await nobody.get("priority/search"), await nobody.post("priority", json=NEW)):
        assert (answer.status_code, answer.text) == (401, "Client must be authenticated to access this resource.")


async def test_a_search_pages_and_filters(jira: httpx.AsyncClient) -> None:
    page = (await jira.get("priority/search?startAt=1&maxResults=2")).json()
    assert [one["name"] for one in page["values"]] == ["High", "Medium"]
    assert (page["startAt"], page["maxResults"], page["total"], page["isLast"]) == (1, 2, 5, False)
    last = (await jira.get(page["nextPage"])).json()
    assert [one["name"] for one in last["values"]] == ["Low", "Lowest"]
    assert last["isLast"]

    async def found(query: str) -> list[str]:
        return [one["name"] for one in (await jira.get(f"priority/search?{query}")).json()["values"]]

    assert await found("priorityName=high") == ["Highest", "High"]
    assert await found("onlyDefault=true") == ["Medium"]
    assert await found(f"id={await priority_id(jira, 'Low')}&id=1") == ["Low"]
    assert await found("projectId=1") == []
    project = (await jira.get("project/WEB")).json()["id"]
    assert len(await found(f"projectId={project}")) == 5


@pytest.mark.parametrize("name", ["startAt", "maxResults"])
async def test_a_search_wants_numbers(jira: httpx.AsyncClient, name: str) -> None:
    for value in ("abc", "1.5", "", "9" * 19):
        answer = await jira.get(f"priority/search?{name}={value}")
        assert_problem(answer, 400, "Bad Request", f"Failed to convert '{name}' with value: '{value}'")


async def test_a_priority_is_created_and_changed(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    body = {**NEW, "description": "Now.", "iconUrl": "/images/icons/priorities/blocker.png"}
    answer = await jira.post("priority", json=body)
    assert (answer.status_code, list(answer.json())) == (201, ["id"])
    path = f"priority/{answer.json()['id']}"
    assert (await jira.get(path)).json() == {
        "self": f"http://acme.test/rest/api/3/{path}",
        "iconUrl": "http://acme.test/images/icons/priorities/blocker.png",
        "name": "Urgent",
        "id": answer.json()["id"],
        "statusColor": "#ff0000",
        "description": "Now.",
        "isDefault": False,
    }
    answer = await jira_v2.put(path, json={"description": None, "statusColor": "#f00"})
    assert (answer.status_code, answer.content) == (204, b"")
    changed = (await jira.get(path)).json()
    assert (changed["description"], changed["statusColor"]) == ("Now.", "#f00")
    key = await create(jira, priority={"name": "Urgent"})
    assert (await fields_of(jira, key))["priority"]["name"] == "Urgent"


async def test_a_renamed_default_stays_the_default(jira: httpx.AsyncClient) -> None:
    path = f"priority/{await priority_id(jira, 'Medium')}"
    assert (await jira.put(path, json={"name": "Normal"})).status_code == 204
    assert (await fields_of(jira, await create(jira)))["priority"]["name"] == "Normal"


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"name": "You must specify a name.", "statusColor": "You must specify a valid status color."}),
        ({**NEW, "name": " "}, {"name": "You must specify a name."}),
        ({**NEW, "name": "HIGH"}, {"name": "A priority with that name already exists."}),
        ({**NEW, "name": "x" * 61}, {"name": LONG.format(60)}),
        ({**NEW, "description": "x" * 256}, {"description": LONG.format(255)}),
        ({**NEW, "statusColor": "red"}, {"statusColor": "You must specify a valid status color."}),
        (
            {**NEW, "avatarId": 1, "iconUrl": "/images/icons/priorities/low.png"},
            {"iconUrl": "Specify either 'iconUrl' or 'avatarId', not both."},
        ),
    ],
)
async def test_a_priority_that_cannot_be(jira: httpx.AsyncClient, body: dict[str, Any], errors: dict[str, str]) -> None:
    assert_refused(await jira.post("priority", json=body), 400, **errors)
    assert len((await jira.get("priority")).json()) == 5


async def test_a_change_that_cannot_be(jira: httpx.AsyncClient) -> None:
    path = f"priority/{await priority_id(jira, 'Low')}"
    taken = "A priority with that name already exists."
    assert_refused(await jira.put(path, json={"name": "high"}), 400, name=taken)
    assert (await jira.put(path, json={"name": "LOW"})).status_code == 204
    assert (await jira.put(path, json={"iconUrl": "/nowhere.png"})).status_code == 400


async def test_a_deleted_priority_leaves_its_issues_the_default(jira: httpx.AsyncClient) -> None:
    high = await priority_id(jira, "High")
    assert (await fields_of(jira, "WEB-3"))["priority"]["name"] == "High"
    answer = await jira.delete(f"priority/{high}")
    task = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (303, task["self"])
    assert (task["status"], task["progress"]) == ("COMPLETE", 100)
    assert (await jira.get(answer.headers["location"])).json() == task
    assert (await fields_of(jira, "WEB-3"))["priority"]["name"] == "Medium"
    assert (await jira.get(f"priority/{high}")).status_code == 404


async def test_the_default_priority_stays(jira: httpx.AsyncClient) -> None:
    answer = await jira.delete(f"priority/{await priority_id(jira, 'Medium')}")
    assert_refused(answer, 400, "The default priority cannot be deleted.")


async def test_administration_is_for_administrators(member: httpx.AsyncClient) -> None:
    text = "You must have global administrator rights in order to modify priorities."
    path = f"priority/{await priority_id(member, 'Low')}"
    assert_refused(await member.post("priority", json=NEW), 403, text)
    assert_refused(await member.put(path, json={"name": "x"}), 403, text)
    assert_refused(await member.delete(path), 403, text)
