"""Who has which permission in a space, as a list: a person that the space names, or the group of everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import groups, paging
from sandlot_server.confluence.spaces import space_by_id
from sandlot_server.site.permissions import OF_SPACES
from sandlot_server.site.state import Row


def get_space_permissions_assignments(call: Call) -> Answer:
    return paging.listing(call, _assignments(call, space_by_id(call, call.path["id"])), _view, lambda row: 0)


def _assignments(call: Call, space: Row) -> list[Row]:
    """Their ids follow from the space's and from their places: the list changes with the seed alone."""
    held = [(permission, *who) for permission in OF_SPACES for who in _principals(call, space, permission)]
    return [
        {"id": f"{space['id']}{place:03}", "permission": permission, "type": kind, "principal": principal}
        for place, (permission, kind, principal) in enumerate(held, 1)
    ]


def _principals(call: Call, space: Row, permission: str) -> list[tuple[str, str]]:
    named = space.get("permissions", {}).get(permission)
    if named is None:
        return [("group", groups.view_group(call, groups.EVERYBODY)["id"])]
    return [("user", account_id) for account_id in named]


def _view(call: Call, row: Row) -> dict[str, Any]:
    operation, _, target = row["permission"].partition(" ")
    return {
        "id": row["id"],
        "principal": {"type": row["type"], "id": row["principal"]},
        "operation": {"key": operation, "targetType": target},
    }


OPERATIONS: Mapping[str, Handler] = {"confluence/getSpacePermissionsAssignments": get_space_permissions_assignments}
