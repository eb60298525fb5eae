"""The text that an inline comment is about: found in storage format, marked there, and freed of its mark.

The service counts a selection in what a reader sees, so white space runs together, tags inside a block count for
nothing, and no match reaches from one block into the next.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from sandlot_server.documents.adf_schema import words
from sandlot_server.documents.storage import BLOCKS, UNSEEN
from sandlot_server.documents.xhtml import REFERENCE, attributes, decoded, tokens

_NAMESPACE = uuid.UUID("5b0a1f0e-3d0c-4f65-9a3e-7c1f0a6d2e48")
MARKER = "ac:inline-comment-marker"
_PARTING = BLOCKS | words("td th")
_CLOSED = UNSEEN | words("ac:plain-text-body ac:plain-text-link-body")
_BREAK = "\n"


class _Sign(NamedTuple):
    """One character that a reader sees, and the piece of the source that it stands for."""

    text: str
    start: int
    end: int


def reference(comment_id: str) -> str:
    """What the markers of a comment are known by."""
    return str(uuid.uuid5(_NAMESPACE, comment_id))


def matches(xhtml: str, selection: str) -> int:
    """How often a selection stands in the text. Raises Invalid."""
    return len(_found(_signs(xhtml), selection))


def marked(xhtml: str, selection: str, index: int, ref: str) -> str:
    """The text with the match number `index` (from 0 on) under a marker; there must be one."""
    signs = _signs(xhtml)
    start = _found(signs, selection)[index]
    kept: list[str] = []
    position = 0
    for begin, end in _pieces(signs[start : start + len(_seen(selection))]):
        kept += [xhtml[position:begin], f'<{MARKER} ac:ref="{escape(ref)}">', xhtml[begin:end], f"</{MARKER}>"]
        position = end
    return "".join([*kept, xhtml[position:]])


def unmarked(xhtml: str, ref: str) -> str:
    """The text without the marker of a comment, and with all that stood under it."""
    kept: list[str] = []
    dropped: list[bool] = []
    for token in tokens(xhtml):
        drop = False
        if token.name == MARKER and token.kind != "close":
            drop = attributes(token.attributes).get("ac:ref") == ref
            if token.kind == "open":
                dropped.append(drop)
        elif token.name == MARKER:
            drop = dropped.pop()
        if not drop:
            kept.append(xhtml[token.start : token.end])
    return "".join(kept)


def _seen(selection: str) -> str:
    return " ".join(selection.split())


def _found(signs: list[_Sign], selection: str) -> list[int]:
    """Where the selection begins, once for each match; matches do not overlap."""
    text, sought = "".join(sign.text for sign in signs), _seen(selection)
    starts: list[int] = []
    at = text.find(sought) if sought else -1
    while at >= 0:
        starts.append(at)
        at = text.find(sought, at + len(sought))
    return starts


def _signs(xhtml: str) -> list[_Sign]:
    signs: list[_Sign] = []
    open_names: list[str] = []
    for token in tokens(xhtml):
        if token.kind == "open":
            open_names.append(token.name)
        elif token.kind == "close":
            open_names.pop()
        if token.kind == "cdata" or token.name in _PARTING or token.name in _CLOSED:
            signs.append(_Sign(_BREAK, token.start, token.start))
        elif token.kind == "text" and not _CLOSED & set(open_names):
            for sign in _characters(xhtml, token.start, token.end):
                if sign.text != " " or (signs and signs[-1].text not in (" ", _BREAK)):
                    signs.append(sign)
    return signs


def _characters(xhtml: str, start: int, end: int) -> Iterator[_Sign]:
    """The characters of a text token; a run of white space is one blank."""
    blank: int | None = None
    at = start
    while at < end:
        reference = REFERENCE.match(xhtml, at, end)
        after = reference.end() if reference else at + 1
        text = decoded(xhtml[at:after])
        if text.isspace():
            blank = at if blank is None else blank
        else:
            if blank is not None:
                yield _Sign(" ", blank, at)
                blank = None
            yield _Sign(text, at, after)
        at = after
    if blank is not None:
        yield _Sign(" ", blank, end)


def _pieces(signs: list[_Sign]) -> Iterator[tuple[int, int]]:
    """The places of signs in the source, run together where no tag stands between them."""
    begin, end = signs[0].start, signs[0].end
    for sign in signs[1:]:
        if sign.start != end:
            yield begin, end
            begin = sign.start
        end = sign.end
    yield begin, end
