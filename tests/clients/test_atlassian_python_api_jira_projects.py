"""`Jira` of atlassian-python-api, unmodified, on projects, users, settings and boards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from atlassian import Jira
from requests import HTTPError


@pytest.fixture
def client(live_site: dict[str, Any]) -> Iterator[Any]:
    client = Jira(url=live_site["baseUrl"], username=live_site["email"], password=live_site["token"], cloud=True)
    yield client
    client.close()


def test_takes_the_server_for_cloud(client: Any) -> None:
    assert client.get_server_info()["deploymentType"] == "Cloud"


def test_a_project_is_created_changed_and_deleted(client: Any) -> None:
    made = client.create_project_from_raw_json(
        {
            "key": "OPS",
            "name": "Operations",
            "projectTypeKey": "software",
            "leadAccountId": client.myself()["accountId"],
        }
    )
    assert made["key"] == "OPS"
    client.update_project("OPS", {"name": "Operations desk"})
    assert client.get_project("OPS")["name"] == "Operations desk"
    client.delete_project("OPS")
    with pytest.raises(HTTPError, match="No project could be found with key 'OPS'"):
        client.get_project("OPS")


def test_the_issues_of_a_project(client: Any) -> None:
    assert client.get_project_issues_count("WEB") == 4
    assert client.get_project_issuekey_all("WEB") == ["WEB-1", "WEB-2", "WEB-3", "WEB-4"]
    assert [one["key"] for one in client.get_all_project_issues("SUP", fields="summary")] == ["SUP-1", "SUP-2"]


def test_components(client: Any) -> None:
    made = client.create_component({"project": "WEB", "name": "Footer"})
    client.update_component({"name": "Header"}, made["id"])
    assert client.component(made["id"])["name"] == "Header"
    names = [one["name"] for one in client.get_project_components("WEB")]
    assert names == ["Catalogue", "Checkout", "Header"]
    client.delete_component(made["id"])
    with pytest.raises(HTTPError):
        client.component(made["id"])


def test_versions(client: Any) -> None:
    project = client.get_project("WEB")["id"]
    made = client.add_version(project_id=project, version="2026.3")
    client.update_version(made["id"], name="Summer", is_released=True)
    assert client.get_version(made["id"])["released"]
    assert [one["name"] for one in client.get_project_versions("WEB")] == ["2026.1", "2026.2", "Summer"]
    client.delete_version(made["id"])
    assert len(client.get_project_versions("WEB")) == 2
    with pytest.raises(HTTPError):
        client.add_version(project_id=project, version="2026.1")


def test_statuses_by_issue_type(client: Any) -> None:
    kinds = client.get_status_for_project("SUP")
    assert [kind["name"] for kind in kinds] == ["Task", "Bug"]
    assert "In Review" in [status["name"] for status in kinds[0]["statuses"]]
    assert client.get_status_id_from_name("In Review") == int(kinds[0]["statuses"][1]["id"])


def test_fields(client: Any) -> None:
    assert "summary" in [field["id"] for field in client.get_all_fields()]
    found = client.get_custom_fields(search="sever", start=0)
    assert [field["name"] for field in found["values"]] == ["Severity"]
    kind = "com.atlassian.jira.plugin.system.customfieldtypes:textfield"
    searcher = "com.atlassian.jira.plugin.system.customfieldtypes:textsearcher"
    assert client.create_custom_field("Mood", kind, searcher)["name"] == "Mood"


def test_issue_types_priorities_and_resolutions(client: Any) -> None:
    assert client.create_issue_type("Risk", "What may go wrong")["name"] == "Risk"
    assert "Risk" in [kind["name"] for kind in client.get_issue_types()]
    first = client.get_all_priorities()[0]
    assert client.get_priority_by_id(first["id"])["name"] == "Highest"
    resolution = client.get_all_resolutions()[0]
    assert client.get_resolution_by_id(resolution["id"])["name"] == "Done"
    with pytest.raises(HTTPError):
        client.get_priority_by_id("987654")


def test_users(client: Any) -> None:
    assert len(client.users_get_all()) == 5
    (chidi,) = client.user_find_by_user_string(query="chidi@example.com")
    assert client.user(account_id=chidi["accountId"])["displayName"] == "Chidi Okafor"
    assert len(client.get_all_assignable_users_for_project("WEB")) == 5
    with pytest.raises(HTTPError):
        client.user(account_id="nobody")


def test_what_the_caller_may_do(client: Any) -> None:
    found = client.get_permissions("BROWSE_PROJECTS", project_key="WEB")
    assert found["permissions"]["BROWSE_PROJECTS"]["havePermission"]


def test_the_issues_of_a_board(client: Any) -> None:
    board = client.get_all_agile_boards(project_key="WEB")["values"][0]["id"]
    found = client.get_issues_for_board(board, "issuetype = Bug")
    assert [issue["key"] for issue in found["issues"]] == ["WEB-3"]
    epic = client.get_epics(board)["values"][0]["id"]
    assert [issue["key"] for issue in client.get_issues_for_epic(board, epic)["issues"]] == ["WEB-2"]
    without = client.get_issues_without_epic(board)
    assert [issue["key"] for issue in without["issues"]] == ["WEB-3", "WEB-4"]
    with pytest.raises(HTTPError):
        client.get_issues_for_board(987654, "")


def test_what_a_board_is_about(client: Any) -> None:
    board = client.get_all_agile_boards(project_key="WEB")["values"][0]["id"]
    assert [one["key"] for one in client.get_all_projects_associated_with_board(board)["values"]] == ["WEB"]
    assert [one["name"] for one in client.get_all_versions_from_board(board)["values"]] == ["2026.1"]
    sprints = client.get_all_sprints_from_board(board, state="active")
    assert [one["name"] for one in sprints["values"]] == ["WEB Sprint 2"]


def test_a_sprint_is_closed(client: Any) -> None:
    board = client.get_all_agile_boards(project_key="WEB")["values"][0]["id"]
    (sprint,) = client.get_all_sprints_from_board(board, state="active")["values"]
    found = client.get_sprint_issues(sprint["id"], 0, 10)
    assert [issue["key"] for issue in found["issues"]] == ["WEB-2"]
    client.update_partially_sprint(sprint["id"], {"state": "closed"})
    assert client.get_sprint(sprint["id"])["state"] == "closed"
    future = client.get_all_sprints_from_board(board, state="future")["values"][0]
    with pytest.raises(HTTPError):
        client.update_partially_sprint(future["id"], {"state": "closed"})


def test_ranks(client: Any) -> None:
    rank = next(field for field in client.get_all_fields() if field["name"] == "Rank")
    client.update_rank(["WEB-4"], "WEB-1", int(rank["schema"]["customId"]))
    found = client.jql("project = WEB ORDER BY Rank", fields="summary")
    assert [issue["key"] for issue in found["issues"]] == ["WEB-4", "WEB-1", "WEB-2", "WEB-3"]
