"""The judge of a case: what an answer has other than it should have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.parity.wire import Answer, Case

ABSENT = object()
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "object": dict, "array": list,
}  # fmt: skip


def member(body: Any, pointer: str) -> Any:
    """What a JSON pointer leads to, or ABSENT."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(body, dict) and name in body:
            body = body[name]
        elif isinstance(body, list) and name.isdecimal() and int(name) < len(body):
            body = body[int(name)]
        else:
            return ABSENT
    return body


def fits(found: Any, expected: Any) -> bool:
    match expected:
        case {"matches": pattern, **rest} if not rest:
            return isinstance(found, str) and re.fullmatch(pattern, found, re.DOTALL) is not None
        case {"type": name, **rest} if not rest and name in TYPES:
            return isinstance(found, TYPES[name]) and (name == "boolean" or not isinstance(found, bool))
        case {"keys": names, **rest} if not rest:
            return isinstance(found, dict) and list(found) == names
        case {"size": count, **rest} if not rest:
            return isinstance(found, dict | list) and len(found) == count
    return found is not ABSENT and shown(found) == shown(expected)


def shown(value: Any) -> str:
    """A value as JSON, which tells true from 1 and 1 from 1.0."""
    return "(absent)" if value is ABSENT else json.dumps(value, sort_keys=True, ensure_ascii=False)


def differences(answer: Answer, expected: Case) -> Iterator[str]:
    """What an answer has other than expected, a line each: the place, what is there, what is due."""
    if answer.status != expected["status"]:
        yield f"status: {answer.status}, due {expected['status']}"
    for name, value in expected.get("headers", {}).items():
        found = answer.headers.get(name, ABSENT)
        due = ABSENT if value is None else value
        if found is not due and not fits(found, due):
            yield f"header {name}: {shown(found)}, due {shown(due)}"
    if "text" in expected and not fits(answer.body.decode(), expected["text"]):
        yield f"body: {shown(answer.body.decode())}, due {shown(expected['text'])}"
    if {"json", "has", "lacks"} & set(expected):
        yield from differences_of_json(answer.body, expected)


def differences_of_json(body: bytes, expected: Case) -> Iterator[str]:
    try:
        said = json.loads(body)
    except ValueError:
        yield f"body: no JSON, but {body!r}"
        return
    if "json" in expected and not fits(said, expected["json"]):
        yield f"body: {shown(said)}, due {shown(expected['json'])}"
    for pointer, value in expected.get("has", {}).items():
        if not fits(found := member(said, pointer), value):
            yield f"{pointer or 'body'}: {shown(found)}, due {shown(value)}"
    for pointer in expected.get("lacks", []):
        if (found := member(said, pointer)) is not ABSENT:
            yield f"{pointer}: {shown(found)}, due {shown(ABSENT)}"
