from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from sandlot_trainer import engine
from sandlot_trainer.models import tiny_model, tiny_tokenizer
from tests.trainer.cli.conftest import Sandlot

OWN_SCENARIO = """
from sandlot_trainer.scenarios.page_create import PageCreate

class Own(PageCreate):
    name = "own"

SCENARIO = Own()
"""


def report_of(run: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((run / "report.json").read_text())
    return report


@pytest.mark.parametrize(("policy", "reward"), [("oracle", 1.0), ("noop", 0.0)])
def test_eval_scores_a_policy_and_rescores_its_traces(
    sandlot: Sandlot, elsewhere: list[str], tmp_path: Path, policy: str, reward: float
) -> None:
    result = sandlot("eval", "page-create", "--policy", policy, "--n", "12", "--name", "e", *elsewhere)
    assert result.exit_code == 0, result.output
    figures = report_of(tmp_path / "runs" / "e")["figures"]["page-create/1"]
    assert (figures["mean_reward"], figures["n"]) == (reward, 12)
    assert ("no call" in figures["failures"]) == (policy == "noop")
    assert "12 stored traces re-scored to the same figures" in result.output
    assert (tmp_path / "runs" / "e" / "figures.png").read_bytes().startswith(b"\x89PNG")


def test_several_scenarios_levels_and_attempts(sandlot: Sandlot, elsewhere: list[str], tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(OWN_SCENARIO)
    options = ["--policy", "random", "--level", "all", "--n", "2", "--attempts", "3", "--split", "validation"]
    result = sandlot("eval", "page-create,own.py", *options, "--name", "e", *elsewhere)
    assert result.exit_code == 0, result.output
    report = report_of(tmp_path / "runs" / "e")
    cells = [f"{scenario}/{level}" for scenario in ("page-create", "own") for level in (1, 2, 3)]
    assert list(report["figures"]) == list(report["protocols"]) == cells
    contexts = [report["protocols"][cell]["max_context_tokens"] for cell in cells]
    assert contexts == [704, 1024, 1536, 704, 1024, 1536]
    for cell in cells:
        figures = report["figures"][cell]
        assert (figures["n"], figures["tasks"], list(figures["pass_k"])) == (6, 2, ["1", "2", "3"])
        assert list(figures["rewards"]) == [f"{cell}/validation/{index}" for index in range(2)]
        assert (tmp_path / "runs" / "e" / "episodes" / f"{cell.replace('/', '-')}.jsonl").exists()
    assert report["all"]["n"] == 36
    assert "pass^3" in result.output
    assert "36 stored traces" in result.output


def test_the_written_and_the_generated_scenarios_are_named_together(
    sandlot: Sandlot, elsewhere: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "SCENARIOS", {"page-create": engine.SCENARIOS["page-create"]})
    result = sandlot("eval", "all,api/jira/addComment", "--n", "1", "--level", "2", "--name", "e", *elsewhere)
    assert result.exit_code == 0, result.output
    assert list(report_of(tmp_path / "runs" / "e")["figures"]) == ["page-create/2", "api/jira/addComment/2"]
    result = sandlot("eval", "api", "--n", "1", "--level", "99", *elsewhere)
    assert result.exit_code == 1
    assert "No scenario of api has a level 99." in result.output


def test_the_binary_reward_pays_success_alone(sandlot: Sandlot, elsewhere: list[str], tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text(
        "import os, re, httpx\n"
        "site = httpx.Client(base_url=os.environ['SANDLOT_URL'],"
        " auth=(os.environ['SANDLOT_EMAIL'], os.environ['SANDLOT_API_TOKEN']))\n"
        "space = site.get('/wiki/api/v2/spaces').json()['results'][0]['id']\n"
        "for title in re.findall('\"(.*?)\"', os.environ['SANDLOT_INSTRUCTION']):\n"
        "    site.post('/wiki/api/v2/pages', json={'spaceId': space, 'title': title})\n"
    )
    command = ["--policy", f"exec:{shlex.join([sys.executable, 'page.py'])}", "--n", "3", *elsewhere]
    for reward in ("shaped", "binary"):
        result = sandlot("eval", "page-create", "--reward", reward, *command, "--name", reward)
        assert result.exit_code == 0, result.output
    shaped, binary = (report_of(tmp_path / "runs" / name)["all"]["mean_reward"] for name in ("shaped", "binary"))
    assert shaped > 0.0 == binary


def test_eval_goes_on_where_it_was_interrupted(sandlot: Sandlot, elsewhere: list[str], tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(OWN_SCENARIO)
    arguments = ["eval", "page-create,own.py", "--n", "3", "--attempts", "2", "--name", "e", *elsewhere]
    assert sandlot(*arguments).exit_code == 0
    report = report_of(tmp_path / "runs" / "e")
    episodes = tmp_path / "runs" / "e" / "episodes" / "page-create-1.jsonl"
    lines = episodes.read_text().splitlines(keepends=True)
    episodes.write_text("".join(lines[:4]) + lines[4][:100])
    (tmp_path / "runs" / "e" / "episodes" / "own-1.jsonl").unlink()
    refused = sandlot(*arguments)
    assert refused.exit_code == 1
    assert "--resume" in refused.output
    again = sandlot(*arguments, "--resume")
    assert again.exit_code == 0, again.output
    continued = episodes.read_text().splitlines(keepends=True)
    assert len(continued) == 6
    assert continued[:4] == lines[:4]
    assert report_of(tmp_path / "runs" / "e") == report
    other = sandlot(*arguments, "--resume", "--attempts", "3")
    assert other.exit_code == 1
    assert "another attempts" in other.output


def test_a_model_on_this_machine(sandlot: Sandlot, elsewhere: list[str], tmp_path: Path) -> None:
    tokenizer = tiny_tokenizer()
    tiny_model(tokenizer).save_pretrained(tmp_path / "tiny")
    tokenizer.save_pretrained(tmp_path / "tiny")
    options = ["--policy", "hf:tiny", "--n", "2", "--max-new-tokens", "8", "--threads", "1", "--name", "e"]
    result = sandlot("eval", "page-create", "--level", "3", *options, *elsewhere)
    assert result.exit_code == 0, result.output
    assert report_of(tmp_path / "runs" / "e")["all"]["sampled"] > 0
    missing = sandlot("eval", "page-create", "--policy", "hf:./nothing", "--n", "1", *elsewhere)
    assert missing.exit_code == 1
    assert "The model './nothing' cannot be loaded" in missing.output


def test_hundreds_in_flight(sandlot: Sandlot, elsewhere: list[str], tmp_path: Path) -> None:
    options = ["--policy", "noop", "--n", "20", "--attempts", "10", "--concurrency", "200"]
    result = sandlot("eval", "page-create", *options, "--name", "e", *elsewhere)
    assert result.exit_code == 0, result.output
    assert report_of(tmp_path / "runs" / "e")["all"]["n"] == 200


def test_limits_can_be_set(sandlot: Sandlot, elsewhere: list[str], tmp_path: Path) -> None:
    limits = ["--time-limit", "0.5", "--max-turns", "6", "--max-new-tokens", "33", "--temperature", "0.5"]
    command = ["--policy", "exec:exec sleep 600", "--n", "1", *limits, "--name", "e"]
    result = sandlot("eval", "page-create", *command, *elsewhere)
    assert result.exit_code == 0, result.output
    report = report_of(tmp_path / "runs" / "e")
    assert report["all"]["stops"] == {"time limit": 1}
    protocol = report["protocols"]["page-create/1"]
    assert (protocol["time_limit_s"], protocol["max_turns"], protocol["max_new_tokens"]) == (0.5, 6, 33)
    assert protocol["temperature"] == 0.5


def test_an_unreachable_server_is_one_clear_line(sandlot: Sandlot) -> None:
    result = sandlot("eval", "page-create", "--control", "http://127.0.0.1:9", "--token", "x")
    assert result.exit_code == 1
    assert "http://127.0.0.1:9" in result.output
    assert "Traceback" not in result.output


def test_an_endpoint_that_is_down_ends_the_evaluation_in_one_line(
    sandlot: Sandlot, elsewhere: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandlot_trainer.policies.openai.PAUSE_S", 0.001)
    policy = ["--policy", "openai:http://127.0.0.1:9/v1#m", "--n", "3"]
    result = sandlot("eval", "page-create", *policy, "--name", "e", *elsewhere)
    assert result.exit_code == 1
    error = result.output.splitlines()[1:]
    assert len(error) == 1
    assert error[0].startswith("Error: http://127.0.0.1:9/v1/chat/completions failed: ConnectError")
    assert error[0].endswith("(go on with --name e --resume)")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["page-create", "--policy", "orcale"], "there is no policy 'orcale'"),
        (["page-create", "--server", "http://127.0.0.1:9"], "--server needs --control"),
        (["page-create", "--split", "dev"], "'dev' is not one of"),
    ],
)
def test_a_wrong_option_is_a_usage_error(sandlot: Sandlot, arguments: list[str], words: str) -> None:
    result = sandlot("eval", *arguments)
    assert result.exit_code == 2
    assert words in result.output


@pytest.mark.parametrize(
    ("scenario", "level", "words"),
    [
        ("page-make", "1", "There is no scenario 'page-make'"),
        ("page-create", "4", "page-create has the levels 1, 2, 3, not 4"),
        ("page-create", "hard", "--level is a number or all, not 'hard'"),
    ],
)
def test_a_wrong_scenario_or_level_is_one_clear_line(
    sandlot: Sandlot, elsewhere: list[str], scenario: str, level: str, words: str
) -> None:
    result = sandlot("eval", scenario, "--level", level, *elsewhere)
    assert result.exit_code == 1
    assert words in result.output
