"""Every refusal of the Jira API, and every message text in one place.

Shapes and texts are those of live sites, where somebody recorded them. Some texts follow the account's
language and have no recorded English (`MAX_RESULTS_RANGE`, `BAD_PAGE_TOKEN`, `BAD_COMMENT_ORDER`), some are not
recorded at all (`NO_REMOTE_LINK`, `BAD_URL`, `NO_LINKED_ISSUE`, the `..._NOT_INTEGER` of links): their wording is
ours, their statuses are the product's. What JQL refuses is worded in `query/jql_errors.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sandlot_server.call import Answer, Refusal, Request, Violation

if TYPE_CHECKING:
    from sandlot_server.contract.operations import Operation

PROBLEM = "application/problem+json;charset=UTF-8"
HTML = "text/html;charset=UTF-8"

NO_ISSUE = "Issue does not exist or you do not have permission to see it."
NO_USER = "Specified user does not exist or you do not have required permissions"
NO_USER_ASKED = "The accountId query parameter needs to be provided."
NO_USER_QUERY = "The 'query', 'accountId' or 'property' query parameter needs to be provided."
NO_ASSIGNABLE_SCOPE = "The 'project', 'issueKey' or 'issueId' query parameter needs to be provided."
NO_ISSUE_TYPE = "The issue type with id '{}' does not exist."
NO_PRIORITY = "The priority with id '{}' does not exist"
NO_STATUS = "The status with id '{}' does not exist"
NO_RESOLUTION = "The resolution with id '{}' does not exist"
NO_COMMENT = "Can not find a comment for the id: {}."
NO_LINK_TYPE = "No issue link type with {} '{}' found."
LINK_TYPE_NOT_INTEGER = "The issue link type id '{}' is not a number."
NO_LINK = "No issue link with id '{}' exists."
LINK_NOT_INTEGER = "The issue link id '{}' is not a number."
LINKED_TO_ITSELF = "You cannot link an issue to itself."
NO_REMOTE_LINK = "The remote link does not exist."
REMOTE_LINK_NOT_INTEGER = "The remote link id '{}' is not a number."
NOTHING_TO_EDIT = "one of 'fields' or 'update' required"
NO_TRANSITION = "Missing 'transition' identifier"
TRANSITION_NOT_INTEGER = "'transition' identifier must be an integer"
BAD_TRANSITION = "Transition id '{}' is not valid for this issue."
HAS_SUBTASKS = (
    "The issue '{}' has subtasks.  You must specify the 'deleteSubtasks' parameter"
    " to delete this issue and all its subtasks."
)
SEARCH_REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
    " A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)
MAX_RESULTS_RANGE = "The value of 'maxResults' must be between 1 and 5000."
BAD_PAGE_TOKEN = "The value of 'nextPageToken' is not valid."
BAD_COMMENT_ORDER = "Comments can only be ordered by 'created'."
TOO_MANY_TO_RECONCILE = "The max number of issues to reconcile is 50."
PROJECT_ORDERS = (
    "name", "key", "owner", "category", "issueCount", "lastIssueUpdatedTime", "archivedDate", "deletedDate",
)  # fmt: skip
BAD_PROJECT_ORDER = "The field to order by should be one of [{}]. Instead, it was: {}."

NO_BODY = "No content to map to Object due to end of input"
NOT_JSON = "There was an error parsing JSON. Check that your request body is valid."
INVALID_PAYLOAD = "Invalid request payload. Refer to the REST API documentation and try again."
NOT_AUTHENTICATED = "Client must be authenticated to access this resource."
NOT_SERVED = "Sandlot does not serve this operation: {}."
UNAVAILABLE = "The request could not be recorded. Nothing was changed; try again."

# Texts of one field, in the `errors` of a refusal.
NOT_ON_SCREEN = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
SET_TWICE = "Field '{}' cannot appear in both 'fields' and 'update'."
NOT_IN_FIELDS = "Field does not support update '{}'"
NO_OPERATION = "Field '{}' does not support operation '{}'. Supported operation(s) are: '{}'"
REQUIRED = "{} is required."
REQUIRED_ON_SCREEN = "Field {} is required."
NOT_A_STRING = "Operation value must be a string"
NOT_A_DOCUMENT = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
NOT_A_NUMBER = "Operation value must be a number"
NOT_AN_OBJECT = "data was not an object"
NOT_AN_ARRAY = "data was not an array"
NOT_A_STRING_AT = "string expected at index {}"
NOT_A_STRING_PROPERTY = "expected '{}' property to be a string"
NO_SUMMARY = "You must specify a summary of the issue."
LONG_SUMMARY = "Summary must be less than 255 characters."
NEWLINE_SUMMARY = "The summary is invalid because it contains newline characters."
BAD_PROJECT = "Specify a valid project ID or key"
BAD_ISSUE_TYPE = "Specify a valid issue type"
WRONG_ISSUE_TYPE = "The issue type selected is invalid."
SUBTASK_WITHOUT_PARENT = "Issue type is a sub-task but parent issue key or id not specified."
NO_PARENT = "Could not find issue by id or key."
BAD_PARENT = "Please select valid parent issue."
NO_NAME_OR_ID = "Could not find valid 'id' or 'name' in {} object."
BAD_NAME = "{} name '{}' is not valid"
BAD_PRIORITY_ID = "The priority selected is invalid."
BAD_ID = "{} id '{}' is not valid"
BAD_USER = "Specify a valid value for {}"
LABEL_WITH_BLANK = "The label '{}' contains spaces which is invalid."
BAD_DATE = "Error parsing date string: {}"
NO_OPTION = "Specify a valid 'id' or 'name' for {}"
BAD_OPTION_ID = "Option id '{}' is not valid"
BAD_OPTION_VALUE = "Option value '{}' is not valid"
EMPTY_COMMENT = "Comment body can not be empty!"
BAD_COMMENT = "Comment body is not valid!"
NO_LINKED_ISSUE = "Specify the 'outwardIssue' or the 'inwardIssue' of the link."
NO_URL = "'URL' is required."
BAD_URL = "'URL' is not a valid URL."
NO_LINK_TEXT = "'Link Text' is required."
INVALID_DOCUMENT = "INVALID_INPUT"


class FieldError(Exception):
    """A value that one field does not take; the text goes under the field's id."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class DocumentError(Exception):
    """A value that is a document, but not a valid one: the product says so without naming the field."""


