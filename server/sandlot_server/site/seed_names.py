"""What every part of a seed is expanded with: rows put, ids given, and things found by the names they go by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandlot_server.site.ids import first_id
from sandlot_server.site.layers import Layer, Row


class SeedError(Exception):
    """The seed cannot be used; the message names the path in the document."""


class Names:
    """The rows of a seed while it is expanded, and the ids of what it has named so far."""

    def __init__(self, document: dict[str, Any], clock: int, layer: Layer) -> None:
        self._document = document
        self._clock = clock
        self._layer = layer
        self._salt: int = document.get("ids", 10000)
        self._next: dict[str, int] = {}
        self._names: dict[str, dict[str, str]] = {}

    def _put(self, table: str, row: Row) -> None:
        self._layer.write(table, row["id"], row)

    def _put_all(self, rows: Iterable[tuple[str, Row]]) -> None:
        """Write rows that come with their tables."""
        for table, row in rows:
            self._put(table, row)

    def _new_id(self, sequence: str) -> str:
        number = self._next.get(sequence) or first_id(self._salt, sequence)
        self._next[sequence] = number + 1
        return str(number)

    def _name(self, table: str, name: str, row_id: str, path: str) -> None:
        names = self._names.setdefault(table, {})
        if name in names:
            raise SeedError(f"seed {path}: {name!r} is there twice")
        names[name] = row_id

    def _named(self, table: str, name: str, path: str) -> str:
        names = self._names.get(table, {})
        if name not in names:
            known = ", ".join(list(names)[:8]) or "none"
            raise SeedError(f"seed {path}: there is no {table.replace('_', ' ')} {name!r} (known: {known})")
        return names[name]
