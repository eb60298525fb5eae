"""Running a JQL query: check it against the site, find the issues, put them in order."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandlot_server.query import jql_errors as errors
from sandlot_server.query import jql_history, jql_syntax, words
from sandlot_server.query.jql_errors import JqlError, Misfit
from sandlot_server.query.jql_fields import Field, Site, written
from sandlot_server.query.jql_names import field_named
from sandlot_server.query.tree import (
    And,
    Clause,
    Empty,
    Function,
    Node,
    Not,
    Operand,
    Or,
    Order,
    Query,
    Value,
    Values,
    pushed_down,
)
from sandlot_server.site.software import by_rank
from sandlot_server.site.state import Row, State

__all__ = ["JqlError", "faults", "run"]

_MOST_SORTS = 7
_COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_NEVER: Callable[[Row], bool] = lambda issue: False  # noqa: E731
_ALWAYS: Callable[[Row], bool] = lambda issue: True  # noqa: E731


@dataclass(frozen=True, slots=True)
class _Test:
    """Does an issue fit? `candidates`: all issues that can, where an index knows them."""

    fits: Callable[[Row], bool]
    candidates: list[Row] | None = None


def run(text: str, state: State, user: Row | None, now_ms: int, within: list[Row] | None = None) -> list[Row]:
    """The issues that a query finds for a user, in its order; without ORDER BY the newest first.

    `within`: the issues to search, all by default. A query for some of them needs no restriction, and without
    ORDER BY it leaves them in their order. `now_ms` is the site's clock. An anonymous caller (None) finds nothing.
    Raises JqlError.
    """
    try:
        query = jql_syntax.parse(text)
    except jql_syntax.JqlSyntaxError as error:
        raise JqlError([str(error)]) from None
    if query.where is None and within is None:
        raise JqlError([errors.UNBOUNDED])
    if user is None:
        return []
    check = _Check(Site(state, user, now_ms))
    test = _Test(_ALWAYS) if query.where is None else check.test(pushed_down(query.where))
    sorts = check.sorts(query.order)
    if check.messages:
        raise JqlError(check.messages)
    issues = within
    if issues is None:
        issues = state.all("issue") if test.candidates is None else test.candidates
    found = {issue["id"]: issue for issue in issues if test.fits(issue)}
    return list(found.values()) if within is not None and not sorts else _ordered(found, sorts)


def faults(query: Query, state: State, user: Row | None, now_ms: int) -> list[str]:
    """What of a parsed query the site cannot take, in the order of the query."""
    check = _Check(Site(state, user, now_ms))
    if query.where is not None:
        check.test(pushed_down(query.where))
    check.sorts(query.order)
    return check.messages


class _Check:
    """Makes tests of clauses, and notes in `messages` what the site cannot take of them."""

    def __init__(self, site: Site) -> None:
        self.messages: list[str] = []
        self._site = site
        self._fields: dict[str, Field | None] = {}

    def test(self, node: Node) -> _Test:
        match node:
            case And(parts):
                tests = [self.test(part) for part in parts]
                known = [test.candidates for test in tests if test.candidates is not None]
                return _Test(
                    lambda issue: all(test.fits(issue) for test in tests), min(known, key=len) if known else None
                )
            case Or(parts):
                tests = [self.test(part) for part in parts]
                known = [test.candidates for test in tests if test.candidates is not None]
                every = [issue for candidates in known for issue in candidates] if len(known) == len(tests) else None
                return _Test(lambda issue: any(test.fits(issue) for test in tests), every)
            case Not(part):
                inner = self.test(part)
                return _Test(lambda issue: not inner.fits(issue))
            case Clause():
                try:
                    return self._clause(node)
                except Misfit as misfit:
                    self._note(misfit)
                    return _Test(_NEVER)

    def sorts(self, order: tuple[Order, ...]) -> list[tuple[Field | None, bool]]:
        """The fields to sort by, with True for descending; None is the rank of issues."""
        if len(order) > _MOST_SORTS:
            self._note(Misfit(errors.TOO_MANY_SORTS))
        sorts: list[tuple[Field | None, bool]] = []
        for one in order:
            if one.field.casefold() in ("rank", "cf[10019]"):
                sorts.append((None, bool(one.descending)))
                continue
            field = self._field(one.field)
            if field is None or not field.sortable:
                self._note(Misfit(errors.NO_SORT, field=one.field))
                continue
            sorts.append((field, field.descending if one.descending is None else one.descending))
        return sorts

    def _note(self, misfit: Misfit) -> None:
        if str(misfit) not in self.messages:
            self.messages.append(str(misfit))

    def _field(self, name: str) -> Field | None:
        if name not in self._fields:
            self._fields[name] = field_named(self._site, name)
        return self._fields[name]

    def _clause(self, clause: Clause) -> _Test:
        field = self._field(clause.field)
        if field is None:
            raise Misfit(errors.NO_FIELD, field=clause.field)
        if clause.operator not in field.operators:
            history = clause.operator.startswith(("WAS", "CHANGED"))
            text = errors.NO_HISTORY if history else errors.NO_OPERATOR
            raise Misfit(text, operator=clause.operator.lower(), field=clause.field)
        if clause.operator == "CHANGED":
            return _Test(
                jql_history.changed(self._site, field, clause.predicates, lambda operand: self._atoms(field, operand))
            )
        assert clause.operand is not None  # only CHANGED has none
        if clause.operator in ("~", "!~"):
            return _Test(_text_test(field, clause.operator, clause.operand))
        if isinstance(clause.operand, Function) and clause.operator.endswith("IN") != (
            clause.operand.name.casefold() in field.lists
        ):
            # A function that the field does not know raises its own misfit.
            field.call(clause.operand)
            text = errors.NOT_A_LIST if clause.operator.endswith("IN") else errors.LIST_MISFIT
            value = written(clause.operand)
            raise Misfit(text, operator=clause.operator.lower(), value=value, field=field.name)
        wanted = self._atoms(field, clause.operand)
        if clause.operator.startswith("WAS"):
            held = jql_history.was(self._site, field, wanted, clause.predicates)
            return _Test((lambda issue: not held(issue)) if "NOT" in clause.operator else held)
        if clause.operator in _COMPARE:
            return _Test(_comparison(field, clause.operator, wanted))
        return _membership(field, clause.operator in ("=", "IN", "IS"), wanted)

    def _atoms(self, field: Field, operand: Operand) -> frozenset[Any]:
        """All that an operand stands for; None among it is EMPTY. Notes every value that the site does not have."""
        atoms: set[Any] = set()
        try:
            match operand:
                case Values(items):
                    for item in items:
                        atoms |= self._atoms(field, item)
                case Value(text):
                    atoms.update(field.resolve(text))
                case Function():
                    atoms.update(field.call(operand))
                case Empty():
                    if "IS" not in field.operators:
                        raise Misfit(errors.NO_EMPTY, field=field.name)
                    atoms.add(None)
        except Misfit as misfit:
            self._note(misfit)
        return frozenset(atoms)


def _membership(field: Field, wished: bool, wanted: frozenset[Any]) -> _Test:
    """`=` and IN, or with `wished` False `!=` and NOT IN, which find only issues that have a value."""
    some, empty = wanted - {None}, None in wanted

    def holds(issue: Row) -> bool:
        atoms = field.read(issue)
        return any(atom in some for atom in atoms) if atoms else empty

    if wished:
        return _Test(holds, None if empty else field.candidates(some))
    return _Test(lambda issue: bool(field.read(issue)) and not holds(issue))


def _comparison(field: Field, sign: str, wanted: frozenset[Any]) -> Callable[[Row], bool]:
    compare = _COMPARE[sign]
    bounds = [(atom, field.rank(atom)) for atom in wanted]
    return lambda issue: any(
        field.comparable(atom, bound) and compare(field.rank(atom), rank)
        for atom in field.read(issue)
        for bound, rank in bounds
    )


def _text_test(field: Field, operator: str, operand: Operand) -> Callable[[Row], bool]:
    match operand:
        case Value(text):
            query = text.strip()
        case Function():
            raise Misfit(errors.NO_FUNCTION, function=written(operand))
        case _:
            if "IS" not in field.operators:
                raise Misfit(errors.NO_EMPTY, field=field.name)
            return lambda issue: bool(field.read(issue)) == (operator == "!~")
    if not query:
        raise Misfit(errors.NO_EMPTY_TEXT, field=field.name)
    if query[0] in "*?":
        raise Misfit(errors.WILDCARD_FIRST, value=text, field=field.name, first=query[0])
    matches = words.matcher(query)
    if operator == "~":
        return lambda issue: matches(field.text(issue))
    return lambda issue: bool(found := field.text(issue)) and not matches(found)


def _ordered(issues: dict[str, Row], sorts: list[tuple[Field | None, bool]]) -> list[Row]:
    """Issues without a value stand after all others, or before them where the order is descending."""
    found = sorted(issues.values(), key=_number, reverse=True)
    for field, descending in reversed(sorts):
        if field is None:
            found.sort(key=by_rank, reverse=descending)
            continue
        keys = {issue["id"]: field.order(issue) for issue in found}
        empty = [issue for issue in found if keys[issue["id"]] is None]
        held = [issue for issue in found if keys[issue["id"]] is not None]
        held.sort(key=lambda issue: keys[issue["id"]], reverse=descending)
        found = empty + held if descending else held + empty
    return found


def _number(issue: Row) -> int:
    return int(issue["id"])
