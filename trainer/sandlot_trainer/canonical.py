"""The canonical form of a trace: rows folded to their net change, and texts brought to what a reader would
see."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Json = Any
Row = Mapping[str, Any]
Tables = Mapping[str, Mapping[str, Any]]
"""The server's declaration: {"issue": {"derived": false, "columns": {"summary": "text", "project":
"ref:project"}}}."""

Kind = Literal["value", "text", "document", "ref", "element"]

_BLOCK = re.compile(
    r"</?(?:p|div|h[1-6]|li|ul|ol|table|tbody|thead|tr|td|th|br|hr|pre|blockquote|ac:[\w-]+|ri:[\w-]+)\b[^>]*>",
    re.I,
)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"\w+(?:[.'\u2019-]\w+)*")


@dataclass(frozen=True)
class Leaf:
    """One value of a row. `path` is the column, then nested members ("body", "customfield_1.value"); an
    element of a set stands under its column's path with its own value."""

    path: str
    kind: Kind
    value: Json
    table: str | None = None
    """For a reference: the table it points into."""


@dataclass(frozen=True)
class NetChange:
    """What a whole trace did to one row. `steps` are the indexes of the exchanges that changed more of it than derived
    columns."""

    table: str
    id: str
    before: Row | None
    after: Row | None
    steps: tuple[int, ...]

    @property
    def action(self) -> Literal["create", "update", "delete"]:
        if self.before is None:
            return "create"
        return "delete" if self.after is None else "update"


def net_changes(exchanges: list[dict[str, Any]], tables: Tables) -> list[NetChange]:
    """Fold the changes of all exchanges row by row, in the order of first touch, without derived tables and
    columns.

    A row that ends as it began is left out, and so is one that came and went: a page made and trashed again
    too.
    """
    first: dict[tuple[str, str], Row | None] = {}
    last: dict[tuple[str, str], Row | None] = {}
    steps: dict[tuple[str, str], list[int]] = {}
    for index, exchange in enumerate(exchanges):
        for change in exchange.get("changes") or ():
            key = (change["table"], str(change["id"]))
            if is_derived(key[0], tables):
                continue
            first.setdefault(key, change["before"])
            last[key] = change["after"]
            touched = steps.setdefault(key, [])
            if _is_change(NetChange(*key, change["before"], change["after"], (index,)), tables):
                touched.append(index)
    folded = []
    for key, before in first.items():
        after = last[key]
        if before is None and (after is None or after.get("status") == "trashed"):
            continue
        net = NetChange(*key, before, after, tuple(steps[key]))
        if _is_change(net, tables):
            folded.append(net)
    return folded


def _is_change(change: NetChange, tables: Tables) -> bool:
    """Whether more changed than derived columns."""
    return change.action != "update" or changed_leaves(change, tables) != ([], [])


def is_derived(table: str, tables: Tables) -> bool:
    return bool(tables.get(table, {}).get("derived"))


def leaves(table: str, row: Row | None, tables: Tables) -> list[Leaf]:
    """The row's leaf values, derived columns and empty values left out."""
    if row is None:
        return []
    found: list[Leaf] = []
    columns = tables.get(table, {}).get("columns", {})
    for column, value in row.items():
        kind = columns.get(column, "value")
        if column != "id" and kind != "derived":
            found += _column_leaves(column, kind, value)
    return found


def changed_leaves(change: NetChange, tables: Tables) -> tuple[list[Leaf], list[Leaf]]:
    """(what the row has gained, what it has lost): a replaced value stands among the gained only, an emptied
    one and a removed element of a set among the lost."""
    before = leaves(change.table, change.before, tables)
    after = leaves(change.table, change.after, tables)
    gained = [leaf for leaf in after if leaf not in before]
    kept = {leaf.path for leaf in after}
    lost = [leaf for leaf in before if leaf not in after and (leaf.kind == "element" or leaf.path not in kept)]
    return gained, lost


def _column_leaves(path: str, kind: str, value: Json) -> list[Leaf]:
    if value is None or value == "" or value == [] or value == {}:
        return []
    if kind == "set":
        return [Leaf(path, "element", scalar(element)) for element in value]
    if kind.startswith("ref:"):
        return [Leaf(path, "ref", scalar(value), kind.removeprefix("ref:"))]
    if kind in ("text", "document"):
        return [Leaf(path, "text" if kind == "text" else "document", value)]
    if isinstance(value, Mapping):
        nested = ((f"{path}.{name}", member) for name, member in value.items())
        return [leaf for name, member in nested for leaf in _column_leaves(name, "value", member)]
    return [Leaf(path, "value", scalar(value))]


def scalar(value: Json) -> str:
    """One spelling for values that differ only in their JSON type: 3, 3.0 and "3" are the same."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def plain_text(value: Json) -> str:
    """What a reader sees of an ADF document, of storage XHTML or of a plain string, normalised."""
    if isinstance(value, Mapping):
        return normalise("".join(_adf_text(value)))
    if not isinstance(value, str):
        return "" if value is None else scalar(value)
    if value.lstrip().startswith("{") and '"doc"' in value[:200]:
        try:
            return plain_text(json.loads(value))
        except ValueError:
            return normalise(value)
    if "<" not in value:
        return normalise(html.unescape(value))
    unwrapped = _CDATA.sub(lambda match: html.escape(match[1]), value)
    return normalise(html.unescape(_TAG.sub("", _BLOCK.sub(" ", unwrapped))))


def is_adf(value: Json) -> bool:
    return isinstance(value, Mapping) and value.get("type") == "doc" and isinstance(value.get("content"), list)


def _adf_text(node: Mapping[str, Any]) -> Iterator[str]:
    if node.get("type") == "hardBreak":
        yield " "
    yield str(node.get("text", ""))
    attributes = node.get("attrs")
    if node.get("type") in ("mention", "emoji", "status", "date") and isinstance(attributes, Mapping):
        yield str(attributes.get("text") or attributes.get("shortName") or attributes.get("timestamp") or "")
    for child in node.get("content") or ():
        yield from _adf_text(child)
    if node.get("type") != "doc" and "content" in node:
        yield " "


def normalise(text: str) -> str:
    """Unicode compatibility form, and every run of white space one blank."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def word_count(text: str) -> int:
    return len(_WORD.findall(text))


def contains(text: str, part: str) -> bool:
    """Whether `part` stands in `text` as whole words, in any letter case."""
    return find_part(text, part) >= 0


def find_part(text: str, part: str, start: int = 0) -> int:
    """Where `part` stands in `text` as whole words from `start` on, in any letter case; -1 where it does not.

    A number must stand alone: "12" is found neither in "OPS-12" nor in "3.12".
    """
    folded, sought = text.casefold(), part.casefold()
    if not sought or len(folded) != len(text):  # some capitals fold to two letters, which would shift positions
        folded, sought = text, part
    position = folded.find(sought, start) if sought else -1
    while position >= 0:
        end = position + len(sought)
        if _stands_alone(folded, position, end):
            return position
        position = folded.find(sought, position + 1)
    return -1


def _stands_alone(text: str, start: int, end: int) -> bool:
    joined = ".-" if text[start:end].isdigit() else ""
    before, after = text[start - 1 : start], text[end : end + 1]
    if text[start].isalnum() and (before.isalnum() or before == "_" or (before and before in joined)):
        return False
    decimal = bool(joined) and after == "." and text[end + 1 : end + 2].isdigit()
    return not (text[end - 1].isalnum() and (after.isalnum() or after == "_")) and not decimal
