"""Judging one attempt at one goal: what was found of each item, and whether the agent could know it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sandlot_trainer.canonical import (
    Json,
    Leaf,
    NetChange,
    Row,
    contains,
    find_part,
    leaves,
    normalise,
    plain_text,
    scalar,
    word_count,
)
from sandlot_trainer.goals import Goal, Item, Rubric
from sandlot_trainer.provenance import Evidence, Source, arguments, identifiers

SPARE_WORDS, SPARE_WORDS_A_PIECE = 4, 2
"""How many words a document may hold beyond those asked for: headings and labels, not a dump of all that was
read."""
WRONG_ROW_SHARE = 0.5
"""What right values are worth on a row that nobody named: the right row with a wrong value is the better attempt."""


@dataclass(frozen=True)
class Line:
    """One item of the rubric, as the trace has it. `known_from`: where the agent had the value, None for a
    guess or where nothing needs to be known. `exchange`: the number, from 1, of the call that did it; None
    where nothing was done, and in scores stored before this was kept."""

    goal: str
    path: str
    kind: str
    wanted: Json
    found: Json
    right: bool
    proven: bool
    known_from: str | None
    weight: float
    credit: float
    exchange: int | None = None

    @property
    def earned(self) -> bool:
        return self.right and self.proven


@dataclass(frozen=True)
class Made:
    """An attempt that took effect: the net change of one row."""

    change: NetChange
    gained: list[Leaf]
    lost: list[Leaf]


@dataclass(frozen=True)
class Refused:
    """An attempt that was refused: what its request said."""

    step: int
    operation: str
    said: dict[str, Json]


Attempt = Made | Refused


def comparable(goal: Goal, attempt: Attempt) -> bool:
    if isinstance(attempt, Made):
        return attempt.change.table == goal.table and attempt.change.action == goal.action
    return any(item.argument is not None and item.argument.operation == attempt.operation for item in goal.items)


def hits_target(goal: Goal, attempt: Made) -> bool:
    """Whether a change was made to the row that the goal names; a goal of a new row names none."""
    return all(item.wanted == attempt.change.id for item in goal.items if item.kind == "target")


class Judge:
    """Judges attempts within one trace. `bound` gives the rows that stand for the goals' new rows; it may be
    replaced as the pairing of goals with attempts becomes clearer."""

    def __init__(self, rubric: Rubric, exchanges: list[dict[str, Any]]) -> None:
        self.tables = rubric.tables
        self.exchanges = exchanges
        self.evidence = Evidence(rubric.instruction, exchanges)
        self.bound: dict[str, Row] = {}

    def worth(self, goal: Goal, attempt: Attempt) -> float:
        """The credit that an attempt earns for a goal; among equals one that took effect is worth a trifle
        more."""
        if not comparable(goal, attempt):
            return 0.0
        credit = sum(line.credit for line in self.lines(goal, attempt))
        return credit + (1e-6 if credit and isinstance(attempt, Made) else 0.0)

    def lines(self, goal: Goal, attempt: Attempt | None) -> list[Line]:
        """A line for each item. What comes by itself (the row, defaults, constants) is credited only beside
        something that the agent had to know, and what was done to another row than the one asked for by half. That an
        update took place is worth something only beside a right value: the row alone may stand in the instruction."""
        lines = [self._line(goal, item, attempt) for item in goal.items]
        telling = [line for item, line in zip(goal.items, lines, strict=True) if item.informative]
        if not any(line.credit for line in telling) and not (not telling and all(line.credit for line in lines)):
            return [replace(line, credit=0.0) for line in lines]
        if goal.action == "update" and not any(line.credit for line in lines if line.kind not in ("row", "target")):
            return [replace(line, credit=0.0) if line.kind == "row" else line for line in lines]
        return lines

    def _line(self, goal: Goal, item: Item, attempt: Attempt | None) -> Line:
        wanted = self.resolve(item.wanted)
        found: Json = None
        right = proven = False
        known_from: str | None = None
        step: int | None = None
        if isinstance(attempt, Made):
            found, right = self._found(goal, item, wanted, attempt)
            if right:
                step = self._first_use(goal, item, wanted, attempt)
                passed = self._passed_knowingly(goal, item, attempt.change)
                proven, known_from = self._proven(item, wanted, step) if passed else (False, None)
            elif found is not None:
                step = self._last_set(item, attempt)
        elif attempt:
            found, right = self._said(goal, item, wanted, attempt)
            step = attempt.step if found is not None else None
            proven, known_from = self._proven(item, found, attempt.step) if right else (False, None)
        credit = item.weight if right and proven else 0.0
        if isinstance(attempt, Made) and not hits_target(goal, attempt):
            credit *= WRONG_ROW_SHARE
        return Line(
            goal.name,
            item.path,
            item.kind,
            item.wanted,
            found,
            right,
            proven,
            known_from,
            item.weight,
            credit,
            None if step is None else step + 1,
        )

    def resolve(self, wanted: Json) -> str | None:
        """A wanted value with its symbols replaced by what this run made; None where the row is not there."""
        if not isinstance(wanted, Mapping):
            return str(wanted)
        if "parts" in wanted:
            parts = [self.resolve(part) for part in wanted["parts"]]
            return None if None in parts else "".join(part or "" for part in parts)
        row = self.bound.get(wanted["new"])
        value = row.get(wanted.get("column", "id")) if row else None
        return None if value is None else scalar(value)

    def _found(self, goal: Goal, item: Item, wanted: str | None, attempt: Made) -> tuple[Json, bool]:
        """What the changed row has for the item, and whether it is what was wanted."""
        change = attempt.change
        on_target = hits_target(goal, attempt)
        if item.kind == "row":
            return change.action, on_target
        if item.kind == "target":
            return change.id, on_target
        side = attempt.lost if item.kind in ("removed", "emptied") else attempt.gained
        values = [leaf.value for leaf in side if leaf.path == item.path]
        if item.kind in ("element", "removed"):
            return values, wanted in values
        if not values or wanted is None:
            return None, False
        if item.kind == "emptied":
            return None, True
        if item.kind == "piece":
            before = plain_text((change.before or {}).get(item.path))
            return plain_text(values[0]), self._carries(goal, item, wanted, plain_text(values[0]), before)
        found = normalise(scalar(values[0]))
        return found, found == wanted

    def _said(self, goal: Goal, item: Item, wanted: str | None, attempt: Refused) -> tuple[Json, bool]:
        """What a refused request said for the item, and whether it is what the oracle said there."""
        argument = item.argument
        if argument is None or wanted is None or argument.operation != attempt.operation:
            return None, False
        sent = wanted if isinstance(item.wanted, Mapping) or item.kind in ("text", "piece") else scalar(argument.sent)
        if item.kind in ("element", "removed"):
            place = argument.path.rpartition("[")[0]
            values = [scalar(value) for path, value in attempt.said.items() if path.rpartition("[")[0] == place]
            return sent if sent in values else values, sent in values
        found = attempt.said.get(argument.path)
        if found is None:
            return None, False
        if item.kind == "piece":
            return plain_text(found), self._carries(goal, item, wanted, plain_text(found), "")
        return scalar(found), normalise(scalar(found)) == normalise(sent)

    def _carries(self, goal: Goal, item: Item, wanted: str, text: str, before: str) -> bool:
        """Whether a document carries a wanted text, is no dump, and has dropped what the oracle dropped."""
        asked = goal.documents[item.path]
        if text == asked:
            return True
        pieces = [other for other in goal.items if other.kind == "piece" and other.path == item.path]
        if word_count(text) > word_count(asked) + SPARE_WORDS + SPARE_WORDS_A_PIECE * len(pieces):
            return False
        if (set(before.split()) - set(asked.split())) & set(text.split()):
            return False
        alike = [other for other in pieces if other.wanted == item.wanted]
        nth = next(index for index, other in enumerate(alike) if other is item)
        placed = _free_places(text, [part for part in map(self.resolve, (piece.wanted for piece in pieces)) if part])
        return placed[wanted] > nth

    def _proven(self, item: Item, value: Json, step: int) -> tuple[bool, str | None]:
        """Whether the agent knew, before exchange `step`, what it used there; and from where."""
        if item.kind in ("ref", "target"):
            if not item.informative:
                return True, None
            source = self._reference_source(item, scalar(value), step)
            return source is not None, str(source) if source else None
        needs = [self.resolve(need) for need in item.needs if item.kind != "row"]
        known = self.evidence.composed if item.kind == "text" else self.evidence.source
        sources = [known(need, step) if need else None for need in needs]
        origin = str(sources[0]) if sources and sources[0] else None
        return None not in sources, origin

    def _reference_source(self, item: Item, id: str, step: int) -> Source | None:
        """Where the agent had the name of an entity from: the one that stands where the oracle had it, else
        any."""
        exchange = self.exchanges[step]
        if item.argument is not None and item.argument.operation == exchange.get("operation"):
            named = arguments(exchange).get(item.argument.path)
            if named is not None:
                return self.evidence.source(named, step)
        names = self._names(id)
        for said in arguments(exchange).values():
            if scalar(said) in names:
                return self.evidence.source(said, step)
        return self.evidence.reference_source(id, step)

    def _names(self, id: str) -> set[str]:
        """What a request may call a row: its id, or its key where the trace shows it."""
        changes = (change for exchange in self.exchanges for change in exchange.get("changes") or ())
        rows = (row for change in changes if str(change["id"]) == id for row in (change["before"], change["after"]))
        return {id} | {row["key"] for row in rows if row and row.get("key")}

    def _first_use(self, goal: Goal, item: Item, wanted: str | None, attempt: Made) -> int:
        """The exchange that first gave a row this value. For a new row that is any new row of the table: a
        value guessed for a page that was deleted again has not become known by it."""
        change = attempt.change
        if item.kind in ("row", "target"):
            return change.steps[0]
        has = self._holder(item, wanted, goal.table)
        losing = item.kind in ("removed", "emptied")
        for step, exchange in enumerate(self.exchanges):
            for row in exchange.get("changes") or ():
                same = str(row["id"]) == change.id or change.action == "create"
                held, holds = has(row["before"]), has(row["after"])
                if row["table"] == change.table and same and held != holds and held == losing:
                    return step
        return change.steps[0]

    def _passed_knowingly(self, goal: Goal, item: Item, change: NetChange) -> bool:
        """Whether names in the calls that changed a row were known where they were used. For its target: its own names,
        at each call. For the row itself: names that did not stay with it, which are those that the oracle only passed
        through, and whatever stands in their place beside the name of the row, as the issue that a comment is on."""
        if item.kind not in ("row", "target"):
            return True
        own = self._names(change.id)
        used = [
            (value, step)
            for step in change.steps
            for path, value in identifiers(self.exchanges[step]).items()
            if (value in own if item.kind == "target" else value in item.needs or self._beside(goal, step, path))
        ]
        return all(self.evidence.source(value, step) for value, step in used)

    def _beside(self, goal: Goal, step: int, path: str) -> bool:
        """Whether a name stands in a call of the operation by which the oracle named a row, at a place that no item
        judges; and no later call replaced that one."""
        exchange = self.exchanges[step]
        places = [(other.argument.operation, other.argument.path) for other in goal.items if other.argument]
        naming = any(
            other.kind == "target" and other.argument and other.argument.operation == exchange["operation"]
            for other in goal.items
        )
        address = (exchange["method"], exchange["path"])
        replaced = any((later["method"], later["path"]) == address for later in self.exchanges[step + 1 :])
        return naming and not replaced and (exchange["operation"], path) not in places

    def _last_set(self, item: Item, attempt: Made) -> int:
        """The exchange that left a row with what it has for the item."""
        change = attempt.change
        if item.kind in ("row", "target"):
            return change.steps[0]

        def held(row: Row | None) -> list[Json]:
            return [leaf.value for leaf in leaves(change.table, row, self.tables) if leaf.path == item.path]

        for step in reversed(change.steps):
            for row in self.exchanges[step]["changes"]:
                same = (row["table"], str(row["id"])) == (change.table, change.id)
                if same and held(row["before"]) != held(row["after"]):
                    return step
        return change.steps[-1]

    def _holder(self, item: Item, wanted: str | None, table: str) -> Callable[[Row | None], bool]:
        """Whether a row has the item's value, as a function."""

        def holds(row: Row | None) -> bool:
            held = [leaf for leaf in leaves(table, row, self.tables) if leaf.path == item.path]
            if item.kind == "emptied":
                return bool(held)
            if item.kind == "piece":
                return any(contains(plain_text(leaf.value), wanted or "") for leaf in held)
            return any(normalise(scalar(leaf.value)) == wanted for leaf in held)

        return holds


def _free_places(text: str, parts: list[str]) -> Counter[str]:
    """How many times each of `parts` stands in `text`, each time at a place of its own and at most as often as it is
    among them; longer ones placed first."""
    taken: list[tuple[int, int]] = []
    placed: Counter[str] = Counter()
    for part in sorted(parts, key=len, reverse=True):
        start = find_part(text, part)
        while start >= 0 and any(start < end and begin < start + len(part) for begin, end in taken):
            start = find_part(text, part, start + 1)
        if start >= 0:
            taken.append((start, start + len(part)))
            placed[part] += 1
    return placed
