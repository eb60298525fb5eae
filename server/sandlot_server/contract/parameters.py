"""Path and query parameters: from text on the wire to typed values.

How integers, booleans, repeats and blanks are read differs by product; the rules are those measured on
live sites (September and October 2026). Each product's services have a dialect:

- jira: blanks in a number count for nothing, and a blank one is none. v2 of Confluence is taken to be alike.
- controller (v1 of Confluence): the same, but a number of blanks alone cannot be read.
- older (search of v1): a number has no blanks beside it, and of a repeated text the first counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote_plus

import jsonschema_rs

from sandlot_server.call import Violation
from sandlot_server.contract.schemas import violations
from sandlot_server.numbers import whole_number

Dialect = Literal["jira", "controller", "older"]

_TRUE = {"true", "on", "yes", "1"}
_FALSE = {"false", "off", "no", "0"}


@dataclass(frozen=True)
class Parameter:
    """One declared query parameter. `check` is None where the schema says no more than a type.

    `whole` (`x-whole`): a list that must be repeated, as a value is never split at its commas.
    """

    name: str
    type: str
    item_type: str
    required: bool
    default: Any
    explode: bool
    bits: int
    check: jsonschema_rs.Draft202012Validator | None
    whole: bool = False
    dialect: Dialect = "jira"


def parameter(
    declared: dict[str, Any], compile: Callable[[dict[str, Any]], Any], dialect: Dialect = "jira"
) -> Parameter:
    schema = declared.get("schema", {})
    items = schema.get("items", {})
    constrained = {"enum", "minimum", "maximum", "pattern", "minLength", "maxLength", "minItems", "maxItems"}
    return Parameter(
        name=declared["name"],
        type=schema.get("type", "string"),
        item_type=items.get("type", "string"),
        # A default answers for what is absent, so the parameter is optional in fact.
        required=declared.get("required", False) and "default" not in schema,
        default=schema.get("default"),
        explode=declared.get("explode", True),
        bits=64 if "int64" in (schema.get("format"), items.get("format")) else 32,
        check=compile(schema) if constrained & (set(schema) | set(items)) else None,
        whole=declared.get("x-whole", False),
        dialect=dialect,
    )


def split_query(raw: str) -> dict[str, list[str]]:
    """A query string's values by name, in order, blanks kept."""
    values: dict[str, list[str]] = {}
    for pair in raw.split("&"):
        if pair:
            name, _, value = pair.partition("=")
            values.setdefault(unquote_plus(name), []).append(unquote_plus(value))
    return values


def read_query(parameters: tuple[Parameter, ...], raw: str) -> tuple[dict[str, Any], list[Violation]]:
    """The declared parameters of a query, typed, defaults applied; absent ones have no key."""
    given = split_query(raw) if raw else {}
    values: dict[str, Any] = {}
    wrong: list[Violation] = []
    for declared in parameters:
        texts = given.get(declared.name)
        if texts is None or _says_nothing(declared, texts):
            if declared.required:
                wrong.append(Violation("query", declared.name, "required", f"{declared.name} is required"))
            elif declared.default is not None:
                values[declared.name] = declared.default
            continue
        try:
            value = _converted(declared, texts)
        except ValueError as error:
            sent = texts if declared.type != "array" and len(texts) > 1 else str(error)
            wrong.append(Violation("query", declared.name, "conversion", f"not of type {declared.type}", sent))
            continue
        if declared.check is not None and not declared.check.is_valid(value):
            wrong.extend(
                Violation("query", declared.name, found.keyword, found.message, value)
                for found in violations(declared.check, value, "query")
            )
            continue
        values[declared.name] = value
    return values, wrong


def _says_nothing(declared: Parameter, texts: list[str]) -> bool:
    """Whether a number or a truth value came without any."""
    if declared.type not in ("integer", "boolean", "number"):
        return False
    return texts == [""] if declared.dialect == "controller" else not texts[0].strip()


def _converted(declared: Parameter, texts: list[str]) -> Any:
    if declared.type == "array":
        parts = texts if declared.explode else [part for text in texts for part in text.split(",")]
        if declared.explode and len(texts) == 1 and "," in texts[0] and not declared.whole:
            # Clients join lists with commas where the document says to repeat; the services take both.
            parts = texts[0].split(",")
        return [_scalar(declared.item_type, part, declared.bits) for part in parts if part != ""]
    if declared.type == "string":
        return texts[0] if declared.dialect == "older" else ",".join(texts)
    if declared.dialect == "older" and any(map(str.isspace, texts[0])):
        raise ValueError(texts[0])
    if declared.dialect == "controller":
        return _scalar(declared.type, "".join(texts[0].split()), declared.bits)
    return _scalar(declared.type, texts[0], declared.bits)


def _scalar(kind: str, text: str, bits: int) -> Any:
    """A typed value; ValueError carries the text as it came."""
    if kind == "integer":
        number = whole_number("".join(text.split()), bits)
        if number is None:
            raise ValueError(text)
        return number
    if kind == "number":
        return float(text)
    if kind == "boolean":
        word = text.strip().lower()
        if word not in _TRUE and word not in _FALSE:
            raise ValueError(text)
        return word in _TRUE
    return text
