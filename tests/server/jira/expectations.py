"""What the Jira tests send and expect again and again."""

from __future__ import annotations

from typing import Any

import httpx

ADMIN, BEA, CHIDI, DANA, ELIO = (f"5b10a2844c20165700ede2{tail}" for tail in ("1a", "2b", "3c", "4d", "5e"))
"""Account ids of the default site's users."""

NO_ISSUE = "Issue does not exist or you do not have permission to see it."


def doc(*paragraphs: str) -> dict[str, Any]:
    """An ADF document of plain paragraphs."""
    content = [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in paragraphs]
    return {"type": "doc", "version": 1, "content": content}


def assert_refused(answer: httpx.Response, status: int, /, *messages: str, **fields: str) -> None:
    """The ordinary refusal, exactly."""
    assert (answer.status_code, answer.json()) == (
        status,
        {"errorMessages": list(messages), "errors": fields},
    )
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"


def assert_problem(answer: httpx.Response, status: int, title: str, detail: str) -> None:
    """The refusal in problem form, exactly."""
    assert answer.json() == {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": answer.request.url.path,
    }
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json;charset=UTF-8"


async def create(jira: httpx.AsyncClient, project: str = "WEB", kind: str = "Task", **fields: Any) -> str:
    """A new issue's key."""
    sent = {"project": {"key": project}, "issuetype": {"name": kind}, "summary": "Something to do", **fields}
    answer = await jira.post("issue", json={"fields": sent})
    assert answer.status_code == 201, answer.text
    key: str = answer.json()["key"]
    return key


async def fields_of(jira: httpx.AsyncClient, key: str) -> dict[str, Any]:
    answer = await jira.get(f"issue/{key}")
    assert answer.status_code == 200, answer.text
    fields: dict[str, Any] = answer.json()["fields"]
    return fields


async def transition_id(jira: httpx.AsyncClient, key: str, name: str) -> str:
    transitions = (await jira.get(f"issue/{key}/transitions")).json()["transitions"]
    return next(one["id"] for one in transitions if one["name"] == name)


async def history(jira: httpx.AsyncClient, key: str) -> list[dict[str, Any]]:
    """The items of an issue's whole changelog, oldest first, without their ids of users."""
    changes = (await jira.get(f"issue/{key}/changelog")).json()["values"]
    return [item for change in changes for item in change["items"]]
