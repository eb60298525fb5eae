from __future__ import annotations

import httpx

from tests.server.jira.expectations import assert_refused


async def test_all_priorities_and_one(jira: httpx.AsyncClient) -> None:
    priorities = (await jira.get("priority")).json()
    assert [one["name"] for one in priorities] == ["Highest", "High", "Medium", "Low", "Lowest"]
    assert (await jira.get(priorities[1]["self"])).json() == priorities[1]


async def test_an_unknown_priority(jira: httpx.AsyncClient) -> None:
    assert_refused(await jira.get("priority/1"), 404, "The priority with id '1' does not exist")


async def test_nobody_sees_none(nobody: httpx.AsyncClient) -> None:
    assert (await nobody.get("priority")).json() == []
