"""Sites: create, read, reset, snapshot, fork, delete."""

from __future__ import annotations

import re
import secrets
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from sandlot_server.control.plane import Control
from sandlot_server.site.seed import Seed
from sandlot_server.site.sites import DEFAULT_SITE, UnknownSite, describe
from sandlot_server.site.tokens import token_of
from sandlot_server.trace.tables import SnapshotRecord

router = APIRouter(tags=["sites"])
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


class SiteOrder(BaseModel):
    """What a new site starts from: a seed by its hash; without one, the default site's seed."""

    model_config = ConfigDict(extra="forbid")
    seed: str | None = None


class ForkOrder(BaseModel):
    """The new site's id (else generated), and the snapshot to start from (else the site as it is now)."""

    model_config = ConfigDict(extra="forbid")
    site: str | None = None
    snapshot: str | None = None


class SiteAnswer(BaseModel):
    """A site: `clock` in epoch milliseconds of its own time; `email` and `token` are the caller's credential."""

    site: str
    generation: int
    cloudId: str
    baseUrl: str
    email: str
    token: str
    seed: str
    clock: int


class UserAnswer(BaseModel):
    """A user of a site who may log in, with an API token of their own."""

    accountId: str
    displayName: str
    emailAddress: str
    token: str


class SnapshotAnswer(BaseModel):
    snapshot: str
    site: str
    clock: int


@router.get("/sites", summary="The ids of all sites")
def list_sites(plane: Control) -> dict[str, list[str]]:
    return {"sites": plane.sites.names()}


@router.post("/sites", status_code=201, summary="Create a site under a generated id")
async def create_site(request: Request, plane: Control, order: SiteOrder | None = None) -> SiteAnswer:
    return await _created(secrets.token_hex(6), order or SiteOrder(), request, plane)


@router.put("/sites/{site}", summary="Create a site under an id of the caller's; the same again changes nothing")
async def put_site(
    site: str, request: Request, response: Response, plane: Control, order: SiteOrder | None = None
) -> SiteAnswer:
    order = order or SiteOrder()
    if site in plane.sites:
        known = plane.site(site)
        if known.record.seed != _seed(order, plane).sha256:
            raise HTTPException(409, f"site {site!r} exists with the seed {known.record.seed}; delete it first")
        return SiteAnswer(**describe(known, plane.base_url(request)))
    response.status_code = 201
    return await _created(site, order, request, plane)


@router.get("/sites/{site}", summary="A site's base URL, credential, generation and clock")
def get_site(site: str, request: Request, plane: Control) -> SiteAnswer:
    return SiteAnswer(**describe(plane.site(site), plane.base_url(request)))


@router.get("/sites/{site}/users", summary="The site's users, each with e-mail and API token")
def get_users(site: str, plane: Control) -> dict[str, list[UserAnswer]]:
    known = plane.site(site)
    users = [user for row_id in known.layer.ids("user") if (user := known.layer.get("user", row_id)) and user["active"]]
    return {
        "users": [
            UserAnswer(
                accountId=user["id"],
                displayName=user["displayName"],
                emailAddress=user["emailAddress"],
                token=token_of(known, user["id"]),
            )
            for user in users
        ]
    }


@router.post("/sites/{site}/reset", summary="Back to the seed's state, as a new generation with an empty trace")
async def reset_site(site: str, request: Request, plane: Control) -> SiteAnswer:
    plane.site(site)
    await plane.writer.execute(site, plane.sites.reset(site))
    return SiteAnswer(**describe(plane.site(site), plane.base_url(request)))


@router.delete("/sites/{site}", status_code=204, summary="The site answers no more")
async def delete_site(site: str, plane: Control) -> None:
    plane.site(site)
    await plane.writer.execute(site, plane.sites.delete(site))


@router.post("/sites/{site}/snapshots", status_code=201, summary="Freeze the site's state; forks start from it")
async def snapshot_site(site: str, plane: Control) -> SnapshotAnswer:
    plane.site(site)
    snapshot, statements = plane.sites.snapshot(site)
    await plane.writer.execute(site, statements)
    return SnapshotAnswer(snapshot=snapshot.id, site=site, clock=snapshot.clock)


@router.post("/sites/{site}/fork", status_code=201, summary="A new site that starts where this one stands")
async def fork_site(site: str, request: Request, plane: Control, order: ForkOrder | None = None) -> SiteAnswer:
    order = order or ForkOrder()
    name = _checked_name(order.site or secrets.token_hex(6), plane)
    plane.site(site)
    statements: list[Any] = []
    if order.snapshot is None:
        snapshot, statements = plane.sites.snapshot(site)
    else:
        snapshot = _snapshot(order.snapshot, site, plane)
    await plane.writer.execute(name, [*statements, *plane.sites.fork(name, snapshot)])
    return SiteAnswer(**describe(plane.site(name), plane.base_url(request)))


async def _created(name: str, order: SiteOrder, request: Request, plane: Control) -> SiteAnswer:
    statements = plane.sites.create(_checked_name(name, plane), _seed(order, plane))
    await plane.writer.execute(name, statements)
    return SiteAnswer(**describe(plane.site(name), plane.base_url(request)))


def _checked_name(name: str, plane: Control) -> str:
    if not _NAME.fullmatch(name):
        raise HTTPException(
            400, f"site id {name!r}: use 1 to 63 of a-z, 0-9, '.', '_' and '-', a letter or digit first"
        )
    if name in plane.sites:
        raise HTTPException(409, f"site {name!r} exists; delete it first")
    return name


def _seed(order: SiteOrder, plane: Control) -> Seed:
    sha256 = order.seed or plane.sites.record(DEFAULT_SITE).seed
    try:
        return plane.sites.seed(sha256)
    except UnknownSite as error:
        raise HTTPException(404, str(error)) from error


def _snapshot(snapshot_id: str, site: str, plane: Control) -> SnapshotRecord:
    with Session(plane.engine) as session:
        snapshot = session.get(SnapshotRecord, snapshot_id)
    if snapshot is None or snapshot.site != site:
        raise HTTPException(404, f"site {site!r} has no snapshot {snapshot_id!r}")
    return snapshot