def refusal(status: int, /, *messages: str, **fields: str) -> Refusal:
    """The ordinary refusal: general messages, and one text for each field."""
    return Refusal(_ordinary(status, messages, fields))


def field_refusal(fields: dict[str, str], messages: Iterable[str] = ()) -> Refusal:
    return Refusal(_ordinary(400, messages, fields))


def no_issue() -> Refusal:
    return refusal(404, NO_ISSUE)


def no_project(id_or_key: str) -> Refusal:
    by = "id" if re.fullmatch(r"[1-9][0-9]{0,17}", id_or_key) else "key"
    return refusal(404, f"No project could be found with {by} '{id_or_key}'.")


def invalid_payload() -> Refusal:
    return Refusal(_unreadable(INVALID_PAYLOAD))


def not_found(template: str, what: str) -> Refusal:
    return refusal(404, template.format(what))


# What the pipeline asks for.


def invalid(request: Request, operation: Operation, violations: list[Violation]) -> Answer:
    """A request that does not fit the contract."""
    for violation in violations:
        if violation.keyword == "conversion":
            detail = f"Failed to convert '{violation.pointer}' with value: '{violation.value}'"
            return _problem(request, 400, "Bad Request", detail)
    in_body = [violation for violation in violations if violation.where == "body"]
    if not in_body:
        return _ordinary(400, [f"{violation.pointer}: {violation.message}" for violation in violations], {})
    if request.body.strip() == b"null":
        return _unreadable(NO_BODY)
    if operation.id in ("createIssue", "editIssue", "doTransition"):
        return _invalid_issue(operation, in_body)
    comment = {"addComment": "/body", "updateComment": "/body", "linkIssues": "/comment"}.get(operation.id)
    if comment and any(violation.pointer.startswith(comment) for violation in in_body):
        return _ordinary(400, (), {"comment": BAD_COMMENT})
    if operation.id in ("createOrUpdateRemoteIssueLink", "updateRemoteIssueLink"):
        return _invalid_remote_link(in_body)
    if operation.id == "assignIssue" and in_body[0].pointer == "/accountId":
        return _ordinary(400, (), {"assignee": BAD_USER.format("assignee")})
    return _unreadable(INVALID_PAYLOAD)


def _invalid_issue(operation: Operation, violations: list[Violation]) -> Answer:
    """Violations inside `fields` are told field by field, as the product does; others spoil the whole body."""
    messages: list[str] = []
    fields: dict[str, str] = {}
    for violation in violations:
        root, *path = violation.pointer.lstrip("/").split("/")
        if root == "transition":
            messages.append(TRANSITION_NOT_INTEGER if path else NO_TRANSITION)
        elif root == "update" and path[:1] == ["comment"] and "body" in path:
            fields["comment"] = BAD_COMMENT
        elif root != "fields" or not path:
            return _unreadable(INVALID_PAYLOAD)
        elif path[0] in ("description", "environment") and (len(path) > 1 or violation.keyword != "type"):
            messages.append(INVALID_DOCUMENT)
        else:
            fields.setdefault(path[0], _wrong_type(path, operation.version))
    return _ordinary(400, dict.fromkeys(messages), fields)


