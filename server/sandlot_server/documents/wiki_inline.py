"""Inline wiki markup to ADF: marks, code, links, mentions, colours, line breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

Node = dict[str, Any]
Marks = Sequence[Node]

MARKS: dict[str, Node] = {
    "*": {"type": "strong"},
    "_": {"type": "em"},
    "+": {"type": "underline"},
    "-": {"type": "strike"},
    "^": {"type": "subsup", "attrs": {"type": "sup"}},
    "~": {"type": "subsup", "attrs": {"type": "sub"}},
}
ESCAPABLE = frozenset("!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~")
CODE = re.compile(r"\{\{((?:\\.|(?!\{\{)[^\\\n])+?)\}\}(?!\})")
COLOUR = re.compile(r"\{color:\s*([^}\s]+)\s*\}((?:(?!\{color).)*?)\{color\}", re.DOTALL)
BRACED = re.compile(r"\{([*_+\-^~])\}(.+?)(?<!\\)\{\1\}", re.DOTALL)
LINK = re.compile(r"\[((?:\\.|[^\[\]\\\n])+)\]")
ADDRESS = re.compile(r"https?://[^\s|\[\]{}<>\"'\\]*[^\s|\[\]{}<>\"'\\.,;:!?)*_+~^-]")
ENTITY = re.compile(r"&#([0-9]{1,7});")
TARGET = re.compile(r"(?:https?|ftp|file|mailto|tel):[^\s|]+$")
NAMED_COLOURS = {
    "black": "#000000",
    "blue": "#0000ff",
    "brown": "#a52a2a",
    "gray": "#808080",
    "green": "#008000",
    "grey": "#808080",
    "maroon": "#800000",
    "orange": "#ffa500",
    "purple": "#800080",
    "red": "#ff0000",
    "silver": "#c0c0c0",
    "white": "#ffffff",
    "yellow": "#ffff00",
}


def read_inline(text: str) -> list[Node]:
    """The inline nodes of a paragraph's text; a line end in it is a hard break."""
    nodes: list[Node] = []
    _Passage(text, (), nodes).read()
    return nodes


