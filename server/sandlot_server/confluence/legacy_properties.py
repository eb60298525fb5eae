"""Properties of pages in API v1, where a property is found by its key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import content_properties, errors, legacy, paging, restriction_rows
from sandlot_server.confluence.wire import iso, site_url
from sandlot_server.site.state import Row


def get_properties(call: Call) -> Answer:
    rows = content_properties.properties_of(call, "page", legacy.page_of_path(call)["id"])
    return Answer(200, paging.legacy_listing(call, rows, _view))


def get_property(call: Call) -> Answer:
    return Answer(200, _view(call, _property_of(call, legacy.page_of_path(call))))


def create_property(call: Call) -> Answer:
    """Under the key of the path, or else of the body."""
    page = _page_for_writing(call)
    key = call.path.get("key") or call.body.get("key")
    return Answer(200, _view(call, content_properties.new_property(call, "page", page["id"], key)))


def update_property(call: Call) -> Answer:
    """The next version of a property; the version 1 of one that is not there makes it."""
    page = _page_for_writing(call)
    row = _found(call, page)
    if row is not None:
        return Answer(200, _view(call, content_properties.revised_property(call, row)))
    if (call.body.get("version") or {}).get("number") != 1:
        raise errors.no_property(call, call.path["key"])
    return Answer(200, _view(call, content_properties.new_property(call, "page", page["id"], call.path["key"])))


def delete_property(call: Call) -> Answer:
    page = _page_for_writing(call)
    call.state.delete("content_property", _property_of(call, page)["id"])
    return Answer(204)


def _page_for_writing(call: Call) -> Row:
    page = legacy.page_of_path(call)
    restriction_rows.require_update(call, page)
    return page


def _found(call: Call, page: Row) -> Row | None:
    rows = content_properties.properties_of(call, "page", page["id"])
    return next((row for row in rows if row["key"] == call.path["key"]), None)


def _property_of(call: Call, page: Row) -> Row:
    row = _found(call, page)
    if row is None:
        raise errors.no_property(call, call.path["key"])
    return row


def _view(call: Call, row: Row) -> dict[str, Any]:
    tree = legacy.expansions(call, "version")
    view: dict[str, Any] = {"id": row["id"], "key": row["key"], "value": row["value"]}
    expandable = {"content": f"/rest/api/content/{row['page']}"}
    if "version" in tree:
        view["version"] = {
            "by": legacy.view_user(call, row["versionAuthor"]),
            "when": iso(row["versionCreatedAt"]),
            "message": row["versionMessage"],
            "number": row["versionNumber"],
            "minorEdit": False,
            "contentTypeModified": False,
        }
    else:
        expandable["version"] = ""
    links = {"self": f"{site_url(call)}/rest/api/content/{row['page']}/property/{quote(row['key'], safe='')}"}
    return {**view, "_expandable": expandable, "_links": links}


OPERATIONS: Mapping[str, Handler] = {
    "confluence-v1/getContentProperties": legacy.deprecated(get_properties),
    "confluence-v1/createContentProperty": legacy.deprecated(create_property),
    "confluence-v1/getContentProperty": legacy.deprecated(get_property),
    "confluence-v1/createContentPropertyForKey": legacy.deprecated(create_property),
    "confluence-v1/updateContentProperty": legacy.deprecated(update_property),
    "confluence-v1/deleteContentProperty": legacy.deprecated(delete_property),
}
