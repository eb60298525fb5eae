"""Calls of tools as a person types them: `getIssue issueIdOrKey=OPS-7`."""

from __future__ import annotations

import json
import re
from typing import Any

from sandlot_trainer.tools import ToolBox

_ARGUMENT = re.compile(r"\s*([\w-]+)=")
_PLAIN = re.compile(r"\S*")


def read_call(line: str, toolbox: ToolBox) -> tuple[str, dict[str, Any]]:
    """The tool's name and its arguments. A value is JSON where it begins with {, [ or ", else a word, which becomes
    a number or a truth value where the tool wants one. Raises ValueError, naming what cannot be read."""
    if line.startswith("{"):
        return _json_call(line)
    name, _, rest = line.strip().partition(" ")
    kinds = {}
    if name in toolbox:
        kinds = {parameter.name: parameter.schema.get("type") for parameter in toolbox[name].parameters}
    arguments: dict[str, Any] = {}
    at = 0
    while rest[at:].strip():
        named = _ARGUMENT.match(rest, at)
        if named is None:
            raise ValueError(f"{rest[at:].strip()!r} is no argument: write name=value, texts with blanks in quotes.")
        arguments[named[1]], at = _value(rest, named.end(), named[1], kinds.get(named[1]))
    return name, arguments


def _json_call(line: str) -> tuple[str, dict[str, Any]]:
    try:
        call = json.loads(line)
        name, arguments = call["name"], call["arguments"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f'That is no call as JSON: {{"name": ..., "arguments": {{...}}}} ({error}).') from error
    if not (isinstance(name, str) and isinstance(arguments, dict)):
        raise ValueError('A call as JSON has a text as "name" and an object as "arguments".')
    return name, arguments


def _value(text: str, at: int, name: str, kind: Any) -> tuple[Any, int]:
    """The value that begins at a place of the text, and the place behind it."""
    if text[at : at + 1] in ("{", "[", '"'):
        try:
            return json.JSONDecoder().raw_decode(text, at)
        except ValueError as error:
            raise ValueError(f"The value of {name} is no JSON: {error}.") from error
    word = _PLAIN.match(text, at)
    assert word is not None
    value: Any = word[0]
    if kind in ("integer", "number", "boolean"):
        try:
            value = json.loads(word[0])
        except ValueError as error:
            raise ValueError(f"{name} takes a value of type {kind}, not {word[0]!r}.") from error
    return value, word.end()
