from __future__ import annotations

from typing import Any

import pytest

from sandlot_trainer.cli.typed import read_call
from sandlot_trainer.tools import Parameter, Tool, ToolBox

PARAMETERS = {"id": "string", "limit": "integer", "deep": "boolean", "space-id": "array", "body": "object"}
TOOL = Tool(
    "find",
    "x/find",
    "GET",
    "/find",
    "",
    tuple(Parameter(name, ("query",), {"type": kind}, False, False, "") for name, kind in PARAMETERS.items()),
    None,
)


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("find", {}),
        ("  find  id=OPS-7   limit=5 ", {"id": "OPS-7", "limit": 5}),
        ("find id=10012 deep=true", {"id": "10012", "deep": True}),
        ('find id="two words" limit=1', {"id": "two words", "limit": 1}),
        ('find body={"a": {"b": [1, "x y"]}} space-id=[1,2]', {"body": {"a": {"b": [1, "x y"]}}, "space-id": [1, 2]}),
        ("find id= other=x=y", {"id": "", "other": "x=y"}),
        ('{"name": "find", "arguments": {"id": 1}}', {"id": 1}),
    ],
)
def test_a_call_is_read(line: str, arguments: dict[str, Any]) -> None:
    assert read_call(line, ToolBox((TOOL,))) == ("find", arguments)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("find OPS-7", "'OPS-7' is no argument: write name=value"),
        ("find limit=five", "limit takes a value of type integer, not 'five'"),
        ('find body={"a": }', "The value of body is no JSON"),
        ('{"name": "find"}', "That is no call as JSON"),
        ('{"name": "find", "arguments": []}', "an object as"),
        ("{", "That is no call as JSON"),
    ],
)
def test_what_cannot_be_read_is_named(line: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_call(line, ToolBox((TOOL,)))
