"""The boards of a seed: each with its filter, and a scrum board with its sprints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sandlot_server.site.state import Row


def board_rows(
    board: dict[str, Any], project: Row, new_id: Callable[[str], str], clock: int
) -> Iterator[tuple[str, Row]]:
    """The rows of one board with their tables, sprints in the order of the seed. ValueError says what cannot be."""
    if board["type"] == "kanban" and board.get("sprints"):
        raise ValueError("a kanban board has no sprints")
    query = {
        "id": new_id("filter"),
        "name": f"Filter for {board['name']}",
        "description": "",
        "jql": f"project = {project['key']} ORDER BY Rank ASC",
        "owner": project["lead"],
    }
    yield "filter", query
    board_id = new_id("board")
    place = {"project": project["id"], "user": None, "filter": query["id"]}
    yield "board", {"id": board_id, "name": board["name"], "type": board["type"], **place}
    for position, sprint in enumerate(board.get("sprints", ()), 1):
        yield "sprint", {"id": new_id("sprint"), **_sprint(sprint, clock), "position": position, "board": board_id}


def _sprint(sprint: dict[str, Any], clock: int) -> Row:
    state = sprint.get("state", "future")
    start, end = (_moment(sprint.get(name)) for name in ("startDate", "endDate"))
    if state != "future" and (start is None or end is None):
        raise ValueError(f"the {state} sprint {sprint['name']!r} has a startDate and an endDate")
    if start is not None and end is not None and end <= start:
        raise ValueError(f"the sprint {sprint['name']!r} ends after it starts")
    return {
        "name": sprint["name"],
        "state": state,
        "goal": sprint.get("goal", ""),
        "startDate": start,
        "endDate": end,
        "completeDate": end if state == "closed" else None,
        "createdDate": min(clock, start or clock),
    }


def _moment(text: str | None) -> int | None:
    return None if text is None else int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)
