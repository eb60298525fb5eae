"""One request's way through the server: site > auth > match > validate > handle > check > record > answer.

Everything but the record is synchronous, on one event loop: no locks, and every site is linearizable.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any
from urllib.parse import unquote

import orjson

import sandlot_server.confluence.protocol as confluence_protocol
import sandlot_server.jira.protocol as jira_protocol
from sandlot_server.access import Access, Admitted, NoSite
from sandlot_server.call import Answer, Call, Handler, Refusal, Request, Violation
from sandlot_server.confluence import restriction_rows
from sandlot_server.contract.contract import Contract
from sandlot_server.contract.operations import JSON, Operation
from sandlot_server.contract.parameters import read_query
from sandlot_server.contract.schemas import violations
from sandlot_server.forms import BadForm, Form, read_form
from sandlot_server.headers import response_headers
from sandlot_server.jira import permissions
from sandlot_server.json_body import BadJson, read_json
from sandlot_server.negotiation import takes
from sandlot_server.numbers import whole_number
from sandlot_server.site.layers import Layer
from sandlot_server.site.sites import Site
from sandlot_server.site.state import Change, State
from sandlot_server.trace.tables import exchange_id
from sandlot_server.trace.writer import Exchange, TraceUnavailable, TraceWriter

log = logging.getLogger("sandlot.pipeline")
# Longer answers that are no JSON (files, pictures) are traced by their size: a site keeps its files anyway.
_TRACED_FILE = 16 * 1024


class Reply:
    """An answer as bytes on the wire."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


