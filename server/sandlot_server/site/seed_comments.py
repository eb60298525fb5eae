"""What hangs on a page or a space of a seed beside its files: labels, comments, and properties."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sandlot_server.documents import markers, storage
from sandlot_server.site.layers import Row
from sandlot_server.site.seed_names import SeedError

Rows = Iterator[tuple[str, Row]]
"""Rows with their tables."""


class PageComments:
    """The comments of one page. Those on a piece of its text leave a marker in `body`."""

    def __init__(
        self,
        page: str,
        body: str,
        named: Callable[[str, str, str], str],
        new_id: Callable[[str], str],
        clock: int,
    ) -> None:
        self.body = body
        self._page = page
        self._named = named
        self._new_id = new_id
        self._clock = clock

    def rows(self, comments: list[dict[str, Any]], where: str, parent: Row | None = None) -> Rows:
        """The comments with their replies, each before the replies to it."""
        for at, comment in enumerate(comments):
            here = f"{where}/{at}"
            row = self._comment(comment, here, parent)
            yield "page_comment", row
            version = {name: row[name] for name in ("page", "attachment", "body", "author", "createdAt")}
            version |= {"id": f"{row['id']}:1", "comment": row["id"], "number": 1, "message": ""}
            yield "page_comment_version", version
            yield from self.rows(comment.get("replies", []), f"{here}/replies", row)

    def _comment(self, comment: dict[str, Any], where: str, parent: Row | None) -> Row:
        author = self._named("user", comment["author"], f"{where}/author")
        if reason := storage.validate(comment["body"]):
            raise SeedError(f"seed {where}/body: {reason}")
        row_id = self._new_id("page")
        place: Row = {"selection": None, "selectionIndex": None, "marker": None, "resolution": None}
        if "on" in comment:
            place = self._marked(comment["on"], row_id, f"{where}/on", parent)
        begun = "inline" if place["marker"] else "footer"
        return {
            "id": row_id,
            "page": self._page,
            "attachment": None,
            "parent": parent and parent["id"],
            "location": parent["location"] if parent else begun,
            "body": storage.normalise(comment["body"]),
            **place,
            "resolvedBy": None,
            "resolvedAt": None,
            "author": author,
            "createdAt": self._clock,
            "versionNumber": 1,
            "versionMessage": "",
            "versionAuthor": author,
            "versionCreatedAt": self._clock,
        }

    def _marked(self, text: str, row_id: str, where: str, parent: Row | None) -> Row:
        if parent is not None:
            raise SeedError(f"seed {where}: a reply is about what its thread is about")
        found = markers.matches(self.body, text)
        if found != 1:
            raise SeedError(f"seed {where}: {text!r} stands {found} times on the page")
        marker = markers.reference(row_id)
        self.body = markers.marked(self.body, text, 0, marker)
        return {"selection": text, "selectionIndex": 0, "marker": marker, "resolution": "open"}


def label_rows(names: list[str], page: str, known: dict[str, str], new_id: Callable[[str], str]) -> Rows:
    """The labels of a page. A label has one id on all pages, which `known` keeps by its name."""
    for name in dict.fromkeys(label.lower() for label in names):
        row_id = new_id("label")
        label = known.setdefault(name, row_id)
        yield "label", {"id": row_id, "content": page, "label": label, "prefix": "global", "name": name}


def property_rows(
    properties: dict[str, Any], owner: Row, author: str, new_id: Callable[[str], str], clock: int
) -> Rows:
    """The properties of what `owner` names: a page, a space or an attachment, by its column."""
    for key, value in properties.items():
        yield (
            "content_property",
            {
                "id": new_id("content_property"),
                "page": None,
                "space": None,
                "attachment": None,
                **owner,
                "key": key,
                "value": value,
                "author": author,
                "createdAt": clock,
                "versionNumber": 1,
                "versionMessage": "",
                "versionAuthor": author,
                "versionCreatedAt": clock,
            },
        )
