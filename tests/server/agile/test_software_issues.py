from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sandlot_server.app import App
from sandlot_server.jira import errors
from tests.conftest import EMAIL, TOKEN
from tests.server.agile.expectations import board_id, keys, sprint_id
from tests.server.jira.expectations import assert_refused


@pytest.fixture
async def software(app: App) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app.atlassian)  # type: ignore[arg-type]
    base = "http://acme.test/rest/software/1.0"
    async with httpx.AsyncClient(transport=transport, base_url=base, auth=(EMAIL, TOKEN)) as client:
        yield client


async def read(client: httpx.AsyncClient, path: str, **parameters: Any) -> dict[str, Any]:
    page: dict[str, Any] = (await client.get(path, params=parameters)).raise_for_status().json()
    return page


async def test_pages_follow_one_another_by_token(agile: httpx.AsyncClient, software: httpx.AsyncClient) -> None:
    path = f"board/{await board_id(agile, 'WEB')}/issue"
    first = await read(software, path, maxResults=3, fields="summary")
    assert [issue["key"] for issue in first["issues"]] == ["WEB-1", "WEB-2", "WEB-3"]
    assert set(first) == {"expand", "issues", "isLast", "nextPageToken"}
    assert set(first["issues"][0]["fields"]) == {"summary"}
    rest = await read(software, path, nextPageToken=first["nextPageToken"])
    assert [issue["key"] for issue in rest["issues"]] == ["WEB-4"]
    assert rest["isLast"]
    assert "nextPageToken" not in rest


async def test_a_token_belongs_to_its_list(agile: httpx.AsyncClient, software: httpx.AsyncClient) -> None:
    board = f"board/{await board_id(agile, 'WEB')}"
    token = (await read(software, f"{board}/issue", maxResults=1))["nextPageToken"]
    for path, jql in ((f"{board}/epic/none/issue", None), (f"{board}/issue", "type = Bug")):
        parameters = {"nextPageToken": token, **({"jql": jql} if jql else {})}
        assert_refused(await software.get(path, params=parameters), 400, errors.BAD_PAGE_TOKEN)
    for size in (0, 5001):
        answer = await software.get(f"{board}/issue", params={"maxResults": size})
        assert_refused(answer, 400, errors.MAX_RESULTS_RANGE)


async def test_every_list_is_that_of_the_older_api(
    agile: httpx.AsyncClient, jira: httpx.AsyncClient, software: httpx.AsyncClient
) -> None:
    board, sprint = f"board/{await board_id(agile, 'WEB')}", f"sprint/{await sprint_id(agile, 'WEB Sprint 2')}"
    epic = (await jira.get("issue/WEB-1")).json()["id"]
    lists = (
        f"{board}/issue",
        f"{board}/backlog",
        f"{board}/{sprint}/issue",
        f"{board}/epic/{epic}/issue",
        f"{board}/epic/none/issue",
        "epic/WEB-1/issue",
        "epic/none/issue",
        f"{sprint}/issue",
    )
    for path in lists:
        page = await read(software, path)
        assert page["issues"] == (await read(agile, path))["issues"] != [], path


async def test_jql_and_counts(agile: httpx.AsyncClient, software: httpx.AsyncClient) -> None:
    board = f"board/{await board_id(agile, 'WEB')}"
    assert await keys(software, f"{board}/issue", jql="type = Bug") == ["WEB-3"]
    assert await read(software, f"{board}/issue/approximate-count") == {"count": 4}
    assert await read(software, f"{board}/backlog/approximate-count", jql="type = Epic") == {"count": 0}
    text = "Field 'colour' does not exist or you do not have permission to view it."
    for path in ("issue", "issue/approximate-count"):
        assert_refused(await software.get(f"{board}/{path}", params={"jql": "colour = red"}), 400, text)
    lenient = await read(software, f"{board}/issue", jql="colour = red", validateQuery="false")
    assert (lenient["issues"], lenient["warningMessages"], lenient["isLast"]) == ([], [text], True)
