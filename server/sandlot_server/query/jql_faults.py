"""The texts that refuse a malformed JQL query: what was expected, what stands there instead, and where."""

from __future__ import annotations

import re

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

_OPERATORS = "'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'"
_ESCAPES = r"""\', \", \t, \n, \r, \\, '\ ' and \uXXXX"""
_BAD_ESCAPE = re.compile(r"""\\(?!u[0-9a-fA-F]{4}|[tnr"'\\ ])(?:u[0-9a-fA-F]{0,3}.?|.?)""", re.DOTALL)
_QUOTES = "\"'"
_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


class JqlSyntaxError(Exception):
    """The query cannot be parsed; the message is the service's, with its prefix and the position."""

    def __init__(self, message: str, at: tuple[int, int] | None = None) -> None:
        place = f" (line {at[0]}, character {at[1]})" if at else ""
        super().__init__(f"Error in the JQL Query: {message}{place}")


def bad_character(text: str, error: UnexpectedCharacters) -> JqlSyntaxError:
    """Something that is no token: an open string, a wrong escape, or a character that must be written otherwise."""
    start = error.pos_in_stream or 0
    char, rest = text[start], text[start + 1 :]
    end = len(text) if char in _QUOTES else start + 1
    escape = _BAD_ESCAPE.search(text, start, end) if char in _QUOTES else _BAD_ESCAPE.match(text, start)
    if escape:
        return _bad_escape(escape[0], _place(text, escape.start()))
    control = _CONTROL.search(text, start, end)
    if control:
        line, column = _place(text, control.start())
        code = ord(control[0])
        return JqlSyntaxError(
            f"The character 'U+{code:04X}' on line {line} at position {column} must be escaped."
            f" Use the escape '\\u{code:04x}' instead.",
            (line, column),
        )
    at = _place(text, start)
    if char in _QUOTES:
        begun = f" '{rest}'" if rest else ""
        return JqlSyntaxError(f"The quoted string{begun} has not been completed.", at)
    return JqlSyntaxError(
        f"The character '{char}' is a reserved JQL character. You must enclose it in a string or use the escape"
        f" '\\u{ord(char):04x}' instead.",
        at,
    )


def _bad_escape(escape: str, at: tuple[int, int]) -> JqlSyntaxError:
    fault = (
        f"'{escape}' is an illegal JQL escape sequence"
        if len(escape) > 1
        else "The escape sequence has not been completed"
    )
    return JqlSyntaxError(f"{fault}. The valid escape sequences are {_ESCAPES}.", at)


def _place(text: str, position: int) -> tuple[int, int]:
    """Line and character, both from 1."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def bad_token(error: UnexpectedToken) -> JqlSyntaxError:
    """A token where the grammar has no place for it, or the query's end before its time."""
    token = error.token
    if token.type == "$END":
        return JqlSyntaxError(_early_end(error))
    return JqlSyntaxError(_unexpected(error, token), (token.line, token.column))


def _early_end(error: UnexpectedToken) -> str:
    accepts = error.accepts or set()
    if "CUSTOM_FIELD" in accepts:
        return "Expecting a field name at the end of the query."
    if _wants_operator(accepts):
        return f"Expecting an operator before the end of the query. The valid operators are {_OPERATORS}."
    if _after_argument_comma(error, accepts):
        return "Expecting a function argument at the end of the query."
    if "_RPAR" in accepts:
        return "Expecting ')' before the end of the query."
    if "WORD" in accepts or "_LPAR" in accepts:
        return "Expecting either a value, list or function before the end of the query."
    return f"Expecting {_names(accepts)} before the end of the query."


def _unexpected(error: UnexpectedToken, token: Token) -> str:
    accepts = error.accepts or set()
    if token.type == "RESERVED":
        return f"'{token}' is a reserved JQL word. You must surround it in quotation marks to use it in a query."
    quote = f"You must surround '{token}' in quotation marks to use it as"
    if "CUSTOM_FIELD" in accepts:
        if token.type == "_LSQB":
            return "Expecting a field name but got '['. Did you mean 'cf['?"
        return f"Expecting a field name but got '{token}'. {quote} a field name."
    if _wants_operator(accepts):
        return f"Expecting operator but got '{token}'. The valid operators are {_OPERATORS}."
    if _after_argument_comma(error, accepts):
        if token.type == "_RPAR":
            return "Function argument must be specified."
        return f"Expecting a function argument but got '{token}'. {quote} an argument."
    if "FROM" in accepts and token.type in ("WORD", "QUOTED"):
        return (
            "The CHANGED operator does not support the use of values without predicates."
            f" You must prefix the {token} value with a suitable predicate."
        )
    if "ASC" in accepts:
        return f"Expecting either 'ASC' or 'DESC' but got '{token}'."
    if "_RPAR" in accepts:
        in_arguments = "_COMMA" in accepts and "_LPAR" not in accepts and _last(error) in ("WORD", "QUOTED", "value")
        expected = "')' or ','" if in_arguments else "')'"
        return f"Expecting {expected} but got '{token}'."
    if "_AND" in accepts or "_ORDER" in accepts:
        return f"Expecting either 'OR' or 'AND' but got '{token}'."
    if "WORD" in accepts or "_LPAR" in accepts:
        return f"Expecting either a value, list or function but got '{token}'. {quote} a value."
    return f"Expecting {_names(accepts)} but got '{token}'."


def _wants_operator(accepts: set[str]) -> bool:
    return {"_IN", "_IS"} <= accepts


def _after_argument_comma(error: UnexpectedToken, accepts: set[str]) -> bool:
    return accepts == {"WORD", "QUOTED"} and _last(error) == "_COMMA"


def _last(error: UnexpectedToken) -> str:
    """What the last thing that fitted is: a token's type or a rule's name."""
    stack = error.interactive_parser.parser_state.value_stack
    top = stack[-1] if stack else None
    return top.type if isinstance(top, Token) else str(getattr(top, "data", ""))


def _names(accepts: set[str]) -> str:
    marks = {"_COMMA": ",", "_RSQB": "]", "BY": "by"}
    names = [f"'{marks.get(name, name.strip('_'))}'" for name in sorted(accepts - {"$END"})]
    return names[0] if len(names) == 1 else f"either {' or '.join(names)}"
