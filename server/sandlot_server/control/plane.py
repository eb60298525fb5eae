"""What the control API works on, and who may call it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Engine

from sandlot_server.contract.contract import Contract
from sandlot_server.site.sites import Site, Sites, UnknownSite
from sandlot_server.trace.writer import TraceWriter

_bearer = HTTPBearer(auto_error=False, description="The control token: SANDLOT_CONTROL_TOKEN, or data/control-token")


@dataclass
class Plane:
    """The server's one state, as the control API sees it. `scheme` and `atlassian_port` are known once it listens."""

    engine: Engine
    sites: Sites
    writer: TraceWriter
    contract: Contract
    token: str
    public_url: str | None = None
    scheme: str = "http"
    atlassian_port: int = 0

    def base_url(self, request: Request) -> str:
        """Where the Atlassian port is, from where the caller stands."""
        return self.public_url or f"{self.scheme}://{request.url.hostname}:{self.atlassian_port}"

    def site(self, name: str) -> Site:
        try:
            return self.sites.load(name)
        except UnknownSite as error:
            raise HTTPException(404, str(error)) from error


def _plane(request: Request) -> Plane:
    plane: Plane = request.app.state.plane
    return plane


def _authorized(
    plane: Annotated[Plane, Depends(_plane)],
    credential: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> None:
    if credential is None or not secrets.compare_digest(credential.credentials, plane.token):
        raise HTTPException(401, "the control API needs 'Authorization: Bearer <control token>'")


Control = Annotated[Plane, Depends(_plane)]
authorized = Depends(_authorized)
