"""Running recorded calls for real: each agent on a fresh site of the task's world."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

from sandlot_trainer.audit.calls import RecordedCall
from sandlot_trainer.client import SiteAccess, send
from sandlot_trainer.engine import Engine
from sandlot_trainer.scenarios.base import Task
from sandlot_trainer.tools import HttpRequest, ToolBox

Send = Callable[[HttpRequest], Awaitable[tuple[int, Any]]]


@asynccontextmanager
async def site_of(engine: Engine, task: Task) -> AsyncIterator[SiteAccess]:
    """A fresh site of the task's world, deleted in the end."""
    access = await engine.control.create_site(await engine.control.put_seed(task.world))
    try:
        yield access
    finally:
        await engine.control.delete_site(access.site)


async def traced(engine: Engine, task: Task, act: Callable[[Send], Awaitable[None]]) -> dict[str, Any]:
    """The trace of whatever `act` sends on a fresh site. Raises EnvironmentFailure."""
    async with site_of(engine, task) as access:

        async def call(request: HttpRequest) -> tuple[int, Any]:
            return await send(engine.agent, access, request)

        await act(call)
        return await engine.control.trace(access.site)


async def replayed(engine: Engine, task: Task, calls: Iterable[RecordedCall]) -> dict[str, Any]:
    """The trace of these calls, made one after another. Raises EnvironmentFailure."""

    async def act(call: Send) -> None:
        for one in calls:
            await call(one.request)

    return await traced(engine, task, act)


async def whole_toolbox(engine: Engine) -> ToolBox:
    """Every operation of the served contract."""
    documents = await engine.documents()
    keys = [
        f"{name}/{operation['operationId']}"
        for name, document in documents.items()
        for item in document["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict) and "operationId" in operation
    ]
    return ToolBox.from_contract(documents, keys)
