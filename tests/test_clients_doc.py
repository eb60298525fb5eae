"""What the page on clients tells a newcomer to paste runs as it stands there, but for the address, the token and the
file of the authority, and prints what it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from tests.clients.test_javascript_clients import NODE
from tests.conftest import EMAIL, TOKEN, served

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8").partition("## MCP hosts\n")[0]
ADDRESS, AUTHORITY = "127.0.0.1:8080", "data/tls/ca.pem"
SECONDS = 120


class Block(NamedTuple):
    """A block of code: the section that it stands in, its language, its text."""

    section: str
    language: str
    code: str

    @property
    def by_https(self) -> bool:
        return self.section == "HTTPS"


def blocks() -> Iterator[Block]:
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        title = section.partition("\n")[0]
        for language, code in re.findall(r"```(\w+)\n(.*?)```", section, re.DOTALL):
            yield Block(title, language, code)


BLOCKS = list(blocks())


def programs(language: str) -> list[Any]:
    found = [block for block in BLOCKS if block.language == language]
    return [pytest.param(block, id=f"{block.section} {number}") for number, block in enumerate(found)]


def printed(block: Block) -> list[str]:
    """What a program says in comments that it prints."""
    return re.findall(r"^(?:print|console\.log)\(.*\);?  ?(?:#|//) (.*)$", block.code, re.MULTILINE)


class Place(NamedTuple):
    """Where a block is to find its site."""

    address: str
    token: str
    authority: Path | None

    def put_into(self, code: str) -> str:
        code = code.replace(ADDRESS, self.address).replace("Bearer token", f"Bearer {self.token}")
        code = code.replace('"token"', f'"{self.token}"').replace(f"{EMAIL}:token", f"{EMAIL}:{self.token}")
        return code.replace(AUTHORITY, str(self.authority))

    @property
    def environment(self) -> dict[str, str]:
        trusted = {"REQUESTS_CA_BUNDLE": str(self.authority), "NODE_EXTRA_CA_CERTS": str(self.authority)}
        return {**os.environ, **(trusted if self.authority else {})}


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    data = tmp_path_factory.mktemp("tls")
    with served(data, "--tls") as server:
        yield Place(httpx.URL(server.url).netloc.decode(), TOKEN, data / "tls" / "ca.pem")


@pytest.fixture
def place(block: Block, request: pytest.FixtureRequest) -> Place:
    """A fresh site for a block, or the site of a server that speaks HTTPS."""
    if block.by_https:
        found: Place = request.getfixturevalue("secure")
        return found
    site = request.getfixturevalue("live_site")
    return Place(httpx.URL(site["baseUrl"]).netloc.decode(), site["token"], None)


def output(command: list[str], place: Place, folder: Path) -> list[str]:
    done = subprocess.run(
        command, cwd=folder, env=place.environment, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("block", programs("python"))
def test_a_program_in_python(block: Block, place: Place, tmp_path: Path) -> None:
    assert printed(block)
    assert output([sys.executable, "-c", place.put_into(block.code)], place, tmp_path) == printed(block)


@pytest.mark.skipif(not NODE.exists(), reason="jira.js and confluence.js are not installed: make clients")
@pytest.mark.parametrize("block", programs("javascript"))
def test_a_program_in_javascript(block: Block, place: Place) -> None:
    assert printed(block)
    command = [str(NODE), "--input-type=module", "--eval", place.put_into(block.code)]
    assert output(command, place, NODE.parents[2]) == printed(block)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("block", programs("console"))
def test_commands(block: Block, place: Place) -> None:
    lines = block.code.replace("\\\n", "").splitlines()
    commands = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    shown = [line for line in lines if not line.startswith("$ ")]
    script = ["set -eu", 'curl() { command curl --fail --silent --show-error "$@"; echo; }', *commands]
    answers = output(["bash", "-c", place.put_into("\n".join(script))], place, ROOT)
    assert len(answers) == len(shown)
    for answer, line in zip(answers, shown, strict=True):
        assert re.fullmatch(".*".join(re.escape(part) for part in line.split("...")), answer), answer


def test_each_language_and_each_section_has_its_block() -> None:
    assert {block.language for block in BLOCKS} == {"console", "python", "javascript"}
    titles = re.findall(r"^## (.*)$", PAGE, re.MULTILINE)
    assert list(dict.fromkeys(block.section for block in BLOCKS)) == titles
