"""Queries themselves: which of some issues they find, and what they say."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.query import jql, jql_structure, jql_syntax
from sandlot_server.site.layers import Layer
from sandlot_server.site.state import Row, State


def match_issues(call: Call) -> Answer:
    issues = [issue for one in call.body["issueIds"] if (issue := call.state.get("issue", str(one)))]
    return Answer(200, {"matches": [_matches(call, text, issues) for text in call.body["jqls"]]})


def _matches(call: Call, text: str, issues: list[Row]) -> dict[str, Any]:
    try:
        found = jql.run(text, call.state, call.user, call.now, within=issues)
    except jql.JqlError as error:
        return {"matchedIssues": [], "errors": list(dict.fromkeys(error.messages))}
    return {"matchedIssues": [int(issue["id"]) for issue in found], "errors": []}


def parse_jql_queries(call: Call) -> Answer:
    return Answer(200, {"queries": [_parsed(call, text) for text in call.body["queries"]]})


def _parsed(call: Call, text: str) -> dict[str, Any]:
    """A query's structure. What the site cannot take spoils it, or is a warning beside it, or is not looked for."""
    try:
        query = jql_syntax.parse(text, words=False)
    except jql_syntax.JqlSyntaxError as error:
        return {"query": text, "errors": [str(error)]}
    parsed = {"query": text, "structure": jql_structure.structure_of(query)}
    if call.query["validation"] == "none":
        return parsed
    # An anonymous caller sees none of the things that a query can name.
    state = call.state if call.user is not None else State(Layer())
    faults = jql.faults(query, state, call.user, call.now)
    if not faults:
        return parsed
    if call.query["validation"] == "warn":
        return {**parsed, "warnings": faults}
    return {"query": text, "errors": faults}


OPERATIONS = {"jira/matchIssues": match_issues, "jira/parseJqlQueries": parse_jql_queries}
