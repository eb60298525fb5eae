from __future__ import annotations

from typing import Any

import pytest

from sandlot_server.contract.parameters import Parameter, parameter, read_query
from sandlot_server.contract.schemas import Compiler

COMPILER = Compiler({"components": {}}, "request")


def declared(schema: dict[str, Any], **more: Any) -> tuple[Parameter, ...]:
    return (parameter({"name": "p", "in": "query", "schema": schema, **more}, COMPILER.compile),)


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3), (" 3 ", 3), ("3 4", 34), ("%2B3", 3), ("-1", -1), ("p=5", None), ("1.5", None)],
)
def test_integers_are_read_as_measured(text: str, value: int | None) -> None:
    values, wrong = read_query(declared({"type": "integer"}), f"p={text.replace(' ', '+')}")
    assert values.get("p") == value
    assert bool(wrong) == (value is None)


def test_an_empty_integer_is_its_default() -> None:
    assert read_query(declared({"type": "integer", "default": 50}), "p=")[0] == {"p": 50}


def test_an_integer_beyond_its_width_is_a_conversion_error() -> None:
    _, wrong = read_query(declared({"type": "integer"}), f"p={1 << 31}")
    assert [(one.keyword, one.value) for one in wrong] == [("conversion", str(1 << 31))]
    assert read_query(declared({"type": "integer", "format": "int64"}), f"p={1 << 31}")[0] == {"p": 1 << 31}


@pytest.mark.parametrize(("text", "value"), [("true", True), ("YES", True), ("1", True), ("off", False), ("no", False)])
def test_booleans_are_read_as_measured(text: str, value: bool) -> None:
    assert read_query(declared({"type": "boolean"}), f"p={text}")[0] == {"p": value}


def test_a_repeated_string_is_joined_by_commas_and_a_repeated_number_is_its_first() -> None:
    assert read_query(declared({"type": "string"}), "p=a&p=b")[0] == {"p": "a,b"}
    assert read_query(declared({"type": "integer"}), "p=1&p=2")[0] == {"p": 1}


def test_lists_come_repeated_or_joined() -> None:
    numbers = declared({"type": "array", "items": {"type": "integer"}})
    assert read_query(numbers, "p=1&p=2")[0] == {"p": [1, 2]}
    assert read_query(numbers, "p=1,2")[0] == {"p": [1, 2]}


def test_an_enum_is_checked() -> None:
    _, wrong = read_query(declared({"type": "string", "enum": ["a", "b"]}), "p=c")
    assert [one.keyword for one in wrong] == ["enum"]


def test_a_required_parameter_with_a_default_is_optional() -> None:
    assert read_query(declared({"type": "string", "default": "x"}, required=True), "") == ({"p": "x"}, [])
    _, wrong = read_query(declared({"type": "string"}, required=True), "")
    assert [one.keyword for one in wrong] == ["required"]
