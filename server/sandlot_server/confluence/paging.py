"""Lists cut into pages: by cursor in v2, by start and limit in v1."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from sandlot_server.call import Answer, Call
from sandlot_server.confluence import errors
from sandlot_server.confluence.wire import site_url
from sandlot_server.site.state import Row

View = Callable[[Call, Row], dict[str, Any]]
_MAC_BYTES = 8
_LEGACY_CAP = 1000


def encode_cursor(call: Call, position: list[Any]) -> str:
    """An opaque cursor that only this operation of this site takes back, in the same order."""
    payload = orjson.dumps(position)
    return base64.urlsafe_b64encode(_mac(call, payload) + payload).decode().rstrip("=")


def decode_cursor(call: Call, cursor: str) -> list[Any] | None:
    """The position that a cursor stands for; None if it is not one of this operation and site."""
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    mac, payload = content[:_MAC_BYTES], content[_MAC_BYTES:]
    if mac != _mac(call, payload):
        return None
    position: list[Any] = orjson.loads(payload)
    return position


def _mac(call: Call, payload: bytes) -> bytes:
    list_of = "\0".join((call.cloud_id, call.operation.key, call.query.get("sort", "")))
    return hashlib.blake2b(list_of.encode() + b"\0" + payload, digest_size=_MAC_BYTES).digest()


def listing(
    call: Call, rows: Sequence[Row], view: View, order: Callable[[Row], Any], descending: bool = False
) -> Answer:
    """One page of a v2 list: `rows` in the order of `order`, then of their ids, after the cursor's row.

    `order` gives each row a number or a text. The cursor keeps the last row's place, not a count: rows that
    come or go in between neither repeat nor hide others.
    """
    places = sorted(((order(row), int(row["id"])), at) for at, row in enumerate(rows))
    if descending:
        places.reverse()
    cursor = call.query.get("cursor")
    if cursor is not None:
        position = decode_cursor(call, cursor)
        if position is None:
            raise errors.bad_cursor()
        last = tuple(position)
        places = [place for place in places if (place[0] < last if descending else place[0] > last)]
    limit: int = call.query["limit"]
    shown = places[:limit]
    links = {"base": site_url(call)}
    headers = {}
    if len(places) > limit:
        following = _next_link(call, encode_cursor(call, list(shown[-1][0])), limit)
        links = {"next": following, **links}
        headers["link"] = f'<{following}>; rel="next", <{links["base"]}>; rel="base"'
    return Answer(200, {"results": [view(call, rows[at]) for _, at in shown], "_links": links}, headers)


def _next_link(call: Call, cursor: str, limit: int) -> str:
    """The same request with the cursor, relative to the site."""
    pairs = [pair for pair in call.request.raw_query.split("&") if pair and pair.partition("=")[0] != "cursor"]
    if not any(pair.startswith("limit=") for pair in pairs):
        pairs.append(f"limit={limit}")
    return f"{call.request.prefix}{call.request.path}?{'&'.join([*pairs, f'cursor={cursor}'])}"


def window(call: Call, *, cap: int | None = _LEGACY_CAP) -> tuple[int, int]:
    """The `start` and `limit` of a v1 list; refuses negative ones and takes the cap for larger limits."""
    start, limit = call.query["start"], call.query["limit"]
    for name, value in (("start", start), ("limit", limit)):
        if value < 0:
            raise errors.negative(name)
    return start, limit if cap is None else min(limit, cap)


def legacy_listing(call: Call, rows: Sequence[Row], view: View, *, cap: int | None = _LEGACY_CAP) -> dict[str, Any]:
    """One page of a v1 list, whose rows come in their order."""
    start, limit = window(call, cap=cap)
    shown = rows[start : start + limit]
    return {
        "results": [view(call, row) for row in shown],
        "start": start,
        "limit": limit,
        "size": len(shown),
        "_links": _legacy_links(call, start, limit, start + len(shown) < len(rows)),
    }


def _legacy_links(call: Call, start: int, limit: int, more: bool) -> dict[str, str]:
    """In the order and with the parameters that the service writes: `next` leaves the last page out."""
    markers = ("start", "limit", "next", "prev")
    pairs = [pair for pair in call.request.raw_query.split("&") if pair and pair.partition("=")[0] not in markers]
    keys = [pair for pair in pairs if pair.startswith("spaceKey=")]
    expand = [pair for pair in pairs if pair.startswith("expand=")]
    rest = [pair for pair in pairs if pair not in keys and pair not in expand]
    path = call.request.path.removeprefix("/wiki")
    links = {"base": site_url(call), "context": f"{call.request.prefix}/wiki"}
    if more:
        links["next"] = _joined(path, [*keys, "next=true", *expand, f"limit={limit}", f"start={start + limit}", *rest])
    if start > 0:
        back = min(start, limit)
        links["prev"] = _joined(path, [*keys, *expand, "prev=true", f"limit={back}", f"start={start - back}", *rest])
    links["self"] = _joined(site_url(call) + path, pairs)
    return links


def _joined(path: str, pairs: list[str]) -> str:
    return f"{path}?{'&'.join(pairs)}" if pairs else path
