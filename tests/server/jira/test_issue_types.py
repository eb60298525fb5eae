from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.jira.expectations import assert_problem, assert_refused, create, fields_of


async def type_id(jira: httpx.AsyncClient, name: str) -> str:
    return next(kind["id"] for kind in (await jira.get("issuetype")).json() if kind["name"] == name)


async def test_all_types_and_one(jira: httpx.AsyncClient) -> None:
    types = (await jira.get("issuetype")).json()
    assert [(kind["name"], kind["subtask"], kind["hierarchyLevel"]) for kind in types] == [
        ("Epic", False, 1),
        ("Story", False, 0),
        ("Task", False, 0),
        ("Bug", False, 0),
        ("Sub-task", True, -1),
    ]
    assert (await jira.get(types[0]["self"])).json() == types[0]


async def test_an_unknown_type(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    text = "The issue type with id '1' does not exist."
    assert_refused(await jira.get("issuetype/1"), 404, text)
    assert_refused(await jira.put("issuetype/1", json={"name": "x"}), 404, text)
    assert_refused(await jira.delete("issuetype/1"), 404, text)
    assert (await nobody.get("issuetype")).json() == []


async def test_the_types_of_a_project(jira: httpx.AsyncClient) -> None:
    project = (await jira.get("project/WEB")).json()["id"]
    names = [kind["name"] for kind in (await jira.get(f"issuetype/project?projectId={project}")).json()]
    assert names == ["Epic", "Story", "Task", "Bug", "Sub-task"]
    (sub_task,) = (await jira.get(f"issuetype/project?projectId={project}&level=-1")).json()
    assert sub_task["name"] == "Sub-task"
    answer = await jira.get("issuetype/project?projectId=1")
    assert_refused(answer, 404, "No project could be found with id '1'.")
    answer = await jira.get("issuetype/project")
    assert_problem(answer, 400, "Bad Request", "Required parameter 'projectId' is not present.")
    answer = await jira.get("issuetype/project?projectId=WEB")
    assert_problem(answer, 400, "Bad Request", "Failed to convert 'projectId' with value: 'WEB'")


async def test_a_type_is_created_changed_and_deleted(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    answer = await jira.post("issuetype", json={"name": " Incident ", "description": "Something broke."})
    incident = answer.json()
    assert answer.status_code == 201
    assert (incident["name"], incident["description"]) == ("Incident", "Something broke.")
    assert (incident["subtask"], incident["hierarchyLevel"]) == (False, 0)
    assert (await jira.get(incident["self"])).json() == incident
    changed = await jira_v2.put(f"issuetype/{incident['id']}", json={"name": "Outage", "avatarId": 10303})
    assert changed.status_code == 200
    assert (changed.json()["name"], changed.json()["avatarId"]) == ("Outage", 10303)
    assert changed.json()["description"] == "Something broke."
    assert changed.json()["self"].startswith("http://acme.test/rest/api/2/")
    answer = await jira.delete(f"issuetype/{incident['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await jira.get(f"issuetype/{incident['id']}")).status_code == 404


@pytest.mark.parametrize("body", [{"type": "subtask"}, {"hierarchyLevel": -1}])
async def test_a_type_of_sub_tasks(jira: httpx.AsyncClient, body: dict[str, Any]) -> None:
    created = (await jira.post("issuetype", json={"name": "Step", **body})).json()
    assert (created["subtask"], created["hierarchyLevel"]) == (True, -1)


async def test_a_renamed_type_keeps_its_icon(jira: httpx.AsyncClient) -> None:
    bug = await type_id(jira, "Bug")
    before = (await jira.get(f"issuetype/{bug}")).json()
    after = (await jira.put(f"issuetype/{bug}", json={"name": "Defect"})).json()
    assert after == {**before, "name": "Defect"}
    assert (await fields_of(jira, "WEB-3"))["issuetype"] == after


@pytest.mark.parametrize(
    ("body", "status", "field", "text"),
    [
        ({}, 400, "name", "You must specify a name."),
        ({"name": " "}, 400, "name", "You must specify a name."),
        (
            {"name": "x" * 61},
            400,
            "name",
            "The entered text is too long. It exceeds the allowed limit of 60 characters.",
        ),
        ({"name": "bug"}, 409, "name", "An issue type with this name already exists."),
        (
            {"name": "x", "hierarchyLevel": 2},
            400,
            "hierarchyLevel",
            "The hierarchy level must be -1 (sub-task) or 0 (standard).",
        ),
    ],
)
async def test_a_type_that_cannot_be(
    jira: httpx.AsyncClient, body: dict[str, Any], status: int, field: str, text: str
) -> None:
    assert_refused(await jira.post("issuetype", json=body), status, **{field: text})
    assert len((await jira.get("issuetype")).json()) == 5


async def test_a_change_that_cannot_be(jira: httpx.AsyncClient) -> None:
    bug = await type_id(jira, "Bug")
    answer = await jira.put(f"issuetype/{bug}", json={"name": "TASK"})
    assert_refused(answer, 409, name="An issue type with this name already exists.")
    answer = await jira.put(f"issuetype/{bug}", json={"avatarId": 1})
    assert_refused(answer, 400, avatarId="The avatar with id '1' does not exist.")
    assert (await jira.put(f"issuetype/{bug}", json={"name": "BUG"})).status_code == 200
    assert (await jira.put(f"issuetype/{bug}", json={"name": None})).status_code == 400


async def test_a_type_in_use_is_replaced(jira: httpx.AsyncClient) -> None:
    story, task = await type_id(jira, "Story"), await type_id(jira, "Task")
    answer = await jira.delete(f"issuetype/{story}")
    text = "The issue type 'Story' is in use. Specify an alternative issue type for its issues."
    assert_refused(answer, 409, text)
    epic = await type_id(jira, "Epic")
    for wrong in (epic, story):
        answer = await jira.delete(f"issuetype/{story}?alternativeIssueTypeId={wrong}")
        assert_refused(answer, 400, f"The issue type '{wrong}' is no alternative for the issues of this type.")
    answer = await jira.delete(f"issuetype/{story}?alternativeIssueTypeId=1")
    assert_refused(answer, 404, "The issue type with id '1' does not exist.")
    assert (await jira.delete(f"issuetype/{story}?alternativeIssueTypeId={task}")).status_code == 204
    assert (await fields_of(jira, "WEB-2"))["issuetype"]["name"] == "Task"
    project = (await jira.get("project/WEB")).json()
    assert [kind["name"] for kind in project["issueTypes"]] == ["Epic", "Task", "Bug", "Sub-task"]
    assert await create(jira, kind="Task")


async def test_administration_is_for_administrators(member: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    text = "You must have global administrator rights in order to modify issue types."
    bug = await type_id(member, "Bug")
    assert_refused(await member.post("issuetype", json={"name": "x"}), 403, text)
    assert_refused(await member.put(f"issuetype/{bug}", json={"name": "x"}), 403, text)
    assert_refused(await member.delete(f"issuetype/{bug}"), 403, text)
    text = "You are not authenticated. Authentication required to perform this operation."
    assert_refused(await nobody.post("issuetype", json={"name": "x"}), 401, text)
