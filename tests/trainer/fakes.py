"""A server and agents made up for tests: the control API and two operations, over httpx's mock transport."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

import httpx

from sandlot_trainer.client import Control
from sandlot_trainer.engine import Engine
from sandlot_trainer.episode import Protocol
from sandlot_trainer.policies import Action, Malformed, Observation, TokenRecord, ToolCall
from sandlot_trainer.scenarios.base import Call, Draft, Result, Scenario, Split, Task
from sandlot_trainer.tools import ToolBox
from tests.trainer.traces import TABLES, Recorder

CONTRACT: dict[str, Any] = {
    "paths": {
        "/rest/api/3/note/{id}": {
            "get": {
                "operationId": "readNote",
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            }
        },
        "/rest/api/3/note": {
            "post": {
                "operationId": "writeNote",
                "requestBody": {"content": {"application/json": {"schema": {
                    "type": "object", "properties": {"title": {"type": "string"}, "space": {"type": "string"}},
                }}}},
            }
        },
    }
}  # fmt: skip


class FakeServer:
    """`sites` holds what was recorded, `log` every control call; `break_on` is a path that answers 500."""

    def __init__(self, break_on: str | None = None, retry_after: bool = False) -> None:
        self.sites: dict[str, Recorder] = {}
        self.episodes: dict[str, Any] = {}
        self.log: list[str] = []
        self.break_on = break_on
        self.retry_after = retry_after
        self.transport = httpx.MockTransport(self.answer)

    def control(self) -> Control:
        return Control("http://control", "secret", transport=self.transport)

    def engine(self, control: Control, protocol: Protocol | None = None, **options: Any) -> Engine:
        return Engine(control, protocol or Protocol(), transport=self.transport, **options)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.break_on and request.url.path.startswith(self.break_on):
            return httpx.Response(500, text="broken", headers={"Retry-After": "1"} if self.retry_after else {})
        return self._control(request) if request.url.host == "control" else self._agent(request)

    def _control(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"] == "Bearer secret"
        self.log.append(f"{request.method} {request.url.path}")
        match request.method, request.url.path.strip("/").split("/"):
            case "PUT", ["seeds", _]:
                return httpx.Response(204)
            case "POST", ["sites"]:
                site = f"site-{len(self.sites) + 1}"
                self.sites[site] = Recorder()
                answer = {
                    "site": site,
                    "baseUrl": f"http://agent/s/{site}",
                    "email": "a@b.c",
                    "token": f"t-{site}",
                }
                return httpx.Response(201, json=answer)
            case "GET", ["sites", site, "trace"]:
                return httpx.Response(200, json=self.sites[site].trace)
            case "PUT", ["sites", site, "episode"]:
                self.episodes[site] = json.loads(request.content)
                return httpx.Response(204)
            case "DELETE", ["sites", _]:
                return httpx.Response(204)
            case "GET", ["tables"]:
                return httpx.Response(200, json={"tables": TABLES})
            case "GET", ["contract", document]:
                return httpx.Response(200, json=CONTRACT if document == "jira" else {"paths": {}})
        return httpx.Response(404, text="what?")

    def _agent(self, request: httpx.Request) -> httpx.Response:
        _, _, site, path = request.url.path.split("/", 3)
        assert request.headers["Authorization"] == httpx.BasicAuth("a@b.c", f"t-{site}")._auth_header
        recorder, path = self.sites[site], f"/{path}"
        if request.method == "GET":
            body = {"id": path.rpartition("/")[2], "word": "seven"}
            return httpx.Response(200, json=recorder.call("jira/readNote", "GET", path, response=body))
        note = json.loads(request.content)
        if "title" not in note:
            refusal = {"errorMessages": ["A title is needed."]}
            recorder.call("jira/writeNote", "POST", path, request=note, status=400, response=refusal)
            return httpx.Response(400, json=refusal)
        id = recorder.new_id()
        change = recorder.put("page", id, {"id": id, "title": note["title"], "space": note.get("space")})
        recorder.call("jira/writeNote", "POST", path, request=note, response={"id": id}, changes=[change])
        return httpx.Response(200, json={"id": id})


class NoteScenario(Scenario):
    name = "notes"
    context = (1024,)

    def draft(self, rng: random.Random, level: int, split: Split) -> Draft:
        operations = ("jira/readNote", "jira/writeNote")
        return Draft({"sandlot": 1}, 'Create a page "Plan" in space 7.', operations, {})

    async def oracle(self, task: Task, call: Call) -> None:
        note: Result = await call("readNote", id="1")
        assert note.body["word"] == "seven"
        await call("writeNote", title="Plan", space="7")


TASK = NoteScenario().task(1, "train", 0)


class Script:
    """A policy that takes the given turns, whatever it is answered; `seen` holds the answers."""

    name = "script"

    def __init__(self, *turns: Action | Exception) -> None:
        self.turns = turns
        self.seen: list[list[Observation]] = []
        self.closed = 0

    def actor(self, task: Task, toolbox: ToolBox, protocol: Protocol, seed: int) -> _ScriptActor:
        return _ScriptActor(self)


class _ScriptActor:
    tokens: TokenRecord | None = None

    def __init__(self, script: Script) -> None:
        self.script = script
        self.turns = list(script.turns)

    async def act(self, observations: list[Observation]) -> Action:
        self.script.seen.append(observations)
        turn = self.turns.pop(0) if self.turns else Action("Done.")
        if isinstance(turn, Exception):
            raise turn
        return turn

    async def close(self) -> None:
        self.script.closed += 1


def turn(*calls: tuple[str, dict[str, Any]], malformed: Sequence[str] = ()) -> Action:
    named = tuple(ToolCall(name, arguments, f"call-{n}") for n, (name, arguments) in enumerate(calls))
    return Action("...", named, tuple(Malformed(raw, "Not JSON.") for raw in malformed))
