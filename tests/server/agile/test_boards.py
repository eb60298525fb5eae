from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.agile.expectations import NO_BOARD, board_id
from tests.server.jira.expectations import ADMIN, assert_problem, assert_refused


async def filter_id(agile: httpx.AsyncClient, board: str) -> str:
    """The filter that a board shows."""
    configuration = (await agile.get(f"board/{await board_id(agile, board)}/configuration")).json()
    found: str = configuration["filter"]["id"]
    return found


async def test_all_boards_by_name(agile: httpx.AsyncClient) -> None:
    page = (await agile.get("board")).json()
    assert {name: page[name] for name in ("startAt", "maxResults", "total", "isLast")} == {
        "startAt": 0,
        "maxResults": 50,
        "total": 2,
        "isLast": True,
    }
    plat, web = page["values"]
    assert (plat["name"], plat["type"]) == ("PLAT board", "kanban")
    assert web == {
        "id": web["id"],
        "self": f"http://acme.test/rest/agile/1.0/board/{web['id']}",
        "name": "WEB board",
        "type": "scrum",
        "location": {
            "projectId": web["location"]["projectId"],
            "displayName": "Web Shop (WEB)",
            "projectName": "Web Shop",
            "projectKey": "WEB",
            "projectTypeKey": "software",
            "avatarURI": web["location"]["avatarURI"],
            "name": "Web Shop (WEB)",
        },
        "isPrivate": False,
    }
    assert (await agile.get(web["self"])).json() == web


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ({"type": "scrum"}, ["WEB board"]),
        ({"type": "kanban,scrum"}, ["PLAT board", "WEB board"]),
        ({"name": "web"}, ["WEB board"]),
        ({"projectKeyOrId": "PLAT"}, ["PLAT board"]),
        ({"projectKeyOrId": "SUP"}, []),
        ({"projectLocation": "PLAT"}, ["PLAT board"]),
        ({"projectLocation": "PLAT", "negateLocationFiltering": "true"}, ["WEB board"]),
        ({"projectTypeLocation": "software"}, ["PLAT board", "WEB board"]),
        ({"projectTypeLocation": "service_desk"}, []),
        ({"accountIdLocation": ADMIN}, []),
        ({"filterId": "1"}, []),
        ({"orderBy": "-name"}, ["WEB board", "PLAT board"]),
        ({"maxResults": "1"}, ["PLAT board"]),
        ({"startAt": "1", "maxResults": "1"}, ["WEB board"]),
        ({"maxResults": "0"}, []),
    ],
)
async def test_boards_are_filtered(agile: httpx.AsyncClient, parameters: dict[str, str], names: list[str]) -> None:
    page = (await agile.get("board", params=parameters)).json()
    assert [board["name"] for board in page["values"]] == names


async def test_a_filter_that_says_nothing_known(agile: httpx.AsyncClient) -> None:
    text = "The board type 'round' is not valid. Valid types are scrum, kanban and simple."
    assert_refused(await agile.get("board?type=round"), 400, text)
    text = "No project could be found with key or id 'NO'."
    assert_refused(await agile.get("board?projectKeyOrId=NO"), 400, text)
    answer = await agile.get("board?startAt=x")
    assert_problem(answer, 400, "Bad Request", "Failed to convert 'startAt' with value: 'x'")


async def test_an_unknown_board(agile: httpx.AsyncClient) -> None:
    for path in ("board/1", "board/1/configuration", "board/1/project", "board/1/issue", "board/1/sprint"):
        assert_refused(await agile.get(path), 404, NO_BOARD)
    assert_refused(await agile.delete("board/1"), 404, NO_BOARD)
    answer = await agile.get("board/web")
    assert_problem(answer, 400, "Bad Request", "Failed to convert 'boardId' with value: 'web'")


async def test_nobody_sees_boards(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get("/rest/agile/1.0/board")).status_code == 401
    assert (await anonymous.post("/rest/agile/1.0/board", json={})).status_code == 401


@pytest.mark.parametrize("kind", ["scrum", "kanban"])
async def test_a_board_is_created_in_a_project(agile: httpx.AsyncClient, kind: str) -> None:
    location = {"type": "project", "projectKeyOrId": "WEB"}
    # A client sends the filter's id as text.
    body = {"name": "Second board", "type": kind, "filterId": await filter_id(agile, "WEB"), "location": location}
    answer = await agile.post("board", json=body)
    board = answer.json()
    assert answer.status_code == 201
    assert (board["name"], board["type"], board["location"]["projectKey"]) == ("Second board", kind, "WEB")
    assert (await agile.get(f"board/{board['id']}")).json() == board
    issues = (await agile.get(f"board/{board['id']}/issue")).json()
    assert issues["total"] == 4


