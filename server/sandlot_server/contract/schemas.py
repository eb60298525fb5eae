"""Compiles the contract's schemas (OpenAPI 3.0) with jsonschema-rs (JSON Schema 2020-12).

Requests and responses see different schemas: a readOnly property is not required of a caller, and a
writeOnly one not of the server.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from sandlot_server.call import Violation

_URN = "urn:sandlot"
_SCHEMA_MAPS = ("properties", "patternProperties", "schemas")


class Compiler:
    """Compiles the schemas of one document, for one direction ("request" or "response")."""

    def __init__(self, document: dict[str, Any], direction: str) -> None:
        self._dropped = "readOnly" if direction == "request" else "writeOnly"
        components = document.get("components", {}).get("schemas", {})
        resource = {"components": {"schemas": {name: self._converted(schema) for name, schema in components.items()}}}
        self._registry = jsonschema_rs.Registry([(_URN, resource)])

    def compile(self, schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(self._converted(schema), registry=self._registry)

    def _converted(self, schema: Any) -> Any:
        """The same schema in JSON Schema 2020-12: nullable, exclusive bounds, references, readOnly."""
        if isinstance(schema, list):
            return [self._converted(member) for member in schema]
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            return {"$ref": _URN + schema["$ref"]}
        converted: dict[str, Any] = {}
        for key, value in schema.items():
            if key in _SCHEMA_MAPS:
                converted[key] = {name: self._converted(member) for name, member in value.items()}
            elif key in ("enum", "default", "example", "required"):
                converted[key] = value
            elif not key.startswith("x-"):
                converted[key] = self._converted(value)
        for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if converted.get(exclusive) is True:
                converted[exclusive] = converted.pop(bound)
            elif converted.get(exclusive) is False:
                del converted[exclusive]
        if "required" in converted:
            converted["required"] = self._required(schema)
        if converted.pop("nullable", False):
            return _nullable(converted)
        return converted

    def _required(self, schema: dict[str, Any]) -> list[str]:
        properties = schema.get("properties", {})
        return [name for name in schema["required"] if not properties.get(name, {}).get(self._dropped)]


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if set(schema) - {"description", "title"} and isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]} if schema else {}


def violations(validator: jsonschema_rs.Draft202012Validator, instance: Any, where: str) -> Iterator[Violation]:
    """What of an instance does not fit, in the order the validator finds it."""
    for error in validator.iter_errors(instance):
        pointer = "".join(f"/{part}" for part in error.instance_path)
        yield Violation(where, pointer, error.kind.name, error.message, error.instance)
