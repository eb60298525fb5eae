"""What the server is made of: the served contract, the tables of a site's state, health and readiness."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, HTTPException, Response

from sandlot_server.control.plane import Control
from sandlot_server.site.tables import TABLES

router = APIRouter(tags=["description"])
health = APIRouter(tags=["health"])


@router.get(
    "/contract/{document}", summary="The served OpenAPI document: jira, jira-software, confluence, confluence-v1"
)
def get_contract(document: str, plane: Control) -> Response:
    documents = plane.contract.documents
    if document not in documents:
        raise HTTPException(404, f"there is no document {document!r}; served are {', '.join(sorted(documents))}")
    return Response(orjson.dumps(documents[document]), media_type="application/json")


@router.get("/tables", summary="The tables of a site's state, and how a reward may read their columns")
def get_tables() -> dict[str, Any]:
    tables = {name: {"derived": table.derived, "columns": dict(table.columns)} for name, table in TABLES.items()}
    return {"tables": tables}


@health.get("/health", summary="The process lives")
def get_health() -> dict[str, str]:
    return {"status": "ok"}


@health.get("/ready", summary="The server answers Atlassian calls")
def get_ready(plane: Control) -> dict[str, Any]:
    if not plane.atlassian_port:
        raise HTTPException(503, "the Atlassian port does not listen yet")
    return {"status": "ready", "sites": len(plane.sites.names())}
