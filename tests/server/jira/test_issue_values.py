"""How each field reads its values, by the texts that live sites answer with."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.jira.expectations import BEA, DANA, assert_refused, create, doc, fields_of

NOT_ADF = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
UNKNOWN = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("summary", None, "You must specify a summary of the issue."),
        ("summary", "", "You must specify a summary of the issue."),
        ("summary", " \t", "You must specify a summary of the issue."),
        ("summary", "x" * 256, "Summary must be less than 255 characters."),
        ("summary", "two\nlines", "The summary is invalid because it contains newline characters."),
        ("summary", 5, "Operation value must be a string"),
        ("description", "text", NOT_ADF),
        ("description", 5, NOT_ADF),
        ("environment", "text", NOT_ADF),
        ("priority", {"name": "Urgent"}, "Priority name 'Urgent' is not valid"),
        ("priority", {"id": "1"}, "The priority selected is invalid."),
        ("priority", {}, "Could not find valid 'id' or 'name' in priority object."),
        ("priority", "High", "Could not find valid 'id' or 'name' in priority object."),
        ("labels", "one", "data was not an array"),
        ("labels", ["one", 2], "string expected at index 1"),
        ("labels", ["a b"], "The label 'a b' contains spaces which is invalid."),
        ("assignee", "bea", "data was not an object"),
        ("assignee", {"accountId": "nobody"}, "Specify a valid value for assignee"),
        ("assignee", {"name": "bea"}, "Specify a valid value for assignee"),
        ("reporter", None, "Reporter is required."),
        ("reporter", {"accountId": "nobody"}, "Specify a valid value for reporter"),
        ("duedate", "tomorrow", "Error parsing date string: tomorrow"),
        ("duedate", "2026-02-30", "Error parsing date string: 2026-02-30"),
        ("duedate", "20260228", "Error parsing date string: 20260228"),
        ("duedate", 20260228, "Operation value must be a string"),
        ("parent", "WEB-1", "data was not an object"),
        ("parent", {"key": 5}, "expected 'key' property to be a string"),
        ("parent", {"key": "WEB-99"}, "Could not find issue by id or key."),
        ("parent", {}, "Could not find issue by id or key."),
        ("parent", {"key": "WEB-4"}, "Please select valid parent issue."),
        ("issuetype", {"name": "Feature"}, "Specify a valid issue type"),
        ("issuetype", {"name": "Epic"}, "The issue type selected is invalid."),
        (
            "issuetype",
            {"name": "Sub-task"},
            "Issue type is a sub-task but parent issue key or id not specified.",
        ),
        ("project", {"key": "PLAT"}, UNKNOWN.format("project")),
        ("status", {"name": "Done"}, UNKNOWN.format("status")),
        ("resolution", {"name": "Done"}, UNKNOWN.format("resolution")),
        ("security", None, UNKNOWN.format("security")),
        ("customfield_1", 1, UNKNOWN.format("customfield_1")),
        ("comment", "x", "Field does not support update 'comment'"),
    ],
)
async def test_a_value_that_the_field_does_not_take(jira: httpx.AsyncClient, field: str, value: Any, text: str) -> None:
    before = await fields_of(jira, "WEB-3")
    assert_refused(await jira.put("issue/WEB-3", json={"fields": {field: value}}), 400, **{field: text})
    if field != "comment":
        # The same by an operation, which the contract leaves open.
        assert_refused(await jira.put("issue/WEB-3", json={"update": {field: [{"set": value}]}}), 400, **{field: text})
    assert await fields_of(jira, "WEB-3") == before


@pytest.mark.parametrize(
    "document",
    [
        {"type": "doc", "content": []},
        {"type": "doc", "version": 1, "content": [{"type": "bogus"}]},
        {"type": "doc", "version": 2, "content": []},
        {"type": "paragraph", "version": 1, "content": []},
    ],
)
async def test_an_invalid_document(jira: httpx.AsyncClient, document: object) -> None:
    answer = await jira.put("issue/WEB-3", json={"fields": {"description": document}})
    assert_refused(answer, 400, "INVALID_INPUT")
    answer = await jira.put("issue/WEB-3", json={"update": {"description": [{"set": document}]}})
    assert_refused(answer, 400, "INVALID_INPUT")


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("summary", "x" * 255, "x" * 255),
        ("description", doc("One", "Two"), doc("One", "Two")),
        ("description", None, None),
        ("environment", doc("Linux"), doc("Linux")),
        ("labels", ["b", "a", "b"], ["a", "b"]),
        ("labels", [], []),
        ("labels", None, []),
        ("assignee", None, None),
        ("duedate", "2026-12-31", "2026-12-31"),
        ("duedate", None, None),
        ("priority", None, None),
    ],
)
async def test_a_value_that_the_field_takes(jira: httpx.AsyncClient, field: str, value: Any, shown: Any) -> None:
    assert (await jira.put("issue/WEB-3", json={"fields": {field: value}})).status_code == 204
    assert (await fields_of(jira, "WEB-3"))[field] == shown


async def test_references_by_name_and_id(jira: httpx.AsyncClient) -> None:
    low = next(one["id"] for one in (await jira.get("priority")).json() if one["name"] == "Low")
    edit = {"priority": {"id": low}, "assignee": {"id": BEA}, "reporter": {"accountId": DANA}}
    await jira.put("issue/WEB-3", json={"fields": {**edit, "issuetype": {"name": "Task"}}})
    fields = await fields_of(jira, "WEB-3")
    assert fields["priority"]["name"] == "Low"
    assert (fields["assignee"]["accountId"], fields["reporter"]["accountId"]) == (BEA, DANA)
    assert fields["issuetype"]["name"] == "Task"


async def test_a_parent_is_set_and_taken_away(jira: httpx.AsyncClient) -> None:
    epic = (await jira.get("issue/WEB-1")).json()["id"]
    await jira.put("issue/WEB-3", json={"fields": {"parent": {"id": epic}}})
    assert (await fields_of(jira, "WEB-3"))["parent"]["key"] == "WEB-1"
    await jira.put("issue/WEB-3", json={"fields": {"parent": None}})
    assert "parent" not in await fields_of(jira, "WEB-3")


async def test_a_sub_task_stays_one_and_in_its_project(jira: httpx.AsyncClient) -> None:
    alone = await jira.put("issue/PLAT-3", json={"fields": {"parent": None}})
    assert_refused(alone, 400, parent="Issue type is a sub-task but parent issue key or id not specified.")
    elsewhere = await jira.put("issue/PLAT-3", json={"fields": {"parent": {"key": "WEB-2"}}})
    assert_refused(elsewhere, 400, parent="Please select valid parent issue.")
    assert (await jira.put("issue/PLAT-3", json={"fields": {"parent": {"key": "PLAT-4"}}})).status_code == 204


async def test_v2_reads_and_shows_wiki_markup(jira_v2: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    text = "h2. Steps\n\n* one\n* two"
    assert (await jira_v2.put("issue/WEB-3", json={"fields": {"description": text}})).status_code == 204
    assert (await fields_of(jira_v2, "WEB-3"))["description"] == text
    blocks = [node["type"] for node in (await fields_of(jira, "WEB-3"))["description"]["content"]]
    assert blocks == ["heading", "bulletList"]
    answer = await jira_v2.put("issue/WEB-3", json={"fields": {"description": doc("x")}})
    assert_refused(answer, 400, description="Operation value must be a string")
    assert (await jira_v2.put("issue/WEB-3", json={"fields": {"description": ""}})).status_code == 204
    assert (await fields_of(jira, "WEB-3"))["description"] is None


@pytest.mark.parametrize(
    ("operations", "labels"),
    [
        ([{"add": "new"}], ["checkout", "new"]),
        ([{"add": "checkout"}], ["checkout"]),
        ([{"remove": "checkout"}], []),
        ([{"remove": "other"}], ["checkout"]),
        ([{"set": ["x"]}, {"add": "y"}], ["x", "y"]),
        ([{"add": "x", "remove": "checkout"}], ["x"]),
    ],
)
async def test_operations_on_labels(
    jira: httpx.AsyncClient, operations: list[dict[str, Any]], labels: list[str]
) -> None:
    assert (await jira.put("issue/WEB-3", json={"update": {"labels": operations}})).status_code == 204
    assert (await fields_of(jira, "WEB-3"))["labels"] == labels


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (
            {"fields": {"labels": ["x"]}, "update": {"labels": [{"add": "y"}]}},
            {"labels": "Field 'labels' cannot appear in both 'fields' and 'update'."},
        ),
        (
            {"update": {"summary": [{"add": "x"}]}},
            {"summary": "Field 'summary' does not support operation 'add'. Supported operation(s) are: 'set'"},
        ),
        (
            {"update": {"comment": [{"set": "x"}]}},
            {"comment": "Field 'comment' does not support operation 'set'. Supported operation(s) are: 'add'"},
        ),
        ({"update": {"comment": [{"add": "x"}]}}, {"comment": "Comment body can not be empty!"}),
        ({"update": {"nonsense": [{"set": 1}]}}, {"nonsense": UNKNOWN.format("nonsense")}),
        (
            {"update": {"labels": [{"add": "a b"}]}},
            {"labels": "The label 'a b' contains spaces which is invalid."},
        ),
    ],
)
async def test_wrong_operations(jira: httpx.AsyncClient, body: dict[str, Any], errors: dict[str, str]) -> None:
    # What is right in one place does not save what is wrong in another.
    assert_refused(await jira.put("issue/WEB-3", json=body), 400, **errors)
    assert (await fields_of(jira, "WEB-3"))["labels"] == ["checkout"]


@pytest.mark.parametrize("update", [{"labels": {"add": "x"}}, {"labels": [{"append": "x"}]}, {"labels": ["x"]}])
async def test_operations_of_no_known_form(jira: httpx.AsyncClient, update: object) -> None:
    answer = await jira.put("issue/WEB-3", json={"update": update})
    text = "Invalid request payload. Refer to the REST API documentation and try again."
    assert (answer.status_code, answer.json()) == (400, {"errorMessages": [text]})


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Team note", "hello", "hello"),
        ("Team note", "", None),
        ("Plan", doc("Step one"), doc("Step one")),
        ("Points", 2.5, 2.5),
        ("Points", 0, 0),
        ("Start", "2026-05-01", "2026-05-01"),
        ("Areas", ["x", "y"], ["x", "y"]),
        ("Points", None, None),
        ("Size", None, None),
        ("Reviewer", None, None),
    ],
)
async def test_custom_fields_by_type(
    custom: httpx.AsyncClient, ids: dict[str, str], name: str, value: Any, shown: Any
) -> None:
    key = await create(custom, "ONE", **{ids[name]: value})
    assert (await fields_of(custom, key))[ids[name]] == shown


async def test_options_and_users_are_shown_whole(custom: httpx.AsyncClient, ids: dict[str, str]) -> None:
    size, reviewer = ids["Size"], ids["Reviewer"]
    key = await create(custom, "ONE", **{size: {"value": "Large"}, reviewer: {"accountId": "712020:bo"}})
    fields = await fields_of(custom, key)
    assert fields[size]["value"] == "Large"
    assert fields[reviewer]["displayName"] == "Bo Two"
    assert (await custom.put(f"issue/{key}", json={"fields": {size: {"id": fields[size]["id"]}}})).status_code == 204


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("Team note", 5, "Operation value must be a string"),
        ("Plan", "text", NOT_ADF),
        ("Points", "3", "Operation value must be a number"),
        ("Points", True, "Operation value must be a number"),
        ("Start", "soon", "Error parsing date string: soon"),
        ("Size", "Large", "Specify a valid 'id' or 'name' for Size"),
        ("Size", {"value": "Huge"}, "Option value 'Huge' is not valid"),
        ("Size", {"id": "1"}, "Option id '1' is not valid"),
        ("Size", {"name": "Large"}, "Option id 'null' is not valid"),
        ("Reviewer", {"accountId": "nobody"}, "Specify a valid value for Reviewer"),
        ("Areas", ["x y"], "The label 'x y' contains spaces which is invalid."),
    ],
)
async def test_custom_fields_refuse(
    custom: httpx.AsyncClient, ids: dict[str, str], name: str, value: Any, text: str
) -> None:
    answer = await custom.put("issue/ONE-1", json={"fields": {ids[name]: value}})
    assert_refused(answer, 400, **{ids[name]: text})


async def test_a_field_of_another_project(custom: httpx.AsyncClient, ids: dict[str, str]) -> None:
    name = ids["Elsewhere"]
    answer = await custom.put("issue/ONE-1", json={"fields": {name: "x"}})
    assert_refused(answer, 400, **{name: UNKNOWN.format(name)})
    assert name not in await fields_of(custom, "ONE-1")
    assert (await fields_of(custom, await create(custom, "TWO", **{name: "x"})))[name] == "x"


async def test_fields_that_a_project_requires(custom: httpx.AsyncClient) -> None:
    sent = {"project": {"key": "ONE"}, "issuetype": {"name": "Bug"}, "summary": "Bare"}
    answer = await custom.post("issue", json={"fields": sent})
    assert_refused(answer, 400, priority="Priority is required.", duedate="Due date is required.")
