"""Opens the trace database: SQLite in WAL mode, its tables made, its version checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlmodel import SQLModel, create_engine

from sandlot_server.trace.tables import SCHEMA_VERSION

FILE = "trace.sqlite3"


class TraceError(Exception):
    """The trace database cannot be used; the message names the file and what to do."""


def open_database(folder: Path) -> Engine:
    """The engine over `folder`/trace.sqlite3, made if it is not there."""
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _configure)
        with engine.begin() as connection:
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if version not in (0, SCHEMA_VERSION):
                raise TraceError(
                    f"{path}: this trace has schema version {version}, this server writes version {SCHEMA_VERSION}; "
                    "move the file away, or use the server that wrote it"
                )
            SQLModel.metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
    except TraceError:
        raise
    except Exception as error:
        raise TraceError(
            f"{path}: cannot be opened for writing ({error}); choose another folder with --data"
        ) from error
    return engine


def _configure(connection: Any, _record: Any) -> None:
    # A larger page holds a whole answer; the writer sees to the checkpoints. NORMAL survives a killed process
    # (measured: nothing acknowledged was lost); only power loss asks for FULL.
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "wal_autocheckpoint = 16000",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
