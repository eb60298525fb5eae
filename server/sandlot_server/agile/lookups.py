"""Rows by what a call names. An issue, a sprint or a board that is not there is a 404."""

from __future__ import annotations

from typing import Any

from sandlot_server.agile import errors as texts
from sandlot_server.call import Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import find_issue, row
from sandlot_server.jira.permissions import require
from sandlot_server.site.state import Row

MOST_MOVED = 50
_EPIC = 1


def find_board(call: Call, board_id: Any) -> Row:
    found = call.state.get("board", str(board_id))
    if found is None:
        raise errors.refusal(404, texts.NO_BOARD)
    return found


def board_of(call: Call) -> Row:
    """The board that the path names."""
    return find_board(call, call.path["boardId"])


def sprint_board(board: Row) -> Row:
    """The board, if it has sprints."""
    if board["type"] == "kanban":
        raise errors.refusal(400, texts.NO_SPRINTS_HERE)
    return board


def find_sprint(call: Call, sprint_id: Any) -> Row:
    found = call.state.get("sprint", str(sprint_id))
    if found is None:
        raise errors.refusal(404, errors.NO_SPRINT)
    return found


def sprint_of(call: Call) -> Row:
    """The sprint that the path names."""
    return find_sprint(call, call.path["sprintId"])


def require_sprints(call: Call, board_id: str) -> None:
    """Refuse a caller who may not manage the sprints of a board, by the project that it is in."""
    board = call.state.get("board", board_id)
    if board is not None and board["project"] is not None:
        require(call, board["project"], "MANAGE_SPRINTS_PERMISSION")


def named_issue(call: Call, id_or_key: Any) -> Row:
    found = find_issue(call, str(id_or_key))
    if found is None:
        raise errors.no_issue()
    return found


def level_of(call: Call, issue: Row) -> int:
    """Where the issue's type stands: 1 for epics, 0 for what they are made of, -1 for sub-tasks."""
    level: int = row(call, "issue_type", issue["issuetype"])["hierarchyLevel"]
    return level


def is_epic(call: Call, issue: Row) -> bool:
    return level_of(call, issue) == _EPIC


def find_epic(call: Call, id_or_key: Any) -> Row:
    issue = named_issue(call, id_or_key)
    if not is_epic(call, issue):
        raise errors.refusal(404, texts.NOT_AN_EPIC.format(issue["key"]))
    return issue


def epic_of(call: Call) -> Row:
    """The epic that the path names."""
    return find_epic(call, call.path.get("epicIdOrKey") or call.path["epicId"])


def parent_epic(call: Call, issue: Row) -> Row | None:
    """The epic right above an issue."""
    parent = call.state.get("issue", issue["parent"]) if issue["parent"] else None
    return parent if parent is not None and is_epic(call, parent) else None


def sent_issues(call: Call) -> list[Row]:
    """The issues that the body lists, each once; the caller may edit them."""
    names = call.body.get("issues") or []
    if not names:
        raise errors.refusal(400, texts.NO_ISSUES)
    if len(names) > MOST_MOVED:
        raise errors.refusal(400, texts.TOO_MANY_ISSUES)
    issues = {issue["id"]: issue for issue in (named_issue(call, name) for name in names)}
    for issue in issues.values():
        require(call, issue["project"], "EDIT_ISSUES")
    return list(issues.values())


def reread(call: Call, issues: list[Row]) -> list[Row]:
    """The same issues as the call has written them."""
    return [row(call, "issue", issue["id"]) for issue in issues]
