"""The history of an issue: what every write changed."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira.lookups import issue_of, row
from sandlot_server.jira.users import view_user
from sandlot_server.jira.wire import api, page_bean, timestamp
from sandlot_server.site.state import Row


def view_changelog(call: Call, change: Row) -> dict[str, Any]:
    return {
        "id": change["id"],
        "author": view_user(api(call), row(call, "user", change["author"])),
        "created": timestamp(change["created"]),
        "items": change["items"],
    }


def view_history(call: Call, issue: Row) -> dict[str, Any]:
    """The `changelog` of an expanded issue: newest first."""
    changes = call.state.find("changelog", "issue", issue["id"])
    return {
        "startAt": 0,
        "maxResults": len(changes),
        "total": len(changes),
        "histories": [view_changelog(call, change) for change in reversed(changes)],
    }


def record(call: Call, issue_id: str, items: list[dict[str, Any]]) -> None:
    """Add to an issue's history what the caller changes now."""
    assert call.user is not None  # an anonymous caller sees no issue to change
    change = {
        "id": call.state.next_id("changelog"),
        "issue": issue_id,
        "author": call.user["id"],
        "created": call.now,
        "items": items,
    }
    call.state.put("changelog", change)


def note_change(call: Call, issue_id: str, item: dict[str, Any]) -> None:
    """Record a change of something that hangs on an issue: its own row is but `updated`."""
    record(call, issue_id, [item])
    call.state.put("issue", {**row(call, "issue", issue_id), "updated": call.now})


def get_change_logs(call: Call) -> Answer:
    changes = call.state.find("changelog", "issue", issue_of(call)["id"])
    return Answer(200, page_bean(call, 100, changes, lambda change: view_changelog(call, change)))


OPERATIONS = {"jira/getChangeLogs": get_change_logs}
