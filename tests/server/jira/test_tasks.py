from __future__ import annotations

import httpx

from tests.server.jira.expectations import assert_refused


async def test_a_task_is_for_administrators_and_must_be_there(
    jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient, member: httpx.AsyncClient
) -> None:
    low = next(one["id"] for one in (await jira.get("priority")).json() if one["name"] == "Low")
    task = (await jira.delete(f"priority/{low}")).json()
    seen = (await jira_v2.get(f"task/{task['id']}")).json()
    assert seen == {**task, "self": f"http://acme.test/rest/api/2/task/{task['id']}"}
    assert_refused(await jira.get("task/1"), 404, "The task with id '1' does not exist.")
    assert_refused(await member.get(f"task/{task['id']}"), 403, "Only Jira administrators can access tasks.")
