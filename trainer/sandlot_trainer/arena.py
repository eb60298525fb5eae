"""A place to run episodes from code that is not asynchronous: an engine on an event loop of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, TypeVarTuple

from anyio.from_thread import BlockingPortal, start_blocking_portal

from sandlot_trainer.client import Control
from sandlot_trainer.engine import Engine
from sandlot_trainer.episode import Protocol
from sandlot_trainer.scenarios.base import Scenario
from sandlot_trainer.scoring import Mode
from sandlot_trainer.serverprocess import started_server

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


@dataclass(frozen=True)
class Server:
    """A server that runs elsewhere: its control API's URL and token, and the Atlassian port's URL where that is
    not to be the one that the server gives."""

    control: str
    token: str
    atlassian: str | None = None


class Arena:
    """An engine, and a way to call it from any thread."""

    def __init__(self, portal: BlockingPortal, engine: Engine) -> None:
        self._portal = portal
        self.engine = engine

    def with_protocol(self, protocol: Protocol) -> Arena:
        """The same engine under other rules of an episode."""
        return Arena(self._portal, self.engine.with_protocol(protocol))

    def scenario(self, name: str) -> Scenario:
        """The scenario of this name; see `Engine.scenario`."""
        return self.call(self.engine.scenario, name)

    def call(self, function: Callable[[*Ts], Awaitable[T]], *arguments: *Ts) -> T:
        """Run a coroutine function on the engine's loop and wait for its result."""
        return self._portal.call(function, *arguments)


@contextmanager
def opened_arena(
    server: Server | None,
    protocol: Protocol,
    *,
    mode: Mode = "shaped",
    keep_sites: bool = False,
    concurrency: int = 64,
    data: Path | None = None,
    command: Sequence[str] | None = None,
) -> Iterator[Arena]:
    """An arena over `server`, or over one started here on free ports (its data in `data`) and stopped in the end."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Engine]:
        async with AsyncExitStack() as stack:
            if server is None:
                url, token = await stack.enter_async_context(started_server(data, command=command))
                control = Control(url, token)
            else:
                control = Control(server.control, server.token, atlassian=server.atlassian)
            await stack.enter_async_context(control)
            engine = Engine(control, protocol, mode=mode, keep_sites=keep_sites, concurrency=concurrency)
            yield await stack.enter_async_context(engine)

    with start_blocking_portal() as portal, portal.wrap_async_context_manager(opened()) as engine:
        yield Arena(portal, engine)
