"""Recorded calls: their values, and the same call altered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sandlot_trainer.audit.calls import Leaf, RecordedCall, schema_of
from sandlot_trainer.tools import HttpRequest, Parameter, Tool

COMMENT = {
    "type": "doc",
    "version": 1,
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Fine by me"}]}],
}


def call(path: str = "/rest/api/3/issue/OPS-7/comment", query: str = "", body: Any = None) -> RecordedCall:
    return RecordedCall("jira/addComment", HttpRequest("POST", path, query, body), "/rest/api/3/issue/{key}/comment")


def test_every_value_that_a_call_sends_is_a_leaf() -> None:
    made = call(query="expand=a&expand=b", body={"body": COMMENT, "labels": ["x", None, 3]})
    assert {leaf.name: leaf.value for leaf in made.leaves()} == {
        "path.5": "OPS-7",
        "query.0": "a",
        "query.1": "b",
        "body.body.content.0.content.0.text": "Fine by me",
        "body.labels.0": "x",
        "body.labels.2": 3,
    }


def test_a_leaf_is_replaced_in_a_copy() -> None:
    made = call(query="expand=a", body={"labels": ["x", "y"]})
    other = made.with_value(("path", 5), "A B/1").with_value(("query", 0), "c d").with_value(("body", "labels", 1), "z")
    assert str(other) == 'POST /rest/api/3/issue/A%20B%2F1/comment?expand=c%20d {"labels": ["x", "z"]}'
    assert made.request.body == {"labels": ["x", "y"]}


def test_a_body_may_be_one_value() -> None:
    made = call(body="u1")
    assert [leaf.name for leaf in made.leaves()] == ["path.5", "body"]
    assert made.with_value(("body",), "u2").request.body == "u2"
    assert made.without(("body",)) is None


def test_a_leaf_is_left_out_where_the_call_can_be_made_without() -> None:
    made = call(query="a=1&b=2", body={"labels": ["x", "y"], "name": "n"})
    assert made.without(("path", 5)) is None
    assert str(made.without(("query", 0))).split(" {")[0].endswith("?b=2")
    shorter = made.without(("body", "labels", 0))
    assert shorter is not None
    assert shorter.request.body == {"labels": ["y"], "name": "n"}


def test_an_exchange_of_an_older_version_has_the_same_parameters() -> None:
    tool = Tool("addComment", "jira/addComment", "POST", "/rest/api/3/issue/{key}/comment", "", (), "object")
    exchange = {
        "operation": "jira/addComment",
        "method": "POST",
        "path": "/rest/api/2/issue/OPS-7/comment",
        "query": "",
        "request": {"body": "hm"},
    }
    made = RecordedCall.of(exchange, {tool.operation: tool})
    assert [(leaf.name, leaf.value) for leaf in made.leaves()] == [("path.5", "OPS-7"), ("body.body", "hm")]


def test_the_contract_says_what_stands_in_a_place() -> None:
    def tool(takes_body: str, **schemas: dict[str, Any]) -> Tool:
        parameters = tuple(Parameter(name, ("body",), schema, False, False, "") for name, schema in schemas.items())
        return Tool("write", "jira/write", "POST", "/write", "", parameters, takes_body)

    key = {"type": "string"}
    issues = {"type": "array", "items": key, "x-entity": "issue"}
    members = tool("object", issues=issues, fields={"properties": {"lead": {"x-entity": "user"}}})
    assert schema_of(Leaf(("body", "issues", 0), "OPS-7", "issues"), members) == {**key, "x-entity": "issue"}
    assert schema_of(Leaf(("body", "fields", "lead"), "u1", "lead"), members) == {"x-entity": "user"}
    assert schema_of(Leaf(("query", 1), "OPS-7", "issues"), members)["x-entity"] == "issue"
    people = {"oneOf": [{"type": "array", "items": {"properties": {"id": {"x-entity": "user"}}}}, {}]}
    assert schema_of(Leaf(("body", 0, "id"), "u1", "id"), tool("whole", body=people)) == {"x-entity": "user"}
    assert schema_of(Leaf(("body",), "u1"), tool("whole", body={"x-entity": "user"})) == {"x-entity": "user"}
    both = Parameter("id", ("path", "body"), {"x-entity": "page"}, True, False, "")
    assert schema_of(Leaf(("body", "id"), "7", "id"), replace(members, parameters=(both,))) == {}
    for leaf in (Leaf(("path", 3), "OPS-7"), Leaf(("body", "other"), "x", "other")):
        assert schema_of(leaf, members) == {}
    assert schema_of(Leaf(("body", "issues", 0), "OPS-7", "issues"), None) == {}
