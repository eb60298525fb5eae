from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sandlot_server.query.jql_syntax import JqlSyntaxError, parse, written
from sandlot_server.query.tree import And, Clause, Empty, Function, Not, Or, Order, Predicate, Query, Value, Values

A, B, C = (Clause(name, "=", Value("1")) for name in "abc")

CLAUSES = {
    "status = Open": Clause("status", "=", Value("Open")),
    "status != 'In Review'": Clause("status", "!=", Value("In Review")),
    "priority>=High": Clause("priority", ">=", Value("High")),
    "points < -3": Clause("points", "<", Value("-3")),
    'summary ~ "two words"': Clause("summary", "~", Value("two words")),
    "summary !~ x": Clause("summary", "!~", Value("x")),
    "created > 2026-01-31": Clause("created", ">", Value("2026-01-31")),
    "assignee = EMPTY": Clause("assignee", "=", Empty()),
    "assignee Is  noT nuLL": Clause("assignee", "IS NOT", Empty()),
    "labels in (a, 'b c', EMPTY)": Clause("labels", "IN", Values((Value("a"), Value("b c"), Empty()))),
    "labels not\tin (a)": Clause("labels", "NOT IN", Values((Value("a"),))),
    "reporter = currentUser()": Clause("reporter", "=", Function("currentUser")),
    'due < endOfWeek("+1w")': Clause("due", "<", Function("endOfWeek", ("+1w",))),
    "x in f(1, 'b')": Clause("x", "IN", Function("f", ("1", "b"))),
    '"Story points" > 3': Clause("Story points", ">", Value("3")),
    "cf[10001] = 3": Clause("cf[10001]", "=", Value("3")),
    "CF [ 10001 ] is empty": Clause("cf[10001]", "IS", Empty()),
    "issue.property[a].b = 1": Clause("issue.property[a].b", "=", Value("1")),
    r"a = it\'s\u0041\ b": Clause("a", "=", Value("it'sA b")),
    r'a = "say \"hi\"\n"': Clause("a", "=", Value('say "hi"\n')),
    "status was Open": Clause("status", "WAS", Value("Open")),
    "status was not in (Open)": Clause("status", "WAS NOT IN", Values((Value("Open"),))),
    "status changed": Clause("status", "CHANGED"),
    "status changed from a to (b, c) by ada on -1d": Clause(
        "status",
        "CHANGED",
        None,
        (
            Predicate("FROM", Value("a")),
            Predicate("TO", Values((Value("b"), Value("c")))),
            Predicate("BY", Value("ada")),
            Predicate("ON", Value("-1d")),
        ),
    ),
    "status was a during (-2d, now())": Clause(
        "status", "WAS", Value("a"), (Predicate("DURING", Values((Value("-2d"), Function("now")))),)
    ),
}


@pytest.mark.parametrize("text", CLAUSES)
def test_clauses(text: str) -> None:
    assert parse(text).where == CLAUSES[text]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a = 1 and b = 1 or c = 1", Or((And((A, B)), C))),
        ("a = 1 && (b = 1 || c = 1)", And((A, Or((B, C))))),
        ("a = 1 AND b = 1 & c = 1", And((A, B, C))),
        ("not a = 1 and ! b = 1", And((Not(A), Not(B)))),
        ("not (a = 1 | b = 1)", Not(Or((A, B)))),
        ("((a = 1))", A),
    ],
)
def test_how_clauses_bind(text: str, where: object) -> None:
    assert parse(text).where == where


def test_order() -> None:
    query = parse("a = 1 order by rank, 'Story points' DESC, cf[10] asc")
    assert query.where == A
    assert query.order == (Order("rank"), Order("Story points", True), Order("cf[10]", False))
    assert parse("ORDER BY a").where is None
    assert parse("").where is None


def test_words_alone_search_all_text() -> None:
    assert parse("login 'is broken'").where == Clause("text", "~", Value("login is broken"))


OPERATORS = "The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'."
ESCAPES = r"""The valid escape sequences are \', \", \t, \n, \r, \\, '\ ' and \uXXXX."""


def quoted(what: str, character: str, use: str) -> str:
    return (
        f"Expecting {what} but got '{character}'."
        f" You must surround '{character}' in quotation marks to use it as a {use}."
    )


