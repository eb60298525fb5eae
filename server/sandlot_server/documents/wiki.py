"""Jira wiki markup, as API v2 speaks it: to ADF (this module) and from ADF (wiki_write)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from sandlot_server.documents.fitting import fitted
from sandlot_server.documents.wiki_inline import read_inline, unescaped
from sandlot_server.documents.wiki_write import PANEL_COLOURS, from_adf

__all__ = ["from_adf", "to_adf"]

Node = dict[str, Any]

MACRO = re.compile(r"(?<!\\)\{(code|noformat|quote|panel)(?::([^}\n]*))?\}")
PLACE = re.compile("\0([0-9]+)\0")
HEADING = re.compile(r"\s*h([1-6])\.\s*(.*)$")
QUOTE_LINE = re.compile(r"\s*bq\.\s*(.*)$")
RULE = re.compile(r"\s*-{4,}\s*$")
LIST_LINE = re.compile(r"\s*([*#]+|-) +(.*)$")
TABLE_LINE = re.compile(r"\s*\|")
IMAGE_LINE = re.compile(r"\s*!(https?://[^\s!|]+)(?:\|[^!\n]*)?!\s*$")
CARD_LINE = re.compile(r"\s*\[([^\]|\s]+)\|\1\|smart-card\]\s*$")

DEEPEST_LIST = 20


def to_adf(markup: str) -> Node:
    """A valid ADF document of a text in wiki markup. There is no wrong markup: what is none stays text."""
    text = markup.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return {"type": "doc", "version": 1, "content": Reader().blocks(text)}


class Reader:
    """Reads blocks. Macros with a body are lifted out first: each leaves a numbered place in the text, so
    that lists and tables can be read by the line whatever the macros in them hold."""

    def __init__(self) -> None:
        self.lifted: list[Node] = []

    def blocks(self, text: str) -> list[Node]:
        return list(self._read(self._lift(text).split("\n")))

    def _lift(self, text: str) -> str:
        kept: list[str] = []
        position = 0
        while opening := MACRO.search(text, position):
            closing = _closing(text, opening)
            if closing is None:
                kept.append(text[position : opening.end()])
                position = opening.end()
                continue
            body = text[opening.end() : closing]
            place = len(self.lifted)
            kept.append(f"{text[position : opening.start()]}\0{place}\0")
            self.lifted.append({})
            self.lifted[place] = self._macro(opening[1], opening[2] or "", body)
            position = closing + len(opening[1]) + 2
        return "".join(kept) + text[position:]

    def _macro(self, name: str, parameters: str, body: str) -> Node:
        options = _options(parameters)
        if name in ("code", "noformat"):
            return _code_block(body, options.get("") or options.get("language", ""))
        if name == "quote":
            return {"type": "blockquote", "content": fitted(self.blocks(body), "blockquote")}
        title = options.get("title", "")
        heading = [_paragraph([{"type": "text", "text": title, "marks": [{"type": "strong"}]}])] if title else []
        kind = PANEL_COLOURS.get(options.get("bgColor", "").lower(), "info")
        content = [*heading, *fitted(self.blocks(body), "panel")]
        return {"type": "panel", "attrs": {"panelType": kind}, "content": content}

    def _read(self, lines: list[str]) -> Iterable[Node]:
        index = 0
        while index < len(lines):
            line = lines[index]
            if not line.strip():
                index += 1
            elif heading := HEADING.match(line):
                level = {"level": int(heading[1])}
                yield from self._flow(heading[2], {"type": "heading", "attrs": level})
                index += 1
            elif quote := QUOTE_LINE.match(line):
                yield {"type": "blockquote", "content": fitted(self._flow(quote[1]), "blockquote")}
                index += 1
            elif RULE.match(line):
                yield {"type": "rule"}
                index += 1
            elif LIST_LINE.match(line):
                items, index = _list_lines(lines, index)
                yield from self._lists(items, 0)
            elif TABLE_LINE.match(line):
                rows, index = _table_rows(lines, index)
                yield {"type": "table", "content": [self._row(row) for row in rows]}
            elif image := IMAGE_LINE.match(line):
                media = {"type": "media", "attrs": {"type": "external", "url": image[1]}}
                yield {"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [media]}
                index += 1
            elif card := CARD_LINE.match(line):
                yield {"type": "blockCard", "attrs": {"url": card[1]}}
                index += 1
            else:
                start = index
                while index < len(lines) and lines[index].strip() and (index == start or not _opens(lines[index])):
                    index += 1
                yield from self._flow("\n".join(lines[start:index]))

    def _flow(self, text: str, around: Node | None = None) -> list[Node]:
        """Running text as paragraphs (or as `around`, a heading), parted by the blocks lifted out of it."""
        made: list[Node] = []
        for number, piece in enumerate(PLACE.split(text)):
            if number % 2:
                made.append(self.lifted[int(piece)])
            elif content := read_inline(piece.strip("\n")):
                made.append({**(around or {"type": "paragraph"}), "content": content})
        return made

    def _lists(self, items: list[tuple[str, str]], depth: int) -> Iterable[Node]:
        index = 0
        while index < len(items):
            kind = items[index][0][depth]
            made: list[Node] = []
            while index < len(items) and items[index][0][depth] == kind:
                end = index + 1
                while end < len(items) and len(items[end][0]) > depth + 1:
                    end += 1
                own = fitted(self._flow(items[index][1]), "listItem")
                nested = self._lists(items[index + 1 : end], depth + 1)
                made.append({"type": "listItem", "content": [*own, *nested]})
                index = end
            yield {"type": "orderedList" if kind == "#" else "bulletList", "content": made}

    def _row(self, row: str) -> Node:
        cells = [
            {
                "type": "tableHeader" if header else "tableCell",
                "content": fitted(list(self._read(text.strip().split("\n"))), "tableCell"),
            }
            for header, text in _cells(row)
        ]
        return {"type": "tableRow", "content": cells}


def _closing(text: str, opening: re.Match[str]) -> int | None:
    """Where the closing tag of a macro starts. Code is raw; other bodies may hold code with tags in it."""
    name = opening[1]
    if name in ("code", "noformat"):
        found = text.find(f"{{{name}}}", opening.end())
        return None if found < 0 else found
    position = opening.end()
    while tag := MACRO.search(text, position):
        if tag[1] == name:
            return tag.start()
        end = _closing(text, tag) if tag[1] in ("code", "noformat") else None
        position = tag.end() if end is None else end + len(tag[1]) + 2
    return None


def _options(parameters: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for part in filter(None, parameters.split("|")):
        key, equals, value = part.partition("=")
        options[key.strip() if equals else ""] = (value if equals else key).strip()
    return options


def _code_block(body: str, language: str) -> Node:
    text = body.removeprefix("\n").removesuffix("\n")
    node: Node = {"type": "codeBlock"}
    if language:
        node["attrs"] = {"language": language}
    if text:
        node["content"] = [{"type": "text", "text": text}]
    return node


def _paragraph(content: list[Node]) -> Node:
    return {"type": "paragraph", "content": content}


def _opens(line: str) -> bool:
    """Whether a line starts a block of its own, and so ends the paragraph or the item before it."""
    starts = (HEADING, QUOTE_LINE, RULE, LIST_LINE, TABLE_LINE, IMAGE_LINE, CARD_LINE)
    return any(start.match(line) for start in starts)


def _list_lines(lines: list[str], index: int) -> tuple[list[tuple[str, str]], int]:
    """The items from a list's first line on, as (markers, text), and the line after the list. A line that
    opens nothing goes on with the item above. An item is at most one level deeper than the one before."""
    items: list[tuple[str, str]] = []
    while index < len(lines) and lines[index].strip():
        line = LIST_LINE.match(lines[index])
        if line:
            deepest = min(len(items[-1][0]) + 1, DEEPEST_LIST) if items else 1
            items.append((line[1].replace("-", "*")[:deepest], line[2]))
        elif _opens(lines[index]):
            break
        else:
            items[-1] = (items[-1][0], f"{items[-1][1]}\n{lines[index]}")
        index += 1
    return items, index


def _table_rows(lines: list[str], index: int) -> tuple[list[str], int]:
    """The rows from a table's first line on, and the line after it. A row ends in a bar at a line's end."""
    rows: list[str] = []
    while index < len(lines) and TABLE_LINE.match(lines[index]):
        row = lines[index].strip()
        index += 1
        while not _ends_row(row) and index < len(lines) and lines[index].strip():
            if TABLE_LINE.match(lines[index]):
                break
            row += "\n" + lines[index]
            index += 1
        rows.append(row.rstrip())
    return rows, index


def _ends_row(row: str) -> bool:
    end = row.rstrip()
    return len(end) > 1 and end.endswith("|") and not end.endswith("\\|")


def _cells(row: str) -> list[tuple[bool, str]]:
    """The cells of a row as (is a header, text). Bars in links, in code or after a backslash part nothing."""
    starts: list[tuple[int, int]] = []
    for bar in unescaped(row, "|"):
        if not starts or bar >= starts[-1][1]:
            starts.append((bar, bar + (2 if row.startswith("||", bar) else 1)))
    starts.append((len(row), len(row)))
    return [(start - bar == 2, row[start:end]) for (bar, start), (end, _) in pairwise(starts) if start < len(row)]
