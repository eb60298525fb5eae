"""Restrictions of pages: who is named to read a page or to update it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import errors, groups, legacy, page_rows, paging, restriction_rows
from sandlot_server.confluence.wire import site_url
from sandlot_server.site.restrictions import restriction
from sandlot_server.site.state import Row

_ALL: legacy.Tree = {"restrictions": {"user": {}, "group": {}}}
_LIMIT, _LIMIT_BY_OPERATION = 100, 200


def get_restrictions(call: Call) -> Answer:
    page = _page_of(call)
    start, limit = paging.window(call)
    return Answer(200, _view_all(call, page, start, limit))


def get_restrictions_by_operation(call: Call) -> Answer:
    """What is expanded is shown, by default all of it: `read` or `update`, each with what is expanded in it."""
    page = _page_of(call)
    tree = legacy.expansions(call) or dict.fromkeys(restriction_rows.OPERATIONS, _ALL)
    path = f"{site_url(call)}/rest/api/content/{page['id']}/restriction/byOperation"
    view: dict[str, Any] = {
        name: _view(call, page, name, tree[name], 0, _LIMIT_BY_OPERATION)
        for name in restriction_rows.OPERATIONS
        if name in tree
    }
    rest = {name: f"{path.removeprefix(site_url(call))}/{name}" for name in restriction_rows.OPERATIONS}
    left = {name: place for name, place in rest.items() if name not in view}
    if left:
        view["_expandable"] = left
    return Answer(200, {**view, "_links": {"self": path, **_bases(call)}})


def add_restrictions(call: Call) -> Answer:
    """Name more people and groups; those that are named already stay."""
    page = _page_for_writing(call)
    _put(call, _sent(call, page))
    return Answer(200, _view_all(call, page, 0, _LIMIT))


def update_restrictions(call: Call) -> Answer:
    """Name those of the request, and nobody else, of either operation."""
    page = _page_for_writing(call)
    wanted = _sent(call, page)
    _clear(call, page, keeping={row["id"] for row in wanted})
    _put(call, wanted)
    return Answer(200, _view_all(call, page, 0, _LIMIT))


def delete_restrictions(call: Call) -> Answer:
    page = _page_for_writing(call)
    _clear(call, page)
    return Answer(200, _view_all(call, page, 0, _LIMIT))


def _put(call: Call, rows: list[Row]) -> None:
    for row in rows:
        call.state.put("page_restriction", row)


def _clear(call: Call, page: Row, keeping: set[str] | None = None) -> None:
    for row in call.state.find("page_restriction", "page", page["id"]):
        if row["id"] not in (keeping or ()):
            call.state.delete("page_restriction", row["id"])


def _sent(call: Call, page: Row) -> list[Row]:
    """The rows that a request asks for, in its order."""
    given = call.body["results"] if isinstance(call.body, dict) else call.body
    rows: list[Row] = []
    for one in given:
        operation = one["operation"]
        if operation not in restriction_rows.OPERATIONS:
            raise errors.bad_restriction(operation)
        subjects = one["restrictions"]
        users = subjects.get("user") or []
        for user in users["results"] if isinstance(users, dict) else users:
            rows.append(restriction(page["id"], operation, user=_user_id(call, user or {})))
        for group in subjects.get("group") or []:
            rows.append(restriction(page["id"], operation, group=_group_name(call, group)))
    return rows


def _user_id(call: Call, user: dict[str, Any]) -> str:
    account_id = user.get("accountId") or ""
    if call.state.get("user", account_id) is None:
        raise errors.no_subject("user", account_id)
    return str(account_id)


def _group_name(call: Call, group: dict[str, Any]) -> str:
    """Clients name a group by its id; some, as on the older products, by its name."""
    given = str(group.get("id") or group.get("name") or "")
    name = groups.named(call, given)
    if name is None:
        raise errors.no_subject("group", given)
    return name


def _page_of(call: Call) -> Row:
    page_id = legacy.content_id(call)
    page = page_rows.living(call, page_id)
    if page is None:
        raise errors.no_restricted_content(page_id)
    return page


def _page_for_writing(call: Call) -> Row:
    page = _page_of(call)
    if not restriction_rows.may_update(call, page):
        raise errors.restrictions_fixed(page["id"])
    return page


def _view_all(call: Call, page: Row, start: int, limit: int) -> dict[str, Any]:
    """Both operations; `start` and `limit` count the people and the groups of each."""
    sent = legacy.expansions(call)
    shared: legacy.Tree = {name: sent[name] for name in ("restrictions", "content") if name in sent}
    trees = {name: {**shared, **sent.get(name, {})} if sent else _ALL for name in restriction_rows.OPERATIONS}
    results = [_view(call, page, name, trees[name], start, limit) for name in restriction_rows.OPERATIONS]
    ids = sorted(row["id"] for row in call.state.find("page_restriction", "page", page["id"]))
    path = f"{site_url(call)}/rest/api/content/{page['id']}/restriction"
    return {
        "results": results,
        "start": start,
        "limit": limit,
        "size": len(results),
        "restrictionsHash": hashlib.sha256("\n".join(ids).encode()).hexdigest(),
        "_links": {"self": path, **_bases(call)},
    }


def _view(call: Call, page: Row, operation: str, tree: legacy.Tree, start: int, limit: int) -> dict[str, Any]:
    path = f"/rest/api/content/{page['id']}/restriction/byOperation/{operation}"
    view: dict[str, Any] = {"operation": operation}
    expandable = {}
    if "restrictions" in tree:
        view["restrictions"] = _subjects(call, page, operation, tree["restrictions"], start, limit)
    else:
        expandable["restrictions"] = path
    if "content" in tree:
        view["content"] = legacy.view_content(call, page, tree["content"])
    else:
        expandable["content"] = f"/rest/api/content/{page['id']}"
    return {**view, "_expandable": expandable, "_links": {"self": site_url(call) + path}}


def _subjects(call: Call, page: Row, operation: str, tree: legacy.Tree, start: int, limit: int) -> dict[str, Any]:
    rows = restriction_rows.rows_of(call.state, page["id"], operation)
    found = {
        "user": [legacy.view_user(call, row["user"]) for row in rows if row["user"] is not None],
        "group": [groups.view_group(call, row["group"]) for row in rows if row["group"] is not None],
    }
    view: dict[str, Any] = {}
    for kind, subjects in found.items():
        if kind in tree:
            shown = subjects[start : start + limit]
            view[kind] = {"results": shown, "start": start, "limit": limit, "size": len(shown)}
    if "user" in view:
        view["user"]["totalSize"] = len(found["user"])
    return {**view, "_expandable": {kind: "" for kind in found if kind not in view}}


def _bases(call: Call) -> dict[str, str]:
    return {"base": site_url(call), "context": f"{call.request.prefix}/wiki"}


OPERATIONS: Mapping[str, Handler] = {
    "confluence-v1/getRestrictions": get_restrictions,
    "confluence-v1/addRestrictions": add_restrictions,
    "confluence-v1/updateRestrictions": update_restrictions,
    "confluence-v1/deleteRestrictions": delete_restrictions,
    "confluence-v1/getRestrictionsByOperation": get_restrictions_by_operation,
}
