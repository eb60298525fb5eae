"""A parsed JQL query as the service describes it: clauses, operands and the order, each with its text in JQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sandlot_server.query.jql_syntax import written
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
    Predicate,
    Query,
    Value,
    Values,
)

_PROPERTY = re.compile(r"(\w+)\.property\[(.+?)\](?:\.(.+))?", re.DOTALL)
_CUSTOM_FIELD = re.compile(r"cf\[\d+\]")

Part = dict[str, Any]


def structure_of(query: Query) -> Part:
    """What a query says; empty for the query that asks for everything."""
    structure: Part = {} if query.where is None else {"where": _clause(query.where)}
    if query.order:
        structure["orderBy"] = {"fields": [_sort(one) for one in query.order]}
    return structure


def _clause(node: Node) -> Part:
    match node:
        case And(parts):
            return {"operator": "and", "clauses": [_clause(part) for part in parts]}
        case Or(parts):
            return {"operator": "or", "clauses": [_clause(part) for part in parts]}
        case Not(part):
            return {"operator": "not", "clauses": [_clause(part)]}
        case Clause(field, operator, operand, predicates):
            clause: Part = {"field": _field(field), "operator": operator.lower()}
            if operand is not None:
                clause["operand"] = _operand(operand)
            if operator.startswith(("WAS", "CHANGED")):
                clause["predicates"] = [_predicate(predicate) for predicate in predicates]
            return clause


def _field(name: str) -> Part:
    found = _PROPERTY.fullmatch(name)
    if found is None:
        return {"name": name, "encodedName": name if _CUSTOM_FIELD.fullmatch(name) else written(name)}
    entity, key, path = found.groups(default="")
    encoded = f"{entity}.property[{written(key)}]" + (f".{path.lstrip('.')}" if path else "")
    return {
        "name": name,
        "encodedName": encoded,
        "property": [{"entity": entity, "key": key, "path": path.lstrip(".")}],
    }


def _operand(operand: Operand) -> Part:
    match operand:
        case Value(text):
            return {"value": text, "encodedValue": written(text)}
        case Function(name, arguments):
            return {"function": name, "arguments": list(arguments), "encodedOperand": _encoded(operand)}
        case Empty():
            return {"keyword": "empty"}
        case Values():
            return {"values": [_operand(one) for one in _flat(operand)], "encodedOperand": _encoded(operand)}


def _flat(values: Values) -> Iterator[Operand]:
    """What stands in a list, and in the lists in it."""
    for one in values.items:
        if isinstance(one, Values):
            yield from _flat(one)
        else:
            yield one


def _encoded(operand: Operand) -> str:
    match operand:
        case Value(text):
            return written(text)
        case Function(name, arguments):
            return f"{written(name)}({', '.join(map(written, arguments))})"
        case Empty():
            return "EMPTY"
        case Values():
            return f"({', '.join(map(_encoded, _flat(operand)))})"


def _predicate(predicate: Predicate) -> Part:
    return {"operator": predicate.name.lower(), "operand": _operand(predicate.operand)}


def _sort(order: Order) -> Part:
    direction = {} if order.descending is None else {"direction": "desc" if order.descending else "asc"}
    return {"field": _field(order.field), **direction}
