"""mcp-atlassian's tools for projects, their parts, fields and users."""

from __future__ import annotations

import json

import httpx

from tests.clients.mcp import Host

BEA = "5b10a2844c20165700ede22b"


def test_projects(mcp: Host) -> None:
    projects = mcp.call("jira_get_all_projects")
    assert sorted(project["key"] for project in projects) == ["PLAT", "SUP", "WEB"]
    assert [project["key"] for project in mcp.call("jira_search_projects", query="shop")] == ["WEB"]
    assert mcp.call("jira_search_projects", query="nothing of the kind") == []


def test_the_types_and_fields_of_a_project(mcp: Host) -> None:
    task, bug = mcp.call("jira_get_project_issue_types", project_key="SUP")
    assert (task["name"], bug["name"], bug["subtask"]) == ("Task", "Bug", False)
    fields = mcp.call("jira_get_create_fields", project_key="SUP", issue_type_id=bug["id"])
    required = {field["field_id"] for field in fields if field["required"]}
    assert required == {"project", "issuetype", "summary", "priority"}
    # These tools take what fails for nothing found.
    assert mcp.call("jira_get_project_issue_types", project_key="NOPE") == []
    assert mcp.call("jira_get_create_fields", project_key="SUP", issue_type_id="99999") == []
    # It reads the member `values`, as Data Center sends it; Cloud's is `fields`.
    assert mcp.call("jira_get_project_fields", project_key="SUP") == []


def test_components_and_versions(mcp: Host) -> None:
    components = mcp.call("jira_get_project_components", project_key="WEB")
    assert [component["name"] for component in components] == ["Catalogue", "Checkout"]
    versions = mcp.call("jira_get_project_versions", project_key="WEB")
    assert [(version["name"], version["released"]) for version in versions] == [("2026.1", True), ("2026.2", False)]
    assert mcp.call("jira_get_project_components", project_key="NOPE") == []
    assert mcp.call("jira_get_project_versions", project_key="NOPE") == []


def test_versions_are_written(mcp: Host, api: httpx.Client) -> None:
    dates = {"start_date": "2026-03-02", "release_date": "2026-05-01"}
    made = mcp.call("jira_create_version", project_key="WEB", name="2026.3", description="Vouchers", **dates)
    held = api.get(f"/rest/api/3/version/{made['id']}").json()
    assert (held["name"], held["description"], held["releaseDate"]) == ("2026.3", "Vouchers", "2026-05-01")
    mcp.call("jira_update_version", version_id=made["id"], name="2026.4", released=True)
    held = api.get(f"/rest/api/3/version/{made['id']}").json()
    assert (held["name"], held["released"]) == ("2026.4", True)
    taken = {"success": False, "error": "A version with this name already exists in this project."}
    assert mcp.call("jira_create_version", project_key="WEB", name="2026.1") == taken
    both = json.dumps([{"name": "2027.1"}, {"name": "2026.1"}])
    first, second = mcp.call("jira_batch_create_versions", project_key="WEB", versions=both)
    assert (first["version"]["name"], second["error"]) == ("2027.1", taken["error"])
    unknown = mcp.call("jira_update_version", version_id="99999", released=True)
    assert (unknown["success"], unknown["error"]) == (False, "Could not find version for id '99999'")


def test_fields_and_their_options(mcp: Host) -> None:
    severity = mcp.call("jira_search_fields", keyword="Severity", limit=1)[0]
    assert (severity["name"], severity["schema"]["type"]) == ("Severity", "option")
    options = mcp.call("jira_get_field_options", field_id=severity["id"])
    assert [option["value"] for option in options] == ["Critical", "Major", "Minor"]
    chosen = mcp.call("jira_get_field_options", field_id=severity["id"], contains="MA", values_only=True)
    assert chosen == ["Major"]
    assert mcp.call("jira_get_field_options", field_id="customfield_99999") == []


def test_users(mcp: Host) -> None:
    for identifier in ("bea@example.com", BEA, "Bea Lindqvist"):
        user = mcp.call("jira_get_user_profile", user_identifier=identifier)["user"]
        assert (user["account_id"], user["email"]) == (BEA, "bea@example.com")
    unknown = mcp.call("jira_get_user_profile", user_identifier="nobody@example.com")
    assert not unknown["success"]
    assert "Could not resolve email 'nobody@example.com'" in unknown["error"]


def test_assignable_users(mcp: Host) -> None:
    for scope in ({"project_key": "WEB"}, {"issue_key": "WEB-1"}):
        (user,) = mcp.call("jira_search_assignable_users", query="lindq", **scope)["users"]
        assert user["account_id"] == BEA
    unknown = mcp.call("jira_search_assignable_users", query="bea", project_key="NOPE")
    assert (unknown["success"], unknown["error"]) == (False, "No project could be found with key 'NOPE'.")
