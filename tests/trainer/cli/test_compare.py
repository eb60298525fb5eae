from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sandlot_trainer.cli import main
from tests.conftest import LiveServer
from tests.trainer.cli.conftest import Sandlot


@pytest.fixture(scope="module")
def evaluated(live_server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Evaluations of the oracle and of doing nothing, on all levels, the second on fewer tasks."""
    folder = tmp_path_factory.mktemp("runs")
    token = live_server.control_headers["Authorization"].removeprefix("Bearer ")
    for policy, n in (("oracle", "4"), ("noop", "3")):
        options = ["--policy", policy, "--n", n, "--control", live_server.control_url, "--token", token]
        command = ["eval", "page-create", "--level", "all", *options, "--runs", str(folder), "--name", policy]
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def runs(evaluated: Path, tmp_path: Path) -> Path:
    """A copy of the evaluations, for a test to work on."""
    return Path(shutil.copytree(evaluated, tmp_path / "runs"))


def test_runs_stand_beside_each_other_with_their_differences(sandlot: Sandlot, runs: Path) -> None:
    result = sandlot("compare", "runs/noop", "runs/oracle", "--name", "c")
    assert result.exit_code == 0, result.output
    report = json.loads((runs / "c" / "report.json").read_text())
    assert list(report["runs"]) == ["noop", "oracle"]
    assert report["runs"]["oracle"]["page-create/2"]["n"] == 4
    assert list(report["differences"]) == ["oracle"]
    difference = report["differences"]["oracle"]["page-create/1"]["success"]
    assert (difference["mean"], difference["n"]) == (1.0, 3)
    assert report["differences"]["oracle"]["all"]["reward"]["n"] == 9
    assert "+1.000 (+1.000 to +1.000)" in result.output
    assert (runs / "c" / "figures.png").read_bytes().startswith(b"\x89PNG")


def test_single_files_of_episodes_can_be_compared(sandlot: Sandlot, runs: Path) -> None:
    files = [f"runs/{name}/episodes/page-create-1.jsonl" for name in ("noop", "oracle")]
    result = sandlot("compare", *files, "--name", "c")
    assert result.exit_code == 0, result.output
    assert list(json.loads((runs / "c" / "report.json").read_text())["runs"]) == [
        "noop/page-create-1",
        "oracle/page-create-1",
    ]


def test_what_cannot_be_compared_is_one_clear_line(sandlot: Sandlot, elsewhere: list[str], runs: Path) -> None:
    assert sandlot("compare", "runs/noop").exit_code == 2
    sandlot("eval", "page-create", "--n", "1", "--split", "train", "--name", "train", *elsewhere)
    sandlot("eval", "page-create", "--n", "1", "--reward", "binary", "--name", "binary", *elsewhere)
    twice = runs / "twice" / "episodes"
    twice.mkdir(parents=True)
    for name in ("before", "after"):
        (twice / f"{name}.jsonl").write_text((runs / "noop" / "episodes" / "page-create-1.jsonl").read_text())
    for paths, words in (
        (["runs/noop", "runs/train"], "train and noop have no task in common"),
        (
            ["runs/noop", "runs/binary"],
            "page-create/1/test/0 has another rubric or reward in binary than in noop",
        ),
        (["runs/noop", "runs/nothing"], "runs/nothing has no episodes"),
        (["runs/noop", "runs/noop"], "runs/noop is named twice"),
        (["runs/noop", "runs/twice"], "has several sets of episodes of the same tasks"),
    ):
        result = sandlot("compare", *paths, "--name", "c")
        assert result.exit_code == 1
        assert words in result.output.replace("\n", "")


def test_rescore_needs_neither_policy_nor_server(sandlot: Sandlot, runs: Path) -> None:
    result = sandlot("rescore", "runs/oracle")
    assert result.exit_code == 0, result.output
    assert result.output == "12 stored traces re-scored to the same figures\n"
    assert sandlot("rescore", "runs/oracle/episodes/page-create-2.jsonl").exit_code == 0


def test_rescore_names_each_figure_that_differs(sandlot: Sandlot, runs: Path) -> None:
    file, report_file = runs / "oracle" / "episodes" / "page-create-1.jsonl", runs / "oracle" / "report.json"
    entries = [json.loads(line) for line in file.read_text().splitlines()]
    entries[1]["trace"]["exchanges"] = entries[1]["trace"]["exchanges"][:-1]
    file.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    report: dict[str, Any] = json.loads(report_file.read_text())
    report["figures"]["page-create/2"]["calls"] = 99.0
    report_file.write_text(json.dumps(report))
    result = sandlot("rescore", "runs/oracle")
    assert result.exit_code == 1
    task = entries[1]["outcome"]["task"]
    lines = result.output.splitlines()
    assert f"{file.relative_to(runs.parent)}: {task}, attempt 0: reward 1.0 re-scores to 0.0" in lines
    assert "report.json: page-create/1 mean_reward 1.0 comes to 0.75" in lines
    assert "report.json: page-create/2 calls 99.0 comes to 4.0" in lines
    assert "report.json: all success_rate 1.0 comes to 0.9166666666666666" in lines
    assert not any(line.startswith("report.json: page-create/3") for line in lines)
