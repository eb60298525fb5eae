from __future__ import annotations

import httpx

from tests.server.jira.expectations import assert_refused


async def type_id(jira: httpx.AsyncClient, project: str, name: str) -> str:
    types = (await jira.get(f"issue/createmeta/{project}/issuetypes")).json()["issueTypes"]
    return next(kind["id"] for kind in types if kind["name"] == name)


async def test_the_types_of_a_project(jira: httpx.AsyncClient) -> None:
    page = (await jira.get("issue/createmeta/SUP/issuetypes")).json()
    assert (page["startAt"], page["maxResults"], page["total"]) == (0, 50, 2)
    assert [kind["name"] for kind in page["issueTypes"]] == ["Task", "Bug"]
    page = (await jira.get("issue/createmeta/SUP/issuetypes?startAt=1&maxResults=500")).json()
    assert (page["startAt"], page["maxResults"], len(page["issueTypes"])) == (1, 200, 1)


async def test_the_fields_of_a_type(jira: httpx.AsyncClient) -> None:
    bug = await type_id(jira, "SUP", "Bug")
    page = (await jira.get(f"issue/createmeta/SUP/issuetypes/{bug}")).json()
    fields = {field["fieldId"]: field for field in page["fields"]}
    assert page["total"] == len(fields)
    assert {name for name, field in fields.items() if field["required"]} == {
        "project",
        "issuetype",
        "summary",
        "priority",
    }
    assert [one["name"] for one in fields["issuetype"]["allowedValues"]] == ["Bug"]
    assert fields["priority"]["allowedValues"][0]["name"] == "Highest"
    assert fields["labels"]["operations"] == ["add", "set", "remove"]
    assert fields["assignee"]["autoCompleteUrl"].endswith("/user/assignable/search?project=SUP&query=")
    (severity,) = [field for field in page["fields"] if field["name"] == "Severity"]
    assert [one["value"] for one in severity["allowedValues"]] == ["Critical", "Major", "Minor"]


async def test_a_sub_task_requires_its_parent(jira: httpx.AsyncClient) -> None:
    sub_task = await type_id(jira, "WEB", "Sub-task")
    fields = (await jira.get(f"issue/createmeta/WEB/issuetypes/{sub_task}")).json()["fields"]
    assert next(field for field in fields if field["key"] == "parent")["required"]


async def test_a_field_stands_only_in_its_projects(custom: httpx.AsyncClient, ids: dict[str, str]) -> None:
    for project, there in (("ONE", False), ("TWO", True)):
        task = await type_id(custom, project, "Task")
        fields = (await custom.get(f"issue/createmeta/{project}/issuetypes/{task}")).json()["fields"]
        assert (ids["Elsewhere"] in [field["fieldId"] for field in fields]) is there


async def test_unknown_projects_and_types(jira: httpx.AsyncClient) -> None:
    missing = "No project could be found with key 'NO'."
    assert_refused(await jira.get("issue/createmeta/NO/issuetypes"), 404, missing)
    assert_refused(await jira.get("issue/createmeta/NO/issuetypes/1"), 404, missing)
    text = "The issue type with id '1' does not exist."
    assert_refused(await jira.get("issue/createmeta/WEB/issuetypes/1"), 404, text)


async def test_the_older_form_is_one_tree(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    parameters = {"projectKeys": "WEB,SUP", "issuetypeNames": "Bug", "expand": "projects.issuetypes.fields"}
    tree = (await jira.get("issue/createmeta", params=parameters)).json()
    assert [project["key"] for project in tree["projects"]] == ["WEB", "SUP"]
    (bug,) = tree["projects"][1]["issuetypes"]
    assert bug["fields"]["priority"]["required"]
    brief = (await jira.get("issue/createmeta")).json()
    assert [len(project["issuetypes"]) for project in brief["projects"]] == [5, 5, 2]
    assert "fields" not in brief["projects"][0]["issuetypes"][0]
    assert (await nobody.get("issue/createmeta")).json()["projects"] == []
