"""The two fields that Jira Software adds to every issue: Sprint and Rank."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Call
from sandlot_server.jira import errors
from sandlot_server.jira.errors import FieldError
from sandlot_server.jira.issue_fields import Field, Trace, View, array
from sandlot_server.jira.issue_values import Draft
from sandlot_server.jira.lookups import row, unrestricted
from sandlot_server.jira.wire import instant
from sandlot_server.site.software import RANK, SPRINT, rank_of, sprints_of
from sandlot_server.site.state import Row

DATES = ("startDate", "endDate", "completeDate")

_PLUGIN = "com.pyxis.greenhopper.jira:"


def view_dates(sprint: Row, names: tuple[str, ...]) -> dict[str, str]:
    """Those of a sprint's dates that it has."""
    return {name: instant(sprint[name]) for name in names if sprint[name] is not None}


def _show_sprints(view: View, issue: Row) -> list[dict[str, Any]] | None:
    shown = [
        {
            "id": int(sprint["id"]),
            "name": sprint["name"],
            "state": sprint["state"],
            "boardId": int(sprint["board"]),
            "goal": sprint["goal"],
            **view_dates(sprint, DATES),
        }
        for sprint in sprints_of(view.call.state, issue)
    ]
    return shown or None


def _read_sprint(draft: Draft, value: Any) -> list[str] | None:
    """The ids of the closed sprints that the issue was in, and of the one that it is put into; None is the backlog."""
    call = draft.call
    held = (call.state.whole.get("sprint", sprint_id) for sprint_id in draft.now(SPRINT) or ())
    closed: list[str] = [sprint["id"] for sprint in held if sprint is not None and sprint["state"] == "closed"]
    if value is None or value == "":
        return closed or None
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).isdecimal():
        raise FieldError(errors.NOT_A_SPRINT)
    sprint = call.state.get("sprint", str(value))
    if sprint is None:
        raise FieldError(errors.NO_SPRINT)
    if draft.issue_type["subtask"]:
        raise FieldError(errors.SPRINT_OF_SUBTASK)
    if sprint["state"] == "closed":
        raise FieldError(errors.CLOSED_SPRINT)
    return [*closed, sprint["id"]]


def _trace_sprints(call: Call, ids: Any) -> Trace:
    call = unrestricted(call)
    names = [row(call, "sprint", sprint_id)["name"] for sprint_id in ids or ()]
    return ", ".join(ids or ()), ", ".join(names)


SOFTWARE_FIELDS = (
    Field(
        SPRINT,
        "Sprint",
        {**array("json"), "custom": _PLUGIN + "gh-sprint", "customId": int(SPRINT.removeprefix("customfield_"))},
        _show_sprints,
        _read_sprint,
        _trace_sprints,
        clauses=(f"cf[{SPRINT.removeprefix('customfield_')}]", "Sprint"),
    ),
    Field(
        RANK,
        "Rank",
        {"type": "any", "custom": _PLUGIN + "gh-lexo-rank", "customId": int(RANK.removeprefix("customfield_"))},
        lambda view, issue: rank_of(issue),
        clauses=(f"cf[{RANK.removeprefix('customfield_')}]", "Rank"),
    ),
)
