"""API v1's view of comments, and their writes: there a comment is content like a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandlot_server.call import Call
from sandlot_server.confluence import bodies, comment_rows, errors, legacy, legacy_attachments, page_rows
from sandlot_server.confluence.wire import comment_link, iso, site_url
from sandlot_server.site.state import Row


def view_comment(call: Call, comment: Row, tree: legacy.Tree, *, alone: bool = False) -> dict[str, Any]:
    """A comment. One that stands alone says what its links are relative to."""
    page = comment_rows.page_of(call, comment)
    space = page_rows.space_of(call, page)
    container = page["id"] if comment["attachment"] is None else f"att{comment['attachment']}"
    path = f"/rest/api/content/{comment['id']}"
    view: dict[str, Any] = {
        "id": comment["id"],
        "type": "comment",
        "status": comment.get("status", "current"),
        "title": comment_rows.title(call, comment),
    }
    expandable = {}
    for name, (member, place) in _MEMBERS.items():
        if name in tree and member is not None:
            view[name] = member(call, comment, tree[name])
        else:
            expandable[name] = place.format(path=path, container=container, key=space["key"])
    links = {"webui": comment_link(comment["id"], page, space), "self": site_url(call) + path}
    if alone:
        links |= {
            "context": f"{call.request.prefix}/wiki",
            "collection": "/rest/api/content",
            "base": site_url(call),
        }
    return {
        **view,
        "macroRenderedOutput": {},
        "extensions": _extensions(call, comment, tree.get("extensions", {})),
        "_expandable": expandable,
        "_links": links,
    }


def _extensions(call: Call, comment: Row, tree: legacy.Tree) -> dict[str, Any]:
    view: dict[str, Any] = {"location": comment["location"]}
    first = comment_rows.thread(call, comment)
    members = ["resolution"]
    if comment["location"] == "inline":
        members.insert(0, "inlineProperties")
    if "inlineProperties" in tree and comment["location"] == "inline":
        view["inlineProperties"] = {"originalSelection": first["selection"], "markerRef": first["marker"]}
    if "resolution" in tree:
        view["resolution"] = _resolution(call, comment, first)
    return {**view, "_expandable": {name: "" for name in members if name not in view}}


def _resolution(call: Call, comment: Row, first: Row) -> dict[str, Any]:
    status = comment_rows.resolution(call, comment)
    view: dict[str, Any] = {} if status is None else {"status": status}
    if first["resolvedBy"]:
        view["lastModifier"] = legacy.view_user(call, first["resolvedBy"])
        view["lastModifiedDate"] = iso(first["resolvedAt"])
    return view


def _body(call: Call, comment: Row, tree: legacy.Tree) -> dict[str, Any]:
    return legacy.view_body(call, comment, tree)


def _space(call: Call, comment: Row, tree: legacy.Tree) -> dict[str, Any]:
    return legacy.view_space(call, page_rows.space_of(call, comment_rows.page_of(call, comment)), tree)


def _container(call: Call, comment: Row, tree: legacy.Tree) -> dict[str, Any]:
    attachment = comment_rows.attachment_of(call, comment)
    if attachment is not None:
        return legacy_attachments.view_attachment(call, attachment, tree)
    return legacy.view_content(call, comment_rows.page_of(call, comment), tree)


def _ancestors(call: Call, comment: Row, tree: legacy.Tree) -> list[dict[str, Any]]:
    return [view_comment(call, row, tree) for row in comment_rows.above(call, comment)]


def _history(call: Call, comment: Row, tree: legacy.Tree) -> dict[str, Any]:
    number = comment["versionNumber"]
    versions = comment_rows.versions(call, comment)
    view: dict[str, Any] = {
        "latest": number == len(versions),
        "createdBy": legacy.view_user(call, comment["author"]),
        "createdDate": iso(comment["createdAt"]),
    }
    for name, other in (("lastUpdated", len(versions)), ("previousVersion", number - 1), ("nextVersion", number + 1)):
        version = comment_rows.at_version(call, comment, other) if name in tree else None
        if version is not None:
            view[name] = _version(call, version, {})
    rest = ("lastUpdated", "previousVersion", "contributors", "nextVersion", "ownedBy", "lastOwnedBy")
    view["_expandable"] = {name: "" for name in rest if name not in view}
    view["_links"] = {"self": f"{site_url(call)}/rest/api/content/{comment['id']}/history"}
    return view


def _version(call: Call, comment: Row, tree: legacy.Tree) -> dict[str, Any]:
    # Its content is the comment, not a page.
    view = legacy.view_version(call, comment, {name: below for name, below in tree.items() if name != "content"})
    if "content" in tree:
        del view["_expandable"]["content"]
        view["content"] = view_comment(call, comment, tree["content"])
    return view


def _operations(call: Call, comment: Row, tree: legacy.Tree) -> list[dict[str, Any]]:
    return comment_rows.operations(call, comment)


def view_children(call: Call, comment: Row, tree: legacy.Tree) -> dict[str, Any]:
    """The replies; a comment has no other children here."""
    return _relatives(call, comment, tree, "child", comment_rows.replies(call, comment))


def _descendants(call: Call, comment: Row, tree: legacy.Tree) -> dict[str, Any]:
    return _relatives(call, comment, tree, "descendant", list(comment_rows.below(call, comment)))


def _relatives(call: Call, comment: Row, tree: legacy.Tree, relation: str, rows: list[Row]) -> dict[str, Any]:
    path = f"/rest/api/content/{comment['id']}/{relation}"
    view: dict[str, Any] = {}
    if "comment" in tree:
        view["comment"] = {
            "results": [view_comment(call, row, tree["comment"]) for row in rows],
            "start": 0,
            "limit": max(25, len(rows)),
            "size": len(rows),
            "_links": {"self": f"{site_url(call)}{path}/comment"},
        }
    expandable = {name: f"{path}/{name}" for name in ("attachment", "comment") if name not in view}
    return {**view, "_expandable": expandable, "_links": {"self": site_url(call) + path}}


_Member = Callable[[Call, Row, "legacy.Tree"], Any]
_MEMBERS: Mapping[str, tuple[_Member | None, str]] = {
    "operations": (_operations, ""),
    "children": (view_children, "{path}/child"),
    "restrictions": (None, "{path}/restriction/byOperation"),
    "history": (_history, "{path}/history"),
    "ancestors": (_ancestors, ""),
    "body": (_body, ""),
    "version": (_version, ""),
    "descendants": (_descendants, "{path}/descendant"),
    "space": (_space, "/rest/api/space/{key}"),
    "container": (_container, "/rest/api/content/{container}"),
    "metadata": (None, ""),
}


def create(call: Call) -> Row:
    """Write the comment of a request's body: on its container, or under the last of its ancestors."""
    given = call.body
    container = given.get("container") or {}
    answered = given["ancestors"][-1] if given.get("ancestors") else container
    if answered.get("id") is None:
        raise errors.comment_place(call, ("container", "ancestors"))
    content_id = str(answered["id"])
    parent, page = comment_rows.living(call, content_id), page_rows.living(call, content_id)
    if parent is None and page is None:
        raise errors.no_content(content_id)
    body = bodies.stored(call, given.get("body"))
    if not body or not body.strip():
        raise errors.comment_empty(call)
    message = (given.get("version") or {}).get("message") or ""
    if page is not None:
        return comment_rows.create(call, page, body, message=message)
    assert parent is not None
    return comment_rows.reply(call, parent, body, message)


def update(call: Call, comment: Row) -> Row:
    given = call.body
    version = given.get("version") or {}
    if version.get("number") is None:
        raise errors.version_missing(call)
    body = bodies.stored(call, given.get("body"))
    return comment_rows.revise(
        call,
        comment,
        comment["body"] if body is None else body,
        number=version["number"],
        message=version.get("message") or "",
    )
