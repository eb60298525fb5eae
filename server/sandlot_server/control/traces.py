"""Traces and episodes: what happened on a site, and what the harness says of it."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, HTTPException, Query, Response
from sqlmodel import Session

from sandlot_server.control.plane import Control
from sandlot_server.trace.reader import read_trace
from sandlot_server.trace.tables import EpisodeRecord
from sandlot_server.trace.writer import insert

router = APIRouter(tags=["traces"])


@router.get("/sites/{site}/trace", summary="The exchanges of the site's present generation, with their changes")
def get_trace(
    site: str,
    plane: Control,
    operation: Annotated[str | None, Query(description="document/operationId, as in jira/getIssue")] = None,
    method: str | None = None,
    status: int | None = None,
    since: Annotated[int, Query(ge=0, description="leave out exchanges up to and with this seq")] = 0,
    changes: Annotated[bool, Query(description="only exchanges that changed a row")] = False,
    limit: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    record = plane.site(site).record
    trace = read_trace(
        plane.engine,
        record,
        operation=operation,
        method=method,
        status=status,
        since=since,
        changes_only=changes,
        limit=limit,
    )
    return Response(orjson.dumps(trace), media_type="application/json")


@router.put("/sites/{site}/episode", status_code=204, summary="Keep an episode's record beside the site's trace")
async def put_episode(site: str, episode: dict[str, Any], plane: Control) -> None:
    number = plane.site(site).record.number
    await plane.writer.execute(site, [insert(EpisodeRecord(number=number, content=orjson.dumps(episode)))])


@router.get("/sites/{site}/episode", summary="The episode's record of the site's present generation")
def get_episode(site: str, plane: Control) -> Response:
    with Session(plane.engine) as session:
        record = session.get(EpisodeRecord, plane.site(site).record.number)
    if record is None:
        raise HTTPException(404, f"site {site!r} has no episode record")
    return Response(record.content, media_type="application/json")