class Pipeline:
    """Answers requests. `note` gets a line for each; `record_refused` one for each that named no site."""

    def __init__(
        self,
        contract: Contract,
        handlers: Mapping[str, Handler],
        access: Access,
        writer: TraceWriter,
        note: Callable[[str], None],
    ) -> None:
        self._contract = contract
        self._handlers = handlers
        self._access = access
        self._writer = writer
        self._note = note

    async def answer(self, request: Request) -> Reply:
        started = time.perf_counter_ns()
        try:
            admitted = self._access.admit(request)
        except NoSite as refusal:
            return self._public(request) or self._refused(request, refusal)
        site = admitted.site
        protocol = protocol_of(request.path)
        operation: Operation | None = None
        state = State(site.layer, site.blobs)
        unseen = restriction_rows.unseen if protocol is confluence_protocol else permissions.unseen
        state.unseen = unseen(state, admitted.user)
        call: Call | None = None
        changes: list[Change] = []
        try:
            if admitted.flaw is not None and (refused := protocol.bad_credential(request, admitted.flaw)) is not None:
                raise Refusal(refused)
            operation, values = self._match(request, protocol, admitted.user is not None)
            if operation.caller_first:
                self._authorize(request, operation, admitted, protocol)
            self._negotiate(request, operation, protocol)
            self._authorize(request, operation, admitted, protocol)
            call = self._validated(request, operation, values, admitted, state, protocol)
            answer = self._handlers[operation.key](call)
            body = self._checked(operation, answer)
            changes = state.changes()
        except Refusal as refusal:
            answer = refusal.answer
            body = self._encoded(answer)
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            answer = protocol.internal(request)
            body = self._encoded(answer)
        state.merge(changes)
        files = state.blobs if changes else {}
        try:
            await self._record(request, admitted, operation, call, answer, body, changes, files, started)
        except TraceUnavailable:
            answer = protocol.unavailable(request)
            body = self._encoded(answer)
        self._note(f"{request.method} {request.prefix}{request.path} {answer.status} {_ms(started)} {site.name}")
        return _reply(request, answer, body, site, admitted, operation)

    def _match(self, request: Request, protocol: ModuleType, signed_in: bool) -> tuple[Operation, dict[str, str]]:
        """The operation at the path, and the path's parameters. What lacks the method leaves it to other templates."""
        wanted = "GET" if request.method == "HEAD" else request.method
        allowed: set[str] = set()
        for methods, values in self._contract.routes.all(request.path):
            if wanted in methods:
                operation, names = methods[wanted]
                if not operation.served:
                    raise Refusal(protocol.not_served(request, operation.id))
                return operation, dict(zip(names, map(unquote, values), strict=True))
            if wanted == "OPTIONS":
                raise Refusal(protocol.options(request, sorted(methods), signed_in))
            allowed |= set(methods)
        raise Refusal(
            protocol.wrong_method(request, sorted(allowed)) if allowed else protocol.no_endpoint(request, signed_in)
        )

    def _negotiate(self, request: Request, operation: Operation, protocol: ModuleType) -> None:
        """415 before 406, as measured on both products."""
        looked_at = operation.media_always or (operation.older and "content-type" in request.headers)
        if operation.media_types and (request.body or looked_at):
            sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if sent not in operation.media_types:
                raise Refusal(protocol.unsupported_media(request))
        if operation.answers_json and takes(request, operation.older) != "json":
            raise Refusal(protocol.not_acceptable(request))

    def _authorize(self, request: Request, operation: Operation, admitted: Admitted, protocol: ModuleType) -> None:
        if admitted.user is None and not operation.anonymous:
            raise Refusal(protocol.unauthenticated(request))
        # The second is an older spelling that is still taken.
        waiver = request.headers.get("x-atlassian-token", "").strip().lower()
        if operation.guarded and waiver not in ("no-check", "nocheck"):
            raise Refusal(protocol.xsrf(request))

    def _validated(
        self,
        request: Request,
        operation: Operation,
        values: dict[str, str],
        admitted: Admitted | None,
        state: State,
        protocol: ModuleType,
    ) -> Call:
        """The call, if path, query and body fit the contract."""
        wrong = [
            Violation("path", name, "conversion", "not an integer", values[name])
            for name in operation.integer_path
            if not values[name].isdecimal() or whole_number(values[name]) is None
        ]
        query, wrong_query = read_query(operation.parameters, request.raw_query)
        wrong += wrong_query
        if wrong:
            raise Refusal(protocol.invalid(request, operation, wrong))
        body: Any = None
        if operation.form:
            try:
                body = read_form(request.headers.get("content-type", ""), request.body)
            except BadForm as error:
                raise Refusal(protocol.bad_form(request, str(error))) from None
        elif operation.body is not None and (request.body or operation.body_required):
            if not request.body:
                raise Refusal(protocol.bad_json(request, operation, "empty"))
            try:
                body = read_json(request.body, operation.trailing_ignored)
            except BadJson as error:
                raise Refusal(protocol.bad_json(request, operation, error.reason)) from None
            if not operation.body.is_valid(body):
                raise Refusal(protocol.invalid(request, operation, list(violations(operation.body, body, "body"))))
        return Call(
            request=request,
            operation=operation,
            path=values,
            query=query,
            body=body,
            user=admitted.user if admitted else None,
            state=state,
            now=admitted.site.now() if admitted else 0,
            version=operation.version,
            cloud_id=admitted.site.cloud_id if admitted else "",
        )

    def _checked(self, operation: Operation, answer: Answer) -> bytes:
        """The answer's bytes, if it fits the contract: a handler's slip is a 500 and leaves nothing behind."""
        if answer.status not in operation.responses:
            raise ContractBreach(f"{operation.key} answered {answer.status}, which its contract does not have")
        validator = operation.responses[answer.status]
        if validator is not None and not isinstance(answer.body, bytes) and not validator.is_valid(answer.body):
            found = next(violations(validator, answer.body, "response"))
            raise ContractBreach(
                f"{operation.key} answered {answer.status} with {found.pointer or '/'}: {found.message}"
            )
        return self._encoded(answer)

    @staticmethod
    def _encoded(answer: Answer) -> bytes:
        if answer.body is None:
            return b""
        return answer.body if isinstance(answer.body, bytes) else orjson.dumps(answer.body)

    async def _record(
        self,
        request: Request,
        admitted: Admitted,
        operation: Operation | None,
        call: Call | None,
        answer: Answer,
        body: bytes,
        changes: list[Change],
        files: Mapping[str, bytes],
        started: int,
    ) -> None:
        """Return when the exchange and its rows are durable."""
        site = admitted.site
        now = site.now()
        site.seq += 1
        values = (
            exchange_id(site.number, site.seq),
            now,
            time.time(),
            (time.perf_counter_ns() - started) // 1000,
            operation.key if operation else None,
            operation.version if operation else 0,
            request.method,
            request.path,
            request.raw_query,
            answer.status,
            admitted.user["id"] if admitted.user else None,
            request.headers.get("content-type"),
            _traced_request(request, call) or None,
            answer.content_type or JSON,
            _traced_answer(answer, body) or None,
        )
        site.in_flight += 1
        site.blobs.hold(files)
        try:
            await self._writer.exchange(site.name, Exchange(site.layer_number, values, changes, files))
        finally:
            site.blobs.release(files)
            site.in_flight -= 1

    def _public(self, request: Request) -> Reply | None:
        """What is the same on every site is answered to a request that names none, and stands in no trace."""
        protocol = protocol_of(request.path)
        try:
            operation, values = self._match(request, protocol, signed_in=False)
        except Refusal:
            return None
        if not operation.public:
            return None
        try:
            call = self._validated(request, operation, values, None, State(Layer()), protocol)
            answer = self._handlers[operation.key](call)
            body = self._checked(operation, answer)
        except Refusal as refusal:
            answer = refusal.answer
            body = self._encoded(answer)
        self._note(f"{request.method} {request.path} {answer.status} public")
        return _reply(request, answer, body, None, None, operation)

    def _refused(self, request: Request, refusal: NoSite) -> Reply:
        """A request that named no site is answered as by one that does not know the caller, and noted apart."""
        protocol = protocol_of(request.path)
        flawed = protocol.bad_credential(request, refusal.flaw) if refusal.flaw is not None else None
        answer = refusal.answer or flawed or protocol.unauthenticated(request)
        self._access.note_refused(request, answer.status, refusal.reason)
        self._note(f"{request.method} {request.prefix}{request.path} {answer.status} no site: {refusal.reason}")
        return _reply(request, answer, self._encoded(answer), None, None, None)


class ContractBreach(Exception):
    """A handler answered what its contract does not allow."""


def protocol_of(path: str) -> ModuleType:
    """The refusals of the product that a path belongs to."""
    return confluence_protocol if path.startswith("/wiki") else jira_protocol


def _traced_request(request: Request, call: Call | None) -> bytes:
    """A request's body as its trace keeps it: of a form what it says, and of its files no more than their hashes."""
    if call is not None and isinstance(call.body, Form):
        return orjson.dumps(call.body.described())
    if request.headers.get("content-type", "").startswith("multipart/"):
        return _size_of(request.body)
    return request.body


def _traced_answer(answer: Answer, body: bytes) -> bytes:
    return _size_of(body) if isinstance(answer.body, bytes) and len(body) > _TRACED_FILE else body


def _size_of(content: bytes) -> bytes:
    return b"<%d bytes>" % len(content)


def _reply(
    request: Request,
    answer: Answer,
    body: bytes,
    site: Site | None,
    admitted: Admitted | None,
    operation: Operation | None,
) -> Reply:
    headers = response_headers(request, answer, len(body), site, admitted, operation)
    return Reply(answer.status, headers, b"" if request.method == "HEAD" else body)


def _ms(started: int) -> str:
    return f"{(time.perf_counter_ns() - started) / 1e6:.1f}ms"
