from __future__ import annotations

import json
from typing import Any

import pytest

from sandlot_server.site.seed import Seed, SeedError
from sandlot_server.site.state import State

USERS = [{"displayName": "Ada One", "emailAddress": "ada@example.com"}]


def seeded(*files: dict[str, Any]) -> State:
    """A site with these files on a page."""
    page = {"title": "Plans", "attachments": list(files)}
    document = {"sandlot": 1, "users": USERS, "spaces": [{"key": "OPS", "name": "Operations", "pages": [page]}]}
    return State(Seed(json.dumps(document).encode()).layer)


def test_the_files_of_a_page() -> None:
    state = seeded({"filename": "a.md", "text": "# A", "comment": "First"}, {"filename": "b", "base64": "/w=="})
    first, second = state.all("page_attachment")
    assert (first["title"], first["mediaType"], first["size"], first["comment"]) == (
        "a.md",
        "text/markdown",
        3,
        "First",
    )
    assert [state.blob(row["sha256"]) for row in (first, second)] == [b"# A", b"\xff"]
    versions = state.all("page_attachment_version")
    assert [(row["attachment"], row["number"], row["sha256"]) for row in versions] == [
        (row["id"], 1, row["sha256"]) for row in (first, second)
    ]
    # Pages and their files share one sequence of ids.
    ids = [row["id"] for table in ("page", "page_attachment") for row in state.all(table)]
    assert len(set(ids)) == len(ids)


def test_a_file_of_a_page_has_properties() -> None:
    state = seeded({"filename": "a.md", "text": "# A", "properties": {"state": {"seen": 3}}})
    (file,), (kept,) = state.all("page_attachment"), state.all("content_property")
    assert (kept["attachment"], kept["page"], kept["key"], kept["value"]) == (file["id"], None, "state", {"seen": 3})
    assert state.find("content_property", "attachment", file["id"]) == [kept]


@pytest.mark.parametrize("file", [{"base64": "%"}, {"text": "x" * (10 * 1024 * 1024 + 1)}, {}])
def test_a_bad_file_is_named_by_its_place(file: dict[str, Any]) -> None:
    with pytest.raises(SeedError, match="/spaces/0/pages/0/attachments"):
        seeded({"filename": "a", **file})
