"""The rules of pages that both APIs share: titles, versions, the tree, and the ways from state to state."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Call
from sandlot_server.confluence import attachment_rows, errors, restriction_rows, space_permissions
from sandlot_server.site.state import Row

LISTED = ("current", "archived")
# What a page takes with it when it is deleted for good: tables, each with the column that names the page.
_OWNED = (
    ("page_version", "page"),
    ("label", "content"),
    ("page_comment", "page"),
    ("page_comment_version", "page"),
    ("content_property", "page"),
    ("page_restriction", "page"),
)
_LONGEST_TITLE = 255


def create(
    call: Call,
    space: Row,
    parent: str | None,
    title: str,
    *,
    status: str = "current",
    body: str = "",
    subtype: str | None = None,
    message: str = "",
) -> Row:
    """Write a page and its first version. `parent` is the id of a page of the space, None for its top."""
    require_creation(call, space)
    if status == "current":
        require_free_title(call, space["id"], title)
    author = _caller(call)
    page_id = call.state.next_id("page")
    page = {
        "id": page_id,
        "space": space["id"],
        "parent": parent,
        "title": title,
        "title_key": title.lower(),
        "status": status,
        "body": body,
        "subtype": subtype,
        "author": author,
        "owner": author,
        # Ids ascend, so a new page is the last among its siblings without a look at them.
        "position": int(page_id),
        "createdAt": call.now,
        "versionNumber": 1,
        "versionMessage": message,
        "versionAuthor": author,
        "versionCreatedAt": call.now,
    }
    _keep(call, page)
    return page


def revise(
    call: Call,
    page: Row,
    *,
    title: str,
    body: str,
    parent: str | None,
    status: str,
    number: int,
    message: str = "",
    owner: str | None = None,
) -> Row:
    """Write the next version of a page, number `number`; an update that changes nothing leaves the old one."""
    restriction_rows.require_update(call, page)
    if page["status"] == "archived":
        raise errors.archived(call)
    restored = page["status"] == "trashed"
    _require_next_version(call, page, number)
    if restored:
        # A page comes back from the trash as it was.
        if status != "current":
            raise errors.other_status(call, status)
        title, body = page["title"], page["body"]
    changed = {
        "title": title,
        "body": body,
        "parent": parent,
        "status": status,
        "owner": owner or page["owner"],
    }
    if all(page[name] == value for name, value in changed.items()):
        return page
    if status == "current" and (title.lower() != page["title_key"] or page["status"] != "current"):
        require_free_title(call, page["space"], title, besides=page["id"])
    position = page["position"]
    if parent != page["parent"]:
        position = _last_position(call, parent)
    revised = {
        **page,
        **changed,
        "title_key": title.lower(),
        "position": position,
        # A draft gathers no versions: it is published under the number that it was made with.
        "versionNumber": page["versionNumber"] if page["status"] == "draft" else number,
        "versionMessage": message,
        "versionAuthor": _caller(call),
        "versionCreatedAt": call.now,
    }
    _keep(call, revised)
    return revised


def annotate(call: Call, page: Row, body: str) -> None:
    """Write a body whose inline comment markers alone have changed: that makes no version."""
    _keep(call, {**page, "body": body})


def trash(call: Call, page: Row) -> None:
    """Move a page to the trash, out of the tree; its children move up to its parent."""
    restriction_rows.require_update(call, page, "delete page")
    for child in call.state.whole.find("page", "parent", page["id"]):
        call.state.put("page", {**child, "parent": page["parent"]})
    call.state.put("page", {**page, "status": "trashed", "parent": None, "position": None})
    space = space_of(call, page)
    if space["homepage"] == page["id"]:
        call.state.put("space", {**space, "homepage": None})


def purge(call: Call, page: Row) -> None:
    """Delete a page for good, with all that hangs on it."""
    restriction_rows.require_update(call, page, "delete page")
    for attachment in call.state.find("page_attachment", "page", page["id"]):
        attachment_rows.erase(call, attachment)
    for table, column in _OWNED:
        for row in call.state.find(table, column, page["id"]):
            call.state.delete(table, row["id"])
    call.state.delete("page", page["id"])


def living(call: Call, page_id: str) -> Row | None:
    """A page that is not in the trash."""
    page = call.state.get("page", page_id)
    return None if page is None or page["status"] == "trashed" else page


def titled(call: Call, space: Row, title: str) -> Row | None:
    """The page of a space that has the title, in any case."""
    rows = call.state.find("page", "title_key", title.lower())
    return next((row for row in rows if row["space"] == space["id"] and row["status"] in LISTED), None)


def wanted_title(call: Call, given: str | None, status: str) -> str:
    """The title that was given, fit to be one; a draft needs none."""
    title = (given or "").strip()
    if not title and status != "draft":
        raise errors.title_missing(call)
    if len(title) > _LONGEST_TITLE:
        raise errors.title_too_long(call)
    return title


def wanted_parent(call: Call, space: Row, parent_id: str, moved: Row | None = None) -> str:
    """The parent that was named, if a page of the space (the page `moved`, if given) may stand under it."""
    parent = call.state.get("page", parent_id)
    if parent is None or parent["space"] != space["id"] or parent["status"] not in LISTED:
        raise errors.no_parent(call, parent_id)
    if moved is not None and (
        parent_id == moved["id"] or any(row["id"] == moved["id"] for row in ancestors(call, parent))
    ):
        raise errors.parent_loop(call)
    return parent_id


def ancestors(call: Call, page: Row) -> list[Row]:
    """The pages above a page, from the top down."""
    above: list[Row] = []
    parent = call.state.get("page", page["parent"]) if page["parent"] else None
    while parent is not None:
        above.append(parent)
        parent = call.state.get("page", parent["parent"]) if parent["parent"] else None
    above.reverse()
    return above


def children(call: Call, page: Row, statuses: tuple[str, ...] = ("current",)) -> list[Row]:
    """The pages directly under a page, in the order of the tree."""
    rows = [row for row in call.state.find("page", "parent", page["id"]) if row["status"] in statuses]
    rows.sort(key=position)
    return rows


def descendants(call: Call, page: Row, depth: int | None = None) -> list[Row]:
    """The current pages under a page, down to a depth, level by level."""
    below: list[Row] = []
    level = [page]
    while level and depth != 0:
        level = [child for row in level for child in children(call, row)]
        below += level
        depth = None if depth is None else depth - 1
    return below


def position(page: Row) -> int:
    return page["position"] or 0


def space_of(call: Call, page: Row) -> Row:
    space = call.state.get("space", page["space"])
    assert space is not None, f"page {page['id']} stands in a space that is not there"
    return space


def versions(call: Call, page: Row) -> list[Row]:
    """The rows of a page's versions, from the first to the last."""
    rows = call.state.find("page_version", "page", page["id"])
    rows.sort(key=lambda row: row["number"])
    return rows


