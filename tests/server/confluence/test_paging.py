from __future__ import annotations

import httpx
import pytest

from sandlot_server.app import App
from tests.server.confluence.conftest import CreatePage, Rows, v2_error

PAGES = "/wiki/api/v2/pages"


async def walk(client: httpx.AsyncClient, url: str) -> list[str]:
    """The titles on all pages of a v2 list."""
    titles: list[str] = []
    following: str | None = url
    while following:
        answer = await client.get(following)
        assert answer.status_code == 200, answer.text
        titles += [row["title"] for row in answer.json()["results"]]
        following = answer.json()["_links"].get("next")
        assert ("link" in answer.headers) is (following is not None)
    return titles


@pytest.mark.parametrize("sort", ["id", "-id", "title", "-title", "created-date", "-modified-date"])
async def test_a_walk_by_cursor_finds_every_row_once(atlassian: httpx.AsyncClient, sort: str) -> None:
    whole = await walk(atlassian, f"{PAGES}?sort={sort}")
    assert len(whole) == 8
    assert await walk(atlassian, f"{PAGES}?sort={sort}&limit=3") == whole


async def test_the_next_link_keeps_the_query_and_stands_in_a_header(atlassian: httpx.AsyncClient) -> None:
    answer = await atlassian.get(PAGES, params={"limit": 1, "title": "Runbooks", "unknown": "kept"})
    following = answer.json()["_links"]["next"]
    assert following.startswith("/wiki/api/v2/pages?limit=1&title=Runbooks&unknown=kept&cursor=")
    assert answer.headers["link"] == f'<{following}>; rel="next", <http://acme.test/wiki>; rel="base"'


async def test_rows_that_come_and_go_neither_repeat_nor_hide_others(
    atlassian: httpx.AsyncClient, create_page: CreatePage, rows: Rows
) -> None:
    answer = await atlassian.get(PAGES, params={"limit": 3, "space-id": rows.space()["id"]})
    seen = [row["title"] for row in answer.json()["results"]]
    await atlassian.delete(f"{PAGES}/{rows.page(seen[1])['id']}")
    await create_page("Later")
    rest = await walk(atlassian, answer.json()["_links"]["next"])
    assert not set(seen) & set(rest)
    assert rest[-1] == "Later"


async def test_a_cursor_is_good_for_its_own_list_alone(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    following = (await atlassian.get(PAGES, params={"limit": 1})).json()["_links"]["next"]
    cursor = following.partition("cursor=")[2]
    for url, bad in (
        (PAGES, "nonsense"),
        (PAGES, cursor[:-2]),
        (PAGES, "é"),
        ("/wiki/api/v2/spaces", cursor),
    ):
        answer = await atlassian.get(url, params={"cursor": bad})
        assert v2_error(answer) == (400, "INVALID_REQUEST_PARAMETER", "The cursor is not valid")
    reordered = await atlassian.get(PAGES, params={"cursor": cursor, "sort": "title"})
    assert reordered.status_code == 400


async def test_a_cursor_survives_a_restart_and_not_another_site(
    app: App, atlassian: httpx.AsyncClient, control: httpx.AsyncClient
) -> None:
    following = (await atlassian.get(PAGES, params={"limit": 3})).json()["_links"]["next"]
    first = await walk(atlassian, following)
    app.plane.sites.forget({"default"})
    assert await walk(atlassian, following) == first
    other = (await control.post("/sites")).json()
    refused = await atlassian.get(following, auth=(other["email"], other["token"]))
    assert refused.status_code == 400


@pytest.mark.parametrize("limit", ["0", "251", "-1", "abc"])
async def test_limits_out_of_range_are_refused(atlassian: httpx.AsyncClient, limit: str) -> None:
    answer = await atlassian.get(PAGES, params={"limit": limit})
    assert v2_error(answer)[:2] == (400, "INVALID_REQUEST_PARAMETER")


async def test_links_carry_the_prefix_of_the_site(atlassian: httpx.AsyncClient) -> None:
    answer = (await atlassian.get(f"/s/default{PAGES}", params={"limit": 1})).json()
    assert answer["_links"]["base"] == "http://acme.test/s/default/wiki"
    assert answer["_links"]["next"].startswith(f"/s/default{PAGES}?limit=1&cursor=")


async def test_older_lists_go_by_start_and_limit(atlassian: httpx.AsyncClient) -> None:
    url = "/wiki/rest/api/content"
    params = {"spaceKey": "OPS", "limit": "2", "start": "2", "expand": "version", "other": "kept"}
    answer = (await atlassian.get(url, params=params)).json()
    assert (answer["start"], answer["limit"], answer["size"], len(answer["results"])) == (2, 2, 2, 2)
    assert answer["_links"] == {
        "base": "http://acme.test/wiki",
        "context": "/wiki",
        "next": "/rest/api/content?spaceKey=OPS&next=true&expand=version&limit=2&start=4&other=kept",
        "prev": "/rest/api/content?spaceKey=OPS&expand=version&prev=true&limit=2&start=0&other=kept",
        "self": "http://acme.test/wiki/rest/api/content?spaceKey=OPS&expand=version&other=kept",
    }


async def test_the_last_full_page_of_an_older_list_has_no_next(atlassian: httpx.AsyncClient) -> None:
    answer = (await atlassian.get("/wiki/rest/api/space", params={"limit": 2})).json()
    assert (answer["size"], "next" in answer["_links"]) == (2, False)
    first = (await atlassian.get("/wiki/rest/api/space", params={"limit": 1})).json()
    assert first["_links"]["next"] == "/rest/api/space?next=true&limit=1&start=1"
    second = (await atlassian.get("/wiki/rest/api/space", params={"limit": 5, "start": 1})).json()
    assert second["_links"]["prev"] == "/rest/api/space?prev=true&limit=1&start=0"


async def test_a_limit_of_zero_points_at_the_same_page(atlassian: httpx.AsyncClient) -> None:
    answer = (await atlassian.get("/wiki/rest/api/space", params={"limit": 0})).json()
    assert answer["results"] == []
    assert answer["_links"]["next"] == "/rest/api/space?next=true&limit=0&start=0"


async def test_bounds_of_older_lists(atlassian: httpx.AsyncClient) -> None:
    capped = (await atlassian.get("/wiki/rest/api/space", params={"limit": 5000})).json()
    assert capped["limit"] == 1000
    for params, name in (({"limit": "-1"}, "limit"), ({"limit": "-1", "start": "-1"}, "start")):
        answer = await atlassian.get("/wiki/rest/api/space", params=params)
        assert answer.json() == {
            "statusCode": 400,
            "message": f"java.lang.IllegalArgumentException: {name} cannot be less than zero",
        }
