from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.jira.expectations import assert_refused, create, fields_of, history

SPRINT, RANK = "customfield_10020", "customfield_10019"


async def sprint_id(jira: httpx.AsyncClient, name: str) -> int:
    (board,) = (await jira.get("http://acme.test/rest/agile/1.0/board?name=WEB")).json()["values"]
    sprints = (await jira.get(f"{board['self']}/sprint")).json()["values"]
    found: int = next(sprint["id"] for sprint in sprints if sprint["name"] == name)
    return found


async def test_the_fields_are_listed(jira: httpx.AsyncClient) -> None:
    fields = {field["name"]: field for field in (await jira.get("field")).json()}
    assert fields["Sprint"]["id"] == SPRINT
    assert fields["Sprint"]["clauseNames"] == ["cf[10020]", "Sprint"]
    assert fields["Sprint"]["schema"] == {
        "type": "array",
        "items": "json",
        "custom": "com.pyxis.greenhopper.jira:gh-sprint",
        "customId": 10020,
    }
    assert fields["Rank"]["schema"] == {
        "type": "any",
        "custom": "com.pyxis.greenhopper.jira:gh-lexo-rank",
        "customId": 10019,
    }


async def test_an_issue_shows_its_sprints_and_its_rank(jira: httpx.AsyncClient) -> None:
    fields = await fields_of(jira, "WEB-2")
    (sprint,) = fields[SPRINT]
    assert sprint == {
        "id": await sprint_id(jira, "WEB Sprint 2"),
        "name": "WEB Sprint 2",
        "state": "active",
        "boardId": sprint["boardId"],
        "goal": "Pay in three steps",
        "startDate": "2026-02-23T09:00:00.000Z",
        "endDate": "2026-03-06T17:00:00.000Z",
    }
    assert fields[RANK].startswith("0|i")
    assert (await fields_of(jira, "WEB-3"))[SPRINT] is None


async def test_an_issue_is_put_into_a_sprint(jira: httpx.AsyncClient) -> None:
    future = await sprint_id(jira, "WEB Sprint 3")
    key = await create(jira, **{SPRINT: future})
    assert (await fields_of(jira, key))[SPRINT][0]["id"] == future
    active = await sprint_id(jira, "WEB Sprint 2")
    assert (await jira.put(f"issue/{key}", json={"fields": {SPRINT: str(active)}})).status_code == 204
    (change,) = await history(jira, key)
    assert (change["field"], change["fieldtype"], change["from"], change["to"]) == (
        "Sprint",
        "custom",
        str(future),
        str(active),
    )
    assert (await jira.put(f"issue/{key}", json={"update": {SPRINT: [{"set": None}]}})).status_code == 204
    assert (await fields_of(jira, key))[SPRINT] is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("soon", "Number value expected as the Sprint id."),
        ([5], "Number value expected as the Sprint id."),
        (True, "Number value expected as the Sprint id."),
        (1, "Sprint does not exist or you do not have permission to view it."),
        ("closed", "Issue can be assigned only active or future sprints."),
    ],
)
async def test_what_is_no_sprint_for_an_issue(jira: httpx.AsyncClient, value: Any, text: str) -> None:
    sent = await sprint_id(jira, "WEB Sprint 1") if value == "closed" else value
    assert_refused(await jira.put("issue/WEB-3", json={"fields": {SPRINT: sent}}), 400, **{SPRINT: text})


async def test_a_rank_is_not_edited(jira: httpx.AsyncClient) -> None:
    text = f"Field '{RANK}' cannot be set. It is not on the appropriate screen, or unknown."
    assert_refused(await jira.put("issue/WEB-3", json={"fields": {RANK: "0|i:"}}), 400, **{RANK: text})
    fields = (await jira.get("issue/WEB-3/editmeta")).json()["fields"]
    assert (SPRINT in fields, RANK in fields) == (True, False)
