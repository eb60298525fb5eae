from __future__ import annotations

import httpx

from tests.server.jira.expectations import assert_refused


async def test_all_resolutions_and_one(jira: httpx.AsyncClient) -> None:
    resolutions = (await jira.get("resolution")).json()
    assert [one["name"] for one in resolutions] == ["Done", "Won't Do", "Duplicate", "Cannot Reproduce"]
    assert (await jira.get(resolutions[0]["self"])).json() == resolutions[0]


async def test_an_unknown_resolution(jira: httpx.AsyncClient) -> None:
    assert_refused(await jira.get("resolution/1"), 404, "The resolution with id '1' does not exist")
