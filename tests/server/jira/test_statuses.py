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


async def test_the_categories(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    categories = (await jira.get("statuscategory")).json()
    assert [(one["id"], one["key"], one["colorName"], one["name"]) for one in categories] == [
        (1, "undefined", "medium-gray", "No Category"),
        (2, "new", "blue-gray", "To Do"),
        (4, "indeterminate", "yellow", "In Progress"),
        (3, "done", "green", "Done"),
    ]
    assert categories[1]["self"] == "http://acme.test/rest/api/3/statuscategory/2"
    assert len((await nobody.get("statuscategory")).json()) == 4
