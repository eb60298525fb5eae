"""A scenario's own solutions as policies: they see no more than a model would."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from sandlot_trainer.episode import Protocol
from sandlot_trainer.policies import Action, Observation, TokenRecord, ToolCall
from sandlot_trainer.prompt import call_text
from sandlot_trainer.scenarios.base import Call, Result, Task
from sandlot_trainer.tools import ToolBox

Solution = Callable[[Task, Call], Awaitable[None]]


class OraclePolicy:
    """The reference solution."""

    name = "oracle"

    def actor(self, task: Task, toolbox: ToolBox, protocol: Protocol, seed: int) -> SolutionActor:
        return SolutionActor(task, task.scenario.oracle)


class SecondPolicy:
    """The second solution. Its episodes need the scenario's `second_operations` beside the task's own tools."""

    name = "second"

    def actor(self, task: Task, toolbox: ToolBox, protocol: Protocol, seed: int) -> SolutionActor:
        return SolutionActor(task, task.scenario.second)


class SolutionActor:
    """Runs a solution in lockstep with the episode: each of its calls is a turn. `calls` are those made so far."""

    tokens: TokenRecord | None = None

    def __init__(self, task: Task, solution: Solution) -> None:
        self.calls: list[ToolCall] = []
        self._task = task
        self._solve = solution
        self._next: asyncio.Queue[ToolCall | None] = asyncio.Queue()
        self._results: asyncio.Queue[Result] = asyncio.Queue()
        self._running: asyncio.Task[None] | None = None

    async def act(self, observations: list[Observation]) -> Action:
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        for observation in observations:
            self._results.put_nowait(Result(observation.status or 0, json.loads(observation.text)))
        call = await self._next.get()
        if call is None:
            await self._running  # raises what the solution raised
            return Action("Done.")
        self.calls.append(call)
        return Action(call_text(call.name, call.arguments), (call,))

    async def close(self) -> None:
        if self._running is not None and not self._running.done():
            self._running.cancel()

    async def _run(self) -> None:
        try:
            await self._solve(self._task, self._call)
        finally:
            self._next.put_nowait(None)

    async def _call(self, name: str, /, **arguments: Any) -> Result:
        self._next.put_nowait(ToolCall(name, arguments))
        return await self._results.get()
