"""Response headers, as each product sends them (measured on live sites, September and October 2026)."""

from __future__ import annotations

from sandlot_server.access import Admitted
from sandlot_server.call import Answer, Request
from sandlot_server.site.sites import Site

_BOTH = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-xss-protection", b"1; mode=block"),
    (b"vary", b"Accept-Encoding"),
]
_JIRA = [*_BOTH, (b"cache-control", b"no-cache, no-store, no-transform"), (b"timing-allow-origin", b"*")]
_JIRA_TYPE = b"application/json;charset=UTF-8"
_CONFLUENCE_TYPE = b"application/json"
_RATE_LIMITS = [
    (b"ratelimit", b'"jira-burst-based";r=349;t=1'),
    (b"ratelimit-policy", b'"jira-burst-based";q=100;w=1'),
    (b"x-ratelimit-limit", b"350"),
    (b"x-ratelimit-remaining", b"349"),
]


def response_headers(
    request: Request, answer: Answer, length: int, site: Site | None, admitted: Admitted | None
) -> list[tuple[bytes, bytes]]:
    """The headers of one answer. Request ids follow from site and seq, so that a run repeats exactly."""
    confluence = request.path.startswith("/wiki")
    headers = list(_BOTH if confluence else _JIRA)
    if length or answer.content_type:
        default = _CONFLUENCE_TYPE if confluence else _JIRA_TYPE
        headers.append((b"content-type", answer.content_type.encode() if answer.content_type else default))
    if answer.status != 204:
        headers.append((b"content-length", b"%d" % length))
    if site is not None:
        trace_id = f"{site.number:016x}{site.seq:016x}".encode()
        headers.append((b"atl-traceid", trace_id))
        if not confluence:
            headers.append((b"x-arequestid", trace_id))
    if admitted is not None and not confluence:
        if admitted.user is not None:
            headers.append((b"x-aaccountid", admitted.user["id"].encode()))
            headers += _RATE_LIMITS
        elif admitted.failed_login:
            headers.append((b"x-seraph-loginreason", b"AUTHENTICATED_FAILED"))
    for name, value in answer.headers.items():
        headers.append((name.lower().encode(), value.encode()))
    return headers
