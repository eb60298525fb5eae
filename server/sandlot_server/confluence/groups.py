"""The groups of a site, which follow from its users: everybody who is active, and the administrators."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from sandlot_server.call import Call
from sandlot_server.site.state import Row

_NAMESPACE = uuid.UUID("2c8f6a40-7d5b-4a0e-9f3c-61d0a4be5c77")
EVERYBODY = "confluence-users"
_MEMBERS: Mapping[str, Callable[[Row], bool]] = {
    EVERYBODY: lambda user: True,
    "site-admins": lambda user: bool(user["admin"]),
}


def has_member(name: str, user: Row) -> bool:
    return bool(user["active"]) and _MEMBERS[name](user)


def named(call: Call, name_or_id: str) -> str | None:
    """The name of the group that a name or an id stands for."""
    return next((name for name in _MEMBERS if name_or_id in (name, _id(call, name))), None)


def view_group(call: Call, name: str) -> dict[str, Any]:
    return {"type": "group", "name": name, "id": _id(call, name), "usageType": "USERBASE_GROUP", "managedBy": "ADMINS"}


def _id(call: Call, name: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{call.cloud_id}:{name}"))
