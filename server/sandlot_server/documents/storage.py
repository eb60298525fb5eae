"""Confluence storage format: is it valid, how the service keeps it, its text, its HTML view, to and from ADF."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from sandlot_server.documents.adf_schema import words
from sandlot_server.documents.storage_read import to_adf
from sandlot_server.documents.storage_view import to_view
from sandlot_server.documents.storage_write import written
from sandlot_server.documents.xhtml import Element, Invalid, attributes, parse, tokens

__all__ = ["Element", "Invalid", "from_adf", "normalise", "parse", "to_adf", "to_text", "to_view", "validate"]

MacroIds = Callable[[int], str]
"""The id of the n-th macro of a text, from 0 on."""

_NAMESPACE = uuid.UUID("8f9d3a52-6a1c-4f0e-9b3e-0d5f7c2a4e61")
BLOCKS = words(
    "p h1 h2 h3 h4 h5 h6 ul ol li blockquote hr pre table tr div ac:task ac:task-body "
    "ac:layout-cell ac:rich-text-body ac:plain-text-body ac:image br"
)
UNSEEN = words("ac:parameter ac:task-id ac:task-uuid ac:task-status ac:adf-attribute ac:adf-fallback ac:placeholder")


def validate(xhtml: str) -> str | None:
    """Why a text is no storage format, in the service's words with row and column; None = valid."""
    try:
        for _ in tokens(xhtml):
            pass
    except Invalid as reason:
        return str(reason)
    return None


def normalise(xhtml: str, macro_id: MacroIds | None = None) -> str:
    """The text as the service keeps it: as given, but self-closing tags end in " />" and every structured
    macro has its schema version and id. Ids not given come from `macro_id`, by default from the text, so
    that the same text always gets the same ones. Raises Invalid."""
    made = macro_id or (lambda number: str(uuid.uuid5(_NAMESPACE, f"{number}:{xhtml}")))
    kept: list[str] = []
    macros = 0
    for token in tokens(xhtml):
        written_so = token.attributes
        if token.name == "ac:structured-macro" and token.kind != "close":
            present = attributes(written_so)
            if "ac:schema-version" not in present:
                written_so += ' ac:schema-version="1"'
            if "ac:macro-id" not in present:
                written_so += f' ac:macro-id="{made(macros)}"'
            macros += 1
        if token.kind == "empty":
            kept.append(f"<{token.name}{written_so} />")
        elif written_so != token.attributes:
            kept.append(f"<{token.name}{written_so}>")
        else:
            kept.append(xhtml[token.start : token.end])
    return "".join(kept)


def from_adf(doc: dict[str, object]) -> str:
    """A valid ADF document in storage format, as `normalise` leaves it."""
    return normalise(written(doc))


def to_text(xhtml: str) -> str:
    """What a reader sees, without markup: blocks parted by a line end, blanks run together. Raises Invalid."""
    pieces: list[str] = []
    _collect(parse(xhtml), pieces)
    lines = (re.sub(r"\s+", " ", line).strip() for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _collect(element: Element, pieces: list[str]) -> None:
    if element.name in UNSEEN and not _is_title(element):
        return
    title = element.attributes.get("ri:content-title") or element.attributes.get("ac:emoji-fallback")
    moment = element.attributes.get("datetime") if element.name == "time" else None
    block = element.name in BLOCKS
    pieces.append("\n" if block else "")
    if (title or moment) and not _has_body(element):
        pieces.append(title or moment or "")
    preserved = element.name in ("ac:plain-text-body", "pre")
    for child in element.children:
        if isinstance(child, Element):
            named = element.name == "ac:link" and child.name == "ri:page" and _has_body(element)
            if not named:
                _collect(child, pieces)
        else:
            pieces.append(child if preserved else re.sub(r"\s+", " ", child))
    pieces.append("\n" if block else "\t" if element.name in ("td", "th") else "")


def _is_title(element: Element) -> bool:
    """The title of a status, panel or expand is shown; other parameters are not."""
    return element.attributes.get("ac:name") == "title"


def _has_body(element: Element) -> bool:
    return bool(element.elements("ac:link-body", "ac:plain-text-link-body"))
