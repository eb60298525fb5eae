"""The rules of restrictions: who may read a page, and who may update it.

A page without rows of an operation is free for everybody to whom its space is. Who may not read a page may not read
what stands under it; who may not update it may still update that. What a caller may not read is not there: the pipeline
hides its rows.
"""

from __future__ import annotations

from collections.abc import Callable

from sandlot_server.call import Call
from sandlot_server.confluence import errors, groups, space_permissions
from sandlot_server.site.state import Row, State

OPERATIONS = ("read", "update")
# What can be done with a page, each with what the space must let its caller do, whom the page must not keep out then.
_RIGHTS = {
    "read": None,
    "update": "create page",
    "delete": "delete page",
    "copy": None,
    "move": "create page",
    "export": None,
    "archive": "create page",
}


def unseen(state: State, user: Row | None) -> Callable[[str, Row], bool] | None:
    """What is true of the rows that a user may not see; None where nothing is hidden from anybody."""
    spaces = space_permissions.hidden(state, user)
    hidden = _hidden(state, user, spaces)

    def is_unseen(table: str, row: Row) -> bool:
        if table in ("page", "page_attachment") and row["id"] in hidden:
            return True
        if (row["id"] if table == "space" else row.get("space")) in spaces:
            return True
        return row.get("page") in hidden or row.get("content") in hidden

    return is_unseen if hidden or spaces else None


def _hidden(state: State, user: Row | None, spaces: set[str]) -> set[str]:
    """The ids of the pages that a user may not read, also because of their spaces, and of their attachments."""
    restricted = state.memoized_table("page_restriction", "restricted", _restricted)
    level = [page_id for page_id in restricted if not _is_named(state, page_id, "read", user)]
    level += [page["id"] for space_id in spaces for page in state.find("page", "space", space_id)]
    hidden: set[str] = set()
    while level:
        hidden.update(level)
        level = [child["id"] for above in level for child in state.find("page", "parent", above)]
        level = [page_id for page_id in level if page_id not in hidden]
    return hidden | {row["id"] for page_id in hidden for row in state.find("page_attachment", "page", page_id)}


def _restricted(rows: list[Row]) -> set[str]:
    """The ids of the pages that name who may read them."""
    return {row["page"] for row in rows if row["operation"] == "read"}


def _is_named(state: State, page_id: str, operation: str, user: Row | None) -> bool:
    """Whether a page's own restriction of an operation lets a user in; so does one that is not there."""
    rows = rows_of(state, page_id, operation)
    return not rows or (user is not None and any(_names(row, user) for row in rows))


def _names(restriction: Row, user: Row) -> bool:
    if restriction["group"] is not None:
        return groups.has_member(restriction["group"], user)
    return bool(restriction["user"] == user["id"])


def rows_of(state: State, page_id: str, operation: str) -> list[Row]:
    return [row for row in state.find("page_restriction", "page", page_id) if row["operation"] == operation]


def may(state: State, user: Row, page: Row, operation: str) -> bool:
    """Whether a user may read a page, update it or delete it."""
    state = state.whole
    if not user["active"] or page["id"] in _hidden(state, user, space_permissions.hidden(state, user)):
        return False
    return _has_right(state, user, page, _RIGHTS[operation])


def _has_right(state: State, user: Row | None, page: Row, permission: str | None) -> bool:
    """Whether the space of a page gives a permission to a reader of the page, and the page does not keep them out."""
    if permission is None:
        return True
    in_space = space_permissions.may(state, user, page["space"], permission)
    return in_space and _is_named(state, page["id"], "update", user)


def may_all(state: State, group: str, page: Row, operation: str) -> bool:
    """Whether a group is let in as such, whoever is in it: by no restriction, or by those that name it."""
    state = state.whole
    if not space_permissions.may_all(state, page["space"], _RIGHTS[operation] or "read space"):
        return False
    above: Row | None = page
    while above is not None:
        if not _is_open_to(state, group, above["id"], "read"):
            return False
        above = state.get("page", above["parent"]) if above["parent"] else None
    return operation == "read" or _is_open_to(state, group, page["id"], "update")


def _is_open_to(state: State, group: str, page_id: str, operation: str) -> bool:
    rows = rows_of(state, page_id, operation)
    return not rows or any(row["group"] == group for row in rows)


def may_update(call: Call, page: Row, permission: str = "create page") -> bool:
    """Whether the caller may, who sees the page. `permission` is what its space must give them for it."""
    return _has_right(call.state, call.user, page, permission)


def operations(call: Call, page: Row) -> tuple[str, ...]:
    """What the caller may do with a page."""
    return tuple(name for name, right in _RIGHTS.items() if _has_right(call.state, call.user, page, right))


def require_update(call: Call, page: Row, permission: str = "create page") -> None:
    if not may_update(call, page, permission):
        raise errors.not_editable(call, page["id"])
