"""Many episodes against one server: contracts, tool boxes and rubrics fetched or made once, attempts in
parallel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from copy import copy
from dataclasses import replace
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from sandlot_trainer.client import CONNECTIONS, TIMEOUT, Control, EnvironmentFailure
from sandlot_trainer.episode import Episode, Protocol, run_episode
from sandlot_trainer.policies import AnyPolicy
from sandlot_trainer.policies.oracle import OraclePolicy
from sandlot_trainer.rubric import Rubric, RubricError, compile_rubric, score
from sandlot_trainer.scenarios import SCENARIOS, find_scenario
from sandlot_trainer.scenarios.base import Scenario, Task
from sandlot_trainer.scenarios.generated import generated_scenarios
from sandlot_trainer.scoring import Mode
from sandlot_trainer.tools import ToolBox

_Made = TypeVar("_Made")

DOCUMENTS = ("jira", "jira-software", "confluence", "confluence-v1")


class Engine:
    """Runs and scores episodes. Use as `async with Engine(control, protocol) as engine`; the control client
    stays the caller's.

    All attempts at one task start from the same seed on sites of their own, so they see the same world, ids
    and clock.
    """

    def __init__(
        self,
        control: Control,
        protocol: Protocol,
        *,
        mode: Mode = "shaped",
        keep_sites: bool = True,
        concurrency: int = 64,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.control = control
        self.protocol = protocol
        self.mode = mode
        self.keep_sites = keep_sites
        self._slots = asyncio.Semaphore(concurrency)
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
        self.agent = httpx.AsyncClient(timeout=TIMEOUT, limits=limits, transport=transport)
        self._tasks: dict[object, asyncio.Task[Any]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for task in self._tasks.values():
            task.cancel()
        # An attempt deletes its site on the way out, which needs the control client still.
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await self.agent.aclose()

    def with_protocol(self, protocol: Protocol) -> Engine:
        """This engine under other rules: what was fetched and made is shared, and is closed with this one."""
        other = copy(self)
        other.protocol = protocol
        return other

    async def scenario(self, name: str) -> Scenario:
        """The scenario of this name. Raises ValueError on one that there is not."""
        return find_scenario(name, await self.documents())

    async def scenarios(self, name: str) -> list[Scenario]:
        """The scenario of this name; with "all" every written one, with "api" every one generated from the contract.
        Raises ValueError on one that there is not."""
        if name == "all":
            return list(SCENARIOS.values())
        if name == "api":
            return list(generated_scenarios(await self.documents()).values())
        return [await self.scenario(name)]

    async def documents(self) -> dict[str, dict[str, Any]]:
        """The served contract, document by document."""
        return await self._once("contract", self._documents)

    async def tables(self) -> dict[str, Any]:
        """The declaration of the server's tables."""
        return await self._once("tables", self.control.tables)

    async def toolbox(self, task: Task, operations: tuple[str, ...] = ()) -> ToolBox:
        """The task's tools, and those of further `operations`, from the served contract."""
        documents = await self.documents()
        offered = tuple(dict.fromkeys((*task.operations, *operations)))
        return await self._once(offered, lambda: _toolbox(documents, offered))

    async def rubric(self, task: Task) -> Rubric:
        """The task's rubric, compiled from a run of its oracle."""
        return await self._once(("rubric", task.name), lambda: self._compile(task))

    async def run(self, task: Task, policy: AnyPolicy, seed: int = 0, operations: tuple[str, ...] = ()) -> Episode:
        """One scored attempt, `operations` offered beside the task's own. Raises EnvironmentFailure."""
        rubric = await self.rubric(task)
        async with self._slots:
            episode = await self._attempt(task, policy, seed, self.keep_sites, operations)
        return replace(episode, score=score(rubric, episode.trace, self.mode))

    async def run_all(self, jobs: Iterable[tuple[Task, int]], policy: AnyPolicy) -> list[Episode | EnvironmentFailure]:
        """Attempts at (task, seed), all in flight together; results in the order of the jobs. A failure of
        the environment stands in its episode's place, for the caller to drop or to raise."""

        async def guarded(task: Task, seed: int) -> Episode | EnvironmentFailure:
            try:
                return await self.run(task, policy, seed)
            except EnvironmentFailure as failure:
                return failure

        running = [asyncio.create_task(guarded(task, seed)) for task, seed in jobs]
        try:
            return await asyncio.gather(*running)
        finally:
            for attempt in running:
                attempt.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _attempt(
        self, task: Task, policy: AnyPolicy, seed: int, keep_site: bool, operations: tuple[str, ...] = ()
    ) -> Episode:
        toolbox = await self.toolbox(task, operations)
        return await run_episode(
            task, policy, self.control, toolbox, self.protocol, seed, agent=self.agent, keep_site=keep_site
        )

    async def _compile(self, task: Task) -> Rubric:
        tables = await self.tables()
        async with self._slots:
            episode = await self._attempt(task, OraclePolicy(), 0, keep_site=False)
        if episode.stop != "finished":
            raise RubricError(f"The oracle of {task.name} met the {episode.stop} of the protocol.")
        return compile_rubric(task, tables, episode.trace, (await self.toolbox(task)).constants())

    async def _documents(self) -> dict[str, dict[str, Any]]:
        served = await asyncio.gather(*(self.control.contract(name) for name in DOCUMENTS))
        return dict(zip(DOCUMENTS, served, strict=True))

    async def _once(self, key: object, make: Callable[[], Coroutine[Any, Any, _Made]]) -> _Made:
        """The result of `make`, called once for a key, or again after it failed."""
        task = self._tasks.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._tasks[key] = asyncio.create_task(make())
        made: _Made = await asyncio.shield(task)
        return made


async def _toolbox(documents: dict[str, dict[str, Any]], operations: tuple[str, ...]) -> ToolBox:
    return ToolBox.from_contract(documents, operations)
