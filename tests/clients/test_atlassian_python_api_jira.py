"""`Jira` of atlassian-python-api, unmodified, over a socket."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from atlassian import Jira
from requests import HTTPError


@pytest.fixture
def client(live_site: dict[str, Any]) -> Iterator[Jira]:
    client = Jira(url=live_site["baseUrl"], username=live_site["email"], password=live_site["token"], cloud=True)
    yield client
    client.close()


def test_the_life_of_an_issue(client: Jira) -> None:
    created = client.issue_create(
        {
            "project": {"key": "WEB"},
            "issuetype": {"name": "Task"},
            "summary": "Write the notes",
            "description": "*now*",
        }
    )
    key = created["key"]
    assert client.issue(key)["fields"]["description"] == "*now*"
    assert client.issue_exists(key)

    client.issue_update(key, {"summary": "Write the release notes"})
    assert client.issue_field_value(key, "summary") == "Write the release notes"
    client.edit_issue(key, {"labels": [{"add": "docs"}]}, notify_users=False)
    assert client.issue(key, fields="labels")["fields"] == {"labels": ["docs"]}

    client.set_issue_status(key, "In Progress")
    assert client.get_issue_status(key) == "In Progress"
    (change,) = client.get_issue_status_changelog(key)
    assert (change["from"], change["to"]) == ("To Do", "In Progress")

    (bea,) = client.user_find_by_user_string(query="bea")
    client.assign_issue(key, bea["accountId"])
    assert client.issue(key)["fields"]["assignee"]["displayName"] == "Bea Lindqvist"
    client.assign_issue(key, None)
    assert client.issue(key)["fields"]["assignee"] is None

    comment = client.issue_add_comment(key, "On it")
    client.issue_edit_comment(key, comment["id"], "Done")
    assert client.issue_get_comment(key, comment["id"])["body"] == "Done"
    assert client.issue_get_comments(key)["total"] == 1

    client.delete_issue(key)
    assert not client.issue_exists(key)


def test_search(client: Jira) -> None:
    found = client.jql("project = WEB ORDER BY key ASC", limit=3)
    assert [issue["key"] for issue in found["issues"]] == ["WEB-1", "WEB-2", "WEB-3"]
    rest = client.enhanced_jql(
        "project = WEB ORDER BY key ASC", fields=["summary"], nextPageToken=found["nextPageToken"], limit=3
    )
    assert [issue["fields"]["summary"] for issue in rest["issues"]] == ["Update the size guide"]
    assert rest["isLast"]
    assert client.approximate_issue_count("project = PLAT")["count"] == 4


def test_what_surrounds_issues(client: Jira) -> None:
    assert [project["key"] for project in client.projects()] == ["PLAT", "SUP", "WEB"]
    assert client.project("SUP")["name"] == "Customer Support"
    assert client.myself()["displayName"] == "Alex Admin"
    assert [one["name"] for one in client.get_issue_transitions("SUP-1")] == ["Start review"]
    assert [kind["name"] for kind in client.issue_createmeta_issuetypes("SUP")["issueTypes"]] == [
        "Task",
        "Bug",
    ]
    assert client.get_all_priorities()[0]["name"] == "Highest"


def test_a_refusal_is_told_in_the_products_words(client: Jira) -> None:
    with pytest.raises(HTTPError, match=r"Issue does not exist or you do not have permission to see it."):
        client.issue("WEB-99")
    with pytest.raises(HTTPError, match=r"You must specify a summary of the issue."):
        client.issue_create({"project": {"key": "WEB"}, "issuetype": {"name": "Task"}, "summary": ""})


def test_attachments(client: Jira) -> None:
    file = io.BytesIO(b"a,b\n1,2\n")
    file.name = "table.csv"
    (added,) = client.add_attachment_object("WEB-1", file)
    assert (added["filename"], added["mimeType"]) == ("table.csv", "text/csv")
    assert client.get_attachments_ids_from_issue("WEB-1") == [{"filename": "table.csv", "attachment_id": added["id"]}]
    assert client.get_attachment_content(added["id"]) == b"a,b\n1,2\n"
    assert client.get_attachment_meta()["enabled"]
    client.remove_attachment(added["id"])
    assert client.get_attachments_ids_from_issue("WEB-1") == []


def test_boards_and_sprints(client: Jira) -> None:
    (board,) = client.get_all_agile_boards(project_key="WEB")["values"]
    board_id = board["id"]
    assert client.get_agile_board(board_id) == board
    query = client.get_agile_board_configuration(board_id)["filter"]["id"]
    assert client.get_agile_board_by_filter_id(query)["values"][0]["name"] == "WEB board"
    created = client.create_agile_board("Second", "kanban", query, {"type": "project", "projectKeyOrId": "WEB"})
    client.delete_agile_board(created["id"])

    sprint = client.create_sprint("WEB Sprint 4", board_id, goal="Vouchers")
    client.add_issues_to_sprint(sprint["id"], ["WEB-3"])
    found = client.get_all_issues_for_sprint_in_board(board_id, sprint["id"])
    assert [issue["key"] for issue in found["issues"]] == ["WEB-3"]
    client.rename_sprint(sprint["id"], "Renamed", "2026-03-09T09:00:00.000Z", "2026-03-20T17:00:00.000Z")
    assert client.get_sprint(sprint["id"])["name"] == "Renamed"
    client.add_issues_to_backlog(["WEB-3"])
    assert [issue["key"] for issue in client.get_issues_for_backlog(board_id)["issues"]] == ["WEB-3"]
    client.delete_sprint(sprint["id"])

    assert [epic["key"] for epic in client.get_epics(board_id)["values"]] == ["WEB-1"]
    assert [issue["key"] for issue in client.epic_issues("WEB-1")["issues"]] == ["WEB-2"]
