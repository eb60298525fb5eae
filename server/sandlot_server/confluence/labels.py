"""Labels of pages and attachments: read by both APIs, written by v1.

A row says that a page carries a label. The label itself has one id, `label`, wherever it is carried: the id of the
first row of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import (
    attachment_rows,
    errors,
    legacy,
    legacy_attachments,
    page_rows,
    paging,
    restriction_rows,
)
from sandlot_server.confluence.pages import page_by_id, sorted_listing, view_listed
from sandlot_server.confluence.spaces import space_by_id
from sandlot_server.site.state import Row

PREFIXES = ("global", "my", "team", "system")
_LONGEST_NAME = 255
_LIST_CAP = 200
# A blank or a comma parts names; none of these may stand in one (published measurement, September 2026).
_SEPARATORS = re.compile("[ ,]")
_REFUSED = "!#&()*.:;<>?@[]^\t"
_REFUSED_NAMES = "! # & ( ) * , . : ; < > ? @ [ ] ^"
_ORDERS: Mapping[str, Callable[[Row], Any]] = {
    "id": lambda row: 0,
    "created-date": lambda row: 0,
    "name": lambda row: row["name"],
}


def get_page_labels(call: Call) -> Answer:
    return listed(call, page_by_id(call, call.path["id"]))


def listed(call: Call, content: Row) -> Answer:
    """The labels that a page or an attachment carries."""
    return _listing(call, _of_prefix(call, call.state.find("label", "content", content["id"])))


def get_labels(call: Call) -> Answer:
    """The labels of the site, each once."""
    rows = call.state.all("label")
    if "label-id" in call.query:
        wanted = {str(label_id) for label_id in call.query["label-id"]}
        rows = [row for row in rows if row["label"] in wanted]
    if "prefix" in call.query:
        rows = [row for row in rows if row["prefix"] in call.query["prefix"]]
    return _listing(call, _carried(call, rows))


def get_label_pages(call: Call) -> Answer:
    """The pages that carry a label, out of the trash."""
    found = (call.state.get("page", row["content"]) for row in rows_of_label(call, call.path["id"]))
    pages = [page for page in found if page is not None and page["status"] in page_rows.LISTED]
    if "space-id" in call.query:
        spaces = {str(space_id) for space_id in call.query["space-id"]}
        pages = [page for page in pages if page["space"] in spaces]
    return sorted_listing(call, pages, view_listed)


def rows_of_label(call: Call, label_id: str) -> list[Row]:
    """The rows of the label with an id as it stands in a path: one for everything that carries it."""
    rows = call.state.find("label", "label", label_id.lstrip("0"))
    if not rows:
        raise errors.no_entity("a label", label_id)
    return rows


def get_space_labels(call: Call) -> Answer:
    """Those of the space itself: spaces carry none here."""
    space_by_id(call, call.path["id"])
    return _listing(call, [])


def get_space_content_labels(call: Call) -> Answer:
    """The labels of what stands in a space, each once."""
    space = space_by_id(call, call.path["id"])
    pages = {page["id"] for page in call.state.find("page", "space", space["id"])}
    rows = [row for row in call.state.all("label") if _page_of(call, row) in pages]
    return _listing(call, _carried(call, _of_prefix(call, rows)))


def _page_of(call: Call, label: Row) -> str | None:
    """The page that carries a label, or has the attachment that does; None in the trash."""
    content_id: str = label["content"]
    attachment = attachment_rows.living(call, content_id)
    page_id: str = content_id if attachment is None else attachment["page"]
    return None if page_rows.living(call, page_id) is None else page_id


def _carried(call: Call, rows: list[Row]) -> list[Row]:
    """The labels of rows, each once; what is in the trash carries none."""
    return list({row["label"]: row for row in reversed(rows) if _page_of(call, row) is not None}.values())


def _of_prefix(call: Call, rows: list[Row]) -> list[Row]:
    return [row for row in rows if call.query.get("prefix") in (None, row["prefix"])]


def _listing(call: Call, rows: list[Row]) -> Answer:
    sort = call.query.get("sort", "id")
    labels = [{**row, "id": row["label"]} for row in rows]
    return paging.listing(call, labels, view_label, _ORDERS[sort.removeprefix("-")], sort.startswith("-"))


def get_labels_for_content(call: Call) -> Answer:
    """Prefixes are checked before the page is looked up, the bounds of the list after it."""
    prefixes = call.query.get("prefix") or []
    if not set(prefixes) <= set(PREFIXES):
        raise errors.bad_prefixes(prefixes)
    page = _labelled(call)
    if call.query["limit"] == 0:
        raise errors.label_limit_zero()
    rows = call.state.find("label", "content", page["id"])
    rows = [row for row in rows if not prefixes or row["prefix"] in prefixes]
    return Answer(200, paging.legacy_listing(call, rows, legacy.view_label, cap=_LIST_CAP))


def add_labels_to_content(call: Call) -> Answer:
    """Add one label or a list of them. The page's version stays as it is."""
    page = _labelled_for_writing(call)
    given = call.body if isinstance(call.body, list) else [call.body]
    wanted = [(label.get("prefix", "global"), name) for label in given for name in _names(label["name"])]
    unknown = [prefix for prefix, _ in wanted if prefix not in PREFIXES]
    if unknown:
        raise errors.bad_prefixes(unknown)
    rows = call.state.find("label", "content", page["id"])
    present = {(row["prefix"], row["name"]) for row in rows}
    for prefix, name in dict.fromkeys(wanted):
        if (prefix, name) not in present:
            row_id = call.state.next_id("label")
            same = [row for row in call.state.whole.find("label", "name", name) if row["prefix"] == prefix]
            row = {"id": row_id, "content": page["id"], "prefix": prefix, "name": name}
            call.state.put("label", {**row, "label": same[0]["label"] if same else row_id})
    return Answer(200, legacy.view_labels(call, page))