def _invalid_remote_link(violations: list[Violation]) -> Answer:
    """A body without its object, or an object without a title or a URL, is told field by field."""
    fields: dict[str, str] = {}
    for violation in violations:
        if violation.keyword != "required":
            return _unreadable(INVALID_PAYLOAD)
        fields |= missing_of_remote_object(violation.value if violation.pointer else {})
    return _ordinary(400, (), fields)


def missing_of_remote_object(sent: Mapping[str, Any]) -> dict[str, str]:
    """What a remote link must have and has not."""
    texts = {"url": NO_URL, "title": NO_LINK_TEXT}
    return {name: text for name, text in texts.items() if not sent.get(name)}


def _wrong_type(path: list[str], version: int) -> str:
    match path:
        case ["description" | "environment"]:
            return NOT_A_STRING if version == 2 else NOT_A_DOCUMENT
        case ["summary" | "duedate"]:
            return NOT_A_STRING
        case ["labels"]:
            return NOT_AN_ARRAY
        case ["labels", index]:
            return NOT_A_STRING_AT.format(index)
        case ["project", *_]:
            return BAD_PROJECT
        case ["issuetype", *_]:
            return BAD_ISSUE_TYPE
        case [("priority" | "resolution") as name, *_]:
            return NO_NAME_OR_ID.format(name)
        case [_, name]:
            return NOT_A_STRING_PROPERTY.format(name)
    return NOT_AN_OBJECT


def bad_json(request: Request, operation: Operation, reason: str) -> Answer:
    if reason == "empty":
        return _unreadable(NO_BODY)
    return _unreadable(NOT_JSON if request.body.strip() else INVALID_PAYLOAD)


def no_endpoint(request: Request) -> Answer:
    if not request.path.startswith("/rest"):
        page = b"<!DOCTYPE html><html><head><title>Not Found</title></head><body><h1>404</h1></body></html>"
        return Answer(404, page, content_type="text/html;charset=utf-8")
    return _problem(request, 404, "Not Found", f"No endpoint {request.method} {request.path}.")


def wrong_method(request: Request, allowed: list[str]) -> Answer:
    answer = _problem(request, 405, "Method Not Allowed", f"Method '{request.method}' is not supported.")
    answer.headers = {"allow": ", ".join(allowed)}
    return answer


def unsupported_media(request: Request) -> Answer:
    sent = request.headers.get("content-type", "").strip()
    if sent and "/" not in sent.partition(";")[0]:
        detail = "Could not parse Content-Type."
    else:
        detail = f"Content-Type '{sent or 'null'}' is not supported."
    answer = _problem(request, 415, "Unsupported Media Type", detail)
    answer.headers = {"accept": "application/json"}
    return answer


def not_acceptable(request: Request) -> Answer:
    members = request.headers.get("accept", "").split(",")
    if any("/" not in member.partition(";")[0] for member in members):
        return Answer(406, b"", content_type=HTML)
    return _problem(request, 406, "Not Acceptable", "Acceptable representations: [application/json].")


def unauthenticated(request: Request) -> Answer:
    """One sentence and no JSON, whatever its content type says."""
    accept = request.headers.get("accept", "").strip()
    members = [member.partition(";")[0].strip() for member in accept.split(",")]
    headers = {"www-authenticate": f'OAuth realm="{quote(request.base, safe="")}"'}
    body = NOT_AUTHENTICATED.encode()
    if accept in ("", "*"):
        return Answer(401, body, headers, "text/plain;charset=UTF-8")
    if any("/" not in member for member in members):
        return Answer(401, b"", headers, HTML)
    if "*/*" in members or "text/html" in members[1:]:
        return Answer(401, body, {**headers, "x-frame-options": "SAMEORIGIN"}, HTML)
    return Answer(401, body, headers, "application/json;charset=UTF-8")


def not_served(request: Request, operation_id: str) -> Answer:
    return _ordinary(501, [NOT_SERVED.format(operation_id)], {})


def internal(request: Request) -> Answer:
    return Answer(500, {"message": "Internal server error", "status-code": 500, "stack-trace": ""})


def unavailable(request: Request) -> Answer:
    return _ordinary(503, [UNAVAILABLE], {})


def _ordinary(status: int, messages: Iterable[str], fields: dict[str, str]) -> Answer:
    return Answer(status, {"errorMessages": list(messages), "errors": fields})


def _unreadable(message: str) -> Answer:
    """A body that cannot be read at all: the one refusal without `errors`."""
    return Answer(400, {"errorMessages": [message]})


def _problem(request: Request, status: int, title: str, detail: str) -> Answer:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.path,
    }
    return Answer(status, body, content_type=PROBLEM)
