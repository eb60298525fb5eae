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


def get_change_logs(call: Call) -> Answer:
    changes = call.state.find("changelog", "issue", issue_of(call)["id"])
    return Answer(200, page_bean(call, 100, changes, lambda change: view_changelog(call, change)))


OPERATIONS = {"jira/getChangeLogs": get_change_logs}
