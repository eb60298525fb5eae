"""Labels of pages: read by both APIs, written by v1."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import errors, legacy, paging
from sandlot_server.confluence.pages import page_by_id
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
    page = page_by_id(call, call.path["id"])
    rows = call.state.find("label", "content", page["id"])
    if "prefix" in call.query:
        rows = [row for row in rows if row["prefix"] == call.query["prefix"]]
    sort = call.query.get("sort", "id")
    return paging.listing(call, rows, _view_label, _ORDERS[sort.removeprefix("-")], sort.startswith("-"))


def get_labels_for_content(call: Call) -> Answer:
    """Prefixes are checked before the page is looked up, the bounds of the list after it."""
    prefixes = call.query.get("prefix") or []
    if not set(prefixes) <= set(PREFIXES):
        raise errors.bad_prefixes(prefixes)
    page = legacy.page_of_path(call)
    if call.query["limit"] == 0:
        raise errors.label_limit_zero()
    rows = call.state.find("label", "content", page["id"])
    rows = [row for row in rows if not prefixes or row["prefix"] in prefixes]
    return Answer(200, paging.legacy_listing(call, rows, legacy.view_label, cap=_LIST_CAP))


def add_labels_to_content(call: Call) -> Answer:
    """Add one label or a list of them. The page's version stays as it is."""
    page = legacy.page_of_path(call)
    given = call.body if isinstance(call.body, list) else [call.body]
    wanted = [(label.get("prefix", "global"), name) for label in given for name in _names(label["name"])]
    unknown = [prefix for prefix, _ in wanted if prefix not in PREFIXES]
    if unknown:
        raise errors.bad_prefixes(unknown)
    rows = call.state.find("label", "content", page["id"])
    present = {(row["prefix"], row["name"]) for row in rows}
    for prefix, name in dict.fromkeys(wanted):
        if (prefix, name) not in present:
            row = {"id": call.state.next_id("label"), "content": page["id"], "prefix": prefix, "name": name}
            call.state.put("label", row)
    return Answer(200, legacy.view_labels(call, page))


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
    page = legacy.page_of_path(call)
    rows = [row for row in call.state.find("label", "content", page["id"]) if row["name"] == name.lower()]
    if not rows:
        raise errors.no_label(name)
    rows.sort(key=lambda row: row["prefix"] != "my")
    call.state.delete("label", rows[0]["id"])
    return Answer(204)


def _view_label(call: Call, label: Row) -> dict[str, Any]:
    return {"id": label["id"], "name": label["name"], "prefix": label["prefix"]}


OPERATIONS: Mapping[str, Handler] = {
    "confluence/getPageLabels": get_page_labels,
    "confluence-v1/getLabelsForContent": legacy.deprecated(get_labels_for_content),
    "confluence-v1/addLabelsToContent": add_labels_to_content,
    "confluence-v1/removeLabelFromContentUsingQueryParameter": remove_label_by_query,
    "confluence-v1/removeLabelFromContent": remove_label_by_path,
}
