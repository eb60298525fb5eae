"""Makes nodes fit their parent: markup and storage format allow more nesting than ADF does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sandlot_server.documents.adf_schema import ROOT, RULES, VARIANTS

Node = dict[str, Any]


def fitted(nodes: Sequence[Node], parent: str) -> list[Node]:
    """The nodes as a `parent` ("doc", "panel", "listItem", ...) can hold them: a heading becomes a paragraph, an
    expand a nested one, other containers give up their children, and what then has no place is left out. Block
    marks that the parent does not allow (an alignment in a list) go too. Never empty, but for a doc."""
    fitting = [_unmarked(node, parent) for node in _fitted(nodes, _children(parent))]
    return fitting if fitting or parent == "doc" else [{"type": "paragraph"}]


@cache
def _children(parent: str) -> frozenset[str]:
    return frozenset(variant.partition(":")[0] for variant in _variants(parent))


def _variants(parent: str) -> frozenset[str]:
    return ROOT if parent == "doc" else RULES[parent].children or frozenset()


def _unmarked(node: Node, parent: str) -> Node:
    if "marks" not in node:
        return node
    allowed = [VARIANTS.get(one) for one in _variants(parent) if one.partition(":")[0] == node["type"]]
    if any(marks and all(mark["type"] in marks for mark in node["marks"]) for marks in allowed):
        return node
    return {key: value for key, value in node.items() if key != "marks"}


def _fitted(nodes: Iterable[Node], allowed: frozenset[str]) -> Iterable[Node]:
    for node in nodes:
        if node["type"] in allowed:
            yield node
        elif node["type"] == "heading":
            yield {"type": "paragraph", **({"content": node["content"]} if node.get("content") else {})}
        elif node["type"] == "expand" and "nestedExpand" in allowed:
            inner = fitted(node["content"], "nestedExpand")
            yield {"type": "nestedExpand", "attrs": node.get("attrs", {}), "content": inner}
        elif node["type"] in ("taskItem", "decisionItem"):
            yield {"type": "paragraph", **({"content": node["content"]} if node.get("content") else {})}
        else:
            yield from _fitted(node.get("content", []), allowed)
