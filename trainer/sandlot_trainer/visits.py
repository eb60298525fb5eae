"""A site that is open for one task: for a person, or for an agent that is run by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandlot_trainer.client import SiteAccess, send
from sandlot_trainer.engine import Engine
from sandlot_trainer.episode import Protocol
from sandlot_trainer.scenarios.base import SPLITS, Task
from sandlot_trainer.scoring import Score, score
from sandlot_trainer.tools import ToolBox


async def find_task(engine: Engine, name: str) -> tuple[Engine, Task]:
    """The task of this name ("page-create/1/test/3", or "my_scenario.py/1/test/3"), and the engine under its rules.

    Raises ValueError on a name that is none.
    """
    scenario_name, *place = name.rsplit("/", 3)
    match place:
        case [level, split, index] if level.isdecimal() and index.isdecimal():
            for known in SPLITS:
                if known == split:
                    scenario = await engine.scenario(scenario_name)
                    protocol = Protocol.of(scenario, int(level))
                    return engine.with_protocol(protocol), scenario.task(int(level), known, int(index))
    splits = "|".join(SPLITS)
    raise ValueError(f"{name!r} is no task: write scenario/level/{splits}/index, as in page-create/1/test/3.")


@dataclass(frozen=True)
class Visit:
    """A fresh site, and the task that it is open for."""

    engine: Engine
    task: Task
    access: SiteAccess

    @classmethod
    async def open(cls, engine: Engine, name: str) -> Visit:
        """A site for the task of this name, which is kept in the site's episode record. Raises ValueError."""
        suited, task = await find_task(engine, name)
        control = engine.control
        access = await control.create_site(await control.put_seed(task.world))
        await control.put_episode(access.site, {"task": name, "policy": "visit"})
        return cls(suited, task, access)

    async def toolbox(self) -> ToolBox:
        return await self.engine.toolbox(self.task)

    async def call(self, tool: str, arguments: dict[str, Any]) -> str:
        """What an agent is shown of the call's answer. Raises ToolError on a call that cannot be made."""
        toolbox = await self.toolbox()
        status, body = await send(self.engine.agent, self.access, toolbox.request(tool, arguments))
        return toolbox.compact(tool, status, body)

    async def score(self) -> Score:
        return await score_site(self.engine, self.access.site)


async def score_site(engine: Engine, site: str) -> Score:
    """The score of a site's trace so far, by the task in its episode record. Raises ValueError where it has none."""
    record = await engine.control.episode(site)
    name = record.get("task")
    if not isinstance(name, str):
        raise ValueError(f"The episode record of the site {site} names no task: open sites with `sandlot open`.")
    suited, task = await find_task(engine, name)
    rubric = await suited.rubric(task)
    return score(rubric, await engine.control.trace(site), engine.mode)
