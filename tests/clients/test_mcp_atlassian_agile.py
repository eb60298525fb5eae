"""mcp-atlassian's tools for boards and sprints."""

from __future__ import annotations

import httpx
import pytest

from tests.clients.mcp import Host

NO_BOARD = "The requested board cannot be viewed because it either does not exist or you do not have permission"
NO_SPRINT = "Sprint does not exist or you do not have permission to view it."
# The tool holds a new sprint's start against the machine's own clock.
DATES = {"start_date": "2199-03-09T09:00:00.000Z", "end_date": "2199-03-20T17:00:00.000Z"}


@pytest.fixture
def board(mcp: Host) -> str:
    """Id of the scrum board."""
    (found,) = mcp.call("jira_get_agile_boards", project_key="WEB", board_type="scrum")
    board_id: str = found["id"]
    return board_id


@pytest.fixture
def sprints(mcp: Host, board: str) -> list[str]:
    """Ids of its three sprints: closed, active and future."""
    return [sprint["id"] for sprint in mcp.call("jira_get_sprints_from_board", board_id=board)]


def keys_in(api: httpx.Client, sprint: str) -> list[str]:
    issues = api.get(f"/rest/agile/1.0/sprint/{sprint}/issue").raise_for_status().json()["issues"]
    return [issue["key"] for issue in issues]


def test_boards(mcp: Host, board: str) -> None:
    named = {found["name"]: found["type"] for found in mcp.call("jira_get_agile_boards")}
    assert named == {"WEB board": "scrum", "PLAT board": "kanban"}
    assert mcp.call("jira_get_agile_boards", project_key="NOPE") == []
    done = mcp.call("jira_get_board_issues", board_id=board, jql="status = Done")
    assert [issue["key"] for issue in done["issues"]] == ["WEB-4"]
    assert NO_BOARD in mcp.refusal("jira_get_board_issues", board_id="99999", jql="status = Done")


def test_the_sprints_of_a_board(mcp: Host, board: str, sprints: list[str]) -> None:
    (active,) = mcp.call("jira_get_sprints_from_board", board_id=board, state="active")
    assert (active["id"], active["goal"], active["start_date"]) == (
        sprints[1],
        "Pay in three steps",
        "2026-02-23T09:00:00.000Z",
    )
    assert mcp.call("jira_get_sprints_from_board", board_id="99999") == []
    found = mcp.call("jira_get_sprint_issues", sprint_id=sprints[1])
    assert [issue["key"] for issue in found["issues"]] == ["WEB-2"]
    unknown = mcp.refusal("jira_get_sprint_issues", sprint_id="99999")
    assert "'99999' does not exist for the field 'sprint'" in unknown


def test_a_sprint_is_created(mcp: Host, api: httpx.Client, board: str) -> None:
    made = mcp.call("jira_create_sprint", board_id=board, name="WEB Sprint 4", goal="Vouchers", **DATES)
    held = api.get(f"/rest/agile/1.0/sprint/{made['id']}").json()
    assert (held["name"], held["goal"], held["state"]) == ("WEB Sprint 4", "Vouchers", "future")
    assert (held["startDate"], str(held["originBoardId"])) == (DATES["start_date"], board)
    assert NO_BOARD in mcp.refusal("jira_create_sprint", board_id="99999", name="WEB Sprint 4", **DATES)


def test_a_sprint_is_updated(mcp: Host, api: httpx.Client, sprints: list[str]) -> None:
    mcp.call("jira_update_sprint", sprint_id=sprints[2], name="WEB Sprint 3b", goal="Vouchers")
    held = api.get(f"/rest/agile/1.0/sprint/{sprints[2]}").json()
    assert (held["name"], held["goal"]) == ("WEB Sprint 3b", "Vouchers")
    assert "Failed to update sprint 99999" in mcp.call("jira_update_sprint", sprint_id="99999", goal="x")["error"]


def test_issues_enter_and_leave_a_sprint(mcp: Host, api: httpx.Client, sprints: list[str]) -> None:
    mcp.call("jira_add_issues_to_sprint", sprint_id=sprints[2], issue_keys="WEB-1,WEB-3")
    assert keys_in(api, sprints[2]) == ["WEB-1", "WEB-3"]
    mcp.call("jira_move_issues_to_backlog", issue_keys="WEB-3")
    assert keys_in(api, sprints[2]) == ["WEB-1"]
    assert NO_SPRINT in mcp.refusal("jira_add_issues_to_sprint", sprint_id="99999", issue_keys="WEB-1")
    unknown = mcp.refusal("jira_move_issues_to_backlog", issue_keys="WEB-99")
    assert "Issue does not exist or you do not have permission to see it." in unknown
