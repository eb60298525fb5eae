"""Loaded at the start of a client that has this folder on its PYTHONPATH: Atlassian's host names lead to this machine.

It stands for the line in /etc/hosts by which a user does the same.
"""

import socket
from typing import Any

_RESOLVE = socket.getaddrinfo


def _resolve(host: Any, *arguments: Any, **options: Any) -> Any:
    here = isinstance(host, str) and host.endswith(".atlassian.net")
    return _RESOLVE("127.0.0.1" if here else host, *arguments, **options)


socket.getaddrinfo = _resolve
