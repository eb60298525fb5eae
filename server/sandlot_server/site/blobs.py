"""The bytes of attached files, by the SHA-256 of their content: rows name them, and stay small."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from sandlot_server.trace.tables import BlobRecord


class Blobs:
    """Reads bytes back from the trace database, and holds those that are on their way there.

    The same content has the same name in every layer, so that whichever layer has it will do.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._unwritten: dict[str, bytes] = {}

    def read(self, sha256: str) -> bytes:
        if sha256 in self._unwritten:
            return self._unwritten[sha256]
        with Session(self._engine) as session:
            content = session.exec(select(BlobRecord.content).where(col(BlobRecord.sha256) == sha256)).first()
        if content is None:
            raise LookupError(f"no blob {sha256}")
        return content

    def hold(self, blobs: Mapping[str, bytes]) -> None:
        """Keep bytes readable until they are written."""
        self._unwritten.update(blobs)

    def release(self, blobs: Mapping[str, bytes]) -> None:
        for sha256 in blobs:
            self._unwritten.pop(sha256, None)
