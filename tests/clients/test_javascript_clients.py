"""The JavaScript clients jira.js and confluence.js, unmodified, over a socket: every check of the `.mjs` files here.

The checks are written for Node's own test runner. A file runs once, when the first of its checks is asked for.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import LiveServer

HERE = Path(__file__).parent
NODE = HERE / "node_modules" / ".bin" / "node"
FILES = sorted(path.relative_to(HERE) for path in HERE.glob("*_js/*.mjs"))

pytestmark = pytest.mark.skipif(not NODE.exists(), reason="jira.js and confluence.js are not installed: make clients")

Results = Callable[[Path], dict[str, str | None]]


def checks(file: Path) -> list[str]:
    """The names of the checks in a file, in its order."""
    return re.findall(r'^test\("(.+?)", ', (HERE / file).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def results(live_server: LiveServer) -> Results:
    """Of a file, what became of its checks: the name, and the message of its failure or None."""
    environment = {
        **os.environ,
        "SANDLOT_CONTROL_URL": live_server.control_url,
        "SANDLOT_CONTROL_TOKEN": live_server.control_headers["Authorization"].removeprefix("Bearer "),
    }

    @cache
    def run(file: Path) -> dict[str, str | None]:
        command = [str(NODE), "--test", "--test-reporter=./reporter.mjs", str(file)]
        done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=False)
        assert done.stdout, done.stderr
        told = [json.loads(line) for line in done.stdout.splitlines()]
        return {one["name"]: one["failure"] for one in told}

    return run


@pytest.mark.parametrize(
    ("file", "name"),
    [pytest.param(file, name, id=f"{file.parent.name}/{file.stem}: {name}") for file in FILES for name in checks(file)],
)
def test_check(file: Path, name: str, results: Results) -> None:
    told = results(file)
    assert name in told, f"{file} did not run: {told}"
    if told[name] is not None:
        pytest.fail(told[name], pytrace=False)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_no_check_of_a_file_goes_unreported(file: Path, results: Results) -> None:
    assert sorted(results(file)) == sorted(checks(file))
