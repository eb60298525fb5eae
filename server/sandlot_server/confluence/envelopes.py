"""The shapes of Confluence's refusals.

v2 answers `{"errors": [{status, code, title, detail}]}`. v1 answers `{statusCode, message}`, from its service
layer with a `data` member. The web layer in front of both has shapes of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandlot_server.call import Answer

EXCEPTIONS = "com.atlassian.confluence.api.service.exceptions."
SPRING = "org.springframework.web."
_CODES = {
    400: "BAD_REQUEST",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    415: "UNSUPPORTED_MEDIA_TYPE",
    500: "INTERNAL_SERVER_ERROR",
    501: "NOT_IMPLEMENTED",
    503: "SERVICE_UNAVAILABLE",
}
# Headers of what operations answer that are out of Atlassian's document.
DEPRECATION: Mapping[str, str] = {
    "deprecation": "Wed, 1 Mar 2023 00:00:00 GMT",
    "link": '<https://developer.atlassian.com/cloud/confluence/changelog/#CHANGE-864>; rel="deprecation"',
    "warning": '299 - "Deprecated API, will be removed on Mon, 31 Mar 2025 00:00:00 GMT"',
}


def v2(status: int, title: str, *, code: str | None = None, detail: str | None = None) -> Answer:
    error = {"status": status, "code": code or _CODES[status], "title": title, "detail": detail}
    return Answer(status, {"errors": [error]})


def listed(status: int, title: str) -> Answer:
    """What the web layer of both APIs says: a list of errors without `detail`."""
    return Answer(status, {"errors": [{"status": status, "code": _CODES[status], "title": title}]})


def controller(status: int, message: str) -> Answer:
    return Answer(status, {"statusCode": status, "message": message})


def service(status: int, message: str, *, authorized: bool = True, valid: bool = True, errors: Any = None) -> Answer:
    """A refusal of v1's service layer; in most, `data` claims that all is well."""
    data = {
        "authorized": authorized,
        "valid": valid,
        "errors": errors or [],
        "successful": authorized and valid,
    }
    return Answer(status, {"statusCode": status, "data": data, "message": message})


def web_page(status: int, reason: str, headers: Mapping[str, str] | None = None) -> Answer:
    """A page of the web server that stands before both APIs."""
    text = f'<!doctype html><html lang="en"><head><title>HTTP Status {status} - {reason}</title></head>'
    body = f"{text}<body><h1>HTTP Status {status} - {reason}</h1></body></html>"
    return Answer(status, body.encode(), {"content-language": "en", **(headers or {})}, "text/html;charset=utf-8")
