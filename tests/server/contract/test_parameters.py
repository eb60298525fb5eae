from __future__ import annotations

from typing import Any

import pytest

from sandlot_server.contract.parameters import Dialect, Parameter, parameter, read_query
from sandlot_server.contract.schemas import Compiler

COMPILER = Compiler({"components": {}}, "request")


def declared(schema: dict[str, Any], dialect: Dialect = "jira", **more: Any) -> tuple[Parameter, ...]:
    return (parameter({"name": "p", "in": "query", "schema": schema, **more}, COMPILER.compile, dialect),)


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3), (" 3 ", 3), ("3 4", 34), ("%2B3", 3), ("-1", -1), ("p=5", None), ("1.5", None)],
)
def test_integers_are_read_as_measured(text: str, value: int | None) -> None:
    values, wrong = read_query(declared({"type": "integer"}), f"p={text.replace(' ', '+')}")
    assert values.get("p") == value
    assert bool(wrong) == (value is None)


@pytest.mark.parametrize("text", ["9" * 5000, "%2B-5", "abc"])
def test_what_is_no_integer_is_named_as_it_came(text: str) -> None:
    _, wrong = read_query(declared({"type": "integer"}), f"p={text}")
    assert [one.value for one in wrong] == [text.replace("%2B", "+")]


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


@pytest.mark.parametrize(
    ("dialect", "query", "value"),
    [
        ("jira", "p=+", 50),
        ("controller", "p=", 50),
        ("controller", "p=+3+4", 34),
        ("controller", "p=3&p=x", 3),
        ("older", "p=", 50),
        ("older", "p=+", 50),
        ("older", "p=%2B3", 3),
    ],
)
def test_integers_in_each_dialect(dialect: Dialect, query: str, value: int) -> None:
    assert read_query(declared({"type": "integer", "default": 50}, dialect), query) == ({"p": value}, [])


@pytest.mark.parametrize(
    ("dialect", "query", "named"),
    [
        ("jira", "p=+a+", " a "),
        ("jira", "p=a&p=2", ["a", "2"]),
        ("controller", "p=++", ""),
        ("controller", "p=&p=3", ["", "3"]),
        ("older", "p=+3", " 3"),
        ("older", "p=3+4", "3 4"),
    ],
)
def test_what_no_dialect_reads_is_named(dialect: Dialect, query: str, named: str | list[str]) -> None:
    _, wrong = read_query(declared({"type": "integer"}, dialect), query)
    assert [(one.keyword, one.value) for one in wrong] == [("conversion", named)]


def test_of_a_repeated_text_older_services_take_the_first() -> None:
    assert read_query(declared({"type": "string"}, "older"), "p=a&p=b")[0] == {"p": "a"}


def test_a_whole_list_is_only_repeated() -> None:
    numbers = declared({"type": "array", "items": {"type": "integer"}}, **{"x-whole": True})
    assert read_query(numbers, "p=1&p=2")[0] == {"p": [1, 2]}
    assert [one.value for one in read_query(numbers, "p=1,2")[1]] == ["1,2"]
