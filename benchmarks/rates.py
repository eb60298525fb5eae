"""The server's rates beside a bare FastAPI endpoint's, taken in turns within one run: `make bench`.

32 connections on one client process; the server has validation both ways, state and durable trace on. Beside the rate
stands the server's processor time a request: it does not change with what else the machine is doing.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import httpx
import uvloop
from load import Load, http_request, run

HERE = Path(__file__).parent
BASIC = "Basic " + base64.b64encode(b"admin@example.com:token").decode()
ISSUE = "/rest/api/3/issue/WEB-2"
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
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        ready, issue = Path(folder, "ready.json"), Path(folder, "issue.json")
        command = [sys.executable, "-m", "sandlot_server.cli", "serve", "--port", "0", "--control-port", "0", "--quiet"]
        server = running.enter_context(_process([*command, "--data", folder, "--ready-file", str(ready)]))
        _wait(ready.exists)
        url = json.loads(ready.read_text())["url"]
        issue.write_bytes(httpx.get(url + ISSUE, headers={"Authorization": BASIC}).raise_for_status().content)
        port = _free_port()
        bare = running.enter_context(_process([sys.executable, str(HERE / "bare.py"), str(port), str(issue)]))
        bare_url = f"http://127.0.0.1:{port}"
        _wait(lambda: _answers(f"{bare_url}/issue/X"))
        results = _measure(Target(bare_url, bare.pid), Target(url, server.pid), seconds, rounds)
    _show(results)


@contextmanager
def _process(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@dataclass(frozen=True)
class Target:
    """A server under load: where it listens, and its process."""

    url: str
    pid: int

    def processor_seconds(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Rate:
    load: Load
    microseconds: float


def _measure(bare: Target, sandlot: Target, seconds: float, rounds: int) -> dict[str, list[Rate]]:
    host, bare_host = (target.url.removeprefix("http://") for target in (sandlot, bare))
    json_headers = {"Content-Type": "application/json", "Accept": "application/json"}
    signed = {"Authorization": BASIC, "Accept": "application/json"}
    requests: dict[str, tuple[Target, bytes]] = {
        "bare GET": (bare, http_request("GET", "/issue/WEB-2", bare_host, {"Accept": "application/json"})),
        "bare GET, two members": (bare, http_request("GET", "/small/WEB-2", bare_host, {"Accept": "application/json"})),
        "GET issue": (sandlot, http_request("GET", ISSUE, host, signed)),
        "bare POST": (bare, http_request("POST", "/issue", bare_host, json_headers, NEW_ISSUE)),
        "POST issue": (sandlot, http_request("POST", "/rest/api/3/issue", host, {**signed, **json_headers}, NEW_ISSUE)),
    }
    results: dict[str, list[Rate]] = {name: [] for name in requests}
    for number in range(rounds):
        for name, (target, content) in requests.items():
            before = target.processor_seconds()
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                load = runner.run(run(target.url, lambda _n, content=content: content, seconds=seconds))
            spent = target.processor_seconds() - before
            results[name].append(Rate(load, spent / sum(load.statuses.values()) * 1e6))
            click.echo(f"round {number + 1}  {name:<22} {load.rate:8.0f}/s  {load.statuses}", err=True)
    return results


def _show(results: dict[str, list[Rate]]) -> None:
    median = {name: sorted(rates, key=lambda rate: rate.load.rate)[len(rates) // 2] for name, rates in results.items()}
    click.echo(f"{'':<22} {'requests/s':>10} {'x bare':>7} {'p50 ms':>8} {'p99 ms':>8} {'CPU us':>8} {'x bare':>7}")
    for name, rate in median.items():
        bare = median["bare POST" if "POST" in name else "bare GET"]
        load = rate.load
        click.echo(
            f"{name:<22} {load.rate:>10.0f} {load.rate / bare.load.rate:>7.2f} {load.p50:>8.1f} {load.p99:>8.1f}"
            f" {rate.microseconds:>8.0f} {bare.microseconds / rate.microseconds:>7.2f}"
        )


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
