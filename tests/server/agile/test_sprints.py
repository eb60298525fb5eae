from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.agile.expectations import NO_BOARD, NO_SPRINT, SPRINT, board_id, found, keys, sprint_id
from tests.server.jira.expectations import assert_problem, assert_refused, create, fields_of, history

DATES = {"startDate": "2026-03-09T09:00:00.000Z", "endDate": "2026-03-20T17:00:00.000Z"}


async def names(agile: httpx.AsyncClient, **parameters: Any) -> list[str]:
    page = (await agile.get(f"board/{await board_id(agile, 'WEB')}/sprint", params=parameters)).json()
    return [sprint["name"] for sprint in page["values"]]


async def new_sprint(agile: httpx.AsyncClient, name: str = "WEB Sprint 4", **members: Any) -> dict[str, Any]:
    body = {"name": name, "originBoardId": await board_id(agile, "WEB"), **members}
    answer = await agile.post("sprint", json=body)
    assert answer.status_code == 201, answer.text
    sprint: dict[str, Any] = answer.json()
    return sprint


async def test_the_sprints_of_a_board(agile: httpx.AsyncClient) -> None:
    assert await names(agile) == ["WEB Sprint 1", "WEB Sprint 2", "WEB Sprint 3"]
    assert await names(agile, state="active") == ["WEB Sprint 2"]
    assert await names(agile, state="future,closed") == ["WEB Sprint 1", "WEB Sprint 3"]
    assert await names(agile, startAt=1, maxResults=1) == ["WEB Sprint 2"]
    web, plat = await board_id(agile, "WEB"), await board_id(agile, "PLAT")
    page = (await agile.get(f"board/{web}/sprint?maxResults=2")).json()
    assert (page["total"], page["isLast"], page["maxResults"]) == (3, False, 2)
    text = "The sprint state 'done' is not valid. Valid states are future, active and closed."
    assert_refused(await agile.get(f"board/{web}/sprint?state=done"), 400, text)
    assert_refused(await agile.get(f"board/{plat}/sprint"), 400, "The board does not support sprints")


async def test_one_sprint(agile: httpx.AsyncClient) -> None:
    closed = await sprint_id(agile, "WEB Sprint 1")
    assert (await agile.get(f"sprint/{closed}")).json() == {
        "id": closed,
        "self": f"http://acme.test/rest/agile/1.0/sprint/{closed}",
        "state": "closed",
        "name": "WEB Sprint 1",
        "startDate": "2026-02-09T09:00:00.000Z",
        "endDate": "2026-02-20T17:00:00.000Z",
        "completeDate": "2026-02-20T17:00:00.000Z",
        "createdDate": "2026-02-09T09:00:00.000Z",
        "originBoardId": await board_id(agile, "WEB"),
        "goal": "A size guide that fits",
    }
    for call in (agile.get, agile.delete):
        assert_refused(await call("sprint/1"), 404, NO_SPRINT)
    answer = await agile.get("sprint/next")
    assert_problem(answer, 400, "Bad Request", "Failed to convert 'sprintId' with value: 'next'")


async def test_a_sprint_is_created(agile: httpx.AsyncClient) -> None:
    sprint = await new_sprint(agile, name=" WEB Sprint 4 ", goal="Vouchers", **DATES)
    assert sprint == {
        "id": sprint["id"],
        "self": f"http://acme.test/rest/agile/1.0/sprint/{sprint['id']}",
        "state": "future",
        "name": "WEB Sprint 4",
        **DATES,
        "createdDate": sprint["createdDate"],
        "originBoardId": await board_id(agile, "WEB"),
        "goal": "Vouchers",
    }
    assert (await agile.get(sprint["self"])).json() == sprint
    assert (await names(agile))[-1] == "WEB Sprint 4"


