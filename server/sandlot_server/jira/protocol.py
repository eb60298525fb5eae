"""What Jira answers where no operation does: unknown paths, strangers, requests that do not fit the contract."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote
from zlib import crc32

from sandlot_server.access import Flaw
from sandlot_server.call import Answer, Request, Violation
from sandlot_server.contract.operations import Operation
from sandlot_server.jira import errors, web
from sandlot_server.jira.envelopes import HTML, fault, ordinary, problem, unreadable

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# What is told field by field where a body lacks it: the field in the refusal, and its text.
_MISSING = {
    "createIssueType": {"name": ("name", errors.NO_NAME)},
    "updateIssueType": {},
    "createPriority": {"name": ("name", errors.NO_NAME), "statusColor": ("statusColor", errors.BAD_COLOUR)},
    "updatePriority": {},
    "createResolution": {"name": ("name", errors.NO_NAME)},
    "createCustomField": {"name": ("name", errors.NO_NAME), "type": ("type", errors.BAD_FIELD_TYPE.format(""))},
    "createProject": {"name": ("projectName", errors.NO_PROJECT_NAME), "key": ("projectKey", errors.BAD_PROJECT_KEY)},
    "createUser": {"emailAddress": ("emailAddress", errors.BAD_EMAIL), "products": ("products", errors.NO_PRODUCTS)},
}
_LONGEST = {"name": 60, "description": 255, "iconUrl": 255}
# Where a body has its comment.
_COMMENTS = {
    "addComment": "/body",
    "updateComment": "/body",
    "linkIssues": "/comment",
    "addWorklog": "/comment",
    "updateWorklog": "/comment",
}


def invalid(request: Request, operation: Operation, violations: list[Violation]) -> Answer:
    """A request that does not fit the contract."""
    for violation in violations:
        if violation.keyword == "conversion":
            detail = errors.NOT_CONVERTIBLE.format(violation.pointer, _spelt(violation.value))
            return problem(request, 400, "Bad Request", detail)
    in_body = [violation for violation in violations if violation.where == "body"]
    if violations[0].where == "query" and violations[0].keyword == "required":
        return problem(request, 400, "Bad Request", f"Required parameter '{violations[0].pointer}' is not present.")
    if not in_body:
        return ordinary(400, [f"{violation.pointer}: {violation.message}" for violation in violations], {})
    if request.body.strip() == b"null":
        return unreadable(errors.NO_BODY)
    if operation.id in ("createIssue", "editIssue", "doTransition"):
        return invalid_issue(operation, in_body)
    comment = _COMMENTS.get(operation.id)
    if comment and any(violation.pointer.startswith(comment) for violation in in_body):
        return ordinary(400, (), {"comment": errors.BAD_COMMENT})
    if operation.id in ("createOrUpdateRemoteIssueLink", "updateRemoteIssueLink"):
        return _invalid_remote_link(in_body)
    if operation.id in _MISSING and (fields := _unfit(operation.id, in_body)):
        return ordinary(400, (), fields)
    if operation.id == "assignIssue" and in_body[0].pointer == "/accountId":
        return ordinary(400, (), {"assignee": errors.BAD_USER.format("assignee")})
    return unreadable(errors.INVALID_PAYLOAD)


def invalid_issue(operation: Operation, violations: list[Violation]) -> Answer:
    """Violations inside `fields` are told field by field, as the product does; others spoil the whole body."""
    messages: list[str] = []
    fields: dict[str, str] = {}
    for violation in violations:
        root, *path = violation.pointer.lstrip("/").split("/")
        if root == "transition":
            messages.append(errors.TRANSITION_NOT_INTEGER if path else errors.NO_TRANSITION)
        elif root == "update" and path[:1] == ["comment"] and "body" in path:
            fields["comment"] = errors.BAD_COMMENT
        elif root != "fields" or not path:
            return unreadable(errors.INVALID_PAYLOAD)
        elif path[0] in ("description", "environment") and (len(path) > 1 or violation.keyword != "type"):
            messages.append(errors.INVALID_DOCUMENT)
        else:
            fields.setdefault(path[0], _wrong_type(path, operation.version))
    return ordinary(400, dict.fromkeys(messages), fields)


def _invalid_remote_link(violations: list[Violation]) -> Answer:
    """A body without its object, or an object without a title or a URL, is told field by field."""
    fields: dict[str, str] = {}
    for violation in violations:
        if violation.keyword != "required":
            return unreadable(errors.INVALID_PAYLOAD)
        fields |= errors.missing_of_remote_object(violation.value if violation.pointer else {})
    return ordinary(400, (), fields)


def _unfit(operation_id: str, violations: list[Violation]) -> dict[str, str]:
    """What of a body is missing, too long or unknown, by field; nothing where more is wrong than that."""
    fields: dict[str, str] = {}
    for violation in violations:
        member = violation.pointer.removeprefix("/")
        if violation.keyword == "required" and not member:
            missing = _MISSING[operation_id]
            fields.update(told for name, told in missing.items() if name not in violation.value)
        elif violation.keyword == "maxLength" and member in _LONGEST:
            fields[member] = errors.TOO_LONG.format(_LONGEST[member])
        elif violation.keyword == "enum" and member == "projectTemplateKey":
            fields[member] = errors.BAD_TEMPLATE
        else:
            return {}
    return fields


def _wrong_type(path: list[str], version: int) -> str:
    match path:
        case ["description" | "environment"]:
            return errors.NOT_A_STRING if version == 2 else errors.NOT_A_DOCUMENT
        case ["summary" | "duedate"]:
            return errors.NOT_A_STRING
        case ["labels" | "components" | "fixVersions" | "versions"]:
            return errors.NOT_AN_ARRAY
        case ["components" | "fixVersions" | "versions", *_]:
            return errors.NOT_AN_OBJECT
        case ["labels", index]:
            return errors.NOT_A_STRING_AT.format(index)
        case ["project", *_]:
            return errors.BAD_PROJECT
        case ["issuetype", *_]:
            return errors.BAD_ISSUE_TYPE
        case [("priority" | "resolution") as name, *_]:
            return errors.NO_NAME_OR_ID.format(name)
        case [_, name]:
            return errors.NOT_A_STRING_PROPERTY.format(name)
    return errors.NOT_AN_OBJECT


def bad_json(request: Request, operation: Operation, reason: str) -> Answer:
    if reason == "empty":
        return unreadable(errors.NO_BODY)
    return unreadable(errors.NOT_JSON if request.body.strip() and reason == "syntax" else errors.INVALID_PAYLOAD)


def bad_form(request: Request, reason: str) -> Answer:
    return problem(request, 400, "Bad Request", f"{errors.BAD_FORM}: {reason}")


def xsrf(request: Request) -> Answer:
    return Answer(403, errors.XSRF.encode(), content_type="text/plain;charset=UTF-8")


def no_endpoint(request: Request, signed_in: bool) -> Answer:
    path = re.sub("/{2,}", "/", request.path)
    if not path.startswith("/rest"):
        return web.page(request, path, signed_in)
    return problem(request, 404, "Not Found", f"No endpoint {request.method} {path}.")


def options(request: Request, allowed: list[str], signed_in: bool) -> Answer:
    if not signed_in:
        return unauthenticated(request)
    methods = {"HEAD", "OPTIONS", *allowed}
    headers = {"allow": ",".join(sorted(methods, key=_METHODS.index)), "accept-patch": ""}
    return Answer(200, b"", headers, HTML)


def wrong_method(request: Request, allowed: list[str]) -> Answer:
    answer = problem(request, 405, "Method Not Allowed", f"Method '{request.method}' is not supported.")
    answer.headers = {"allow": ", ".join(allowed)}
    return answer


def unsupported_media(request: Request) -> Answer:
    sent = request.headers.get("content-type", "").strip()
    if sent and "/" not in sent.partition(";")[0]:
        detail = "Could not parse Content-Type."
    else:
        detail = f"Content-Type '{sent or 'null'}' is not supported."
    answer = problem(request, 415, "Unsupported Media Type", detail)
    answer.headers = {"accept": "application/json"}
    return answer


def not_acceptable(request: Request) -> Answer:
    return problem(request, 406, "Not Acceptable", "Acceptable representations: [application/json].")


def bad_credential(request: Request, flaw: Flaw) -> Answer | None:
    """Bearer tokens that Jira does not take are refused before all else; a Basic payload never is."""
    if flaw == "unreadable":
        return None
    if flaw == "signed bearer" or request.method == "OPTIONS":
        return unauthenticated(request)
    if request.headers.get("accept", "").partition(";")[0].strip() == "application/xml":
        return Answer(
            403, f"<error>{errors.NO_SESSION_TOKEN}</error>".encode(), content_type="application/xml", bare=True
        )
    return Answer(403, f'{{"error": "{errors.NO_SESSION_TOKEN}"}}'.encode(), content_type="application/json", bare=True)


def unauthenticated(request: Request) -> Answer:
    """One sentence and no JSON, whatever its content type says."""
    accept = request.headers.get("accept", "").strip()
    members = [member.partition(";")[0].strip() for member in accept.split(",")]
    headers = {"www-authenticate": f'OAuth realm="{quote(request.base, safe="")}"'}
    body = errors.NOT_AUTHENTICATED.encode()
    if accept in ("", "*"):
        return Answer(401, body, headers, "text/plain;charset=UTF-8")
    if any("/" not in member for member in members):
        return Answer(401, b"", headers, HTML)
    if "*/*" in members or "text/html" in members[1:]:
        return Answer(401, body, {**headers, "x-frame-options": "SAMEORIGIN"}, HTML)
    return Answer(401, body, headers, "application/json;charset=UTF-8")


def not_served(request: Request, operation_id: str) -> Answer:
    return ordinary(501, [errors.NOT_SERVED.format(operation_id)], {})


def internal(request: Request) -> Answer:
    return fault("Internal server error")


def unavailable(request: Request) -> Answer:
    return ordinary(503, [errors.UNAVAILABLE], {})


def _spelt(value: Any) -> str:
    """A value that came repeated is named as the array that it was, by its hash."""
    return f"[Ljava.lang.String;@{crc32(','.join(value).encode()):x}" if isinstance(value, list) else str(value)
