"""A host of MCP servers, as Claude Desktop or VS Code is one: it runs a server and speaks JSON-RPC with it by lines."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROTOCOL = "2025-06-18"
SECONDS = 180.0
"""How long a server may take over one answer: its first imports weigh some 200 MB."""

MCP_ATLASSIAN = Path(sys.prefix) / "mcp" / "bin" / "mcp-atlassian"
NAMES = Path(__file__).with_name("names")


class ToolError(Exception):
    """What a tool answered in place of a result."""


class Host:
    """A session with one MCP server."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._received = b""
        self._requests = 0
        self.server: dict[str, Any] = self._request(
            "initialize",
            {"protocolVersion": PROTOCOL, "capabilities": {}, "clientInfo": {"name": "tests", "version": "1"}},
        )["serverInfo"]
        self._send({"method": "notifications/initialized"})

    def tools(self) -> dict[str, dict[str, Any]]:
        """The descriptions of the tools that are offered, by name."""
        found: dict[str, dict[str, Any]] = {}
        cursor = None
        while True:
            page = self._request("tools/list", {"cursor": cursor} if cursor else {})
            found.update({tool["name"]: tool for tool in page["tools"]})
            cursor = page.get("nextCursor")
            if not cursor:
                return found

    def call(self, tool: str, **arguments: Any) -> Any:
        """What the tool answers, read as JSON. Raises ToolError."""
        (content,) = self.contents(tool, **arguments)
        return json.loads(content["text"])

    def contents(self, tool: str, **arguments: Any) -> list[dict[str, Any]]:
        """The contents of the tool's answer: texts, images and files. Raises ToolError."""
        result = self._request("tools/call", {"name": tool, "arguments": arguments})
        contents: list[dict[str, Any]] = result["content"]
        if result.get("isError"):
            raise ToolError("\n".join(content["text"] for content in contents))
        return contents

    def refusal(self, tool: str, **arguments: Any) -> str:
        """The text with which the tool refuses."""
        try:
            contents = self.contents(tool, **arguments)
        except ToolError as refused:
            return str(refused)
        raise AssertionError(f"{tool} did not refuse: {contents}")

    def _request(self, method: str, params: Mapping[str, Any]) -> Any:
        self._requests += 1
        self._send({"id": self._requests, "method": method, "params": params})
        deadline = time.monotonic() + SECONDS
        while True:
            message = self._receive(deadline)
            if message.get("id") == self._requests:
                if "error" in message:
                    raise ToolError(message["error"]["message"])
                return message["result"]

    def _send(self, message: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        self._process.stdin.flush()

    def _receive(self, deadline: float) -> dict[str, Any]:
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        while b"\n" not in self._received:
            if not select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise TimeoutError(f"the MCP server did not answer within {SECONDS:.0f} s")
            read = os.read(pipe, 1 << 16)
            if not read:
                raise EOFError(f"the MCP server ended with {self._process.wait()}")
            self._received += read
        line, _, self._received = self._received.partition(b"\n")
        message: dict[str, Any] = json.loads(line)
        return message


@contextmanager
def host_of(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Iterator[Host]:
    """Run an MCP server in the folder, with these variables added to the environment and its log in the folder's
    `mcp.log`; it has ended when the block ends."""
    with (folder / "mcp.log").open("wb") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=folder,
            env={**_plain_environment(), **environment},
        )
    try:
        yield Host(process)
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)


def _plain_environment() -> dict[str, str]:
    """This process's environment without what would send the server elsewhere, or past the mock."""
    meant = ("JIRA_", "CONFLUENCE_", "ATLASSIAN_", "MCP_", "TOOLSETS", "ENABLED_TOOLS", "READ_ONLY_MODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(meant)}
    return {name: value for name, value in kept.items() if not name.lower().endswith("_proxy")}
