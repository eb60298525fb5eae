"""ADF to Jira wiki markup: what API v2 answers for a text that is kept as a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sandlot_server.documents.adf import inline_text
from sandlot_server.documents.wiki_inline import ADDRESS, ESCAPABLE, TARGET

Node = dict[str, Any]

PANEL_COLOURS = {
    "#deebff": "info",
    "#eae6ff": "note",
    "#e3fcef": "success",
    "#fffae6": "warning",
    "#ffebe6": "error",
}
COLOURS_OF_PANELS = {kind: colour for colour, kind in PANEL_COLOURS.items()} | {"tip": "#e3fcef"}
SYMBOLS = {"strong": "*", "em": "_", "underline": "+", "strike": "-"}
LINE_START = re.compile(r"^(\s*(?:[*#]*(?=[*#-] )|h[1-6](?=\.)|bq(?=\.)|(?=\|)|(?=-{4,}\s*$)))", re.MULTILINE)
CODE_SPAN = r"\{\{(?:\\.|(?!\{\{)[^\\\n])+?\}\}(?!\})"
LINK_SPAN = r"\[(?:\\.|[^\[\]\\\n])+\]"
CODE_BLOCK = r"\{(code|noformat)(?::[^}\n]*)?\}.*?\{\2\}"
UNPARTED = re.compile(rf"(\\.|{CODE_BLOCK}|{CODE_SPAN}|{LINK_SPAN})", re.DOTALL)
LISTS = frozenset({"bulletList", "orderedList", "taskList", "decisionList"})


def from_adf(doc: Node | None) -> str:
    """The document in wiki markup. What markup cannot say (layouts, expands, media without a file name) keeps
    its text. None, a field without a value, is an empty text."""
    return "" if doc is None else _blocks(doc.get("content", []), "\n\n")


def _blocks(nodes: Sequence[Node], between: str) -> str:
    return between.join(block for node in nodes if (block := _block(node)))


def _block(node: Node) -> str:
    name, content, attributes = node["type"], node.get("content", []), node.get("attrs", {})
    if name == "paragraph":
        return _line_starts(_inline(content, "\n"))
    if name == "heading":
        return f"h{attributes['level']}. {_inline(content, BREAK)}"
    if name == "codeBlock":
        return _code(content, attributes.get("language") or "")
    if name == "blockquote":
        return f"{{quote}}\n{_blocks(content, chr(10) * 2)}\n{{quote}}"
    if name == "panel":
        colour = COLOURS_OF_PANELS.get(attributes["panelType"]) or attributes.get("panelColor", "#ffffff")
        return f"{{panel:bgColor={colour}}}\n{_blocks(content, chr(10) * 2)}\n{{panel}}"
    if name == "rule":
        return "----"
    if name in LISTS:
        return "\n".join(_items(node, ""))
    if name == "table":
        return "\n".join(_row(row) for row in content)
    if name in ("blockCard", "embedCard"):
        url = inline_text(node)
        return f"[{_address(url)}|{_address(url)}|smart-card]" if url else ""
    if name == "media":
        shown = attributes.get("url") or attributes.get("alt")
        return f"!{shown}!" if shown else ""
    title = attributes.get("title")
    body = _blocks(content, "\n\n")
    return f"*{_escaped(title, frozenset('*'))}*\n\n{body}" if title else body


def _code(content: Sequence[Node], language: str) -> str:
    text = "".join(child["text"] for child in content)
    tag = "code" if language or "{noformat}" in text else "noformat"
    opening = f"{{code:{language}}}" if language else f"{{{tag}}}"
    body = f"\n{text}\n" if "\n" in text else text
    return f"{opening}{body}{{{tag}}}"


def _items(node: Node, markers: str) -> list[str]:
    """The lines of a list; `markers` are those of the lists around it."""
    lines: list[str] = []
    own = markers + ("#" if node["type"] == "orderedList" else "*")
    for item in node["content"]:
        if item["type"] in LISTS:
            lines.extend(_items(item, own if lines else markers))
            continue
        content = item.get("content", [])
        if item["type"] in ("taskItem", "decisionItem"):
            content = [{"type": "paragraph", "content": content}]
        nested = [child for child in content if child["type"] in LISTS]
        text = _blocks([child for child in content if child["type"] not in LISTS], "\n")
        lines.append(f"{own} {text}")
        for inner in nested:
            lines.extend(_items(inner, own))
    return lines


def _row(row: Node) -> str:
    bars = ["||" if cell["type"] == "tableHeader" else "|" for cell in row["content"]]
    cells = [_blocks(cell["content"], "\n") for cell in row["content"]]
    written = "".join(bar + (_bars_escaped(text) or " ") for bar, text in zip(bars, cells, strict=True))
    return written + (bars[-1] if bars else "")


def _bars_escaped(text: str) -> str:
    """A cell's text with its bars escaped, but for those in code blocks and links, which part nothing."""
    kept = UNPARTED.split(text)
    return "".join(
        piece if number % 3 == 1 else piece.replace("|", "\\|") for number, piece in enumerate(kept) if number % 3 != 2
    )


