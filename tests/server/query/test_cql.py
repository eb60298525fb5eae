from __future__ import annotations

import pytest

from sandlot_server.query.cql import CqlError
from tests.server.query.conftest import World


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("type = page and space = eng", "Checklist, Engineering Home, Restore a backup, Runbooks"),
        ("space = HR", "HR, Holidays, People Home"),
        ("space.key in ('HR', \"ENG\") and type=space", "ENG, HR"),
        ("space = NOPE", ""),
        ("space != ENG and type = page", "Holidays, People Home"),
        ("space.title ~ people and type = page", "Holidays, People Home"),
        ("space.type = global and title = holidays", "Holidays"),
        ("type in (page, blogpost) and title = 'RESTORE a backup'", "Restore a backup"),
        ("type = blogpost", ""),
        ('title ~ "backups"', "Restore a backup"),
        ("title !~ home and space = HR and type != space", "Holidays"),
        ("title ~ rest*", "Restore a backup"),
        ('text ~ "writers stop"', "Restore a backup"),
        ('text ~ "\\"stop the writers\\""', "Restore a backup"),
        ("text ~ strong", ""),
        ("siteSearch ~ database", "Restore a backup"),
        ("sitesearch ~ build", "ENG"),
        ("label = runbook", "Restore a backup, Runbooks"),
        ("label in (Database, x)", "Restore a backup"),
        ("label = runbook and label != database", "Runbooks"),
        ("label = runbook AND NOT label = database", "Runbooks"),
        ("not (type = page or space = HR)", "ENG"),
        ("creator = ada and type = space", "ENG, HR"),
        ("creator = currentUser() and type = space", "ENG, HR"),
        ("contributor = bob", ""),
        ("created >= 2026-03-02 and type = space", "ENG, HR"),
        ("created = '2026/03/02' and type = space", "ENG, HR"),
        ("created != '2026/03/02'", ""),
        ('lastModified > now("-1d") and label = database', "Restore a backup"),
        ("lastmodified < startOfDay()", ""),
        ("created <= endOfMonth('-1M')", ""),
    ],
)
def test_what_is_found(world: World, text: str, titles: str) -> None:
    assert ", ".join(sorted(world.content(text))) == titles


def test_by_place_in_the_tree(world: World) -> None:
    runbooks, restore = world.page("Runbooks")["id"], world.page("Restore a backup")["id"]
    assert world.content(f"parent = {runbooks}") == ["Restore a backup"]
    assert sorted(world.content(f"ancestor = {runbooks}")) == ["Checklist", "Restore a backup"]
    assert world.content(f"ancestor in ({restore}, 1)") == ["Checklist"]
    assert world.content(f"id = {restore}") == ["Restore a backup"]
    assert sorted(world.content(f"content in ({restore}, {runbooks})")) == ["Restore a backup", "Runbooks"]


@pytest.mark.parametrize(
    ("order", "titles"),
    [
        ("title", ["Checklist", "Engineering Home", "Restore a backup", "Runbooks"]),
        ("title desc", ["Runbooks", "Restore a backup", "Engineering Home", "Checklist"]),
        ("lastmodified desc, title asc", ["Runbooks", "Checklist", "Engineering Home", "Restore a backup"]),
        ("created ASC, title", ["Checklist", "Engineering Home", "Restore a backup", "Runbooks"]),
        ("id", ["Engineering Home", "Runbooks", "Restore a backup", "Checklist"]),
    ],
)
def test_order(world: World, order: str, titles: list[str]) -> None:
    page = world.page("Runbooks")
    world.state.put("page", {**page, "versionCreatedAt": world.now + 1})
    assert world.content(f"space = ENG and type = page order by {order}") == titles


def test_what_changed_last_stands_first(world: World) -> None:
    page = world.page("Restore a backup")
    world.state.put("page", {**page, "versionCreatedAt": world.now + 1})
    assert world.content("space = ENG")[0] == "Restore a backup"


def test_only_current_pages_are_found(world: World) -> None:
    assert world.content("title ~ runbook") == ["Runbooks"]
    world.state.put("page", {**world.page("Runbooks"), "status": "trashed"})
    assert world.content("title ~ runbook") == []


def test_contributors_are_all_who_wrote_a_version(world: World) -> None:
    page = world.page("Checklist")
    version = {"id": f"{page['id']}:2", "page": page["id"], "number": 2, "author": "bob"}
    world.state.put("page_version", version)
    assert world.content("contributor = bob") == ["Checklist"]


def test_a_body_that_is_no_storage_format_is_searched_as_it_is(world: World) -> None:
    world.state.put("page", {**world.page("Checklist"), "body": "<p>oxygen"})
    assert world.content("text ~ oxygen") == ["Checklist"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "title",
        "title =",
        "title = a b",
        "title = 'a",
        "title = ''",
        "(title = a",
        "type = page and",
        "type = page order title",
        "order by title",
        "and = b",
        "title > a",
        "text = a",
        "text ~ now()",
        "created > soon",
        "created > now(soon)",
        "created > startOfDay(1, 2)",
        "created in ('2026-01-01')",
        "creator = nobody()",
        "title = currentUser()",
        "not " * 2000 + "title = a",
        "(" * 2000,
    ],
)
def test_what_cannot_be_parsed(world: World, text: str) -> None:
    with pytest.raises(CqlError) as raised:
        world.content(text)
    assert str(raised.value) == text


@pytest.mark.parametrize("text", ["status = current", "type = page order by status"])
def test_an_unknown_field_is_named_with_its_neighbours(world: World, text: str) -> None:
    with pytest.raises(CqlError) as raised:
        world.content(text)
    message = str(raised.value)
    assert message.startswith("No field exists with the name: 'status' Did you mean one of : ")
    assert "space" in message


def test_anonymous_callers_find_nothing(world: World) -> None:
    world.user = None
    assert world.content("type = page") == []
