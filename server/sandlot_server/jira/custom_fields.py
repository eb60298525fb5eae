"""The custom fields of a site: those that a seed declares, by their type, and those of Jira Software."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from sandlot_server.call import Call
from sandlot_server.jira import issue_values
from sandlot_server.jira.field_types import PLUGIN
from sandlot_server.jira.issue_fields import (
    NUMBER,
    STRING,
    SYSTEM,
    USER,
    Field,
    View,
    array,
    column,
    document,
    ref,
    traced_document,
    traced_labels,
    traced_name,
    traced_number,
    traced_value,
)
from sandlot_server.jira.lookups import row
from sandlot_server.jira.software_fields import SOFTWARE_FIELDS
from sandlot_server.site.state import Row


@lru_cache(maxsize=4096)
def _field(field_id: str, name: str, kind: str, plugin: str | None) -> Field:
    """A custom field of a kind. `plugin` is its type, where it was created by one."""
    schemas = {
        "string": (STRING, "textfield"),
        "textarea": (STRING, "textarea"),
        "number": (NUMBER, "float"),
        "date": ({"type": "date"}, "datepicker"),
        "option": ({"type": "option"}, "select"),
        "user": (USER, "userpicker"),
        "labels": (array("string"), "labels"),
    }
    schema, usual = schemas[kind]
    number = int(field_id.removeprefix("customfield_"))
    base = Field(
        field_id,
        name,
        {**schema, "custom": PLUGIN + (plugin or usual), "customId": number},
        column(field_id),
        issue_values.text,
        clauses=(f"cf[{number}]", name),
    )
    match kind:
        case "textarea":
            return replace(base, show=document(field_id), read=issue_values.rich_text, trace=traced_document, rich=True)
        case "number":
            return replace(base, read=issue_values.number, trace=traced_number)
        case "date":
            return replace(base, read=issue_values.day, trace=traced_value)
        case "option":
            return replace(
                base,
                show=lambda view, issue: _show_option(view, field_id, issue.get(field_id)),
                read=issue_values.option(field_id, name),
                allowed=lambda view, project, issue_type: [
                    _view_option(view, option) for option in row(view.call, "field", field_id)["options"]
                ],
            )
        case "user":
            return replace(
                base,
                show=ref(field_id, "user"),
                read=issue_values.user(name),
                trace=traced_name("user", "displayName"),
                complete="/user/search?query=",
            )
        case "labels":
            return replace(base, read=issue_values.labels, trace=traced_labels, operations=("add", "set", "remove"))
    return base


def _show_option(view: View, field_id: str, value: Any) -> Any:
    options = row(view.call, "field", field_id)["options"]
    return next((_view_option(view, option) for option in options if option["value"] == value), None)


def _view_option(view: View, option: Row) -> dict[str, Any]:
    return {
        "self": f"{view.root}/customFieldOption/{option['id']}",
        "value": option["value"],
        "id": option["id"],
    }


def custom_field(found: Row) -> Field:
    return _field(found["id"], found["name"], found["type"], found.get("plugin"))


def custom_fields(call: Call, project_id: str | None = None) -> list[Field]:
    """The site's custom fields, or those that issues of one project have."""
    return _of_project(call.state.all("field"), project_id)


def _of_project(rows: list[Row], project_id: str | None) -> list[Field]:
    declared = [
        custom_field(found)
        for found in rows
        if project_id is None or not found["projects"] or project_id in found["projects"]
    ]
    return [*declared, *SOFTWARE_FIELDS]


def fields_of(call: Call, project_id: str) -> dict[str, Field]:
    """Every field that an issue of the project has. Shared: never change it."""

    def make(rows: list[Row]) -> dict[str, Field]:
        return {**SYSTEM, **{one.id: one for one in _of_project(rows, project_id)}}

    fields: dict[str, Field] = call.state.memoized_table("field", project_id, make)
    return fields
