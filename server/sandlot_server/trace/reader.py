"""Reads a site's trace back, with filters, as the control API answers it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from sandlot_server.trace.tables import SCHEMA_VERSION, ExchangeRecord, SiteRecord, exchange_id, seq_of


def read_trace(
    engine: Engine,
    site: SiteRecord,
    *,
    operation: str | None = None,
    method: str | None = None,
    status: int | None = None,
    since: int = 0,
    changes_only: bool = False,
    limit: int | None = None,
) -> dict[str, Any]:
    """The exchanges of one generation of a site, by seq. `since` leaves out seq up to and with that number."""
    first, last = exchange_id(site.number, since + 1), exchange_id(site.number + 1, 0)
    query = select(ExchangeRecord).where(ExchangeRecord.id >= first, ExchangeRecord.id < last)
    if operation is not None:
        query = query.where(ExchangeRecord.operation == operation)
    if method is not None:
        query = query.where(ExchangeRecord.method == method.upper())
    if status is not None:
        query = query.where(ExchangeRecord.status == status)
    if changes_only:
        query = query.where(col(ExchangeRecord.changes).is_not(None))
    query = query.order_by(col(ExchangeRecord.id))
    if limit is not None:
        query = query.limit(limit)
    with Session(engine) as session:
        exchanges = [_exchange(record) for record in session.exec(query)]
    return {
        "schema": SCHEMA_VERSION,
        "site": site.site,
        "generation": site.generation,
        "exchanges": exchanges,
    }


def _exchange(record: ExchangeRecord) -> dict[str, Any]:
    return {
        "seq": seq_of(record.id),
        "time": datetime.fromtimestamp(record.time / 1000, UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z"),
        "microseconds": record.microseconds,
        "operation": record.operation,
        "version": record.version,
        "method": record.method,
        "path": record.path,
        "query": record.query,
        "status": record.status,
        "user": record.user,
        "request": _body(record.request_type, record.request),
        "response": _body(record.response_type, record.response),
        "changes": orjson.loads(record.changes) if record.changes else [],
    }


def _body(media_type: str | None, content: bytes | None) -> Any:
    """JSON as JSON, other text as text, other bytes as their size; of forms JSON was kept."""
    if not content:
        return None
    if media_type and ("json" in media_type or media_type.startswith("multipart/")):
        try:
            return orjson.loads(content)
        except orjson.JSONDecodeError:
            pass
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return f"<{len(content)} bytes>"
