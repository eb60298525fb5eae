"""A server of one's own: `sandlot-server serve` as a subprocess on free ports, for as long as it is
needed."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from sandlot_trainer.client import EnvironmentFailure

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 10.0


@asynccontextmanager
async def started_server(
    data: Path | None = None, *, command: Sequence[str] | None = None
) -> AsyncIterator[tuple[str, str]]:
    """Start a server on free ports of the loopback and yield (control URL, control token); stopped at the
    end.

    `data` is its folder, a temporary one by default. `command` replaces `sandlot-server serve`. Raises
    EnvironmentFailure, with the server's last words, where it does not come up.
    """
    with tempfile.TemporaryDirectory(prefix="sandlot-") as scratch:
        folder = Path(scratch)
        ready_file, log_file = folder / "ready.json", folder / "server.log"
        arguments = ["--port", "0", "--control-port", "0", "--ready-file", str(ready_file)]
        arguments += ["--data", str(data or folder / "data"), "--quiet"]
        with log_file.open("wb") as log:
            process = await _spawn([*(command or _serve_command()), *arguments], log)
            try:
                ready = await _wait_until_ready(process, ready_file, log_file)
                yield ready["control_url"], ready["control_token"]
            finally:
                await _stop(process)


def _serve_command() -> list[str]:
    beside = Path(sys.executable).with_name("sandlot-server")
    program = str(beside) if beside.exists() else shutil.which("sandlot-server")
    if program is None:
        raise EnvironmentFailure("Could not start a server: sandlot-server is not installed in this environment.")
    return [program, "serve"]


async def _spawn(command: list[str], log: IO[bytes]) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log)
    except OSError as error:
        raise EnvironmentFailure(f"Could not start a server: {command[0]}: {error}") from error


async def _wait_until_ready(process: asyncio.subprocess.Process, ready_file: Path, log_file: Path) -> dict[str, str]:
    for _ in range(int(START_TIMEOUT_S / 0.05)):
        if process.returncode is not None:
            break
        try:
            ready: dict[str, str] = json.loads(ready_file.read_text())
            return ready
        except (OSError, ValueError):  # not there, or not yet whole
            await asyncio.sleep(0.05)
    last_words = log_file.read_text(errors="replace")[-2000:]
    raise EnvironmentFailure(f"The server did not come up (exit status {process.returncode}):\n{last_words}")


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_TIMEOUT_S)
    except TimeoutError:
        process.kill()
        await process.wait()
