"""CQL search. Results are pages and spaces, or people; what else real sites index, no site here has.

As measured on live sites: `start` never moves the page, only `cursor` does; titles are escaped as HTML.
"""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import errors, legacy, page_rows, paging
from sandlot_server.confluence.wire import iso, page_links, site_url
from sandlot_server.documents import storage
from sandlot_server.query import cql
from sandlot_server.site.state import Row

_EXCERPT = 300
_INDEXED_EXCERPT = 50
_MARKERS = ("start", "limit", "next", "prev", "cursor")


def search_by_cql(call: Call) -> Answer:
    query = call.query
    found = _found(call)
    at = _place(call, found)
    shown = found[at : at + query["limit"]]
    tree = legacy.expansions(call)
    return Answer(
        200,
        {
            "results": [_view(call, row, tree) for row in shown],
            "start": query["start"],
            "limit": query["limit"],
            "size": len(shown),
            "totalSize": len(found),
            "cqlQuery": query["cql"],
            "searchDuration": 1,
            "archivedResultCount": 0,
            "_links": _links(call, found, at, query["start"]),
        },
        errors.UNCACHED,
    )


def search_content_by_cql(call: Call) -> Answer:
    """The pages alone, as the content API shows them."""
    limit = call.query["limit"]
    found = [row for row in _found(call) if not _is_space(row)]
    at = _place(call, found)
    shown = found[at : at + limit]
    tree = legacy.expansions(call)
    return Answer(
        200,
        {
            "results": [legacy.view_content(call, row, tree) for row in shown],
            "start": at,
            "limit": limit,
            "size": len(shown),
            "_links": _links(call, found, at, at),
        },
    )


def search_user(call: Call) -> Answer:
    """People. Unlike the other search, this one goes by `start`."""
    found = _found(call, cql.run_users)
    page = paging.legacy_listing(call, found, _view_user)
    sums = {"totalSize": len(found), "cqlQuery": call.query["cql"], "searchDuration": 1}
    return Answer(200, {**page, **sums}, errors.UNCACHED)


def _found(call: Call, run: Callable[..., list[Row]] = cql.run) -> list[Row]:
    """Everything that the query finds, in its order."""
    text = call.query["cql"]
    if not text:
        raise errors.no_cql()
    try:
        return run(text, call.state, call.user, call.now)
    except cql.CqlError as error:
        raise errors.bad_cql(str(error)) from None


def _place(call: Call, found: list[Row]) -> int:
    """Where the page that the cursor stands for begins: after the last row of the page before."""
    cursor = call.query.get("cursor")
    if not cursor:
        return 0
    position = paging.decode_cursor(call, cursor)
    if position is None:
        raise errors.bad_search_cursor()
    seen, last = position
    ids = [_id(row) for row in found]
    return ids.index(last) + 1 if last in ids else min(seen, len(ids))


def _links(call: Call, found: list[Row], at: int, start: int) -> dict[str, str]:
    limit = call.query["limit"]
    pairs = [pair for pair in call.request.raw_query.split("&") if pair and pair.partition("=")[0] not in _MARKERS]
    expand = [pair for pair in pairs if pair.startswith("expand=")]
    # The excerpt is not carried over, as measured.
    rest = [pair for pair in pairs if pair not in expand and not pair.startswith("excerpt=")]
    path = call.request.path.removeprefix("/wiki")
    links = {"base": site_url(call), "context": f"{call.request.prefix}/wiki"}
    end = at + limit
    if limit and end < len(found):
        cursor = quote(paging.encode_cursor(call, [end, _id(found[end - 1])]), safe="")
        parts = ["next=true", f"cursor={cursor}", *expand, f"limit={limit}", f"start={start + limit}", *rest]
        links["next"] = f"{path}?{'&'.join(parts)}"
    if call.query.get("cursor"):
        sent = quote(call.query["cursor"], safe="")
        parts = [
            f"cursor={sent}",
            "prev=true",
            *expand,
            f"limit={limit}",
            f"start={max(0, start - limit)}",
            *rest,
        ]
        links["prev"] = f"{path}?{'&'.join(parts)}"
    links["self"] = f"{site_url(call)}{path}?{'&'.join(pairs)}"
    return links


def _view(call: Call, row: Row, tree: legacy.Tree) -> dict[str, Any]:
    return _view_space(call, row, tree) if _is_space(row) else _view_page(call, row, tree)


def _view_page(call: Call, page: Row, tree: legacy.Tree) -> dict[str, Any]:
    space = page_rows.space_of(call, page)
    return {
        "content": legacy.view_content(call, page, tree.get("content", {})),
        "title": html.escape(page["title"], quote=True),
        "excerpt": _excerpt(call, page),
        "url": page_links(page, space)["webui"],
        "resultGlobalContainer": {"title": space["name"], "displayUrl": f"/spaces/{space['key']}"},
        "breadcrumbs": [],
        "entityType": "content",
        "iconCssClass": "aui-icon content-type-page",
        "lastModified": iso(page["versionCreatedAt"]),
        "friendlyLastModified": _friendly(page["versionCreatedAt"]),
        "score": 0.0,
    }


def _view_space(call: Call, space: Row, tree: legacy.Tree) -> dict[str, Any]:
    return {
        "space": legacy.view_space(call, space, tree.get("space", {})),
        "title": html.escape(space["name"], quote=True),
        "excerpt": space["description"][:_EXCERPT],
        "url": f"/spaces/{space['key']}",
        "breadcrumbs": [],
        "entityType": "space",
        "iconCssClass": "aui-icon content-type-space",
        "lastModified": iso(space["createdAt"]),
        "friendlyLastModified": _friendly(space["createdAt"]),
        "score": 0.0,
    }


def _view_user(call: Call, user: Row) -> dict[str, Any]:
    """A person, of whom the service does not say when they last changed."""
    return {
        "user": legacy.view_user(call, user["id"]),
        "title": html.escape(user["displayName"], quote=True),
        "excerpt": "",
        "url": f"/people/{user['id']}",
        "breadcrumbs": [],
        "entityType": "user",
        "iconCssClass": "aui-icon content-type-profile",
        "lastModified": iso(0),
        "friendlyLastModified": _friendly(0),
        "score": 0.0,
    }


def _excerpt(call: Call, page: Row) -> str:
    """The beginning of a page's text."""
    kind = call.query["excerpt"]
    if kind == "none":
        return ""
    text = storage.to_text(page["body"])[: _INDEXED_EXCERPT if kind.startswith("indexed") else _EXCERPT]
    return text if kind.endswith("_unescaped") else html.escape(text, quote=True)


def _friendly(moment: int) -> str:
    return time.strftime("%b %d, %Y", time.gmtime(moment // 1000))


def _is_space(row: Row) -> bool:
    return "key" in row


def _id(row: Row) -> str:
    """Spaces and pages count their ids apart."""
    return f"{'space' if _is_space(row) else 'page'} {row['id']}"


OPERATIONS: Mapping[str, Handler] = {
    "confluence-v1/searchByCQL": search_by_cql,
    "confluence-v1/searchContentByCQL": search_content_by_cql,
    "confluence-v1/searchUser": search_user,
}
