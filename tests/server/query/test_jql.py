from __future__ import annotations

import pytest

from sandlot_server.query.jql import JqlError
from tests.server.query.conftest import World


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("project = OPS", "OPS-1 OPS-2 OPS-3"),
        ("project = 'web shop'", "WEB-1 WEB-2"),
        ("project in (ops, WEB) and type = bug", "OPS-3 WEB-2"),
        ("project not in (OPS)", "WEB-1 WEB-2"),
        ("project is empty", ""),
        ("key = ops-2", "OPS-2"),
        ("issuekey in (OPS-2, WEB-1)", "OPS-2 WEB-1"),
        ("key != OPS-2 and project = OPS", "OPS-1 OPS-3"),
        ("issue > OPS-1", "OPS-2 OPS-3"),
        ("key <= OPS-2", "OPS-1 OPS-2"),
        ("issuetype in (Epic, Story)", "OPS-1 WEB-1"),
        ("status = 'in progress'", "OPS-3"),
        ("status not in ('To Do', Done)", "OPS-3"),
        ("statusCategory = 'To Do'", "OPS-1 OPS-2 WEB-2"),
        ("statusCategory != done and project = WEB", "WEB-2"),
        ("assignee = bob", "OPS-3 WEB-2"),
        ("assignee = 'Ada Byron' or assignee = 'BOB@example.com'", "OPS-2 OPS-3 WEB-2"),
        ("assignee = currentUser()", "OPS-2"),
        ("assignee is empty", "OPS-1 WEB-1"),
        ("assignee != bob", "OPS-2"),
        ("not assignee = bob", "OPS-2"),
        ("not (assignee = bob or assignee is empty)", "OPS-2"),
        ("assignee in (ada, empty)", "OPS-1 OPS-2 WEB-1"),
        ("reporter = bob", "WEB-2"),
        ("creator = bob", "WEB-2"),
        ("priority = highest", "OPS-3"),
        ("priority > Medium", "OPS-1 OPS-3"),
        ("priority <= Medium", "OPS-2 WEB-1 WEB-2"),
        ("resolution = Unresolved and project = WEB", "WEB-2"),
        ("resolution is not empty", "WEB-1"),
        ("resolution = done", "WEB-1"),
        ("labels = BACKUP", "OPS-2"),
        ("labels in (nightly, speed)", "OPS-2 WEB-1"),
        ("labels != nightly", "WEB-1"),
        ("labels is empty and project = WEB", "WEB-2"),
        ("labels = unheard-of", ""),
        ("parent = OPS-1", "OPS-2"),
        ("'Epic Link' = OPS-1", "OPS-2"),
        ("parent is empty and project = OPS", "OPS-1 OPS-3"),
        ("summary ~ restore", "OPS-1 OPS-2"),
        ("summary ~ '\"restoring a backup\"'", "OPS-2"),
        ("summary !~ backup and project = OPS", "OPS-3"),
        ("description ~ 'read-only'", "OPS-3"),
        ("description is empty and project = OPS", "OPS-1 OPS-2"),
        ("comment ~ log", "OPS-3"),
        ("text ~ 'disk'", "OPS-3"),
        ("text ~ nightly", "OPS-3"),
        ("backup restore", "OPS-1 OPS-2"),
        ("due < now()", "OPS-3"),
        ("duedate <= now()", "OPS-2 OPS-3"),
        ("due = '2026-03-02'", "OPS-2"),
        ("due >= startOfDay() and due <= endOfDay(7)", "OPS-2"),
        ("due is empty and project = OPS", "OPS-1"),
        ("created >= -2h and project = WEB", "WEB-1 WEB-2"),
        ("created < '2026/01/01'", ""),
        ("resolved is not empty", "WEB-1"),
        ("'story POINTS' > 3", "OPS-3"),
        ("'Story points' in (3, 5)", "OPS-2"),
        ("Team = red", "OPS-2"),
        ("Team != blue", "OPS-2"),
        ("Reviewer = bob", "OPS-2"),
        ("'Go live' > 2026-03-31", "OPS-2"),
        ("Notes is empty and key = OPS-1", "OPS-1"),
        ("component is empty and project = WEB", "WEB-1 WEB-2"),
        ("fixVersion is not empty", ""),
        ("project = OPS and (labels = backup or priority = Highest)", "OPS-2 OPS-3"),
    ],
)
def test_what_is_found(world: World, text: str, keys: str) -> None:
    assert sorted(world.issues(text)) == keys.split()


