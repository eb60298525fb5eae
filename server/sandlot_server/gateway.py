"""What a client asks before it calls the gateway: which sites a token opens, and which cloudId a site has.

Neither is part of a product's API, so that neither stands in the contract or in a site's trace.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson

from sandlot_server.access import ACCESSIBLE_RESOURCES, Access, NoSite, read_credential
from sandlot_server.call import Answer, Request
from sandlot_server.contract.contract import Contract
from sandlot_server.headers import response_headers
from sandlot_server.pipeline import Reply

_TENANT_INFO = "/_edge/tenant_info"
_PATHS = re.compile(f"(?:/s/[^/]+)?(?:{ACCESSIBLE_RESOURCES}|{_TENANT_INFO})")
# A site stands in the answer once for each product, with the scopes of that product's documents.
_PRODUCTS = (("jira", "jira-software"), ("confluence", "confluence-v1"))
_PICTURE = "/rest/api/3/universal_avatar/view/type/project"
_UNAUTHORIZED = {"code": 401, "message": "Unauthorized"}


class Gateway:
    """`note` gets a line for each request that is answered here."""

    def __init__(self, contract: Contract, access: Access, note: Callable[[str], None]) -> None:
        self._access = access
        self._note = note
        self._scopes = [_scopes([contract.documents[name] for name in names]) for names in _PRODUCTS]

    def answer(self, request: Request) -> Reply | None:
        """The reply to GET or HEAD of the two paths, and None to everything else."""
        if not _PATHS.fullmatch(request.path) or request.method not in ("GET", "HEAD"):
            return None
        try:
            if request.path.endswith(_TENANT_INFO):
                answer = Answer(200, {"cloudId": self._access.tenant(request).cloud_id})
            else:
                answer = Answer(200, self._accessible(request))
        except NoSite as refusal:
            answer = refusal.answer or Answer(401, _UNAUTHORIZED)
            self._access.note_refused(request, answer.status, refusal.reason)
        self._note(f"{request.method} {request.prefix}{request.path} {answer.status} gateway")
        return _reply(request, Answer(answer.status, answer.body, content_type="application/json", bare=True))

    def _accessible(self, request: Request) -> list[dict[str, Any]]:
        """The site of a bearer token, for each of its products. Raises NoSite for every other credential."""
        admitted = self._access.admit(request)
        credential = read_credential(request.headers.get("authorization"))
        if admitted.user is None or getattr(credential, "email", None) is not None:
            raise NoSite("no bearer token of the site")
        site = {"id": admitted.site.cloud_id, "url": request.base, "name": admitted.site.name}
        picture = {"avatarUrl": request.base + _PICTURE}
        return [{**site, "scopes": scopes, **picture} for scopes in self._scopes]


def _scopes(documents: list[dict[str, Any]]) -> list[str]:
    """The scopes that the operations of some documents ask for."""
    operations = (
        operation
        for document in documents
        for item in document["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict)
    )
    ways = (way for operation in operations for way in operation.get("security", ()))
    return sorted({scope for way in ways for scopes in way.values() for scope in scopes})


def _reply(request: Request, answer: Answer) -> Reply:
    body = orjson.dumps(answer.body)
    headers = response_headers(request, answer, len(body), None, None, None)
    return Reply(answer.status, headers, b"" if request.method == "HEAD" else body)
