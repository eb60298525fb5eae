"""The Python `jira` client, unmodified, on what surrounds an issue, and on what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jira import JIRA, JIRAError

NO_ISSUE = "Issue does not exist or you do not have permission to see it."


@pytest.fixture
def client(live_site: dict[str, Any]) -> Iterator[JIRA]:
    client = JIRA(server=live_site["baseUrl"], basic_auth=(live_site["email"], live_site["token"]))
    yield client
    client.close()


def test_several_issues_at_once(client: JIRA) -> None:
    task = {"project": {"key": "WEB"}, "issuetype": {"name": "Task"}}
    made = client.create_issues([{**task, "summary": "One"}, {**task, "summary": ""}])
    assert [one["status"] for one in made] == ["Success", "Error"]
    assert made[0]["issue"].fields.summary == "One"
    assert "You must specify a summary of the issue." in str(made[1]["error"])


def test_a_sub_task(client: JIRA) -> None:
    issue = client.create_issue(project="WEB", issuetype="Sub-task", summary="A part", parent={"key": "WEB-4"})
    assert issue.fields.parent.key == "WEB-4"
    assert [one.key for one in client.issue("WEB-4").fields.subtasks] == [issue.key]


def test_sub_tasks_hold_their_parent(client: JIRA) -> None:
    parent = client.issue("PLAT-2")
    with pytest.raises(JIRAError) as refused:
        parent.delete()
    assert refused.value.status_code == 400
    parent.delete(deleteSubtasks=True)
    with pytest.raises(JIRAError, match=NO_ISSUE):
        client.issue("PLAT-3")


def test_fields_and_what_is_expanded(client: JIRA) -> None:
    issue = client.issue("WEB-2", fields="summary,status", expand="renderedFields,names,transitions")
    assert set(issue.raw["fields"]) == {"summary", "status"}
    assert issue.raw["names"]["summary"] == "Summary"
    assert [one["name"] for one in issue.raw["transitions"]] == [one["name"] for one in client.transitions("WEB-2")]


def test_a_custom_field(client: JIRA) -> None:
    (points,) = (field["id"] for field in client.fields() if field["name"] == "Story Points")
    client.issue("WEB-2").update(fields={points: 13})
    assert getattr(client.issue("WEB-2").fields, points) == 13
    assert [issue.key for issue in client.search_issues('"Story Points" > 10')] == ["WEB-2"]


def test_an_environment_and_a_due_date(client: JIRA) -> None:
    client.issue("WEB-3").update(environment="Only on *Safari*", duedate="2026-04-01")
    fields = client.issue("WEB-3").fields
    assert (fields.environment, fields.duedate) == ("Only on *Safari*", "2026-04-01")


def test_a_field_that_is_not_on_the_screen(client: JIRA) -> None:
    with pytest.raises(JIRAError) as refused:
        client.issue("WEB-3").update(fields={"customfield_99999": 1})
    text = "Field 'customfield_99999' cannot be set. It is not on the appropriate screen, or unknown."
    assert (refused.value.status_code, refused.value.text) == (400, text)


def test_a_transition_by_its_name(client: JIRA) -> None:
    known = {one["name"]: one["id"] for one in client.transitions("SUP-1")}
    assert client.find_transitionid_by_name("SUP-1", "start review") == known["Start review"]
    client.transition_issue("SUP-1", "Start review")
    with pytest.raises(JIRAError, match="Invalid transition name"):
        client.transition_issue("SUP-1", "Start review")


def test_a_transition_that_asks_for_a_field(client: JIRA) -> None:
    with pytest.raises(JIRAError) as refused:
        client.transition_issue("SUP-2", "Resolve")
    assert refused.value.status_code == 400
    assert client.issue("SUP-2").fields.status.name == "In Review"


def test_an_issue_that_is_not_there(client: JIRA) -> None:
    for read in (client.issue, client.comments, client.watchers, client.votes, client.transitions, client.worklogs):
        with pytest.raises(JIRAError) as missing:
            read("WEB-99")
        assert (missing.value.status_code, missing.value.text) == (404, NO_ISSUE), read


def test_a_comment_that_is_empty(client: JIRA) -> None:
    with pytest.raises(JIRAError) as refused:
        client.add_comment("WEB-1", "")
    assert (refused.value.status_code, refused.value.text) == (400, "Comment body can not be empty!")


def test_work_of_no_length(client: JIRA) -> None:
    with pytest.raises(JIRAError) as refused:
        client.add_worklog("WEB-1", timeSpent="a while")
    assert refused.value.status_code == 400


def test_a_link_of_a_type_that_is_not_there(client: JIRA) -> None:
    with pytest.raises(JIRAError) as missing:
        client.create_issue_link("Envies", "WEB-3", "WEB-4")
    assert missing.value.status_code == 404


def test_a_property_is_changed_and_deleted(client: JIRA) -> None:
    client.add_issue_property("WEB-1", "risk", {"level": 3})
    client.add_issue_property("WEB-1", "risk", {"level": 4})
    found = client.issue_property("WEB-1", "risk")
    assert found.value.level == 4
    found.delete()
    with pytest.raises(JIRAError) as missing:
        client.issue_property("WEB-1", "risk")
    assert missing.value.status_code == 404


def test_a_file_that_is_not_there(client: JIRA) -> None:
    with pytest.raises(JIRAError) as missing:
        client.attachment("987654")
    assert missing.value.status_code == 404


def test_the_name_of_a_file_is_the_callers(client: JIRA) -> None:
    added = client.add_attachment("WEB-1", __file__, filename="renamed.txt")
    assert (added.filename, added.mimeType) == ("renamed.txt", "text/plain")


def test_a_wrong_token(live_site: dict[str, Any]) -> None:
    with pytest.raises(JIRAError) as refused:
        JIRA(server=live_site["baseUrl"], basic_auth=(live_site["email"], "wrong"))
    assert refused.value.status_code == 401
    assert refused.value.text == "Client must be authenticated to access this resource."


def test_boards_and_their_sprints_by_name(client: JIRA) -> None:
    (board,) = client.boards(name="WEB board")
    sprints = client.sprints_by_name(board.id)
    assert {name: one["state"] for name, one in sprints.items()} == {
        "WEB Sprint 1": "closed",
        "WEB Sprint 2": "active",
        "WEB Sprint 3": "future",
    }


def test_a_sprint_that_is_not_there(client: JIRA) -> None:
    with pytest.raises(JIRAError) as missing:
        client.sprint(987654)
    assert missing.value.status_code == 404
