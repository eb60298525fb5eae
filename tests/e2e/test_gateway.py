"""A client that knows nothing but its token: it discovers the site, and works through the gateway."""

from __future__ import annotations

from typing import Any

import httpx

from tests.conftest import LiveServer


def test_discover_then_create_an_issue_and_a_page(live_server: LiveServer, live_site: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {live_site['token']}", "Accept": "application/json"}
    with httpx.Client(base_url=live_server.url, headers=headers) as client:

        def cloud_id_for(scope: str) -> str:
            resources = client.get("/oauth/token/accessible-resources").raise_for_status().json()
            (resource,) = [one for one in resources if scope in one["scopes"]]
            told = client.get(f"{resource['url']}/_edge/tenant_info").raise_for_status().json()
            assert told == {"cloudId": resource["id"]}
            cloud_id: str = resource["id"]
            return cloud_id

        jira = f"/ex/jira/{cloud_id_for('write:jira-work')}/rest/api/3"
        fields = {"project": {"key": "WEB"}, "issuetype": {"name": "Task"}, "summary": "Found by its token"}
        issue = client.post(f"{jira}/issue", json={"fields": fields}).raise_for_status().json()
        assert issue["self"].startswith(live_server.url + jira)
        read = client.get(issue["self"]).raise_for_status().json()
        assert read["fields"]["summary"] == "Found by its token"

        confluence = f"/ex/confluence/{cloud_id_for('write:page:confluence')}/wiki/api/v2"
        (space,) = client.get(f"{confluence}/spaces", params={"keys": "ENG"}).raise_for_status().json()["results"]
        page = {"spaceId": space["id"], "title": "Found too", "body": {"representation": "storage", "value": "<p/>"}}
        created = client.post(f"{confluence}/pages", json=page).raise_for_status().json()
        read = client.get(f"{confluence}/pages/{created['id']}").raise_for_status().json()
        assert read["title"] == "Found too"

    with httpx.Client(base_url=live_server.control_url, headers=live_server.control_headers) as control:
        trace = control.get(f"/sites/{live_site['site']}/trace").raise_for_status().json()["exchanges"]
    assert [one["operation"] for one in trace] == [
        "jira/createIssue",
        "jira/getIssue",
        "confluence/getSpaces",
        "confluence/createPage",
        "confluence/getPageById",
    ]
