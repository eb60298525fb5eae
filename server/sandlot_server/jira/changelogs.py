"""The history of an issue: what every write changed."""

from __future__ import annotations

from typing import Any

import orjson

from sandlot_server.call import Answer, Call
from sandlot_server.jira.lookups import find_issue, issue_of, row
from sandlot_server.jira.page_tokens import make_token, read_token, start_of
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


def get_change_logs_by_ids(call: Call) -> Answer:
    """Those that are there, in the order asked for."""
    issue = issue_of(call)
    found = [call.state.get("changelog", str(change_id)) for change_id in call.body["changelogIds"]]
    shown = [view_changelog(call, change) for change in found if change is not None and change["issue"] == issue["id"]]
    return Answer(200, {"startAt": 0, "maxResults": len(shown), "total": len(shown), "histories": shown})


def get_bulk_changelogs(call: Call) -> Answer:
    """One page of the changes of all the issues, oldest first, grouped by issue."""
    body = call.body
    named = sorted(set(body["issueIdsOrKeys"]))
    wanted = sorted(body.get("fieldIds") or ())
    # A token belongs to the question that it was given for.
    question = orjson.dumps([named, wanted]).decode()
    changes = _changes_of(call, named, wanted)
    token = body.get("nextPageToken")
    start = start_of(read_token(token, call.cloud_id, question), changes) if token else 0
    end = start + int(body.get("maxResults", 1000))
    shown: dict[str, list[dict[str, Any]]] = {}
    for change in changes[start:end]:
        shown.setdefault(change["issue"], []).append({**view_changelog(call, change), "created": change["created"]})
    logs = [{"issueId": issue_id, "changeHistories": histories} for issue_id, histories in shown.items()]
    answer: dict[str, Any] = {"issueChangeLogs": logs}
    if end < len(changes):
        answer["nextPageToken"] = make_token(call.cloud_id, question, end, changes[end - 1]["id"])
    return Answer(200, answer)


def _changes_of(call: Call, named: list[str], fields: list[str]) -> list[Row]:
    """The changes of issues, oldest first; of each the items that are about the fields, where any are named."""
    issues = {found["id"] for one in named if (found := find_issue(call, one)) is not None}
    changes = [change for issue_id in issues for change in call.state.find("changelog", "issue", issue_id)]
    if fields:
        changes = [
            {**change, "items": items}
            for change in changes
            if (items := [item for item in change["items"] if item.get("fieldId") in fields])
        ]
    return sorted(changes, key=lambda change: (change["created"], int(change["id"])))


OPERATIONS = {
    "jira/getChangeLogs": get_change_logs,
    "jira/getChangeLogsByIds": get_change_logs_by_ids,
    "jira/getBulkChangelogs": get_bulk_changelogs,
}
