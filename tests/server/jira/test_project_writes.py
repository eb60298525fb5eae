from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.jira.expectations import ADMIN, BEA, DANA, NO_ISSUE, assert_refused, create, fields_of, history

NEW = {"key": "OPS", "name": "Operations", "leadAccountId": BEA, "projectTypeKey": "software"}
KEY = "Project keys must start with an uppercase letter, followed by one or more uppercase alphanumeric characters."
RIGHTS = "You must have global administrator rights in order to modify projects."


async def found(jira: httpx.AsyncClient, query: str) -> list[str]:
    answer = await jira.post("search/jql", json={"jql": query, "fields": ["summary"]})
    assert answer.status_code == 200, answer.text
    return [issue["key"] for issue in answer.json()["issues"]]


async def test_a_project_is_created_and_filled(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    answer = await jira.post("project", json={**NEW, "description": "Keeps it running.", "url": "https://ops.example"})
    made = answer.json()
    assert (answer.status_code, made["key"], type(made["id"])) == (201, "OPS", int)
    assert made["self"] == f"http://acme.test/rest/api/3/project/{made['id']}"
    project = (await jira.get(made["self"])).json()
    assert (project["name"], project["description"], project["url"]) == (
        "Operations",
        "Keeps it running.",
        "https://ops.example",
    )
    assert project["lead"]["accountId"] == BEA
    assert (project["style"], project["projectTypeKey"], project["assigneeType"]) == (
        "classic",
        "software",
        "UNASSIGNED",
    )
    assert len(project["issueTypes"]) == 5
    assert await create(jira, "OPS") == "OPS-1"
    assert (await fields_of(jira, "OPS-1"))["status"]["name"] == "To Do"
    two = await jira_v2.post("project", json={**NEW, "key": "OPS2", "name": "Second"})
    assert (two.status_code, two.json()["self"]) == (201, f"http://acme.test/rest/api/2/project/{two.json()['id']}")


@pytest.mark.parametrize(
    ("template", "kind", "style"),
    [
        ("com.pyxis.greenhopper.jira:gh-simplified-agility-kanban", "software", "next-gen"),
        ("com.pyxis.greenhopper.jira:gh-simplified-kanban-classic", "software", "classic"),
        ("com.atlassian.servicedesk:next-gen-it-service-desk", "service_desk", "next-gen"),
        (
            "com.atlassian.jira-core-project-templates:jira-core-simplified-project-management",
            "business",
            "classic",
        ),
    ],
)
async def test_a_template_says_the_type(jira: httpx.AsyncClient, template: str, kind: str, style: str) -> None:
    body = {"key": "OPS", "name": "Operations", "leadAccountId": BEA, "projectTemplateKey": template}
    assert (await jira.post("project", json=body)).status_code == 201
    project = (await jira.get("project/OPS")).json()
    assert (project["projectTypeKey"], project["style"], project["simplified"]) == (kind, style, style == "next-gen")


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"key": "ops"}, {"projectKey": KEY}),
        ({"key": "O"}, {"projectKey": KEY}),
        ({"key": "ABCDEFGHIJK"}, {"projectKey": "The project key must not exceed 10 characters in length."}),
        ({"key": "WEB"}, {"projectKey": "Project 'Web Shop' uses this project key."}),
        ({"name": " "}, {"projectName": "You must specify a valid project name."}),
        ({"name": "x" * 81}, {"projectName": "The project name must not exceed 80 characters in length."}),
        ({"name": "web shop"}, {"projectName": "A project with that name already exists."}),
        ({"leadAccountId": "nobody"}, {"projectLead": "You must specify a valid project lead."}),
        ({"leadAccountId": None}, {"projectLead": "You must specify a valid project lead."}),
        ({"projectTypeKey": None}, {"projectType": "You must specify a valid project type."}),
        (
            {"url": "ops.example"},
            {"projectUrl": "The URL specified is not valid - it must start with http:// or https://"},
        ),
        (
            {"projectTemplateKey": "com.atlassian.servicedesk:next-gen-it-service-desk"},
            {
                "projectTemplateKey": "An invalid project template was specified."
                " Make sure the project template matches the project type."
            },
        ),
        (
            {"projectTemplateKey": "no:such"},
            {
                "projectTemplateKey": "An invalid project template was specified."
                " Make sure the project template matches the project type."
            },
        ),
    ],
)
async def test_a_project_that_cannot_be(
    jira: httpx.AsyncClient, change: dict[str, Any], errors: dict[str, str]
) -> None:
    body = {name: value for name, value in {**NEW, **change}.items() if value is not None}
    assert_refused(await jira.post("project", json=body), 400, **errors)
    assert len((await jira.get("project")).json()) == 3


async def test_a_body_without_key_and_name(jira: httpx.AsyncClient) -> None:
    answer = await jira.post("project", json={})
    assert_refused(answer, 400, projectName="You must specify a valid project name.", projectKey=KEY)
    for body in ({**NEW, "colour": "red"}, {**NEW, "name": 1}, [], "x"):
        assert (await jira.post("project", json=body)).status_code == 400


