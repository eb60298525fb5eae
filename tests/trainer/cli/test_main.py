from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from sandlot_trainer.cli import main

AGENT = """
import os, sys, time
with open("told.partial", "w") as file:
    file.write(f"{os.getpid()} {os.environ['SANDLOT_URL']}")
os.rename("told.partial", "told")
time.sleep(600)
"""


def test_a_command_that_is_ended_stops_its_server_and_its_programs(tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text(AGENT)
    policy = f"exec:exec {shlex.join([sys.executable, 'agent.py'])}"
    command = [sys.executable, "-m", "sandlot_trainer.cli", "eval", "page-create", "--n", "1", "--policy", policy]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as process:
        while not (tmp_path / "told").exists():
            assert process.poll() is None
            time.sleep(0.02)
        pid, _, url = (tmp_path / "told").read_text().partition(" ")
        assert httpx.get(f"{url}/rest/api/3/serverInfo").status_code < 500
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 128 + signal.SIGTERM
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


@pytest.mark.parametrize("command", list(main.commands))
def test_every_command_says_what_it_does(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: main {command}")
