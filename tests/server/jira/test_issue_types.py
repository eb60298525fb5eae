from __future__ import annotations

import httpx

from tests.server.jira.expectations import assert_refused


async def test_all_types_and_one(jira: httpx.AsyncClient) -> None:
    types = (await jira.get("issuetype")).json()
    assert [(one["name"], one["hierarchyLevel"], one["subtask"]) for one in types] == [
        ("Epic", 1, False),
        ("Story", 0, False),
        ("Task", 0, False),
        ("Bug", 0, False),
        ("Sub-task", -1, True),
    ]
    assert (await jira.get(types[0]["self"])).json() == types[0]


async def test_an_unknown_type(jira: httpx.AsyncClient) -> None:
    assert_refused(await jira.get("issuetype/1"), 404, "The issue type with id '1' does not exist.")
