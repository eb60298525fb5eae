"""The Atlassian port as a bare ASGI application: bytes in, one pass through the gateway or the pipeline, bytes out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from sandlot_server.call import Request
from sandlot_server.gateway import Gateway
from sandlot_server.pipeline import Pipeline

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MAX_BODY = 64 * 1024 * 1024


class Gate:
    """`public_url` replaces the scheme and host that callers use, where the server stands behind a proxy."""

    def __init__(self, gateway: Gateway, pipeline: Pipeline, public_url: str | None = None) -> None:
        self._gateway = gateway
        self._pipeline = pipeline
        self._public_url = public_url.rstrip("/") if public_url else None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"the Atlassian port speaks HTTP alone, not {scope['type']}")
        body = await _read(receive)
        if body is None:
            await _send(send, 413, [(b"content-length", b"0")], b"")
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        request = Request(
            method=scope["method"],
            path=scope["raw_path"].decode("ascii"),
            raw_query=scope["query_string"].decode("latin-1"),
            headers=headers,
            body=body,
            origin=self._public_url or f"{scope['scheme']}://{headers.get('host', '127.0.0.1')}",
        )
        reply = self._gateway.answer(request) or await self._pipeline.answer(request)
        await _send(send, reply.status, reply.headers, reply.body)


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None if it is larger than the server takes."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        return body
    parts, size = [body], len(body)
    while message.get("more_body", False):
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            return None
    return b"".join(parts)


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
