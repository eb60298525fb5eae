"""What went wrong in stored episodes: each failure by its kind, with what it was about."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandlot_trainer.goals import Item, Rubric
from sandlot_trainer.judging import Line
from sandlot_trainer.provenance import Exchange, arguments, is_write, rejected
from sandlot_trainer.scoring import score

Entry = Mapping[str, Any]
"""One line of an episode file: outcome, record, score, rubric and trace."""

KINDS = (
    "malformed call",
    "hallucinated tool",
    "no call",
    "early stop after reading",
    "gave up after an error",
    "limit met",
    "program failed",
    "goal left out",
    "dropped required field",
    "wrong entity",
    "wrong value",
    "value never read",
    "wrong order",
    "collateral change",
)
_PLACES = re.compile(r"\[\d+\]")
_MISSING_PLACE = re.compile(r"^(\S+) needs (\S+), one value\.$")
_SHOWN = 80


@dataclass(frozen=True)
class Failure:
    """One thing that went wrong: its kind, one of `KINDS`, and what it was about."""

    kind: str
    detail: str


def failures_of(entry: Entry) -> tuple[Failure, ...]:
    """Everything that went wrong in one stored episode, each failure once; none where it was a success."""
    if entry["outcome"]["success"]:
        return ()
    return tuple(dict.fromkeys(_Reading(entry).failures()))


def failure_report(entries: Iterable[Entry]) -> dict[str, dict[str, Any]]:
    """For each kind that there is, in the order of `KINDS`: `count`, the episodes that have it; `share`, their share
    of all episodes; `example`, the task and the detail of the first."""
    found: dict[str, dict[str, Any]] = {}
    episodes = 0
    for entry in entries:
        episodes += 1
        first = {failure.kind: failure.detail for failure in reversed(failures_of(entry))}
        for kind, detail in first.items():
            example = {"task": entry["outcome"]["task"], "detail": detail}
            found.setdefault(kind, {"count": 0, "share": 0.0, "example": example})["count"] += 1
    for figures in found.values():
        figures["share"] = figures["count"] / episodes
    return {kind: found[kind] for kind in KINDS if kind in found}


class _Reading:
    """One episode, read for its failures."""

    def __init__(self, entry: Entry) -> None:
        self.record = entry["record"]
        self.rubric = Rubric.from_json(entry["rubric"])
        self.score = score(self.rubric, entry["trace"])
        self.exchanges: list[Exchange] = entry["trace"]["exchanges"]
        self.writes = [exchange for exchange in self.exchanges if is_write(exchange)]

    def failures(self) -> Iterator[Failure]:
        yield from (Failure("malformed call", _short(raw)) for raw in self.record["malformed"])
        yield from (Failure("hallucinated tool", name) for name in self.record["unknown_tools"])
        yield from self._stop()
        yield from self._unsendable()
        for goal, lines in self._goals():
            yield from self._goal(goal, lines)
        yield from self._order()
        yield from (Failure("collateral change", change) for change in self.score.collateral)

    def _stop(self) -> Iterator[Failure]:
        stop = self.record["stop"]
        if stop.startswith("exit status"):
            yield Failure("program failed", f"{stop}: {_short(self.record['work']['stderr'].strip()[-_SHOWN:])}")
        elif stop != "finished":
            yield Failure("limit met", stop)
        elif not self.exchanges:
            yield Failure("no call", "said that it was done before any request was made")
        elif not self.writes:
            yield Failure("early stop after reading", f"{_count(len(self.exchanges), 'read')}, no write")
        if stop == "finished" and (error := self._last_error()):
            yield Failure("gave up after an error", error)

    def _last_error(self) -> str | None:
        """The last thing that the agent was told, where that was an error; for an agent whose messages are not
        recorded, the last answer."""
        told = [message["content"] for message in self.record["messages"] if message["role"] == "tool"]
        if told:
            return _short(told[-1]) if "error" in _members(told[-1]) else None
        if self.exchanges and int(self.exchanges[-1]["status"]) >= 400:
            return f"{self.exchanges[-1]['operation']} {self.exchanges[-1]['status']}"
        return None

    def _unsendable(self) -> Iterator[Failure]:
        """Calls out of which no request could be made, for want of a value in the path."""
        for message in self.record["messages"]:
            error = _members(message["content"]).get("error") if message["role"] == "tool" else None
            if missing := _MISSING_PLACE.match(str(error)):
                yield Failure("dropped required field", f"{missing[1]} without {missing[2]}")

    def _goals(self) -> Iterator[tuple[str, list[tuple[Item, Line]]]]:
        lines = iter(self.score.lines)
        for goal in self.rubric.goals:
            yield goal.name, [(item, next(lines)) for item in goal.items]

    def _goal(self, goal: str, items: list[tuple[Item, Line]]) -> Iterator[Failure]:
        if all(line.found is None for _, line in items):
            if self.writes:
                yield Failure("goal left out", goal)
            return
        done_by = [self.exchanges[line.exchange - 1] for _, line in items if line.exchange]
        for item, line in items:
            if line.earned or line.kind == "row":
                continue
            place = f"{goal} {line.path}".strip()
            if line.right:
                yield self._unread(place, line)
            elif dropped := _dropped(item, line, place, done_by):
                yield Failure("dropped required field", dropped)
            elif line.kind in ("ref", "target"):
                yield Failure("wrong entity", _instead(place, line))
            else:
                yield Failure("wrong value", _instead(place, line))

    def _unread(self, place: str, line: Line) -> Failure:
        """A right value that was not known when it was used: read too late, or never."""
        later = self.exchanges[line.exchange or len(self.exchanges) :]
        if any(str(line.found) in json.dumps(exchange["response"], ensure_ascii=False) for exchange in later):
            return Failure("wrong order", f"{place} {_short(line.found)} was used before it was read")
        return Failure("value never read", f"{place} {_short(line.found)}")

    def _order(self) -> Iterator[Failure]:
        """Writes that were refused, and taken when they came again later, unchanged."""
        for index, exchange in enumerate(self.writes):
            if rejected(exchange) and any(_same(exchange, later) for later in self.writes[index + 1 :]):
                detail = f"{exchange['operation']} was refused ({exchange['status']}), and taken later"
                yield Failure("wrong order", detail)


def _dropped(item: Item, line: Line, place: str, done_by: list[Exchange]) -> str | None:
    """What a request left out that was to carry a value, in words: the oracle's argument, or, where another operation
    was called, whatever gives the row this value."""
    argument = item.argument
    requests = [exchange for exchange in done_by if argument and exchange["operation"] == argument.operation]
    if argument and requests:
        said = {_PLACES.sub("", path) for exchange in requests for path in arguments(exchange)}
        return None if _PLACES.sub("", argument.path) in said else f"{argument.operation} without {argument.path}"
    return f"{done_by[-1]['operation']} without {place}" if line.found in (None, [], "") else None


def _same(exchange: Exchange, later: Exchange) -> bool:
    members = ("method", "path", "query", "request")
    return int(later["status"]) < 300 and all(exchange[name] == later[name] for name in members)


def _members(text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, Mapping) else {}


def _instead(place: str, line: Line) -> str:
    return f"{place}: {_short(line.found)} instead of {_short(line.wanted)}"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
