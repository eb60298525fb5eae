"""`Jira` of atlassian-python-api, unmodified, on what surrounds an issue, and on what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from atlassian import Jira
from requests import HTTPError


@pytest.fixture
def client(live_site: dict[str, Any]) -> Iterator[Any]:
    client = Jira(url=live_site["baseUrl"], username=live_site["email"], password=live_site["token"], cloud=True)
    yield client
    client.close()


def account(client: Any, query: str) -> str:
    (user,) = client.user_find_by_user_string(query=query)
    found: str = user["accountId"]
    return found


def status_of(call: Callable[[], Any]) -> int:
    """The status of the refusal that a call ends in."""
    with pytest.raises(HTTPError) as refused:
        call()
    assert refused.value.response is not None
    return refused.value.response.status_code


def test_several_issues_at_once(client: Any) -> None:
    task = {"project": {"key": "WEB"}, "issuetype": {"name": "Task"}}
    made = client.create_issues([{"fields": {**task, "summary": "One"}}, {"fields": {**task, "summary": ""}}])
    assert [one["key"] for one in made["issues"]] == ["WEB-5"]
    assert [one["failedElementNumber"] for one in made["errors"]] == [1]


def test_an_issue_is_created_or_changed(client: Any) -> None:
    task = {"project": {"key": "WEB"}, "issuetype": {"name": "Task"}, "summary": "One"}
    made = client.issue_create_or_update(dict(task))
    client.issue_create_or_update({"issuekey": made["key"], "summary": "Two"})
    assert client.issue_field_value(made["key"], "summary") == "Two"


def test_labels(client: Any) -> None:
    client.label_issue("WEB-4", ["sizes", "docs"])
    client.unlabel_issue("WEB-4", ["docs"])
    assert client.get_issue_labels("WEB-4") == ["sizes"]
    client.issue_field_value_append("WEB-4", "labels", "guide")
    assert client.get_issue_labels("WEB-4") == ["guide", "sizes"]
    assert status_of(lambda: client.label_issue("WEB-4", ["a b"])) == 400


def test_worklogs(client: Any) -> None:
    made = client.issue_worklog("WEB-4", "2026-03-01T08:00:00.000+0000", 5400, "Measured")
    assert (made["timeSpent"], made["comment"]) == ("1h 30m", "Measured")
    client.issue_add_json_worklog("WEB-4", {"timeSpent": "1h"})
    listed = client.issue_get_worklog("WEB-4")
    assert [one["timeSpentSeconds"] for one in listed["worklogs"]] == [5400, 3600]
    assert status_of(lambda: client.issue_add_json_worklog("WEB-4", {"timeSpent": "a while"})) == 400


def test_watchers(client: Any) -> None:
    bea = account(client, "bea")
    client.issue_add_watcher("WEB-4", bea)
    assert bea in [one["accountId"] for one in client.issue_get_watchers("WEB-4")["watchers"]]
    client.issue_delete_watcher("WEB-4", account_id=bea)
    assert bea not in [one["accountId"] for one in client.issue_get_watchers("WEB-4")["watchers"]]


def test_links_between_issues(client: Any) -> None:
    link = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "WEB-3"}, "outwardIssue": {"key": "WEB-4"}}
    client.create_issue_link(link)
    (made,) = client.issue_field_value("WEB-3", "issuelinks")
    assert client.get_issue_link(made["id"])["outwardIssue"]["key"] == "WEB-4"
    assert client.get_issue_tree_recursive("WEB-4") == [{"WEB-4": "WEB-3"}]
    client.remove_issue_link(made["id"])
    assert status_of(lambda: client.get_issue_link(made["id"])) == 404
    assert status_of(lambda: client.create_issue_link({**link, "type": {"name": "Envies"}})) == 404


def test_types_of_links(client: Any) -> None:
    assert client.get_issue_link_types_names() == ["Blocks", "Cloners", "Duplicate", "Relates"]
    made = client.create_issue_link_type("Causes", "is due to", "causes")
    assert client.get_issue_link_type(made["id"])["outward"] == "causes"


def test_links_to_pages_elsewhere(client: Any) -> None:
    made = client.create_or_update_issue_remote_links("WEB-4", "https://example.com/s", "Sizes", global_id="s")
    client.create_or_update_issue_remote_links("WEB-4", "https://example.com/s", "All sizes", global_id="s")
    assert [one["object"]["title"] for one in client.get_issue_remote_links("WEB-4")] == ["All sizes"]
    client.update_issue_remote_link_by_id("WEB-4", made["id"], "https://example.com/t", "Tables")
    assert client.get_issue_remote_link_by_id("WEB-4", made["id"])["object"]["url"] == "https://example.com/t"
    client.delete_issue_remote_link_by_id("WEB-4", made["id"])
    assert client.get_issue_remote_links("WEB-4") == []
    assert status_of(lambda: client.get_issue_remote_links("WEB-99")) == 404


def test_properties(client: Any) -> None:
    client.set_issue_property("WEB-1", "risk", {"level": 3})
    assert client.get_issue_property("WEB-1", "risk") == {"key": "risk", "value": {"level": 3}}
    assert [one["key"] for one in client.get_issue_property_keys("WEB-1")["keys"]] == ["risk"]
    client.delete_issue_property("WEB-1", "risk")
    assert status_of(lambda: client.get_issue_property("WEB-1", "risk")) == 404


def test_transitions(client: Any) -> None:
    (one,) = client.get_issue_transitions("SUP-1")
    client.set_issue_status_by_transition_id("SUP-1", one["id"])
    assert client.get_issue_status("SUP-1") == "In Review"
    full = client.get_issue_transitions_full("SUP-1", expand="transitions.fields")
    resolve = next(one for one in full["transitions"] if one["name"] == "Resolve")
    assert resolve["fields"]["resolution"]["required"]
    assert status_of(lambda: client.set_issue_status_by_transition_id("SUP-1", 999)) == 400


def test_a_transition_to_a_status(client: Any) -> None:
    client.issue_transition("WEB-3", "In Progress")
    assert client.get_issue_status("WEB-3") == "In Progress"
    fields = {"resolution": {"name": "Duplicate"}}
    client.set_issue_status("SUP-2", "Resolved", fields=fields)
    assert client.issue_field_value("SUP-2", "resolution")["name"] == "Duplicate"


def test_the_history_of_issues(client: Any) -> None:
    client.issue_update("WEB-1", {"summary": "a"})
    client.issue_update("WEB-1", {"summary": "b"})
    page = client.get_issue_changelog("WEB-1", start=1, limit=1)
    assert (page["total"], page["values"][0]["items"][0]["toString"]) == (2, "b")
    bulk = client.get_changelogs_bulk(["WEB-1", "WEB-2"])
    assert [len(one["changeHistories"]) for one in bulk["issueChangeLogs"]] == [2]


def test_comments_by_their_ids(client: Any) -> None:
    made = client.issue_add_comment("WEB-1", "One")
    found = client.issues_get_comments_by_id(int(made["id"]))
    assert [one["body"] for one in found["values"]] == ["One"]
    assert status_of(lambda: client.issue_get_comment("WEB-1", "987654")) == 404


def test_which_issues_a_query_matches(client: Any) -> None:
    ids = [int(client.issue(key, fields="id")["id"]) for key in ("WEB-1", "PLAT-1")]
    matches = client.match_jql(ids, ["project = PLAT"])["matches"]
    assert [one["matchedIssues"] for one in matches] == [[ids[1]]]


def test_many_issues_by_key(client: Any) -> None:
    found, missing = client.bulk_issue(["WEB-1", "PLAT-2"], fields="summary")
    assert {issue["key"] for issue in found["issues"]} == {"WEB-1", "PLAT-2"}
    assert missing == []
    keys = [issue["key"] for issue in client.enhanced_jql_get_list_of_tickets("project = SUP ORDER BY key")]
    assert keys == ["SUP-1", "SUP-2"]


def test_a_file_from_disk(client: Any, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("One", encoding="utf-8")
    (added,) = client.add_attachment("WEB-1", str(tmp_path / "notes.txt"))
    assert client.get_attachment(added["id"])["filename"] == "notes.txt"
    assert status_of(lambda: client.get_attachment("987654")) == 404


def test_what_an_issue_needs(client: Any) -> None:
    types = {one["name"]: one["id"] for one in client.issue_createmeta_issuetypes("SUP")["issueTypes"]}
    fields = client.issue_createmeta_fieldtypes("SUP", types["Bug"])["fields"]
    assert next(one for one in fields if one["fieldId"] == "priority")["required"]
    assert client.issue_editmeta("SUP-1")["fields"]["summary"]["required"]


def test_what_is_refused(client: Any) -> None:
    assert status_of(lambda: client.jql("mood = good")) == 400
    assert status_of(lambda: client.delete_issue("PLAT-2", delete_subtasks=False)) == 400
    assert status_of(lambda: client.assign_issue("WEB-1", "nobody")) == 400
    assert status_of(lambda: client.issue_add_comment("WEB-99", "x")) == 404
    assert status_of(lambda: client.issue_update("WEB-1", {"summary": ""})) == 400


def test_a_wrong_token(live_site: dict[str, Any]) -> None:
    client: Any = Jira(url=live_site["baseUrl"], username=live_site["email"], password="wrong", cloud=True)
    assert status_of(client.myself) == 401
    assert status_of(lambda: client.issue("WEB-1")) == 401
    client.close()
