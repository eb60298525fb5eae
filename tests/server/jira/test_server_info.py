from __future__ import annotations

import httpx


async def test_says_that_this_is_cloud(jira: httpx.AsyncClient) -> None:
    info = (await jira.get("serverInfo")).json()
    assert list(info)[:6] == [
        "baseUrl", "displayUrl", "displayUrlServicedeskHelpCenter", "displayUrlCSMHelpSeeker", "displayUrlConfluence",
        "version",
    ]  # fmt: skip
    assert info["baseUrl"] == "http://acme.test"
    assert (info["deploymentType"], info["version"], info["versionNumbers"]) == (
        "Cloud",
        "1001.0.0-SNAPSHOT",
        [1001, 0, 0],
    )
    assert info["serverTime"].startswith("2026-03-02T09:00:")


async def test_does_not_tell_the_time_to_nobody(nobody: httpx.AsyncClient) -> None:
    info = (await nobody.get("serverInfo")).json()
    assert "serverTime" not in info
    assert info["baseUrl"] == "http://acme.test/s/default"
