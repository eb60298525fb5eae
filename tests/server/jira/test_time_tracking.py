from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.jira.expectations import assert_refused, create, fields_of, history

DAY = 28800


async def edit(jira: httpx.AsyncClient, key: str, **timetracking: Any) -> httpx.Response:
    return await jira.put(f"issue/{key}", json={"fields": {"timetracking": timetracking}})


async def test_an_issue_without_estimates(jira: httpx.AsyncClient) -> None:
    fields = await fields_of(jira, await create(jira))
    assert fields["timetracking"] == {}
    for name in ("timespent", "timeestimate", "timeoriginalestimate"):
        assert fields[name] is None
        assert fields[f"aggregate{name}"] is None
    assert fields["progress"] == fields["aggregateprogress"] == {"progress": 0, "total": 0}
    assert fields["workratio"] == -1
    assert fields["worklog"] == {"startAt": 0, "maxResults": 20, "total": 0, "worklogs": []}


async def test_one_estimate_of_a_new_issue_stands_for_both(jira: httpx.AsyncClient) -> None:
    for member in ("originalEstimate", "remainingEstimate"):
        fields = await fields_of(jira, await create(jira, timetracking={member: "1w 1d"}))
        assert fields["timetracking"] == {
            "originalEstimate": "1w 1d",
            "remainingEstimate": "1w 1d",
            "originalEstimateSeconds": 6 * DAY,
            "remainingEstimateSeconds": 6 * DAY,
        }
        assert (fields["timeoriginalestimate"], fields["timeestimate"]) == (6 * DAY, 6 * DAY)


async def test_both_estimates_of_a_new_issue(jira: httpx.AsyncClient) -> None:
    key = await create(jira, timetracking={"originalEstimate": "2d", "remainingEstimate": "90"})
    fields = await fields_of(jira, key)
    assert (fields["timeoriginalestimate"], fields["timeestimate"]) == (2 * DAY, 5400)
    assert await history(jira, key) == []


async def test_estimates_are_edited_one_by_one(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    assert (await edit(jira, key, originalEstimate="1d")).status_code == 204
    assert (await fields_of(jira, key))["timeestimate"] == DAY
    assert (await edit(jira, key, remainingEstimate="4h")).status_code == 204
    assert (await edit(jira, key, originalEstimate="2d")).status_code == 204
    fields = await fields_of(jira, key)
    assert (fields["timeoriginalestimate"], fields["timeestimate"]) == (2 * DAY, 4 * 3600)
    told = [(item["field"], item["fieldId"], item["from"], item["toString"]) for item in await history(jira, key)]
    assert told == [
        ("timeoriginalestimate", "timeoriginalestimate", None, "28800"),
        ("timeestimate", "timeestimate", None, "28800"),
        ("timeestimate", "timeestimate", "28800", "14400"),
        ("timeoriginalestimate", "timeoriginalestimate", "28800", "57600"),
    ]


async def test_estimates_are_emptied(jira: httpx.AsyncClient) -> None:
    key = await create(jira, timetracking={"originalEstimate": "1d", "remainingEstimate": "4h"})
    assert (await edit(jira, key, originalEstimate="")).status_code == 204
    assert (await fields_of(jira, key))["timetracking"] == {
        "remainingEstimate": "4h",
        "remainingEstimateSeconds": 14400,
    }
    assert (await jira.put(f"issue/{key}", json={"fields": {"timetracking": None}})).status_code == 204
    assert (await fields_of(jira, key))["timetracking"] == {}


async def test_the_update_form_edits_and_sets(jira_v2: httpx.AsyncClient) -> None:
    key = await create(jira_v2)
    operations = [{"edit": {"originalEstimate": "3h", "remainingEstimate": "1h"}}]
    assert (await jira_v2.put(f"issue/{key}", json={"update": {"timetracking": operations}})).status_code == 204
    assert (await fields_of(jira_v2, key))["timetracking"]["remainingEstimate"] == "1h"
    operations = [{"set": {"remainingEstimate": "0m"}}]
    assert (await jira_v2.put(f"issue/{key}", json={"update": {"timetracking": operations}})).status_code == 204
    assert (await fields_of(jira_v2, key))["timetracking"]["remainingEstimate"] == "0m"
    answer = await jira_v2.put(f"issue/{key}", json={"update": {"timetracking": [{"add": {}}]}})
    text = "Field 'timetracking' does not support operation 'add'. Supported operation(s) are: 'set,edit'"
    assert_refused(answer, 400, timetracking=text)


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        (
            {"originalEstimate": "soon"},
            {"timetracking_originalestimate": "The original estimate specified is not valid."},
        ),
        (
            {"originalEstimate": "-5h"},
            {"timetracking_originalestimate": "The original estimate specified is not valid."},
        ),
        (
            {"remainingEstimate": "9" * 5000},
            {"timetracking_remainingestimate": "The remaining estimate specified is not valid."},
        ),
        ({"originalEstimate": 5}, {"timetracking": "expected 'originalEstimate' property to be a string"}),
        ("1d", {"timetracking": "data was not an object"}),
    ],
)
async def test_what_is_no_estimate(jira: httpx.AsyncClient, value: Any, fields: dict[str, str]) -> None:
    assert_refused(await jira.put("issue/WEB-2", json={"fields": {"timetracking": value}}), 400, **fields)
    update = {"update": {"timetracking": [{"edit": value}]}}
    assert_refused(await jira.put("issue/WEB-2", json=update), 400, **fields)
    assert (await fields_of(jira, "WEB-2"))["timetracking"] == {}


async def test_a_parent_adds_up_its_sub_tasks(jira: httpx.AsyncClient) -> None:
    parent = await create(jira, timetracking={"originalEstimate": "4h"})
    child = await create(jira, kind="Sub-task", parent={"key": parent}, timetracking={"originalEstimate": "1h"})
    await jira.post(f"issue/{child}/worklog", json={"timeSpent": "30m"})
    fields = await fields_of(jira, parent)
    assert (fields["timeoriginalestimate"], fields["aggregatetimeoriginalestimate"]) == (14400, 18000)
    assert (fields["timeestimate"], fields["aggregatetimeestimate"]) == (14400, 16200)
    assert (fields["timespent"], fields["aggregatetimespent"]) == (None, 1800)
    assert fields["progress"] == {"progress": 0, "total": 14400, "percent": 0}
    assert fields["aggregateprogress"] == {"progress": 1800, "total": 18000, "percent": 10}
    below = await fields_of(jira, child)
    assert (below["aggregatetimespent"], below["workratio"], fields["workratio"]) == (1800, 50, 0)


async def test_screens_have_the_field(jira: httpx.AsyncClient) -> None:
    field = (await jira.get("issue/WEB-2/editmeta")).json()["fields"]["timetracking"]
    assert field["operations"] == ["set", "edit"]
    assert field["schema"] == {"type": "timetracking", "system": "timetracking"}
