"""A site's rows as one call sees them: the layers below, and the writes that the call has staged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import orjson

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

    Rows that are handed out are shared: never change one in place, `put` a new one.
    """

    __slots__ = ("_layer", "_staged")

    def __init__(self, layer: Layer) -> None:
        self._layer = layer
        self._staged: dict[tuple[str, str], Row | None] = {}

    def get(self, table: str, id: str) -> Row | None:
        if self._staged and (table, id) in self._staged:
            return self._staged[table, id]
        return self._layer.get(table, id)

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
        if any(name == table for name, _ in self._staged):
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

    def put(self, table: str, row: Row) -> None:
        """Insert or replace the row with `row["id"]`."""
        self._staged[table, row["id"]] = row

    def delete(self, table: str, id: str) -> None:
        self._staged[table, id] = None

    def next_id(self, sequence: str) -> str:
        """The next number of a sequence, as text. The seed says where a site's sequences start."""
        row = self.get("sequence", SEQUENCES) or {"id": SEQUENCES, "salt": 0, "next": {}}
        number = row["next"].get(sequence) or first_id(row["salt"], sequence)
        self.put("sequence", {**row, "next": {**row["next"], sequence: number + 1}})
        return str(number)

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
