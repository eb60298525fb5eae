"""mcp-atlassian as docs/clients.md sets it up, and what it offers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.mcp import MCP_ATLASSIAN, NAMES, Host, host_of
from tests.conftest import LiveServer, served

HERE = Path(__file__).parent
SECTION = (HERE.parents[1] / "docs" / "clients.md").read_text(encoding="utf-8").partition("## MCP hosts\n")[2]

needs_mcp = pytest.mark.skipif(not MCP_ATLASSIAN.exists(), reason="mcp-atlassian is not installed: make clients")


def configured() -> dict[str, Any]:
    """The MCP server in the configuration that the documentation shows."""
    shown = re.search(r"```json\n(.*?)```", SECTION, re.DOTALL)
    assert shown is not None
    server: dict[str, Any] = json.loads(shown[1])["mcpServers"]["atlassian"]
    return server


def environment(url: str) -> dict[str, str]:
    """Its environment, but for the server's address and for the line in /etc/hosts."""
    shown: dict[str, str] = configured()["env"]
    told = {name: value.replace("http://acme.atlassian.net:8080", url) for name, value in shown.items()}
    assert told != shown
    return {**told, "PYTHONPATH": str(NAMES)}


def both_products_answer(host: Host) -> bool:
    issue = host.call("jira_get_issue", issue_key="WEB-1")
    page = host.call("confluence_get_page", title="Runbooks", space_key="ENG")
    return bool(issue["summary"] == "Faster checkout" and page["metadata"]["title"] == "Runbooks")


def test_the_documentation_names_the_release_that_is_tested() -> None:
    assert configured()["args"] == [
        line
        for line in (HERE / "mcp-requirements.txt").read_text(encoding="utf-8").splitlines()
        if line.startswith("mcp-atlassian==")
    ]


def test_its_packages_have_the_versions_of_ours() -> None:
    def pinned(path: Path) -> dict[str, str]:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "==" in line]
        return {
            re.sub("[-_.]+", "-", name).lower(): version
            for name, _, version in (line.partition("==") for line in lines)
        }

    ours, its = pinned(HERE.parents[1] / "constraints.txt"), pinned(HERE / "mcp-requirements.txt")
    assert {name for name in ours.keys() & its.keys() if ours[name] != its[name]} == {"atlassian-python-api"}


@needs_mcp
def test_the_configuration_works_as_shown(live_server: LiveServer, tmp_path: Path) -> None:
    url = live_server.url.replace("127.0.0.1", "acme.atlassian.net")
    with host_of([str(MCP_ATLASSIAN)], environment(url), tmp_path) as host:
        assert host.server["name"] == "Atlassian MCP"
        assert both_products_answer(host)


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment for a server as the documentation starts it for HTTPS, with names of sites."""
    folder = tmp_path_factory.mktemp("secure")
    options = re.search(r"`sandlot-server serve (--tls) (--host-suffix) (\S+)`", SECTION)
    assert options is not None
    with served(folder, *options.groups()) as server:
        shown = environment(server.url.replace("127.0.0.1", "default.atlassian.net"))
        yield {**shown, "REQUESTS_CA_BUNDLE": str(folder / "tls" / "ca.pem")}


@needs_mcp
def test_https_and_names_of_sites_work_as_shown(secure: dict[str, str], tmp_path: Path) -> None:
    with host_of([str(MCP_ATLASSIAN)], secure, tmp_path) as host:
        assert both_products_answer(host)


@needs_mcp
def test_a_wrong_token_sees_what_is_public(secure: dict[str, str], tmp_path: Path) -> None:
    """Jira takes the caller for anybody and shows no project, Confluence refuses."""
    wrong = {"JIRA_API_TOKEN": "wrong", "CONFLUENCE_API_TOKEN": "wrong"}
    with host_of([str(MCP_ATLASSIAN)], {**secure, **wrong}, tmp_path) as host:
        assert host.call("jira_get_all_projects") == []
        assert host.call("jira_search_projects", query="shop") == []
        assert "Issue WEB-1 not found" in host.refusal("jira_get_issue", issue_key="WEB-1")
        assert "Authentication failed" in host.refusal("confluence_search", query="runbook")


def test_every_tool_that_it_offers_is_called(mcp: Host) -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_mcp_atlassian_*.py"))
    offered = mcp.tools()
    assert len(offered) == 98
    assert [name for name in offered if f'"{name}"' not in tests] == []
