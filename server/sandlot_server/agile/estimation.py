"""Estimation: the field that a scrum board counts by, and an issue's value in it."""

from __future__ import annotations

from typing import Any

from sandlot_server.agile import errors as texts
from sandlot_server.agile.issue_writes import set_field
from sandlot_server.agile.lookups import find_board
from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import issue_of
from sandlot_server.jira.permissions import require
from sandlot_server.site.state import Row

# A site has one of them, by the kind of project that came first.
_NAMES = ("story points", "story point estimate")


def estimation_field(call: Call, board: Row) -> Row | None:
    """The number field with one of the usual names; a kanban board does not estimate."""
    if board["type"] == "kanban":
        return None
    fields = call.state.all("field")
    return next((one for one in fields if one["type"] == "number" and one["name"].casefold() in _NAMES), None)


def _field_of(call: Call, issue: Row) -> Row:
    """The field of the board that the query names."""
    if "boardId" not in call.query:
        raise errors.refusal(400, texts.NO_BOARD_ASKED)
    field = estimation_field(call, find_board(call, call.query["boardId"]))
    if field is None or (field["projects"] and issue["project"] not in field["projects"]):
        raise errors.refusal(400, texts.NO_ESTIMATION)
    return field


def _view(issue: Row, field: Row) -> dict[str, Any]:
    value = issue.get(field["id"])
    return {"fieldId": field["id"], **({} if value is None else {"value": float(value)})}


def get_issue_estimation_for_board(call: Call) -> Answer:
    issue = issue_of(call)
    return Answer(200, _view(issue, _field_of(call, issue)))


def estimate_issue_for_board(call: Call) -> Answer:
    """A value that is empty, or not sent, takes the estimate away."""
    issue = issue_of(call)
    require(call, issue["project"], "EDIT_ISSUES")
    field = _field_of(call, issue)
    return Answer(200, _view(set_field(call, issue, field["id"], _number(call.body.get("value"))), field))


def _number(text: Any) -> Any:
    """The number that a text says; what is none is left for the field to refuse."""
    if not isinstance(text, str):
        return text
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        return text
    return value if abs(value) < float("inf") else text


OPERATIONS = {
    "jira-software/getIssueEstimationForBoard": get_issue_estimation_for_board,
    "jira-software/estimateIssueForBoard": estimate_issue_for_board,
}
