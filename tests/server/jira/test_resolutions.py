from __future__ import annotations

import httpx
import pytest

from tests.server.jira.expectations import assert_refused


async def test_all_resolutions_and_one(jira: httpx.AsyncClient) -> None:
    resolutions = (await jira.get("resolution")).json()
    assert [one["name"] for one in resolutions] == ["Done", "Won't Do", "Duplicate", "Cannot Reproduce"]
    assert (await jira.get(resolutions[0]["self"])).json() == resolutions[0]


async def test_an_unknown_resolution(jira: httpx.AsyncClient) -> None:
    assert_refused(await jira.get("resolution/1"), 404, "The resolution with id '1' does not exist")


async def test_a_resolution_is_created(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    answer = await jira.post("resolution", json={"name": "Obsolete", "description": "Nobody needs it."})
    assert (answer.status_code, list(answer.json())) == (201, ["id"])
    found = (await jira.get(f"resolution/{answer.json()['id']}")).json()
    assert (found["name"], found["description"]) == ("Obsolete", "Nobody needs it.")
    assert (await jira_v2.post("resolution", json={"name": "Moved"})).status_code == 201
    assert [one["name"] for one in (await jira.get("resolution")).json()][-2:] == ["Obsolete", "Moved"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "You must specify a name."),
        ({"name": ""}, "You must specify a name."),
        ({"name": "DONE"}, "A resolution with that name already exists."),
        ({"name": "x" * 61}, "The entered text is too long. It exceeds the allowed limit of 60 characters."),
    ],
)
async def test_a_resolution_that_cannot_be(jira: httpx.AsyncClient, body: dict[str, str], text: str) -> None:
    assert_refused(await jira.post("resolution", json=body), 400, name=text)


async def test_creation_is_for_administrators(member: httpx.AsyncClient) -> None:
    text = "You must have global administrator rights in order to modify resolutions."
    assert_refused(await member.post("resolution", json={"name": "x"}), 403, text)
