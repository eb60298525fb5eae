"""The control API's client: seeds, sites, traces and episodes, for hundreds of episodes in flight."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from sandlot_trainer.errors import SandlotError
from sandlot_trainer.tools import HttpRequest

CONNECTIONS = 16
"""Connections kept to one listener; further calls wait for one. More are slower: the pool looks at all of them for
each call, and one server process has no use for them."""
TIMEOUT = httpx.Timeout(60.0, pool=None)
"""Of each call, in seconds; the wait for a free connection, behind hundreds of episodes, is not counted."""
_ATTEMPTS, _PAUSE_S = 5, 0.2


class EnvironmentFailure(SandlotError):
    """The server or the way to it failed, not the agent: an episode that meets it has no reward. Names the
    operation."""


@dataclass(frozen=True)
class SiteAccess:
    """How an agent reaches its site: the base of all paths, without a trailing slash, and the credentials for
    Basic."""

    site: str
    base_url: str
    email: str
    token: str


async def send(agent: httpx.AsyncClient, access: SiteAccess, request: HttpRequest) -> tuple[int, Any]:
    """One call of an agent's, and its answer: status and body, JSON where it is.

    Raises EnvironmentFailure where no answer comes, or one that no agent can be blamed for.
    """
    url = f"{access.base_url}{request.path}{'?' if request.query else ''}{request.query}"
    content = None if request.body is None else json.dumps(request.body).encode()
    headers = {"Accept": "application/json"}
    if content is not None or request.method == "DELETE":  # Jira refuses some deletions without it
        headers["Content-Type"] = "application/json"
    place = f"{request.method} {request.path}"
    try:
        response = await agent.request(
            request.method, url, content=content, headers=headers, auth=(access.email, access.token)
        )
    except httpx.HTTPError as error:
        raise EnvironmentFailure(f"No answer to {place}: {type(error).__name__} {error}".strip()) from error
    # 501 is an official operation that is not served; Retry-After marks a fault that the task has injected
    if response.status_code >= 500 and response.status_code != 501 and "retry-after" not in response.headers:
        raise EnvironmentFailure(f"{place} failed: {response.status_code} {response.text[:500]}")
    try:
        return response.status_code, response.json() if response.content else None
    except ValueError:
        return response.status_code, response.text


def canonical_seed(seed: Mapping[str, Any]) -> bytes:
    """The bytes under whose SHA-256 a seed is stored: equal seeds, equal bytes."""
    return json.dumps(seed, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


class Control:
    """The control API behind its token. Use as `async with Control(url, token) as control`.

    Every method raises EnvironmentFailure where the server cannot be reached or answers otherwise than asked
    for; only a refused connection is tried again, since nothing has reached the server then. `atlassian`: the
    Atlassian port's URL, where that is not to be the one that the server gives.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        atlassian: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._atlassian = atlassian
        self._client = httpx.AsyncClient(
            base_url=self.url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT,
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            transport=transport,
        )
        self._uploads: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        for upload in self._uploads.values():
            upload.cancel()
        await asyncio.gather(*self._uploads.values(), return_exceptions=True)
        await self._client.aclose()

    async def put_seed(self, seed: Mapping[str, Any]) -> str:
        """Upload a seed, once for each Control, and return its SHA-256."""
        body = canonical_seed(seed)
        sha = hashlib.sha256(body).hexdigest()
        upload = self._uploads.get(sha)
        if upload is None or (upload.done() and (upload.cancelled() or upload.exception())):
            upload = asyncio.create_task(self._upload(sha, body))
            self._uploads[sha] = upload
        await asyncio.shield(upload)
        return sha

    async def _upload(self, sha: str, body: bytes) -> None:
        headers = {"Content-Type": "application/json"}
        await self._call("upload the seed", "PUT", f"/seeds/{sha}", content=body, headers=headers)

    async def create_site(self, sha: str | None, site: str | None = None) -> SiteAccess:
        """A fresh site from a stored seed (None: an empty one), under a name of the server's choice unless
        given."""
        body = {"seed": sha} if sha else {}
        method, path = ("PUT", f"/sites/{quote(site, safe='')}") if site else ("POST", "/sites")
        answer = await self._call("create a site", method, path, json=body)
        base_url = (self._atlassian or answer["baseUrl"]).rstrip("/")
        return SiteAccess(answer["site"], base_url, answer["email"], answer["token"])

    async def delete_site(self, site: str) -> None:
        await self._call("delete the site", "DELETE", f"/sites/{quote(site, safe='')}")

    async def trace(self, site: str, **filters: str | int) -> dict[str, Any]:
        """The site's exchanges with their changes, oldest first; filters as the control API has them."""
        path = f"/sites/{quote(site, safe='')}/trace"
        trace: dict[str, Any] = await self._call("read the trace", "GET", path, params=filters)
        return trace

    async def put_episode(self, site: str, record: Mapping[str, Any]) -> None:
        """Keep an episode's record beside the site's trace."""
        await self._call("store the episode", "PUT", f"/sites/{quote(site, safe='')}/episode", json=record)

    async def episode(self, site: str) -> dict[str, Any]:
        record: dict[str, Any] = await self._call("read the episode", "GET", f"/sites/{quote(site, safe='')}/episode")
        return record

    async def tables(self) -> dict[str, Any]:
        """The declaration of the server's tables: {name: {"derived": bool, "columns": {name: kind}}}."""
        answer = await self._call("read the tables", "GET", "/tables")
        tables: dict[str, Any] = answer["tables"]
        return tables

    async def contract(self, document: str) -> dict[str, Any]:
        """The served OpenAPI document: "jira", "jira-software", "confluence" or "confluence-v1"."""
        served: dict[str, Any] = await self._call(f"read the contract {document}", "GET", f"/contract/{document}")
        return served

    async def _call(self, what: str, method: str, path: str, **options: Any) -> Any:
        for attempt in range(_ATTEMPTS):
            try:
                response = await self._client.request(method, path, **options)
                break
            except httpx.ConnectError as error:
                if attempt == _ATTEMPTS - 1:
                    raise EnvironmentFailure(f"Could not {what}: no connection to {self.url} ({error})") from error
                await asyncio.sleep(_PAUSE_S * 2**attempt)
            except httpx.HTTPError as error:
                raise EnvironmentFailure(f"Could not {what}: {type(error).__name__} {error}".strip()) from error
        if not response.is_success:
            raise EnvironmentFailure(f"Could not {what}: {method} {path} {response.status_code} {response.text[:500]}")
        if not response.content:
            return None
        try:
            return response.json()
        except ValueError as error:
            raise EnvironmentFailure(f"Could not {what}: the answer is no JSON: {response.text[:200]!r}") from error
