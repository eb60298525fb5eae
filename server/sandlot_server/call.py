"""The words every handler speaks: a request, the call it becomes, and the answer to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandlot_server.contract.operations import Operation
    from sandlot_server.site.state import Row, State


@dataclass(slots=True)
class Request:
    """One HTTP request to the Atlassian port, before anything is known of it.

    `path` is as sent, percent-encoded, without the prefix that names the site; `prefix` is that prefix
    ("" or "/s/acme"); header names are in lower case; `origin` is the public scheme and authority, "http://127.0.0.1:8080".
    """

    method: str
    path: str
    raw_query: str
    headers: Mapping[str, str]
    body: bytes
    origin: str = ""
    prefix: str = ""

    @property
    def base(self) -> str:
        """The site's absolute base URL as this caller reaches it, without a trailing slash."""
        return self.origin + self.prefix


@dataclass(slots=True)
class Answer:
    """What goes back to the caller. `body` is JSON-able, or bytes sent as they are, or None for an empty body.

    `bare`: the request never got as far as the product, whose own headers are missing.
    """

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str | None = None
    bare: bool = False


class Refusal(Exception):
    """Ends a call with the answer it carries; nothing that the handler staged is kept."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"refused with {answer.status}")
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a request does not fit the contract.

    `where` is "path", "query" or "body"; `pointer` is a parameter's name, or a JSON pointer into the body;
    `keyword` is the JSON Schema keyword that failed ("conversion" for a parameter that is not of its type).
    """

    where: str
    pointer: str
    keyword: str
    message: str
    value: Any = None


@dataclass(slots=True)
class Call:
    """One matched, authenticated and valid request, on a site's staged state."""

    request: Request
    operation: Operation
    path: dict[str, str]
    query: dict[str, Any]
    body: Any
    user: Row | None
    state: State
    now: int
    version: int
    cloud_id: str

    @property
    def base(self) -> str:
        return self.request.base


Handler = Callable[[Call], Answer]
