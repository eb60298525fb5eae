from __future__ import annotations

import httpx
import pytest

from tests.server.agile.expectations import NO_BOARD, board_id
from tests.server.jira.expectations import NO_ISSUE, assert_refused, fields_of, history


async def test_an_issue_is_estimated(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    path = f"issue/WEB-2/estimation?boardId={await board_id(agile, 'WEB')}"
    estimate = (await agile.get(path)).json()
    assert estimate["value"] == 5.0
    answer = await agile.put(path, json={"value": "8"})
    assert (answer.status_code, answer.json()) == (200, {**estimate, "value": 8.0})
    assert (await fields_of(jira, "WEB-2"))[estimate["fieldId"]] == 8
    assert (await history(jira, "WEB-2"))[-1]["toString"] == "8"
    assert (await agile.put(path, json={"value": 3})).json()["value"] == 3.0
    for body in ({"value": ""}, {"value": None}, {}):
        assert (await agile.put(path, json=body)).json() == {"fieldId": estimate["fieldId"]}
    assert "value" not in (await agile.get(path)).json()


@pytest.mark.parametrize("value", ["many", "inf", "nan"])
async def test_what_is_no_estimate(agile: httpx.AsyncClient, value: str) -> None:
    path = f"issue/WEB-2/estimation?boardId={await board_id(agile, 'WEB')}"
    assert_refused(await agile.put(path, json={"value": value}), 400, "Operation value must be a number")
    assert (await agile.get(path)).json()["value"] == 5.0


async def test_estimates_are_a_boards(agile: httpx.AsyncClient) -> None:
    text = "The boardId query parameter needs to be provided."
    assert_refused(await agile.get("issue/WEB-2/estimation"), 400, text)
    assert_refused(await agile.get("issue/WEB-2/estimation?boardId=1"), 404, NO_BOARD)
    plat = await board_id(agile, "PLAT")
    text = "The board does not estimate by a field."
    assert_refused(await agile.get(f"issue/PLAT-4/estimation?boardId={plat}"), 400, text)
    assert_refused(await agile.get(f"issue/WEB-99/estimation?boardId={plat}"), 404, NO_ISSUE)
