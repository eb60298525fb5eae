"""Group commit: exchanges, their changes and their rows go to disk together, before they are answered.

Everything that gathers in one turn of the event loop is written in one transaction at the turn's end. On the
loop's own thread this costs less than handing batches to another one, whose every row fights for the
interpreter lock (measured: 12 us a row here, 90 there). Only checkpoints, which wait for the disk, have a
thread.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Engine, Table
from sqlalchemy.dialects import sqlite
from sqlmodel import SQLModel

from sandlot_server.site.state import Change
from sandlot_server.trace.tables import BlobRecord, ExchangeRecord, RowRecord

log = logging.getLogger("sandlot.trace")

Statement = tuple[str, tuple[Any, ...]]
# About 64 MiB of write-ahead log: larger slows reading, smaller checkpoints too often.
CHECKPOINT_BYTES = 64 * 1024 * 1024


class Exchange(NamedTuple):
    """One exchange to keep: the values of its record but its changes, the layer of its site, its changes, and the
    files that they name."""

    layer: int
    values: tuple[Any, ...]
    changes: list[Change]
    blobs: Mapping[str, bytes] = {}


class Entry(NamedTuple):
    """What one caller waits for: an exchange, or statements of the control plane."""

    site: str
    exchange: Exchange | None
    statements: list[Statement]
    written: asyncio.Future[None]


class TraceUnavailable(Exception):
    """The entry could not be written; it is as if it had never been made."""


class TraceWriter:
    """The one writer of the trace. `on_failure` is told the sites of a lost commit, before its callers are."""

    def __init__(self, engine: Engine, on_failure: Callable[[set[str]], None]) -> None:
        self._engine = engine
        self._on_failure = on_failure
        self._connection: Connection | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pending: list[Entry] = []
        self._since_checkpoint = 0
        self._checkpoints = ThreadPoolExecutor(1, thread_name_prefix="trace-checkpoint")

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._connection = self._engine.connect()

    def stop(self) -> None:
        """Write what is pending and close."""
        self._commit()
        self._checkpoints.shutdown()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def exchange(self, site: str, exchange: Exchange) -> asyncio.Future[None]:
        """The future resolves when the exchange is durable; it fails with TraceUnavailable."""
        return self._append(site, exchange, [])

    def execute(self, site: str, statements: list[Statement]) -> asyncio.Future[None]:
        """The same for statements of the control plane (made by `insert`), in order with the exchanges."""
        return self._append(site, None, statements)

    def _append(self, site: str, exchange: Exchange | None, statements: list[Statement]) -> asyncio.Future[None]:
        assert self._loop is not None, "the trace writer is not started"
        written = self._loop.create_future()
        if not self._pending:
            self._loop.call_soon(self._commit)
        self._pending.append(Entry(site, exchange, statements, written))
        return written

    def _commit(self) -> None:
        batch, self._pending = self._pending, []
        if not batch or self._connection is None:
            return
        try:
            with self._connection.begin():
                self._since_checkpoint += _write(self._connection, batch)
        except Exception:
            log.exception("a commit of %d entries failed", len(batch))
            self._on_failure({entry.site for entry in batch})
            for entry in batch:
                if not entry.written.done():
                    entry.written.set_exception(TraceUnavailable())
            return
        for entry in batch:
            if not entry.written.done():
                entry.written.set_result(None)
        if self._since_checkpoint > CHECKPOINT_BYTES:
            self._since_checkpoint = 0
            self._checkpoints.submit(self._checkpoint)

    def _checkpoint(self) -> None:
        """Move the log's pages while the writer goes on, then (briefly in its way) empty the log."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _write(connection: Connection, entries: list[Entry]) -> int:
    """Write the entries; returns about how many bytes that was."""
    exchanges: list[tuple[Any, ...]] = []
    rows: dict[tuple[int, str, str], bytes | None] = {}
    blobs: dict[tuple[str, int], bytes] = {}
    size = 0
    for entry in entries:
        for statement, values in entry.statements:
            connection.exec_driver_sql(statement, values)
        if entry.exchange is not None:
            layer, values, changes, files = entry.exchange
            shown = [change for change in changes if change.table != "sequence"]
            packed = pack_changes(shown) if shown else None
            exchanges.append((*values, packed))
            size += 512 + len(values[-1] or b"") + 2 * len(packed or b"")
            for change in changes:
                rows[layer, change.table, change.id] = change.after
            for sha256, content in files.items():
                blobs[sha256, layer] = content
                size += len(content)
    if exchanges:
        connection.exec_driver_sql(_EXCHANGE, exchanges)
    if rows:
        connection.exec_driver_sql(_ROW, [(*key, content) for key, content in rows.items()])
    if blobs:
        connection.exec_driver_sql(_BLOB, [(*key, content) for key, content in blobs.items()])
    return size


def pack_changes(changes: list[Change]) -> bytes:
    """The changes of one exchange as the trace keeps them: a JSON list of {table, id, before, after}.

    The site's counters are left out: they are state, and no effect that anybody asked for.
    """
    return orjson.dumps(
        [
            {
                "table": change.table,
                "id": change.id,
                "before": None if change.before is None else orjson.Fragment(change.before),
                "after": None if change.after is None else orjson.Fragment(change.after),
            }
            for change in changes
        ]
    )


@cache
def insert_sql(model: type[SQLModel], *, leave_out: str = "") -> str:
    """INSERT OR REPLACE for a table, compiled once to SQL text: the hot path spends nothing on building it."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    columns = [column.name for column in table.columns if column.name != leave_out]
    statement = table.insert().prefix_with("OR REPLACE")
    return str(statement.compile(dialect=sqlite.dialect(paramstyle="qmark"), column_keys=columns))


def insert(record: SQLModel) -> Statement:
    """The statement that keeps one record, replacing the one with its key; an id of None is the database's to give."""
    values = record.model_dump()
    missing = "id" if values.get("id", 0) is None else ""
    columns = [column.name for column in record.__table__.columns if column.name != missing]  # type: ignore[attr-defined]
    return insert_sql(type(record), leave_out=missing), tuple(values[name] for name in columns)


_EXCHANGE = insert_sql(ExchangeRecord)
_ROW = insert_sql(RowRecord)
_BLOB = insert_sql(BlobRecord)
