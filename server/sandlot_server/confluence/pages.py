"""Pages of API v2."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import bodies, content_properties, errors, page_rows, paging, restriction_rows
from sandlot_server.confluence.spaces import space_by_id
from sandlot_server.confluence.wire import iso, page_links, site_url
from sandlot_server.site.state import Row

_ORDERS: Mapping[str, Callable[[Row], Any]] = {
    "id": lambda row: 0,
    "created-date": lambda row: row["createdAt"],
    "modified-date": lambda row: row["versionCreatedAt"],
    "child-position": page_rows.position,
    "title": lambda row: row["title_key"],
}
_FOUND_BY_ID = ("current", "archived", "trashed")
_INCLUDED = ("labels", "properties", "operations", "likes", "versions")


def get_pages(call: Call) -> Answer:
    query = call.query
    if "id" in query:
        found = (call.state.get("page", str(page_id)) for page_id in dict.fromkeys(query["id"]))
        rows = [row for row in found if row is not None]
    elif "title" in query:
        rows = call.state.find("page", "title_key", query["title"].lower())
    else:
        rows = call.state.all("page")
    if "space-id" in query:
        spaces = {str(space_id) for space_id in query["space-id"]}
        rows = [row for row in rows if row["space"] in spaces]
    return _list(call, rows)


def get_pages_in_space(call: Call) -> Answer:
    space = space_by_id(call, call.path["id"])
    rows = call.state.find("page", "space", space["id"])
    if call.query["depth"] == "root":
        rows = [row for row in rows if row["parent"] is None]
    return _list(call, rows)


def _list(call: Call, rows: list[Row]) -> Answer:
    """What the filters common to both lists leave of the rows, in order and cut into pages."""
    query = call.query
    statuses = query.get("status") or page_rows.LISTED
    rows = [row for row in rows if row["status"] in statuses]
    if "title" in query:
        key = query["title"].lower()
        rows = [row for row in rows if key and row["title_key"] == key]
    if "subtype" in query:
        live = query["subtype"] == "live"
        rows = [row for row in rows if (row["subtype"] == "live") is live]
    return sorted_listing(call, rows, view_listed)


def sorted_listing(call: Call, rows: list[Row], view: paging.View, default: str = "id") -> Answer:
    """One page of a list of pages, by the `sort` parameter."""
    sort = call.query.get("sort", default)
    return paging.listing(call, rows, view, _ORDERS[sort.removeprefix("-")], sort.startswith("-"))


def get_page_by_id(call: Call) -> Answer:
    query = call.query
    page = _page_for_reading(call)
    if "version" in query:
        version = page_rows.at_version(call, page, query["version"])
        if version is None:
            raise errors.no_version(call, page["id"], query["version"])
        page = version
    view = view_page(call, page, query.get("body-format"), based=True)
    for name in _INCLUDED:
        if query[f"include-{name}"]:
            view[name] = _included(call, page, name)
    if query["include-direct-children"]:
        view["directChildren"] = _included(call, page, "direct-children")
    if query["include-favorited-by-current-user-status"]:
        view["isFavoritedByCurrentUser"] = False
    if not query["include-version"]:
        del view["version"]
    return Answer(200, view)


def _page_for_reading(call: Call) -> Row:
    """The page of the path, if it is in one of the states that the query asks for."""
    page = page_by_id(call, call.path["id"])
    if "status" in call.query:
        wanted = call.query["status"]
        historical = "historical" in wanted and "version" in call.query
        if page["status"] in wanted or historical:
            return page
    elif page["status"] in _FOUND_BY_ID or (page["status"] == "draft" and call.query["get-draft"]):
        return page
    raise errors.no_page(call.path["id"])


def create_page(call: Call) -> Answer:
    given = call.body
    space = _space_for_writing(call, given["spaceId"])
    status = given.get("status", "current")
    title = page_rows.wanted_title(call, given.get("title"), status)
    parent = None if call.query["root-level"] else space["homepage"]
    if given.get("parentId"):
        parent = page_rows.wanted_parent(call, space, given["parentId"])
    body = bodies.stored(call, given.get("body")) or ""
    page = page_rows.create(call, space, parent, title, status=status, body=body, subtype=given.get("subtype"))
    return Answer(200, view_page(call, page, "storage", based=True))


def update_page(call: Call) -> Answer:
    given = call.body
    page = page_by_id(call, call.path["id"])
    if given["id"] != page["id"]:
        raise errors.other_id(call, page["id"])
    if given.get("spaceId") not in (None, page["space"]):
        raise errors.other_space(call)
    number = given["version"].get("number")
    if number is None:
        raise errors.version_missing(call)
    owner = given.get("ownerId")
    if owner is not None and call.state.get("user", owner) is None:
        raise errors.no_owner(call, owner)
    parent = page["parent"]
    if given.get("parentId") and given["parentId"] != parent:
        parent = page_rows.wanted_parent(call, page_rows.space_of(call, page), given["parentId"], moved=page)
    body = bodies.stored(call, given["body"])
    revised = page_rows.revise(
        call,
        page,
        title=page_rows.wanted_title(call, given["title"], given["status"]),
        body=page["body"] if body is None else body,
        parent=parent,
        status=given["status"],
        number=number,
        message=given["version"].get("message", ""),
        owner=owner,
    )
    return Answer(200, view_page(call, revised, "storage", based=True))


def update_page_title(call: Call) -> Answer:
    """Rename a page; this too makes a version."""
    page = page_by_id(call, call.path["id"])
    if page["status"] != call.body["status"]:
        raise errors.other_status(call, call.body["status"])
    revised = page_rows.revise(
        call,
        page,
        title=page_rows.wanted_title(call, call.body["title"], page["status"]),
        body=page["body"],
        parent=page["parent"],
        status=page["status"],
        number=page["versionNumber"] + 1,
    )
    return Answer(200, view_page(call, revised, based=True))


def delete_page(call: Call) -> Answer:
    """Pages go to the trash; drafts, and with `purge` those that are there already, for good."""
    page = page_by_id(call, call.path["id"])
    purge, draft = call.query["purge"], page["status"] == "draft"
    if call.query["draft"] is not draft or (page["status"] == "trashed" and not purge):
        raise errors.no_page(call.path["id"])
    if purge and not draft and page["status"] != "trashed":
        raise errors.not_trashed(call)
    if purge or draft:
        page_rows.purge(call, page)
    else:
        page_rows.trash(call, page)
    return Answer(204)


def page_by_id(call: Call, page_id: str) -> Row:
    """The page with an id as it stands in a path, leading zeros and all; in any state."""
    page = call.state.get("page", page_id.lstrip("0"))
    if page is None:
        raise errors.no_page(page_id)
    return page


def _space_for_writing(call: Call, space_id: str) -> Row:
    if not space_id.isdecimal():
        raise errors.not_of_type("spaceId", space_id, "Long")
    return space_by_id(call, space_id)


def view_page(call: Call, page: Row, body_format: str | None = None, *, based: bool = False) -> dict[str, Any]:
    """A page of v2, without a body unless a representation is asked for. A page that stands alone is `based`:
    its links say what they are relative to."""
    links = page_links(page, page_rows.space_of(call, page))
    if based:
        links["base"] = site_url(call)
    view = {
        "id": page["id"],
        "status": page["status"],
        "title": page["title"],
        "spaceId": page["space"],
        "parentId": page["parent"],
        "parentType": "page" if page["parent"] else None,
        "position": page["position"],
        "authorId": page["author"],
        "ownerId": page["owner"],
        "lastOwnerId": None,
        "createdAt": iso(page["createdAt"]),
        "version": view_version(page),
        "body": {} if body_format is None else {body_format: bodies.represented(page["body"], body_format)},
        "_links": links,
    }
    if page["subtype"]:
        view["subtype"] = page["subtype"]
    return view


def view_version(page: Row) -> dict[str, Any]:
    return {
        "number": page["versionNumber"],
        "message": page["versionMessage"],
        "minorEdit": False,
        "authorId": page["versionAuthor"],
        "createdAt": iso(page["versionCreatedAt"]),
    }


def view_listed(call: Call, page: Row) -> dict[str, Any]:
    return view_page(call, page, call.query.get("body-format"))


def _included(call: Call, page: Row, name: str) -> dict[str, Any]:
    """What an include-* flag adds: all of it, as sites here are small."""
    results: list[dict[str, Any]] = []
    if name == "labels":
        rows = call.state.find("label", "content", page["id"])
        results = [{"id": row["label"], "name": row["name"], "prefix": row["prefix"]} for row in rows]
    elif name == "properties":
        rows = content_properties.properties_of(call, "page", page["id"])
        results = [content_properties.view_property(row) for row in rows]
    elif name == "operations":
        results = [{"operation": name, "targetType": "page"} for name in restriction_rows.operations(call, page)]
    elif name == "versions":
        numbers = range(page["versionNumber"], 0, -1)
        versions = [page_rows.at_version(call, page, number) for number in numbers]
        results = [view_version(version) for version in versions if version is not None]
    elif name == "direct-children":
        rows = page_rows.children(call, page)
        results = [{"id": row["id"], "status": row["status"], "title": row["title"], "type": "page"} for row in rows]
    link = f"{call.request.prefix}/wiki/api/v2/pages/{page['id']}/{name}"
    return {"results": results, "meta": {"hasMore": False}, "_links": {"self": link}}


OPERATIONS: Mapping[str, Handler] = {
    "confluence/getPages": get_pages,
    "confluence/createPage": create_page,
    "confluence/getPageById": get_page_by_id,
    "confluence/updatePage": update_page,
    "confluence/updatePageTitle": update_page_title,
    "confluence/deletePage": delete_page,
    "confluence/getPagesInSpace": get_pages_in_space,
}
