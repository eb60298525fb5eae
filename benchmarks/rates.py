"""The server's rates beside a bare FastAPI endpoint's, taken in turns within one run: `make bench`.

32 connections on one client process; the server has validation both ways, state and durable trace on.
"""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import httpx
import uvloop
from load import Load, http_request, run

HERE = Path(__file__).parent
BASIC = "Basic " + base64.b64encode(b"admin@example.com:token").decode()
NEW_ISSUE = json.dumps(
    {
        "fields": {
            "project": {"key": "WEB"},
            "issuetype": {"name": "Task"},
            "summary": "Measure the rate",
            "labels": ["load"],
        }
    }
).encode()


@click.command()
@click.option("--seconds", default=5.0, show_default=True, help="Length of each measurement.")
@click.option("--rounds", default=3, show_default=True, help="How often the four are taken in turn; medians are shown.")
def main(seconds: float, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bare_port = _free_port()
        bare = subprocess.Popen([sys.executable, str(HERE / "bare.py"), str(bare_port)])
        ready = Path(folder, "ready.json")
        command = [
            sys.executable,
            "-m",
            "sandlot_server.cli",
            "serve",
            "--port",
            "0",
            "--control-port",
            "0",
            "--quiet",
        ]
        server = subprocess.Popen([*command, "--data", folder, "--ready-file", str(ready)], stdout=subprocess.DEVNULL)
        try:
            _wait(lambda: ready.exists())
            bare_url = f"http://127.0.0.1:{bare_port}"
            _wait(lambda: _answers(f"{bare_url}/issue/X"))
            results = _measure(bare_url, json.loads(ready.read_text())["url"], seconds, rounds)
        finally:
            for process in (bare, server):
                process.terminate()
                process.wait()
    _show(results)


def _measure(bare_url: str, url: str, seconds: float, rounds: int) -> dict[str, list[Load]]:
    host = url.removeprefix("http://")
    bare_host = bare_url.removeprefix("http://")
    json_headers = {"Content-Type": "application/json", "Accept": "application/json"}
    signed = {"Authorization": BASIC, "Accept": "application/json"}
    requests: dict[str, tuple[str, bytes]] = {
        "bare GET": (
            bare_url,
            http_request("GET", "/issue/WEB-2", bare_host, {"Accept": "application/json"}),
        ),
        "GET issue": (url, http_request("GET", "/rest/api/3/issue/WEB-2", host, signed)),
        "bare POST": (bare_url, http_request("POST", "/issue", bare_host, json_headers, NEW_ISSUE)),
        "POST issue": (
            url,
            http_request("POST", "/rest/api/3/issue", host, {**signed, **json_headers}, NEW_ISSUE),
        ),
    }
    results: dict[str, list[Load]] = {name: [] for name in requests}
    for number in range(rounds):
        for name, (target, content) in requests.items():
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                load = runner.run(run(target, lambda _n, content=content: content, seconds=seconds))
            results[name].append(load)
            click.echo(
                f"round {number + 1}  {name:<11} {load.rate:8.0f}/s  p99 {load.p99:6.1f} ms  {load.statuses}",
                err=True,
            )
    return results


def _show(results: dict[str, list[Load]]) -> None:
    median = {name: sorted(loads, key=lambda load: load.rate)[len(loads) // 2] for name, loads in results.items()}
    click.echo(f"{'':<11} {'requests/s':>10} {'p50 ms':>8} {'p99 ms':>8} {'x bare':>7}")
    for name, load in median.items():
        ratio = load.rate / median["bare " + name.split()[-2 if "issue" in name else -1]].rate
        click.echo(f"{name:<11} {load.rate:>10.0f} {load.p50:>8.1f} {load.p99:>8.1f} {ratio:>7.2f}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise click.ClickException(f"a server was not ready within {seconds:.0f} s")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


if __name__ == "__main__":
    main()
