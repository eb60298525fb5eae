"""A site's rows as one call sees them: the layers below, and the writes that the call has staged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import orjson

from sandlot_server.site.blobs import Blobs
from sandlot_server.site.ids import first_id
from sandlot_server.site.layers import Layer, Row, by_id
from sandlot_server.site.tables import TABLES

__all__ = ["Change", "Row", "State"]


# All counters of a site stand in one row: a call that takes two numbers writes it once.
SEQUENCES = "next"


class Change(NamedTuple):
    """The net effect of one call on one row; `before` and `after` are the row's JSON, None where there was no row."""

    table: str
    id: str
    before: bytes | None
    after: bytes | None


class State:
    """Reads through to the layers; writes stay staged until `merge`.

    Rows that are handed out are shared: never change one in place, `put` a new one. Rows that `unseen` is true of are
    not there for their reader, but in `whole`.
    """

    __slots__ = ("_blobs", "_layer", "_staged", "blobs", "unseen")

    def __init__(self, layer: Layer, blobs: Blobs | None = None) -> None:
        self._layer = layer
        self._blobs = blobs
        self._staged: dict[tuple[str, str], Row | None] = {}
        self.blobs: dict[str, bytes] = {}
        self.unseen: Callable[[str, Row], bool] | None = None

    @property
    def whole(self) -> State:
        """The same rows and writes, with what is unseen."""
        whole = State(self._layer, self._blobs)
        whole._staged, whole.blobs = self._staged, self.blobs
        return whole

    def get(self, table: str, id: str) -> Row | None:
        staged = self._staged and (table, id) in self._staged
        row = self._staged[table, id] if staged else self._layer.get(table, id)
        return None if row is not None and self.unseen is not None and self.unseen(table, row) else row

    def memoized(self, table: str, id: str, key: str, make: Callable[[Row], Any]) -> Any:
        """What `make` makes of a row, kept for the next call until the row is written; None without the row.

        `make` may read nothing but the row and the key. What it made is shared: never change it.
        """
        if self._staged and (table, id) in self._staged:
            row = self._staged[table, id]
            return None if row is None else make(row)
        return self._layer.memoized(table, id, key, make)

    def memoized_table(self, table: str, key: str, make: Callable[[list[Row]], Any]) -> Any:
        """The same of all rows of a table, until one of them is written."""
        if self._staged and any(name == table for name, _ in self._staged):
            return make(self.all(table))
        return self._layer.memoized_table(table, key, make)

    def find(self, table: str, column: str, value: Any) -> list[Row]:
        """Rows whose indexed column holds the value, by ascending id."""
        if column not in TABLES[table].indexes:
            raise KeyError(f"table {table!r} has no index on {column!r}: declare it in site/tables.py")
        ids = self._layer.ids_where(table, column, value)
        if self._staged:
            ids = self._with_staged(table, ids, lambda row: row.get(column) == value)
        return self._rows(table, ids)

    def all(self, table: str) -> list[Row]:
        """Every row of a table, by ascending id."""
        ids = self._layer.ids(table)
        if self._staged:
            ids = self._with_staged(table, ids, lambda row: True)
        return self._rows(table, ids)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is written inside is dropped again if it ends with an exception."""
        before = dict(self._staged)
        try:
            yield
        except BaseException:
            self._staged.clear()
            self._staged.update(before)
            raise

    def put(self, table: str, row: Row) -> None:
        """Insert or replace the row with `row["id"]`."""
        self._staged[table, row["id"]] = row

    def delete(self, table: str, id: str) -> None:
        self._staged[table, id] = None

    def put_blob(self, content: bytes) -> str:
        """Keep the bytes of a file; the answer is their SHA-256, for a row to name them by."""
        sha256 = hashlib.sha256(content).hexdigest()
        self.blobs[sha256] = content
        return sha256

    def blob(self, sha256: str) -> bytes:
        """The bytes that a row names."""
        content = self._layer.blob(sha256)
        if content is not None:
            return content
        assert self._blobs is not None, "this state has no bytes but its seed's"
        return self._blobs.read(sha256)

    def next_id(self, sequence: str) -> str:
        """The next number of a sequence, as text. The seed says where a site's sequences start."""
        row = self.get("sequence", SEQUENCES) or {"id": SEQUENCES, "salt": 0, "next": {}}
        number = row["next"].get(sequence) or first_id(row["salt"], sequence)
        self.put("sequence", {**row, "next": {**row["next"], sequence: number + 1}})
        return str(number)

    def move_sequence(self, sequence: str, name: str | None) -> None:
        """Let a sequence go on under another name; under none it is forgotten, and starts anew when it is asked."""
        row = self.get("sequence", SEQUENCES)
        if row is None or sequence not in row["next"]:
            return
        numbers = dict(row["next"])
        number = numbers.pop(sequence)
        self.put("sequence", {**row, "next": numbers if name is None else {**numbers, name: number}})

    def changes(self) -> list[Change]:
        """The staged writes that differ from what stands below, in the order they were first made."""
        changes = []
        for (table, row_id), row in self._staged.items():
            before = self._layer.get(table, row_id)
            if before != row:
                changes.append(Change(table, row_id, _packed(before), _packed(row)))
        return changes

    def merge(self, changes: list[Change]) -> None:
        """Make staged writes part of the site's own layer."""
        for change in changes:
            row = self._staged[change.table, change.id]
            self._layer.write(change.table, change.id, row, packed=change.after)
        self._staged = {}

    def _with_staged(self, table: str, ids: list[str], matches: Any) -> list[str]:
        staged = {row_id: row for (name, row_id), row in self._staged.items() if name == table}
        if not staged:
            return ids
        kept = [row_id for row_id in ids if row_id not in staged]
        kept.extend(row_id for row_id, row in staged.items() if row is not None and matches(row))
        return sorted(kept, key=by_id)

    def _rows(self, table: str, ids: list[str]) -> list[Row]:
        return [row for row_id in ids if (row := self.get(table, row_id)) is not None]


def _packed(row: Row | None) -> bytes | None:
    return None if row is None else orjson.dumps(row)
