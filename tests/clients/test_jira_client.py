"""The Python `jira` client, unmodified, over a socket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from jira import JIRA, JIRAError


@pytest.fixture
def client(live_site: dict[str, Any]) -> Iterator[JIRA]:
    client = JIRA(
        server=live_site["baseUrl"], basic_auth=(live_site["email"], live_site["token"]), get_server_info=True
    )
    yield client
    client.close()


def test_takes_the_server_for_cloud(client: JIRA) -> None:
    assert client._is_cloud
    assert client.server_info()["deploymentType"] == "Cloud"
    assert client.myself()["displayName"] == "Alex Admin"


def test_the_life_of_an_issue(client: JIRA) -> None:
    issue = client.create_issue(project="WEB", issuetype="Task", summary="Write the notes", description="h1. Notes")
    assert issue.key == "WEB-5"
    assert issue.fields.description == "h1. Notes"
    assert issue.fields.status.name == "To Do"

    issue.update(summary="Write the release notes", labels=[{"add": "docs"}], priority={"name": "High"})
    assert issue.fields.summary == "Write the release notes"
    assert issue.fields.labels == ["docs"]
    assert issue.fields.priority.name == "High"
    issue.add_field_value("labels", "release")
    assert issue.fields.labels == ["docs", "release"]

    assert client.assign_issue(issue, "bea@example.com")
    assert client.issue(issue.key).fields.assignee.displayName == "Bea Lindqvist"
    assert client.assign_issue(issue, None)

    client.transition_issue(issue, "In Progress", comment="On it")
    moved = client.issue(issue.key, expand="changelog")
    assert moved.fields.status.name == "In Progress"
    assert moved.fields.assignee is None
    assert [comment.body for comment in client.comments(issue)] == ["On it"]
    assert moved.changelog.histories[0].items[0].toString == "In Progress"

    issue.delete()
    with pytest.raises(JIRAError) as missing:
        client.issue("WEB-5")
    assert missing.value.status_code == 404
    assert missing.value.text == "Issue does not exist or you do not have permission to see it."


def test_comments(client: JIRA) -> None:
    comment = client.add_comment("WEB-1", "First *draft*")
    assert comment.body == "First *draft*"
    assert comment.author.displayName == "Alex Admin"
    comment.update(body="Second draft")
    assert client.comment("WEB-1", comment.id).body == "Second draft"
    comment.delete()
    assert client.comments("WEB-1") == []


def test_search_follows_the_pages(client: JIRA) -> None:
    found = client.search_issues("project = WEB ORDER BY key ASC", maxResults=2)
    assert [issue.key for issue in found] == ["WEB-1", "WEB-2"]
    rest = client.enhanced_search_issues(
        "project = WEB ORDER BY key ASC", maxResults=2, nextPageToken=found.nextPageToken
    )
    assert [issue.key for issue in rest] == ["WEB-3", "WEB-4"]
    assert rest.nextPageToken is None
    every = client.search_issues("project in (WEB, PLAT, SUP)", maxResults=0, fields="summary,status")
    assert len(every) == 10
    assert every[0].fields.status.name
    assert client.approximate_issue_count("project = PLAT") == 4


def test_search_by_body(client: JIRA) -> None:
    found = client.enhanced_search_issues("project = SUP ORDER BY key", use_post=True, fields=["summary"])
    assert [issue.key for issue in found] == ["SUP-1", "SUP-2"]


def test_a_wrong_query_is_an_error(client: JIRA) -> None:
    with pytest.raises(JIRAError) as refused:
        client.search_issues("project = ")
    assert refused.value.status_code == 400
    assert refused.value.text


def test_what_surrounds_issues(client: JIRA) -> None:
    assert [project.key for project in client.projects()] == ["WEB", "PLAT", "SUP"]
    assert client.project("SUP").lead.displayName == "Dana Petrova"
    assert [kind.name for kind in client.issue_types_for_project("SUP")] == ["Task", "Bug"]
    assert client.issue_types()[0].name == "Epic"
    assert client.issue_type_by_name("Bug", project="SUP").name == "Bug"
    assert [priority.name for priority in client.priorities()][1] == "High"
    assert client.priority(client.priorities()[1].id).name == "High"
    assert "In Review" in [status.name for status in client.statuses()]
    assert client.resolutions()[0].name == "Done"
    assert "summary" in [field["id"] for field in client.fields()]
    assert "priority" in client.editmeta("WEB-1")["fields"]
    meta = client.createmeta(projectKeys="SUP", issuetypeNames="Bug", expand="projects.issuetypes.fields")
    assert meta["projects"][0]["issuetypes"][0]["fields"]["priority"]["required"]
    assert [one["name"] for one in client.transitions("SUP-1")] == ["Start review"]
    assert [user.displayName for user in client.search_users(query="chi")] == ["Chidi Okafor"]
    (assignable,) = client.search_assignable_users_for_issues(project="WEB", query="bea")
    assert assignable.displayName == "Bea Lindqvist"


def test_a_required_field_of_a_transition(client: JIRA) -> None:
    client.transition_issue("SUP-2", "Resolve", fields={"resolution": {"name": "Duplicate"}})
    assert client.issue("SUP-2").fields.resolution.name == "Duplicate"


def test_a_condition_hides_a_transition(client: JIRA) -> None:
    client.transition_issue("SUP-2", "Resolve", fields={"resolution": {"name": "Done"}})
    assert [one["name"] for one in client.transitions("SUP-2")] == ["Reopen"]
    client.issue("SUP-2").update(reporter={"accountId": client.myself()["accountId"]})
    client.transition_issue("SUP-2", "Close")
    assert client.issue("SUP-2").fields.status.name == "Closed"


def test_links_between_issues(client: JIRA) -> None:
    client.create_issue_link("Blocks", "WEB-3", "WEB-4", comment={"body": "Needs the new sizes"})
    (link,) = client.issue("WEB-3").fields.issuelinks
    assert (link.type.outward, link.outwardIssue.key) == ("blocks", "WEB-4")
    assert client.comments("WEB-3")[-1].body == "Needs the new sizes"
    (seen,) = client.issue("WEB-4").fields.issuelinks
    assert seen.inwardIssue.key == "WEB-3"
    assert client.issue_link(link.id).inwardIssue.key == "WEB-3"
    assert [kind.name for kind in client.issue_link_types()] == ["Blocks", "Cloners", "Duplicate", "Relates"]
    client.delete_issue_link(link.id)
    assert client.issue("WEB-4").fields.issuelinks == []
    # The client finds a type by its words as well.
    client.create_issue_link("is blocked by", "WEB-3", "WEB-4")
    assert client.issue("WEB-3").fields.issuelinks[0].type.name == "Blocks"


def test_links_to_pages_elsewhere(client: JIRA) -> None:
    simple = client.add_simple_link("WEB-4", {"url": "https://example.com/sizes", "title": "Sizes"})
    made = client.remote_link("WEB-4", str(simple.id))
    assert (made.object.title, made.object.url) == ("Sizes", "https://example.com/sizes")
    made.update(object={"url": "https://example.com/sizes", "title": "All sizes"}, globalId="a&b")
    (only,) = client.remote_links("WEB-4")
    assert (only.object.title, only.globalId) == ("All sizes", "a&b")
    client.delete_remote_link("WEB-4", global_id="a&b")
    assert client.remote_links("WEB-4") == []


def test_a_refused_field_is_told(client: JIRA) -> None:
    with pytest.raises(JIRAError) as refused:
        client.create_issue(project="WEB", issuetype="Task", summary="x", labels=["a b"])
    assert refused.value.text == "The label 'a b' contains spaces which is invalid."


def test_work_is_logged(client: JIRA) -> None:
    issue = client.create_issue(project="WEB", issuetype="Task", summary="x", timetracking={"originalEstimate": "1d"})
    started = datetime(2026, 1, 17, 12, 34, tzinfo=timezone(timedelta(hours=1)))
    worklog = client.add_worklog(issue, timeSpent="3h", comment="Looked *into* it", started=started)
    assert (worklog.timeSpentSeconds, worklog.comment) == (10800, "Looked *into* it")
    assert worklog.started == "2026-01-17T11:34:00.000+0000"
    client.add_worklog(issue, timeSpent="1h", adjustEstimate="new", newEstimate="2h", started=datetime(2026, 1, 18))
    tracked = client.issue(issue.key).fields.timetracking
    assert (tracked.timeSpent, tracked.remainingEstimate) == ("4h", "2h")
    worklog.update(timeSpent="2h")
    assert client.worklog(issue.key, worklog.id).timeSpent == "2h"
    worklog.delete(adjustEstimate="leave")
    assert [one.timeSpent for one in client.worklogs(issue.key)] == ["1h"]


def test_an_issue_is_followed(client: JIRA) -> None:
    issue = client.create_issue(project="WEB", issuetype="Task", summary="x")
    client.add_watcher(issue, "bea@example.com")
    client.add_vote(issue)
    watchers = client.watchers(issue)
    assert [user.displayName for user in watchers.watchers] == ["Alex Admin", "Bea Lindqvist"]
    assert client.votes(issue).hasVoted
    client.remove_watcher(issue, "bea@example.com")
    client.remove_vote(issue)
    fields = client.issue(issue.key).fields
    assert (fields.watches.watchCount, fields.votes.votes) == (1, 0)


def test_an_issue_has_properties(client: JIRA) -> None:
    client.add_issue_property("WEB-1", "risk", {"level": 3})
    assert client.issue_properties("WEB-1")[0].key == "risk"
    assert client.issue_property("WEB-1", "risk").value.level == 3


def test_attachments(client: JIRA, tmp_path: Path) -> None:
    path, content = tmp_path / "größe.csv", bytes(range(256)) * 100
    path.write_bytes(content)
    added = client.add_attachment("WEB-1", str(path))
    assert (added.filename, added.size, added.mimeType) == ("größe.csv", len(content), "text/csv")
    assert added.get() == content
    (listed,) = client.issue("WEB-1").fields.attachment
    assert b"".join(listed.iter_content()) == content
    assert client.attachment(added.id).filename == "größe.csv"
    assert client.attachment_meta()["enabled"]
    client.delete_attachment(added.id)
    assert client.issue("WEB-1").fields.attachment == []


def test_the_life_of_a_sprint(client: JIRA) -> None:
    (board,) = client.boards(projectKeyOrID="WEB")
    assert (board.name, board.type) == ("WEB board", "scrum")
    assert [sprint.name for sprint in client.sprints(board.id)] == ["WEB Sprint 1", "WEB Sprint 2", "WEB Sprint 3"]

    sprint = client.create_sprint("WEB Sprint 4", board.id, goal="Vouchers")
    assert client.add_issues_to_sprint(sprint.id, ["WEB-3"]).status_code == 204
    assert [issue.key for issue in client.search_issues(f"sprint = {sprint.id}")] == ["WEB-3"]
    assert client.issue("WEB-3").fields.customfield_10020[0].name == "WEB Sprint 4"

    dates = {"startDate": "2026-03-09T09:00:00.000Z", "endDate": "2026-03-20T17:00:00.000Z"}
    started = client.update_sprint(sprint.id, name=sprint.name, state="active", **dates)
    assert (started["state"], started["goal"]) == ("active", "")
    sprint = client.sprint(sprint.id)
    sprint.update(name="WEB Sprint 4", state="closed", **dates)
    assert client.sprint_info(board.id, sprint.id)["state"] == "closed"

    assert client.rank("WEB-3", next_issue="WEB-1").status_code == 204
    ranked = client.search_issues("project = WEB ORDER BY Rank")
    assert [issue.key for issue in ranked] == ["WEB-3", "WEB-1", "WEB-2", "WEB-4"]
    assert client.move_to_backlog(["WEB-2"]).status_code == 204
    assert client.add_issues_to_epic("WEB-1", ["WEB-3"]).status_code == 204
    assert client.issue("WEB-3").fields.parent.key == "WEB-1"

    future = client.sprint(next(one.id for one in client.sprints(board.id, state="future")))
    future.delete()
    board.delete()
    with pytest.raises(JIRAError, match="requested board cannot be viewed"):
        client.sprints(board.id)
