"""What Confluence answers where no operation does: unknown paths, strangers, requests that do not fit the contract.

Texts are those of live sites (published measurements, 2026) where one is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from sandlot_server.access import Flaw
from sandlot_server.call import Answer, Request, Violation
from sandlot_server.confluence import errors
from sandlot_server.confluence.envelopes import (
    DEPRECATION,
    EXCEPTIONS,
    SPRING,
    controller,
    listed,
    service,
    v2,
    web_page,
)
from sandlot_server.contract.operations import Operation
from sandlot_server.contract.parameters import split_query
from sandlot_server.negotiation import prefers_json, takes, takes_xml

_V2 = "/wiki/api/v2/"
# Of the operations that answer a stranger, those of older services word it differently.
_OLDER_SERVICES = (
    "search", "audit", "content-states", "longtask", "relation", "settings/lookandfeel", "template",
    "user/watch", "content/archive", "content/blueprint/instance",
)  # fmt: skip
_SEARCH_METHODS: Mapping[str, str] = {"allow": "HEAD,GET,OPTIONS"}
_WADL = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><application xmlns="http://wadl.dev.java.net/2009/02">'
    '<resources base="{base}/wiki/rest/api/"><resource path="{path}"><method name="GET"/></resource></resources>'
    "</application>"
)


def _page(request: Request, status: int, reason: str, **headers: str) -> Answer | None:
    """What the web server says itself to those who do not take JSON: a page, or nothing where Accept cannot be read."""
    match takes(request):
        case "json":
            return None
        case "other":
            return web_page(status, reason, headers)
    return Answer(status)


def _in_search(request: Request) -> bool:
    """Whether it is for one of the two older services that are served."""
    return _rest_path(request).rstrip("/") in ("search", "search/user")


def _rest_path(request: Request) -> str:
    return request.path.removeprefix("/wiki/rest/api/")


def no_endpoint(request: Request, signed_in: bool) -> Answer:
    first = _rest_path(request).partition("/")[0]
    if not signed_in and not request.path.startswith("/wiki/rest/"):
        return unauthenticated(request)
    if not request.path.startswith("/wiki/rest/api/") or first in ("content", "space"):
        return web_page(404, "Not Found")
    uri = request.base + request.path
    headers = {"cache-control": "no-transform"}
    if prefers_json(request):
        return Answer(404, {"message": f"null for uri: {uri}", "status-code": 404}, headers)
    xml = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f"<status><status-code>404</status-code><message>null for uri: {uri}</message></status>"
    )
    return Answer(404, xml.encode(), headers, "application/xml")


def options(request: Request, allowed: list[str], signed_in: bool) -> Answer:
    """Nobody is told the methods, but by search: by a header alone, or described to those who take XML."""
    if not _in_search(request):
        return listed(404, "Not Found")
    if not takes_xml(request):
        return Answer(204, headers=_SEARCH_METHODS)
    text = _WADL.format(base=request.base, path=_rest_path(request).rstrip("/"))
    return Answer(200, text.encode(), _SEARCH_METHODS, "application/vnd.sun.wadl+xml")


def wrong_method(request: Request, allowed: list[str]) -> Answer:
    if _in_search(request):
        return Answer(405, headers=_SEARCH_METHODS)
    text = f"{SPRING}HttpRequestMethodNotSupportedException: Request method '{request.method}' not supported"
    return _page(request, 405, "Method Not Allowed", allow=", ".join(allowed)) or listed(405, text)


def unsupported_media(request: Request) -> Answer:
    sent = request.headers.get("content-type", "")
    if _in_search(request):
        return Answer(415) if "/" in sent.partition(";")[0] else web_page(400, "Bad Request")
    text = f"{SPRING}HttpMediaTypeNotSupportedException: Content type '{sent}' not supported"
    return _page(request, 415, "Unsupported Media Type", accept="application/json") or listed(415, text)


def not_acceptable(request: Request) -> Answer:
    if not _in_search(request):
        return _page(request, 406, "Not Acceptable") or Answer(406)
    if takes(request, older=True) == "other":
        return Answer(406)
    text = f'The HTTP header field "Accept" with value "{request.headers["accept"]}" could not be parsed.'
    return Answer(400, text.encode(), content_type="text/plain")


def bad_credential(request: Request, flaw: Flaw) -> Answer | None:
    """Of a credential that cannot be read Confluence says so; the bearer of one that it does not take is a stranger."""
    if flaw != "unreadable":
        return None
    realm = quote(f"{request.base}/wiki", safe="")
    return web_page(401, "Unauthorized", {"www-authenticate": f'OAuth realm="{realm}"'})


def unauthenticated(request: Request) -> Answer:
    """v2 hides that there is anything; v1 says 403. Pages of the web ask for a login."""
    if request.path.startswith(_V2):
        return v2(404, "Not Found")
    if not request.path.startswith("/wiki/rest/"):
        here = quote(request.path, safe="")
        return Answer(302, headers={"location": f"{request.base}/login?application=confluence&dest-url={here}"})
    if page := _page(request, 403, "Forbidden"):
        return page
    path = _rest_path(request)
    if any(path == name or path.startswith(f"{name}/") for name in _OLDER_SERVICES):
        body = {"message": "Current user not permitted to use Confluence", "statusCode": 403}
        return Answer(403, body, errors.UNCACHED)
    return controller(
        403,
        "com.atlassian.confluence.mvc.rest.common.exception.StacklessResponseStatusException: "
        '403 FORBIDDEN "Request rejected because caller cannot access Confluence"',
    )


def xsrf(request: Request) -> Answer:
    return Answer(403, b"XSRF check failed", content_type="text/plain;charset=UTF-8")


def bad_form(request: Request, reason: str) -> Answer:
    return controller(400, f"{SPRING}multipart.MultipartException: Failed to parse multipart servlet request: {reason}")


def not_served(request: Request, operation_id: str) -> Answer:
    text = f"{operation_id} is an operation of Confluence that this server does not serve"
    if request.path.startswith(_V2):
        return v2(501, text)
    return service(501, f"{EXCEPTIONS}unchecked.NotImplementedServiceException: {text}")


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
    text = f"org.springframework.http.converter.HttpMessageNotReadableException: {text}"
    return _marked(operation, controller(400, text))


def invalid(request: Request, operation: Operation, violations: list[Violation]) -> Answer:
    """A request that does not fit the contract: conversions are named first, as the services do."""
    conversions = [one for one in violations if one.keyword == "conversion"]
    first = (conversions or violations)[0]
    if request.path.startswith(_V2):
        return _v2_body(first) if first.where == "body" else _v2_parameter(first)
    return _marked(operation, _invalid_v1(request, operation, first))


def _marked(operation: Operation, answer: Answer) -> Answer:
    headers = {**answer.headers, **DEPRECATION} if operation.deprecated else answer.headers
    return Answer(answer.status, answer.body, headers, answer.content_type)


def _invalid_v1(request: Request, operation: Operation, first: Violation) -> Answer:
    if "/content/{id}" in operation.path and first.where != "body":
        content_id = _rest_path(request).split("/")[1]
        if not errors.is_content_id(content_id):
            return errors.bad_content_id(content_id).answer
    return _v1_body(first) if first.where == "body" else _v1_parameter(request, operation, first)


def _v2_parameter(violation: Violation) -> Answer:
    name = violation.pointer
    if violation.keyword == "conversion":
        return errors.not_of_type(name, violation.value, "long" if name.endswith(("id", "ids")) else "int").answer
    if violation.keyword == "required":
        return v2(400, f"Required parameter '{name}' is missing", code="INVALID_REQUEST_PARAMETER")
    return errors.not_valid(name, violation.value, violation.message).answer


def _v2_body(violation: Violation) -> Answer:
    place = violation.pointer or "the body"
    return v2(400, "Invalid message", code="INVALID_MESSAGE", detail=f"{place}: {violation.message}")


def _v1_parameter(request: Request, operation: Operation, violation: Violation) -> Answer:
    name, search = violation.pointer, operation.id in ("searchByCQL", "searchUser")
    if violation.keyword == "conversion":
        # Search finds nothing at all under a limit that is no number.
        if search:
            return Answer(404, headers=errors.UNCACHED)
        repeated = isinstance(violation.value, list)
        sent = ",".join(violation.value) if repeated else violation.value
        return controller(
            400,
            f"{SPRING}method.annotation.MethodArgumentTypeMismatchException: Failed to convert value of type "
            f"'java.lang.String{'[]' * repeated}' to required type 'int'; nested exception is "
            f'java.lang.NumberFormatException: For input string: "{sent}"',
        )
    if violation.keyword == "required":
        return errors.no_cql().answer if name == "cql" else _missing(name)
    if violation.keyword == "minimum":
        # A query that is missing is named before a negative number.
        blank = split_query(request.raw_query).get("cql") == [""]
        return errors.no_cql().answer if blank else errors.negative(name).answer
    return service(400, f"{EXCEPTIONS}api.BadRequestException: {name}: {violation.message}")


def _v1_body(violation: Violation) -> Answer:
    place = violation.pointer or "the body"
    return service(400, f"{EXCEPTIONS}api.BadRequestException: {place}: {violation.message}", valid=False)


def _missing(name: str) -> Answer:
    return controller(
        400,
        f"{SPRING}bind.MissingServletRequestParameterException: Required String parameter '{name}' is not present",
    )
