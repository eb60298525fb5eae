"""Layers of rows: a site's state is its own layer over frozen ones, down to its seed.

A layer holds only the rows written in it. Rows of a seed are parsed and shared; rows written by calls are
kept as JSON bytes, which costs a third of the memory and gives the garbage collector nothing to walk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import orjson

from sandlot_server.site.tables import TABLES

Row = dict[str, Any]
# Keys hold the host that a caller named, so a row keeps no more than this many of them.
MADE_LIMIT = 64
WHOLE_TABLE = ""
Stored = Row | bytes | None


def by_id(row_id: str) -> tuple[int, str]:
    """Numeric ids ascend as numbers; the rest (account ids, sequence names) follow in text order."""
    return (int(row_id), "") if row_id.isdecimal() else (1 << 62, row_id)


class Layer:
    """The rows written since the layer below; None stands for a deleted row.

    `blobs` are the bytes that a seed's rows name; those of other layers are read from the trace.
    """

    __slots__ = ("base", "blobs", "index", "made", "rows")

    def __init__(self, base: Layer | None = None) -> None:
        self.base = base
        self.blobs: dict[str, bytes] = {}
        self.rows: dict[str, dict[str, Stored]] = {}
        self.index: dict[tuple[str, str], dict[Any, dict[str, None]]] = {}
        self.made: dict[tuple[str, str], dict[str, Any]] = {}

    def write(self, table: str, row_id: str, row: Row | None, *, packed: bytes | None = None) -> None:
        """Put (or, with None, delete) a row of this layer. `packed` is the row's JSON, where it is at hand."""
        rows = self.rows.setdefault(table, {})
        self.made.pop((table, row_id), None)
        self.made.pop((table, WHOLE_TABLE), None)
        indexed = TABLES[table].indexes
        if indexed and (old := _parsed(rows.get(row_id))) is not None:
            for column in indexed:
                self.index[table, column].get(old.get(column), {}).pop(row_id, None)
        rows[row_id] = packed if packed is not None else row
        if row is not None:
            for column in indexed:
                self.index.setdefault((table, column), {}).setdefault(row.get(column), {})[row_id] = None

    def load(self, table: str, row_id: str, packed: bytes | None) -> None:
        """Put a row as the trace keeps it."""
        self.write(table, row_id, _parsed(packed), packed=packed)

    def get(self, table: str, row_id: str) -> Row | None:
        layer: Layer | None = self
        while layer is not None:
            rows = layer.rows.get(table)
            if rows is not None and row_id in rows:
                return _parsed(rows[row_id])
            layer = layer.base
        return None

    def blob(self, sha256: str) -> bytes | None:
        """The bytes of that name, where a seed below brought them."""
        return next((layer.blobs[sha256] for layer in self._chain() if sha256 in layer.blobs), None)

    def memoized(self, table: str, row_id: str, key: str, make: Callable[[Row], Any]) -> Any:
        """What `make` makes of a row, made once for a key, and anew when the row is written. None without the row."""
        layer: Layer | None = self
        while layer is not None:
            rows = layer.rows.get(table)
            if rows is not None and row_id in rows:
                return layer._made(table, row_id, key, partial(_from_row, rows[row_id], make))
            layer = layer.base
        return None

    def memoized_table(self, table: str, key: str, make: Callable[[list[Row]], Any]) -> Any:
        """What `make` makes of all rows of a table, made once for a key, and anew when one of them is written."""
        layer = self
        while layer.base is not None and not layer.rows.get(table):
            layer = layer.base
        return layer._made(table, WHOLE_TABLE, key, lambda: make(layer.all(table)))

    def _made(self, table: str, row_id: str, key: str, make: Callable[[], Any]) -> Any:
        made = self.made.setdefault((table, row_id), {})
        if key not in made:
            if len(made) >= MADE_LIMIT:
                made.clear()
            made[key] = make()
        return made[key]

    def all(self, table: str) -> list[Row]:
        """Every living row of a table, by ascending id."""
        return [row for row_id in self.ids(table) if (row := self.get(table, row_id)) is not None]

    def ids(self, table: str) -> list[str]:
        """Ids of every living row of a table, ascending."""
        seen: dict[str, bool] = {}
        for layer in self._chain():
            for row_id, row in layer.rows.get(table, {}).items():
                seen.setdefault(row_id, row is not None)
        return sorted((row_id for row_id, alive in seen.items() if alive), key=by_id)

    def ids_where(self, table: str, column: str, value: Any) -> list[str]:
        """Ids of the living rows whose indexed column holds the value, ascending."""
        key = (table, column)
        found: list[str] = []
        above: list[dict[str, Stored]] = []
        layer: Layer | None = self
        while layer is not None:
            rows = layer.rows.get(table)
            if rows:
                hits = layer.index.get(key)
                if hits and (ids := hits.get(value)):
                    found.extend(ids if not above else [one for one in ids if not any(one in upper for upper in above)])
                above.append(rows)
            layer = layer.base
        if len(found) > 1:
            found.sort(key=by_id)
        return found

    def _chain(self) -> Iterator[Layer]:
        layer: Layer | None = self
        while layer is not None:
            yield layer
            layer = layer.base


def _parsed(stored: Stored) -> Row | None:
    return None if stored is None else _row(stored)


def _from_row(stored: Stored, make: Callable[[Row], Any]) -> Any:
    return None if stored is None else make(_row(stored))


def _row(stored: Row | bytes) -> Row:
    if isinstance(stored, bytes):
        parsed: Row = orjson.loads(stored)
        return parsed
    return stored
