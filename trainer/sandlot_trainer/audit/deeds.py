"""What a trace came to, set against what the reference solution did, apart from scoring: which of two attempts is the
better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandlot_trainer.audit.verdicts import gave
from sandlot_trainer.canonical import NetChange, Tables, changed_leaves, net_changes, normalise, plain_text, scalar
from sandlot_trainer.provenance import is_write, rejected, succeeded

Place = tuple[str, ...]
"""Where a change took place: action, table, row ("" for the new row where one is asked for, else all that the new row
holds), gained or lost, column, element of a set."""


@dataclass(frozen=True)
class Deed:
    """`values`: what each changed place holds now. `harm`: the changes on rows and places that are not asked for.
    `refused`: whether a write was refused, whose arguments may have earned something. `idle`: whether one was granted
    and changed nothing, since what it asked for was so already."""

    values: Mapping[Place, str]
    harm: frozenset[Place]
    unread: frozenset[str]
    refused: bool
    idle: bool

    def harms_no_more(self, other: Deed) -> bool:
        """Whether there is no more harm than the other's, each kind of it counted."""
        return Counter(place[:2] for place in self.harm) <= Counter(place[:2] for place in other.harm)


class Measure:
    """Reads deeds out of traces, by the places that the reference solution changed."""

    def __init__(self, trace: Mapping[str, Any], tables: Tables) -> None:
        self.tables = tables
        changes = net_changes(trace["exchanges"], tables)
        self.created = Counter(change.table for change in changes if change.action == "create")
        self.wanted: dict[Place, str] = {}
        self.wanted = dict(self._stated(trace, changes))

    def deed(self, trace: Mapping[str, Any], unread: frozenset[str]) -> Deed:
        values = dict(self._stated(trace, net_changes(trace["exchanges"], self.tables)))
        harm = {place for place in values if place not in self.wanted}
        # A new row that is not all right may be one of the many that nobody asked for, or the one, not quite.
        asked = {place: value for place, value in self.wanted.items() if place[0] == "create" and not place[2]}
        wrong = [place for place, value in asked.items() if values.get(place) != value]
        harm |= {(*place[:2], "not quite") for place in wrong if any(place[:3] == made[:3] for made in values)}
        writes = [exchange for exchange in trace["exchanges"] if is_write(exchange)]
        idle = any(succeeded(exchange) and not exchange["changes"] for exchange in writes)
        return Deed(values, frozenset(harm), unread, any(map(rejected, writes)), idle)

    def better(self, one: Deed, other: Deed) -> bool:
        """Whether the first is surely as good as the other: where the other did what a goal may pay for, it did the
        same or what is right, and it did and guessed nothing else that is wrong."""
        kinds = {place[:2] for place in self.wanted}
        payable = {place: value for place, value in other.values.items() if place[:2] in kinds}
        return (
            one.harm <= other.harm
            and one.unread <= other.unread
            and not other.refused
            and payable.keys() <= one.values.keys()
            and all(one.values[place] in (value, self.wanted.get(place)) for place, value in payable.items())
            and self._right(other) <= self._right(one)
        )

    def _right(self, deed: Deed) -> set[Place]:
        return {place for place, value in deed.values.items() if self.wanted.get(place) == value}

    def _stated(self, trace: Mapping[str, Any], changes: list[NetChange]) -> Iterator[tuple[Place, str]]:
        asked = self._asked(changes)
        names = {
            str(word): f"the new {change.table}" if change in asked else f"new {sorted(self._leaves(change, {}))}"
            for change in changes
            if change.action == "create"
            for word in (change.id, (change.after or {}).get("key"))
            if word and not gave(trace["exchanges"][change.steps[0]], word)
        }
        for change in changes:
            leaves = [] if change.action == "delete" else list(self._leaves(change, names))
            if change.action == "create" and change not in asked:
                yield ("create", change.table, str(sorted(leaves))), ""
                continue
            row = "" if change.action == "create" else change.id
            if not leaves:
                yield (change.action, change.table, row), ""
            for place, text in leaves:
                yield (change.action, change.table, row, *place), text

    def _asked(self, changes: list[NetChange]) -> list[NetChange]:
        """The new rows that stand for the one that is asked for of their table: of several the most right."""
        best: dict[str, tuple[int, NetChange]] = {}
        for change in changes:
            if change.action == "create" and self.created[change.table] == 1:
                places = (((change.action, change.table, "", *place), text) for place, text in self._leaves(change, {}))
                right = sum(self.wanted.get(place) == text for place, text in places)
                if change.table not in best or right > best[change.table][0]:
                    best[change.table] = (right, change)
        return [change for _, change in best.values()]

    def _leaves(self, change: NetChange, names: Mapping[str, str]) -> Iterator[tuple[Place, str]]:
        """(gained or lost, column, element of a set), and the text there, new rows by their `names`."""
        for word, side in zip(("gained", "lost"), changed_leaves(change, self.tables), strict=True):
            for leaf in side:
                text = plain_text(leaf.value) if leaf.kind == "document" else normalise(scalar(leaf.value))
                for name, symbol in names.items():
                    text = symbol if text == name else text.replace(f" {name}", f" {symbol}")
                yield (word, leaf.path, *((text,) if leaf.kind == "element" else ())), text
