"""page-create on a real server: the same world for all attempts, and partial ones paid in order; and the primers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sandlot_trainer.client import Control, SiteAccess
from sandlot_trainer.engine import Engine
from sandlot_trainer.episode import Episode, Protocol
from sandlot_trainer.policies.oracle import OraclePolicy
from sandlot_trainer.rubric import score
from sandlot_trainer.scenarios import find_scenario
from sandlot_trainer.scenarios.primer import PRIMER
from sandlot_trainer.serverprocess import started_server

SCENARIO = find_scenario("page-create")


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    async with (
        started_server() as (url, token),
        Control(url, token) as control,
        Engine(control, Protocol(), keep_sites=False) as engine,
    ):
        yield engine


async def test_all_attempts_see_the_same_world(engine: Engine) -> None:
    task = SCENARIO.task(2, "train", 3)
    episodes = await engine.run_all([(task, seed) for seed in range(4)], OraclePolicy())
    answers = [[message["content"] for message in run.messages] for run in episodes if isinstance(run, Episode)]
    assert len(answers) == 4
    assert all(answer == answers[0] for answer in answers)


async def test_refused_and_partial_attempts_are_paid_in_order(engine: Engine) -> None:
    task = SCENARIO.task(1, "validation", 0)
    rubric = await engine.rubric(task)

    async def attempt(read: bool, **wrong: Any) -> float:
        access: SiteAccess = await engine.control.create_site(await engine.control.put_seed(task.world))
        async with httpx.AsyncClient(base_url=access.base_url, auth=(access.email, access.token)) as agent:
            issue = (await agent.get(f"/rest/api/3/issue/{task.facts['issue']}")).json()["fields"] if read else {}
            text = issue.get(task.facts["fields"][0], "")
            text = text if isinstance(text, str) else text["content"][0]["content"][0]["text"]
            found = (await agent.get("/wiki/api/v2/pages", params={"title": task.facts["parent"]})).json()
            parent = found["results"][0]
            page = {"spaceId": parent["spaceId"], "parentId": parent["id"], "title": task.facts["title"]}
            body = {"representation": "storage", "value": f"<p>{text}</p>"}
            await agent.post("/wiki/api/v2/pages", json={**page, "body": body, **wrong})
        return score(rubric, await engine.control.trace(access.site)).reward

    right = await attempt(read=True)
    without_body = await attempt(read=False)
    at_home = await attempt(read=True, parentId=None)
    wrong_space = await attempt(read=True, spaceId="1")
    nothing_right = await attempt(read=False, spaceId="1", parentId="1", title="")
    assert right == 1.0
    assert (
        1.0 > max(without_body, at_home, wrong_space) >= min(without_body, at_home, wrong_space) > nothing_right == 0.0
    )


async def test_every_primer_is_solved_by_its_oracle(engine: Engine) -> None:
    tasks = [PRIMER.task(1, "train", index) for index in range(20)]
    for task, episode in zip(tasks, await engine.run_all([(task, 0) for task in tasks], OraclePolicy()), strict=True):
        assert isinstance(episode, Episode), episode
        assert episode.score is not None
        assert episode.score.reward == 1.0, (task.name, episode.score.render())
