"""The fields of issues: every one with its id, a search among them, and new custom ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.custom_fields import custom_field, custom_fields
from sandlot_server.jira.field_types import FIELD_TYPES, PLUGIN
from sandlot_server.jira.issue_fields import SYSTEM, Field
from sandlot_server.jira.lookups import visible
from sandlot_server.jira.permissions import require_admin
from sandlot_server.jira.wire import expanded, page_bean

_MOST = 50

# An issue's key is no member of `fields`, but clients look it up among them.
_KEY = {
    "id": "issuekey",
    "key": "issuekey",
    "name": "Key",
    "custom": False,
    "orderable": False,
    "navigable": True,
    "searchable": False,
    "clauseNames": ["id", "issue", "issuekey", "key"],
}


def view_field(field: Field) -> dict[str, Any]:
    return {
        "id": field.id,
        "key": field.id,
        "name": field.name,
        "custom": _is_custom(field),
        "orderable": field.read is not None,
        "navigable": field.navigable,
        "searchable": True,
        "clauseNames": list(field.clauses),
        "schema": field.schema,
    }


def _is_custom(field: Field) -> bool:
    return "custom" in field.schema


def get_fields(call: Call) -> Answer:
    """An anonymous caller sees those of every site."""
    custom = custom_fields(call) if call.user is not None else []
    return Answer(200, [_KEY, *(view_field(field) for field in (*SYSTEM.values(), *custom))])


def get_fields_paginated(call: Call) -> Answer:
    require_admin(call, 403, errors.ONLY_ADMINS.format("fields"))
    found = [field for field in (*SYSTEM.values(), *custom_fields(call)) if _wanted(call, field)]
    found.sort(key=lambda field: field.name.lower())
    order = call.query.get("orderBy", "name")
    found.sort(key=lambda field: _ORDERS[order.lstrip("+-")](call, field), reverse=order.startswith("-"))
    parts = expanded(call)
    return Answer(200, page_bean(call, _MOST, found, lambda field: _view_found(call, field, parts)))


def _wanted(call: Call, field: Field) -> bool:
    query = call.query
    kind = "custom" if _is_custom(field) else "system"
    text = query.get("query", "").lower()
    row = call.state.get("field", field.id)
    return (
        (not query.get("type") or kind in query["type"])
        and (not query.get("id") or field.id in query["id"])
        and (text in field.name.lower() or text in (row or {}).get("description", "").lower())
        and (not query.get("projectIds") or any(str(one) in _projects_of(call, field) for one in query["projectIds"]))
    )


def _projects_of(call: Call, field: Field) -> list[str]:
    """The ids of the projects whose issues have the field."""
    row = call.state.get("field", field.id)
    return row["projects"] if row and row["projects"] else [project["id"] for project in visible(call, "project")]


def _contexts(call: Call, field: Field) -> int:
    """A custom field has one context, for its projects or for all."""
    return 1 if _is_custom(field) else 0


_ORDERS: dict[str, Callable[[Call, Field], Any]] = {
    "name": lambda call, field: field.name.lower(),
    "contextsCount": _contexts,
    "screensCount": lambda call, field: len(_projects_of(call, field)),
    "projectsCount": lambda call, field: len(_projects_of(call, field)),
    # Nobody keeps account of when a field was used.
    "lastUsed": lambda call, field: 0,
}


def _view_found(call: Call, field: Field, parts: set[str]) -> dict[str, Any]:
    row = call.state.get("field", field.id) or {}
    view = {
        "id": field.id,
        "name": field.name,
        "schema": field.schema,
        "description": row.get("description", ""),
    }
    projects = len(_projects_of(call, field))
    extra = {
        "key": field.id,
        "isLocked": False,
        "lastUsed": {"type": "NO_INFORMATION" if _is_custom(field) else "NOT_TRACKED"},
        "screensCount": projects,
        "projectsCount": projects,
        "contextsCount": _contexts(call, field),
    }
    searcher = row.get("searcherKey") or _searcher(field)
    if searcher:
        extra["searcherKey"] = searcher
    return view | {name: value for name, value in extra.items() if name in parts}


def _searcher(field: Field) -> str | None:
    """The default searcher of a custom field's type."""
    found = FIELD_TYPES.get(field.schema.get("custom", "").removeprefix(PLUGIN))
    return PLUGIN + found.searchers[0] if found else None


def create_custom_field(call: Call) -> Answer:
    """The new field is on the screens of every project, without options."""
    require_admin(call, 400, errors.NOT_ADMIN.format("custom fields"))
    body = call.body
    name, plugin = body["name"].strip(), body["type"].removeprefix(PLUGIN)
    found = FIELD_TYPES.get(plugin) if body["type"].startswith(PLUGIN) else None
    searcher = body.get("searcherKey")
    wrong = {} if name else {"name": errors.NO_NAME}
    if found is None:
        wrong["type"] = errors.BAD_FIELD_TYPE.format(body["type"])
    elif searcher is not None and searcher.removeprefix(PLUGIN) not in found.searchers:
        wrong["searcherKey"] = errors.BAD_SEARCHER.format(searcher)
    if found is None or wrong:
        raise errors.field_refusal(wrong)
    row = {
        "id": f"customfield_{call.state.next_id('field')}",
        "name": name,
        "description": body.get("description", ""),
        "type": found.kind,
        "plugin": plugin,
        "searcherKey": searcher,
        "options": [],
        "projects": [],
    }
    call.state.put("field", row)
    return Answer(201, view_field(custom_field(row)))


OPERATIONS = {
    "jira/getFields": get_fields,
    "jira/getFieldsPaginated": get_fields_paginated,
    "jira/createCustomField": create_custom_field,
}
