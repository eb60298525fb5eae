"""The pages of a space, in API v1."""

from __future__ import annotations

from collections.abc import Mapping

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import errors, legacy, paging
from sandlot_server.confluence.spaces import space_by_key
from sandlot_server.confluence.wire import site_url
from sandlot_server.site.state import Row

_KINDS = ("page", "blogpost")


def get_space_content(call: Call) -> Answer:
    """The first of each type. Nobody writes blog posts here."""
    space = _space_of(call)
    views = {kind: _listing(call, space, kind) for kind in _KINDS}
    path = f"{site_url(call)}/rest/api/space/{space['key']}/content"
    for kind, view in views.items():
        view["_links"] = {"self": f"{path}/{kind}"}
    return Answer(200, {**views, "_links": {"self": path, "base": site_url(call)}})


def get_space_content_by_type(call: Call) -> Answer:
    kind = call.path["type"]
    space = _space_of(call)
    if kind not in _KINDS:
        raise errors.unlisted_type(kind)
    return Answer(200, _listing(call, space, kind))


def _space_of(call: Call) -> Row:
    key = call.path["spaceKey"]
    space = space_by_key(call, key)
    if space is None:
        raise errors.no_space_key(key)
    return space


def _listing(call: Call, space: Row, kind: str) -> dict[str, object]:
    """With depth=root, of the pages those alone that stand under no other."""
    rows = call.state.find("page", "space", space["id"]) if kind == "page" else []
    rows = [row for row in rows if row["status"] == "current"]
    if call.query["depth"] == "root":
        rows = [row for row in rows if row["parent"] is None]
    tree = legacy.expansions(call)
    return paging.legacy_listing(call, rows, lambda call, row: legacy.view_content(call, row, tree))


OPERATIONS: Mapping[str, Handler] = {
    "confluence-v1/getSpaceContent": legacy.deprecated(get_space_content),
    "confluence-v1/getSpaceContentByType": legacy.deprecated(get_space_content_by_type),
}
