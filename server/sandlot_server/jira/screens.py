"""Which fields can be set when: on creation, on edits, on a transition; and how that is described."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Call
from sandlot_server.jira.custom_fields import custom_fields, fields_of
from sandlot_server.jira.issue_fields import SYSTEM, Field, View
from sandlot_server.jira.permissions import holds
from sandlot_server.site.state import Row

_ON_SCREENS = [
    "issuetype",
    "parent",
    "summary",
    "description",
    "priority",
    "labels",
    "components",
    "fixVersions",
    "versions",
    "assignee",
    "reporter",
    "duedate",
    "environment",
    "timetracking",
    "issuelinks",
]
_EDIT_SCREEN = {name: SYSTEM[name] for name in _ON_SCREENS}
_CREATE_SCREEN = {"project": SYSTEM["project"], **_EDIT_SCREEN}
# Fields that are there only for who has a permission of their own.
_ASKING = {
    "assignee": "ASSIGN_ISSUES",
    "duedate": "SCHEDULE_ISSUES",
    "fixVersions": "RESOLVE_ISSUES",
    "issuelinks": "LINK_ISSUES",
    "reporter": "MODIFY_REPORTER",
}


def create_screen(call: Call, project: Row) -> dict[str, Field]:
    """What the caller may set when an issue is created."""
    return _permitted(call, project, "CREATE_ISSUES", {**_CREATE_SCREEN, **_custom(call, project)})


def edit_screen(call: Call, project: Row) -> dict[str, Field]:
    """What the caller may set afterwards."""
    return _permitted(call, project, "EDIT_ISSUES", {**_EDIT_SCREEN, **_custom(call, project)})


def _permitted(call: Call, project: Row, key: str, screen: dict[str, Field]) -> dict[str, Field]:
    """What of a screen is there for the caller, who sees none of it without the permission of a key."""
    if "permissions" not in project:
        return screen
    asked = {name: {key, _ASKING.get(name, key)} for name in screen}
    return {name: field for name, field in screen.items() if all(holds(call.user, one, project) for one in asked[name])}


def _custom(call: Call, project: Row) -> dict[str, Field]:
    return {one.id: one for one in custom_fields(call, project["id"]) if one.read is not None}


def transition_screen(call: Call, project: Row, transition: Row) -> dict[str, Field]:
    """What the caller may set on the way from one status to another."""
    fields = fields_of(call, project["id"])
    screen = {name: fields[name] for name in transition["fields"] if name in fields}
    return _permitted(call, project, "TRANSITION_ISSUES", screen)


def required_fields(project: Row, issue_type: Row) -> set[str]:
    """Ids of the fields that an issue of the type must have a value in."""
    required = {"project", "issuetype", "summary", *project["requiredFields"].get(issue_type["id"], ())}
    return required | {"parent"} if issue_type["subtask"] else required


def view_metadata(view: View, one: Field, project: Row, issue_type: Row, required: bool) -> dict[str, Any]:
    """A field as createmeta, editmeta and transitions describe it."""
    metadata: dict[str, Any] = {
        "required": required,
        "schema": one.schema,
        "name": one.name,
        "key": one.id,
        "hasDefaultValue": one.id in ("priority", "reporter"),
        "operations": list(one.operations),
    }
    if one.complete:
        metadata["autoCompleteUrl"] = view.root + one.complete.format(project=project["key"])
    if one.allowed is not None:
        metadata["allowedValues"] = one.allowed(view, project, issue_type)
    return metadata
