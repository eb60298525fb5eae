"""The episode engine against a made-up server: what is asked, answered, counted, recorded and scored."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from sandlot_trainer.client import Control, EnvironmentFailure
from sandlot_trainer.episode import Episode, Protocol
from sandlot_trainer.policies.noop import NoopPolicy
from sandlot_trainer.policies.oracle import OraclePolicy
from sandlot_trainer.rubric import RubricError
from tests.trainer.fakes import TASK, FakeServer, Script, turn

WRITE = ("writeNote", {"title": "Plan", "space": "7"})


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


@pytest.fixture
async def control(server: FakeServer) -> AsyncIterator[Control]:
    async with server.control() as client:
        yield client


async def test_oracle_scores_one_and_noop_zero(server: FakeServer, control: Control) -> None:
    async with server.engine(control) as engine:
        oracle, noop = await engine.run(TASK, OraclePolicy()), await engine.run(TASK, NoopPolicy())
    assert oracle.score is not None
    assert (oracle.score.reward, oracle.stop, oracle.calls, oracle.turns) == (1.0, "finished", 2, 3)
    assert noop.score is not None
    assert (noop.score.reward, noop.stop, noop.calls) == (0.0, "finished", 0)
    assert [message["role"] for message in oracle.messages] == [
        "system", "user", "assistant", "tool", "assistant", "tool", "assistant",
    ]  # fmt: skip
    assert oracle.messages[2]["content"] == '<tool_call>{"name":"readNote","arguments":{"id":"1"}}</tool_call>'
    assert oracle.messages[3]["content"] == '{"id":"1","word":"seven"}'
    assert set(oracle.seconds) == {"site", "policy", "tools", "record"}


async def test_record_is_kept_beside_the_trace(server: FakeServer, control: Control) -> None:
    async with server.engine(control) as engine:
        episode = await engine.run(TASK, Script(turn(WRITE)), seed=5)
    record = server.episodes[episode.site]
    assert record["task"] == "notes/1/train/0"
    assert (record["seed"], record["stop"], record["tokens"]) == (5, "finished", None)
    assert record["messages"] == episode.messages
    assert "trace" not in record


async def test_seed_and_rubric_are_made_once_for_many_attempts(server: FakeServer, control: Control) -> None:
    async with server.engine(control, keep_sites=False) as engine:
        episodes = await engine.run_all([(TASK, seed) for seed in range(20)], Script(turn(WRITE)))
    assert all(isinstance(episode, Episode) and episode.score and episode.score.success for episode in episodes)
    calls = [entry.split("/")[1] for entry in server.log if entry.startswith("PUT /seeds")]
    assert calls == ["seeds"]
    assert server.log.count("GET /tables") == 1
    assert len([entry for entry in server.log if entry == "POST /sites"]) == 21
    assert len([entry for entry in server.log if entry.startswith("DELETE")]) == 21


async def test_errors_are_answered_and_counted(server: FakeServer, control: Control) -> None:
    script = Script(
        turn(("nope", {}), ("readNote", {}), ("writeNote", {"space": "7"}), malformed=["{oops"]), turn(WRITE)
    )
    async with server.engine(control) as engine:
        episode = await engine.run(TASK, script)
    assert [(seen.call_id, seen.status) for seen in script.seen[1]] == [
        ("call-0", None), ("call-1", None), ("call-2", 400), ("", None),
    ]  # fmt: skip
    texts = [json.loads(seen.text) for seen in script.seen[1]]
    assert texts[0] == {"error": "There is no tool nope. The tools are readNote, writeNote."}
    assert texts[1] == {"error": "readNote needs id, one value."}
    assert texts[2] == {"error": 400, "messages": ["A title is needed."]}
    assert texts[3] == {"error": "Not JSON."}
    assert (episode.unknown_tools, episode.malformed, episode.calls) == (["nope"], ["{oops"], 2)
    assert len(episode.trace["exchanges"]) == 2
    assert script.closed == 1
    assert episode.score is not None
    assert episode.score.success


async def test_limits_end_the_episode(server: FakeServer, control: Control) -> None:
    class Sleeper(Script):
        def actor(self, *place: object) -> Sleeper:  # type: ignore[override]
            return self

        tokens = None

        async def act(self, observations: object) -> None:
            await asyncio.sleep(9)

        async def close(self) -> None:
            self.closed += 1

    sleeper = Sleeper()
    endless = Script(*[turn(("readNote", {"id": "1"}), ("readNote", {"id": "2"})) for _ in range(9)])
    full = Script(replace(turn(WRITE), stop="context limit"))
    protocol = Protocol(max_turns=4, max_calls_per_turn=1, time_limit_s=1.5)
    async with server.engine(control, protocol) as engine:
        stopped = [await engine.run(TASK, policy) for policy in (endless, full, sleeper)]
    assert [episode.stop for episode in stopped] == ["turn limit", "context limit", "time limit"]
    assert (stopped[0].turns, stopped[0].calls) == (4, 4)
    assert json.loads(endless.seen[1][1].text) == {"error": "Not done: a turn has room for 1 calls."}
    assert stopped[1].calls == 0
    assert sleeper.closed == 1


async def test_turns_that_lead_to_no_request_end_the_episode(server: FakeServer, control: Control) -> None:
    nothing, read = turn(("nope", {}), malformed=["{"]), turn(("readNote", {"id": "1"}))
    script = Script(nothing, nothing, read, nothing, nothing, nothing, read)
    async with server.engine(control, Protocol(max_faulty_turns=3)) as engine:
        episode = await engine.run(TASK, script)
    assert (episode.stop, episode.turns, episode.calls) == ("no valid call", 6, 1)


async def test_oracle_that_does_not_finish_gives_no_rubric(server: FakeServer, control: Control) -> None:
    async with server.engine(control, Protocol(max_turns=2)) as engine:
        with pytest.raises(RubricError, match="turn limit"):
            await engine.rubric(TASK)


async def test_failure_of_the_server_is_no_reward() -> None:
    server = FakeServer()
    async with server.control() as control, server.engine(control, keep_sites=False) as engine:
        await engine.rubric(TASK)
        server.break_on = "/s/"
        with pytest.raises(EnvironmentFailure, match="POST /rest/api/3/note failed: 500 broken"):
            await engine.run(TASK, Script(turn(WRITE)))
        assert server.log[-1].startswith("DELETE")
        results = await engine.run_all([(TASK, 0), (TASK, 1)], Script(turn(WRITE)))
        assert [type(result) for result in results] == [EnvironmentFailure, EnvironmentFailure]
        server.retry_after = True  # a fault that the task injects is the agent's to handle
        episode = await engine.run(TASK, Script(turn(WRITE)))
        assert episode.score is not None
        assert episode.score.reward == 0.0


async def test_other_protocol_shares_what_was_made(server: FakeServer, control: Control) -> None:
    async with server.engine(control) as engine:
        await engine.rubric(TASK)
        other = engine.with_protocol(Protocol(max_turns=1))
        assert (await other.run(TASK, OraclePolicy())).stop == "turn limit"
        assert (await engine.run(TASK, OraclePolicy())).stop == "finished"
    assert server.log.count("GET /tables") == 1
