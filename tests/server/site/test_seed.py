from __future__ import annotations

from importlib.resources import files
from typing import Any

import orjson
import pytest

from sandlot_server.site.seed import Seed, SeedError
from sandlot_server.site.state import State

USER = {"displayName": "Ada", "emailAddress": "ada@example.com"}
PROJECT = {"key": "OPS", "name": "Operations", "lead": "ada@example.com"}


def seed(**parts: Any) -> Seed:
    return Seed(orjson.dumps({"sandlot": 1, "users": [USER], **parts}))


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
        ({"projects": [PROJECT, PROJECT]}, "seed /projects/1/key: 'OPS' is there twice"),
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
