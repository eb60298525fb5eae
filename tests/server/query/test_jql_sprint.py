from __future__ import annotations

import pytest

from sandlot_server.query.jql import JqlError
from sandlot_server.site.software import RANK, SPRINT, rank_between, rank_of
from tests.server.query.conftest import World


@pytest.fixture
def sprints(world: World) -> World:
    """OPS-2 was in a closed sprint and is in an active one, OPS-3 waits for a future one."""
    for number, state in (("5", "closed"), ("6", "active"), ("7", "future")):
        world.state.put("sprint", {"id": number, "name": f"Sprint {number}", "state": state, "board": "1"})
    for key, held in (("OPS-2", ["5", "6"]), ("OPS-3", ["7"]), ("WEB-1", ["5"])):
        world.state.put("issue", {**world.issue(key), SPRINT: held})
    return world


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("sprint = 6", "OPS-2"),
        ("sprint = 'sprint 7'", "OPS-3"),
        ("cf[10020] = 5", "WEB-1 OPS-2"),
        ("sprint in (6, 7)", "OPS-3 OPS-2"),
        ("sprint in openSprints()", "OPS-2"),
        ("sprint in closedSprints()", "WEB-1 OPS-2"),
        ("sprint in FUTURESPRINTS()", "OPS-3"),
        ("sprint not in openSprints()", "WEB-1 OPS-3"),
        ("sprint is EMPTY", "WEB-2 OPS-1"),
        ("sprint is not EMPTY and project = OPS", "OPS-3 OPS-2"),
        ("sprint != 6", "WEB-1 OPS-3"),
        ("project = OPS order by sprint desc", "OPS-1 OPS-3 OPS-2"),
    ],
)
def test_sprints_are_found(sprints: World, where: str, found: str) -> None:
    assert " ".join(sprints.issues(where)) == found


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("sprint = 9", "A value with ID '9' does not exist for the field 'sprint'."),
        ("Sprint = Later", "The value 'Later' does not exist for the field 'Sprint'."),
        ("sprint > 5", "The operator '>' is not supported by the 'sprint' field."),
        (
            "sprint = openSprints()",
            "Operator '=' does not support the list value 'openSprints()' for field 'sprint'.",
        ),
        ("sprint in openSprints(1)", "Function 'openSprints' expected '0' arguments but received '1'."),
        ("sprint in allSprints()", "Unable to find JQL function 'allSprints()'."),
        ("project in openSprints()", "Unable to find JQL function 'openSprints()'."),
    ],
)
def test_what_a_sprint_is_not(sprints: World, where: str, text: str) -> None:
    with pytest.raises(JqlError) as refused:
        sprints.issues(where)
    assert refused.value.messages == [text]


def test_issues_are_ordered_by_rank(world: World) -> None:
    top = rank_between(None, rank_of(world.issue("OPS-1")))
    world.state.put("issue", {**world.issue("WEB-2"), RANK: top})
    assert world.issues("project in (OPS, WEB) ORDER BY Rank") == ["WEB-2", "OPS-1", "OPS-2", "OPS-3", "WEB-1"]
    assert world.issues("project = WEB ORDER BY rank DESC") == ["WEB-1", "WEB-2"]
    assert world.issues("project = WEB ORDER BY cf[10019]") == ["WEB-2", "WEB-1"]
