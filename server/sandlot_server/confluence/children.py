"""The tree of pages: children and ancestors, of both APIs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import errors, legacy, page_rows, paging
from sandlot_server.confluence.pages import page_by_id, sorted_listing
from sandlot_server.confluence.wire import site_url
from sandlot_server.site.state import Row


def get_child_pages(call: Call) -> Answer:
    page = page_by_id(call, call.path["id"])
    rows = page_rows.children(call, page, page_rows.LISTED)
    return sorted_listing(call, rows, _view_child, default="child-position")


def get_page_direct_children(call: Call) -> Answer:
    """Pages alone: a site here has no folders, whiteboards or databases."""
    page = call.state.get("page", call.path["id"].lstrip("0"))
    if page is None:
        raise errors.no_page_entity(call.path["id"])
    return sorted_listing(call, page_rows.children(call, page), _view_direct_child, default="child-position")


def get_page_ancestors(call: Call) -> Answer:
    page = page_by_id(call, call.path["id"])
    above = page_rows.ancestors(call, page)[: call.query["limit"]]
    results = [{"id": row["id"], "type": "page"} for row in above]
    return Answer(200, {"results": results, "_links": {"base": site_url(call)}})


def get_content_children(call: Call) -> Answer:
    """The children by type: those that are asked for, and paths to the others."""
    page = _parent(call)
    return Answer(200, legacy.view_children(call, page, legacy.expansions(call)))


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


def get_attachments(call: Call) -> Answer:
    """No page here has any."""
    page_id = legacy.content_id(call)
    paging.window(call, cap=None)
    if legacy.living_page(call, page_id) is None:
        raise errors.no_attachment_container(page_id)
    return Answer(200, paging.legacy_listing(call, [], legacy.view_label, cap=None))


def _parent(call: Call) -> Row:
    page_id = legacy.content_id(call)
    page = legacy.living_page(call, page_id)
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


OPERATIONS: Mapping[str, Handler] = {
    "confluence/getChildPages": get_child_pages,
    "confluence/getPageDirectChildren": get_page_direct_children,
    "confluence/getPageAncestors": get_page_ancestors,
    "confluence-v1/getContentChildren": legacy.deprecated(get_content_children),
    "confluence-v1/getContentChildrenByType": legacy.deprecated(get_content_children_by_type),
    "confluence-v1/getAttachments": legacy.deprecated(get_attachments),
}