def test_custom_fields_by_number_and_ids(world: World) -> None:
    points = next(row for row in world.state.all("field") if row["name"] == "Story points")
    assert world.issues(f"cf[{points['id'].removeprefix('customfield_')}] = 8") == ["OPS-3"]
    issue = world.issue("OPS-3")
    assert world.issues(f"id = {issue['id']}") == ["OPS-3"]
    by_ids = f"project = {issue['project']} and status = {issue['status']} and issuetype = {issue['issuetype']}"
    assert world.issues(by_ids) == ["OPS-3"]
    (option,) = (one for row in world.state.all("field") for one in row["options"] if one["value"] == "Red")
    assert world.issues(f"Team = {option['id']}") == ["OPS-2"]


def test_without_an_order_the_newest_first(world: World) -> None:
    assert world.issues("type = Bug") == ["WEB-2", "OPS-3"]


@pytest.mark.parametrize(
    ("order", "keys"),
    [
        ("key", "OPS-1 OPS-2 OPS-3 WEB-1 WEB-2"),
        ("key desc", "WEB-2 WEB-1 OPS-3 OPS-2 OPS-1"),
        ("project desc, key asc", "WEB-1 WEB-2 OPS-1 OPS-2 OPS-3"),
        ("priority, key", "OPS-3 OPS-1 OPS-2 WEB-2 WEB-1"),
        ("priority asc, key", "WEB-1 OPS-2 WEB-2 OPS-1 OPS-3"),
        ("assignee, key", "OPS-2 OPS-3 WEB-2 OPS-1 WEB-1"),
        ("assignee desc, key", "OPS-1 WEB-1 OPS-3 WEB-2 OPS-2"),
        ("due asc, key", "OPS-3 OPS-2 OPS-1 WEB-1 WEB-2"),
        ("summary", "OPS-1 WEB-2 WEB-1 OPS-3 OPS-2"),
        ("statusCategory desc, 'Story points' asc, key", "WEB-1 OPS-3 OPS-2 OPS-1 WEB-2"),
        ("rank", "OPS-1 OPS-2 OPS-3 WEB-1 WEB-2"),
        ("created", "WEB-2 WEB-1 OPS-3 OPS-2 OPS-1"),
        ("created asc", "OPS-1 OPS-2 OPS-3 WEB-1 WEB-2"),
    ],
)
def test_order(world: World, order: str, keys: str) -> None:
    assert world.issues(f"project is not empty order by {order}") == keys.split()


def test_what_a_call_has_staged_is_found(world: World) -> None:
    issue = world.issue("WEB-2")
    world.state.put("issue", {**issue, "assignee": None, "summary": "Renamed"})
    assert world.issues("project = WEB and assignee is empty and summary ~ renamed") == ["WEB-2"]
    world.state.delete("issue", issue["id"])
    assert world.issues("project = WEB") == ["WEB-1"]


