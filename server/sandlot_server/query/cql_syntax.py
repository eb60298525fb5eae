"""From the text of a CQL query to its tree."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput

from sandlot_server.query.nesting import too_deep
from sandlot_server.query.tree import And, Clause, Function, Node, Not, Operand, Or, Order, Query, Value, Values

_KEYWORDS = {
    "and": "_AND", "or": "_OR", "not": "_NOT", "in": "_IN", "order": "_ORDER", "by": "_BY", "asc": "ASC",
    "desc": "DESC",
}  # fmt: skip


class CqlError(Exception):
    """The query is refused. The message is the reason as the service writes it: the query itself where its grammar or
    an operand is at fault, else a text of its own."""


def parse(text: str) -> Query:
    """The query's tree. Raises CqlError; an empty query is malformed."""
    parser = _parser()
    try:
        if too_deep(token.type for token in parser.lex(text)):
            raise CqlError(text)
        tree = parser.parse(text)
    except UnexpectedInput:
        raise CqlError(text) from None
    query: Query = _Builder().transform(tree)
    return query


@cache
def _parser() -> Lark:
    grammar = files("sandlot_server.query").joinpath("cql.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", start="query", lexer_callbacks={"WORD": _classified})


def _classified(token: Token) -> Token:
    keyword = _KEYWORDS.get(token.lower())
    return token.update(type=keyword) if keyword else token


def _text(token: Token) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL) if token.type == "QUOTED" else str(token)


@v_args(inline=True)
class _Builder(Transformer[Token, Query]):
    def query(self, where: Node, order: tuple[Order, ...] = ()) -> Query:
        return Query(where, order)

    def either(self, *parts: Node) -> Node:
        return parts[0] if len(parts) == 1 else Or(parts)

    def both(self, *parts: Node) -> Node:
        return parts[0] if len(parts) == 1 else And(parts)

    def opposite(self, part: Node) -> Node:
        return Not(part)

    def comparison(self, field: str, operator: Token, operand: Operand) -> Clause:
        return Clause(field, str(operator), operand)

    def clause(self, field: str, operator: str, operand: Operand) -> Clause:
        return Clause(field, operator, operand)

    def membership(self, *words: Token) -> str:
        return " ".join(word.upper() for word in words)

    def field(self, name: Token) -> str:
        return _text(name)

    def value(self, token: Token) -> Value:
        return Value(_text(token))

    def function(self, name: Token, *arguments: Value) -> Function:
        return Function(str(name), tuple(argument.text for argument in arguments))

    def list(self, *items: Operand) -> Values:
        return Values(items)

    def order(self, *fields: Order) -> tuple[Order, ...]:
        return fields

    def sort(self, field: str, *direction: Any) -> Order:
        return Order(field, direction[0].upper() == "DESC" if direction else None)
