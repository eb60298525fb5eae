"""Writing issues: one field as an edit would, and where an issue stands between board, sprint and backlog."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Call
from sandlot_server.jira import errors
from sandlot_server.jira.custom_fields import fields_of
from sandlot_server.jira.issue_values import Draft
from sandlot_server.jira.issue_writes import save
from sandlot_server.jira.lookups import row
from sandlot_server.site.software import SPRINT
from sandlot_server.site.state import Row


def set_field(call: Call, issue: Row, name: str, value: Any) -> Row:
    """Set a field to a value as requests write it, with its history; 400 where the field does not take it."""
    project = row(call, "project", issue["project"])
    fields = fields_of(call, project["id"])
    draft = Draft(call, project, row(call, "issue_type", issue["issuetype"]), issue)
    read = fields[name].read
    assert read is not None  # the fields that are written here can be set
    try:
        draft.values[name] = read(draft, value)
    except errors.FieldError as error:
        raise errors.refusal(400, error.text) from None
    return save(draft, fields)


def leave_sprint(call: Call, issue: Row) -> None:
    """Take an issue out of its open sprint; those that are closed stay where they were."""
    set_field(call, issue, SPRINT, None)
