"""From the text of a JQL query to its tree."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from sandlot_server.query.jql_faults import JqlSyntaxError, bad_character, bad_token
from sandlot_server.query.nesting import too_deep
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

__all__ = ["JqlSyntaxError", "parse", "written"]

_KEYWORDS = {
    "and": "_AND", "or": "_OR", "not": "_NOT", "in": "_IN", "is": "_IS", "was": "_WAS", "changed": "_CHANGED",
    "empty": "_EMPTY", "null": "_EMPTY", "order": "_ORDER", "by": "BY", "asc": "ASC", "desc": "DESC",
    "after": "AFTER", "before": "BEFORE", "on": "ON", "during": "DURING", "from": "FROM", "to": "TO",
}  # fmt: skip
_RESERVED_WORDS = (
    "abort access add alias all alter any as audit avg begin between boolean break byte catch cf char character check"
    " checkpoint collate collation column commit connect continue count create current date decimal declare decrement"
    " default defaults define delete delimiter difference distinct divide do double drop else encoding end equals"
    " escape exclusive exec execute exists explain false fetch field file first float for function go goto grant"
    " greater group having identified if immediate increment index initial inner inout input insert int integer"
    " intersect intersection into isempty isnull join last left less like limit lock long max min minus mode modify"
    " modulo more multiply next noaudit notin nowait number object of option outer output power previous prior"
    " privileges public raise raw remainder rename resource return returns revoke right row rowid rownum rows select"
    " session set share size sqrt start strict string subtract sum synonym table then trans transaction trigger true"
    " uid union unique update user validate values view when whenever where while with"
)
_RESERVED = frozenset(_RESERVED_WORDS.split())
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPE = re.compile(r"""\\(?:u([0-9a-fA-F]{4})|(.))""", re.DOTALL)


def parse(text: str, words: bool = True) -> Query:
    """The query's tree. Raises JqlSyntaxError.

    With `words`, a query of words alone, without any operator or keyword, is a search of all text.
    """
    parser = _parser()
    try:
        tokens = list(parser.lex(text))
        if words and tokens and all(token.type in ("WORD", "QUOTED") for token in tokens):
            searched = " ".join(_unescaped(token) for token in tokens)
            return Query(Clause("text", "~", Value(searched)))
        if too_deep(token.type for token in tokens):
            raise JqlSyntaxError("The query is nested too deep.")
        tree = parser.parse(text)
    except UnexpectedCharacters as error:
        raise bad_character(text, error) from None
    except UnexpectedToken as error:
        raise bad_token(error) from None
    query: Query = _Builder().transform(tree)
    return query


def written(text: str) -> str:
    """A name or a value as a query has to write it: in quotation marks, unless it is one plain word."""
    try:
        tokens = list(_parser().lex(text))
    except UnexpectedCharacters:
        tokens = []
    if [(token.type, str(token)) for token in tokens] == [("WORD", text)] and "\\" not in text:
        return text
    return '"' + "".join(_ESCAPES.get(char, char) for char in text) + '"'


@cache
def _parser() -> Lark:
    # The basic lexer, since words are reserved everywhere and not only where the grammar expects a keyword.
    grammar = files("sandlot_server.query").joinpath("jql.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", start="query", lexer_callbacks={"WORD": _classified})


def _classified(token: Token) -> Token:
    word = token.lower()
    if word in _KEYWORDS:
        return token.update(type=_KEYWORDS[word])
    return token.update(type="RESERVED") if word in _RESERVED else token


def _unescaped(token: Token) -> str:
    text = str(token)[1:-1] if token.type == "QUOTED" else str(token)
    return _ESCAPE.sub(
        lambda match: chr(int(match[1], 16)) if match[1] else {"t": "\t", "n": "\n", "r": "\r"}.get(match[2], match[2]),
        text,
    )


@v_args(inline=True)
class _Builder(Transformer[Token, Query]):
    def query(self, *parts: Any) -> Query:
        where = next((part for part in parts if not isinstance(part, tuple)), None)
        order = next((part for part in parts if isinstance(part, tuple)), ())
        return Query(where, order)

    def either(self, *parts: Node) -> Node:
        return parts[0] if len(parts) == 1 else Or(parts)

    def both(self, *parts: Node) -> Node:
        return parts[0] if len(parts) == 1 else And(parts)

    def opposite(self, part: Node) -> Node:
        return Not(part)

    def clause(self, field: str, operator: str, *rest: Any) -> Clause:
        operand = None if operator == "CHANGED" else rest[0]
        return Clause(field, operator, operand, rest if operator == "CHANGED" else rest[1:])

    def operator(self, *words: Token) -> str:
        return " ".join(word.upper() for word in words)

    equality = ordering = likeness = membership = identity = was = was_in = changed = operator

    def field(self, name: Value | Token, *properties: str) -> str:
        if isinstance(name, Value):
            return name.text + "".join(properties)
        return "cf[" + re.sub(r"\D", "", name) + "]"

    def property(self, name: Value, path: Token | None = None) -> str:
        return f"[{name.text}]" + ("" if path is None else _unescaped(path))

    def value(self, token: Token) -> Value:
        return Value(_unescaped(token))

    def function(self, name: Value, *arguments: Value) -> Function:
        return Function(name.text, tuple(argument.text for argument in arguments))

    def list(self, *items: Operand) -> Values:
        return Values(items)

    def empty(self) -> Empty:
        return Empty()

    def was_predicate(self, name: Token, operand: Operand) -> Predicate:
        return Predicate(name.upper(), operand)

    from_to = was_predicate

    def order(self, by: Token, *fields: Order) -> tuple[Order, ...]:
        return fields

    def sort(self, field: str, direction: Token | None = None) -> Order:
        return Order(field, None if direction is None else direction.upper() == "DESC")
