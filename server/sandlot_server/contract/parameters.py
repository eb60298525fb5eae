"""Path and query parameters: from text on the wire to typed values.

How integers, booleans, repeats and blanks are read differs by product; the rules are those measured on
live sites (September and October 2026).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

import jsonschema_rs

from sandlot_server.call import Violation
from sandlot_server.contract.schemas import violations

_TRUE = {"true", "on", "yes", "1"}
_FALSE = {"false", "off", "no", "0"}
_INT32, _INT64 = 1 << 31, 1 << 63


@dataclass(frozen=True)
class Parameter:
    """One declared query parameter. `check` is None where the schema says no more than a type."""

    name: str
    type: str
    item_type: str
    required: bool
    default: Any
    explode: bool
    bits: int
    check: jsonschema_rs.Draft202012Validator | None


def parameter(declared: dict[str, Any], compile: Callable[[dict[str, Any]], Any]) -> Parameter:
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
        if texts is None or (declared.type in ("integer", "boolean", "number") and not texts[0].strip()):
            if declared.required:
                wrong.append(Violation("query", declared.name, "required", f"{declared.name} is required"))
            elif declared.default is not None:
                values[declared.name] = declared.default
            continue
        try:
            value = _converted(declared, texts)
        except ValueError as error:
            wrong.append(Violation("query", declared.name, "conversion", f"not of type {declared.type}", str(error)))
            continue
        if declared.check is not None and not declared.check.is_valid(value):
            wrong.extend(
                Violation("query", declared.name, found.keyword, found.message, value)
                for found in violations(declared.check, value, "query")
            )
            continue
        values[declared.name] = value
    return values, wrong


def _converted(declared: Parameter, texts: list[str]) -> Any:
    if declared.type == "array":
        parts = texts if declared.explode else [part for text in texts for part in text.split(",")]
        if declared.explode and len(texts) == 1 and "," in texts[0]:
            # Clients join lists with commas where the document says to repeat; the services take both.
            parts = texts[0].split(",")
        return [_scalar(declared.item_type, part, declared.bits) for part in parts if part != ""]
    if declared.type == "string":
        return ",".join(texts)
    return _scalar(declared.type, texts[0], declared.bits)


def _scalar(kind: str, text: str, bits: int) -> Any:
    """A typed value; ValueError carries the text as it came."""
    if kind == "integer":
        digits = "".join(text.split())
        if not digits.lstrip("+-").isdecimal() or "_" in digits:
            raise ValueError(text)
        number = int(digits)
        limit = _INT64 if bits == 64 else _INT32
        if not -limit <= number < limit:
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