async def test_a_project_is_changed(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    body = {"name": "Shop", "description": "New.", "leadAccountId": DANA, "assigneeType": "PROJECT_LEAD"}
    answer = await jira.put("project/WEB", json=body)
    assert answer.status_code == 200
    assert answer.json() == (await jira.get("project/WEB")).json()
    assert (answer.json()["name"], answer.json()["lead"]["accountId"]) == ("Shop", DANA)
    assert answer.json()["assigneeType"] == "PROJECT_LEAD"
    assert (await jira_v2.put("project/WEB", json={"name": "shop"})).json()["name"] == "shop"
    assert (await jira.put("project/WEB", json={})).json()["description"] == "New."


async def test_a_change_that_cannot_be(jira: httpx.AsyncClient) -> None:
    before = (await jira.get("project/WEB")).json()
    answer = await jira.put("project/WEB", json={"name": "Platform", "key": "SUP", "leadAccountId": "x"})
    assert_refused(
        answer,
        400,
        projectName="A project with that name already exists.",
        projectKey="Project 'Customer Support' uses this project key.",
        projectLead="You must specify a valid project lead.",
    )
    answer = await jira.put("project/WEB", json={"releasedProjectKeys": ["PLAT"]})
    assert_refused(answer, 400, releasedProjectKeys="The key 'PLAT' is no former key of this project.")
    answer = await jira.put("project/NO", json={"name": "x"})
    assert_refused(answer, 404, "No project could be found with key 'NO'.")
    assert (await jira.get("project/WEB")).json() == before


async def test_a_new_key_renames_the_issues(jira: httpx.AsyncClient) -> None:
    issue = (await jira.get("issue/WEB-2")).json()
    assert (await jira.put("project/WEB", json={"key": "SHOP"})).json()["key"] == "SHOP"
    assert (await jira.get("issue/SHOP-2")).json()["id"] == issue["id"]
    # What the old keys named is still found by them.
    assert (await jira.get("issue/WEB-2")).json()["key"] == "SHOP-2"
    assert (await jira.get("project/WEB")).json()["key"] == "SHOP"
    assert await found(jira, "project = WEB and key = SHOP-2") == ["SHOP-2"]
    assert await create(jira, "SHOP") == "SHOP-5"
    answer = await jira.post("project", json={**NEW, "key": "WEB"})
    assert_refused(answer, 400, projectKey="Project 'Web Shop' uses this project key.")
    assert (await jira.put("project/SHOP", json={"releasedProjectKeys": ["WEB"]})).status_code == 200
    assert_refused(await jira.get("issue/WEB-2"), 404, NO_ISSUE)
    assert (await jira.post("project", json={**NEW, "key": "WEB"})).status_code == 201
    assert await create(jira, "WEB") == "WEB-1"


async def test_a_project_takes_its_former_key_back(jira: httpx.AsyncClient) -> None:
    for key in ("SHOP", "WEB"):
        assert (await jira.put("project/WEB", json={"key": key})).json()["key"] == key
    assert (await jira.get("issue/SHOP-1")).json()["key"] == "WEB-1"
    assert await create(jira, "WEB") == "WEB-5"


async def test_a_deleted_project_takes_its_issues_along(jira: httpx.AsyncClient) -> None:
    link = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "WEB-1"}, "outwardIssue": {"key": "SUP-1"}}
    assert (await jira.post("issueLink", json=link)).status_code == 201
    below = await create(jira, "PLAT", parent={"key": "WEB-1"})
    answer = await jira.delete("project/WEB")
    assert (answer.status_code, answer.content) == (204, b"")
    assert_refused(await jira.get("project/WEB"), 404, "No project could be found with key 'WEB'.")
    assert_refused(await jira.get("issue/WEB-2"), 404, NO_ISSUE)
    assert await found(jira, "text ~ checkout") == []
    assert "parent" not in await fields_of(jira, below)
    assert (await fields_of(jira, "SUP-1"))["issuelinks"] == []
    assert (await history(jira, "SUP-1"))[-1]["from"] == "WEB-1"


async def test_a_deleted_project_lies_in_the_bin(jira: httpx.AsyncClient) -> None:
    project = (await jira.get("project/WEB")).json()
    assert (await jira.delete(f"project/{project['id']}")).status_code == 204
    assert [one["key"] for one in (await jira.get("project/search")).json()["values"]] == ["PLAT", "SUP"]
    (binned,) = (await jira.get("project/search?status=deleted&orderBy=-deletedDate")).json()["values"]
    assert (binned["key"], binned["deleted"], binned["deletedBy"]["accountId"]) == ("WEB", True, ADMIN)
    assert binned["deletedDate"] < binned["retentionTillDate"]
    # It keeps its name and its key there.
    answer = await jira.post("project", json={**NEW, "key": "WEB", "name": "Web Shop"})
    assert_refused(
        answer,
        400,
        projectName="A project with that name already exists.",
        projectKey="Project 'Web Shop' uses this project key.",
    )


async def test_a_project_that_is_gone_for_good(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    assert (await jira_v2.delete("project/WEB?enableUndo=false")).status_code == 204
    assert (await jira.get("project/search?status=deleted")).json()["values"] == []
    assert (await jira.post("project", json={**NEW, "key": "WEB", "name": "Web Shop"})).status_code == 201
    assert await create(jira, "WEB") == "WEB-1"


async def test_administration_is_for_administrators(member: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    assert_refused(await member.post("project", json=NEW), 403, RIGHTS)
    answer = await member.put("project/WEB", json={"name": "x"})
    assert_refused(answer, 403, "You cannot edit the configuration of this project.")
    assert_refused(await member.delete("project/WEB"), 404, RIGHTS)
    text = "You are not authenticated. Authentication required to perform this operation."
    assert_refused(await nobody.post("project", json=NEW), 401, text)
    missing = "No project could be found with key 'WEB'."
    assert_refused(await nobody.put("project/WEB", json={"name": "x"}), 404, missing)
    assert_refused(await nobody.delete("project/WEB"), 404, missing)
