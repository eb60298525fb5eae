"""Outside programs as policies: what they are told, how they are scored, and that nothing of them stays."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandlot_trainer.client import Control, EnvironmentFailure
from sandlot_trainer.engine import Engine
from sandlot_trainer.episode import Episode, Protocol
from sandlot_trainer.outcomes import outcome_of
from sandlot_trainer.policies.program import OUTPUT_KEPT, ProgramPolicy
from sandlot_trainer.scenarios import find_scenario
from tests.conftest import LiveServer

TASK = find_scenario("page-create").task(1, "test", 0)
WRITE_PAGE = """
import os, sys, httpx
instruction = sys.stdin.read()
assert instruction.strip() == os.environ["SANDLOT_INSTRUCTION"]
assert os.environ["CONFLUENCE_URL"] == os.environ["SANDLOT_URL"] + "/wiki"
assert "SANDLOT_CONTROL_TOKEN" not in os.environ
auth = (os.environ["SANDLOT_EMAIL"], os.environ["SANDLOT_API_TOKEN"])
site = httpx.Client(base_url=os.environ["SANDLOT_URL"], auth=auth)
issue = site.get(f"/rest/api/2/issue/{KEY}").raise_for_status().json()["fields"]
parent = site.get("/wiki/api/v2/pages", params={"title": PARENT}).json()["results"][0]
page = {"spaceId": parent["spaceId"], "parentId": parent["id"], "title": TITLE}
page["body"] = {"representation": "storage", "value": f"<p>{issue[FIELD]}</p>"}
site.post("/wiki/api/v2/pages", json=page).raise_for_status()
print("Wrote it, seed", os.environ["SANDLOT_SEED"])
print("quietly", file=sys.stderr)
"""


@pytest.fixture
async def engine(live_server: LiveServer) -> AsyncIterator[Engine]:
    token = live_server.control_headers["Authorization"].removeprefix("Bearer ")
    async with (
        Control(live_server.control_url, token) as control,
        Engine(control, Protocol.of(TASK.scenario, 1), keep_sites=False) as engine,
    ):
        yield engine


def python(folder: Path, code: str, **values: str) -> ProgramPolicy:
    script = folder / "agent.py"
    script.write_text("".join(f"{name} = {value!r}\n" for name, value in values.items()) + code)
    return ProgramPolicy(shlex.join([sys.executable, str(script)]))


async def run(engine: Engine, policy: ProgramPolicy, **limits: float) -> Episode:
    await engine.rubric(TASK)
    protocol = Protocol(max_context_tokens=704, time_limit_s=limits.get("time_limit_s", 60.0))
    return await engine.with_protocol(protocol).run(TASK, policy, seed=7)


async def test_a_program_that_does_the_task_scores_one(engine: Engine, tmp_path: Path) -> None:
    facts = TASK.facts
    told = {"KEY": facts["issue"], "PARENT": facts["parent"], "TITLE": facts["title"], "FIELD": facts["fields"][0]}
    episode = await run(engine, python(tmp_path, WRITE_PAGE, **told))
    assert episode.work is not None
    assert episode.score is not None
    assert episode.score.reward == 1.0, (episode.work, episode.score.render())
    assert (episode.stop, episode.calls, episode.turns) == ("finished", 3, 0)
    assert (episode.work.stdout, episode.work.stderr) == ("Wrote it, seed 7\n", "quietly\n")
    record = episode.record()
    assert record["work"]["exit_status"] == 0
    assert record["messages"] == [{"role": "user", "content": TASK.instruction}]
    assert outcome_of(record, episode.score).success


async def test_a_program_that_fails_is_scored_by_what_it_did(engine: Engine, tmp_path: Path) -> None:
    episode = await run(engine, python(tmp_path, f"print('x' * {OUTPUT_KEPT * 3}); raise SystemExit(3)"))
    assert episode.work is not None
    assert (episode.stop, episode.work.exit_status) == ("exit status 3", 3)
    assert episode.work.stdout == "x" * (OUTPUT_KEPT - 1) + "\n"
    assert episode.score is not None
    assert episode.score.reward == 0.0


async def test_a_program_out_of_time_is_killed_with_all_it_started(engine: Engine, tmp_path: Path) -> None:
    code = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""
    episode = await run(engine, python(tmp_path, code), time_limit_s=2.0)
    assert episode.work is not None
    assert (episode.stop, episode.work.exit_status) == ("time limit", None)
    await ended(int(episode.work.stdout))


async def test_what_a_program_leaves_running_is_killed(engine: Engine, tmp_path: Path) -> None:
    code = """
import subprocess, sys
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid)
"""
    episode = await run(engine, python(tmp_path, code))
    assert episode.work is not None
    assert episode.stop == "finished"
    await ended(int(episode.work.stdout))


async def test_what_has_left_the_programs_group_does_not_hold_it_up(engine: Engine, tmp_path: Path) -> None:
    code = """
import subprocess, sys
sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
print(subprocess.Popen(sleeper, start_new_session=True).pid, flush=True)
"""
    episode = await run(engine, python(tmp_path, code))
    assert episode.work is not None
    os.kill(int(episode.work.stdout), signal.SIGKILL)
    assert episode.stop == "finished"


async def test_an_episode_that_is_called_off_leaves_no_program(engine: Engine, tmp_path: Path) -> None:
    await engine.rubric(TASK)
    pid_file = tmp_path / "pid"
    code = f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid()) + '.'); time.sleep(600)"
    attempt = asyncio.create_task(engine.run(TASK, python(tmp_path, code)))
    while not (pid_file.exists() and pid_file.read_text().endswith(".")):
        await asyncio.sleep(0.01)
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt
    await ended(int(pid_file.read_text().removesuffix(".")))


async def test_a_command_that_cannot_be_run_is_no_reward(engine: Engine) -> None:
    with pytest.raises(EnvironmentFailure, match=r"'no-such-program --fast' cannot be run: .*not found"):
        await run(engine, ProgramPolicy("no-such-program --fast"))


async def ended(pid: int) -> None:
    """Waits for a killed process to be gone, or to be no more than a name that nobody has asked after."""
    async with asyncio.timeout(30):
        while _runs(pid):
            await asyncio.sleep(0.01)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"
