from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sandlot_trainer.cli import main
from tests.conftest import LiveServer


def elsewhere(server: LiveServer) -> list[str]:
    token = server.control_headers["Authorization"].removeprefix("Bearer ")
    return ["--control", server.control_url, "--token", token]


@pytest.mark.parametrize(("policy", "reward"), [("oracle", 1.0), ("noop", 0.0)])
def test_eval_scores_a_policy_and_rescores_its_traces(
    live_server: LiveServer, tmp_path: Path, policy: str, reward: float
) -> None:
    arguments = ["eval", "page-create", "--policy", policy, "--n", "12", "--runs", str(tmp_path), "--name", "e"]
    result = CliRunner().invoke(main, [*arguments, *elsewhere(live_server)])
    assert result.exit_code == 0, result.output
    report = json.loads((tmp_path / "e" / "report.json").read_text())
    assert report["eval"]["mean_reward"] == reward
    assert report["eval"]["n"] == 12
    assert "12 stored traces re-scored to the same figures" in result.output


def test_eval_goes_on_where_it_was_interrupted(live_server: LiveServer, tmp_path: Path) -> None:
    arguments = ["eval", "page-create", "--n", "6", "--runs", str(tmp_path), "--name", "e", *elsewhere(live_server)]
    runner = CliRunner()
    assert runner.invoke(main, arguments).exit_code == 0
    episodes = tmp_path / "e" / "episodes" / "eval.jsonl"
    lines = episodes.read_text().splitlines(keepends=True)
    episodes.write_text("".join(lines[:4]))
    refused = runner.invoke(main, arguments)
    assert refused.exit_code == 1
    assert "--resume" in refused.output
    assert runner.invoke(main, [*arguments, "--resume"]).exit_code == 0
    again = episodes.read_text().splitlines(keepends=True)
    assert len(again) == 6
    assert again[:4] == lines[:4]


def test_an_unreachable_server_is_one_clear_line(tmp_path: Path) -> None:
    arguments = ["eval", "page-create", "--control", "http://127.0.0.1:9", "--token", "x", "--runs", str(tmp_path)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "http://127.0.0.1:9" in result.output
    assert "Traceback" not in result.output


def test_a_server_without_its_control_api_is_a_usage_error(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["eval", "page-create", "--server", "http://127.0.0.1:9"])
    assert result.exit_code == 2
    assert "--server needs --control" in result.output
