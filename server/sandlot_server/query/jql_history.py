"""WAS and CHANGED: what an issue's field held, and when, by its history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sandlot_server.query import jql_errors as errors
from sandlot_server.query.jql_errors import Misfit
from sandlot_server.query.jql_fields import DATE_FUNCTION, Field, Site, User, written
from sandlot_server.query.tree import Empty, Function, Operand, Predicate, Value, Values
from sandlot_server.site.state import Row

Wanted = frozenset[Any]


@dataclass(frozen=True, slots=True)
class Span:
    """A value from one change (or the creation) to the next; `end` None while it lasts."""

    value: Any
    before: Any
    by: str | None
    start: int
    end: int | None


Test = Callable[[Span], bool]


def spans(site: Site, field: Field, issue: Row) -> list[Span]:
    """What the field held since the issue was created, oldest first."""
    changes = [
        (change["created"], change["author"], item["from"], item["to"])
        for change in site.state.find("changelog", "issue", issue["id"])
        for item in change["items"]
        if item.get("fieldId") == field.column
    ]
    first = changes[0][2] if changes else issue.get(field.column)
    ends = [*(at for at, *_ in changes), None]
    found = [Span(first, None, issue["creator"], issue["created"], ends[0])]
    for (at, author, old, new), end in zip(changes, ends[1:], strict=True):
        found.append(Span(new, old, author, at, end))
    return found


def was(site: Site, field: Field, wanted: Wanted, predicates: Iterable[Predicate]) -> Callable[[Row], bool]:
    """Did the field hold one of the values (None = no value) at a time that fits the predicates?"""
    tests = [_during(site, predicate) for predicate in predicates]
    return lambda issue: any(
        span.value in wanted and all(test(span) for test in tests) for span in spans(site, field, issue)
    )


def changed(
    site: Site, field: Field, predicates: Iterable[Predicate], resolve: Callable[[Operand], Wanted]
) -> Callable[[Row], bool]:
    """Did the field change at a time and between values that fit the predicates?"""
    tests = [_change(site, predicate, resolve) for predicate in predicates]
    return lambda issue: any(all(test(span) for test in tests) for span in spans(site, field, issue)[1:])


def _change(site: Site, predicate: Predicate, resolve: Callable[[Operand], Wanted]) -> Test:
    match predicate.name:
        case "FROM":
            old = resolve(predicate.operand)
            return lambda span: span.before in old
        case "TO":
            new = resolve(predicate.operand)
            return lambda span: span.value in new
        case "BY":
            return _by(site, predicate)
    # A change is a moment: the span that it starts, cut to its first instant.
    test = _during(site, predicate)
    return lambda span: test(Span(span.value, span.before, span.by, span.start, span.start))


def _during(site: Site, predicate: Predicate) -> Test:
    name, operand = predicate.name, predicate.operand
    if name == "BY":
        return _by(site, predicate)
    bounds = operand.items if isinstance(operand, Values) else (operand,)
    if name == "DURING" and len(bounds) != 2:
        raise Misfit(errors.TWO_DATES)
    if name != "DURING" and isinstance(operand, Values):
        raise Misfit(errors.ONE_DATE, predicate=name)
    moments = [_moment(site, name.lower(), bound) for bound in bounds]
    match name:
        case "AFTER":
            return lambda span: span.end is None or span.end > moments[0]
        case "BEFORE":
            return lambda span: span.start < moments[0]
        case "ON":
            first, next_day = site.calendar.day_of(moments[0])
            return lambda span: span.start < next_day and (span.end is None or span.end >= first)
    return lambda span: span.start <= moments[1] and (span.end is None or span.end >= moments[0])


def _by(site: Site, predicate: Predicate) -> Test:
    operand = predicate.operand
    people = User(site, "by", "author")
    wanted: set[Any] = set()
    for one in operand.items if isinstance(operand, Values) else (operand,):
        match one:
            case Value(text):
                wanted.update(people.resolve(text))
            case Function():
                wanted.update(people.call(one))
    return lambda span: span.by in wanted


def _moment(site: Site, predicate: str, operand: Operand) -> int:
    match operand:
        case Function(name) if DATE_FUNCTION.fullmatch(name):
            return site.moment(operand)
        case Function(name) if name.lower() == "currentuser":
            raise Misfit(errors.PREDICATE_MISFIT, predicate=predicate, function=name)
        case Function():
            raise Misfit(errors.NO_FUNCTION, function=written(operand))
        case Value(text):
            moment = site.calendar.date(text)
            moment = site.calendar.period(text) if moment is None else moment
            if moment is not None:
                return moment
            raise Misfit(errors.BAD_PREDICATE_DATE, value=text, predicate=predicate)
        case Empty() | Values():
            raise Misfit(errors.BAD_PREDICATE_DATE, value="EMPTY", predicate=predicate)
