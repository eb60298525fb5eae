"""What the agile API adds to the fields of an issue: its open sprint, its closed ones and its epic."""

from __future__ import annotations

from typing import Any

from sandlot_server.agile.lookups import parent_epic
from sandlot_server.agile.views import view_epic, view_sprint
from sandlot_server.call import Call
from sandlot_server.jira.custom_fields import fields_of
from sandlot_server.jira.issue_fields import Field, View
from sandlot_server.site.software import sprints_of
from sandlot_server.site.state import Row


def _show_sprint(view: View, issue: Row) -> dict[str, Any] | None:
    open_sprints = [sprint for sprint in sprints_of(view.call.state, issue) if sprint["state"] != "closed"]
    return view_sprint(view.call, open_sprints[-1]) if open_sprints else None


def _show_closed(view: View, issue: Row) -> list[dict[str, Any]]:
    found = sprints_of(view.call.state, issue)
    return [view_sprint(view.call, sprint) for sprint in found if sprint["state"] == "closed"]


def _show_epic(view: View, issue: Row) -> dict[str, Any] | None:
    epic = parent_epic(view.call, issue)
    return None if epic is None else view_epic(view.call, epic)


_FIELDS = (
    Field("sprint", "Sprint", {"type": "sprint"}, _show_sprint),
    Field("closedSprints", "Closed sprints", {"type": "array", "items": "sprint"}, _show_closed),
    # The field that flags are kept in is not part of this site.
    Field("flagged", "Flagged", {"type": "boolean"}, lambda view, issue: False),
    Field("epic", "Epic", {"type": "epic"}, _show_epic),
)


def agile_fields(call: Call, project_id: str) -> dict[str, Field]:
    """Every field that the agile API shows of a project's issues."""
    return {**fields_of(call, project_id), **{field.id: field for field in _FIELDS}}
