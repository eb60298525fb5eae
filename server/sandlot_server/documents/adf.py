"""Atlassian Document Format: is a document valid, and its plain text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sandlot_server.documents.adf_schema import (
    MARKS,
    PLAIN_MARKS,
    ROOT,
    RULES,
    VARIANTS,
    Attributes,
    Check,
    Rule,
)

Node = dict[str, Any]

DEEPEST = 100
"""Levels of nesting after which a document is refused: no editor makes such, and recursion is not endless."""


class Invalid(Exception):
    """Why a document is not valid ADF, with the JSON pointer of the place."""


def validate(doc: Any) -> str | None:
    """Why `doc` (parsed JSON) is no valid ADF document, with the place; None = valid."""
    try:
        _require(isinstance(doc, dict), "", "is not an object")
        _require(doc.get("type") == "doc", "/type", "is not 'doc'")
        _require(_is_number(doc.get("version")) and doc["version"] == 1, "/version", "is not 1")
        _require(not set(doc) - {"type", "version", "content"}, "", "has members that a doc has not")
        _require(isinstance(doc.get("content"), list), "/content", "is not a list")
        for index, child in enumerate(doc["content"]):
            _check_node(child, ROOT, f"/content/{index}", 1)
    except Invalid as reason:
        return str(reason)
    return None


def _check_node(node: Any, allowed: frozenset[str], path: str, depth: int) -> None:
    _require(depth <= DEEPEST, path, "is nested too deep")
    _require(isinstance(node, dict) and isinstance(node.get("type"), str), path, "is not a node with a type")
    name = node["type"]
    variants = _by_name(allowed).get(name, [])
    _require(bool(variants), path, f"a '{name}' is not allowed here")
    fitting = [variant for variant in variants if _marks_fit(node, variant)]
    _require(bool(fitting), f"{path}/marks", f"are not allowed on this '{name}'")
    if name == "text":
        _require(isinstance(node.get("text"), str) and node["text"] != "", path, "has no text")
        _require(not set(node) - {"type", "text", "marks"}, path, "has members that a text has not")
        return
    rule = RULES.get(fitting[0]) or RULES[name]
    members = {"type", "attrs", "content", "marks"}
    _require(rule.extra_members or not set(node) - members, path, f"has members that a '{name}' has not")
    _check_attributes(node, rule.attributes, rule.attributes_required, path)
    _check_children(node, rule, path, depth)


@cache
def _by_name(variants: frozenset[str]) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for variant in sorted(variants):
        named.setdefault(variant.partition(":")[0], []).append(variant)
    return named


def _marks_fit(node: Node, variant: str) -> bool:
    if "marks" not in node:
        return True
    marks = node["marks"]
    if not isinstance(marks, list):
        return False
    if variant in VARIANTS:
        allowed = VARIANTS[variant]
        return allowed is None or all(_is_mark(mark, allowed) for mark in marks)
    return variant in PLAIN_MARKS and not marks


def _is_mark(mark: Any, allowed: frozenset[str]) -> bool:
    if not isinstance(mark, dict) or set(mark) - {"type", "attrs"}:
        return False
    kind = mark.get("type")
    if not isinstance(kind, str) or kind not in allowed:
        return False
    attributes = MARKS[kind]
    if attributes is None:
        return "attrs" not in mark
    return _attributes_fit(mark.get("attrs"), attributes)


def _check_attributes(node: Node, alternatives: tuple[Attributes, ...], required: bool, path: str) -> None:
    if "attrs" not in node:
        _require(not required, path, f"a '{node['type']}' needs attrs")
        return
    fits = any(_attributes_fit(node["attrs"], attributes) for attributes in alternatives)
    _require(fits, f"{path}/attrs", f"are not those of a '{node['type']}'")


def _attributes_fit(given: Any, attributes: Attributes) -> bool:
    if not isinstance(given, dict):
        return False
    known = 0
    for key, check in attributes.items():
        name = key.rstrip("!")
        if name in given:
            known += 1
            if not _value_fits(given[name], check):
                return False
        elif key.endswith("!"):
            return False
    return known == len(given)


def _value_fits(value: Any, check: Check) -> bool:
    if isinstance(check, frozenset):
        return isinstance(value, str) and value in check
    if isinstance(check, re.Pattern):
        return isinstance(value, str) and check.fullmatch(value) is not None
    if isinstance(check, tuple):
        return _is_number(value) and check[0] <= value <= check[1]
    return KINDS[check](value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_datasource(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"id", "parameters", "views"}:
        return False
    views = value["views"]
    return isinstance(value["id"], str) and isinstance(views, list) and views != [] and all(map(_is_view, views))


def _is_view(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("type"), str) and set(value) <= {"type", "properties"}


KINDS: dict[str, Callable[[Any], bool]] = {
    "any": lambda value: True,
    "string": lambda value: isinstance(value, str),
    "filled": lambda value: isinstance(value, str) and value != "",
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "strings": lambda value: isinstance(value, list) and bool(value) and all(isinstance(entry, str) for entry in value),
    "numbers": lambda value: isinstance(value, list) and all(map(_is_number, value)),
    "datasource": _is_datasource,
}


def _check_children(node: Node, rule: Rule, path: str, depth: int) -> None:
    name = node["type"]
    if "content" not in node:
        _require(not rule.children_required, path, f"a '{name}' needs content")
        return
    _require(rule.children is not None or rule.sequence is not None, path, f"a '{name}' has no content")
    content = node["content"]
    _require(isinstance(content, list), f"{path}/content", "is not a list")
    _require(len(content) >= rule.fewest, f"{path}/content", f"has fewer than {rule.fewest} nodes")
    _require(rule.most is None or len(content) <= rule.most, f"{path}/content", f"has more than {rule.most} nodes")
    for index, child in enumerate(content):
        allowed = frozenset({rule.sequence[index]}) if rule.sequence else rule.children or frozenset()
        _check_node(child, allowed, f"{path}/content/{index}", depth + 1)


def _require(holds: bool, path: str, reason: str) -> None:
    if not holds:
        raise Invalid(f"{path or '/'}: {reason}")


def from_text(text: str) -> Node:
    """A document of paragraphs: a blank line ends one, a single line end is a hard break."""
    paragraphs = [part for part in re.split(r"\n[ \t]*\n\s*", text.replace("\r\n", "\n").strip("\n")) if part.strip()]
    return {"type": "doc", "version": 1, "content": [_paragraph(part) for part in paragraphs]}


def _paragraph(text: str) -> Node:
    content: list[Node] = []
    for index, line in enumerate(text.split("\n")):
        if index:
            content.append({"type": "hardBreak"})
        if line:
            content.append({"type": "text", "text": line})
    return {"type": "paragraph", "content": content}


def to_text(doc: Node | None) -> str:
    """What a reader sees, without any markup: blocks parted by a blank line, list items and rows by a line
    end, cells by a tab. None (a field without a value) is an empty text."""
    return "" if doc is None else _block_text(doc)


def _block_text(node: Node) -> str:
    name = node.get("type", "")
    content = node.get("content") or []
    if name in INLINE_PARENTS:
        return "".join(inline_text(child) for child in content)
    if name in ATOM_TEXT:
        return ATOM_TEXT[name](node.get("attrs") or {})
    between = {"tableRow": "\t", "table": "\n"}.get(name, "\n" if name in CLOSE_PARENTS else "\n\n")
    texts = [_block_text(child) for child in content]
    if name == "tableRow":
        return between.join(texts)
    title = (node.get("attrs") or {}).get("title") if name in ("expand", "nestedExpand") else None
    return between.join(text for text in [title, *texts] if text)


def inline_text(node: Node) -> str:
    """The visible text of one inline node."""
    name = node.get("type", "")
    if name == "text":
        return str(node.get("text", ""))
    if name in ATOM_TEXT:
        return ATOM_TEXT[name](node.get("attrs") or {})
    return ""


def _date_text(attributes: dict[str, Any]) -> str:
    try:
        return datetime.fromtimestamp(int(attributes["timestamp"]) / 1000, UTC).strftime("%Y-%m-%d")
    except (KeyError, ValueError, OverflowError, OSError):
        return ""


def _card_text(attributes: dict[str, Any]) -> str:
    data = attributes.get("data")
    return str(attributes.get("url") or (data.get("url", "") if isinstance(data, dict) else ""))


def _media_text(attributes: dict[str, Any]) -> str:
    return str(attributes.get("alt", ""))


INLINE_PARENTS = frozenset({"paragraph", "heading", "codeBlock", "taskItem", "decisionItem", "caption"})
CLOSE_PARENTS = frozenset(
    {
        "bulletList",
        "orderedList",
        "listItem",
        "taskList",
        "blockTaskItem",
        "decisionList",
        "mediaSingle",
        "mediaGroup",
    }
)
ATOM_TEXT: dict[str, Callable[[dict[str, Any]], str]] = {
    "hardBreak": lambda attributes: "\n",
    "mention": lambda attributes: str(attributes.get("text") or f"@{attributes.get('id', '')}"),
    "emoji": lambda attributes: str(attributes.get("text") or attributes.get("shortName", "")),
    "status": lambda attributes: str(attributes.get("text", "")),
    "placeholder": lambda attributes: str(attributes.get("text", "")),
    "date": _date_text,
    "inlineCard": _card_text,
    "blockCard": _card_text,
    "embedCard": _card_text,
    "media": _media_text,
    "mediaInline": _media_text,
}
