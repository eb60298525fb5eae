"""Inline storage format to ADF: marks, links, mentions, dates, statuses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sandlot_server.documents.storage_view import link_target, link_text
from sandlot_server.documents.xhtml import Element

Node = dict[str, Any]
Marks = tuple[Node, ...]

INLINE_MACROS = frozenset({"status", "jira", "anchor"})
TAG_MARKS: dict[str, Node] = {
    **{tag: {"type": "strong"} for tag in ("strong", "b")},
    **{tag: {"type": "em"} for tag in ("em", "i", "cite", "var")},
    **{tag: {"type": "underline"} for tag in ("u", "ins")},
    **{tag: {"type": "strike"} for tag in ("s", "del", "strike")},
    **{tag: {"type": "code"} for tag in ("code", "kbd", "samp", "tt")},
    **{tag: {"type": "subsup", "attrs": {"type": tag}} for tag in ("sub", "sup")},
}
BESIDE_CODE = ("link", "annotation")
COLOUR = r"(#[0-9a-fA-F]{6}|rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\))"
STATUS_COLOURS = frozenset({"neutral", "purple", "blue", "red", "yellow", "green"})


def read_inline(children: Sequence[Element | str]) -> list[Node]:
    """The inline nodes of running text: line ends in it are blanks, and there are none at its ends."""
    nodes: list[Node] = []
    for child in children:
        _read(child, (), nodes)
    return _trimmed(nodes)


def parameters_of(macro: Element) -> dict[str, str]:
    return {one.attributes.get("ac:name", ""): one.text() for one in macro.elements("ac:parameter")}


def _read(child: Element | str, marks: Marks, nodes: list[Node]) -> None:
    if isinstance(child, str):
        _add(re.sub(r"[ \t]*[\r\n][ \t\r\n]*|\t", " ", child), marks, nodes)
        return
    if mark := TAG_MARKS.get(child.name):
        _under([mark], child, marks, nodes)
    elif child.name == "span":
        _under(_span_marks(child.attributes.get("style", "")), child, marks, nodes)
    elif child.name == "a" and child.attributes.get("data-card-appearance") and child.attributes.get("href"):
        nodes.append({"type": "inlineCard", "attrs": {"url": child.attributes["href"]}})
    elif child.name == "a" and "href" in child.attributes:
        _under([_link(child.attributes["href"])], child, marks, nodes)
    elif node := _atom(child):
        nodes.append(node)
    elif child.name == "ac:link":
        _add(link_text(child), (*_without(marks, "link"), _link(link_target(child))), nodes)
    elif child.name == "ac:inline-comment-marker" and child.attributes.get("ac:ref"):
        annotation = {"id": child.attributes["ac:ref"], "annotationType": "inlineComment"}
        _under([{"type": "annotation", "attrs": annotation}], child, marks, nodes)
    else:
        for inner in child.children:
            _read(inner, marks, nodes)


def _atom(element: Element) -> Node | None:
    name, given = element.name, element.attributes
    if name == "br":
        return {"type": "hardBreak"}
    if name == "time" and (moment := _moment(given.get("datetime", ""))):
        return {"type": "date", "attrs": {"timestamp": moment}}
    if name == "ac:emoticon":
        short = given.get("ac:emoji-shortname") or f":{given.get('ac:name', '')}:"
        kept = {"id": given.get("ac:emoji-id"), "text": given.get("ac:emoji-fallback")}
        return {"type": "emoji", "attrs": {"shortName": short, **{key: value for key, value in kept.items() if value}}}
    if name == "ac:placeholder":
        return {"type": "placeholder", "attrs": {"text": element.text()}}
    if name == "ac:link":
        user = next(iter(element.elements("ri:user")), None)
        account = user.attributes.get("ri:account-id") if user else None
        return {"type": "mention", "attrs": {"id": account}} if account else None
    if name == "ac:structured-macro":
        return _macro(element)
    return None


def _macro(element: Element) -> Node | None:
    parameters = parameters_of(element)
    name = element.attributes.get("ac:name", "")
    if name == "status":
        colour = parameters.get("colour", "").lower()
        known = colour if colour in STATUS_COLOURS else "neutral"
        return {"type": "status", "attrs": {"text": parameters.get("title") or " ", "color": known}}
    if not name:
        return None
    values = {key: {"value": value} for key, value in parameters.items()}
    return {
        "type": "inlineExtension",
        "attrs": {
            "extensionType": "com.atlassian.confluence.macro.core",
            "extensionKey": name,
            "parameters": {"macroParams": values},
        },
    }


def _moment(text: str) -> str | None:
    try:
        day = datetime.strptime(text[:10], "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return str(round(day.timestamp() * 1000))


def _span_marks(style: str) -> list[Node]:
    marks = []
    for name, key in (("textColor", r"(?<![\w-])color"), ("backgroundColor", "background-color")):
        if found := re.search(rf"{key}:\s*{COLOUR}", style):
            marks.append({"type": name, "attrs": {"color": _hex(found[1])}})
    return marks


def _hex(colour: str) -> str:
    if colour.startswith("#"):
        return colour
    return "#" + "".join(f"{min(int(part), 255):02x}" for part in re.findall(r"\d+", colour))


def _link(target: str) -> Node:
    return {"type": "link", "attrs": {"href": target}}


def _under(added: list[Node], element: Element, marks: Marks, nodes: list[Node]) -> None:
    new = tuple(mark for mark in added if all(mark["type"] != other["type"] for other in marks))
    for inner in element.children:
        _read(inner, (*marks, *new), nodes)


def _without(marks: Marks, name: str) -> Marks:
    return tuple(mark for mark in marks if mark["type"] != name)


def _add(text: str, marks: Marks, nodes: list[Node]) -> None:
    if not text:
        return
    if any(mark["type"] == "code" for mark in marks):
        marks = tuple(mark for mark in marks if mark["type"] == "code" or mark["type"] in BESIDE_CODE)
    last = nodes[-1] if nodes else None
    if last is not None and last["type"] == "text" and last.get("marks", []) == list(marks):
        last["text"] += text
        return
    nodes.append({"type": "text", "text": text, **({"marks": list(marks)} if marks else {})})


def _trimmed(nodes: list[Node]) -> list[Node]:
    if nodes and nodes[0]["type"] == "text":
        nodes[0]["text"] = nodes[0]["text"].lstrip(" ")
    if nodes and nodes[-1]["type"] == "text":
        nodes[-1]["text"] = nodes[-1]["text"].rstrip(" ")
    return [node for node in nodes if node["type"] != "text" or node["text"]]
