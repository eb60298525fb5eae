"""A log line a request, written in batches: one system call for many requests."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TextIO


class AccessLog:
    def __init__(self, stream: TextIO, *, quiet: bool = False, every: float = 0.05) -> None:
        self._stream = stream
        self._quiet = quiet
        self._every = every
        self._lines: list[str] = []

    def note(self, line: str) -> None:
        """Keep a line; it is written within `every` seconds. Called in the event loop."""
        if self._quiet:
            return
        if not self._lines:
            asyncio.get_running_loop().call_later(self._every, self.flush)
        self._lines.append(line)

    def flush(self) -> None:
        if self._lines:
            now = datetime.now().strftime("%H:%M:%S")
            self._stream.write("".join(f"{now} {line}\n" for line in self._lines))
            self._stream.flush()
            self._lines = []
