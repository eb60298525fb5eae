"""The Python `jira` client, unmodified, on projects and on what they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jira import JIRA, JIRAError


@pytest.fixture
def client(live_site: dict[str, Any]) -> Iterator[JIRA]:
    client = JIRA(server=live_site["baseUrl"], basic_auth=(live_site["email"], live_site["token"]))
    yield client
    client.close()


def test_a_project_and_its_parts(client: JIRA) -> None:
    project = client.project("WEB")
    assert (project.name, project.lead.displayName) == ("Web Shop", "Bea Lindqvist")
    assert [component.name for component in client.project_components("WEB")] == ["Catalogue", "Checkout"]
    assert [version.name for version in client.project_versions("WEB")] == ["2026.1", "2026.2"]


def test_a_project_that_is_not_there(client: JIRA) -> None:
    with pytest.raises(JIRAError) as missing:
        client.project("NOPE")
    assert (missing.value.status_code, missing.value.text) == (404, "No project could be found with key 'NOPE'.")


def test_a_project_is_changed_and_deleted(client: JIRA) -> None:
    client.project("PLAT").update(name="Foundations")
    assert client.project("PLAT").name == "Foundations"
    assert client.delete_project("PLAT")
    assert [project.key for project in client.projects()] == ["WEB", "SUP"]
    with pytest.raises(JIRAError, match="Issue does not exist"):
        client.issue("PLAT-1")


def test_a_component_is_kept(client: JIRA) -> None:
    made = client.create_component("Footer", "WEB", description="Links")
    assert client.component(made.id).description == "Links"
    made.update(name="Header")
    assert client.component(made.id).name == "Header"
    made.delete()
    with pytest.raises(JIRAError) as missing:
        client.component(made.id)
    assert missing.value.status_code == 404


def test_a_component_of_a_name_that_is_taken(client: JIRA) -> None:
    with pytest.raises(JIRAError) as refused:
        client.create_component("Checkout", "WEB")
    assert refused.value.status_code == 400


def test_a_component_gathers_issues(client: JIRA) -> None:
    issue = client.create_issue(project="WEB", issuetype="Task", summary="x", components=[{"name": "Checkout"}])
    assert [one.name for one in issue.fields.components] == ["Checkout"]
    found = client.search_issues("component = Checkout ORDER BY key")
    assert [one.key for one in found] == ["WEB-3", issue.key]


def test_a_version_is_kept(client: JIRA) -> None:
    made = client.create_version("2026.3", "WEB", releaseDate="2026-06-01", description="Summer")
    assert (client.version(made.id).description, client.version(made.id).released) == ("Summer", False)
    made.update(released=True)
    assert client.version(made.id).released
    client.rename_version("WEB", "2026.3", "Summer")
    found = client.get_project_version_by_name("WEB", "Summer")
    assert found is not None
    assert found.id == made.id
    made.delete()
    assert client.get_project_version_by_name("WEB", "Summer") is None


def test_a_version_of_a_name_that_is_taken(client: JIRA) -> None:
    with pytest.raises(JIRAError) as refused:
        client.create_version("2026.1", "WEB")
    assert refused.value.status_code == 400


def test_issues_have_versions(client: JIRA) -> None:
    client.issue("WEB-4").update(fields={"fixVersions": [{"name": "2026.2"}]})
    assert [one.name for one in client.issue("WEB-4").fields.fixVersions] == ["2026.2"]
    assert [one.key for one in client.search_issues('fixVersion = "2026.2"')] == ["WEB-4"]


def test_what_an_issue_needs_to_be_created(client: JIRA) -> None:
    meta = client.createmeta(projectKeys="SUP", expand="projects.issuetypes.fields")
    types = {kind["name"]: kind["fields"] for kind in meta["projects"][0]["issuetypes"]}
    assert (types["Bug"]["priority"]["required"], types["Task"]["priority"]["required"]) == (True, False)


def test_types_and_statuses_by_their_ids(client: JIRA) -> None:
    kind = client.issue_types()[1]
    assert client.issue_type(kind.id).name == kind.name
    status = next(one for one in client.statuses() if one.name == "In Review")
    assert client.status(status.id).statusCategory.name == "In Progress"
    link = client.issue_link_types()[0]
    assert client.issue_link_type(link.id).outward == "blocks"
    resolution = client.resolutions()[0]
    assert client.resolution(resolution.id).name == "Done"


def test_the_categories_of_statuses(client: JIRA) -> None:
    assert [one.key for one in client.statuscategories()] == ["undefined", "new", "indeterminate", "done"]


def test_what_is_not_there_by_its_id(client: JIRA) -> None:
    for read in (client.issue_type, client.priority, client.resolution, client.status, client.version):
        with pytest.raises(JIRAError) as missing:
            read("987654")
        assert missing.value.status_code == 404, read


def test_what_the_caller_may_do(client: JIRA) -> None:
    permissions = client.my_permissions(projectKey="WEB", permissions="BROWSE_PROJECTS,DELETE_ISSUES")
    assert {name: one["havePermission"] for name, one in permissions["permissions"].items()} == {
        "BROWSE_PROJECTS": True,
        "DELETE_ISSUES": True,
    }


def test_a_user_by_the_account(client: JIRA) -> None:
    (found,) = client.search_users(query="dana@example.com")
    assert client.user(found.accountId).displayName == "Dana Petrova"
    with pytest.raises(JIRAError) as missing:
        client.user("nobody")
    assert missing.value.status_code == 404
