"""A server for strange requests, which counts them and notes every answer that should not have been given."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sandlot_server.app import App
from sandlot_server.contract.operations import JSON
from sandlot_server.site.sites import Site
from sandlot_server.site.state import State
from sandlot_server.site.tokens import token_of
from sandlot_server.trace.tables import SnapshotRecord
from tests.conftest import EMAIL
from tests.contract.fuzz_site import known_values

# What the products themselves answer with a fault, as measured on live sites: by the status and what they say.
OWN_FAULTS: dict[int, dict[bytes, set[str]]] = {
    500: {
        # A null where the search asks for a list of issues, or among the properties.
        rb"\"reconcileIssues\" is null": {"jira/searchAndReconsileIssuesUsingJqlPost"},
        b"at index 0": {"jira/searchAndReconsileIssuesUsingJqlPost"},
        # Attachments are found by what they are attached to, and never all of them.
        rb"\"containerId\" is null": {"confluence-v1/getContent"},
    },
    501: {
        b"Cannot fetch ": {"confluence-v1/getContent"},
        b"Cannot find custom content type": {"confluence-v1/getContent", "confluence-v1/getSpaceContentByType"},
        b"Cannot find children of the type": {
            "confluence-v1/getContentChildrenByType",
            "confluence-v1/getDescendantsOfType",
        },
        b"Cannot write content of the type": {"confluence-v1/createContent", "confluence-v1/updateContent"},
    },
}


@dataclass(frozen=True)
class Sent:
    """A request: `query` as it stands in the URL; `authorization` None for nobody."""

    path: str
    query: str = ""
    body: bytes = b""
    content_type: str | None = JSON
    authorization: str | None = "admin"
    accept: str = "*/*"


class Fuzzed:
    """A server, and a site of the same state for every request that is to find one."""

    def __init__(self, app: App, logged: list[str]) -> None:
        self.app = app
        self.known = known_values(State(app.plane.site("default").layer))
        self.sent: Counter[tuple[str, int]] = Counter()
        self.faults: list[str] = []
        self._logged = logged
        self._snapshot: SnapshotRecord | None = None
        self._made = 0

    async def start(self) -> None:
        self._snapshot, statements = self.app.plane.sites.snapshot("default")
        await self.app.plane.writer.execute("default", statements)

    def fork(self) -> Site:
        assert self._snapshot is not None
        self._made += 1
        name = f"fork{self._made}"
        self.app.plane.writer.execute(name, self.app.plane.sites.fork(name, self._snapshot))
        return self.app.plane.sites.load(name)

    def check(self) -> None:
        """No answer was a fault or broke the contract, and the trace holds every request."""
        assert not self.faults, "\n".join(self.faults[:20])
        assert not self._logged, "\n".join(self._logged[:20])
        with self.app.plane.engine.connect() as connection:
            traced = connection.exec_driver_sql("SELECT method, status, count(*) FROM exchange GROUP BY 1, 2").all()
        held = {(method, status): count for method, status, count in traced}
        assert held == dict(self.sent), f"sent {self.sent}, and the trace holds {held}"

    async def send(
        self, method: str, operation: str, requests: Iterable[Sent], site: Site | None = None
    ) -> list[tuple[int, bytes]]:
        """Send the requests, all to one site or each to a fresh one; notes every answer that is a fault."""
        tasks = [self._send(method, operation, sent, site or self.fork()) for sent in list(requests)]
        return await asyncio.gather(*tasks)

    async def _send(self, method: str, operation: str, sent: Sent, site: Site) -> tuple[int, bytes]:
        status, body = await self._answer(method, sent, site)
        self.sent[method, status] += 1
        own = OWN_FAULTS.get(status, {})
        if status >= 500 and not any(text in body and operation in own[text] for text in own):
            self.faults.append(f"{operation} {status} {_shown(sent)}: {body[:200]!r}")
        return status, body

    async def _answer(self, method: str, sent: Sent, site: Site) -> tuple[int, bytes]:
        """One pass through the application, as a server calls it."""
        headers = [(b"host", b"acme.test"), (b"x-atlassian-token", b"no-check"), (b"accept", sent.accept.encode())]
        if sent.content_type is not None:
            headers.append((b"content-type", sent.content_type.encode()))
        if sent.authorization is not None:
            headers.append((b"authorization", _authorization(sent.authorization, site).encode()))
        scope = {
            "type": "http",
            "method": method,
            "scheme": "http",
            "raw_path": f"/s/{site.name}{sent.path}".encode(),
            "query_string": sent.query.encode(),
            "headers": headers,
        }
        answered: dict[str, Any] = {}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": sent.body}

        async def send(message: Any) -> None:
            answered.update(message)

        await self.app.atlassian(scope, receive, send)
        return answered["status"], answered["body"]


class _Notes(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage() + (f": {record.exc_info[1]!r}"[:500] if record.exc_info else ""))


@contextmanager
def logged_faults() -> Iterator[list[str]]:
    """What the server logs meanwhile: handlers that fail, answers that the contract does not have, lost commits."""
    notes, logger = _Notes(), logging.getLogger("sandlot")
    logger.addHandler(notes)
    try:
        yield notes.messages
    finally:
        logger.removeHandler(notes)


def _shown(sent: Sent) -> str:
    parts = (sent.path[:150], sent.query[:150], str(sent.body[:300]), sent.content_type, sent.authorization)
    return " ".join(str(part) for part in parts if part)


def _authorization(caller: str, site: Site) -> str:
    """The header of the site's administrator, of one of its other users, or the header as it is given."""
    if caller == "admin":
        return "Basic " + base64.b64encode(f"{EMAIL}:{site.record.token}".encode()).decode()
    return f"Bearer {token_of(site, 'bea')}" if caller == "member" else caller
