"""What the page on scenarios tells a newcomer to paste and type works as it stands there, and its table is complete."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from sandlot_trainer.scenarios import SCENARIOS, find_scenario
from sandlot_trainer.scenarios.base import SPLITS
from tests.conftest import CONTROL_TOKEN, LiveServer

PAGE = (Path(__file__).parents[1] / "docs" / "scenarios.md").read_text(encoding="utf-8")
PROGRAM = "import sys; from sandlot_trainer.cli import main; sys.argv[0] = 'sandlot'; main()"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "my_scenario.py").write_text(code, encoding="utf-8")
    return tmp_path


def commands() -> dict[str, str]:
    """The `sandlot eval` lines of the page, each with the reward that it promises."""
    lines = re.findall(r"^\$ sandlot (eval .*?)\s+# (\d\.\d+)", PAGE, re.MULTILINE)
    return dict(lines)


def test_the_scenario_has_tasks_of_each_split(folder: Path) -> None:
    scenario = find_scenario(str(folder / "my_scenario.py"))
    for split in SPLITS:
        assert len({scenario.task(1, split, index).instruction for index in range(10)}) == 10


@pytest.mark.parametrize("command", commands())
def test_the_scenario_is_evaluated_as_shown(command: str, folder: Path, live_server: LiveServer) -> None:
    given = ["--control", live_server.control_url, "--token", CONTROL_TOKEN]
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *shlex.split(command), *given],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    (row,) = (line for line in run.stdout.splitlines() if re.match(r"\S*comment-copy\S* ", line))
    assert commands()[command] in row, run.stdout


def test_each_level_of_each_scenario_stands_in_the_table() -> None:
    rows = re.findall(r"^\| (`[\w-]+`)? ?\| (\d) \|", PAGE, re.MULTILINE)
    found: dict[str, list[int]] = {}
    for name, level in rows:
        if name:
            found[name.strip("`")] = []
        found[list(found)[-1]].append(int(level))
    assert found == {name: list(scenario.levels) for name, scenario in SCENARIOS.items()}
    assert len(commands()) == 2