BREAK = "\\\\"


def _inline(nodes: Sequence[Node], line_end: str) -> str:
    return _Paragraph(nodes, line_end).runs(nodes, frozenset(), ("", ""))


class _Paragraph:
    """Writes the inline nodes of one paragraph."""

    def __init__(self, nodes: Sequence[Node], line_end: str) -> None:
        text = "".join(node["text"] for node in nodes if node["type"] == "text")
        used = {SYMBOLS.get(mark["type"], "^~") for node in nodes for mark in node.get("marks", [])}
        # A lone symbol reads as a mark only where a mark of its kind is about.
        self.lively = frozenset(c for c in "*_-+^~" if text.count(c) > 1 or any(c in symbols for symbols in used))
        self.line_end = line_end

    def runs(self, nodes: Sequence[Node], done: frozenset[str], around: tuple[str, str]) -> str:
        """The nodes under the marks not yet `done`; each mark is opened once for all neighbours that have it.
        `around` are the characters before and after."""
        written: list[str] = []
        index = 0
        while index < len(nodes):
            node = nodes[index]
            best, end = _longest(nodes, index, done)
            before = written[-1][-1:] if written else around[0]
            after = _first_character(nodes[end], done) if end < len(nodes) else around[1]
            if best is not None:
                written.append(self._marked(nodes[index:end], best, done, (before, after)))
            elif node["type"] == "hardBreak":
                # A line end beside another, or at an end, would end the paragraph.
                beside = {nodes[at]["type"] for at in (index - 1, index + 1) if 0 <= at < len(nodes)}
                alone = 0 < index < len(nodes) - 1 and "hardBreak" not in beside
                written.append(self.line_end if alone else BREAK)
            else:
                written.append(self._atom(node, done, (before, after)))
            index = end
        return "".join(written)

    def _marked(self, nodes: Sequence[Node], mark: Node, done: frozenset[str], around: tuple[str, str]) -> str:
        name = mark["type"]
        if name == "code":
            text = "".join(node["text"] for node in nodes)
            return "{{" + _code_escaped(text, "{}&[]|" if "link" in done else "{}&") + "}}"
        if name == "link":
            return self._link(nodes, mark["attrs"]["href"], done)
        if name == "textColor":
            inside = self.runs(nodes, done | {name}, ("}", "{"))
            return f"{{color:{mark['attrs']['color']}}}{inside}{{color}}"
        symbol = SYMBOLS.get(name) or {"sub": "~", "sup": "^"}[mark["attrs"]["type"]]
        inside = self.runs(nodes, done | {name}, (symbol, symbol))
        ends = (inside[:1], inside[-1:])
        in_word = around[0].isalnum() or around[1].isalnum()
        if in_word or any(end.isspace() for end in ends) or symbol in (*around, *ends) or ends[1] in ("\\", "{"):
            return f"{{{symbol}}}{inside}{{{symbol}}}"
        return f"{symbol}{inside}{symbol}"

    def _link(self, nodes: Sequence[Node], target: str, done: frozenset[str]) -> str:
        address = _address(target)
        bare = len(nodes) == 1 and nodes[0]["text"] == target and len(nodes[0]["marks"]) == 1
        if bare and address == target and TARGET.match(target):
            return f"[{target}]"
        return f"[{self.runs(nodes, done | {'link'}, ('[', '|'))}|{address}]"

    def _atom(self, node: Node, done: frozenset[str], around: tuple[str, str]) -> str:
        if node["type"] == "mention":
            return f"[~accountid:{node['attrs']['id']}]"
        if node["type"] == "inlineCard" and (url := inline_text(node)):
            return f"[{_address(url)}|{_address(url)}|smart-link]"
        lively = self.lively | {"|", "]"} if "link" in done else self.lively
        return _escaped(inline_text(node), lively, around)


