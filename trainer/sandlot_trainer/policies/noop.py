"""The policy that does nothing: the floor, whose reward must be 0."""

from __future__ import annotations

from sandlot_trainer.episode import Protocol
from sandlot_trainer.policies import Action, Observation, TokenRecord
from sandlot_trainer.scenarios.base import Task
from sandlot_trainer.tools import ToolBox


class NoopPolicy:
    name = "noop"

    def actor(self, task: Task, toolbox: ToolBox, protocol: Protocol, seed: int) -> NoopActor:
        return NoopActor()


class NoopActor:
    tokens: TokenRecord | None = None

    async def act(self, observations: list[Observation]) -> Action:
        return Action("Done.")

    async def close(self) -> None:
        pass
