from __future__ import annotations

from typing import Any

import httpx
import pytest

from sandlot_server.app import App
from tests.server.agile.expectations import SPRINT, board_id, found, keys, sprint_id
from tests.server.jira.conftest import client_of
from tests.server.jira.expectations import NO_ISSUE, assert_refused, create, fields_of, history


async def test_the_backlog_is_what_is_not_done_and_in_no_open_sprint(
    agile: httpx.AsyncClient, jira: httpx.AsyncClient
) -> None:
    path = f"board/{await board_id(agile, 'WEB')}/backlog"
    assert await keys(agile, path) == ["WEB-3"]
    key = await create(jira)
    await create(jira, kind="Sub-task", parent={"key": key})
    assert await keys(agile, path) == ["WEB-3", key]
    assert await keys(agile, path, jql="type = Task") == [key]


async def test_issues_go_back_to_the_backlog(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    answer = await agile.post("backlog/issue", json={"issues": ["WEB-2", "WEB-4", "WEB-2"]})
    assert (answer.status_code, answer.content) == (204, b"")
    assert await keys(agile, f"board/{await board_id(agile, 'WEB')}/backlog") == ["WEB-2", "WEB-3"]
    assert (await fields_of(jira, "WEB-2"))[SPRINT] is None
    (change,) = await history(jira, "WEB-2")
    assert (change["field"], change["fromString"], change["toString"]) == ("Sprint", "WEB Sprint 2", "")
    # A closed sprint is no longer left.
    assert (await fields_of(jira, "WEB-4"))[SPRINT][0]["name"] == "WEB Sprint 1"
    assert await history(jira, "WEB-4") == []


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({}, 400, "At least one issue is required."),
        ({"issues": []}, 400, "At least one issue is required."),
        ({"issues": None}, 400, "At least one issue is required."),
        ({"issues": ["WEB-2", "WEB-99"]}, 404, NO_ISSUE),
        ({"issues": [f"WEB-{number}" for number in range(51)]}, 400, "At most 50 issues can be moved at once."),
    ],
)
async def test_moves_that_cannot_be(
    agile: httpx.AsyncClient, jira: httpx.AsyncClient, body: dict[str, Any], status: int, text: str
) -> None:
    active = await sprint_id(agile, "WEB Sprint 2")
    for path in ("backlog/issue", f"sprint/{active}/issue", "epic/WEB-1/issue", "epic/none/issue"):
        assert_refused(await agile.post(path, json=body), status, text)
    assert (await fields_of(jira, "WEB-2"))[SPRINT][0]["id"] == active


@pytest.mark.parametrize("body", [{"issues": "WEB-2"}, {"issues": [{}]}, {"issue": ["WEB-2"]}, [], {"issues": [True]}])
async def test_a_body_of_another_form(agile: httpx.AsyncClient, body: Any) -> None:
    answer = await agile.post("backlog/issue", json=body)
    assert (answer.status_code, list(answer.json())) == (400, ["errorMessages"])


async def test_issues_go_back_to_the_backlog_of_their_board(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    path = f"backlog/{await board_id(agile, 'WEB')}/issue"
    assert_refused(await agile.post(path, json={"issues": ["PLAT-1"]}), 400, "The issue 'PLAT-1' is not on the board.")
    answer = await agile.post(path, json={"issues": ["WEB-2"], "rankAfterIssue": "WEB-3"})
    assert answer.status_code == 204
    assert await keys(agile, f"board/{await board_id(agile, 'WEB')}/backlog") == ["WEB-3", "WEB-2"]
    assert await found(jira, "project = WEB ORDER BY Rank") == ["WEB-1", "WEB-3", "WEB-2", "WEB-4"]


async def test_a_kanban_board_has_a_backlog_of_its_own(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    plat = await board_id(agile, "PLAT")
    assert await keys(agile, f"board/{plat}/backlog") == ["PLAT-1", "PLAT-4"]
    answer = await agile.post(f"board/{plat}/issue", json={"issues": ["PLAT-4"]})
    assert answer.status_code == 204
    assert (await fields_of(jira, "PLAT-4"))["status"]["name"] == "In Progress"
    assert await keys(agile, f"board/{plat}/backlog") == ["PLAT-1"]
    answer = await agile.post(f"backlog/{plat}/issue", json={"issues": ["PLAT-4", "PLAT-2"]})
    assert answer.status_code == 204
    assert await keys(agile, f"board/{plat}/backlog") == ["PLAT-1", "PLAT-2", "PLAT-4"]


async def test_issues_of_a_scrum_board_come_onto_it_by_a_sprint(agile: httpx.AsyncClient) -> None:
    answer = await agile.post(f"board/{await board_id(agile, 'WEB')}/issue", json={"issues": ["WEB-3"]})
    assert_refused(answer, 400, "The board shows issues by their sprints: move them to one of its sprints.")


BARRED: dict[str, Any] = {
    "sandlot": 1,
    "users": [{"displayName": "Ada One", "emailAddress": "ada@example.com", "accountId": "ada"}],
    "workflows": [
        {
            "name": "Assigned first",
            "statuses": [{"name": "Open", "category": "new"}, {"name": "Doing", "category": "indeterminate"}],
            "transitions": [
                {
                    "name": "Do",
                    "from": ["Open"],
                    "to": "Doing",
                    "conditions": [{"kind": "field-set", "field": "assignee"}],
                }
            ],
        }
    ],
    "projects": [{"key": "ONE", "name": "One", "lead": "ada@example.com", "workflow": "Assigned first"}],
    "boards": [{"name": "ONE board", "project": "ONE", "type": "kanban"}],
    "issues": [
        {"key": "ONE-1", "type": "Task", "summary": "Nobody's"},
        {"key": "ONE-2", "type": "Task", "summary": "Ada's", "assignee": "ada@example.com"},
    ],
}


async def test_a_workflow_may_bar_the_way(app: App, control: httpx.AsyncClient) -> None:
    """Where some issues cannot go, the answer tells of each, and the others have gone."""
    async with await client_of(app, control, BARRED) as jira:
        agile = "http://acme.test/rest/agile/1.0"
        (board,) = (await jira.get(f"{agile}/board")).json()["values"]
        body = {"issues": ["ONE-1", "ONE-2"], "rankAfterIssue": "ONE-1"}
        text = "An issue cannot be ranked before or after itself."
        assert_refused(await jira.post(f"{board['self']}/issue", json=body), 400, text)
        assert (await fields_of(jira, "ONE-2"))["status"]["name"] == "Open"
        answer = await jira.post(f"{board['self']}/issue", json={"issues": ["ONE-1", "ONE-2"]})
        barred, moved = answer.json()["entries"]
        assert answer.status_code == 207
        assert (barred["issueKey"], barred["status"]) == ("ONE-1", 400)
        assert barred["errors"] == ["No transition leads the issue there."]
        assert moved == {"issueId": moved["issueId"], "issueKey": "ONE-2", "status": 200}
        assert (await fields_of(jira, "ONE-2"))["status"]["name"] == "Doing"
        assert await keys(jira, f"{board['self']}/backlog") == ["ONE-1"]
