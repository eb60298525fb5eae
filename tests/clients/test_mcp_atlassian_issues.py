"""mcp-atlassian's tools for issues."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.clients.mcp import Host

BEA, ELIO = "5b10a2844c20165700ede22b", "5b10a2844c20165700ede25e"
MISSING = "Issue does not exist or you do not have permission to see it."


def fields(api: httpx.Client, key: str) -> dict[str, Any]:
    """What the site holds of an issue, with texts as wiki markup."""
    answer: dict[str, Any] = api.get(f"/rest/api/2/issue/{key}").raise_for_status().json()["fields"]
    return answer


def test_an_issue_is_read(mcp: Host) -> None:
    issue = mcp.call("jira_get_issue", issue_key="WEB-3", fields="*all", include="all")
    assert issue["summary"] == "Voucher field rejects lower-case codes"
    assert issue["description"] == "Codes are printed in capitals, but people type them as they like."
    assert issue["status"] == {"name": "To Do", "category": "To Do", "color": "blue-gray"}
    assert (issue["assignee"]["account_id"], issue["priority"]["name"]) == (BEA, "High")
    assert (issue["components"], issue["versions"]) == (["Checkout"], ["2026.1"])
    assert [comment["body"] for comment in issue["comments"]] == ["Three customers wrote to us about this today."]
    assert [change["name"] for change in issue["transitions"]] == ["To Do", "In Progress", "Done"]
    assert [user["email"] for user in issue["watchers"]["watchers"]] == ["bea@example.com"]
    named = mcp.call("jira_get_issue", issue_key="WEB-2", fields="*all", use_display_names=True)
    assert named["Story Points"]["value"] == 5
    assert "Issue WEB-99 not found" in mcp.refusal("jira_get_issue", issue_key="WEB-99")


def test_issues_are_searched(mcp: Host) -> None:
    jql = "project = WEB ORDER BY key"
    first = mcp.call("jira_search", jql=jql, limit=3, fields="summary,status")
    assert [issue["key"] for issue in first["issues"]] == ["WEB-1", "WEB-2", "WEB-3"]
    rest = mcp.call("jira_search", jql=jql, limit=3, page_token=first["next_page_token"])
    assert [issue["key"] for issue in rest["issues"]] == ["WEB-4"]
    assert "next_page_token" not in rest
    limited = mcp.call("jira_search", jql="status = Done OR status = Open", projects_filter="SUP")
    assert [issue["key"] for issue in limited["issues"]] == ["SUP-1"]
    assert "Field 'bogus' does not exist" in mcp.refusal("jira_search", jql="bogus = 1")
    assert "Error in the JQL Query" in mcp.refusal("jira_search", jql="project = ")


def test_the_issues_of_a_project(mcp: Host) -> None:
    found = mcp.call("jira_get_project_issues", project_key="SUP")
    assert sorted(issue["key"] for issue in found["issues"]) == ["SUP-1", "SUP-2"]
    # The tool takes a project that is not there for one without issues.
    assert mcp.call("jira_get_project_issues", project_key="NOPE")["issues"] == []


def test_an_issue_is_created(mcp: Host, api: httpx.Client) -> None:
    made = mcp.call(
        "jira_create_issue",
        project_key="WEB",
        issue_type="Story",
        summary="Pay by invoice",
        description="# Goal\n\n- a\n- **b**",
        assignee="elio@example.com",
        components="Checkout",
        additional_fields=json.dumps({"priority": {"name": "High"}, "labels": ["invoice"], "parent": "WEB-1"}),
    )
    assert made["message"] == "Issue created successfully"
    assert (made["issue"]["key"], made["issue"]["assignee"]["account_id"]) == ("WEB-5", ELIO)
    held = fields(api, "WEB-5")
    assert (held["summary"], held["description"]) == ("Pay by invoice", "h1. Goal\n\n* a\n* *b*")
    assert (held["issuetype"]["name"], held["priority"]["name"], held["labels"]) == ("Story", "High", ["invoice"])
    assert (held["parent"]["key"], [one["name"] for one in held["components"]]) == ("WEB-1", ["Checkout"])
    assert held["assignee"]["accountId"] == ELIO


def test_a_subtask_is_created(mcp: Host, api: httpx.Client) -> None:
    mcp.call(
        "jira_create_issue",
        project_key="WEB",
        issue_type="Subtask",
        summary="Write it",
        additional_fields=json.dumps({"parent": "WEB-3"}),
    )
    assert fields(api, "WEB-5")["issuetype"]["name"] == "Sub-task"


def test_issues_that_cannot_be_created(mcp: Host, api: httpx.Client) -> None:
    def refused(project_key: str, issue_type: str) -> str:
        return mcp.refusal("jira_create_issue", project_key=project_key, issue_type=issue_type, summary="New")

    assert "Specify a valid project ID or key" in refused("NOPE", "Story")
    assert "Specify a valid issue type" in refused("WEB", "Quest")
    assert "Priority is required." in refused("SUP", "Bug")
    assert api.get("/rest/api/3/issue/WEB-5").status_code == 404


def test_issues_are_created_by_one_call(mcp: Host, api: httpx.Client) -> None:
    sent = [
        {"project_key": "WEB", "summary": "One", "issue_type": "Task", "assignee": "bea@example.com"},
        {"project_key": "WEB", "summary": "Two", "issue_type": "Bug"},
    ]
    checked = mcp.call("jira_batch_create_issues", issues=json.dumps(sent), validate_only=True)
    assert checked == {"message": "Issues validated successfully", "issues": []}
    assert api.get("/rest/api/3/issue/WEB-5").status_code == 404
    made = mcp.call("jira_batch_create_issues", issues=json.dumps(sent))
    assert [issue["key"] for issue in made["issues"]] == ["WEB-5", "WEB-6"]
    assert (fields(api, "WEB-5")["assignee"]["accountId"], fields(api, "WEB-6")["summary"]) == (BEA, "Two")
    # It sends descriptions as documents to v2, which takes markup: these two issues are refused, each for itself.
    bad = [{**sent[0], "issue_type": "Quest"}, {**sent[0], "description": "First"}]
    made = mcp.call("jira_batch_create_issues", issues=json.dumps([*bad, {**sent[1], "summary": "Three"}]))
    assert [(issue["key"], issue["summary"]) for issue in made["issues"]] == [("WEB-7", "Three")]
    assert "Missing required fields" in mcp.refusal("jira_batch_create_issues", issues='[{"project_key": "WEB"}]')


def test_an_issue_is_updated(mcp: Host, api: httpx.Client) -> None:
    sent = {"summary": "Accept any case", "description": "As **typed**", "assignee": "elio@example.com"}
    updated = mcp.call(
        "jira_update_issue",
        issue_key="WEB-3",
        fields=json.dumps(sent),
        additional_fields=json.dumps({"labels": ["voucher"]}),
        components="Catalogue",
    )
    assert (updated["message"], updated["issue"]["summary"]) == ("Issue updated successfully", "Accept any case")
    held = fields(api, "WEB-3")
    assert (held["summary"], held["description"], held["labels"]) == ("Accept any case", "As *typed*", ["voucher"])
    assert (held["assignee"]["accountId"], held["components"][0]["name"]) == (ELIO, "Catalogue")
    priority = json.dumps({"priority": {"name": "Nope"}})
    assert "Priority name 'Nope' is not valid" in mcp.refusal("jira_update_issue", issue_key="WEB-3", fields=priority)
    assert MISSING in mcp.refusal("jira_update_issue", issue_key="WEB-99", fields='{"summary": "New"}')


def test_an_issue_is_assigned(mcp: Host, api: httpx.Client) -> None:
    mcp.call("jira_assign_issue", issue_key="WEB-1", assignee="bea@example.com")
    assert fields(api, "WEB-1")["assignee"]["accountId"] == BEA
    mcp.call("jira_assign_issue", issue_key="WEB-1")
    assert fields(api, "WEB-1")["assignee"] is None
    unknown = mcp.refusal("jira_assign_issue", issue_key="WEB-1", assignee="nobody@example.com")
    assert "nobody@example.com" in unknown
    assert MISSING in mcp.refusal("jira_assign_issue", issue_key="WEB-99", assignee="bea@example.com")


def test_an_issue_is_deleted(mcp: Host, api: httpx.Client) -> None:
    assert mcp.call("jira_delete_issue", issue_key="WEB-4")["message"] == "Issue WEB-4 has been deleted successfully."
    assert api.get("/rest/api/3/issue/WEB-4").status_code == 404
    assert MISSING in mcp.refusal("jira_delete_issue", issue_key="WEB-4")
    mcp.call("jira_delete_issue", issue_key="PLAT-2")
    assert api.get("/rest/api/3/issue/PLAT-3").status_code == 404, "a sub-task goes with its issue"


def test_an_issue_goes_through_its_workflow(mcp: Host, api: httpx.Client) -> None:
    offered = mcp.call("jira_get_transitions", issue_key="SUP-2")
    assert [change["name"] for change in offered] == ["Ask the customer", "Resolve"]
    resolve = str(offered[1]["id"])
    refused = mcp.refusal("jira_transition_issue", issue_key="SUP-2", transition_id=resolve)
    assert "Field Resolution is required." in refused
    moved = mcp.call(
        "jira_transition_issue",
        issue_key="SUP-2",
        transition_id=resolve,
        fields=json.dumps({"resolution": {"name": "Done"}}),
        comment="Paid back **today**",
    )
    assert moved["issue"]["status"]["name"] == "Resolved"
    held = fields(api, "SUP-2")
    assert (held["status"]["name"], held["resolution"]["name"]) == ("Resolved", "Done")
    assert [comment["body"] for comment in held["comment"]["comments"]] == ["Paid back *today*"]
    unknown = mcp.refusal("jira_transition_issue", issue_key="SUP-2", transition_id="999")
    assert "Transition id '999' is not valid for this issue." in unknown
    assert MISSING in mcp.refusal("jira_get_transitions", issue_key="SUP-99")


def test_comments(mcp: Host, api: httpx.Client) -> None:
    path = "/rest/api/2/issue/WEB-1/comment"
    added = mcp.call("jira_add_comment", issue_key="WEB-1", body="Hello *you*")
    assert added["author"] == "Alex Admin"
    assert [comment["body"] for comment in api.get(path).json()["comments"]] == ["Hello _you_"]
    mcp.call("jira_edit_comment", issue_key="WEB-1", comment_id=added["id"], body="Bye")
    assert [comment["body"] for comment in api.get(path).json()["comments"]] == ["Bye"]
    assert MISSING in mcp.refusal("jira_add_comment", issue_key="WEB-99", body="x")
    unknown = mcp.refusal("jira_edit_comment", issue_key="WEB-1", comment_id="99", body="x")
    assert "Can not find a comment for the id: 99." in unknown


def test_worklogs(mcp: Host, api: httpx.Client) -> None:
    added = mcp.call(
        "jira_add_worklog",
        issue_key="WEB-1",
        time_spent="1h 30m",
        comment="Drew *it*",
        started="2026-03-01T10:00:00.000+0000",
        remaining_estimate="4h",
    )
    assert added["worklog"]["time_spent_seconds"] == 5400
    (listed,) = mcp.call("jira_get_worklog", issue_key="WEB-1")["worklogs"]
    assert (listed["time_spent"], listed["comment"], listed["author"]) == ("1h 30m", "Drew *it*", "Alex Admin")
    assert listed["started"].startswith("2026-03-01 10:00:00")
    assert fields(api, "WEB-1")["worklog"]["worklogs"][0]["comment"] == "Drew _it_"
    assert fields(api, "WEB-1")["timetracking"]["remainingEstimate"] == "4h"
    # It sends the original estimate where a list of operations is due.
    estimated = mcp.call("jira_add_worklog", issue_key="WEB-1", time_spent="1h", original_estimate="1d")
    assert not estimated["worklog"]["original_estimate_updated"]
    assert MISSING in mcp.refusal("jira_get_worklog", issue_key="WEB-99")
    assert MISSING in mcp.refusal("jira_add_worklog", issue_key="WEB-99", time_spent="1h")


def test_watchers(mcp: Host, api: httpx.Client) -> None:
    def watching() -> list[str]:
        return [user["accountId"] for user in api.get("/rest/api/3/issue/WEB-2/watchers").json()["watchers"]]

    before = mcp.call("jira_get_issue_watchers", issue_key="WEB-2")
    assert (before["watcher_count"], before["is_watching"]) == (len(watching()), False)
    assert mcp.call("jira_add_watcher", issue_key="WEB-2", user_identifier=ELIO)["success"]
    assert ELIO in watching()
    assert mcp.call("jira_remove_watcher", issue_key="WEB-2", account_id=ELIO)["success"]
    assert ELIO not in watching()
    assert MISSING in mcp.refusal("jira_get_issue_watchers", issue_key="WEB-99")
    assert MISSING in mcp.refusal("jira_remove_watcher", issue_key="WEB-99", account_id=ELIO)
    unknown = mcp.refusal("jira_add_watcher", issue_key="WEB-2", user_identifier="nobody")
    assert "Specified user does not exist" in unknown


def test_changelogs(mcp: Host) -> None:
    mcp.call("jira_update_issue", issue_key="WEB-3", fields='{"summary": "Accept any case"}')
    (changed,) = mcp.call("jira_batch_get_changelogs", issue_ids_or_keys="WEB-3,WEB-2")
    (change,) = changed["changelogs"]
    assert change["author"]["display_name"] == "Alex Admin"
    assert [(item["field"], item["to_string"]) for item in change["items"]] == [("summary", "Accept any case")]
    assert mcp.call("jira_batch_get_changelogs", issue_ids_or_keys="WEB-3", fields="status") == []


def test_times_follow_from_the_changelog(mcp: Host) -> None:
    start, done = (str(one["id"]) for one in mcp.call("jira_get_transitions", issue_key="WEB-3")[1:])
    mcp.call("jira_transition_issue", issue_key="WEB-3", transition_id=start)
    mcp.call("jira_transition_issue", issue_key="WEB-3", transition_id=done)
    dates = mcp.call("jira_get_issue_dates", issue_key="WEB-3")
    assert [change["status"] for change in dates["status_changes"]] == ["To Do", "In Progress", "Done"]
    assert (dates["current_status"], dates["resolution_date"][:10]) == ("Done", "2026-03-02")
    metrics = mcp.call("jira_get_issue_sla", issue_key="WEB-3", metrics="cycle_time,time_in_status")["metrics"]
    assert metrics["cycle_time"]["calculated"]
    assert [one["status"] for one in metrics["time_in_status"]["statuses"]] == ["To Do", "In Progress", "Done"]
    for tool in ("jira_get_issue_dates", "jira_get_issue_sla"):
        missing = mcp.call(tool, issue_key="WEB-99")
        assert (missing["success"], missing["error"]) == (False, MISSING)


def test_development_information_is_not_served(mcp: Host) -> None:
    one = mcp.call("jira_get_issue_development_info", issue_key="WEB-2")
    assert "Development info is not available" in one["error"]
    many = mcp.call("jira_get_issues_development_info", issue_keys="WEB-2,WEB-3")
    assert ["Development info is not available" in each["error"] for each in many] == [True, True]


def test_moves_to_another_project_are_not_served(mcp: Host, api: httpx.Client) -> None:
    refused = mcp.refusal("jira_move_issue", issue_key="WEB-4", target_project_key="PLAT")
    assert "submitBulkMove" in refused
    assert fields(api, "WEB-4")["project"]["key"] == "WEB"
    assert MISSING in mcp.refusal("jira_move_issue", issue_key="WEB-99", target_project_key="PLAT")
