from __future__ import annotations

from typing import Any

import httpx
import pytest


async def issue_id(jira: httpx.AsyncClient, key: str) -> int:
    return int((await jira.get(f"issue/{key}?fields=summary")).json()["id"])


async def parsed(jira: httpx.AsyncClient, query: str, **parameters: str) -> dict[str, Any]:
    answer = await jira.post("jql/parse", json={"queries": [query]}, params=parameters)
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["queries"]
    assert found.pop("query") == query
    return dict(found)


def field(name: str, encoded: str | None = None) -> dict[str, str]:
    return {"name": name, "encodedName": encoded or name}


def value(text: str, encoded: str | None = None) -> dict[str, str]:
    return {"value": text, "encodedValue": encoded or text}


async def test_matches_query_by_query(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    one, two, other = [await issue_id(jira, key) for key in ("WEB-1", "WEB-2", "PLAT-1")]
    body = {"issueIds": [other, two, one, 1], "jqls": ["project = WEB", "key = WEB-9", "x = 1", "=", "order by key"]}
    answer = await jira.post("jql/match", json=body)
    assert answer.status_code == 200
    matches = answer.json()["matches"]
    assert sorted(matches[0].pop("matchedIssues")) == [one, two]
    assert matches[0] == {"errors": []}
    assert matches[1:4] == [
        {"matchedIssues": [], "errors": ["An issue with key 'WEB-9' does not exist for field 'key'."]},
        {
            "matchedIssues": [],
            "errors": ["Field 'x' does not exist or you do not have permission to view it."],
        },
        {"matchedIssues": [], "errors": matches[3]["errors"]},
    ]
    assert matches[3]["errors"][0].startswith("Error in the JQL Query: Expecting a field name but got '='.")
    assert matches[4] == {"matchedIssues": [other, one, two], "errors": []}
    assert (await jira_v2.post("jql/match", json=body)).json()["matches"][4] == matches[4]


@pytest.mark.parametrize(
    "body", [{}, {"jqls": ["project = WEB"]}, {"issueIds": ["WEB-1"], "jqls": []}, {"issueIds": [1, 1], "jqls": []}]
)
async def test_a_match_of_no_known_form(jira: httpx.AsyncClient, body: dict[str, Any]) -> None:
    text = "Invalid request payload. Refer to the REST API documentation and try again."
    answer = await jira.post("jql/match", json=body)
    assert (answer.status_code, answer.json()) == (400, {"errorMessages": [text]})


async def test_a_match_needs_a_caller(nobody: httpx.AsyncClient) -> None:
    assert (await nobody.post("jql/match", json={"issueIds": [], "jqls": []})).status_code == 401


async def test_a_structure_of_many_parts(jira: httpx.AsyncClient) -> None:
    query = (
        "summary ~ test AND (labels in (urgent, 'very urgent') OR assignee = currentUser())"
        " AND status CHANGED FROM Open AFTER startOfMonth(-1M) AND NOT resolution WAS EMPTY ORDER BY updated DESC, key"
    )
    assert await parsed(jira, query) == {
        "structure": {
            "where": {
                "operator": "and",
                "clauses": [
                    {"field": field("summary"), "operator": "~", "operand": value("test")},
                    {
                        "operator": "or",
                        "clauses": [
                            {
                                "field": field("labels"),
                                "operator": "in",
                                "operand": {
                                    "values": [value("urgent"), value("very urgent", '"very urgent"')],
                                    "encodedOperand": '(urgent, "very urgent")',
                                },
                            },
                            {
                                "field": field("assignee"),
                                "operator": "=",
                                "operand": {
                                    "function": "currentUser",
                                    "arguments": [],
                                    "encodedOperand": "currentUser()",
                                },
                            },
                        ],
                    },
                    {
                        "field": field("status"),
                        "operator": "changed",
                        "predicates": [
                            {"operator": "from", "operand": value("Open")},
                            {
                                "operator": "after",
                                "operand": {
                                    "function": "startOfMonth",
                                    "arguments": ["-1M"],
                                    "encodedOperand": "startOfMonth(-1M)",
                                },
                            },
                        ],
                    },
                    {
                        "operator": "not",
                        "clauses": [
                            {
                                "field": field("resolution"),
                                "operator": "was",
                                "operand": {"keyword": "empty"},
                                "predicates": [],
                            }
                        ],
                    },
                ],
            },
            "orderBy": {"fields": [{"field": field("updated"), "direction": "desc"}, {"field": field("key")}]},
        }
    }


@pytest.mark.parametrize(
    ("query", "encoded"),
    [
        ("'Story Points' = 3", '"Story Points"'),
        ("'order' = 3", '"order"'),
        ("cf[10] = 3", "cf[10]"),
        (r"'a\"b' = 3", r'"a\"b"'),
        ("plain = 3", "plain"),
    ],
)
async def test_names_as_a_query_writes_them(jira: httpx.AsyncClient, query: str, encoded: str) -> None:
    where = (await parsed(jira, query, validation="none"))["structure"]["where"]
    assert where["field"]["encodedName"] == encoded


async def test_a_property_of_an_issue(jira: httpx.AsyncClient) -> None:
    query = 'issue.property["spaces here"].value not in (("Service requests"), EMPTY)'
    assert (await parsed(jira, query, validation="none"))["structure"]["where"] == {
        "field": {
            "name": "issue.property[spaces here].value",
            "encodedName": 'issue.property["spaces here"].value',
            "property": [{"entity": "issue", "key": "spaces here", "path": "value"}],
        },
        "operator": "not in",
        "operand": {
            "values": [value("Service requests", '"Service requests"'), {"keyword": "empty"}],
            "encodedOperand": '("Service requests", EMPTY)',
        },
    }


async def test_an_empty_where_and_no_query(jira: httpx.AsyncClient) -> None:
    only_order = {"orderBy": {"fields": [{"field": field("key"), "direction": "asc"}]}}
    assert await parsed(jira, "order by key asc") == {"structure": only_order}
    for body in ({}, {"queries": []}, {"queries": [""]}, {"queries": [1]}):
        assert (await jira.post("jql/parse", json=body)).status_code == 400
    assert (await jira.post("jql/parse?validation=lax", json={"queries": ["key = WEB-1"]})).status_code == 400


WRONG_SYNTAX = (
    "Error in the JQL Query: Expecting operator but got 'query'. The valid operators are '=', '!=', '<', '>', '<=',"
    " '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'. (line 1, character 9)"
)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("summary = test", "The operator '=' is not supported by the 'summary' field."),
        ("universe = x", "Field 'universe' does not exist or you do not have permission to view it."),
        ("project = NO", "The value 'NO' does not exist for the field 'project'."),
    ],
)
async def test_validation(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient, query: str, text: str) -> None:
    assert await parsed(jira, query) == await parsed(jira_v2, query) == {"errors": [text]}
    warned = await parsed(jira, query, validation="warn")
    assert warned.pop("warnings") == [text]
    assert warned == await parsed(jira, query, validation="none")
    assert list(warned) == ["structure"]


@pytest.mark.parametrize("validation", ["strict", "warn", "none"])
async def test_what_cannot_be_parsed_is_an_error_always(jira: httpx.AsyncClient, validation: str) -> None:
    assert await parsed(jira, "invalid query", validation=validation) == {"errors": [WRONG_SYNTAX]}


async def test_nobody_knows_no_values(nobody: httpx.AsyncClient) -> None:
    text = "The value 'WEB' does not exist for the field 'project'."
    assert await parsed(nobody, "project = WEB") == {"errors": [text]}
    assert list(await parsed(nobody, "labels = x and assignee = currentUser()")) == ["structure"]
