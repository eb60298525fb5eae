"""The XML of Confluence's storage format: read token by token, checked as the service checks it, as a tree.

The reader is our own because a page is kept as it was written: `storage.normalise` must know the text of
every tag, and refusals name the place in it. Names with the prefixes ac, ri and at need no declaration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import name2codepoint
from typing import NamedTuple, NoReturn

DEEPEST = 100
PREFIXES = frozenset({"ac", "ri", "at", "xml", "xmlns"})

NAME = r"[A-Za-z_][\w.\-]*(?::[A-Za-z_][\w.\-]*)?"
ATTRIBUTE = re.compile(rf"\s+({NAME})\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")
TAG = re.compile(rf"<(/?)({NAME})((?:\s+{NAME}\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(/?)>")
COMMENT = re.compile(r"<!--(?:(?!--).)*-->", re.DOTALL)
CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
REFERENCE = re.compile(r"&(?:#(?:([0-9]{1,7})|x([0-9a-fA-F]{1,6}))|([A-Za-z][A-Za-z0-9]*));")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Invalid(Exception):
    """Why a text is no storage format, in the words of the service."""


class Token(NamedTuple):
    """A piece of the text. `kind`: "open", "close", "empty" (a self-closing tag), "text", "cdata", "comment".
    `name` and `attributes` (as written, with the blank before them) are those of a tag."""

    kind: str
    start: int
    end: int
    name: str = ""
    attributes: str = ""


@dataclass
class Element:
    """A node of the tree. Text children are decoded; a comment leaves nothing."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def elements(self, *names: str) -> list[Element]:
        """The direct children with one of the names, or all that are elements."""
        return [child for child in self.children if isinstance(child, Element) and (not names or child.name in names)]

    def find(self, name: str) -> Element | None:
        """The first element below with the name."""
        for child in self.elements():
            found = child if child.name == name else child.find(name)
            if found is not None:
                return found
        return None

    def text(self) -> str:
        """All text below, as it stands."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


def parse(text: str) -> Element:
    """The tree of a text in storage format, under an element of no name. Raises Invalid."""
    root = Element("")
    open_elements = [root]
    for token in tokens(text):
        here = open_elements[-1].children
        if token.kind in ("text", "cdata"):
            piece = text[token.start : token.end]
            piece = decoded(piece) if token.kind == "text" else piece[9:-3]
            if here and isinstance(here[-1], str):
                here[-1] += piece
            elif piece:
                here.append(piece)
        elif token.kind in ("open", "empty"):
            element = Element(token.name, attributes(token.attributes))
            here.append(element)
            if token.kind == "open":
                open_elements.append(element)
        elif token.kind == "close":
            open_elements.pop()
    return root


def tokens(text: str) -> Iterator[Token]:
    """The text piece by piece, nothing left out. Raises Invalid where it is not well-formed."""
    illegal = ILLEGAL.search(text)
    if illegal:
        _refuse(text, illegal.start(), f"Illegal character ((CTRL-CHAR, code {ord(illegal[0])}))")
    open_names: list[str] = []
    position = 0
    while position < len(text):
        start = text.find("<", position)
        start = len(text) if start < 0 else start
        if start > position:
            _check_text(text, position, start)
            yield Token("text", position, start)
        if start == len(text):
            break
        token = _markup(text, start)
        if token.kind == "open":
            open_names.append(token.name)
            if len(open_names) > DEEPEST:
                _refuse(text, start, f"Maximum Element Depth limit ({DEEPEST}) Exceeded")
        elif token.kind == "close":
            expected = open_names.pop() if open_names else "xml"
            if token.name != expected:
                _refuse(text, start, f"Unexpected close tag </{token.name}>; expected </{expected}>.")
        yield token
        position = token.end
    if open_names:
        reason = f"Unexpected EOF; was expecting a close tag for element <{open_names[-1]}>"
        _refuse(text, len(text), reason)


def _markup(text: str, start: int) -> Token:
    if text.startswith("<!", start):
        if cdata := CDATA.match(text, start):
            return Token("cdata", start, cdata.end())
        if comment := COMMENT.match(text, start):
            return Token("comment", start, comment.end())
        _refuse(text, start, "Unexpected DOCTYPE, comment or CDATA section that is not complete")
    tag = TAG.match(text, start)
    if tag is None:
        _refuse_tag(text, start)
    closing, name, written, empty = tag.groups()
    if closing and (written or empty):
        _refuse_tag(text, start)
    _check_names(text, start, name, written)
    kind = "close" if closing else "empty" if empty else "open"
    return Token(kind, start, tag.end(), name, written)


def attributes(written: str) -> dict[str, str]:
    """The attributes of a tag, decoded, in order."""
    return {name: decoded(quoted or single) for name, quoted, single in ATTRIBUTE.findall(written)}


def decoded(text: str) -> str:
    """The text with its references resolved; it must have passed `tokens`."""
    return REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name = reference.groups()
    if name:
        return "'" if name == "apos" else chr(name2codepoint[name])
    return chr(int(decimal) if decimal else int(hexadecimal, 16))


def _check_text(text: str, start: int, end: int) -> None:
    if (stray := text.find("]]>", start, end)) >= 0:
        _refuse(text, stray, "Unexpected character sequence ']]>' in content")
    position = text.find("&", start, end)
    while position >= 0:
        reference = REFERENCE.match(text, position, end)
        if reference is None:
            _refuse(text, position + 1, f"{_unexpected(text, position + 1)}; expected a reference after '&'")
        _check_reference(text, reference)
        position = text.find("&", reference.end(), end)


def _check_reference(text: str, reference: re.Match[str]) -> None:
    decimal, hexadecimal, name = reference.groups()
    if name:
        if name not in name2codepoint and name != "apos":
            _refuse(text, reference.start(), f'Undeclared general entity "{name}"')
        return
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if not (code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0xFFFF < code < 0x110000):
        _refuse(
            text,
            reference.start(),
            f"Illegal character entity: expansion character (code 0x{code:x}) not valid",
        )


def _check_names(text: str, start: int, name: str, written: str) -> None:
    given = ATTRIBUTE.findall(written)
    names = [attribute for attribute, _, _ in given]
    for used in (name, *names):
        prefix = used.partition(":")[0] if ":" in used else "ac"
        if prefix not in PREFIXES and f"xmlns:{prefix}" not in text:
            _refuse(text, start, f'Undeclared namespace prefix "{prefix}"')
    for number, attribute in enumerate(names):
        if attribute in names[:number]:
            _refuse(text, start, f"Duplicate attribute '{attribute}'.")
    for _, quoted, single in given:
        value = quoted or single
        if "&" in value:
            at = text.index(value, start)
            _check_text(text, at, at + len(value))


def _refuse_tag(text: str, start: int) -> NoReturn:
    """Says what is wrong with a tag that does not read as one."""
    opened = re.compile(rf"</?{NAME}").match(text, start)
    if opened is None:
        reason = f"{_unexpected(text, start + 1)} in content after '<' (malformed start element?)."
        _refuse(text, start + 1, reason)
    position = opened.end()
    while attribute := ATTRIBUTE.match(text, position):
        position = attribute.end()
    named = re.compile(rf"\s+{NAME}\s*").match(text, position)
    if named and text[named.end() : named.end() + 1] != "=":
        _refuse(text, named.end(), f"{_unexpected(text, named.end())} expected '='")
    if named:
        _refuse(text, named.end(), "Unexpected character in attribute value (it must be quoted, without '<')")
    _refuse(text, position, f"{_unexpected(text, position)} excepted space, or '>' or \"/>\"")


def _unexpected(text: str, position: int) -> str:
    if position >= len(text):
        return "Unexpected EOF"
    return f"Unexpected character '{text[position]}' (code {ord(text[position])})"


def _refuse(text: str, position: int, reason: str) -> NoReturn:
    row = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    place = f"[row,col {{unknown-source}}]: [{row},{column}]"
    raise Invalid(f"Error parsing xhtml: {reason}\n at {place}")
