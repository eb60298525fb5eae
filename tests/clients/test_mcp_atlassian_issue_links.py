"""mcp-atlassian's tools for what issues have to do with each other, and with pages elsewhere."""

from __future__ import annotations

from typing import Any

import httpx

from tests.clients.mcp import Host

MISSING = "Issue does not exist or you do not have permission to see it."


def links(api: httpx.Client, key: str) -> list[dict[str, Any]]:
    answer = api.get(f"/rest/api/3/issue/{key}", params={"fields": "issuelinks"}).raise_for_status()
    found: list[dict[str, Any]] = answer.json()["fields"]["issuelinks"]
    return found


def test_link_types(mcp: Host) -> None:
    names = [kind["name"] for kind in mcp.call("jira_get_link_types")]
    assert names == ["Blocks", "Cloners", "Duplicate", "Relates"]
    (blocks,) = mcp.call("jira_get_link_types", name_filter="block")
    assert (blocks["inward"], blocks["outward"]) == ("is blocked by", "blocks")


def test_issues_are_linked(mcp: Host, api: httpx.Client) -> None:
    ends = {"inward_issue_key": "WEB-3", "outward_issue_key": "PLAT-1"}
    assert mcp.call("jira_create_issue_link", link_type="Blocks", comment="Both *wait*", **ends)["success"]
    (link,) = links(api, "WEB-3")
    assert (link["type"]["name"], link["outwardIssue"]["key"]) == ("Blocks", "PLAT-1")
    found = mcp.call("jira_get_cross_project_dependencies", project_key="WEB")
    assert (found["total_cross_project_links"], list(found["by_project"])) == (1, ["PLAT"])
    assert mcp.call("jira_remove_issue_link", link_id=link["id"])["success"]
    assert links(api, "WEB-3") == []
    assert "No issue link with id" in mcp.refusal("jira_remove_issue_link", link_id=link["id"])
    unknown = mcp.refusal("jira_create_issue_link", link_type="Nope", **ends)
    assert "No issue link type with name 'Nope' found." in unknown
    nowhere = mcp.refusal("jira_get_cross_project_dependencies", project_key="NOPE")
    assert "The value 'NOPE' does not exist for the field 'project'." in nowhere


def test_pages_elsewhere_are_linked(mcp: Host, api: httpx.Client) -> None:
    page = {"url": "https://example.com/codes", "title": "Codes", "summary": "All of them", "relationship": "lists"}
    assert mcp.call("jira_create_remote_issue_link", issue_key="WEB-3", **page)["success"]
    (link,) = api.get("/rest/api/3/issue/WEB-3/remotelink").json()
    assert (link["object"]["url"], link["object"]["title"], link["relationship"]) == (page["url"], "Codes", "lists")
    (seen,) = mcp.call("jira_get_issue", issue_key="WEB-3", include="remote_links")["remote_links"]
    assert seen["object"]["summary"] == "All of them"
    assert MISSING in mcp.refusal("jira_create_remote_issue_link", issue_key="WEB-99", **page)


def test_an_issue_joins_an_epic(mcp: Host, api: httpx.Client) -> None:
    mcp.call("jira_link_to_epic", issue_key="WEB-3", epic_key="WEB-1")
    assert api.get("/rest/api/3/issue/WEB-3").json()["fields"]["parent"]["key"] == "WEB-1"
    assert "WEB-2 is not an Epic" in mcp.refusal("jira_link_to_epic", issue_key="WEB-3", epic_key="WEB-2")
    assert MISSING in mcp.refusal("jira_link_to_epic", issue_key="WEB-3", epic_key="WEB-99")


def test_the_epics_of_a_project(mcp: Host) -> None:
    found = mcp.call("jira_get_project_epic_hierarchy", project_key="WEB")
    assert [[epic["key"] for epic in group["epics"]] for group in found["groups"]] == [["WEB-1"]]
    nowhere = mcp.refusal("jira_get_project_epic_hierarchy", project_key="NOPE")
    assert "The value 'NOPE' does not exist for the field 'project'." in nowhere
