"""A request's body as JSON, read as the services read it."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import orjson

# Lists and objects within each other. What is deeper could be read, but not checked, kept or answered.
MOST_LEVELS = 200
_TEXT = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


class BadJson(Exception):
    """A body that is no JSON or too deep (`reason` is "syntax"), or not even UTF-8 ("encoding")."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_json(body: bytes, trailing_ignored: bool = False) -> Any:
    """What a body says: all of it, or a whole object that something else may follow."""
    if body.count(b"[") + body.count(b"{") > MOST_LEVELS and _too_deep(body):
        raise BadJson("syntax")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    try:
        text = body.decode("utf-8").lstrip()
    except UnicodeDecodeError:
        raise BadJson("encoding") from None
    if not trailing_ignored or not text.startswith("{"):
        raise BadJson("syntax")
    try:
        return _DECODER.raw_decode(text)[0]
    except (ValueError, RecursionError):
        raise BadJson("syntax") from None


def _too_deep(body: bytes) -> bool:
    level = 0
    for bracket in _TEXT.sub(b"", body):
        if bracket in b"[{":
            level += 1
            if level > MOST_LEVELS:
                return True
        elif bracket in b"]}":
            level -= 1
    return False


def _no_constant(name: str) -> NoReturn:
    """NaN and the infinities are no JSON."""
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
