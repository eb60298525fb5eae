"""The example agents, run as the README shows: outside programs that do their tasks with a client alone."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sandlot_trainer.cli import main
from tests.conftest import LiveServer

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def documented(program: str) -> list[str]:
    """The README's `sandlot eval` with this program, as arguments."""
    (line,) = re.findall(rf"^\$ sandlot (eval .*{re.escape(program)}.*)$", README, re.MULTILINE)
    return shlex.split(line)


@pytest.fixture(scope="session")
def node_modules() -> None:
    """What agent.mjs needs, installed as the README shows unless it is there."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node is not installed")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").split(".")[0]) < 20:
        pytest.skip(f"jira.js needs Node 20, this is {version.strip()}")
    if not (ROOT / "examples" / "node_modules" / "jira.js").exists():
        done = subprocess.run(["npm", "ci", "--prefix", "examples"], cwd=ROOT, capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"npm cannot install what the example needs: {done.stderr.strip()[-300:]}")


@pytest.fixture
def elsewhere(live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tests' server, and a folder of the test's for the run; `python` is the one that runs the tests."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    token = live_server.control_headers["Authorization"].removeprefix("Bearer ")
    return ["--control", live_server.control_url, "--token", token, "--runs", str(tmp_path), "--name", "e"]


def evaluated(arguments: list[str], elsewhere: list[str], tmp_path: Path) -> dict[str, object]:
    result = CliRunner().invoke(main, [*arguments, *elsewhere])
    assert result.exit_code == 0, result.output
    episodes = [json.loads(line) for line in (tmp_path / "e/episodes/issue-create-1.jsonl").read_text().splitlines()]
    told = [(one["record"]["work"], one["outcome"]["reward"]) for one in episodes if one["outcome"]["reward"] < 1]
    assert told == []
    report: dict[str, object] = json.loads((tmp_path / "e" / "report.json").read_text())["all"]
    return report


def test_the_agent_in_python_solves_its_tasks(elsewhere: list[str], tmp_path: Path) -> None:
    report = evaluated(documented("examples/agent.py"), elsewhere, tmp_path)
    assert (report["n"], report["success_rate"]) == (20, 1.0)


@pytest.mark.usefixtures("node_modules")
def test_the_agent_in_javascript_solves_its_tasks(elsewhere: list[str], tmp_path: Path) -> None:
    report = evaluated(documented("examples/agent.mjs"), elsewhere, tmp_path)
    assert (report["n"], report["success_rate"]) == (20, 1.0)
