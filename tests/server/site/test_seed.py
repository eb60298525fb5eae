from __future__ import annotations

from importlib.resources import files
from typing import Any

import orjson
import pytest

from sandlot_server.jira.issue_fields import SYSTEM
from sandlot_server.site import seed_defaults
from sandlot_server.site.seed import Seed, SeedError
from sandlot_server.site.state import State

USER = {"displayName": "Ada", "emailAddress": "ada@example.com"}
PROJECT = {"key": "OPS", "name": "Operations", "lead": "ada@example.com"}


def seed(**parts: Any) -> Seed:
    return Seed(orjson.dumps({"sandlot": 1, "users": [USER], **parts}))


def workflow(**parts: Any) -> dict[str, Any]:
    """A workflow of one transition, with these parts beside."""
    statuses = [{"name": "Open", "category": "new"}]
    return {"name": "W", "statuses": statuses, "transitions": [{"name": "Go", "from": "*", "to": "Open", **parts}]}


ISSUE = {"key": "OPS-1", "type": "Task", "summary": "x"}


def linked(*links: dict[str, Any]) -> list[dict[str, Any]]:
    """Two issues, the first with these links."""
    return [{**ISSUE, "links": list(links)}, {**ISSUE, "key": "OPS-2"}]


def test_the_default_company_expands() -> None:
    acme = Seed(files("sandlot_server.site").joinpath("acme.json").read_bytes())
    state = State(acme.layer)
    assert acme.email == "admin@example.com"
    (issue,) = state.find("issue", "key", "WEB-2")
    parent = state.get("issue", issue["parent"])
    assert parent is not None
    assert parent["key"] == "WEB-1"
    (page,) = state.find("page", "title_key", "restore a backup")
    above = state.get("page", page["parent"])
    assert above is not None
    assert above["title"] == "Runbooks"


def test_the_same_bytes_make_the_same_rows() -> None:
    one, two = seed(projects=[PROJECT]), seed(projects=[PROJECT])
    assert one.layer.rows == two.layer.rows
    assert one.sha256 == two.sha256


def test_ids_are_salted() -> None:
    one, two = seed(projects=[PROJECT]), seed(projects=[PROJECT], ids=20000)
    assert one.layer.ids("project") != two.layer.ids("project")


def test_custom_fields_are_named_and_typed() -> None:
    fields = [{"name": "Notes", "type": "textarea"}, {"name": "Tester", "type": "user"}]
    issue = {"key": "OPS-1", "type": "Task", "summary": "x", "fields": {"Notes": "hi", "Tester": "ada@example.com"}}
    project = {**PROJECT, "requiredFields": {"Task": ["Tester", "priority"]}}
    made = seed(fields=fields, projects=[project], issues=[issue])
    notes, tester = made.layer.ids("field")
    (row,) = State(made.layer).find("issue", "key", "OPS-1")
    assert row[notes]["type"] == "doc"
    assert row[tester] == made.account_id
    (ops,) = State(made.layer).all("project")
    assert next(iter(ops["requiredFields"].values())) == [tester, "priority"]


def test_a_workflow_names_fields_and_conditions() -> None:
    parts = {
        "fields": {"Tester": {"required": True}, "comment": {"required": False}},
        "conditions": [{"kind": "subtasks-done"}, {"kind": "field-set", "field": "Tester"}],
    }
    made = State(seed(fields=[{"name": "Tester", "type": "user"}], workflows=[workflow(**parts)]).layer)
    (tester,) = made.all("field")
    (transition,) = made.all("workflow")[0]["transitions"]
    assert transition["fields"] == {tester["id"]: {"required": True}, "comment": {"required": False}}
    assert transition["conditions"] == [{"kind": "subtasks-done"}, {"kind": "field-set", "field": tester["id"]}]


def test_issues_are_linked_to_issues_and_pages() -> None:
    types = [{"name": "Causes", "inward": "is caused by", "outward": "causes"}]
    issues = linked({"type": "Causes", "outwardIssue": "OPS-2"})
    page = {"url": "https://example.com/x", "title": "X", "globalId": "x", "application": {"name": "Wiki"}}
    issues[1]["remoteLinks"] = [page]
    made = State(seed(issueLinkTypes=types, projects=[PROJECT], issues=issues).layer)
    one, two = made.all("issue")
    (link_type,) = made.all("issue_link_type")
    (link,) = made.all("issue_link")
    ends = {"inwardIssue": one["id"], "outwardIssue": two["id"]}
    assert link == {"id": link["id"], "type": link_type["id"], **ends}
    assert made.find("issue_link", "outwardIssue", two["id"]) == [link]
    (remote,) = made.find("remote_link", "issue", two["id"])
    assert remote == {
        **page,
        "id": remote["id"],
        "issue": two["id"],
        "summary": None,
        "relationship": None,
        "icon": {},
        "status": {},
    }


