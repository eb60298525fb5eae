from __future__ import annotations

import pytest

from sandlot_server.query.jql import JqlError
from tests.server.query.conftest import World

HOUR = 3_600_000


@pytest.fixture
def moved(world: World) -> World:
    """WEB-2 goes to In Progress by Ada an hour in and is done by Bob two days later; its assignee leaves with that."""
    status = {row["name"]: row["id"] for row in world.state.all("status")}
    issue, start = world.issue("WEB-2"), world.now

    def change(number: int, author: str, at: int, *items: tuple[str, str | None, str | None]) -> None:
        changed = [{"fieldId": field, "field": field, "from": old, "to": new} for field, old, new in items]
        row = {"id": str(number), "issue": issue["id"], "author": author, "created": at, "items": changed}
        world.state.put("changelog", row)

    change(1, "ada", start + HOUR, ("status", status["To Do"], status["In Progress"]))
    done = ("status", status["In Progress"], status["Done"])
    change(2, "bob", start + 48 * HOUR, done, ("assignee", "bob", None))
    world.state.put("issue", {**issue, "status": status["Done"], "assignee": None})
    world.now = start + 72 * HOUR
    return world


@pytest.mark.parametrize(
    "predicate",
    [
        "status was 'In Progress'",
        "status was in ('In Progress', Done)",
        "status was 'To Do' before 2026-03-03",
        "status was 'In Progress' on 2026-03-03",
        "status was 'In Progress' during (2026-03-03, 2026-03-04)",
        "status was 'In Progress' by ada",
        "status was Done after -1d",
        "assignee was bob",
        "assignee was empty",
        "status was not 'In Progress' by bob",
        "status changed",
        "status changed from 'To Do'",
        "status changed to Done",
        "status changed from 'In Progress' to (Done, 'To Do') by (ada, bob)",
        "status changed by currentUser() on 2026-03-02",
        "status changed after startOfDay(-1) before now()",
        "status changed during (2026-03-04, now())",
        "assignee changed from bob to empty",
    ],
)
def test_found(moved: World, predicate: str) -> None:
    assert moved.issues(f"key = WEB-2 and {predicate}") == ["WEB-2"]


@pytest.mark.parametrize(
    "predicate",
    [
        "status was Done before 2026-03-03",
        "status was 'To Do' after 2026-03-03",
        "status was 'In Progress' by bob",
        "status was 'To Do' on 2026-03-04",
        "status was not 'In Progress'",
        "status was not in (Done, 'To Do')",
        "assignee was ada",
        "status changed from Done",
        "status changed to Done by ada",
        "status changed after -1h",
        "status changed on 2026-03-03",
        "priority changed",
        "not status changed",
    ],
)
def test_not_found(moved: World, predicate: str) -> None:
    assert moved.issues(f"key = WEB-2 and {predicate}") == []


def test_without_a_history_a_field_was_what_it_is(world: World) -> None:
    assert world.issues("status was Done") == ["WEB-1"]
    assert world.issues("status changed") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("status was Nope", "The value 'Nope' does not exist for the field 'status'."),
        ("status changed from Nope", "The value 'Nope' does not exist for the field 'status'."),
        ("status changed by carol", "The value 'carol' does not exist for the field 'by'."),
        (
            "status changed after currentUser()",
            "A date for the predicate 'after' provided by the function 'currentUser' is not valid.",
        ),
        ("status changed after x()", "Unable to find JQL function 'x()'."),
        ("status changed before (-1d, -2d)", "The BEFORE predicate must be supplied with only 1 date value."),
        ("status changed during -1d", "The DURING predicate must be supplied with exactly 2 date values."),
        (
            "status changed after 20/12/10",
            "Error in the JQL Query: The character '/' is a reserved JQL character. You must enclose it in a string or"
            r" use the escape '\u002f' instead. (line 1, character 24)",
        ),
        (
            "status changed after '20/12/10'",
            "Date value '20/12/10' for predicate 'after' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm',"
            " 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.",
        ),
    ],
)
def test_refusals(world: World, text: str, message: str) -> None:
    with pytest.raises(JqlError) as raised:
        world.issues(text)
    assert raised.value.messages == [message]
