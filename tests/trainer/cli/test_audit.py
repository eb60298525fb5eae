"""`sandlot audit`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner

from sandlot_trainer.audit import audit as auditing
from sandlot_trainer.cli import main
from sandlot_trainer.rubric import score
from tests.conftest import LiveServer


def test_command_prints_a_table_and_the_kill_rate(live_server: LiveServer) -> None:
    token = live_server.control_headers["Authorization"].removeprefix("Bearer ")
    where = ["--control", live_server.control_url, "--token", token]
    arguments = ["audit", "page-create", "--level", "1", "--split", "test", "--n", "1", *where]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert "wrong argument" in result.output
    assert "kill rate 100.00%" in result.output
    assert "cheat: every value" in result.output


def test_command_fails_where_an_agent_survives(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "score", lambda rubric, trace: replace(score(rubric, trace), reward=1.0))
    token = live_server.control_headers["Authorization"].removeprefix("Bearer ")
    where = ["--control", live_server.control_url, "--token", token]
    result = CliRunner().invoke(main, ["audit", "page-create", "--level", "1", "--split", "test", "--n", "1", *where])
    assert result.exit_code == 1
    assert "SURVIVED" in result.output
    assert "page-create/1/test/0, noop: scored 1.0, though it came to another net change" in result.output
