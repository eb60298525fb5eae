"""What the README tells a newcomer to type works as it stands there, but for the port and the token."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sandlot_trainer.cli import main
from tests.conftest import CONTROL_TOKEN, LiveServer

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("code", blocks("python"), ids=lambda code: code.split()[1])
def test_a_python_client_works_as_shown(
    code: str, live_site: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    code = code.replace("http://127.0.0.1:8080", live_site["baseUrl"]).replace('"token"', f'"{live_site["token"]}"')
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out.strip() == "Check the footer links"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_commands_work_as_shown(live_server: LiveServer) -> None:
    lines = [line[2:].split("    #")[0] for block in blocks("console") for line in block.splitlines()]
    commands = [line for line in lines if line.startswith(("curl", "auth="))]
    assert len(commands) == 6
    script = "\n".join(["set -eu", 'curl() { command curl --fail --silent --show-error "$@"; echo; }', *commands])
    script = script.replace("http://127.0.0.1:8080", live_server.url)
    script = script.replace("http://127.0.0.1:8081", live_server.control_url)
    script = script.replace("$(cat data/control-token)", CONTROL_TOKEN)
    result = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stderr
    issue, pages, site, trace, reset = result.stdout.splitlines()
    assert '"key":"WEB-2"' in issue
    assert '"title":"Runbooks"' in pages
    assert '"baseUrl"' in site
    assert '"exchanges":[]' in trace
    assert '"generation":2' in reset


def test_the_sandlot_commands_take_what_they_are_shown_with() -> None:
    lines = [line[2:] for block in blocks("console") for line in block.splitlines()]
    commands = [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("sandlot ")]
    assert len(commands) > 8
    for name, *arguments in commands:
        main.commands[name].make_context(name, arguments)  # raises what is wrong with them


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_the_make_commands_lead_to_such_commands() -> None:
    lines = [line[2:].split("    #")[0] for block in blocks("console") for line in block.splitlines()]
    for line in (line for line in lines if line.startswith(("make eval", "make train"))):
        command = [*shlex.split(line.replace("<", "").replace(">", "")), "--dry-run", "--assume-old=setup"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        recipe = done.stdout.replace("\\\n", " ").partition("/sandlot ")[2].splitlines()[0]
        name, *arguments = shlex.split(recipe)
        main.commands[name].make_context(name, arguments)


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"make ([a-z][a-z-]*)", page.read_text(encoding="utf-8")):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page.name}: make {target}"


def test_every_local_link_leads_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