OPERAND = "either a value, list or function"
FAULTS = {
    "a = b c": "Expecting either 'OR' or 'AND' but got 'c'. (line 1, character 7)",
    "a=b\n\n c": "Expecting either 'OR' or 'AND' but got 'c'. (line 3, character 2)",
    "a = b)": "Expecting either 'OR' or 'AND' but got ')'. (line 1, character 6)",
    "a = !": quoted(OPERAND, "!", "value") + " (line 1, character 5)",
    "a in (,)": quoted(OPERAND, ",", "value") + " (line 1, character 7)",
    "a = (b)": quoted(OPERAND, "(", "value") + " (line 1, character 5)",
    "a =": f"Expecting {OPERAND} before the end of the query.",
    "a in b": f"Expecting {OPERAND} before the end of the query.",
    "a in (b": "Expecting ')' before the end of the query.",
    "a in ((b) c": "Expecting ')' but got 'c'. (line 1, character 11)",
    "(a = b or c = d": "Expecting ')' before the end of the query.",
    "(a = b c": "Expecting ')' but got 'c'. (line 1, character 8)",
    "a = f(b, c!)": "Expecting ')' or ',' but got '!'. (line 1, character 11)",
    "a = f(b,)": "Function argument must be specified. (line 1, character 9)",
    "a = f(b,": "Expecting a function argument at the end of the query.",
    "not a": f"Expecting an operator before the end of the query. {OPERATORS}",
    "a b = c": f"Expecting operator but got 'b'. {OPERATORS} (line 1, character 3)",
    "a ! = b": f"Expecting operator but got '!'. {OPERATORS} (line 1, character 3)",
    "a not is empty": "Expecting 'IN' but got 'is'. (line 1, character 7)",
    "a = b and": "Expecting a field name at the end of the query.",
    "order by": "Expecting a field name at the end of the query.",
    "= b": quoted("a field name", "=", "field name") + " (line 1, character 1)",
    "order by desc": quoted("a field name", "desc", "field name") + " (line 1, character 10)",
    "[12] = b": "Expecting a field name but got '['. Did you mean 'cf['? (line 1, character 1)",
    "a = b order": "Expecting 'by' before the end of the query.",
    "a = b order c": "Expecting 'by' but got 'c'. (line 1, character 13)",
    "a = b order by c d": "Expecting either 'ASC' or 'DESC' but got 'd'. (line 1, character 18)",
    "a = b order by c asc d": "Expecting ',' but got 'd'. (line 1, character 22)",
    "a changed b": (
        "The CHANGED operator does not support the use of values without predicates."
        " You must prefix the b value with a suitable predicate. (line 1, character 11)"
    ),
    "a = limit": (
        "'limit' is a reserved JQL word. You must surround it in quotation marks to use it in a query."
        " (line 1, character 5)"
    ),
    "a = bob@example.com": (
        "The character '@' is a reserved JQL character. You must enclose it in a string or use the escape"
        r" '\u0040' instead. (line 1, character 8)"
    ),
    "a ~ 'b": "The quoted string 'b' has not been completed. (line 1, character 5)",
    'a ~ "': "The quoted string has not been completed. (line 1, character 5)",
    r"a = b\c": rf"'\c' is an illegal JQL escape sequence. {ESCAPES} (line 1, character 6)",
    r"a = 'b\uq'": rf"'\uq' is an illegal JQL escape sequence. {ESCAPES} (line 1, character 7)",
    "a = b\\": f"The escape sequence has not been completed. {ESCAPES} (line 1, character 6)",
    "a = 'b\tc'": (
        r"The character 'U+0009' on line 1 at position 7 must be escaped. Use the escape '\u0009' instead."
        " (line 1, character 7)"
    ),
}


@pytest.mark.parametrize("text", FAULTS)
def test_faults(text: str) -> None:
    with pytest.raises(JqlSyntaxError) as raised:
        parse(text)
    assert str(raised.value) == f"Error in the JQL Query: {FAULTS[text]}"


@pytest.mark.parametrize(
    "text",
    [
        "a < empty",
        "a < (b, c)",
        "a ~ (b, c)",
        "a is b",
        "a was (b, c)",
        "a was b from c",
        "a = b after -1d",
        "a in (b) by c",
        "a is empty on now()",
        "a changed from",
        "order = a",
        "a = b or (",
        "cf = a",
        "cf[x] = a",
        '"a" = "b"c"',
    ],
)
def test_what_is_not_jql(text: str) -> None:
    with pytest.raises(JqlSyntaxError):
        parse(text)


@pytest.mark.parametrize("text", ["(" * 5000 + "a = 1" + ")" * 5000, "not " * 5000 + "a = 1", "a in " + "(" * 5000])
def test_nesting_ends_somewhere(text: str) -> None:
    with pytest.raises(JqlSyntaxError, match="nested too deep"):
        parse(text)


def accepts(text: str) -> bool:
    try:
        parse(text)
    except JqlSyntaxError:
        return False
    return True


@pytest.mark.parametrize(("name", "good"), [("jql-accept.txt", True), ("jql-reject.txt", False)])
def test_the_cases_of_another_parser(name: str, good: bool) -> None:
    """One query a line, as a JSON string: what a parser of the service's vendor accepts and rejects."""
    folder = os.environ.get("SANDLOT_JQL_CASES")
    if folder is None:
        pytest.skip("SANDLOT_JQL_CASES does not name a folder with jql-accept.txt and jql-reject.txt")
    lines = Path(folder, name).read_text(encoding="utf-8").splitlines()
    queries = [json.loads(line) for line in lines if line]
    assert [query for query in queries if accepts(query) != good] == []


@pytest.mark.parametrize(
    ("text", "in_a_query"),
    [
        ("checkout", "checkout"),
        ("10000", "10000"),
        ("Story Points", '"Story Points"'),
        ("order", '"order"'),
        ("select", '"select"'),
        ("", '""'),
        ("a\\b", '"a\\\\b"'),
        ('say "hi"\n', '"say \\"hi\\"\\n"'),
        ("it's", '"it\'s"'),
    ],
)
def test_a_value_as_a_query_writes_it(text: str, in_a_query: str) -> None:
    assert written(text) == in_a_query
    assert parse(f"labels = {in_a_query}") == Query(Clause("labels", "=", Value(text)))


def test_words_alone_are_a_search_only_where_that_is_wished() -> None:
    assert parse("some words") == Query(Clause("text", "~", Value("some words")))
    with pytest.raises(JqlSyntaxError):
        parse("some words", words=False)
