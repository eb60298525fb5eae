"""What the agile tests ask for and expect again and again."""

from __future__ import annotations

from typing import Any

import httpx

SPRINT, RANK = "customfield_10020", "customfield_10019"

NO_BOARD = (
    "The requested board cannot be viewed because it either does not exist or you do not have permission to view it."
)
NO_SPRINT = "Sprint does not exist or you do not have permission to view it."


async def board_id(agile: httpx.AsyncClient, name: str) -> int:
    (board,) = (await agile.get("board", params={"name": name})).json()["values"]
    found: int = board["id"]
    return found


async def sprint_id(agile: httpx.AsyncClient, name: str) -> int:
    sprints = (await agile.get(f"board/{await board_id(agile, 'WEB')}/sprint")).json()["values"]
    found: int = next(sprint["id"] for sprint in sprints if sprint["name"] == name)
    return found


async def keys(agile: httpx.AsyncClient, path: str, **parameters: Any) -> list[str]:
    """The keys of a list of issues, in its order."""
    answer = await agile.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return [issue["key"] for issue in answer.json()["issues"]]


async def found(jira: httpx.AsyncClient, jql: str) -> list[str]:
    """The keys that a search finds, in its order."""
    answer = await jira.get("search/jql", params={"jql": jql, "fields": "summary"})
    assert answer.status_code == 200, answer.text
    return [issue["key"] for issue in answer.json()["issues"]]
