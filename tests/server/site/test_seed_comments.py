from __future__ import annotations

from typing import Any

import orjson
import pytest

from sandlot_server.documents import markers
from sandlot_server.site.seed import Seed, SeedError
from sandlot_server.site.state import State

USER = {"displayName": "Ada", "emailAddress": "ada@example.com", "accountId": "ada"}
ADA = "ada@example.com"


def seeded(space: dict[str, Any], *pages: dict[str, Any]) -> State:
    described = {"key": "ENG", "name": "Engineering", **space, "pages": list(pages)}
    return State(Seed(orjson.dumps({"sandlot": 1, "users": [USER], "spaces": [described]})).layer)


def page(**parts: Any) -> dict[str, Any]:
    return {"title": "Plan", "body": "<p>Ship it on Friday.</p>", **parts}


def test_comments_and_their_replies() -> None:
    reply = {"author": ADA, "body": "<p>Yes.</p>", "replies": [{"author": ADA, "body": "<p>Good.</p>"}]}
    state = seeded({}, page(comments=[{"author": ADA, "body": "<p>Sure?</p>", "replies": [reply]}]), {"title": "Next"})
    first, second, third = state.all("page_comment")
    (row,) = state.find("page", "title_key", "plan")
    assert [comment["parent"] for comment in (first, second, third)] == [None, first["id"], second["id"]]
    assert {comment["page"] for comment in (first, second, third)} == {row["id"]}
    assert (first["author"], first["location"], first["body"]) == ("ada", "footer", "<p>Sure?</p>")
    versions = [(version["comment"], version["number"]) for version in state.all("page_comment_version")]
    assert versions == [(first["id"], 1), (second["id"], 1), (third["id"], 1)]
    ids = [one["id"] for table in ("page", "page_comment") for one in state.all(table)]
    assert len(set(ids)) == len(ids) == 6


def test_a_comment_on_a_piece_of_text() -> None:
    replies = [{"author": ADA, "body": "<p>Yes.</p>"}]
    state = seeded({}, page(comments=[{"author": ADA, "body": "<p>Why?</p>", "on": "Friday", "replies": replies}]))
    first, reply = state.all("page_comment")
    (row,) = state.find("page", "title_key", "plan")
    assert (first["location"], first["selection"], first["resolution"]) == ("inline", "Friday", "open")
    assert (reply["location"], reply["marker"]) == ("inline", None)
    assert row["body"] == markers.marked("<p>Ship it on Friday.</p>", "Friday", 0, first["marker"])
    assert state.all("page_version")[-1]["body"] == row["body"]


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ({"author": "bob@example.com"}, "/comments/0/author: there is no user 'bob@example.com'"),
        ({"body": "<p>"}, "/comments/0/body: Error parsing xhtml"),
        ({"on": "Monday"}, "/comments/0/on: 'Monday' stands 0 times on the page"),
        ({"on": "i"}, "/comments/0/on: 'i' stands 3 times on the page"),
        (
            {"replies": [{"author": ADA, "body": "", "on": "Friday"}]},
            "/comments/0/replies/0/on: a reply is about what its thread is about",
        ),
        ({"title": "x"}, "/comments/0: Additional properties are not allowed"),
    ],
)
def test_a_comment_that_cannot_be(comment: dict[str, Any], message: str) -> None:
    with pytest.raises(SeedError) as refused:
        seeded({}, page(comments=[{"author": ADA, "body": "<p>Why?</p>", **comment}]))
    assert str(refused.value).startswith(f"seed /spaces/0/pages/0{message}")


def test_properties_of_pages_and_spaces() -> None:
    state = seeded({"properties": {"tier": 1}}, page(properties={"stage": {"name": "draft"}}))
    (space,) = state.all("space")
    (row,) = state.find("page", "title_key", "plan")
    (of_page,) = state.find("content_property", "page", row["id"])
    (of_space,) = state.find("content_property", "space", space["id"])
    assert (of_page["key"], of_page["value"], of_page["versionNumber"]) == ("stage", {"name": "draft"}, 1)
    assert (of_space["key"], of_space["value"], of_space["author"]) == ("tier", 1, "ada")


def test_a_label_has_one_id_on_all_pages() -> None:
    state = seeded({}, page(labels=["Plan", "plan", "late"]), {"title": "Next", "labels": ["plan"]})
    labels = [(label["name"], label["label"]) for label in state.all("label")]
    plan, late = labels[0][1], labels[1][1]
    assert labels == [("plan", plan), ("late", late), ("plan", plan)]
    assert plan != late
