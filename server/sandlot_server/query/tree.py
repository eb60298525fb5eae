"""What a query says, once parsed: the same words for JQL and CQL."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Value:
    """One value, its escapes undone."""

    text: str


@dataclass(frozen=True, slots=True)
class Function:
    """`name(arguments)`, the name as it was written."""

    name: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Empty:
    """EMPTY or NULL."""


@dataclass(frozen=True, slots=True)
class Values:
    """A list in parentheses."""

    items: tuple[Operand, ...]


Operand = Value | Function | Empty | Values


@dataclass(frozen=True, slots=True)
class Predicate:
    """A restriction of a history clause: `name` is FROM, TO, BY, BEFORE, AFTER, ON or DURING (a pair of Values)."""

    name: str
    operand: Operand


@dataclass(frozen=True, slots=True)
class Clause:
    """`operator` is in capitals with single blanks: "=", "NOT IN", "WAS NOT". CHANGED has no operand."""

    field: str
    operator: str
    operand: Operand | None = None
    predicates: tuple[Predicate, ...] = ()


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


Node = And | Or | Not | Clause


@dataclass(frozen=True, slots=True)
class Order:
    """One field of ORDER BY; `descending` is None where the query leaves it to the field."""

    field: str
    descending: bool | None = None


@dataclass(frozen=True, slots=True)
class Query:
    where: Node | None
    order: tuple[Order, ...] = ()


_OPPOSITES = {
    "=": "!=",
    "<": ">=",
    "<=": ">",
    "~": "!~",
    "IN": "NOT IN",
    "IS": "IS NOT",
    "WAS": "WAS NOT",
    "WAS IN": "WAS NOT IN",
}
_OPPOSITES |= {opposite: operator for operator, opposite in _OPPOSITES.items()}


def pushed_down(node: Node, negated: bool = False) -> Node:
    """The same query with every NOT moved onto the clauses under it.

    The services read a negated clause as the clause with the opposite operator, which like the clause itself
    finds nothing that has no value: `NOT assignee = ada` does not find what is unassigned.
    """
    match node:
        case Not(part):
            return pushed_down(part, not negated)
        case And(parts) | Or(parts):
            inner = tuple(pushed_down(part, negated) for part in parts)
            return And(inner) if isinstance(node, And) != negated else Or(inner)
        case Clause(field, operator, operand, predicates) if negated:
            if operator not in _OPPOSITES:
                return Not(node)
            return Clause(field, _OPPOSITES[operator], operand, predicates)
    return node