def test_a_project_has_components_and_versions_that_its_issues_name() -> None:
    parts = {
        "components": [{"name": "Mail", "lead": "ada@example.com"}],
        "versions": [{"name": "1.0", "released": True, "releaseDate": "2026-01-31"}],
    }
    issue = {**ISSUE, "components": ["Mail"], "fixVersions": ["1.0"], "versions": ["1.0"]}
    made = seed(projects=[{**PROJECT, **parts}], issues=[issue])
    state = State(made.layer)
    (component,), (version,), (row,) = (state.all(table) for table in ("component", "version", "issue"))
    assert (component["lead"], component["assigneeType"]) == (made.account_id, "PROJECT_DEFAULT")
    assert (version["released"], version["archived"], version["startDate"]) == (True, False, None)
    assert (row["components"], row["fixVersions"], row["versions"]) == (
        [component["id"]],
        [version["id"]],
        [version["id"]],
    )


def test_the_caller_administers_the_site_unless_the_seed_says_otherwise() -> None:
    bo = {"displayName": "Bo", "emailAddress": "bo@example.com"}

    def admins(*users: dict[str, Any], caller: str) -> list[str]:
        made = State(seed(users=list(users), caller=caller).layer)
        return [user["displayName"] for user in made.all("user") if user["admin"]]

    assert admins(USER, bo, caller="bo@example.com") == ["Bo"]
    assert admins({**USER, "admin": True}, {**bo, "admin": False}, caller="bo@example.com") == ["Ada"]


def test_a_new_issue_has_the_default_priority() -> None:
    def default(*names: str) -> list[str]:
        made = State(seed(priorities=[{"name": name} for name in names]).layer)
        return [row["name"] for row in made.all("priority") if row["isDefault"]]

    assert default("High", "Medium") == ["Medium"]
    assert default("P1", "P2") == ["P1"]


def test_an_issue_has_been_worked_on_and_is_followed() -> None:
    issue = {
        "key": "OPS-1",
        "type": "Task",
        "summary": "x",
        "timetracking": {"originalEstimate": "1d"},
        "worklogs": [
            {"author": "ada@example.com", "timeSpent": "1h 30m", "comment": "Began"},
            {"author": "ada@example.com", "timeSpent": "30m"},
        ],
        "watchers": ["ada@example.com", "bo@example.com"],
        "voters": ["bo@example.com"],
        "properties": {"risk": {"level": 3}},
    }
    others = {"displayName": "Bo", "emailAddress": "bo@example.com", "accountId": "bo"}
    ada = {"displayName": "Ada", "emailAddress": "ada@example.com", "accountId": "ada"}
    made = State(seed(users=[ada, others], projects=[PROJECT], issues=[issue]).layer)
    (row,) = made.all("issue")
    assert (row["timeoriginalestimate"], row["timeestimate"], row["timespent"]) == (28800, 21600, 7200)
    first, second = made.find("worklog", "issue", row["id"])
    assert (first["author"], first["timeSpentSeconds"], first["comment"]["type"]) == ("ada", 5400, "doc")
    assert (second["timeSpentSeconds"], second["comment"]) == (1800, None)
    here = {"issue": row["id"], "user": "bo"}
    assert made.all("watcher") == [{"id": f"{row['id']}:bo", **here, "watching": True}]
    assert made.all("vote") == [{"id": f"{row['id']}:bo", **here}]
    (found,) = made.find("issue_property", "issue", row["id"])
    assert (found["key"], found["value"], found["text"]) == ("risk", {"level": 3}, '{"level":3}')


def test_the_fields_that_a_seed_may_ask_for_can_be_set() -> None:
    assert set(seed_defaults.SETTABLE_FIELDS) == {
        field.id for field in SYSTEM.values() if field.read and not field.spread
    }


