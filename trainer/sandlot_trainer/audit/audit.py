"""The audit of a scenario: its tasks' agents run, judged, and set against what they deserve."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any, Literal

from sandlot_trainer.audit.calls import RecordedCall
from sandlot_trainer.audit.cheats import CHEATS, Cheat, Cheater
from sandlot_trainer.audit.deeds import Deed, Measure
from sandlot_trainer.audit.mutants import ORACLE, Agent, derived_agents
from sandlot_trainer.audit.running import Send, replayed, traced, whole_toolbox
from sandlot_trainer.audit.verdicts import Standard, canonical
from sandlot_trainer.audit.world import World, exploring_calls
from sandlot_trainer.client import EnvironmentFailure
from sandlot_trainer.engine import Engine
from sandlot_trainer.episode import Protocol
from sandlot_trainer.errors import SandlotError
from sandlot_trainer.policies.oracle import OraclePolicy, SecondPolicy
from sandlot_trainer.rubric import Rubric, Score, score
from sandlot_trainer.scenarios.base import SPLITS, Scenario, Split, Task
from sandlot_trainer.tools import Tool, ToolBox

CHEAT_CEILING, CHEATED = 0.4, 10
"""The most that a cheat may earn on average, and over how many tasks of each split: luck with a few is no hole."""
ROUNDING = 1e-9
AT_ONCE = 8
"""Agents in flight."""
UNSOLVED = (SandlotError, ArithmeticError, AssertionError, LookupError, RuntimeError, TypeError, ValueError)
"""What a solution that does not fit its task may raise."""

Verdict = Literal["killed", "equivalent", "SURVIVED", "REJECTED"]
"""Of an agent that should score under 1.0: killed or SURVIVED; of one that should score 1.0: equivalent or REJECTED."""


@dataclass(frozen=True)
class Judged:
    """What one agent came to."""

    agent: Agent
    verdict: Verdict
    score: Score = field(repr=False)
    deed: Deed = field(repr=False)

    @property
    def reward(self) -> float:
        return self.score.reward


@dataclass(frozen=True)
class Fault:
    """Something that must not be: in which task, which agent, its calls, and the score's lines."""

    task: str
    agent: str
    what: str
    calls: tuple[str, ...] = ()
    score: str = ""

    def render(self) -> str:
        lines = [f"{self.task}, {self.agent}: {self.what}"]
        lines += [f"  {number}. {call}" for number, call in enumerate(self.calls, 1)]
        return "\n".join([*lines, *(f"  {line}" for line in self.score.splitlines())])


@dataclass
class LevelAudit:
    """The audit of one level of a scenario. `second`: the tasks that the second solution solved, None without one;
    `cheats`: the shaped rewards of each, a task of its own sample each."""

    scenario: str
    level: int
    tasks: int = 0
    judged: list[Judged] = field(default_factory=list)
    cheats: dict[str, list[float]] = field(default_factory=dict)
    second: int | None = None
    faults: list[Fault] = field(default_factory=list)


async def audit_level(
    engine: Engine, scenario: Scenario, level: int, n: int, splits: Sequence[Split] = SPLITS, cheated: int = CHEATED
) -> LevelAudit:
    """Audit the first `n` tasks of each split, and the cheats at the first `cheated`. What is wrong stands in the
    result's faults; raises where a task cannot be run at all (EnvironmentFailure, RubricError)."""
    found = LevelAudit(scenario.name, level)
    protocol = Protocol.of(scenario, level)
    auditor = _Auditor(engine.with_protocol(protocol), await whole_toolbox(engine), found)
    tasks = [scenario.task(level, split, index) for split in splits for index in range(n)]
    found.tasks = len(tasks)
    await asyncio.gather(*(auditor.task(task) for task in tasks))
    tasks = [scenario.task(level, split, index) for split in splits for index in range(cheated)]
    for name, cheat in CHEATS.items():
        await auditor.cheat(name, cheat, tasks)
    return found


