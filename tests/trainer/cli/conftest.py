from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sandlot_trainer.cli import main
from tests.conftest import LiveServer

Sandlot = Callable[..., Result]


@pytest.fixture
def elsewhere(live_server: LiveServer) -> list[str]:
    """The options that name the tests' server."""
    token = live_server.control_headers["Authorization"].removeprefix("Bearer ")
    return ["--control", live_server.control_url, "--token", token]


@pytest.fixture
def sandlot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sandlot:
    """The command, run in the test's folder, where its runs/ are."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path, input: str | None = None) -> Result:
        return CliRunner().invoke(main, list(map(str, arguments)), input=input)

    return run