class _Passage:
    """A stretch of text under the same marks. Its nodes join those already there; like text runs together."""

    def __init__(self, text: str, marks: Marks, nodes: list[Node]) -> None:
        self.text = text
        self.marks = marks
        self.nodes = nodes
        self.unclosed: dict[str, int] = {}

    def read(self) -> None:
        position = 0
        while position < len(self.text):
            position = self._step(position)

    def _step(self, position: int) -> int:
        """Reads what stands at the position; where to go on."""
        character = self.text[position]
        if character == "\\":
            return self._escape(position)
        if character == "\n":
            self.nodes.append({"type": "hardBreak"})
            return position + 1
        if character == "&" and (entity := ENTITY.match(self.text, position)):
            self._add(_character(int(entity[1])), self.marks)
            return entity.end()
        end = None
        if character == "{":
            end = self._braces(position)
        elif character == "[":
            end = self._link(position)
        elif character in MARKS:
            end = self._mark(position)
        elif character == "h":
            end = self._address(position)
        if end is None:
            self._add(character, self.marks)
            return position + 1
        return end

    def _escape(self, position: int) -> int:
        following = self.text[position + 1 : position + 2]
        if following == "\\":
            self.nodes.append({"type": "hardBreak"})
            return position + 3 if self.text[position + 2 : position + 3] == "\n" else position + 2
        if following and following in ESCAPABLE:
            self._add(following, self.marks)
            return position + 2
        self._add("\\", self.marks)
        return position + 1

    def _braces(self, position: int) -> int | None:
        if code := CODE.match(self.text, position):
            kept = [mark for mark in self.marks if mark["type"] == "link"]
            self._add(plain(code[1]), ({"type": "code"}, *kept))
            return code.end()
        if braced := BRACED.match(self.text, position):
            return braced.end() if self._under(MARKS[braced[1]], braced[2]) else None
        if colour := COLOUR.match(self.text, position):
            value = _hex(colour[1])
            if not value or not self._under({"type": "textColor", "attrs": {"color": value}}, colour[2]):
                _Passage(colour[2], self.marks, self.nodes).read()
            return colour.end()
        return None

    def _mark(self, position: int) -> int | None:
        closing = self._closing(position)
        if closing is None or not self._under(MARKS[self.text[position]], self.text[position + 1 : closing]):
            return None
        return closing + 1

    def _link(self, position: int) -> int | None:
        link = LINK.match(self.text, position)
        if not link or _has(self.marks, "link"):
            return None
        inside = link[1]
        if inside.startswith("~"):
            self.nodes.append({"type": "mention", "attrs": {"id": inside[1:].removeprefix("accountid:")}})
            return link.end()
        bars = [-1, *unescaped(inside, "|"), len(inside)]
        shown, *rest = [inside[start + 1 : end] for start, end in pairwise(bars)]
        if not rest:
            if not TARGET.match(shown):
                return None
            self._add(shown, (*self.marks, _link_mark(shown)))
            return link.end()
        target = rest[0].strip()
        if not shown or not target or re.search(r"\s", target):
            return None
        if rest[1:] in (["smart-link"], ["smart-card"], ["smart-embed"]):
            self.nodes.append({"type": "inlineCard", "attrs": {"url": target}})
        else:
            self._under(_link_mark(target), shown)
        return link.end()

    def _address(self, position: int) -> int | None:
        address = ADDRESS.match(self.text, position)
        if not address or _has(self.marks, "link") or _is_word(self.text, position - 1):
            return None
        self._add(address[0], (*self.marks, _link_mark(address[0])))
        return address.end()

    def _closing(self, position: int) -> int | None:
        """Where a mark that opens here closes on its line; None if it opens nothing."""
        text = self.text
        mark = text[position]
        if _is_word(text, position - 1) or text[max(position - 1, 0) : position] == mark:
            return None
        if text[position + 1 : position + 2] in ("", " ", "\n", "\t", mark):
            return None
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        if self.unclosed.get(mark) == end:
            return None
        for found in unescaped(text[position + 1 : end], mark):
            at = position + 1 + found
            before, after = text[at - 1], text[at + 1 : at + 2]
            braced = before == "{" and after == "}"
            apart = mark not in (before, after) and not before.isspace() and not _is_word(text, at + 1)
            if found and apart and not braced:
                return at
        self.unclosed[mark] = end
        return None

    def _under(self, mark: Node, text: str) -> bool:
        """Reads the text under one mark more; False if it is already under such a mark."""
        if _has(self.marks, mark["type"]):
            return False
        _Passage(text, (*self.marks, mark), self.nodes).read()
        return True

    def _add(self, text: str, marks: Marks) -> None:
        last = self.nodes[-1] if self.nodes else None
        if last is not None and last["type"] == "text" and last.get("marks", []) == list(marks):
            last["text"] += text
            return
        self.nodes.append({"type": "text", "text": text, **({"marks": list(marks)} if marks else {})})


def plain(text: str) -> str:
    """The text without its escapes."""
    return re.sub(r"\\(.)|" + ENTITY.pattern, _decode, text)


def _decode(escape: re.Match[str]) -> str:
    if escape[2]:
        return _character(int(escape[2]))
    return escape[1] if escape[1] in ESCAPABLE else escape[0]


def _character(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def unescaped(text: str, wanted: str) -> list[int]:
    """Where `wanted` stands outside links and code and behind no backslash."""
    found = []
    position = 0
    while position < len(text):
        character = text[position]
        inside = CODE if character == "{" else LINK if character == "[" and wanted == "|" else None
        if character == "\\":
            position += 2
        elif inside and (skipped := inside.match(text, position)):
            position = skipped.end()
        else:
            if character == wanted:
                found.append(position)
            position += 1
    return found


def _is_word(text: str, position: int) -> bool:
    return 0 <= position < len(text) and text[position].isalnum()


def _has(marks: Marks, name: str) -> bool:
    return any(mark["type"] == name for mark in marks)


def _link_mark(target: str) -> Node:
    return {"type": "link", "attrs": {"href": target}}


def _hex(colour: str) -> str | None:
    if re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return colour
    if re.fullmatch(r"#[0-9a-fA-F]{3}", colour):
        return "#" + "".join(digit * 2 for digit in colour[1:])
    return NAMED_COLOURS.get(colour.lower())
