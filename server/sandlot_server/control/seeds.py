"""Seeds: uploaded once, under the hash of their bytes."""

from __future__ import annotations

import hashlib

from fastapi import APIRouter, HTTPException, Request, Response
from sqlmodel import Session

from sandlot_server.control.plane import Control
from sandlot_server.site.seed import Seed, SeedError
from sandlot_server.trace.tables import SeedRecord
from sandlot_server.trace.writer import insert

router = APIRouter(tags=["seeds"])


@router.put("/seeds/{sha256}", summary="Upload a seed document under the SHA-256 of its bytes")
async def put_seed(sha256: str, request: Request, plane: Control) -> dict[str, str]:
    content = await request.body()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise HTTPException(400, f"the body's SHA-256 is {hashlib.sha256(content).hexdigest()}, not {sha256}")
    try:
        seed = Seed(content)
    except SeedError as error:
        raise HTTPException(400, str(error)) from error
    await plane.writer.execute("", [insert(SeedRecord(sha256=sha256, content=content))])
    plane.sites.keep_seed(seed)
    return {"seed": sha256}


@router.get("/seeds/{sha256}", summary="Read a seed document back, byte for byte")
def get_seed(sha256: str, plane: Control) -> Response:
    with Session(plane.engine) as session:
        record = session.get(SeedRecord, sha256)
    if record is None:
        raise HTTPException(404, f"there is no seed {sha256}")
    return Response(record.content, media_type="application/json")
