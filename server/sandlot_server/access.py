"""Which site a request is for, and who is calling: by API token, by path prefix, or by host name.

Where two of them are given they must agree. Nothing unknown falls through to another site.
"""

from __future__ import annotations

import base64
import binascii
import re
import time
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sandlot_server.call import Answer, Request
from sandlot_server.site.layers import Row
from sandlot_server.site.sites import DEFAULT_SITE, Site, Sites
from sandlot_server.site.tokens import owner_of, site_named_by
from sandlot_server.trace.tables import RefusedRecord
from sandlot_server.trace.writer import TraceWriter, insert

Flaw = Literal["unreadable", "opaque bearer", "signed bearer"]
"""What is wrong with a credential that no site looks up: a Basic payload that is no pair, or (where these are refused)
an API token sent as a bearer token, or a bearer token in the form of a signed JWT."""

ACCESSIBLE_RESOURCES = "/oauth/token/accessible-resources"
"""The gateway's path that tells the sites of a bearer token."""

_SIGNED = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


class NoSite(Exception):
    """The request names no site that exists. `answer` is None where the product's own 401 or 403 is due."""

    def __init__(self, reason: str, answer: Answer | None = None, flaw: Flaw | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.answer = answer
        self.flaw = flaw


class Admitted(NamedTuple):
    """The site, and the caller's user row: None for a caller whom the site does not know."""

    site: Site
    user: Row | None
    failed_login: bool
    flaw: Flaw | None = None


@dataclass(frozen=True)
class Credential:
    """What an Authorization header says: `email` is None for a bearer token."""

    token: str
    email: str | None


@dataclass(frozen=True)
class Unreadable:
    """A Basic payload that is no pair of e-mail and token; `user`: there is something before its first colon."""

    user: bool


class Access:
    """`host_suffix` (such as "sandlot.test") lets `{site}.sandlot.test` name a site.

    `strict_bearer`: API tokens are taken as bearer tokens at the gateway alone, as live sites do.
    """

    def __init__(
        self, sites: Sites, writer: TraceWriter, host_suffix: str | None = None, strict_bearer: bool = False
    ) -> None:
        self._sites = sites
        self._writer = writer
        self._host_suffix = f".{host_suffix}" if host_suffix else None
        self._strict_bearer = strict_bearer

    def admit(self, request: Request) -> Admitted:
        """The site and the caller; strips the prefix that names a site off the request's path."""
        named = self._by_path(request) or self._by_host(request)
        credential = read_credential(request.headers.get("authorization"))
        flaw = self._flaw(request, credential)
        owning = self._by_token(credential.token) if isinstance(credential, Credential) else None
        name = named or owning
        if name is None:
            raise NoSite("no credential" if credential is None else "unknown token", flaw=flaw)
        site = self._sites.load(name)
        if isinstance(credential, Unreadable):
            return Admitted(site, None, credential.user, flaw)
        if credential is None or flaw is not None:
            return Admitted(site, None, False, flaw)
        user = owner_of(site, credential.token) if owning == name else None
        if user is not None and credential.email in (None, user["emailAddress"].lower()):
            return Admitted(site, user, False)
        return Admitted(site, None, True)

    def tenant(self, request: Request) -> Site:
        """The site that anybody may ask after: the default one, if nothing in the request names another."""
        try:
            return self.admit(request).site
        except NoSite as refusal:
            asked = refusal.answer is not None or "authorization" in request.headers
            if asked or DEFAULT_SITE not in self._sites:
                raise
            return self._sites.load(DEFAULT_SITE)

    def _flaw(self, request: Request, credential: Credential | Unreadable | None) -> Flaw | None:
        if isinstance(credential, Unreadable):
            return "unreadable"
        if credential is None or credential.email is not None or not self._strict_bearer:
            return None
        if request.prefix.startswith("/ex/") or request.path == ACCESSIBLE_RESOURCES:
            return None
        return "signed bearer" if _SIGNED.fullmatch(credential.token) else "opaque bearer"

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


def read_credential(header: str | None) -> Credential | Unreadable | None:
    """Basic e-mail and token, or a bearer token; None for everything that carries neither."""
    if header is None:
        return None
    scheme, _, value = header.partition(" ")
    if scheme == "Bearer" and value and " " not in value:
        return Credential(value, None)
    if scheme.lower() != "basic" or not value.strip():
        return None
    try:
        email, separator, token = base64.b64decode(value.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return Unreadable(user=False)
    if not email or not token or ":" in token:
        return Unreadable(user=bool(email and separator))
    return Credential(token, email.lower())


def _nowhere(message: str) -> Answer:
    return Answer(404, {"code": 404, "message": message})
