from __future__ import annotations

from typing import Any

import orjson
import pytest

from sandlot_server.site.seed import Seed, SeedError
from sandlot_server.site.software import SPRINT

SPRINTS = [
    {"name": "One", "state": "closed", "startDate": "2026-02-02T09:00:00Z", "endDate": "2026-02-13T17:00:00Z"},
    {"name": "Two"},
]
BOARD: dict[str, Any] = {"name": "OPS board", "project": "OPS", "type": "scrum", "sprints": SPRINTS}


def seed(*boards: dict[str, Any], **issue: Any) -> Seed:
    document = {
        "sandlot": 1,
        "clock": "2026-03-02T09:00:00Z",
        "users": [{"displayName": "Ada", "emailAddress": "ada@example.com", "accountId": "ada"}],
        "projects": [{"key": "OPS", "name": "Operations", "lead": "ada@example.com"}],
        "boards": list(boards),
        "issues": [{"key": "OPS-1", "type": "Task", "summary": "Something", **issue}],
    }
    return Seed(orjson.dumps(document))


def test_a_board_has_a_filter_and_sprints_in_their_order() -> None:
    layer = seed(BOARD, sprint="Two").layer
    (board,) = layer.all("board")
    (query,) = layer.all("filter")
    assert (board["filter"], board["project"]) == (query["id"], layer.ids("project")[0])
    assert query["jql"] == "project = OPS ORDER BY Rank ASC"
    one, two = layer.all("sprint")
    assert (one["position"], two["position"], two["board"]) == (1, 2, board["id"])
    assert one["completeDate"] == one["endDate"]
    assert (two["state"], two["startDate"], two["createdDate"]) == ("future", None, 1772442000000)
    (issue,) = layer.all("issue")
    assert issue[SPRINT] == [two["id"]]


@pytest.mark.parametrize(
    ("board", "issue", "text"),
    [
        ({**BOARD, "project": "NO"}, {}, "seed /boards/0/project: there is no project 'NO' (known: OPS)"),
        ({**BOARD, "type": "kanban"}, {}, "seed /boards/0: a kanban board has no sprints"),
        (
            {**BOARD, "sprints": [{"name": "One", "state": "active"}]},
            {},
            "seed /boards/0: the active sprint 'One' has a startDate and an endDate",
        ),
        (
            {**BOARD, "sprints": [{**SPRINTS[0], "endDate": "2026-02-01T09:00:00Z"}]},
            {},
            "seed /boards/0: the sprint 'One' ends after it starts",
        ),
        ({**BOARD, "sprints": [SPRINTS[1], SPRINTS[1]]}, {}, "seed /boards/0/sprints: 'Two' is there twice"),
        (BOARD, {"sprint": "Three"}, "seed /issues/0/sprint: there is no sprint 'Three' (known: One, Two)"),
    ],
)
def test_what_a_seed_says_wrongly_of_boards(board: dict[str, Any], issue: dict[str, Any], text: str) -> None:
    with pytest.raises(SeedError) as refused:
        seed(board, **issue)
    assert str(refused.value) == text
