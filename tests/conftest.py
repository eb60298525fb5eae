"""Fixtures that every test may use: a server in this process, and a server behind a real socket."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandlot_server.app import App, Config, create_app

EMAIL, TOKEN = "admin@example.com", "token"
CONTROL_TOKEN = "control-token-of-the-tests"


@pytest.fixture(autouse=True)
def _control_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDLOT_CONTROL_TOKEN", CONTROL_TOKEN)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """A server in this process, with the default site, its trace in a folder of the test's."""
    app = create_app(Config(tmp_path / "data", quiet=True))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.control.router.lifespan_context(app.control))
        app.plane.atlassian_port = 8080
        yield app


@pytest.fixture
async def atlassian(app: App) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the Atlassian port, signed in to the default site."""
    transport = httpx.ASGITransport(app.atlassian)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://acme.test", auth=(EMAIL, TOKEN)) as client:
        yield client


@pytest.fixture
async def anonymous(app: App) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the Atlassian port that names the default site by path and has no credential."""
    transport = httpx.ASGITransport(app.atlassian)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://acme.test/s/default") as client:
        yield client


@pytest.fixture
async def control(app: App) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the control API."""
    transport = httpx.ASGITransport(app.control)
    headers = {"Authorization": f"Bearer {CONTROL_TOKEN}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://control.test", headers=headers) as client:
        yield client


class LiveServer:
    """A `sandlot-server serve` process: where it listens, and its process."""

    def __init__(self, process: subprocess.Popen[bytes], ready: dict[str, str]) -> None:
        self.process = process
        self.url = ready["url"]
        self.control_url = ready["control_url"]
        self.control_headers = {"Authorization": f"Bearer {ready['control_token']}"}
        self.email, self.token = EMAIL, TOKEN

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def served(data: Path, *options: str) -> Iterator[LiveServer]:
    """Run the server as a user does, on free ports; it has ended when the block ends."""
    data.mkdir(parents=True, exist_ok=True)
    ready_file = data / "ready.json"
    ready_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "sandlot_server.cli", "serve", "--port", "0", "--control-port", "0"]
    command += ["--data", str(data), "--ready-file", str(ready_file), "--quiet", *options]
    environment = {**os.environ, "SANDLOT_CONTROL_TOKEN": CONTROL_TOKEN}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    try:
        yield LiveServer(process, _ready(process, ready_file))
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=30)
        if process.stderr is not None:
            process.stderr.close()


def _ready(process: subprocess.Popen[bytes], ready_file: Path) -> dict[str, str]:
    deadline = time.monotonic() + 60
    while not ready_file.exists():
        if process.poll() is not None:
            assert process.stderr is not None
            raise RuntimeError(process.stderr.read().decode())
        if time.monotonic() > deadline:
            raise TimeoutError("the server did not become ready within 60 s")
        time.sleep(0.02)
    ready: dict[str, str] = json.loads(ready_file.read_text())
    return ready


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """One real server for all tests that need a socket; tests that write make sites of their own."""
    with served(tmp_path_factory.mktemp("live")) as server:
        yield server


@pytest.fixture
def live_site(live_server: LiveServer) -> Iterator[dict[str, Any]]:
    """A fresh site of the live server: baseUrl, email, token, site."""
    with httpx.Client(base_url=live_server.control_url, headers=live_server.control_headers) as client:
        site = client.post("/sites").raise_for_status().json()
        yield site
        client.delete(f"/sites/{site['site']}").raise_for_status()