class _Auditor:
    def __init__(self, engine: Engine, toolbox: ToolBox, found: LevelAudit) -> None:
        self.engine = engine
        self.toolbox = toolbox
        self.tools: Mapping[str, Tool] = {tool.operation: tool for tool in toolbox.tools}
        self.found = found
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def task(self, task: Task) -> None:
        try:
            await self._audit(task)
        except UNSOLVED as error:
            self._fault(task, ORACLE, f"failed: {type(error).__name__} {error}")

    async def _audit(self, task: Task) -> None:
        rubric = await self.engine.rubric(task)
        for value in rubric.unexplained:
            self._fault(task, ORACLE, f"a value of the goal can be had from nowhere: {value}")
        oracle = await self.engine.run(task, OraclePolicy())
        calls = [RecordedCall.of(exchange, self.tools) for exchange in oracle.trace["exchanges"]]
        constants = (await self.engine.toolbox(task)).constants()
        standard = Standard.of(oracle.trace, await self.engine.tables(), task.instruction, constants, self.tools)
        spam = exploring_calls(self.toolbox)
        explored = await self._run(task, spam)
        world = World([*explored["exchanges"], *oracle.trace["exchanges"]])
        deletion = await self._deletion(task, world, oracle.trace)
        writes = [index for index, exchange in enumerate(oracle.trace["exchanges"]) if exchange["changes"]]
        agents = derived_agents(calls, writes, self.tools, world, spam, deletion)
        measure = Measure(oracle.trace, await self.engine.tables())
        results = await asyncio.gather(*(self._judge(task, rubric, standard, measure, agent) for agent in agents))
        self._check_order(task, measure, [judged for judged in results if judged is not None])
        await self._second(task)

    async def _judge(
        self, task: Task, rubric: Rubric, standard: Standard, measure: Measure, agent: Agent
    ) -> Judged | None:
        try:
            trace = await self._run(task, agent.calls)
        except EnvironmentFailure as failure:
            self._fault(task, agent.name, f"the server failed: {failure}", agent.calls)
            return None
        result = score(rubric, trace)
        unread = frozenset(standard.unread(trace))
        deserved = not unread and canonical(trace, standard.tables) == standard.change
        verdict: Verdict
        if result.reward == 1.0:
            verdict = "equivalent" if deserved else "SURVIVED"
        else:
            verdict = "REJECTED" if deserved else "killed"
        if verdict == "SURVIVED":
            why = f"{', '.join(sorted(unread))} was not read" if unread else "it came to another net change"
            self._fault(task, agent.name, f"scored 1.0, though {why}", agent.calls, result)
        if verdict == "REJECTED":
            what = f"scored {result.reward:.3f}, though it came to the same by what it had read"
            self._fault(task, agent.name, what, agent.calls, result)
        if agent.name == "noop" and result.reward != 0.0:
            self._fault(task, agent.name, f"doing nothing scored {result.reward:.3f}", (), result)
        judged = Judged(agent, verdict, result, measure.deed(trace, unread))
        self.found.judged.append(judged)
        return judged

    def _check_order(self, task: Task, measure: Measure, results: list[Judged]) -> None:
        """No attempt may score more than a better one: by how it was made, or by what both came to. How it was made
        says nothing of one that changed nothing, as a page put where it was already.
        """
        of_name = {judged.agent.name: judged for judged in results}
        for worse in results:
            made_better = [of_name[name] for name in worse.agent.below if name in of_name]
            for better in results:
                if worse.reward <= better.reward + ROUNDING:
                    continue
                by_making = better in made_better and better.deed.harms_no_more(worse.deed) and not better.deed.idle
                if by_making or measure.better(better.deed, worse.deed):
                    name = f"the better attempt {better.agent.name!r}: {better.reward:.4f}"
                    what = f"scored {worse.reward:.4f}, more than {name}"
                    calls = (*map(str, worse.agent.calls), "The better attempt:", *map(str, better.agent.calls))
                    scores = f"{worse.score.render()}\nThe better attempt:\n{better.score.render()}"
                    self.found.faults.append(Fault(task.name, worse.agent.name, what, calls, scores))
                    break

    async def _second(self, task: Task) -> None:
        if type(task.scenario).second is Scenario.second:
            return
        try:
            episode = await self.engine.run(task, SecondPolicy(), operations=task.scenario.second_operations)
        except UNSOLVED as error:
            self._fault(task, "second", f"failed: {type(error).__name__} {error}")
            return
        assert episode.score is not None
        solved = episode.score.reward == 1.0
        self.found.second = (self.found.second or 0) + solved
        if not solved:
            made = tuple(RecordedCall.of(exchange, self.tools) for exchange in episode.trace["exchanges"])
            what = f"the second solution scored {episode.score.reward:.3f} ({episode.stop})"
            self._fault(task, "second", what, made, episode.score)

    async def _deletion(self, task: Task, world: World, trace: Mapping[str, Any]) -> RecordedCall | None:
        """The first deletion that the server grants of something that the reference solution does not touch."""
        touched = {str(change["id"]) for exchange in trace["exchanges"] for change in exchange["changes"]}
        text = str([(exchange["path"], exchange["query"], exchange["request"]) for exchange in trace["exchanges"]])
        candidates = []
        for tool in self.toolbox.tools:
            needed = [parameter for parameter in tool.parameters if parameter.required]
            if tool.method == "DELETE" and len(needed) == 1:
                for (_, path), kind in world.kinds.items():
                    free = [value for value in kind if value not in touched and value not in text]
                    if path.endswith(("[].id", "[].key")) and free:
                        request = tool.request({needed[0].name: free[-1]})
                        candidates.append(RecordedCall(tool.operation, request, tool.path))
        granted: list[RecordedCall] = []

        async def probe(send: Send) -> None:
            for call in candidates:
                status, _ = await send(call.request)
                if status < 300:
                    granted.append(call)
                    return

        async with self._slots:
            await traced(self.engine, task, probe)
        return granted[0] if granted else None

    async def cheat(self, name: str, cheat: Cheat, tasks: Sequence[Task]) -> None:
        """The rewards at those tasks where there is something to find out: what stands in the instruction is not
        stolen."""

        async def one(task: Task) -> float | None:
            try:
                rubric = await self.engine.rubric(task)
            except UNSOLVED:
                return None  # said already of the oracle
            if not any(
                source.kind == "answer" for goal in rubric.goals for item in goal.items for source in item.sources
            ):
                return None
            toolbox = await self.engine.toolbox(task)
            async with self._slots:
                trace = await traced(self.engine, task, lambda send: cheat(Cheater(task, toolbox, send)))
            return score(rubric, trace).reward

        rewards = [reward for reward in await asyncio.gather(*map(one, tasks)) if reward is not None]
        if not rewards:
            return
        self.found.cheats[name] = rewards
        mean = fmean(rewards)
        if mean > CHEAT_CEILING:
            place = f"{self.found.scenario}/{self.found.level}"
            self.found.faults.append(Fault(place, f"cheat {name}", f"earns {mean:.3f} on average"))

    async def _run(self, task: Task, calls: Sequence[RecordedCall]) -> dict[str, Any]:
        async with self._slots:
            return await replayed(self.engine, task, calls)

    def _fault(
        self, task: Task, agent: str, what: str, calls: Sequence[RecordedCall] = (), result: Score | None = None
    ) -> None:
        rendered = result.render() if result else ""
        self.found.faults.append(Fault(task.name, agent, what, tuple(map(str, calls)), rendered))
