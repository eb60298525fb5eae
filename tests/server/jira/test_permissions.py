from __future__ import annotations

import httpx
import pytest

from tests.server.jira.expectations import NO_ISSUE, assert_refused


async def test_an_administrator_may_do_everything(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    answer = await jira.get("mypermissions?permissions=ADMINISTER,BROWSE_PROJECTS&projectKey=WEB")
    permissions = answer.json()["permissions"]
    assert list(permissions) == ["ADMINISTER", "BROWSE_PROJECTS"]
    assert permissions["BROWSE_PROJECTS"] == {
        "id": "10",
        "key": "BROWSE_PROJECTS",
        "name": "Browse Projects",
        "type": "PROJECT",
        "description": "Browse projects and the issues within them.",
        "havePermission": True,
    }
    assert (permissions["ADMINISTER"]["type"], permissions["ADMINISTER"]["havePermission"]) == ("GLOBAL", True)
    assert (await jira_v2.get("mypermissions?permissions=ADMINISTER,BROWSE_PROJECTS")).json() == answer.json()


async def test_others_work_and_do_not_administer(member: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    query = "mypermissions?permissions=EDIT_ISSUES,ADMINISTER_PROJECTS,CREATE_PROJECT&issueKey=WEB-1"
    held = (await member.get(query)).json()["permissions"]
    assert [one["havePermission"] for one in held.values()] == [True, False, False]
    held = (await nobody.get("mypermissions?permissions=EDIT_ISSUES")).json()["permissions"]
    assert held["EDIT_ISSUES"]["havePermission"] is False


async def test_a_former_key_is_told(jira: httpx.AsyncClient) -> None:
    (browse,) = (await jira.get("mypermissions?permissions=BROWSE")).json()["permissions"].values()
    assert (browse["id"], browse["key"], browse["deprecatedKey"]) == ("10", "BROWSE", True)


async def test_permissions_must_be_named(jira: httpx.AsyncClient) -> None:
    for query in ("", "?permissions=", "?permissions=,"):
        answer = await jira.get(f"mypermissions{query}")
        assert_refused(answer, 400, "The 'permissions' query parameter is required.")
    answer = await jira.get("mypermissions?permissions=BROWSE_PROJECTS,FLY,SWIM")
    assert_refused(answer, 400, "These permissions do not exist: FLY, SWIM.")


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("projectKey=NO", "No project could be found with key 'NO'."),
        ("projectId=1", "No project could be found with id '1'."),
        ("issueKey=WEB-99", NO_ISSUE),
        ("issueId=1", NO_ISSUE),
        ("commentId=1", "Can not find a comment for the id: 1."),
    ],
)
async def test_the_place_must_be_there(jira: httpx.AsyncClient, place: str, text: str) -> None:
    assert_refused(await jira.get(f"mypermissions?permissions=BROWSE_PROJECTS&{place}"), 404, text)
