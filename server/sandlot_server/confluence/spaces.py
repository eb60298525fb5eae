"""Spaces of both APIs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import content_properties, errors, legacy, page_rows, paging, space_permissions
from sandlot_server.confluence.wire import iso, site_url
from sandlot_server.site.state import Row, State

_KEY = re.compile(r"~?[A-Za-z0-9]{1,255}")
_ORDERS: Mapping[str, Callable[[Row], Any]] = {
    "id": lambda row: 0,
    "key": lambda row: row["key"].lower(),
    "name": lambda row: row["name"].lower(),
}
_ICON = {
    "path": "/images/logo/default-space-logo.svg",
    "apiDownloadLink": "/download/attachments/default-space-logo",
}
_OPERATIONS = (
    ("administer", "space"),
    ("read", "space"),
    ("delete", "space"),
    ("create", "page"),
    ("delete", "page"),
)
_EMPTY = ("labels", "permissions", "role-assignments")


def get_spaces(call: Call) -> Answer:
    query = call.query
    rows = call.state.all("space")
    if "ids" in query:
        ids = {str(space_id) for space_id in query["ids"]}
        rows = [row for row in rows if row["id"] in ids]
    if "keys" in query:
        keys = {key.lower() for key in query["keys"]}
        rows = [row for row in rows if row["key"].lower() in keys]
    for name in ("type", "status"):
        if name in query:
            rows = [row for row in rows if row[name] == query[name]]
    # Spaces carry neither labels nor stars here.
    if query.get("labels") or "favorited-by" in query:
        rows = []
    sort = query.get("sort", "id")
    return paging.listing(call, rows, _view_listed, _ORDERS[sort.removeprefix("-")], sort.startswith("-"))


def get_space_by_id(call: Call) -> Answer:
    space = space_by_id(call, call.path["id"])
    view = view_space(call, space, based=True)
    if call.query["include-operations"]:
        view["operations"] = _included(call, space, "operations", space_permissions.permitted(call, space, _OPERATIONS))
    if call.query["include-properties"]:
        rows = content_properties.properties_of(call, "space", space["id"])
        properties = [content_properties.view_of_space(row) for row in rows]
        view["properties"] = _included(call, space, "properties", properties)
    for name in _EMPTY:
        if call.query[f"include-{name}"]:
            member = "roleAssignments" if name == "role-assignments" else name
            view[member] = _included(call, space, name, [])
    return Answer(200, view)


def create_space(call: Call) -> Answer:
    given = call.body
    description = given.get("description") or {}
    space = _create(call, given, description.get("value", ""))
    return Answer(201, view_space(call, space, based=True))


def get_listed_spaces(call: Call) -> Answer:
    """The older list; a key that is not there yields no row."""
    query = call.query
    rows = call.state.all("space")
    if query.get("spaceKey"):
        keys = {key.strip().lower() for key in query["spaceKey"]}
        rows = [row for row in rows if row["key"].lower() in keys]
    if query.get("spaceId"):
        ids = {str(space_id) for space_id in query["spaceId"]}
        rows = [row for row in rows if row["id"] in ids]
    for name in ("type", "status"):
        if query.get(name):
            rows = [row for row in rows if row[name] == query[name].lower()]
    tree = legacy.expansions(call)
    return Answer(200, paging.legacy_listing(call, rows, lambda call, row: legacy.view_space(call, row, tree)))


def get_space(call: Call) -> Answer:
    key = call.path["spaceKey"]
    space = space_by_key(call, key)
    if space is None:
        raise errors.no_space_key(key)
    return Answer(200, legacy.view_space(call, space, legacy.expansions(call), alone=True))


def create_legacy_space(call: Call) -> Answer:
    given = call.body
    plain = (given.get("description") or {}).get("plain") or {}
    space = _create(call, given, plain.get("value", ""))
    tree = legacy.expansions(call, "homepage,description.plain")
    return Answer(200, legacy.view_space(call, space, tree, alone=True))


def _create(call: Call, given: dict[str, Any], description: str) -> Row:
    """Write a space with its homepage."""
    name = given["name"].strip()
    key = given.get("key") or given.get("alias")
    if not name:
        raise errors.space_name_missing(call)
    if not key:
        raise errors.space_key_missing(call)
    if _KEY.fullmatch(key) is None:
        raise errors.bad_space_key(call, key)
    if _of_key(call.state.whole, key) is not None:
        raise errors.space_key_taken(call, key)
    assert call.user is not None
    space: Row = {
        "id": call.state.next_id("space"),
        "key": key,
        "alias": given.get("alias") or key,
        "name": name,
        "type": "global",
        "status": "current",
        "description": description,
        "homepage": None,
        "author": call.user["id"],
        "createdAt": call.now,
    }
    homepage = page_rows.create(call, space, None, f"{name} Home")
    space = {**space, "homepage": homepage["id"]}
    call.state.put("space", space)
    return space


def space_by_id(call: Call, space_id: str) -> Row:
    """The space with an id as it stands in a path of v2, leading zeros and all."""
    space = call.state.get("space", space_id.lstrip("0"))
    if space is None:
        raise errors.no_space(space_id)
    return space


def space_by_key(call: Call, key: str) -> Row | None:
    """Space keys match in any case."""
    return _of_key(call.state, key)


def _of_key(state: State, key: str) -> Row | None:
    if exact := state.find("space", "key", key):
        return exact[0]
    folded = key.lower()
    return next((row for row in state.all("space") if row["key"].lower() == folded), None)


def view_space(call: Call, space: Row, *, based: bool = False) -> dict[str, Any]:
    """A space of v2. One that stands alone is `based`: its links say what they are relative to."""
    links = {"webui": f"/spaces/{space['key']}"}
    if based:
        links["base"] = site_url(call)
    view = {
        "id": space["id"],
        "key": space["key"],
        "name": space["name"],
        "type": space["type"],
        "status": space["status"],
        "authorId": space["author"],
        "spaceOwnerId": space["author"],
        "currentActiveAlias": space["alias"],
        "createdAt": iso(space["createdAt"]),
    }
    if space["homepage"]:
        view["homepageId"] = space["homepage"]
    representation = call.query.get("description-format")
    if representation is not None:
        view["description"] = {representation: {"representation": representation, "value": space["description"]}}
    if call.query.get("include-icon"):
        view["icon"] = _ICON
    return {**view, "_links": links}


def _view_listed(call: Call, space: Row) -> dict[str, Any]:
    return view_space(call, space)


def _included(call: Call, space: Row, name: str, results: list[dict[str, Any]]) -> dict[str, Any]:
    link = f"{call.request.prefix}/wiki/api/v2/spaces/{space['id']}/{name}"
    return {"results": results, "meta": {"hasMore": False}, "_links": {"self": link}}


OPERATIONS: Mapping[str, Handler] = {
    "confluence/getSpaces": get_spaces,
    "confluence/getSpaceById": get_space_by_id,
    "confluence/createSpace": create_space,
    "confluence-v1/getSpaces": legacy.deprecated(get_listed_spaces),
    "confluence-v1/getSpace": legacy.deprecated(get_space),
    "confluence-v1/createSpace": create_legacy_space,
}
