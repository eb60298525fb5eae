"""Running a CQL query over a site's current pages and spaces."""

from __future__ import annotations

import operator
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from sandlot_server.query import cql_syntax, cql_users, words
from sandlot_server.query.cql_fields import Field, Found, Moment, Site, Unusable, fields
from sandlot_server.query.cql_syntax import CqlError
from sandlot_server.query.tree import And, Clause, Node, Not, Or, Query, Value
from sandlot_server.site.state import Row, State

__all__ = ["CqlError", "run", "run_users"]

_COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_Test = Callable[[Found], bool]


def run(text: str, state: State, user: Row | None, now_ms: int) -> list[Row]:
    """What a query finds for a user, in its order: rows of pages that are current, and of spaces (these have a `key`).

    Without ORDER BY what was changed last stands first. `now_ms` is the site's clock. An anonymous caller (None)
    finds nothing. Raises CqlError.
    """
    query = cql_syntax.parse(text)
    if user is None:
        return []
    known = fields(Site(state, user, now_ms))
    test = _read(text, query, known)
    sorts = [(_field(one.field, known), bool(one.descending)) for one in query.order]
    results = _ordered([found for found in _candidates(query, state) if test(found)], sorts, known["lastmodified"])
    return [found.row for found in results]


def run_users(text: str, state: State, user: Row | None, now_ms: int) -> list[Row]:
    """The active people that a query finds for a user, by their names. An anonymous caller finds nobody. Raises
    CqlError."""
    query = cql_syntax.parse(text)
    if user is None:
        return []
    known = cql_users.fields(Site(state, user, now_ms))
    test = _read(text, query, known)
    for one in query.order:
        _field(one.field, known)
    people = [person for person in state.all("user") if person["active"] and test(Found("user", person))]
    return sorted(people, key=lambda person: person["displayName"].casefold())


def _read(text: str, query: Query, known: dict[str, Field]) -> _Test:
    assert query.where is not None  # the grammar asks for it
    try:
        return _test(query.where, known)
    except Unusable:
        raise CqlError(text) from None


def _candidates(query: Query, state: State) -> list[Found]:
    """Everything that can be found; of one space only, where the query says so."""
    spaces = {space["id"]: space for space in state.all("space") if space["status"] == "current"}
    parts = query.where.parts if isinstance(query.where, And) else (query.where,)
    for part in parts:
        match part:
            case Clause(field, "=", Value(key)) if field.lower() in ("space", "space.key"):
                spaces = {row_id: row for row_id, row in spaces.items() if row["key"].casefold() == key.casefold()}
    pages = [
        Found("page", page)
        for space_id in spaces
        for page in state.find("page", "space", space_id)
        if page["status"] == "current"
    ]
    return pages + [Found("space", space) for space in spaces.values()]


def _test(node: Node, known: dict[str, Field]) -> _Test:
    match node:
        case And(parts):
            every = [_test(part, known) for part in parts]
            return lambda found: all(test(found) for test in every)
        case Or(parts):
            some = [_test(part, known) for part in parts]
            return lambda found: any(test(found) for test in some)
        case Not(part):
            inner = _test(part, known)
            return lambda found: not inner(found)
    return _clause(node, known)


def _field(name: str, known: dict[str, Field]) -> Field:
    for field, meant in known.items():
        if field.lower() == name.lower():
            return meant
    near = get_close_matches(name, list(known), n=5, cutoff=0)
    raise CqlError(f"No field exists with the name: '{name}' Did you mean one of : {', '.join(near)}")


def _clause(clause: Clause, known: dict[str, Field]) -> _Test:
    field, sign, operand = _field(clause.field, known), clause.operator, clause.operand
    if sign not in field.operators or operand is None:
        raise Unusable
    if sign in ("~", "!~"):
        if not isinstance(operand, Value):
            raise Unusable
        matches = words.matcher(operand.text)
        return lambda found: any(matches(text) for text in field.read(found)) == (sign == "~")
    atoms = field.atoms(operand)
    if isinstance(field, Moment):
        return _dated(field, sign, atoms[0])
    return lambda found: any(atom in atoms for atom in field.read(found)) == (sign in ("=", "IN"))


def _dated(field: Moment, sign: str, moment: int) -> _Test:
    if sign in _COMPARE:
        compare = _COMPARE[sign]
        return lambda found: any(compare(at, moment) for at in field.read(found))
    # A date is the whole of its day.
    first, next_day = field.site.calendar.day_of(moment)
    return lambda found: any(first <= at < next_day for at in field.read(found)) == (sign == "=")


def _ordered(results: list[Found], sorts: list[tuple[Field, bool]], modified: Field) -> list[Found]:
    results.sort(key=lambda found: int(found.row["id"]), reverse=True)
    results.sort(key=modified.order, reverse=True)
    for field, descending in reversed(sorts):
        keys: dict[int, Any] = {id(found): field.order(found) for found in results}
        held = [found for found in results if keys[id(found)] is not None]
        empty = [found for found in results if keys[id(found)] is None]
        held.sort(key=lambda found: keys[id(found)], reverse=descending)
        results = held + empty
    return results
