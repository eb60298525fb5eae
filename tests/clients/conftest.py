"""mcp-atlassian over the mock: one process of it, and one site, which every test finds as its seed made it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from tests.clients.mcp import MCP_ATLASSIAN, NAMES, Host, host_of
from tests.conftest import LiveServer


class Desk(NamedTuple):
    """The host with its MCP server, the site that the server works on, and the folder that it reads files from."""

    mcp: Host
    site: dict[str, Any]
    folder: Path


def settings(url: str, email: str, token: str) -> dict[str, str]:
    """The environment of an mcp-atlassian that takes the mock at this URL for Atlassian's cloud."""
    return {
        "JIRA_URL": url,
        "JIRA_USERNAME": email,
        "JIRA_API_TOKEN": token,
        "CONFLUENCE_URL": f"{url}/wiki",
        "CONFLUENCE_USERNAME": email,
        "CONFLUENCE_API_TOKEN": token,
        "MCP_ALLOWED_URL_DOMAINS": "atlassian.net",
        "TOOLSETS": "all",
        "PYTHONPATH": str(NAMES),
    }


@pytest.fixture(scope="session")
def _desk(live_server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    if not MCP_ATLASSIAN.exists():
        pytest.skip("mcp-atlassian is not installed: make clients")
    folder = tmp_path_factory.mktemp("mcp")
    with httpx.Client(base_url=live_server.control_url, headers=live_server.control_headers) as control:
        site = control.post("/sites").raise_for_status().json()
        url = live_server.url.replace("127.0.0.1", "acme.atlassian.net")
        with host_of([str(MCP_ATLASSIAN)], settings(url, site["email"], site["token"]), folder) as host:
            yield Desk(host, site, folder)
        control.delete(f"/sites/{site['site']}").raise_for_status()


@pytest.fixture
def desk(_desk: Desk, live_server: LiveServer) -> Desk:
    reset = f"{live_server.control_url}/sites/{_desk.site['site']}/reset"
    httpx.post(reset, headers=live_server.control_headers).raise_for_status()
    return _desk


@pytest.fixture
def mcp(desk: Desk) -> Host:
    return desk.mcp


@pytest.fixture
def api(desk: Desk) -> Iterator[httpx.Client]:
    """The site that the MCP server works on, asked directly."""
    with httpx.Client(base_url=desk.site["baseUrl"], auth=(desk.site["email"], desk.site["token"])) as client:
        yield client
