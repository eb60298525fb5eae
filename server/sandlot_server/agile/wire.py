"""What agile operations read and write alike: flags, addresses, pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sandlot_server.agile import errors as texts
from sandlot_server.call import Call
from sandlot_server.jira import errors

T = TypeVar("T")

MOST = 50
_FLAGS = {"true": True, "false": False}


def agile(call: Call) -> str:
    """The absolute root of the agile API, for `self` links."""
    return f"{call.base}/rest/agile/1.0"


def flag(call: Call, name: str) -> bool | None:
    """A query parameter that is true or false in words, None where it is not sent."""
    sent = call.query.get(name)
    if not sent:
        return None
    if sent.lower() not in _FLAGS:
        raise errors.refusal(400, texts.BAD_FLAG.format(name))
    return _FLAGS[sent.lower()]


def window(call: Call, cap: int) -> tuple[int, int]:
    """`startAt` and `maxResults`, from 0, and 0 to `cap`; 50 where no size is asked for."""
    return max(call.query.get("startAt", 0), 0), min(max(call.query.get("maxResults", MOST), 0), cap)


def page(call: Call, rows: Sequence[T], view: Callable[[T], Any]) -> dict[str, Any]:
    start, size = window(call, MOST)
    return {
        "maxResults": size,
        "startAt": start,
        "total": len(rows),
        "isLast": start + size >= len(rows),
        "values": [view(row) for row in rows[start : start + size]],
    }
