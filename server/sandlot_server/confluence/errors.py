"""Every refusal of Confluence, in the shapes of its two APIs; each message text stands here once.

v1 puts the class of the Java exception before the text. Texts are those of live sites (published measurements,
2026) where one is known; the others are ours, in the same manner.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Refusal, Request, Violation
from sandlot_server.confluence.envelopes import controller, listed, service, v2, web_page
from sandlot_server.contract.operations import Operation
from sandlot_server.contract.parameters import split_query

_CX = "com.atlassian.confluence.api.service.exceptions."
_SW = "org.springframework.web."
_V2 = "/wiki/api/v2/"
_CONTENT_ID = re.compile(r"(?:att)?[+-]?\d+")
# Of the operations that answer a stranger, those of older services word it differently.
_OLDER_SERVICES = (
    "search", "audit", "content-states", "longtask", "relation", "settings/lookandfeel", "template",
    "user/watch", "content/archive", "content/blueprint/instance",
)  # fmt: skip
# Headers of every answer of the search service.
UNCACHED: Mapping[str, str] = {
    "cache-control": "no-cache, no-store, must-revalidate",
    "expires": "Thu, 01 Jan 1970 00:00:00 GMT",
}
UNLISTED_TYPES = frozenset({"comment", "folder", "whiteboard", "database", "embed", "attachment"})


def _either(call: Call, status: int, text: str, exception: str = "BadRequestException") -> Refusal:
    """A refusal that both APIs word alike."""
    if call.operation.document == "confluence":
        return Refusal(v2(status, text))
    return Refusal(service(status, f"{_CX}api.{exception}: {text}", authorized=False))


def _wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "*/*")
    return not accept or any(name in accept for name in ("*/*", "application/*", "application/json"))


def _rest_path(request: Request) -> str:
    return request.path.removeprefix("/wiki/rest/api/")


# Refusals of the pipeline


def no_endpoint(request: Request) -> Answer:
    first = _rest_path(request).partition("/")[0]
    if not request.path.startswith("/wiki/rest/api/") or first in ("content", "space"):
        return web_page(404, "Not Found")
    uri = request.base + request.path
    accept = request.headers.get("accept", "*/*")
    if "application/json" in accept:
        return Answer(404, {"message": f"null for uri: {uri}", "status-code": 404})
    xml = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f"<status><status-code>404</status-code><message>null for uri: {uri}</message></status>"
    )
    return Answer(404, xml.encode(), content_type="application/xml")


def wrong_method(request: Request, allowed: list[str]) -> Answer:
    if _rest_path(request).rstrip("/") == "search":
        status = 204 if request.method == "OPTIONS" else 405
        return Answer(status, headers={"allow": "HEAD,GET,OPTIONS"})
    if request.method == "OPTIONS":
        return listed(404, "Not Found")
    if not _wants_json(request):
        return web_page(405, "Method Not Allowed")
    return listed(405, f"{_SW}HttpRequestMethodNotSupportedException: Request method '{request.method}' not supported")


def unsupported_media(request: Request) -> Answer:
    if not _wants_json(request):
        return web_page(415, "Unsupported Media Type")
    sent = request.headers.get("content-type", "")
    return listed(415, f"{_SW}HttpMediaTypeNotSupportedException: Content type '{sent}' not supported")


def not_acceptable(request: Request) -> Answer:
    if _rest_path(request) == "search":
        return Answer(406)
    return web_page(406, "Not Acceptable")


def unauthenticated(request: Request) -> Answer:
    """v2 hides that there is anything; v1 says 403."""
    if request.path.startswith(_V2):
        return v2(404, "Not Found")
    if not _wants_json(request):
        return web_page(403, "Forbidden")
    path = _rest_path(request)
    if any(path == name or path.startswith(f"{name}/") for name in _OLDER_SERVICES):
        body = {"message": "Current user not permitted to use Confluence", "statusCode": 403}
        return Answer(403, body, UNCACHED)
    return controller(
        403,
        "com.atlassian.confluence.mvc.rest.common.exception.StacklessResponseStatusException: "
        '403 FORBIDDEN "Request rejected because caller cannot access Confluence"',
    )


def not_served(request: Request, operation_id: str) -> Answer:
    text = f"{operation_id} is an operation of Confluence that this server does not serve"
    if request.path.startswith(_V2):
        return v2(501, text)
    return service(501, f"{_CX}unchecked.NotImplementedServiceException: {text}")


def internal(request: Request) -> Answer:
    if request.path.startswith(_V2):
        return v2(500, "Internal Server Error")
    return controller(500, "java.lang.IllegalStateException: null")


def unavailable(request: Request) -> Answer:
    text = "The request could not be recorded; try again"
    answer = v2(503, text) if request.path.startswith(_V2) else controller(503, f"java.io.IOException: {text}")
    return Answer(503, answer.body, {"retry-after": "1"})


def bad_json(request: Request, operation: Operation, reason: str) -> Answer:
    text = "Required request body is missing" if reason == "empty" else "JSON parse error"
    if request.path.startswith(_V2):
        return v2(400, "Invalid message", code="INVALID_MESSAGE", detail=text)
    return controller(400, f"org.springframework.http.converter.HttpMessageNotReadableException: {text}")


def invalid(request: Request, operation: Operation, violations: list[Violation]) -> Answer:
    """A request that does not fit the contract: conversions are named first, as the services do."""
    conversions = [one for one in violations if one.keyword == "conversion"]
    first = (conversions or violations)[0]
    if request.path.startswith(_V2):
        return _v2_body(first) if first.where == "body" else _v2_parameter(first)
    if "/content/{id}" in operation.path and first.where != "body":
        content_id = _rest_path(request).split("/")[1]
        if not is_content_id(content_id):
            return bad_content_id(content_id).answer
    return _v1_body(first) if first.where == "body" else _v1_parameter(request, operation, first)


def _v2_parameter(violation: Violation) -> Answer:
    name = violation.pointer
    if violation.keyword == "conversion":
        return not_of_type(name, violation.value, "long" if name.endswith(("id", "ids")) else "int").answer
    if violation.keyword == "required":
        title = f"Required parameter '{name}' is missing"
    else:
        title = f"Provided value {{{_spelt(violation.value)}}} for '{name}' is not valid: {violation.message}"
    return v2(400, title, code="INVALID_REQUEST_PARAMETER")


def _v2_body(violation: Violation) -> Answer:
    place = violation.pointer or "the body"
    return v2(400, "Invalid message", code="INVALID_MESSAGE", detail=f"{place}: {violation.message}")


def _v1_parameter(request: Request, operation: Operation, violation: Violation) -> Answer:
    name, search = violation.pointer, operation.id == "searchByCQL"
    if violation.keyword == "conversion":
        # Search finds nothing at all under a limit that is no number.
        if search:
            return Answer(404, headers=UNCACHED)
        return controller(
            400,
            f"{_SW}method.annotation.MethodArgumentTypeMismatchException: Failed to convert value of type "
            "'java.lang.String' to required type 'int'; nested exception is "
            f'java.lang.NumberFormatException: For input string: "{violation.value}"',
        )
    if violation.keyword == "required":
        return no_cql().answer if name == "cql" else _missing(name)
    if violation.keyword == "minimum":
        # A query that is missing is named before a negative number.
        blank = split_query(request.raw_query).get("cql") == [""]
        return no_cql().answer if blank else negative(name).answer
    return service(400, f"{_CX}api.BadRequestException: {name}: {violation.message}")


def _v1_body(violation: Violation) -> Answer:
    place = violation.pointer or "the body"
    return service(400, f"{_CX}api.BadRequestException: {place}: {violation.message}", valid=False)


def _missing(name: str) -> Answer:
    return controller(
        400,
        f"{_SW}bind.MissingServletRequestParameterException: Required String parameter '{name}' is not present",
    )


def _spelt(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


# Parameters


def not_of_type(name: str, value: Any, type: str) -> Refusal:
    title = f"Provided value {{{_spelt(value)}}} for '{name}' is not the correct type. Expected type is {type}"
    return Refusal(v2(400, title, code="INVALID_REQUEST_PARAMETER"))


def bad_cursor() -> Refusal:
    return Refusal(v2(400, "The cursor is not valid", code="INVALID_REQUEST_PARAMETER"))


def negative(name: str) -> Refusal:
    return Refusal(controller(400, f"java.lang.IllegalArgumentException: {name} cannot be less than zero"))


def label_limit_zero() -> Refusal:
    return Refusal(controller(400, "java.lang.IllegalArgumentException: null"))


def start_too_large() -> Refusal:
    text = (
        "Start of this size is no longer supported. If you need to fetch this amount of content, please use "
        "either the search endpoint or get the content by a space at a time."
    )
    return Refusal(service(400, f"{_CX}api.BadRequestException: {text}"))


def is_content_id(value: str) -> bool:
    return _CONTENT_ID.fullmatch(value) is not None and abs(int(value.removeprefix("att"))) < 1 << 63


def bad_content_id(value: str) -> Refusal:
    model = "com.atlassian.confluence.api.model.content.id.ContentId"
    return Refusal(
        controller(
            400,
            f"{_SW}method.annotation.MethodArgumentTypeMismatchException: Failed to convert value of type "
            f"'java.lang.String' to required type '{model}'; nested exception is "
            "org.springframework.core.convert.ConversionFailedException: Failed to convert from type "
            f"[java.lang.String] to type [@{_SW}bind.annotation.PathVariable {model}] for value [{value}]; "
            f"nested exception is {_CX}api.BadRequestException: Can't parse as a ContentId",
        )
    )


# Things that are not there


def no_page(id: str) -> Refusal:
    return Refusal(v2(404, f"Cannot find a page with id [{id}]"))


def no_page_entity(id: str) -> Refusal:
    return Refusal(v2(404, f"Cannot find [page] entity with id [{id}]"))


def no_version(call: Call, id: str, number: Any) -> Refusal:
    return _either(call, 404, f"Cannot find version [{number}] of the page with id [{id}]", "NotFoundException")


def no_space(id: str) -> Refusal:
    return Refusal(v2(404, f"Cannot find a space with id [{id}]"))


def no_parent(call: Call, id: str) -> Refusal:
    return _either(call, 404, f"Cannot find content with id [{id}]", "NotFoundException")


def no_content(id: str) -> Refusal:
    text = f"No content found with id : {id}"
    errors = [{"message": {"translation": text, "args": []}}]
    return Refusal(service(404, f"{_CX}api.NotFoundException: {text}", authorized=False, valid=False, errors=errors))


def no_attachment() -> Refusal:
    return Refusal(service(404, f"{_CX}api.NotFoundException: null", authorized=False))


def no_parent_content(id: str) -> Refusal:
    text = f"No parent or not permitted to view content with id : ContentId{{id={id}}}"
    return Refusal(service(404, f"{_CX}api.NotFoundException: {text}"))


def no_attachment_container(id: str) -> Refusal:
    return Refusal(service(404, f"{_CX}api.NotFoundException: No content found with id: ContentId{{id={id}}}"))


def no_space_key(key: str) -> Refusal:
    text = f'404 NOT_FOUND "No space found with key : {key}"'
    return Refusal(controller(404, f"{_SW}server.ResponseStatusException: {text}"))


def no_listed_space(key: str) -> Refusal:
    return Refusal(service(404, f"{_CX}api.NotFoundException: No space with key : {key}"))


def no_label(name: str) -> Refusal:
    return Refusal(service(404, f"{_CX}api.NotFoundException: No label found with name: {name}", authorized=False))


def no_user(account_id: str) -> Refusal:
    text = f"No user found with account id : {account_id}"
    return Refusal(service(404, f"{_CX}api.NotFoundException: {text}", authorized=False))


# Pages that cannot be written so


def title_taken(call: Call) -> Refusal:
    text = "A page with this title already exists: A page already exists with the same TITLE in this space"
    return _either(call, 400, text)


def title_missing(call: Call) -> Refusal:
    return _either(call, 400, "Title must be specified and not blank")


def title_too_long(call: Call) -> Refusal:
    return _either(call, 400, "Title cannot be longer than 255 characters")


def bad_storage(call: Call, reason: str) -> Refusal:
    """`reason` is the parser's, in the service's words."""
    return _either(call, 400, reason)


def bad_adf(call: Call, reason: str) -> Refusal:
    return _either(call, 400, f"The value is not a valid ADF document: {reason}")


def unwritable_representation(call: Call, name: str) -> Refusal:
    return _either(call, 400, f"Content cannot be written in the representation {name}")


def stale_version(call: Call, current: int, provided: Any) -> Refusal:
    if call.operation.document == "confluence":
        text = (
            "Version must be incremented when updating a page. "
            f"Current Version: [{current}]. Provided version: [{provided}]"
        )
        return Refusal(v2(409, text))
    text = f"Version must be incremented on update. Current version is: {current}"
    return Refusal(service(409, f"{_CX}api.ConflictException: {text}", valid=False))


def version_missing(call: Call) -> Refusal:
    text = "Must supply an incremented version when updating Content. No version supplied."
    return _either(call, 400, text)


def other_id(call: Call, id: str) -> Refusal:
    return _either(call, 400, f"The id in the body is not that of the path, [{id}]")


def other_space(call: Call) -> Refusal:
    return _either(call, 400, "Moving a page to another space is not supported")


def other_status(call: Call, status: str) -> Refusal:
    return _either(call, 400, f"The page is not in the status [{status}]")


def parent_loop(call: Call) -> Refusal:
    return _either(call, 400, "Cannot move the content here as it creates a parent-child loop.")


def archived(call: Call) -> Refusal:
    return _either(call, 400, "An archived page cannot be edited")


def no_owner(call: Call, account_id: str) -> Refusal:
    return _either(call, 400, f"Cannot find a user with account id [{account_id}]")


def not_trashed(call: Call) -> Refusal:
    return _either(call, 400, "Only a page in the trash can be purged")


# v1 alone


def bad_child_type(type: str) -> Refusal:
    text = f"{_CX}unchecked.NotImplementedServiceException: Cannot find children of the type : {type}"
    return Refusal(service(501, text))


def cannot_create(type: str) -> Refusal:
    """v1 does not say that the space is missing, but that nothing can be created in it."""
    text = f"Could not create content with type {type}"
    return Refusal(service(403, f"{_CX}api.PermissionException: {text}", authorized=False))


def other_type(type: str) -> Refusal:
    return Refusal(
        service(501, f"{_CX}unchecked.NotImplementedServiceException: Cannot write content of the type : {type}")
    )


def unlisted_type(type: str) -> Refusal:
    """Why content of this type cannot be listed."""
    if type in ("comment", "folder"):
        text = f"{_CX}unchecked.NotImplementedServiceException: Cannot fetch {type}s with ContentFinder"
        return Refusal(service(501, text))
    if type in ("whiteboard", "database", "embed"):
        text = f"java.lang.IllegalArgumentException: Type is not a custom content type : {type}"
        return Refusal(controller(400, text))
    if type == "attachment":
        text = (
            'java.lang.NullPointerException: Cannot invoke "com.atlassian.confluence.api.model.content.id.'
            'ContentId.asLong()" because "containerId" is null'
        )
        return Refusal(controller(500, text))
    text = f"{_CX}unchecked.NotImplementedServiceException: Cannot find custom content type : {type}"
    return Refusal(service(501, text))


def bad_prefixes(prefixes: list[str]) -> Refusal:
    text = f"Could not convert label prefixes :[{', '.join(prefixes)}]"
    return Refusal(service(400, f"{_CX}api.BadRequestException: {text}"))


def bad_label(key: str, *args: Any) -> Refusal:
    """`key` is the message key that the service sends instead of a text."""
    errors = [{"message": {"key": key, "args": list(args)}}]
    return Refusal(service(400, f"{_CX}api.BadRequestException: {key}", valid=False, errors=errors))


def no_cql() -> Refusal:
    return Refusal(_searched(400, f"{_CX}api.BadRequestException: cql query parameter is required"))


def bad_cql(reason: str) -> Refusal:
    """`reason` is the query itself, or what is wrong with it."""
    return Refusal(_searched(400, f"{_CX}api.BadRequestException: Could not parse cql : {reason}"))


def bad_search_cursor() -> Refusal:
    exception = f"{_CX}scale.SSStatusCodeException"
    return Refusal(
        _searched(
            400,
            f"{exception}: CQL was parsed but the search manager was unable to execute the search. "
            f"Error message: {exception}: There was an illegal request passed to XP-Search Aggregator API : "
            "HTTP/1.1 400 Bad Request",
        )
    )


def _searched(status: int, message: str) -> Answer:
    answer = service(status, message)
    return Answer(status, answer.body, UNCACHED)


# Spaces


def space_key_taken(call: Call, key: str) -> Refusal:
    return _either(call, 400, f"A space already exists with key {key}")


def bad_space_key(call: Call, key: str) -> Refusal:
    return _either(call, 400, f"Space keys may only contain letters and digits: {key}")


def space_key_missing(call: Call) -> Refusal:
    return _either(call, 400, "Either a key or an alias must be provided to create a space")


def space_name_missing(call: Call) -> Refusal:
    return _either(call, 400, "Space name must not be blank")
