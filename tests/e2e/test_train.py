"""The whole road in seconds: a small random model, a real server behind a socket, real GRPO steps."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from sandlot_trainer.arena import Server, opened_arena
from sandlot_trainer.episode import Protocol
from sandlot_trainer.history import read_history
from sandlot_trainer.models import tiny_model, tiny_tokenizer
from sandlot_trainer.profiles import CPU
from sandlot_trainer.runs import RunFolder
from sandlot_trainer.trainee import Trainee
from sandlot_trainer.training import Plan, train
from tests.conftest import LiveServer

PLAN = Plan(
    scenario="page-create",
    level=1,
    seed=0,
    profile=replace(CPU, name="tiny", groups=1, generations=4, updates=1),
    forms=2,
    primers=2,
    steps=2,
    tests=3,
)
PROTOCOL = Protocol(max_new_tokens=12, max_context_tokens=2000)


@pytest.fixture
def model(tmp_path: Path) -> str:
    torch.set_num_threads(1)
    tokenizer = tiny_tokenizer()
    folder = tmp_path / "tiny"
    tiny_model(tokenizer).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def test_a_model_is_warm_started_trained_and_measured(live_server: LiveServer, model: str, tmp_path: Path) -> None:
    token = live_server.control_headers["Authorization"].removeprefix("Bearer ")
    run = RunFolder(tmp_path / "run")
    said: list[str] = []
    with opened_arena(Server(live_server.control_url, token), PROTOCOL) as arena:
        trainee = Trainee(model, PLAN.profile)
        before, after, phases = train(arena, trainee, PLAN, run, said.append)
        trainee.close()
    assert [outcome.task for outcome in before] == [outcome.task for outcome in after]
    assert len(before) == 3
    assert [entry["step"] for entry in read_history(run.path / "history.jsonl")] == [1, 2]
    assert phases["rl"]["seconds"] > 0
    assert (run.path / "checkpoint" / "model.safetensors").exists()
    assert any(line.startswith("step 2/2  reward ") for line in said)
    stored = run.episodes("after").read()
    assert json.dumps(stored[0]["trace"])
    rescored, differing = run.episodes("after").rescored()
    assert sorted(rescored, key=lambda outcome: outcome.task) == after  # the file has them as they ended
    assert differing == []

    said.clear()
    with opened_arena(Server(live_server.control_url, token), PROTOCOL) as arena:
        trainee = Trainee(model, PLAN.profile)
        again = train(arena, trainee, PLAN, run, said.append)
        trainee.close()
    assert (again[0], again[1]) == (before, after)
    assert "going on after step 2" in said
