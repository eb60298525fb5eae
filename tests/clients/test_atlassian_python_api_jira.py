"""`Jira` of atlassian-python-api, unmodified, over a socket."""

from __future__ import annotations

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
