"""What a caller accepts, read from its Accept header as the services' own frameworks read it."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import Literal

from sandlot_server.call import Request

Taken = Literal["json", "other", "unreadable"]

_JSON, _XML, _ANY = "application/json", "application/xml", ("*/*", "application/*")
_NAME = re.compile(r"[\w!#$&^.+*-]+/[\w!#$&^.+*-]+", re.ASCII)
# What old releases of the Python client jira send: Jira alone takes it, though its second member cannot be read.
_OF_OLD_CLIENTS = "application/json,*.*;q=0.9"


def takes(request: Request, older: bool = False) -> Taken:
    """Whether the caller takes JSON, something else, or cannot be understood; whoever says nothing takes JSON.

    `older`: read as the older services of Confluence do, who skip what has no slash in it.
    """
    accept = request.headers.get("accept", "*/*")
    if accept in ("*/*", _JSON) or (accept == _OF_OLD_CLIENTS and not request.path.startswith("/wiki")):
        return "json"
    return _takes(",".join(member for member in accept.split(",") if "/" in member) if older else accept)


def takes_xml(request: Request) -> bool:
    """Whether XML would do: it is asked for by name, or nothing is asked for."""
    ranges = _ranges(request.headers.get("accept", "*/*"))
    return ranges is not None and (not ranges or any(name in (_XML, "*/*") for name, _ in ranges))


def prefers_json(request: Request) -> bool:
    """Whether the caller asks for JSON by name and before XML."""
    ranges = _ranges(request.headers.get("accept", "*/*")) or []
    for name, _ in sorted(ranges, key=lambda one: (-one[1], one[0] in _ANY)):
        if name in (_JSON, _XML, *_ANY):
            return name == _JSON
    return False


@lru_cache(maxsize=1024)
def _takes(accept: str) -> Taken:
    ranges = _ranges(accept)
    if ranges is None:
        return "unreadable"
    names = {name for name, _ in ranges}
    return "json" if not names or names & {_JSON, *_ANY} else "other"


def _ranges(accept: str) -> list[tuple[str, float]] | None:
    """The media ranges with their weights, in order; None where one of them is no media range."""
    ranges = []
    for member in filter(None, map(str.strip, accept.split(","))):
        name, *parameters = (part.strip().lower() for part in member.split(";"))
        name = "*/*" if name == "*" else name
        weight = _weight(parameters)
        if weight is None or _NAME.fullmatch(name) is None or (name.startswith("*") and name != "*/*"):
            return None
        ranges.append((name, weight))
    return ranges


def _weight(parameters: list[str]) -> float | None:
    """The `q` among a range's parameters; None where it, or the charset, is none."""
    given = dict(parameter.partition("=")[::2] for parameter in parameters)
    try:
        codecs.lookup(given.get("charset", "utf-8").strip('"'))
        weight = float(given.get("q", "1"))
    except (LookupError, ValueError):
        return None
    return weight if 0 <= weight <= 1 else None
