"""The words of an episode's conversation that are ours: the system prompt, and how a call is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

SYSTEM = """\
Do the task with these tools, one call at a time:
<tool_call>{"name":"...","arguments":{...}}</tool_call>
When all is done, say Done.
{tools}"""

FUNCTIONS_SYSTEM = "Do the task with the tools. When all is done, say Done."
"""For models whose endpoint has a form of its own for tools and their calls."""


def system_text(system: str, tools: str) -> str:
    """The system prompt with the tools in their place."""
    return system.replace("{tools}", tools).strip()


def call_text(name: str, arguments: Mapping[str, Any]) -> str:
    """A call as a model writes it, without blanks in the JSON: the form of the answers, and fewer tokens."""
    return f"<tool_call>{compact_json({'name': name, 'arguments': arguments})}</tool_call>"


def compact_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
