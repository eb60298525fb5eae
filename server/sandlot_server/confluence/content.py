"""The older content API: the same pages and comments as v2's, in another shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import (
    bodies,
    comment_rows,
    errors,
    legacy,
    legacy_attachments,
    legacy_comments,
    page_rows,
    paging,
)
from sandlot_server.confluence.spaces import space_by_key
from sandlot_server.site.state import Row

_LARGEST_START = 100_000


def get_content(call: Call) -> Answer:
    """List pages. The checks come in the measured order."""
    query = call.query
    if query["start"] > _LARGEST_START:
        raise errors.start_too_large()
    space_key = query.get("spaceKey", "")
    space = space_by_key(call, space_key) if space_key else None
    if space_key and space is None:
        raise errors.no_listed_space(space_key)
    kind, title = query["type"], query.get("title", "")
    if kind in ("comment", "folder"):
        raise errors.unlisted_type(kind)
    paging.window(call)
    if kind not in ("page", "blogpost") and (kind in errors.UNLISTED_TYPES or not (space_key or title)):
        raise errors.unlisted_type(kind)
    rows = _listed(call, space, title) if kind == "page" else []
    tree = legacy.expansions(call)
    return Answer(200, paging.legacy_listing(call, rows, lambda call, row: legacy.view_content(call, row, tree)))


def _listed(call: Call, space: Row | None, title: str) -> list[Row]:
    if title:
        rows = call.state.find("page", "title_key", title.lower())
    elif space is not None:
        rows = call.state.find("page", "space", space["id"])
    else:
        rows = call.state.all("page")
    statuses = _statuses(call)
    return [
        row
        for row in rows
        if (space is None or row["space"] == space["id"]) and ("any" in statuses or row["status"] in statuses)
    ]


def get_content_by_id(call: Call) -> Answer:
    attachment = legacy_attachments.of_path(call)
    if attachment is not None:
        return legacy_attachments.get_as_content(call, attachment)
    page_id = legacy.content_id(call)
    page = call.state.get("page", page_id)
    statuses = _statuses(call)
    comment = comment_rows.living(call, page_id)
    if comment is not None:
        return Answer(200, _viewed(call, _comment_version(call, comment, statuses), legacy.ALONE))
    if page is None or not (page["status"] in statuses or {"any", "historical"} & set(statuses)):
        raise errors.no_content(page_id)
    if "version" in call.query:
        version = page_rows.at_version(call, page, call.query["version"])
        if version is None:
            raise errors.no_content(page_id)
        page = version
    return Answer(200, legacy.view_content(call, page, legacy.expansions(call, legacy.ALONE), alone=True))


def _comment_version(call: Call, comment: Row, statuses: list[str]) -> Row:
    """A comment, or the version of it that the query asks for."""
    number: int = call.query["version"] if "version" in call.query else comment["versionNumber"]
    version = comment_rows.at_version(call, comment, number)
    if version is None or not {"current", "any", "historical"} & set(statuses):
        raise errors.no_content(comment["id"])
    return version


def _viewed(call: Call, comment: Row, default: str) -> dict[str, Any]:
    return legacy_comments.view_comment(call, comment, legacy.expansions(call, default), alone=True)


def create_content(call: Call) -> Answer:
    given = call.body
    if given["type"] == "comment":
        return Answer(200, _viewed(call, legacy_comments.create(call), legacy.WRITTEN))
    if given["type"] != "page":
        raise errors.other_type(given["type"])
    space = _space_of(call, given.get("space") or {})
    if space is None:
        raise errors.cannot_create(given["type"])
    status = given.get("status") or call.query.get("status") or "current"
    if status not in ("current", "draft"):
        raise errors.other_status(call, status)
    title = page_rows.wanted_title(call, given.get("title"), status)
    parent = space["homepage"]
    if given.get("ancestors"):
        parent = page_rows.wanted_parent(call, space, _parent_id(given))
    page = page_rows.create(
        call,
        space,
        parent,
        title,
        status=status,
        body=bodies.stored(call, given.get("body")) or "",
        message=given.get("version", {}).get("message") or "",
    )
    return Answer(200, legacy.view_content(call, page, legacy.expansions(call, legacy.WRITTEN), alone=True))


def update_content(call: Call) -> Answer:
    given = call.body
    page_id = legacy.content_id(call)
    comment = comment_rows.living(call, page_id)
    if comment is not None:
        if given["type"] != "comment":
            raise errors.other_type(given["type"])
        return Answer(200, _viewed(call, legacy_comments.update(call, comment), legacy.WRITTEN))
    page = call.state.get("page", page_id)
    if page is None or (page["status"] == "trashed" and given.get("status") != "current"):
        raise errors.no_content(page_id)
    if given["type"] != "page":
        raise errors.other_type(given["type"])
    version = given.get("version") or {}
    if version.get("number") is None:
        raise errors.version_missing(call)
    parent = page["parent"]
    if given.get("ancestors") and _parent_id(given) != parent:
        parent = page_rows.wanted_parent(call, page_rows.space_of(call, page), _parent_id(given), moved=page)
    status = given.get("status") or page["status"]
    body = bodies.stored(call, given.get("body"))
    title = given.get("title")
    revised = page_rows.revise(
        call,
        page,
        title=page["title"] if title is None else page_rows.wanted_title(call, title, status),
        body=page["body"] if body is None else body,
        parent=parent,
        status=status,
        number=version["number"],
        message=version.get("message") or "",
    )
    return Answer(200, legacy.view_content(call, revised, legacy.expansions(call, legacy.WRITTEN), alone=True))


def delete_content(call: Call) -> Answer:
    """A page goes to the trash; with `status=trashed` one that is there, and with `status=draft` a draft, for good.
    So do comments, which have no trash. Attachments have one."""
    attachment = legacy_attachments.of_path(call)
    if attachment is not None:
        return legacy_attachments.delete_as_content(call, attachment)
    page_id = legacy.content_id(call)
    comment = comment_rows.living(call, page_id)
    if comment is not None:
        comment_rows.delete(call, comment)
        return Answer(204)
    page = call.state.get("page", page_id)
    wanted = call.query.get("status", "current")
    living = page is not None and page["status"] in page_rows.LISTED
    if page is None or (page["status"] != wanted and not (living and wanted in ("current", "any"))):
        raise errors.no_content(page_id)
    if living:
        page_rows.trash(call, page)
    else:
        page_rows.purge(call, page)
    return Answer(204)


def _statuses(call: Call) -> list[str]:
    statuses: list[str] = call.query.get("status") or ["current"]
    return statuses


def _space_of(call: Call, given: dict[str, Any]) -> Row | None:
    if given.get("key"):
        return space_by_key(call, given["key"])
    return call.state.get("space", str(given.get("id", "")))


def _parent_id(given: dict[str, Any]) -> str:
    """Of the ancestors that came, the last is the parent."""
    return str(given["ancestors"][-1]["id"])


OPERATIONS: Mapping[str, Handler] = {
    "confluence-v1/getContent": legacy.deprecated(get_content),
    "confluence-v1/createContent": legacy.deprecated(create_content),
    "confluence-v1/getContentById": legacy.deprecated(get_content_by_id),
    "confluence-v1/updateContent": legacy.deprecated(update_content),
    "confluence-v1/deleteContent": legacy.deprecated(delete_content),
}