def _labelled(call: Call) -> Row:
    """The page or the attachment that the path names."""
    return legacy_attachments.living_of_path(call) or legacy.page_of_path(call)


def _labelled_for_writing(call: Call) -> Row:
    attachment = legacy_attachments.living_of_path(call)
    if attachment is not None:
        restriction_rows.require_update(call, attachment_rows.page_of(call, attachment), "create attachment")
        return attachment
    page = legacy.page_of_path(call)
    restriction_rows.require_update(call, page)
    return page


def _names(given: str) -> list[str]:
    """The names in one member: a name with blanks or commas is several."""
    names = [name.lower() for name in _SEPARATORS.split(given) if name]
    if not names:
        raise errors.bad_label("label.name.is.empty")
    for name in names:
        if set(name) & set(_REFUSED):
            raise errors.bad_label("label.contains.invalid.chars", name, _REFUSED_NAMES)
        # The limit counts UTF-16 units.
        if len(name.encode("utf-16-le")) // 2 > _LONGEST_NAME:
            raise errors.bad_label("label.name.is.too.long", _LONGEST_NAME)
    return names


def remove_label_by_query(call: Call) -> Answer:
    return _remove(call, call.query["name"])


def remove_label_by_path(call: Call) -> Answer:
    return _remove(call, call.path["label"])


def _remove(call: Call, name: str) -> Answer:
    """Remove the label of a name; where a page has it twice, the caller's own goes first."""
    page = _labelled_for_writing(call)
    rows = [row for row in call.state.find("label", "content", page["id"]) if row["name"] == name.lower()]
    if not rows:
        raise errors.no_label(name)
    rows.sort(key=lambda row: row["prefix"] != "my")
    call.state.delete("label", rows[0]["id"])
    return Answer(204)


def view_label(call: Call, label: Row) -> dict[str, Any]:
    return {"id": label["label"], "name": label["name"], "prefix": label["prefix"]}


OPERATIONS: Mapping[str, Handler] = {
    "confluence/getPageLabels": get_page_labels,
    "confluence/getLabels": get_labels,
    "confluence/getLabelPages": get_label_pages,
    "confluence/getSpaceLabels": get_space_labels,
    "confluence/getSpaceContentLabels": get_space_content_labels,
    "confluence-v1/getLabelsForContent": legacy.deprecated(get_labels_for_content),
    "confluence-v1/addLabelsToContent": add_labels_to_content,
    "confluence-v1/removeLabelFromContentUsingQueryParameter": remove_label_by_query,
    "confluence-v1/removeLabelFromContent": remove_label_by_path,
}
