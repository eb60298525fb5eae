"""What every Jira view writes alike: addresses, times, pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlencode

from sandlot_server.call import Call
from sandlot_server.contract.parameters import split_query

T = TypeVar("T")

_SIZES = (("48x48", ""), ("24x24", "?size=small"), ("16x16", "?size=xsmall"), ("32x32", "?size=medium"))


def api(call: Call) -> str:
    """The absolute root of the API in the version that was called, for `self` links."""
    return f"{call.base}/rest/api/{call.version}"


@lru_cache(maxsize=16384)
def timestamp(ms: int) -> str:
    """Epoch milliseconds as Jira writes them: 2025-01-01T10:00:00.000+0000."""
    seconds = datetime.fromtimestamp(ms // 1000, UTC).isoformat()[:19]
    return f"{seconds}.{ms % 1000:03}+0000"


def instant(ms: int) -> str:
    """Epoch milliseconds as Jira Software writes them: 2025-01-01T10:00:00.000Z."""
    return timestamp(ms).removesuffix("+0000") + "Z"


def avatars(root: str, kind: str, avatar: str) -> dict[str, str]:
    address = f"{root}/universal_avatar/view/type/{kind}/avatar/{avatar}"
    return {size: address + query for size, query in _SIZES}


def expanded(call: Call) -> set[str]:
    """The names in the `expand` parameter."""
    return set(call.query["expand"].replace(" ", "").split(",")) if call.query.get("expand") else set()


def window(call: Call, cap: int) -> tuple[int, int]:
    """`startAt` and `maxResults`, clamped as live sites do: from 0, and 1 to `cap`."""
    return max(call.query["startAt"], 0), min(max(call.query["maxResults"], 1), cap)


def page_bean(call: Call, cap: int, rows: Sequence[T], view: Callable[[T], Any]) -> dict[str, Any]:
    """A page of rows with absolute links; `nextPage` is there but on the last one."""
    start, size = window(call, cap)
    last = start + size >= len(rows)
    return {
        "self": _page_link(call, start, size),
        **({} if last else {"nextPage": _page_link(call, start + size, size)}),
        "maxResults": size,
        "startAt": start,
        "total": len(rows),
        "isLast": last,
        "values": [view(row) for row in rows[start : start + size]],
    }


def _page_link(call: Call, start: int, size: int) -> str:
    """The address of a page: every parameter that was sent, with its own start and size."""
    query: dict[str, list[Any]] = dict(split_query(call.request.raw_query))
    query.update(startAt=[start], maxResults=[size])
    return f"{call.base}{call.request.path}?{urlencode(query, doseq=True)}"
