"""Which site a request is for, and who is calling: by API token, by path prefix, or by host name.

Where two of them are given they must agree. Nothing unknown falls through to another site.
"""

from __future__ import annotations

import base64
import binascii
import time
from dataclasses import dataclass
from typing import NamedTuple

from sandlot_server.call import Answer, Request
from sandlot_server.site.layers import Row
from sandlot_server.site.sites import Site, Sites
from sandlot_server.site.tokens import owner_of, site_named_by
from sandlot_server.trace.tables import RefusedRecord
from sandlot_server.trace.writer import TraceWriter, insert


class NoSite(Exception):
    """The request names no site that exists. `answer` is None where the product's own 401 or 403 is due."""

    def __init__(self, reason: str, answer: Answer | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.answer = answer


class Admitted(NamedTuple):
    """The site, and the caller's user row: None for a caller whom the site does not know."""

    site: Site
    user: Row | None
    failed_login: bool


@dataclass(frozen=True)
class Credential:
    """What an Authorization header says: `email` is None for a bearer token."""

    token: str
    email: str | None


class Access:
    """`host_suffix` (such as "sandlot.test") lets `{site}.sandlot.test` name a site."""

    def __init__(self, sites: Sites, writer: TraceWriter, host_suffix: str | None = None) -> None:
        self._sites = sites
        self._writer = writer
        self._host_suffix = f".{host_suffix}" if host_suffix else None

    def admit(self, request: Request) -> Admitted:
        """The site and the caller; strips the prefix that names a site off the request's path."""
        named = self._by_path(request) or self._by_host(request)
        credential = read_credential(request.headers.get("authorization"))
        owning = self._by_token(credential.token) if credential else None
        name = named or owning
        if name is None:
            raise NoSite("no credential" if credential is None else "unknown token")
        site = self._sites.load(name)
        user = owner_of(site, credential.token) if credential and owning == name else None
        if user is not None and credential is not None and credential.email in (None, user["emailAddress"].lower()):
            return Admitted(site, user, False)
        return Admitted(site, None, credential is not None)

    def note_refused(self, request: Request, status: int, reason: str) -> None:
        record = RefusedRecord(
            wall=time.time(),
            method=request.method,
            path=request.prefix + request.path,
            status=status,
            reason=reason,
        )
        # Nobody waits for this note; a failed commit is logged by the writer.
        self._writer.execute("", [insert(record)]).add_done_callback(lambda done: done.exception())

    def _by_token(self, token: str) -> str | None:
        site = self._sites.by_token(token) or site_named_by(token)
        return site if site in self._sites else None

    def _by_path(self, request: Request) -> str | None:
        """The site that `/s/{site}` or `/ex/{product}/{cloudId}` names."""
        path = request.path
        if path.startswith("/s/"):
            name, _, rest = path[3:].partition("/")
            if name not in self._sites:
                raise NoSite(f"no site {name!r}", _nowhere(f"there is no site {name!r}"))
            request.prefix, request.path = f"/s/{name}", f"/{rest}"
            return name
        if path.startswith(("/ex/jira/", "/ex/confluence/")):
            product, cloud_id, *tail = path.removeprefix("/ex/").split("/")
            by_cloud = self._sites.by_cloud(cloud_id)
            if by_cloud is None:
                raise NoSite(f"no cloudId {cloud_id!r}", _nowhere(f"there is no site with cloudId {cloud_id!r}"))
            request.prefix, request.path = f"/ex/{product}/{cloud_id}", "/" + "/".join(tail)
            if product == "confluence" and not request.path.startswith("/wiki/"):
                request.path = "/wiki" + request.path
            return by_cloud
        return None

    def _by_host(self, request: Request) -> str | None:
        if self._host_suffix is None:
            return None
        host = request.headers.get("host", "").partition(":")[0].lower()
        if not host.endswith(self._host_suffix):
            return None
        name = host.removesuffix(self._host_suffix)
        if name not in self._sites:
            raise NoSite(f"no site {name!r}", _nowhere(f"there is no site {name!r}"))
        return name


def read_credential(header: str | None) -> Credential | None:
    """Basic e-mail and token, or a bearer token; None for everything that carries neither."""
    if header is None:
        return None
    scheme, _, value = header.partition(" ")
    if scheme == "Bearer" and value and " " not in value:
        return Credential(value, None)
    if scheme.lower() != "basic":
        return None
    try:
        email, separator, token = base64.b64decode(value.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return Credential(token, email.lower()) if separator and email and token else None


def _nowhere(message: str) -> Answer:
    return Answer(404, {"code": 404, "message": message})
