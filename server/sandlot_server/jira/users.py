"""Users: the caller, one by account id, all of them, finding them, and their administration."""

from __future__ import annotations

import re
import uuid
from typing import Any
from urllib.parse import quote

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import find_issue, find_project, row, visible
from sandlot_server.jira.permissions import asked_place, holds, holds_at, read_permissions, require_admin
from sandlot_server.jira.wire import api, avatars, page_bean, window
from sandlot_server.site.state import Row

_MOST = 1000
_MOST_IN_BULK = 200
_PRODUCTS = ("jira-core", "jira-product-discovery", "jira-servicedesk", "jira-software")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_NAMESPACE = uuid.UUID("3c0f9d8e-2b7a-4d55-8f3e-b1c6a7e05d42")


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
    """Everybody active can be assigned in a project that does not say who."""
    project = _assignable_scope(call)
    return Answer(200, _page(call, [user for user in _matching(call) if holds(user, "ASSIGNABLE_USER", project)]))


def _assignable_scope(call: Call) -> Row:
    """The project of the issue that is named, or the one that is."""
    named = call.query.get("issueKey") or call.query.get("issueId")
    if named:
        issue = find_issue(call, named)
        if issue is None:
            raise errors.no_issue()
        return row(call, "project", issue["project"])
    asked = call.query.get("project")
    if not asked:
        raise errors.refusal(400, errors.NO_ASSIGNABLE_SCOPE)
    project = find_project(call, asked)
    if project is None:
        raise errors.no_project(asked)
    return project


def bulk_get_users(call: Call) -> Answer:
    """Those of the accounts that are there, in the order they were asked for."""
    found = [user for account in dict.fromkeys(call.query["accountId"]) if (user := call.state.get("user", account))]
    return Answer(200, page_bean(call, _MOST_IN_BULK, found, lambda user: view_user(api(call), user)))


def get_all_users(call: Call) -> Answer:
    """Those who have left, too."""
    return Answer(200, _page(call, visible(call, "user")))


def find_users_with_all_permissions(call: Call) -> Answer:
    wanted = read_permissions(call).values()
    place = asked_place(call)
    if "query" not in call.query and "accountId" not in call.query:
        raise errors.refusal(400, errors.NO_USER_QUERY)
    found = [user for user in _matching(call) if all(holds_at(call, user, key, place) for key in wanted)]
    return Answer(200, _page(call, found))


def create_user(call: Call) -> Answer:
    """Somebody who is there already is answered like somebody new."""
    _admit(call)
    email, products = call.body["emailAddress"].strip(), call.body["products"]
    if not _EMAIL.fullmatch(email):
        raise errors.refusal(400, emailAddress=errors.BAD_EMAIL)
    unknown = [product for product in products if product not in _PRODUCTS]
    if unknown:
        raise errors.refusal(400, products=errors.BAD_PRODUCT.format(unknown[0]))
    known = [user for user in call.state.all("user") if user["emailAddress"].lower() == email.lower()]
    if known and not known[0]["active"]:
        raise errors.refusal(400, errors.NO_ACCESS.format(email))
    user = known[0] if known else _new_user(call, email)
    return Answer(201, _view_whole(call, user))


def _new_user(call: Call, email: str) -> Row:
    user = {
        "id": f"712020:{uuid.uuid5(_NAMESPACE, call.state.next_id('user'))}",
        "displayName": (call.body.get("displayName") or "").strip() or email.partition("@")[0],
        "emailAddress": email,
        "active": True,
        "timeZone": "Etc/UTC",
        "accountType": "atlassian",
        "admin": False,
    }
    call.state.put("user", user)
    return user


def remove_user(call: Call) -> Answer:
    """What they wrote still names them, so they stay as somebody who has left."""
    _admit(call)
    user = call.state.get("user", call.query["accountId"])
    if user is None:
        raise errors.refusal(404, errors.NO_USER)
    if call.user is not None and user["id"] == call.user["id"]:
        raise errors.refusal(400, errors.OWN_ACCOUNT)
    call.state.put("user", {**user, "active": False})
    return Answer(204)


def _admit(call: Call) -> None:
    require_admin(call, 403, errors.NOT_ADMIN.format("users"))


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
    "jira/findUsersWithAllPermissions": find_users_with_all_permissions,
    "jira/bulkGetUsers": bulk_get_users,
    "jira/getAllUsersDefault": get_all_users,
    "jira/getAllUsers": get_all_users,
    "jira/createUser": create_user,
    "jira/removeUser": remove_user,
}