def test_a_new_issue_continues_the_numbers_of_its_project() -> None:
    issues = [{"key": "OPS-41", "type": "Task", "summary": "x"}]
    assert State(seed(projects=[PROJECT], issues=issues).layer).next_id("issue-number:OPS") == "42"


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"users": []}, "seed /users: "),
        ({"colour": 1}, "seed /: "),
        (
            {"projects": [{**PROJECT, "lead": "bob@example.com"}]},
            "seed /projects/0/lead: there is no user 'bob@example.com'",
        ),
        (
            {"projects": [{**PROJECT, "requiredFields": {"Task": ["Tester"]}}]},
            "seed /projects/0/requiredFields/Task: there is no field 'Tester' (known: none)",
        ),
        (
            {"workflows": [workflow(fields={"Tester": {"required": True}})]},
            "seed /workflows/0/transitions/0/fields: there is no field 'Tester' (known: none)",
        ),
        (
            {"workflows": [workflow(conditions=[{"kind": "assignee"}, {"kind": "field-set", "field": "comment"}])]},
            "seed /workflows/0/transitions/0/conditions/1/field: there is no field 'comment' (known: none)",
        ),
        (
            {"workflows": [workflow(conditions=[{"kind": "field-set"}])]},
            "seed /workflows/0/transitions/0/conditions/0: a condition 'field-set' names a field",
        ),
        (
            {"workflows": [workflow(conditions=[{"kind": "reporter", "field": "summary"}])]},
            "seed /workflows/0/transitions/0/conditions/0/field: a condition 'reporter' has no field",
        ),
        (
            {"workflows": [workflow(conditions=[{"kind": "moon"}])]},
            "seed /workflows/0/transitions/0/conditions/0/kind: ",
        ),
        (
            {"projects": [PROJECT], "issues": linked({"type": "Causes", "outwardIssue": "OPS-2"})},
            "seed /issues/0/links/0/type: there is no issue link type 'Causes' (known: Blocks, ",
        ),
        (
            {"projects": [PROJECT], "issues": linked({"type": "Blocks", "outwardIssue": "OPS-3"})},
            "seed /issues/0/links/0/outwardIssue: there is no issue 'OPS-3' (known: OPS-1, OPS-2)",
        ),
        (
            {"projects": [PROJECT], "issues": linked({"type": "Blocks", "outwardIssue": "OPS-1"})},
            "seed /issues/0/links/0/outwardIssue: OPS-1 cannot be linked to itself",
        ),
        (
            {"projects": [PROJECT], "issues": linked(*[{"type": "Blocks", "outwardIssue": "OPS-2"}] * 2)},
            "seed /issues/0/links/1: this link is there twice",
        ),
        (
            {"projects": [PROJECT], "issues": [{**ISSUE, "remoteLinks": [{"url": "https://example.com"}]}]},
            "seed /issues/0/remoteLinks/0: ",
        ),
        ({"projects": [PROJECT, PROJECT]}, "seed /projects/1/key: 'OPS' is there twice"),
        (
            {"projects": [{**PROJECT, "components": [{"name": "Mail"}, {"name": "Mail"}]}]},
            "seed /projects/0/components/1/name: 'Mail' is there twice",
        ),
        (
            {"projects": [{**PROJECT, "versions": [{"name": "1.0", "releaseDate": "2026-02-30"}]}]},
            "seed /projects/0/versions/0/releaseDate: '2026-02-30' is no date",
        ),
        (
            {"projects": [PROJECT], "issues": [{**ISSUE, "fixVersions": ["1.0"]}]},
            "seed /issues/0/fixVersions: there is no version of OPS '1.0' (known: none)",
        ),
        (
            {
                "projects": [PROJECT],
                "issues": [{"key": "OPS-1", "type": "Task", "summary": "x", "status": "Open"}],
            },
            "seed /issues/0/status: there is no status 'Open'",
        ),
        (
            {"spaces": [{"key": "ENG", "name": "E", "pages": [{"title": "A"}, {"title": "a"}]}]},
            "seed /spaces/0/pages/1/title: 'a' is there twice in the space",
        ),
        (
            {"spaces": [{"key": "ENG", "name": "E", "pages": [{"title": "A", "body": "<p>x"}]}]},
            "seed /spaces/0/pages/0/body: ",
        ),
    ],
)
def test_a_bad_seed_names_the_path(parts: dict[str, Any], message: str) -> None:
    with pytest.raises(SeedError) as raised:
        seed(**parts)
    assert str(raised.value).startswith(message)


def test_a_seed_that_is_not_json_says_so() -> None:
    with pytest.raises(SeedError, match="not JSON"):
        Seed(b"{")
