"""One request's way through the server: site > auth > match > validate > handle > check > record > answer.

Everything but the record is synchronous, on one event loop: no locks, and every site is linearizable.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from types import ModuleType
from urllib.parse import unquote

import orjson

import sandlot_server.confluence.errors as confluence_errors
import sandlot_server.jira.errors as jira_errors
from sandlot_server.access import Access, Admitted, NoSite
from sandlot_server.call import Answer, Call, Handler, Refusal, Request, Violation
from sandlot_server.contract.contract import Contract
from sandlot_server.contract.operations import JSON, Operation
from sandlot_server.contract.parameters import read_query
from sandlot_server.contract.schemas import violations
from sandlot_server.headers import response_headers
from sandlot_server.site.sites import Site
from sandlot_server.site.state import Change, State
from sandlot_server.trace.tables import exchange_id
from sandlot_server.trace.writer import Exchange, TraceUnavailable, TraceWriter

log = logging.getLogger("sandlot.pipeline")


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
            return self._refused(request, refusal)
        site = admitted.site
        errors = errors_of(request.path)
        operation: Operation | None = None
        state = State(site.layer)
        changes: list[Change] = []
        try:
            operation, values = self._match(request, errors)
            self._negotiate(request, operation, errors)
            self._authorize(request, operation, admitted, errors)
            call = self._validated(request, operation, values, admitted, state, errors)
            answer = self._handlers[operation.key](call)
            body = self._checked(operation, answer)
            changes = state.changes()
        except Refusal as refusal:
            answer = refusal.answer
            body = self._encoded(answer)
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            answer = errors.internal(request)
            body = self._encoded(answer)
        state.merge(changes)
        try:
            await self._record(request, admitted, operation, answer, body, changes, started)
        except TraceUnavailable:
            answer = errors.unavailable(request)
            body = self._encoded(answer)
        self._note(f"{request.method} {request.prefix}{request.path} {answer.status} {_ms(started)} {site.name}")
        return _reply(request, answer, body, site, admitted)

    def _match(self, request: Request, errors: ModuleType) -> tuple[Operation, dict[str, str]]:
        """The operation at the path, and the path's parameters."""
        found = self._contract.routes.find(request.path)
        if found is None:
            raise Refusal(errors.no_endpoint(request))
        methods, values = found
        matched = methods.get("GET" if request.method == "HEAD" else request.method)
        if matched is None:
            raise Refusal(errors.wrong_method(request, sorted(methods)))
        operation, names = matched
        if not operation.served:
            raise Refusal(errors.not_served(request, operation.id))
        return operation, dict(zip(names, map(unquote, values), strict=True))

    def _negotiate(self, request: Request, operation: Operation, errors: ModuleType) -> None:
        """415 before 406, as measured on both products."""
        if operation.media_types and (request.body or operation.media_always):
            sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if sent not in operation.media_types:
                raise Refusal(errors.unsupported_media(request))
        accept = request.headers.get("accept", "*/*")
        if accept not in ("*/*", JSON) and not _accepts_json(accept):
            raise Refusal(errors.not_acceptable(request))

    def _authorize(self, request: Request, operation: Operation, admitted: Admitted, errors: ModuleType) -> None:
        if admitted.user is None and not operation.anonymous:
            raise Refusal(errors.unauthenticated(request))

    def _validated(
        self,
        request: Request,
        operation: Operation,
        values: dict[str, str],
        admitted: Admitted,
        state: State,
        errors: ModuleType,
    ) -> Call:
        """The call, if path, query and body fit the contract."""
        wrong = [
            Violation("path", name, "conversion", "not an integer", values[name])
            for name in operation.integer_path
            if not values[name].isdecimal()
        ]
        query, wrong_query = read_query(operation.parameters, request.raw_query)
        wrong += wrong_query
        if wrong:
            raise Refusal(errors.invalid(request, operation, wrong))
        body = None
        if operation.body is not None and (request.body or operation.body_required):
            if not request.body:
                raise Refusal(errors.bad_json(request, operation, "empty"))
            try:
                body = orjson.loads(request.body)
            except orjson.JSONDecodeError:
                raise Refusal(errors.bad_json(request, operation, "syntax")) from None
            if not operation.body.is_valid(body):
                raise Refusal(errors.invalid(request, operation, list(violations(operation.body, body, "body"))))
        return Call(
            request=request,
            operation=operation,
            path=values,
            query=query,
            body=body,
            user=admitted.user,
            state=state,
            now=admitted.site.now(),
            version=operation.version,
            cloud_id=admitted.site.cloud_id,
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
        answer: Answer,
        body: bytes,
        changes: list[Change],
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
            request.body or None,
            answer.content_type or JSON,
            body or None,
        )
        site.in_flight += 1
        try:
            await self._writer.exchange(site.name, Exchange(site.layer_number, values, changes))
        finally:
            site.in_flight -= 1

    def _refused(self, request: Request, refusal: NoSite) -> Reply:
        """A request that named no site is answered as by one that does not know the caller, and noted apart."""
        answer = refusal.answer or errors_of(request.path).unauthenticated(request)
        self._access.note_refused(request, answer.status, refusal.reason)
        self._note(f"{request.method} {request.prefix}{request.path} {answer.status} no site: {refusal.reason}")
        return _reply(request, answer, self._encoded(answer), None, None)


class ContractBreach(Exception):
    """A handler answered what its contract does not allow."""


def errors_of(path: str) -> ModuleType:
    """The refusals of the product that a path belongs to."""
    return confluence_errors if path.startswith("/wiki") else jira_errors


def _accepts_json(accept: str) -> bool:
    ranges = [member.partition(";")[0].strip().lower() for member in accept.split(",")]
    return any(member in ("", "*/*", "application/*", JSON) for member in ranges)


def _reply(request: Request, answer: Answer, body: bytes, site: Site | None, admitted: Admitted | None) -> Reply:
    headers = response_headers(request, answer, len(body), site, admitted)
    return Reply(answer.status, headers, b"" if request.method == "HEAD" else body)


def _ms(started: int) -> str:
    return f"{(time.perf_counter_ns() - started) / 1e6:.1f}ms"
