"""Response headers, as each product sends them (measured on live sites, September and October 2026)."""

from __future__ import annotations

from sandlot_server.access import Admitted
from sandlot_server.call import Answer, Request
from sandlot_server.contract.operations import Operation
from sandlot_server.site.sites import Site

_Headers = list[tuple[bytes, bytes]]

_BOTH: _Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-xss-protection", b"1; mode=block"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains; preload"),
    (b"vary", b"Accept-Encoding"),
]
_JIRA: _Headers = [*_BOTH, (b"cache-control", b"no-cache, no-store, no-transform"), (b"timing-allow-origin", b"*")]
_JIRA_TYPE = b"application/json;charset=UTF-8"
_CONFLUENCE_TYPE = b"application/json"


def _rates(quota: int, limit: int) -> _Headers:
    return [
        (b"ratelimit", b'"jira-burst-based";r=%d;t=1' % (limit - 1)),
        (b"ratelimit-policy", b'"jira-burst-based";q=%d;w=1' % quota),
        (b"x-ratelimit-limit", b"%d" % limit),
        (b"x-ratelimit-remaining", b"%d" % (limit - 1)),
    ]


# Calls a second, the quota and the burst. Nothing here is ever refused for want of either.
_RATES = {
    "jira/getIssue": _rates(150, 400),
    "jira/getProjectRole": _rates(200, 500),
    "jira/searchAndReconsileIssuesUsingJqlPost": _rates(100, 200),
}
_ORDINARY_RATES = _rates(100, 350)
_NO_RATES = _rates(10**12, 10**12)


def response_headers(
    request: Request,
    answer: Answer,
    length: int,
    site: Site | None,
    admitted: Admitted | None,
    operation: Operation | None,
) -> _Headers:
    """The headers of one answer. Request ids follow from site and seq, so that a run repeats exactly."""
    confluence = request.path.startswith("/wiki")
    headers = list(_BOTH if confluence or answer.bare else _JIRA)
    if length or answer.content_type:
        default = _CONFLUENCE_TYPE if confluence else _JIRA_TYPE
        headers.append((b"content-type", answer.content_type.encode() if answer.content_type else default))
    if answer.status != 204 and (request.method != "HEAD" or _length_told(answer, confluence, operation)):
        headers.append((b"content-length", b"%d" % length))
    if site is not None:
        trace_id = f"{site.number:016x}{site.seq:016x}"
        parts = (trace_id[:8], trace_id[8:12], trace_id[12:16], trace_id[16:20], trace_id[20:])
        headers.append((b"atl-traceid", trace_id.encode()))
        headers.append((b"atl-request-id", "-".join(parts).encode()))
        if confluence:
            headers.append((b"x-confluence-request-time", b"%d" % site.last_time()))
        elif not answer.bare:
            headers.append((b"x-arequestid", trace_id.encode()))
    if admitted is not None and not confluence and not answer.bare:
        headers += _of_jiras_caller(request, answer, admitted, operation)
    for name, value in answer.headers.items():
        headers.append((name.lower().encode(), value.encode()))
    return headers


def _of_jiras_caller(request: Request, answer: Answer, admitted: Admitted, operation: Operation | None) -> _Headers:
    """Who Jira thinks is calling: an account with its rates, or nobody with a token against forged requests."""
    if admitted.user is not None:
        account = (b"x-aaccountid", admitted.user["id"].encode())
        if request.method == "OPTIONS" and answer.status == 200:
            return [account, *_NO_RATES]
        if operation is None or answer.status == 406:
            return [account]
        rates = _NO_RATES if request.method == "HEAD" else _RATES.get(operation.key, _ORDINARY_RATES)
        return [account, *rates]
    headers: _Headers = []
    if admitted.failed_login:
        headers.append((b"x-seraph-loginreason", b"AUTHENTICATED_FAILED"))
    if answer.status == 200:
        token = f"atlassian.xsrf.token={admitted.site.number:032x}_lout; Path=/; SameSite=None; Secure"
        headers.append((b"set-cookie", token.encode()))
    return headers


def _length_told(answer: Answer, confluence: bool, operation: Operation | None) -> bool:
    """Whether the answer to HEAD says how long the body would have been; of a file it always does."""
    if operation is not None and not operation.answers_json:
        return True
    if not confluence:
        return answer.status == 401
    searching = operation is not None and operation.older
    return not searching and (answer.status < 300 or answer.status == 406)
