"""Plausible wrong values, from a world's own answers."""

from __future__ import annotations

from typing import Any

import pytest

from sandlot_trainer.audit.calls import Leaf
from sandlot_trainer.audit.world import World, alternatives, exploring_calls
from sandlot_trainer.tools import Parameter, Tool, ToolBox


def answer(operation: str, body: Any, status: int = 200) -> dict[str, Any]:
    return {"operation": operation, "status": status, "response": body}


PAGES = {"results": [{"id": "501", "spaceId": "77"}, {"id": "502", "spaceId": "78"}, {"id": "503", "spaceId": "77"}]}
WORLD = World(
    [
        answer("confluence/getPages", PAGES),
        answer("jira/getPriorities", [{"id": "1", "name": "High"}, {"id": "2", "name": "Low"}]),
        answer("jira/getIssue", {"id": "9"}, 404),
    ]
)


def test_another_entity_of_the_kind_stands_where_it_stood() -> None:
    assert WORLD.others("501") == ["502", "503"]
    assert WORLD.others("77") == ["78"]
    assert WORLD.others("9") == []
    assert WORLD.other_names("High") == ["1"]


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("501", ["502", "503"]),
        (501, [502, 503]),
        ("2026-02-28", ["2026-03-01"]),
        (True, [False]),
        (7, [8]),
        ("urgent", ["otherwise", "nothing"]),
        ("<p>Ship it in <b>May</b></p>", ["<p>otherwise it in <b>May</b></p>", "<p>Ship  <b>May</b></p>"]),
    ],
    ids=str,
)
def test_wrong_values_are_of_the_kind_of_the_right_one(value: Any, wrong: list[Any]) -> None:
    found = alternatives(Leaf(("body", "x"), value), None, WORLD)
    assert found[: len(wrong)] == wrong
    assert value not in found


def test_an_enumeration_offers_its_other_members() -> None:
    schema = {"type": "object", "properties": {"representation": {"enum": ["storage", "wiki", "view"]}}}
    body = Parameter("body", ("body",), schema, False, False, "")
    tool = Tool("createPage", "confluence/createPage", "POST", "/pages", "", (body,), "object")
    assert alternatives(Leaf(("body", "body", "representation"), "storage"), tool, WORLD) == ["wiki", "view"]


def test_a_world_is_explored_by_the_reads_that_need_nothing() -> None:
    jql = Parameter("jql", ("query",), {"type": "string"}, True, False, "")
    key = Parameter("key", ("path",), {"type": "string"}, True, False, "")
    tools = (
        Tool("search", "jira/search", "GET", "/search", "", (jql,), None),
        Tool("getIssue", "jira/getIssue", "GET", "/issue/{key}", "", (key,), None),
        Tool("createIssue", "jira/createIssue", "POST", "/issue", "", (), "object"),
    )
    assert [str(call) for call in exploring_calls(ToolBox(tools))] == ["GET /search?jql=created%20is%20not%20EMPTY"]