def at_version(call: Call, page: Row, number: int) -> Row | None:
    """A page as it was at one of its versions; None if it has no such version."""
    if number == page["versionNumber"]:
        return page
    version = call.state.get("page_version", f"{page['id']}:{number}")
    if version is None:
        return None
    return {
        **page,
        "status": "historical",
        "title": version["title"],
        "body": version["body"],
        "versionNumber": number,
        "versionMessage": version["message"],
        "versionAuthor": version["author"],
        "versionCreatedAt": version["createdAt"],
    }


def _keep(call: Call, page: Row) -> None:
    """Write a page and the record of its version."""
    call.state.put("page", page)
    call.state.put(
        "page_version",
        {
            "id": f"{page['id']}:{page['versionNumber']}",
            "page": page["id"],
            "number": page["versionNumber"],
            "title": page["title"],
            "body": page["body"],
            "message": page["versionMessage"],
            "author": page["versionAuthor"],
            "createdAt": page["versionCreatedAt"],
        },
    )


def _require_next_version(call: Call, page: Row, number: Any) -> None:
    current = page["versionNumber"]
    if number == current + 1 or (page["status"] == "draft" and number == 1):
        return
    raise errors.stale_version(call, current, number)


def require_creation(call: Call, space: Row) -> None:
    """Pages come into a space through those alone who may create them there."""
    if "permissions" in space and not space_permissions.may(call.state, call.user, space["id"], "create page"):
        raise errors.not_creatable(call, "page", space["id"])


def require_free_title(call: Call, space_id: str, title: str, besides: str | None = None) -> None:
    """Titles are unique in a space, whatever their case; archived pages keep theirs, trashed ones do not."""
    for row in call.state.whole.find("page", "title_key", title.lower()):
        if row["space"] == space_id and row["status"] in LISTED and row["id"] != besides:
            raise errors.title_taken(call)


def _last_position(call: Call, parent: str | None) -> int:
    return 1 + max((position(row) for row in call.state.whole.find("page", "parent", parent)), default=0)


def _caller(call: Call) -> str:
    assert call.user is not None, "no operation of Confluence runs without a caller"
    account_id: str = call.user["id"]
    return account_id