FORMATS = (
    "Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd',"
    " or a period format e.g. '-5d', '4w 2d'."
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
        ("project = 99999", "A value with ID '99999' does not exist for the field 'project'."),
        ("Status = Open", "The value 'Open' does not exist for the field 'Status'."),
        ("type in (Bug, Defect)", "The value 'Defect' does not exist for the field 'type'."),
        ("assignee = carol", "The value 'carol' does not exist for the field 'assignee'."),
        ("Team = Green", "The value 'Green' does not exist for the field 'Team'."),
        ("fixVersion = 1.0", "The value '1.0' does not exist for the field 'fixVersion'."),
        ("key = OPS-99", "An issue with key 'OPS-99' does not exist for field 'key'."),
        ("key = OPS", "The issue key 'OPS' for field 'key' is invalid."),
        ("id = 1", "An issue with ID '1' does not exist for field 'id'."),
        ("colour = red", "Field 'colour' does not exist or you do not have permission to view it."),
        ("cf[1] = 2", "Field 'cf[1]' does not exist or you do not have permission to view it."),
        ("project > OPS", "The operator '>' is not supported by the 'project' field."),
        ("summary = x", "The operator '=' is not supported by the 'summary' field."),
        ("summary IN (x)", "The operator 'in' is not supported by the 'summary' field."),
        ("status ~ Done", "The operator '~' is not supported by the 'status' field."),
        ("key is empty", "The operator 'is' is not supported by the 'key' field."),
        ("text is not empty", "The operator 'is not' is not supported by the 'text' field."),
        ("key in (OPS-1, empty)", "The field 'key' does not support searching for EMPTY values."),
        ("text ~ ''", "The field 'text' does not support searching for an empty string."),
        ("text ~ '*fail'", "The text query '*fail' for field 'text' is not allowed to start with '*'."),
        ("summary was x", "History searches do not support the 'summary' field."),
        ("assignee = membersOf(a, b)", "Unable to find JQL function 'membersOf(a, b)'."),
        ("assignee not in membersOf(a)", "Unable to find JQL function 'membersOf(a)'."),
        ("status = now()", "A value provided by the function 'now' is invalid for the field 'status'."),
        (
            "created > currentUser()",
            "A value provided by the function 'currentUser' is invalid for the field 'created'.",
        ),
        (
            "assignee in currentUser()",
            "Operator 'in' does not support the non-list value 'currentUser()' for field 'assignee'.",
        ),
        ("assignee = currentUser(1)", "Function 'currentUser' expected '0' arguments but received '1'."),
        ("created > now(-1d)", "Function 'now' expected '0' arguments but received '1'."),
        (
            "created > startOfDay(soon)",
            "Duration for function 'startOfDay' should have the format (+/-)n(yMwdm), e.g -1M for 1 month earlier.",
        ),
        ("created > yesterday", f"Date value 'yesterday' for field 'created' is invalid. {FORMATS}"),
        ("due = tomorrow", f"Date value 'tomorrow' for field 'due' is invalid. {FORMATS}"),
        ("project = OPS order by colour", "Not able to sort using field 'colour'."),
        ("project = OPS order by comment", "Not able to sort using field 'comment'."),
        ("order by key", "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."),
        ("", "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."),
        (
            "project =",
            "Error in the JQL Query: Expecting either a value, list or function before the end of the query.",
        ),
    ],
)
def test_refusals(world: World, text: str, message: str) -> None:
    with pytest.raises(JqlError) as raised:
        world.issues(text)
    assert raised.value.messages == [message]


def test_eight_fields_are_too_many_to_order_by(world: World) -> None:
    assert world.issues("project = WEB order by key, id, due, type, status, labels, created")
    with pytest.raises(JqlError):
        world.issues("project = WEB order by key, id, due, type, status, labels, created, updated")


def test_every_fault_is_told_once(world: World) -> None:
    with pytest.raises(JqlError) as raised:
        world.issues("project in (X, Y) and (colour = red or project = X) order by smell")
    assert raised.value.messages == [
        "The value 'X' does not exist for the field 'project'.",
        "The value 'Y' does not exist for the field 'project'.",
        "Field 'colour' does not exist or you do not have permission to view it.",
        "Not able to sort using field 'smell'.",
    ]


def test_anonymous_callers_find_nothing(world: World) -> None:
    world.user = None
    assert world.issues("project = OPS") == []
    with pytest.raises(JqlError):
        world.issues("project = ")
