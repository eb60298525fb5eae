"""Properties of pages, spaces and attachments: JSON values under a key, kept as they were sent, in versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import attachment_rows, errors, page_rows, paging, restriction_rows, space_permissions
from sandlot_server.confluence.wire import iso, site_url
from sandlot_server.site.state import Row

_LONGEST_KEY = 255
_LONGEST_VALUE = 32_768
# What has properties, and the columns that name it; each with how an id is looked up.
_OWNERS: Mapping[str, Callable[[Call, str], Row | None]] = {
    "page": lambda call, given: page_rows.living(call, given.lstrip("0")),
    "space": lambda call, given: call.state.get("space", given.lstrip("0")),
    "attachment": attachment_rows.living,
}
_ORDERS: Mapping[str, Callable[[Row], Any]] = {"id": lambda row: 0, "key": lambda row: row["key"]}


def get_properties(call: Call) -> Answer:
    rows = properties_of(call, *_owner(call))
    if "key" in call.query:
        rows = [row for row in rows if row["key"] == call.query["key"]]
    sort = call.query.get("sort", "id")
    return paging.listing(call, rows, _view, _ORDERS[sort.removeprefix("-")], sort.startswith("-"))


def get_property(call: Call) -> Answer:
    return Answer(200, _view(call, _property_of(call)))


def create_property(call: Call) -> Answer:
    kind, owner_id = _owner(call)
    _require_writing(call, kind, owner_id)
    row = new_property(call, kind, owner_id, call.body.get("key"))
    if kind != "space":
        return Answer(200, _view(call, row))
    location = f"{site_url(call)}/api/v2/spaces/{owner_id}/properties/{row['id']}"
    return Answer(201, _view(call, row), {"location": location})


def new_property(call: Call, kind: str, owner_id: str, key: str | None) -> Row:
    """Write the value of a request's body under a key that is free."""
    value = _value(call)
    if not key or not key.strip():
        raise errors.property_missing(call, "key")
    if len(key) > _LONGEST_KEY:
        raise errors.property_too_long(call, "key", _LONGEST_KEY)
    if any(row["key"] == key for row in properties_of(call, kind, owner_id)):
        raise errors.property_taken(call, key)
    author = _caller(call)
    row = {
        "id": call.state.next_id("content_property"),
        **dict.fromkeys(_OWNERS),
        kind: owner_id,
        "key": key,
        "value": value,
        "author": author,
        "createdAt": call.now,
        "versionNumber": 1,
        "versionMessage": "",
        "versionAuthor": author,
        "versionCreatedAt": call.now,
    }
    call.state.put("content_property", row)
    return row


def update_property(call: Call) -> Answer:
    return Answer(200, _view(call, revised_property(call, _property_for_writing(call))))


def revised_property(call: Call, row: Row) -> Row:
    """Write the next version of a property from a request's body, under the key that it has."""
    given = call.body
    version = given.get("version") or {}
    if given.get("key") not in (None, row["key"]):
        raise errors.property_renamed(call, row["key"])
    if version.get("number") is None:
        raise errors.version_missing(call)
    if version["number"] != row["versionNumber"] + 1:
        raise errors.stale_version(call, row["versionNumber"], version["number"], "a property")
    changed = {
        **row,
        "value": _value(call),
        "versionNumber": row["versionNumber"] + 1,
        "versionMessage": version.get("message") or "",
        "versionAuthor": _caller(call),
        "versionCreatedAt": call.now,
    }
    call.state.put("content_property", changed)
    return changed


def delete_property(call: Call) -> Answer:
    call.state.delete("content_property", _property_for_writing(call)["id"])
    return Answer(204)


def properties_of(call: Call, kind: str, owner_id: str) -> list[Row]:
    """The properties of one thing, oldest first. `kind` is one of `_OWNERS`."""
    return call.state.find("content_property", kind, owner_id)


