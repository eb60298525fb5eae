"""The tree of pages: children and ancestors, of both APIs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import comment_rows, errors, legacy, legacy_comments, page_rows, paging
from sandlot_server.confluence.pages import page_by_id, sorted_listing
from sandlot_server.confluence.wire import site_url
from sandlot_server.site.state import Row

# More than any position among siblings: in a list by levels the level counts first.
_LEVEL = 10**13


def get_child_pages(call: Call) -> Answer:
    page = page_by_id(call, call.path["id"])
    rows = page_rows.children(call, page, page_rows.LISTED)
    return sorted_listing(call, rows, _view_child, default="child-position")


def get_page_direct_children(call: Call) -> Answer:
    """Pages alone: a site here has no folders, whiteboards or databases."""
    rows = page_rows.children(call, _page_entity(call))
    return sorted_listing(call, rows, _view_direct_child, default="child-position")


def get_page_ancestors(call: Call) -> Answer:
    page = page_by_id(call, call.path["id"])
    above = page_rows.ancestors(call, page)[: call.query["limit"]]
    results = [{"id": row["id"], "type": "page"} for row in above]
    return Answer(200, {"results": results, "_links": {"base": site_url(call)}})


def get_page_descendants(call: Call) -> Answer:
    """The pages under a page down to a depth, level by level."""
    rows: list[Row] = []
    level = [_page_entity(call)]
    for depth in range(1, call.query["depth"] + 1):
        level = [child for row in level for child in page_rows.children(call, row)]
        rows += [{**row, "depth": depth} for row in level]
    return paging.listing(call, rows, _view_descendant, lambda row: row["depth"] * _LEVEL + page_rows.position(row))


def get_content_children(call: Call) -> Answer:
    """The children by type: those that are asked for, and paths to the others."""
    content_id = legacy.content_id(call)
    tree = legacy.expansions(call)
    comment = comment_rows.living(call, content_id)
    if comment is not None:
        return Answer(200, legacy_comments.view_children(call, comment, tree))
    return Answer(200, legacy.view_children(call, _parent(call), tree))


def get_content_children_by_type(call: Call) -> Answer:
    kind = call.path["type"]
    if kind not in legacy.CHILD_TYPES:
        raise errors.bad_child_type(kind)
    legacy.content_id(call)
    # No cap on pages, as measured; the checks of start and limit come before the look-up.
    cap = None if kind == "page" else 1000
    paging.window(call, cap=cap)
    page = _parent(call)
    rows = page_rows.children(call, page) if kind == "page" else []
    tree = legacy.expansions(call)
    return Answer(
        200,
        paging.legacy_listing(call, rows, lambda call, row: legacy.view_content(call, row, tree), cap=cap),
    )


def get_content_comments(call: Call) -> Answer:
    """The comments on a page, or the replies to a comment. The checks of start and limit come before the look-up."""
    content_id = legacy.content_id(call)
    paging.window(call)
    page, comment = page_rows.living(call, content_id), comment_rows.living(call, content_id)
    if page is not None:
        rows = comment_rows.on_page(call, page)
    elif comment is not None:
        rows = comment_rows.replies(call, comment)
    else:
        raise errors.no_parent_content(content_id)
    if call.query.get("depth") == "all":
        rows = [one for row in rows for one in (row, *comment_rows.below(call, row))]
    wanted = call.query.get("location") or []
    rows = [row for row in rows if not wanted or _comment_place(call, row) in wanted]
    tree = legacy.expansions(call)
    views = paging.legacy_listing(call, rows, lambda call, row: legacy_comments.view_comment(call, row, tree))
    return Answer(200, views)


def _page_entity(call: Call) -> Row:
    page = call.state.get("page", call.path["id"].lstrip("0"))
    if page is None:
        raise errors.no_page_entity(call.path["id"])
    return page


def _comment_place(call: Call, comment: Row) -> str:
    """Where a list looks for a comment: inline ones that are settled have a place of their own."""
    return "resolved" if comment_rows.resolution(call, comment) == "resolved" else comment["location"]


def _parent(call: Call) -> Row:
    page_id = legacy.content_id(call)
    page = page_rows.living(call, page_id)
    if page is None:
        raise errors.no_parent_content(page_id)
    return page


def _view_child(call: Call, page: Row) -> dict[str, Any]:
    return {
        "id": page["id"],
        "status": page["status"],
        "title": page["title"],
        "spaceId": page["space"],
        "childPosition": page["position"],
    }


def _view_direct_child(call: Call, page: Row) -> dict[str, Any]:
    return {
        "id": page["id"],
        "status": page["status"],
        "title": page["title"],
        "type": "page",
        "childPosition": page["position"],
    }


def _view_descendant(call: Call, page: Row) -> dict[str, Any]:
    return {**_view_direct_child(call, page), "parentId": page["parent"], "depth": page["depth"]}


OPERATIONS: Mapping[str, Handler] = {
    "confluence/getChildPages": get_child_pages,
    "confluence/getPageDirectChildren": get_page_direct_children,
    "confluence/getPageAncestors": get_page_ancestors,
    "confluence/getPageDescendants": get_page_descendants,
    "confluence-v1/getContentChildren": legacy.deprecated(get_content_children),
    "confluence-v1/getContentChildrenByType": legacy.deprecated(get_content_children_by_type),
    "confluence-v1/getContentComments": legacy.deprecated(get_content_comments),
}
