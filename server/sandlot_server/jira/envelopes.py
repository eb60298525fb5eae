"""The shapes of Jira's refusals: messages and texts of fields, problem details, faults."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandlot_server.call import Answer, Request
from sandlot_server.negotiation import takes

PROBLEM = "application/problem+json;charset=UTF-8"
HTML = "text/html;charset=UTF-8"


def ordinary(status: int, messages: Iterable[str], fields: dict[str, str]) -> Answer:
    return Answer(status, {"errorMessages": list(messages), "errors": fields})


def unreadable(message: str) -> Answer:
    """A body that cannot be read at all: the one refusal without `errors`."""
    return Answer(400, {"errorMessages": [message]})


def problem(request: Request, status: int, title: str, detail: str) -> Answer:
    if takes(request) == "unreadable":
        return Answer(status, b"", content_type=HTML)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.path,
    }
    return Answer(status, body, content_type=PROBLEM)


def fault(message: str) -> Answer:
    return Answer(500, {"message": message, "status-code": 500, "stack-trace": ""})
