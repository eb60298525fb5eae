"""The tokens that part a search into pages: opaque to callers, bound to the site and to the query.

A token says after which issue to go on, and at which place that was: where the issue has gone meanwhile, the
place decides. Nothing is kept on the server, so a token outlives a restart.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence

from sandlot_server.jira import errors
from sandlot_server.site.state import Row

_CHECK = 8


def make_token(cloud_id: str, jql: str, place: int, issue_id: str) -> str:
    """The token of the page that starts at `place`, after the issue."""
    content = f"{place}:{issue_id}".encode()
    return base64.urlsafe_b64encode(_checksum(cloud_id, jql, content) + content).decode().rstrip("=")


def read_token(token: str, cloud_id: str, jql: str) -> tuple[int, str]:
    """The place and the issue of a token; 400 for one that is not of this site and query."""
    try:
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        raw = base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise errors.refusal(400, errors.BAD_PAGE_TOKEN) from None
    check, content = raw[:_CHECK], raw[_CHECK:]
    if check != _checksum(cloud_id, jql, content):
        raise errors.refusal(400, errors.BAD_PAGE_TOKEN)
    place, _, issue_id = content.decode().partition(":")
    return int(place), issue_id


def start_of(mark: tuple[int, str], found: Sequence[Row]) -> int:
    """Where the page of a token starts among the issues found."""
    place, last = mark
    return next((index + 1 for index, issue in enumerate(found) if issue["id"] == last), place)


def _checksum(cloud_id: str, jql: str, content: bytes) -> bytes:
    return hashlib.blake2b(
        b"\0".join((cloud_id.encode(), jql.encode("utf-8", "surrogatepass"), content)), digest_size=_CHECK
    ).digest()