async def test_dates_are_read_in_every_zone_and_the_board_as_text(agile: httpx.AsyncClient) -> None:
    web = str(await board_id(agile, "WEB"))
    sprint = await new_sprint(agile, originBoardId=web, startDate="2026-03-09T10:00:00+01:00", endDate="2026-03-20")
    assert (sprint["startDate"], sprint["endDate"]) == ("2026-03-09T09:00:00.000Z", "2026-03-20T00:00:00.000Z")


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"name": None}, {"name": "A name is required."}),
        ({"name": " "}, {"name": "A name is required."}),
        ({"name": "x" * 31}, {"name": "The name must be shorter than 31 characters."}),
        ({"originBoardId": None}, {"originBoardId": "The id of the board that the sprint is created on is required."}),
        ({"startDate": "soon"}, {"startDate": "'soon' is not a valid date and time."}),
        (
            {"startDate": "0001-01-01T00:00:00+14:00"},
            {"startDate": "'0001-01-01T00:00:00+14:00' is not a valid date and time."},
        ),
        ({"endDate": "2026-02-30T09:00:00Z"}, {"endDate": "'2026-02-30T09:00:00Z' is not a valid date and time."}),
    ],
)
async def test_a_sprint_that_cannot_be(
    agile: httpx.AsyncClient, change: dict[str, Any], errors: dict[str, str]
) -> None:
    body = {"name": "Next", "originBoardId": await board_id(agile, "WEB"), **change}
    assert_refused(await agile.post("sprint", json=body), 400, **errors)
    assert len(await names(agile)) == 3


async def test_a_sprint_needs_a_scrum_board_and_time(agile: httpx.AsyncClient) -> None:
    assert_refused(await agile.post("sprint", json={"name": "Next", "originBoardId": 1}), 404, NO_BOARD)
    plat = await board_id(agile, "PLAT")
    answer = await agile.post("sprint", json={"name": "Next", "originBoardId": plat})
    assert_refused(answer, 400, "The board does not support sprints")
    backwards = {"startDate": DATES["endDate"], "endDate": DATES["startDate"]}
    body = {"name": "Next", "originBoardId": await board_id(agile, "WEB"), **backwards}
    text = "The end date of a sprint must be after the start date."
    assert_refused(await agile.post("sprint", json=body), 400, text)


@pytest.mark.parametrize("body", [{"name": 5}, {"colour": "red"}, [], {"originBoardId": "web"}, {"goal": ["x"]}])
async def test_a_body_of_another_form(agile: httpx.AsyncClient, body: Any) -> None:
    for answer in (
        await agile.post("sprint", json=body),
        await agile.put(f"sprint/{await sprint_id(agile, 'WEB Sprint 3')}", json=body),
    ):
        assert (answer.status_code, list(answer.json())) == (400, ["errorMessages"])


async def test_a_sprint_lives_from_future_over_active_to_closed(
    agile: httpx.AsyncClient, jira: httpx.AsyncClient
) -> None:
    sprint = await new_sprint(agile)
    path = f"sprint/{sprint['id']}"
    assert_refused(
        await agile.post(path, json={"state": "active"}),
        400,
        "A sprint needs a start date and an end date to be started.",
    )
    closing = "A sprint must be active to be completed."
    assert_refused(await agile.post(path, json={"state": "closed"}), 400, closing)
    await agile.post(f"{path}/issue", json={"issues": ["WEB-3"]})

    started = (await agile.post(path, json={"state": "active", **DATES})).json()
    assert (started["state"], started["startDate"]) == ("active", DATES["startDate"])
    assert "completeDate" not in started
    text = "A sprint that is active cannot become future."
    assert_refused(await agile.post(path, json={"state": "future"}), 400, text)

    closed = (await agile.post(path, json={"state": "closed"})).json()
    assert closed["state"] == "closed"
    assert closed["completeDate"].startswith("2026-03-02T09:")
    text = "A sprint that is closed cannot become active."
    # What of a closed sprint cannot change is let be.
    again = (await agile.post(path, json={"state": "active", "goal": "Looked back on"})).json()
    assert again == {**closed, "goal": "Looked back on"}
    # Unfinished issues wait in the backlog, and keep the sprint that they were in.
    assert "WEB-3" in await keys(agile, f"board/{await board_id(agile, 'WEB')}/backlog")
    assert (await fields_of(jira, "WEB-3"))[SPRINT][0]["state"] == "closed"
    assert_refused(await agile.delete(path), 400, "A closed sprint cannot be deleted.")


async def test_a_partial_update_leaves_the_rest(agile: httpx.AsyncClient) -> None:
    sprint = await new_sprint(agile, goal="Vouchers", **DATES)
    changed = (await agile.post(f"sprint/{sprint['id']}", json={"name": "Renamed", "goal": None})).json()
    assert changed == {**sprint, "name": "Renamed"}
    assert (await agile.post(f"sprint/{sprint['id']}", json={})).json() == changed
    answer = await agile.post(f"sprint/{sprint['id']}", json={"name": ""})
    assert_refused(answer, 400, name="A name is required.")