async def test_a_board_is_created_at_the_caller(agile: httpx.AsyncClient) -> None:
    body = {"name": "Mine", "type": "kanban", "filterId": int(await filter_id(agile, "PLAT"))}
    board = (await agile.post("board", json=body)).json()
    assert board["location"] == {"userAccountId": ADMIN, "displayName": "Alex Admin", "name": "Alex Admin"}
    found = (await agile.get("board", params={"accountIdLocation": ADMIN})).json()["values"]
    assert found == [board]
    configuration = (await agile.get(f"board/{board['id']}/configuration")).json()
    assert configuration["location"] == {"type": "user"}


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"name": None}, {"name": "A name is required."}),
        ({"name": "  "}, {"name": "A name is required."}),
        ({"name": "x" * 255}, {"name": "The name must be shorter than 255 characters."}),
        ({"type": "agility"}, {"type": "The type of the board must be scrum or kanban."}),
        ({"filterId": None}, {"filterId": "The id of a filter is required."}),
        (
            {"filterId": 1},
            {"filterId": "The filter with id '1' does not exist or you do not have permission to view it."},
        ),
        (
            {"location": {"type": "project"}},
            {"location": "A board in a project needs the key or the id of the project."},
        ),
        (
            {"location": {"type": "project", "projectKeyOrId": "NO"}},
            {"location": "No project could be found with key or id 'NO'."},
        ),
    ],
)
async def test_a_board_that_cannot_be(agile: httpx.AsyncClient, change: dict[str, Any], errors: dict[str, str]) -> None:
    body = {"name": "Second", "type": "scrum", "filterId": await filter_id(agile, "WEB"), **change}
    assert_refused(await agile.post("board", json=body), 400, **errors)
    assert (await agile.get("board")).json()["total"] == 2


@pytest.mark.parametrize("body", [{"name": 1}, {"colour": "red"}, {"type": "round"}, [], "x", {"filterId": "abc"}])
async def test_a_body_of_another_form(agile: httpx.AsyncClient, body: Any) -> None:
    answer = await agile.post("board", json=body)
    assert (answer.status_code, list(answer.json())) == (400, ["errorMessages"])


async def test_a_board_is_deleted_and_its_issues_stay(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    web = await board_id(agile, "WEB")
    answer = await agile.delete(f"board/{web}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert_refused(await agile.get(f"board/{web}"), 404, NO_BOARD)
    assert (await jira.get("issue/WEB-2")).json()["fields"]["customfield_10020"][0]["boardId"] == web


async def test_a_board_goes_with_its_project(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    web = await board_id(agile, "WEB")
    assert (await jira.delete("project/WEB", headers={"content-type": "application/json"})).status_code == 204
    assert [board["name"] for board in (await agile.get("board")).json()["values"]] == ["PLAT board"]
    assert_refused(await agile.get(f"board/{web}"), 404, NO_BOARD)


async def test_the_boards_of_a_filter(agile: httpx.AsyncClient) -> None:
    found = await filter_id(agile, "WEB")
    page = (await agile.get(f"board/filter/{found}")).json()
    web = await board_id(agile, "WEB")
    board = {"id": web, "self": f"http://acme.test/rest/agile/1.0/board/{web}", "name": "WEB board"}
    assert page == {"maxResults": 50, "startAt": 0, "total": 1, "isLast": True, "values": [board]}
    text = "The filter with id '1' does not exist or you do not have permission to view it."
    assert_refused(await agile.get("board/filter/1"), 400, text)


async def test_the_settings_of_a_scrum_board(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    web = await board_id(agile, "WEB")
    configuration = (await agile.get(f"board/{web}/configuration")).json()
    points = next(field for field in (await jira.get("field")).json() if field["name"] == "Story Points")
    assert configuration["estimation"] == {
        "type": "field",
        "field": {"fieldId": points["id"], "displayName": "Story Points"},
    }
    assert configuration["ranking"] == {"rankCustomFieldId": 10019}
    assert configuration["location"] == {"type": "project", "projectKeyOrId": "WEB"}
    columns = configuration["columnConfig"]["columns"]
    assert [column["name"] for column in columns] == ["To Do", "In Progress", "Done"]
    (status,) = columns[1]["statuses"]
    assert (await jira.get(status["self"])).json()["name"] == "In Progress"


async def test_the_settings_of_a_kanban_board(agile: httpx.AsyncClient) -> None:
    configuration = (await agile.get(f"board/{await board_id(agile, 'PLAT')}/configuration")).json()
    assert "estimation" not in configuration
    columns = configuration["columnConfig"]["columns"]
    assert [column["name"] for column in columns] == ["Backlog", "In Progress", "Done"]


async def test_the_projects_of_a_board(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    page = (await agile.get(f"board/{await board_id(agile, 'WEB')}/project")).json()
    assert [project["key"] for project in page["values"]] == ["WEB"]
    assert page["values"][0]["id"] == (await jira.get("project/WEB")).json()["id"]


async def test_what_is_not_served_answers_501_and_what_is_not_there_404(agile: httpx.AsyncClient) -> None:
    web = await board_id(agile, "WEB")
    for path in (f"board/{web}/quickfilter", f"/rest/agile/latest/board/{web}/quickfilter"):
        answer = await agile.get(f"http://acme.test{path}" if path.startswith("/") else path)
        assert answer.status_code == 501
        assert answer.json()["errorMessages"] == ["Sandlot does not serve this operation: getAllQuickFilters."]
    assert (await agile.get(f"board/{web}/velocity")).status_code == 404


async def test_latest_is_the_same_api(agile: httpx.AsyncClient) -> None:
    latest = await agile.get("http://acme.test/rest/agile/latest/board")
    assert latest.json() == (await agile.get("board")).json()
