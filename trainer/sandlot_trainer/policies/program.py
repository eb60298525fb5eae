"""An outside program as a policy, in any language: it finds the site and the task in its environment."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from contextlib import suppress
from types import TracebackType
from typing import Self

from sandlot_trainer.client import EnvironmentFailure, SiteAccess
from sandlot_trainer.episode import Protocol
from sandlot_trainer.policies import Work
from sandlot_trainer.scenarios.base import Task

OUTPUT_KEPT = 4000
"""Characters that are kept of the end of each of a program's outputs."""
_CLOSING_S = 2.0
_CANNOT_RUN = (126, 127)


class ProgramPolicy:
    """Runs `command` in a shell, once for each episode, with the instruction on its standard input.

    It is not shut in: it runs as the user who evaluates it. Only the control token is kept from it.
    """

    def __init__(self, command: str) -> None:
        self.name = f"exec:{command}"
        self.command = command

    async def work(self, task: Task, access: SiteAccess, protocol: Protocol, seed: int) -> Work:
        stop, status = "time limit", None
        with tempfile.TemporaryFile() as told:
            told.write(f"{task.instruction}\n".encode())
            told.seek(0)
            async with _Tail() as stdout, _Tail() as stderr:
                process = await asyncio.create_subprocess_shell(
                    self.command,
                    stdin=told,
                    stdout=stdout.end,
                    stderr=stderr.end,
                    env=environment(task.instruction, access, seed),
                    start_new_session=True,
                )
                try:
                    async with asyncio.timeout(protocol.time_limit_s):
                        status = await process.wait()
                        stop = "finished" if status == 0 else f"exit status {status}"
                except TimeoutError:
                    pass
                finally:
                    _kill_group(process)
                    await process.wait()
        if status in _CANNOT_RUN:
            raise EnvironmentFailure(f"The command {self.command!r} cannot be run: {stderr.text.strip() or stop}")
        return Work(stop, status, stdout.text, stderr.text)


def environment(instruction: str, access: SiteAccess, seed: int) -> dict[str, str]:
    """What a program is told: the site and the task, also by the names that common Atlassian tools read."""
    kept = {name: value for name, value in os.environ.items() if name != "SANDLOT_CONTROL_TOKEN"}
    return {
        **kept,
        "SANDLOT_URL": access.base_url,
        "SANDLOT_EMAIL": access.email,
        "SANDLOT_API_TOKEN": access.token,
        "SANDLOT_INSTRUCTION": instruction,
        "SANDLOT_SEED": str(seed),
        "JIRA_URL": access.base_url,
        "JIRA_USERNAME": access.email,
        "JIRA_API_TOKEN": access.token,
        "CONFLUENCE_URL": f"{access.base_url}/wiki",
        "CONFLUENCE_USERNAME": access.email,
        "CONFLUENCE_API_TOKEN": access.token,
    }


class _Tail:
    """A pipe whose other `end` is a program's output, read as long as that is open; the end of it is kept.

    It is no pipe of the process as asyncio knows it, which would not have ended before all that it has started.
    """

    def __init__(self) -> None:
        self._kept = b""

    async def __aenter__(self) -> Self:
        read, self.end = os.pipe()
        stream = asyncio.StreamReader()
        self._transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(read, "rb", 0)
        )
        self._reading = asyncio.create_task(self._read(stream))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        os.close(self.end)
        # What the program has started and let go of may hold the output open for ever.
        await asyncio.wait([self._reading], timeout=_CLOSING_S)
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        self._transport.close()

    async def _read(self, stream: asyncio.StreamReader) -> None:
        while chunk := await stream.read(65536):
            self._kept = (self._kept + chunk)[-4 * OUTPUT_KEPT :]

    @property
    def text(self) -> str:
        return self._kept.decode(errors="replace")[-OUTPUT_KEPT:]


def _kill_group(process: asyncio.subprocess.Process) -> None:
    """End the program and whatever it has started."""
    with suppress(ProcessLookupError, PermissionError):  # it has ended, with all it started
        os.killpg(process.pid, signal.SIGKILL)
