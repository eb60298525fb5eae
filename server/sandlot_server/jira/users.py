"""Users: the caller, one by account id, and finding them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import find_issue, find_project, visible
from sandlot_server.jira.wire import api, avatars, window
from sandlot_server.site.state import Row

_MOST = 1000


def view_user(root: str, user: Row) -> dict[str, Any]:
    """A user as every other view shows it."""
    return {
        "self": f"{root}/user?accountId={quote(user['id'], safe='')}",
        "accountId": user["id"],
        "accountType": user["accountType"],
        "emailAddress": user["emailAddress"],
        "avatarUrls": avatars(root, "user", "10348"),
        "displayName": user["displayName"],
        "active": user["active"],
        "timeZone": user["timeZone"],
    }


def _view_whole(call: Call, user: Row) -> dict[str, Any]:
    return {
        **view_user(api(call), user),
        "locale": "en_US",
        "groups": {"size": 0, "items": []},
        "applicationRoles": {"size": 0, "items": []},
        "expand": "groups,applicationRoles",
    }


def get_current_user(call: Call) -> Answer:
    assert call.user is not None  # the contract's security says so
    return Answer(200, _view_whole(call, call.user))


def get_user(call: Call) -> Answer:
    account_id = call.query.get("accountId")
    if not account_id:
        raise errors.refusal(400, errors.NO_USER_ASKED)
    user = call.state.get("user", account_id) if call.user is not None else None
    if user is None:
        raise errors.refusal(404, errors.NO_USER)
    return Answer(200, _view_whole(call, user))


def find_users(call: Call) -> Answer:
    if not any(name in call.query for name in ("query", "accountId", "property")):
        raise errors.refusal(400, errors.NO_USER_QUERY)
    return Answer(200, _page(call, _matching(call)))


def find_assignable_users(call: Call) -> Answer:
    """Everybody active can be assigned everywhere; the project or issue must only be there."""
    issue = call.query.get("issueKey") or call.query.get("issueId")
    project = call.query.get("project")
    if issue:
        if find_issue(call, issue) is None:
            raise errors.no_issue()
    elif not project:
        raise errors.refusal(400, errors.NO_ASSIGNABLE_SCOPE)
    elif find_project(call, project) is None:
        raise errors.no_project(project)
    return Answer(200, _page(call, _matching(call)))


def _matching(call: Call) -> list[Row]:
    account_id, text = call.query.get("accountId"), call.query.get("query", "").strip().lower()
    return [
        user
        for user in visible(call, "user")
        if user["active"] and (account_id is None or user["id"] == account_id) and _matches(user, text)
    ]


def _matches(user: Row, text: str) -> bool:
    """The text starts the e-mail address, the name or a later word of it, or is the account id."""
    name: str = user["displayName"].lower()
    return (
        name.startswith(text)
        or f" {text}" in name
        or user["emailAddress"].lower().startswith(text)
        or user["id"].lower() == text
    )


def _page(call: Call, users: list[Row]) -> list[dict[str, Any]]:
    start, size = window(call, _MOST)
    root = api(call)
    return [view_user(root, user) for user in users[start : start + size]]


OPERATIONS = {
    "jira/getCurrentUser": get_current_user,
    "jira/getUser": get_user,
    "jira/findUsers": find_users,
    "jira/findAssignableUsers": find_assignable_users,
}
