"""Moving a page, with all that stands under it, to another place in the tree or to another space."""

from __future__ import annotations

from collections.abc import Mapping

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import errors, legacy, page_rows, restriction_rows
from sandlot_server.confluence.spaces import space_by_key
from sandlot_server.site.state import Row

_POSITIONS = ("before", "after", "append")
# What the web page calls the places, each with the name that the API has for it.
_OF_THE_WEB = {"above": "before", "below": "after", "append": "append"}
_TOP = "topLevel"


def move_page(call: Call) -> Answer:
    page_id, target_id = (legacy.content_id(call, name) for name in ("pageId", "targetId"))
    position = call.path["position"]
    if position not in _POSITIONS:
        raise errors.bad_position(position, _POSITIONS)
    page, target = page_rows.living(call, page_id), page_rows.living(call, target_id)
    if page is None or target is None:
        raise errors.no_content(page_id if page is None else target_id)
    _move(call, page, position, target)
    return Answer(200, {"pageId": page["id"]})


def move_page_by_form(call: Call) -> Answer:
    """The same as the web page does it, which may name the target by its title, and call for the top of a space."""
    given = call.query
    page = page_rows.living(call, given.get("pageId", "").lstrip("0"))
    if page is None:
        raise errors.cannot_move("The page to move does not exist.")
    position = given.get("position") or "append"
    if position != _TOP and position not in _OF_THE_WEB:
        raise errors.cannot_move(f"There is no position '{position}'.")
    space = space_by_key(call, given["spaceKey"]) if given.get("spaceKey") else page_rows.space_of(call, page)
    if space is None:
        raise errors.cannot_move("The space to move the page to does not exist.")
    if position == _TOP:
        _require_movable(call, page)
        _place(call, page, space, None, _at_end(call, page, space, None))
        return _moved(call, page["id"])
    if given.get("targetId"):
        target = page_rows.living(call, given["targetId"].lstrip("0"))
    else:
        target = page_rows.titled(call, space, given.get("targetTitle", ""))
    if target is None:
        raise errors.cannot_move("The target page does not exist.")
    _move(call, page, _OF_THE_WEB[position], target)
    return _moved(call, page["id"])


def _moved(call: Call, page_id: str) -> Answer:
    page = call.state.get("page", page_id)
    assert page is not None, f"page {page_id} was there when it was moved"
    key = page_rows.space_of(call, page)["key"]
    return Answer(200, {"page": {"id": page_id, "title": page["title"], "spaceKey": key}})


def _move(call: Call, page: Row, position: str, target: Row) -> None:
    """Put a page under the target, as its last child, or beside it."""
    _require_movable(call, page)
    space = page_rows.space_of(call, target)
    parent = target["id"] if position == "append" else target["parent"]
    above = [target, *page_rows.ancestors(call, target)] if position == "append" else page_rows.ancestors(call, target)
    if any(row["id"] == page["id"] for row in above) or page["id"] == target["id"]:
        raise errors.parent_loop(call)
    siblings = _at_end(call, page, space, parent)
    if position != "append":
        at = [row["id"] for row in siblings].index(target["id"]) + (position == "after")
        siblings.insert(at, siblings.pop())
    _place(call, page, space, parent, siblings)


def _require_movable(call: Call, page: Row) -> None:
    restriction_rows.require_update(call, page)
    if page["status"] == "archived":
        raise errors.archived(call)


def _at_end(call: Call, page: Row, space: Row, parent: str | None) -> list[Row]:
    """The future children of a parent in their order, the moved page as the last of them."""
    rows = [row for row in call.state.whole.find("page", "parent", parent) if row["space"] == space["id"]]
    rows = [row for row in rows if row["id"] != page["id"] and row["position"] is not None]
    return [*sorted(rows, key=page_rows.position), page]


def _place(call: Call, page: Row, space: Row, parent: str | None, siblings: list[Row]) -> None:
    """Write the page into its place: the siblings' positions ascend, and as few of them change as can be."""
    if page["space"] != space["id"]:
        _change_space(call, page, space)
        page = {**page, "space": space["id"]}
    last = -1
    for sibling in siblings:
        row = page if sibling["id"] == page["id"] else sibling
        position = last + 1 if row is page or row["position"] <= last else row["position"]
        changed = {**row, "position": position, "parent": parent}
        if row is page or changed != row:
            call.state.put("page", changed)
        last = position


def _change_space(call: Call, page: Row, space: Row) -> None:
    """Move a page and everything under it to another space, where their titles must be free."""
    restriction_rows.require_update(call, page, "delete page")
    page_rows.require_creation(call, space)
    old_space = page_rows.space_of(call, page)
    if old_space["homepage"] == page["id"]:
        call.state.put("space", {**old_space, "homepage": None})
    level = [page]
    while level:
        for row in level:
            if row["status"] in page_rows.LISTED:
                page_rows.require_free_title(call, space["id"], row["title"])
            call.state.put("page", {**row, "space": space["id"]})
        level = [child for row in level for child in call.state.whole.find("page", "parent", row["id"])]


OPERATIONS: Mapping[str, Handler] = {
    "confluence-v1/movePage": move_page,
    "confluence-v1/movePageByForm": move_page_by_form,
}
