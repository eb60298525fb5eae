"""Answers as a model sees them: everything needed, nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandlot_trainer.compaction import LIST_SHOWN, compact


def shown(operation: str, status: int, body: Any) -> Any:
    return json.loads(compact(operation, status, body))


def adf(*texts: str) -> dict[str, Any]:
    paragraphs = [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in texts]
    return {"type": "doc", "version": 1, "content": paragraphs}


def test_issue_keeps_what_is_written_in_it() -> None:
    person = {
        "self": "u",
        "accountId": "5b10",
        "displayName": "Ann Lee",
        "avatarUrls": {"48x48": "a"},
        "active": True,
    }
    body = {
        "expand": "names",
        "id": "10001",
        "self": "http://x/1",
        "key": "OPS-1",
        "fields": {
            "summary": "Pump leaks",
            "issuetype": {"id": "1", "name": "Bug", "iconUrl": "i"},
            "status": {"name": "To Do", "statusCategory": {"key": "new"}},
            "priority": {"name": "High"},
            "labels": [],
            "assignee": person,
            "resolution": None,
            "description": adf("The big pump", "in hall 3"),
            "comment": {"comments": [{"body": adf("Seen"), "author": person}], "total": 1},
            "customfield_10016": 3,
            "customfield_10017": None,
            "customfield_10019": "0|i00001bqd:",
        },
    }
    assert shown("jira/getIssue", 200, body) == {
        "key": "OPS-1",
        "summary": "Pump leaks",
        "type": "Bug",
        "status": "To Do",
        "priority": "High",
        "assignee": "Ann Lee",
        "description": "The big pump in hall 3",
        "comments": ["Seen"],
        "customfield_10016": 3,
    }


def test_long_lists_are_cut_with_a_count() -> None:
    pages = [{"id": str(n), "title": f"P{n}", "_links": {"webui": "/"}} for n in range(LIST_SHOWN + 3)]
    answer = shown("confluence/getPages", 200, {"results": pages, "_links": {"next": "/n"}})
    assert answer["results"][0] == {"id": "0", "title": "P0"}
    assert (len(answer["results"]), answer["more"]) == (LIST_SHOWN, 3)


def test_bare_lists_and_operations_that_are_not_listed() -> None:
    users = [{"accountId": "5b", "displayName": "Ann", "self": "u", "timeZone": "UTC"}]
    assert shown("jira/findUsers", 200, users) == {"results": [{"accountId": "5b", "displayName": "Ann"}]}
    answer = {"self": "x", "a": {"b": None, "c": 0, "d": False}, "e": [], "text": adf("hello")}
    assert shown("jira/unheardOf", 200, answer) == {"a": {"c": 0, "d": False}, "text": "hello"}


@pytest.mark.parametrize(
    ("status", "body", "messages"),
    [
        (404, {"errorMessages": ["No such issue."], "errors": {}}, ["No such issue."]),
        (400, {"errorMessages": [], "errors": {"summary": "Needed."}}, ["summary: Needed."]),
        (
            404,
            {"errors": [{"status": 404, "code": "NOT_FOUND", "title": "Not Found", "detail": None}]},
            ["Not Found"],
        ),
        (400, {"statusCode": 400, "message": "Could not parse cql"}, ["Could not parse cql"]),
        (401, "Client must be authenticated", ["Client must be authenticated"]),
        (405, None, []),
    ],
)
def test_refusals_are_status_and_messages(status: int, body: Any, messages: list[str]) -> None:
    assert shown("jira/getIssue", status, body) == {"error": status, "messages": messages}


def test_empty_success_says_so() -> None:
    assert compact("jira/editIssue", 204, None) == '{"ok":204}'


BLOCKS = {"id": "9", "name": "Blocks", "inward": "is blocked by", "outward": "blocks", "self": "u"}


def test_an_issue_shows_its_links_and_sub_tasks_where_it_has_any() -> None:
    other = {"id": "2", "key": "OPS-2", "self": "u", "fields": {"summary": "Order a seal"}}
    links = [
        {"id": "7", "self": "u", "type": BLOCKS, "outwardIssue": other},
        {"id": "8", "self": "u", "type": BLOCKS, "inwardIssue": {**other, "key": "OPS-3"}},
    ]
    body = {"key": "OPS-1", "fields": {"issuelinks": links, "subtasks": [other]}}
    assert shown("jira/getIssue", 200, body) == {
        "key": "OPS-1",
        "subtasks": ["OPS-2"],
        "links": [{"id": "7", "type": "Blocks", "outward": "OPS-2"}, {"id": "8", "type": "Blocks", "inward": "OPS-3"}],
    }
    assert shown("jira/getIssue", 200, {"key": "OPS-1", "fields": {"issuelinks": []}}) == {"key": "OPS-1"}
    whole = {**links[0], "inwardIssue": {"key": "OPS-1"}}
    assert shown("jira/getIssueLink", 200, whole) == {
        "id": "7",
        "type": "Blocks",
        "outward": "OPS-2",
        "inward": "OPS-1",
    }


def test_link_types_and_links_to_pages_elsewhere() -> None:
    kind = {name: BLOCKS[name] for name in ("id", "name", "inward", "outward")}
    assert shown("jira/getIssueLinkTypes", 200, {"issueLinkTypes": [BLOCKS]}) == {"results": [kind]}
    page = {"url": "http://x/7", "title": "Seals", "icon": {}, "status": {"icon": {}}}
    link = {"id": 5, "self": "u", "globalId": "g", "application": {"name": "Wiki", "type": "t"}, "object": page}
    seen = {"id": 5, "title": "Seals", "url": "http://x/7", "application": "Wiki", "globalId": "g"}
    assert shown("jira/getRemoteIssueLinks", 200, [link]) == {"results": [seen]}
    assert shown("jira/getRemoteIssueLinkById", 200, {**link, "relationship": "causes"}) == {
        **seen,
        "relationship": "causes",
    }
    assert shown("jira/createOrUpdateRemoteIssueLink", 201, {"id": 5, "self": "u"}) == {"id": 5}


def test_what_hangs_on_issues_and_pages_keeps_its_id_and_what_it_is_called() -> None:
    file = {"id": "4", "filename": "log.txt", "size": 3, "content": "u"}
    parts = {"fields": {"attachment": [file], "components": [{"id": "1", "name": "Hall"}], "fixVersions": []}}
    assert shown("jira/getIssue", 200, {"key": "OPS-1", **parts}) == {
        "key": "OPS-1",
        "components": ["Hall"],
        "attachments": [{"id": "4", "filename": "log.txt"}],
    }
    page = {"id": "att4", "title": "log.txt", "comment": "", "version": {"number": 2}}
    assert shown("confluence/getPageAttachments", 200, {"results": [page]}) == {
        "results": [{"id": "att4", "title": "log.txt"}]
    }
    kept = {"id": "9", "key": "state", "value": {"seen": 3}, "version": {"number": 2, "createdAt": "t"}}
    seen = {"id": "9", "key": "state", "value": {"seen": 3}, "version": 2}
    assert shown("confluence/getPageContentProperties", 200, {"results": [kept]}) == {"results": [seen]}
    assert shown("confluence-v1/getContentProperty", 200, kept) == seen


def test_boards_and_sprints_keep_what_they_are_called() -> None:
    board = {"id": 3, "self": "u", "name": "Plan", "type": "scrum", "location": {"projectKey": "OPS", "projectId": 1}}
    assert shown("jira-software/getAllBoards", 200, {"values": [board], "total": 1, "isLast": True}) == {
        "results": [{"id": 3, "name": "Plan", "type": "scrum", "project": "OPS"}],
        "total": 1,
    }
    sprint = {"id": 5, "self": "u", "name": "Next", "state": "future", "originBoardId": 3}
    assert shown("jira-software/getSprint", 200, sprint) == {"id": 5, "name": "Next", "state": "future"}


def test_a_list_within_is_cut_as_its_shape_says() -> None:
    def project(count: int) -> Any:
        parts = [{"id": str(number), "name": f"C{number}", "self": "u"} for number in range(count)]
        return shown("jira/getProject", 200, {"key": "OPS", "components": parts})["components"]

    assert project(13)[12] == {"id": "12", "name": "C12"}
    assert project(33)[29:] == [{"id": "29", "name": "C29"}, "3 more"]