def view_property(row: Row) -> dict[str, Any]:
    """A property of a page or an attachment."""
    version = {
        "number": row["versionNumber"],
        "message": row["versionMessage"],
        "minorEdit": False,
        "authorId": row["versionAuthor"],
        "createdAt": iso(row["versionCreatedAt"]),
    }
    return {"id": row["id"], "key": row["key"], "value": row["value"], "version": version}


def view_of_space(row: Row) -> dict[str, Any]:
    """A property of a space."""
    version = {
        "number": row["versionNumber"],
        "message": row["versionMessage"],
        "createdBy": row["versionAuthor"],
        "createdAt": iso(row["versionCreatedAt"]),
    }
    return {
        "id": row["id"],
        "key": row["key"],
        "value": row["value"],
        "createdAt": iso(row["createdAt"]),
        "createdBy": row["author"],
        "version": version,
    }


def _view(call: Call, row: Row) -> dict[str, Any]:
    return view_property(row) if row["space"] is None else view_of_space(row)


def _owner(call: Call) -> tuple[str, str]:
    """What the path names, its kind and its id; it is not in the trash."""
    kind = next(name for name in _OWNERS if f"{name}-id" in call.path)
    given = call.path[f"{kind}-id"]
    owner = _OWNERS[kind](call, given)
    if owner is None:
        raise errors.no_property_owner(kind, given)
    return kind, owner["id"]


def _property_of(call: Call) -> Row:
    """The property that the path names."""
    kind, owner_id = _owner(call)
    row = call.state.get("content_property", call.path["property-id"].lstrip("0"))
    if row is None or row[kind] != owner_id:
        raise errors.no_property_owner("property", call.path["property-id"])
    return row


def _property_for_writing(call: Call) -> Row:
    row = _property_of(call)
    _require_writing(call, *_owner(call))
    return row


def _require_writing(call: Call, kind: str, owner_id: str) -> None:
    """Who may change a page or an attachment may change its properties; a space's are for who administers it."""
    if kind == "space":
        if not space_permissions.may(call.state, call.user, owner_id, "administer space"):
            raise errors.no_property_owner(kind, owner_id)
    elif kind == "page":
        restriction_rows.require_update(call, _row(call, "page", owner_id))
    else:
        page = attachment_rows.page_of(call, _row(call, "page_attachment", owner_id))
        restriction_rows.require_update(call, page, "create attachment")


def _row(call: Call, table: str, row_id: str) -> Row:
    row = call.state.get(table, row_id)
    assert row is not None, f"{table} {row_id} was there a moment ago"
    return row


def _value(call: Call) -> Any:
    value = call.body.get("value")
    if value is None:
        raise errors.property_missing(call, "value")
    if len(orjson.dumps(value)) > _LONGEST_VALUE:
        raise errors.property_too_long(call, "value", _LONGEST_VALUE)
    return value


def _caller(call: Call) -> str:
    assert call.user is not None, "no operation of Confluence runs without a caller"
    account_id: str = call.user["id"]
    return account_id


OPERATIONS: Mapping[str, Handler] = {
    "confluence/getPageContentProperties": get_properties,
    "confluence/createPageProperty": create_property,
    "confluence/getPageContentPropertiesById": get_property,
    "confluence/updatePagePropertyById": update_property,
    "confluence/deletePagePropertyById": delete_property,
    "confluence/getAttachmentContentProperties": get_properties,
    "confluence/createAttachmentProperty": create_property,
    "confluence/getAttachmentContentPropertiesById": get_property,
    "confluence/updateAttachmentPropertyById": update_property,
    "confluence/deleteAttachmentPropertyById": delete_property,
    "confluence/getSpaceProperties": get_properties,
    "confluence/createSpaceProperty": create_property,
    "confluence/getSpacePropertyById": get_property,
    "confluence/updateSpacePropertyById": update_property,
    "confluence/deleteSpacePropertyById": delete_property,
}