async def test_a_full_update_empties_the_rest(agile: httpx.AsyncClient) -> None:
    sprint = await new_sprint(agile, goal="Vouchers", **DATES)
    path = f"sprint/{sprint['id']}"
    answer = await agile.put(path, json={"name": "Renamed", "state": "future"})
    assert answer.json() == {
        **{name: value for name, value in sprint.items() if name not in DATES},
        "name": "Renamed",
        "goal": "",
    }
    assert_refused(
        await agile.put(path, json={"goal": "x"}),
        400,
        name="A name is required.",
        state="The state of the sprint is required.",
    )
    active = f"sprint/{await sprint_id(agile, 'WEB Sprint 2')}"
    text = "A sprint needs a start date and an end date to be started."
    assert_refused(await agile.put(active, json={"name": "x", "state": "active"}), 400, text)


async def test_the_older_address_renames(agile: httpx.AsyncClient) -> None:
    sprint = await new_sprint(agile, **DATES)
    older = f"http://acme.test/rest/greenhopper/1.0/sprint/{sprint['id']}"
    answer = await agile.put(older, json={"name": "Renamed", **DATES})
    assert answer.json() == {**sprint, "name": "Renamed"}


async def test_a_deleted_sprint_leaves_its_issues(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    active = await sprint_id(agile, "WEB Sprint 2")
    answer = await agile.delete(f"sprint/{active}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert await names(agile) == ["WEB Sprint 1", "WEB Sprint 3"]
    assert (await fields_of(jira, "WEB-2"))[SPRINT] is None
    assert (await history(jira, "WEB-2"))[-1]["fromString"] == "WEB Sprint 2"


async def test_two_sprints_swap_their_places(agile: httpx.AsyncClient) -> None:
    third, fourth = await sprint_id(agile, "WEB Sprint 3"), (await new_sprint(agile))["id"]
    answer = await agile.post(f"sprint/{third}/swap", json={"sprintToSwapWith": fourth})
    assert (answer.status_code, answer.content) == (204, b"")
    assert await names(agile, state="future") == ["WEB Sprint 4", "WEB Sprint 3"]
    for body, status, text in (
        ({}, 400, "The id of the sprint to swap with is required."),
        ({"sprintToSwapWith": 1}, 404, NO_SPRINT),
        (
            {"sprintToSwapWith": await sprint_id(agile, "WEB Sprint 1")},
            400,
            "Sprints can only be swapped with open sprints of their own board.",
        ),
    ):
        assert_refused(await agile.post(f"sprint/{third}/swap", json=body), status, text)


async def test_issues_move_into_a_sprint(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    future = await sprint_id(agile, "WEB Sprint 3")
    body = {"issues": ["WEB-4", "WEB-3"], "rankBeforeIssue": "WEB-1"}
    answer = await agile.post(f"sprint/{future}/issue", json=body)
    assert (answer.status_code, answer.content) == (204, b"")
    assert await keys(agile, f"sprint/{future}/issue") == ["WEB-4", "WEB-3"]
    assert await found(jira, "project = WEB ORDER BY Rank") == ["WEB-4", "WEB-3", "WEB-1", "WEB-2"]
    was, now = (await fields_of(jira, "WEB-4"))[SPRINT]
    assert (was["name"], now["name"], now["state"]) == ("WEB Sprint 1", "WEB Sprint 3", "future")
    (change,) = await history(jira, "WEB-4")
    closed = await sprint_id(agile, "WEB Sprint 1")
    assert (change["fieldId"], change["from"], change["to"]) == (SPRINT, str(closed), f"{closed}, {future}")


async def test_issues_that_no_sprint_takes(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    closed, future = await sprint_id(agile, "WEB Sprint 1"), await sprint_id(agile, "WEB Sprint 3")
    text = "Issue can be assigned only active or future sprints."
    assert_refused(await agile.post(f"sprint/{closed}/issue", json={"issues": ["WEB-3"]}), 400, text)
    sub_task = await create(jira, kind="Sub-task", parent={"key": "WEB-3"})
    text = "Sub-tasks cannot be associated to a sprint. They are in the sprint of their parent."
    assert_refused(await agile.post(f"sprint/{future}/issue", json={"issues": ["WEB-3", sub_task]}), 400, text)
    assert await keys(agile, f"sprint/{future}/issue") == []
