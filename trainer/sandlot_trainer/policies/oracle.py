"""The oracle as a policy: the scenario's reference solution, seeing no more than a model would."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from sandlot_trainer.episode import Protocol
from sandlot_trainer.policies import Action, Observation, TokenRecord, ToolCall
from sandlot_trainer.prompt import call_text
from sandlot_trainer.scenarios.base import Result, Task
from sandlot_trainer.tools import ToolBox


class OraclePolicy:
    name = "oracle"

    def actor(self, task: Task, toolbox: ToolBox, protocol: Protocol, seed: int) -> OracleActor:
        return OracleActor(task)


class OracleActor:
    """Runs the solution in lockstep with the episode: each of its calls is a turn."""

    tokens: TokenRecord | None = None

    def __init__(self, task: Task) -> None:
        self._task = task
        self._calls: asyncio.Queue[ToolCall | None] = asyncio.Queue()
        self._results: asyncio.Queue[Result] = asyncio.Queue()
        self._solution: asyncio.Task[None] | None = None

    async def act(self, observations: list[Observation]) -> Action:
        if self._solution is None:
            self._solution = asyncio.create_task(self._solve())
        for observation in observations:
            self._results.put_nowait(Result(observation.status or 0, json.loads(observation.text)))
        call = await self._calls.get()
        if call is None:
            await self._solution  # raises what the solution raised
            return Action("Done.")
        return Action(call_text(call.name, call.arguments), (call,))

    async def close(self) -> None:
        if self._solution is not None and not self._solution.done():
            self._solution.cancel()

    async def _solve(self) -> None:
        try:
            await self._task.scenario.oracle(self._task, self._call)
        finally:
            self._calls.put_nowait(None)

    async def _call(self, name: str, **arguments: Any) -> Result:
        self._calls.put_nowait(ToolCall(name, arguments))
        return await self._results.get()
