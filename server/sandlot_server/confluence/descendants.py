"""All that stands under a page, in API v1."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import (
    attachment_rows,
    comment_rows,
    errors,
    legacy,
    legacy_attachments,
    legacy_comments,
    page_rows,
    paging,
)
from sandlot_server.numbers import whole_number
from sandlot_server.site.state import Row

_KINDS = ("page", "comment", "attachment")
_DEEPEST = 100


def get_descendants(call: Call) -> Answer:
    return Answer(200, legacy.view_descendants(call, _page(call), legacy.expansions(call)))


def get_descendants_by_type(call: Call) -> Answer:
    """Pages down to a depth; comments with their replies; the attachments of the page itself."""
    kind = call.path["type"]
    if kind not in _KINDS:
        raise errors.bad_child_type(kind)
    paging.window(call)
    page = _page(call)
    depth = _depth(call)
    view: Callable[[Call, Row, legacy.Tree], dict[str, Any]] = legacy.view_content
    if kind == "page":
        rows = page_rows.descendants(call, page, depth)
    elif kind == "comment":
        first = comment_rows.on_page(call, page)
        rows = [one for row in first for one in (row, *(comment_rows.below(call, row) if depth != 1 else ()))]
        view = legacy_comments.view_comment
    else:
        rows, view = attachment_rows.on_page(call, page), legacy_attachments.view_attachment
    tree = legacy.expansions(call)

    def view_one(call: Call, row: Row) -> dict[str, Any]:
        return view(call, row, tree)

    return Answer(200, paging.legacy_listing(call, rows, view_one))


def _depth(call: Call) -> int | None:
    """How many levels are asked for: `root` is the first alone, `all` every one."""
    given = call.query["depth"]
    if given in ("all", "root"):
        return None if given == "all" else 1
    depth = whole_number(given)
    if depth is None or not 1 <= depth <= _DEEPEST:
        raise errors.bad_depth(given)
    return depth


def _page(call: Call) -> Row:
    page_id = legacy.content_id(call)
    page = page_rows.living(call, page_id)
    if page is None:
        raise errors.no_parent_content(page_id)
    return page


OPERATIONS: Mapping[str, Handler] = {
    "confluence-v1/getContentDescendants": legacy.deprecated(get_descendants),
    "confluence-v1/getDescendantsOfType": legacy.deprecated(get_descendants_by_type),
}
