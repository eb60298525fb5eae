from __future__ import annotations

import httpx

from tests.server.jira.expectations import assert_refused


async def test_all_statuses_with_their_categories(jira: httpx.AsyncClient) -> None:
    statuses = {status["name"]: status for status in (await jira.get("status")).json()}
    category = statuses["Resolved"]["statusCategory"]
    assert (category["id"], category["key"], category["name"], category["colorName"]) == (
        3,
        "done",
        "Done",
        "green",
    )
    assert statuses["In Progress"]["statusCategory"]["key"] == "indeterminate"


async def test_one_status_by_id_or_name(jira: httpx.AsyncClient) -> None:
    status = (await jira.get("status/In Review")).json()
    assert (await jira.get(f"status/{status['id']}")).json() == status
    assert_refused(await jira.get("status/Nope"), 404, "The status with id 'Nope' does not exist")