def _longest(nodes: Sequence[Node], index: int, done: frozenset[str]) -> tuple[Node | None, int]:
    """The mark that goes on longest from here, and where its run ends. Code is the last to be opened."""
    best: Node | None = None
    furthest = index + 1
    for mark in nodes[index].get("marks", []):
        if mark["type"] in done or not _has_markup(mark):
            continue
        end = index + 1
        while end < len(nodes) and mark in nodes[end].get("marks", []) and mark["type"] != "code":
            end += 1
        if best is None or end > furthest or best["type"] == "code":
            best, furthest = mark, end
    return best, furthest


def _has_markup(mark: Node) -> bool:
    return mark["type"] in SYMBOLS or mark["type"] in ("code", "link", "subsup", "textColor")


def _first_character(node: Node, done: frozenset[str]) -> str:
    """What the node's markup starts with, as far as what stands before it must know."""
    if node["type"] != "text" or any(_has_markup(m) and m["type"] not in done for m in node.get("marks", [])):
        return "{"
    return str(node["text"][0])


def _escaped(text: str, lively: frozenset[str], around: tuple[str, str] = ("", "")) -> str:
    """Text with a backslash before what would else be markup, and only before that."""
    addresses = [match.span() for match in ADDRESS.finditer(text)]
    written: list[str] = []
    for position, character in enumerate(text):
        before = text[position - 1] if position else around[0] or " "
        after = text[position + 1] if position + 1 < len(text) else around[1] or " "
        if any(start <= position < end for start, end in addresses) and character not in "|]":
            written.append(character)
        elif character == "\\":
            written.append("&#92;" if after in ESCAPABLE or after == "\\" or not text[position + 1 :] else "\\")
        elif character in "{[" or character + after == "&#" or before + character == "}}":
            written.append("\\" + character)
        elif character == "\n":
            written.append("&#10;")
        elif character in lively and (character in "|]" or _may_mark(before, after)):
            written.append("\\" + character)
        else:
            written.append(character)
    return "".join(written)


def _may_mark(before: str, after: str) -> bool:
    inside_word = before.isalnum() and after.isalnum()
    return not inside_word and not (before.isspace() and after.isspace())


def _code_escaped(text: str, special: str) -> str:
    escapes = {"\\": "&#92;", "\n": "&#10;", **{character: "\\" + character for character in special}}
    return "".join(escapes.get(character, character) for character in text)


def _address(url: str) -> str:
    """A URL without what would end a link."""
    return re.sub(r"[\s|\[\]\\]", lambda found: f"%{ord(found[0]):02X}", url)


def _line_starts(text: str) -> str:
    """A paragraph's lines, kept from reading as list items, headings, quotes, rows or rules."""
    return LINE_START.sub(r"\1\\", text)
