from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.agile.expectations import found, keys
from tests.server.jira.expectations import NO_ISSUE, assert_refused, create, fields_of, history

NOT_AN_EPIC = "The issue 'WEB-2' is not an epic."


async def test_an_epic_by_key_and_id(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    epic = (await agile.get("epic/WEB-1")).json()
    number = (await jira.get("issue/WEB-1")).json()["id"]
    assert epic == {
        "id": int(number),
        "key": "WEB-1",
        "self": f"http://acme.test/rest/agile/1.0/epic/{number}",
        "name": "Faster checkout",
        "summary": "Faster checkout",
        "color": epic["color"],
        "done": False,
    }
    assert (await agile.get(f"epic/{number}")).json() == epic
    assert_refused(await agile.get("epic/WEB-99"), 404, NO_ISSUE)
    assert_refused(await agile.get("epic/WEB-2"), 404, NOT_AN_EPIC)


async def test_an_epic_changes(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    before = (await agile.get("epic/WEB-1")).json()
    body = {"name": "Checkout", "summary": "A faster checkout", "color": {"key": "color_9"}, "done": True}
    answer = await agile.post("epic/WEB-1", json=body)
    assert (answer.status_code, answer.json()) == (200, {**before, **body})
    assert (await agile.get("epic/WEB-1")).json() == answer.json()
    assert (await fields_of(jira, "WEB-1"))["summary"] == "A faster checkout"
    assert [change["field"] for change in await history(jira, "WEB-1")] == ["summary"]
    undone = (await agile.post("epic/WEB-1", json={"done": False})).json()
    assert undone == {**answer.json(), "done": False}
    assert (await agile.post("epic/WEB-1", json={})).json() == undone


@pytest.mark.parametrize(
    ("body", "messages", "errors"),
    [
        ({"name": " "}, [], {"name": "A name is required."}),
        ({"name": "x" * 256}, [], {"name": "The name must be shorter than 256 characters."}),
        ({"summary": ""}, ["You must specify a summary of the issue."], {}),
    ],
)
async def test_an_epic_that_cannot_be(
    agile: httpx.AsyncClient, body: dict[str, Any], messages: list[str], errors: dict[str, str]
) -> None:
    before = (await agile.get("epic/WEB-1")).json()
    assert_refused(await agile.post("epic/WEB-1", json=body), 400, *messages, **errors)
    assert (await agile.get("epic/WEB-1")).json() == before


@pytest.mark.parametrize("body", [{"color": {"key": "red"}}, {"done": "yes"}, {"state": "done"}, []])
async def test_a_body_of_another_form(agile: httpx.AsyncClient, body: Any) -> None:
    answer = await agile.post("epic/WEB-1", json=body)
    assert (answer.status_code, list(answer.json())) == (400, ["errorMessages"])


async def test_issues_move_into_an_epic_and_out(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    answer = await agile.post("epic/WEB-1/issue", json={"issues": ["WEB-3", "PLAT-1"]})
    assert (answer.status_code, answer.content) == (204, b"")
    assert await keys(agile, "epic/WEB-1/issue") == ["WEB-2", "WEB-3", "PLAT-1"]
    assert await keys(agile, "epic/WEB-1/issue", jql="type = Bug") == ["WEB-3"]
    assert (await fields_of(jira, "WEB-3"))["parent"]["key"] == "WEB-1"
    assert (await history(jira, "WEB-3"))[-1]["field"] == "IssueParentAssociation"

    answer = await agile.post("epic/none/issue", json={"issues": ["WEB-3", "WEB-4"]})
    assert (answer.status_code, answer.content) == (204, b"")
    assert await keys(agile, "epic/WEB-1/issue") == ["WEB-2", "PLAT-1"]
    assert "parent" not in await fields_of(jira, "WEB-3")
    assert await history(jira, "WEB-4") == []
    assert await keys(agile, "epic/none/issue", jql="project = WEB") == ["WEB-3", "WEB-4"]


async def test_what_no_epic_takes(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    text = "Please select valid parent issue."
    assert_refused(await agile.post("epic/WEB-1/issue", json={"issues": ["WEB-3", "PLAT-3"]}), 400, text)
    assert_refused(await agile.post("epic/WEB-1/issue", json={"issues": ["WEB-1"]}), 400, text)
    assert_refused(await agile.post("epic/WEB-2/issue", json={"issues": ["WEB-3"]}), 404, NOT_AN_EPIC)
    assert await keys(agile, "epic/WEB-1/issue") == ["WEB-2"]
    # A sub-task is in no epic, so that there is nothing to take it out of.
    assert (await agile.post("epic/none/issue", json={"issues": ["PLAT-3"]})).status_code == 204
    assert (await fields_of(jira, "PLAT-3"))["parent"]["key"] == "PLAT-2"


async def test_epics_are_ranked(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    other = await create(jira, kind="Epic")
    answer = await agile.put(f"epic/{other}/rank", json={"rankBeforeEpic": "WEB-1"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert await found(jira, "type = Epic ORDER BY Rank") == [other, "WEB-1"]
    await agile.put(f"epic/{other}/rank", json={"rankAfterEpic": "WEB-1", "rankCustomFieldId": 10019})
    assert await found(jira, "type = Epic ORDER BY Rank") == ["WEB-1", other]
    assert_refused(await agile.put(f"epic/{other}/rank", json={"rankBeforeEpic": "WEB-2"}), 404, NOT_AN_EPIC)
    text = "Specify the issue to rank before or the issue to rank after."
    assert_refused(await agile.put(f"epic/{other}/rank", json={}), 400, text)
