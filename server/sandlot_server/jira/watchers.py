"""Who watches an issue.

Whoever creates an issue watches it, without a row that says so: a row stands for what differs from that, for
somebody else who watches, or for a creator who does not.
"""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import issue_of, row
from sandlot_server.jira.permissions import may, require
from sandlot_server.jira.users import view_user
from sandlot_server.jira.wire import api
from sandlot_server.site.state import Row


def watchers_of(call: Call, issue: Row) -> list[str]:
    """Account ids, the creator's first."""
    rows = call.state.find("watcher", "issue", issue["id"])
    away = any(not found["watching"] for found in rows)
    return [*([] if away else [issue["creator"]]), *(found["user"] for found in rows if found["watching"])]


def view_watches(call: Call, issue: Row) -> dict[str, Any]:
    """The field `watches`."""
    watchers = watchers_of(call, issue)
    return {
        "self": f"{api(call)}/issue/{issue['key']}/watchers",
        "watchCount": len(watchers),
        "isWatching": call.user is not None and call.user["id"] in watchers,
    }


def _set(call: Call, issue: Row, account_id: str, watching: bool) -> None:
    row_id = f"{issue['id']}:{account_id}"
    if watching == (account_id == issue["creator"]):
        call.state.delete("watcher", row_id)
    else:
        found = {"id": row_id, "issue": issue["id"], "user": account_id, "watching": watching}
        call.state.put("watcher", found)


def _asked(call: Call, issue: Row, account_id: str) -> str:
    """Somebody who is to watch, or no longer to; everybody may say that of themselves."""
    if account_id != _caller(call):
        require(call, issue["project"], "MANAGE_WATCHERS")
    if call.state.get("user", account_id) is None:
        raise errors.refusal(404, errors.NO_USER)
    return account_id


def _caller(call: Call) -> str:
    assert call.user is not None  # an anonymous caller sees no issue to watch
    account_id: str = call.user["id"]
    return account_id


def get_issue_watchers(call: Call) -> Answer:
    """Who may not see the watchers sees themselves alone."""
    issue = issue_of(call)
    every = may(call, issue["project"], "VIEW_VOTERS_AND_WATCHERS")
    shown = [one for one in watchers_of(call, issue) if every or one == _caller(call)]
    watchers = [view_user(api(call), row(call, "user", account_id)) for account_id in shown]
    return Answer(200, {**view_watches(call, issue), "watchers": watchers})


def add_watcher(call: Call) -> Answer:
    """The body is an account id; without one the caller watches."""
    issue = issue_of(call)
    _set(call, issue, _asked(call, issue, call.body or _caller(call)), watching=True)
    return Answer(204)


def remove_watcher(call: Call) -> Answer:
    issue = issue_of(call)
    if not call.query.get("accountId"):
        raise errors.refusal(400, errors.NO_USER_ASKED)
    _set(call, issue, _asked(call, issue, call.query["accountId"]), watching=False)
    return Answer(204)


OPERATIONS = {
    "jira/getIssueWatchers": get_issue_watchers,
    "jira/addWatcher": add_watcher,
    "jira/removeWatcher": remove_watcher,
}
