"""The rules of spaces: who may read one, and what its readers may do in it. What a space does not say is everybody's.

Who may not read a space may do nothing in it; the pipeline hides it from them with all that stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable

from sandlot_server.call import Call
from sandlot_server.site.permissions import is_given
from sandlot_server.site.state import Row, State

# What a space does not keep apart from another permission.
_IMPLIED = {"delete space": "administer space"}


def hidden(state: State, user: Row | None) -> set[str]:
    """The ids of the spaces that a user may not read."""
    closed = state.memoized_table("space", "closed", _closed)
    return {space["id"] for space in closed if user is None or not is_given(space, "read space", user)}


def _closed(spaces: list[Row]) -> list[Row]:
    """Those that are not for everybody to read."""
    return [space for space in spaces if "read space" in space.get("permissions", {})]


def may(state: State, user: Row | None, space_id: str, permission: str) -> bool:
    """Whether a user has a permission in a space: an operation and its target, such as `create page`."""
    space = state.get("space", space_id)
    if space is None or user is None:
        return False
    return is_given(space, "read space", user) and is_given(space, permission, user)


def may_all(state: State, space_id: str, permission: str) -> bool:
    """Whether everybody has it: a space names people alone."""
    space = state.get("space", space_id) or {}
    return not {"read space", permission} & set(space.get("permissions", {}))


def permitted(call: Call, space: Row, operations: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """What of the operations on a space and its contents the caller may do, as both APIs show them."""
    return [
        {"operation": operation, "targetType": target}
        for operation, target in operations
        if _may(call, space, f"{operation} {target}")
    ]


def _may(call: Call, space: Row, permission: str) -> bool:
    return may(call.state, call.user, space["id"], _IMPLIED.get(permission, permission))
