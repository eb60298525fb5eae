"""GET field: every field of an issue, custom ones with their ids."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira.custom_fields import custom_fields
from sandlot_server.jira.issue_fields import SYSTEM, Field

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
        "custom": "custom" in field.schema,
        "orderable": field.read is not None,
        "navigable": field.navigable,
        "searchable": True,
        "clauseNames": list(field.clauses),
        "schema": field.schema,
    }


def get_fields(call: Call) -> Answer:
    """An anonymous caller sees those of every site."""
    custom = custom_fields(call) if call.user is not None else []
    return Answer(200, [_KEY, *(view_field(field) for field in (*SYSTEM.values(), *custom))])


OPERATIONS = {"jira/getFields": get_fields}
