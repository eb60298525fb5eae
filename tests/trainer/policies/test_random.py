"""The random policy: calls that fit the schemas, values that were said, and the same ones for the same seed."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import jsonschema

from sandlot_trainer.client import Control
from sandlot_trainer.engine import Engine
from sandlot_trainer.episode import Episode, Protocol
from sandlot_trainer.policies import Observation
from sandlot_trainer.policies.random import Arguments, RandomActor, RandomPolicy, leaves
from sandlot_trainer.tools import ToolBox, operations_of
from tests.conftest import LiveServer
from tests.trainer.fakes import CONTRACT, TASK, FakeServer

WORDS = [("", "ENG"), ("", "Release Notes"), ("key", "OPS-7"), ("id", 10012)]


def as_json_schema(schema: Any) -> Any:
    """OpenAPI's `nullable` as JSON Schema has it."""
    if isinstance(schema, list):
        return [as_json_schema(member) for member in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: as_json_schema(member) for name, member in schema.items() if name != "nullable"}
    if schema.get("nullable") is True:
        return {"anyOf": [plain, {"type": "null"}]}
    return plain


async def test_every_operation_is_called_as_its_schema_says(live_server: LiveServer) -> None:
    token = live_server.control_headers["Authorization"].removeprefix("Bearer ")
    async with Control(live_server.control_url, token) as control, Engine(control, Protocol()) as engine:
        documents = await engine.documents()
    tools = [
        ToolBox.from_contract(documents, [f"{name}/{operation['operationId']}"]).tools[0]
        for name, document in documents.items()
        for _, _, _, operation in operations_of(document)
    ]
    assert len(tools) > 70
    for tool in tools:
        actor = RandomActor("Create ENG", ToolBox((tool,)), Random(tool.name), calls=8)
        for _ in range(8):
            (call,) = (await actor.act([])).calls
            jsonschema.validate(call.arguments, as_json_schema(tool.schema))
            tool.request(call.arguments)


async def test_the_same_seed_makes_the_same_calls() -> None:
    server = FakeServer()
    async with server.control() as control, server.engine(control) as engine:
        first, again, other = [await engine.run(TASK, RandomPolicy(), seed) for seed in (3, 3, 4)]
    assert first.messages == again.messages != other.messages
    assert (first.malformed, first.unknown_tools) == ([], [])
    assert first.stop == "finished"


async def test_values_come_from_the_instruction_and_from_answers() -> None:
    toolbox = ToolBox.from_contract({"jira": CONTRACT}, ["jira/readNote"])
    actor = RandomActor('Read "a note" in 7.', toolbox, Random(0), calls=60)
    told = [
        Observation("", "readNote", '{"results":[{"id":"12"}]}', 200),
        Observation("", "readNote", '{"id":"9"}', 404),
    ]
    turns = [await actor.act(told if turn == 30 else []) for turn in range(61)]
    ids = [call.arguments["id"] for turn in turns for call in turn.calls]
    assert set(ids[:30]) == {"Read", "a note", "in", "7"}
    assert "12" in ids[30:]
    assert set(ids[30:]) <= {"Read", "a note", "in", "7", "12"}
    assert turns[-1].calls == ()


def test_a_value_that_goes_by_the_arguments_name_is_taken_mostly() -> None:
    arguments = Arguments(Random(1), list(WORDS))
    drawn = [arguments.sample("issueIdOrKey", {"type": "string"}) for _ in range(200)]
    assert drawn.count("OPS-7") > 100
    assert set(drawn) == {"ENG", "Release Notes", "OPS-7", "10012"}
    assert {arguments.sample("spaceId", {"type": "integer"}) for _ in range(20)} == {10012}
    assert arguments.sample("limit", {"type": "integer", "minimum": 1, "maximum": 5}) in range(1, 6)


def test_leaves_are_texts_and_numbers_with_their_names() -> None:
    answer = json.loads('{"results":[{"id":"1","n":2,"on":true,"of":{"key":"K"}}],"more":null}')
    assert list(leaves(answer)) == [("id", "1"), ("n", 2), ("key", "K")]


async def test_it_scores_next_to_nothing_on_page_create(live_server: LiveServer, tmp_path: Path) -> None:
    token = live_server.control_headers["Authorization"].removeprefix("Bearer ")
    async with (
        Control(live_server.control_url, token) as control,
        Engine(control, Protocol(), keep_sites=False) as engine,
    ):
        scenario = await engine.scenario("page-create")
        jobs = [(scenario.task(1, "test", index), 0) for index in range(10)]
        episodes = await engine.run_all(jobs, RandomPolicy())
    rewards = [one.score.reward for one in episodes if isinstance(one, Episode) and one.score]
    assert len(rewards) == 10
    assert max(rewards) < 0.5
