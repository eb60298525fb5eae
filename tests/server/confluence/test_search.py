from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.confluence.conftest import CreatePage, Rows, v1_error

SEARCH = "/wiki/rest/api/search"
CONTENT = "/wiki/rest/api/content/search"


async def search(atlassian: httpx.AsyncClient, cql: str, **params: Any) -> dict[str, Any]:
    answer = await atlassian.get(SEARCH, params={"cql": cql, **params})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_result(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Restore a backup")
    found = await search(atlassian, 'text ~ "writers" and type = page')
    (result,) = found.pop("results")
    assert result == {
        "content": result["content"],
        "title": "Restore a backup",
        "excerpt": "Stop the writers.",
        "url": f"/spaces/OPS/pages/{page['id']}/Restore+a+backup",
        "resultGlobalContainer": {"title": "Operations", "displayUrl": "/spaces/OPS"},
        "breadcrumbs": [],
        "entityType": "content",
        "iconCssClass": "aui-icon content-type-page",
        "lastModified": "2026-03-02T09:00:00.000Z",
        "friendlyLastModified": "Mar 02, 2026",
        "score": 0.0,
    }
    assert (result["content"]["id"], result["content"]["type"]) == (page["id"], "page")
    assert result["content"]["title"] == "Restore a backup"
    del found["_links"]
    assert found == {
        "start": 0,
        "limit": 25,
        "size": 1,
        "totalSize": 1,
        "cqlQuery": 'text ~ "writers" and type = page',
        "searchDuration": 1,
        "archivedResultCount": 0,
    }


async def test_only_current_pages_are_found(atlassian: httpx.AsyncClient, create_page: CreatePage, rows: Rows) -> None:
    async def titles(cql: str) -> set[str]:
        return {result["content"]["title"] for result in (await search(atlassian, cql))["results"]}

    runbooks = "space = OPS and type = page and ancestor = " + rows.page("Runbooks")["id"]
    assert await titles(runbooks) == {"Restore a backup", "Rotate credentials"}
    await create_page("Draft", status="draft", parentId=rows.page("Runbooks")["id"])
    page = await create_page("Fresh", parentId=rows.page("Runbooks")["id"])
    assert await titles(runbooks) == {"Restore a backup", "Rotate credentials", "Fresh"}
    await atlassian.delete(f"/wiki/api/v2/pages/{page['id']}")
    assert await titles(runbooks) == {"Restore a backup", "Rotate credentials"}


async def test_a_space_alone_finds_the_space_too(atlassian: httpx.AsyncClient) -> None:
    found = await search(atlassian, "space = help")
    kinds = sorted(result["entityType"] for result in found["results"])
    assert kinds == ["content", "content", "space"]
    (space,) = [result for result in found["results"] if result["entityType"] == "space"]
    assert (space["space"]["key"], space["title"], space["url"]) == ("Help", "Help Centre", "/spaces/Help")
    assert (await search(atlassian, "space = nope"))["results"] == []


async def test_titles_and_excerpts_are_escaped(atlassian: httpx.AsyncClient, create_page: CreatePage) -> None:
    text = "<p>a &lt; b &amp; more</p>" + "<p>long</p>" * 200
    await create_page("R & D's", body={"representation": "storage", "value": text})
    (result,) = (await search(atlassian, 'title = "R & D\'s"'))["results"]
    assert result["title"] == "R &amp; D&#x27;s"
    assert result["content"]["title"] == "R & D's"
    assert result["excerpt"].startswith("a &lt; b &amp; more")
    (bare,) = (await search(atlassian, 'title = "R & D\'s"', excerpt="none"))["results"]
    assert bare["excerpt"] == ""
    (short,) = (await search(atlassian, 'title = "R & D\'s"', excerpt="indexed_unescaped"))["results"]
    assert len(short["excerpt"]) == 50


async def test_expansions_are_named_from_the_result(atlassian: httpx.AsyncClient) -> None:
    found = await search(atlassian, "title = Decisions", expand="content.version,content.body.storage,content.space")
    content = found["results"][0]["content"]
    assert (content["version"]["number"], content["space"]["key"]) == (1, "OPS")
    assert content["body"]["storage"]["value"] == "<p>What we chose.</p>"


@pytest.mark.parametrize("url", [SEARCH, CONTENT])
async def test_only_the_cursor_moves_the_page(atlassian: httpx.AsyncClient, url: str) -> None:
    params = {"cql": "type = page order by title", "limit": "3", "excerpt": "none", "expand": "content.space"}
    whole = await titles_of(atlassian, url, {**params, "limit": "100"})
    seen: list[str] = []
    answer = (await atlassian.get(url, params=params)).json()
    seen += titles_in(answer)
    while "next" in answer["_links"]:
        following = answer["_links"]["next"]
        assert following.startswith(f"{url.removeprefix('/wiki')}?next=true&cursor=")
        assert "excerpt=" not in following
        answer = (await atlassian.get(f"/wiki{following}")).json()
        assert "prev=true" in answer["_links"]["prev"]
        assert "cursor=" not in answer["_links"]["self"]
        seen += titles_in(answer)
    assert seen == whole
    assert len(seen) == 7


async def titles_of(atlassian: httpx.AsyncClient, url: str, params: dict[str, str]) -> list[str]:
    return titles_in((await atlassian.get(url, params=params)).json())


def titles_in(answer: dict[str, Any]) -> list[str]:
    return [result.get("content", result)["title"] for result in answer["results"]]


async def test_start_is_echoed_and_not_used(atlassian: httpx.AsyncClient) -> None:
    first = await search(atlassian, "type = page", limit=2)
    same = await search(atlassian, "type = page", limit=2, start=2)
    assert same["results"] == first["results"]
    assert same["start"] == 2
    assert "start=4" in same["_links"]["next"]


async def test_the_older_way_shows_content(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    params = {"cql": "space = OPS and title = Decisions", "expand": "version"}
    answer = await atlassian.get(CONTENT, params=params)
    assert answer.status_code == 200
    (page,) = answer.json()["results"]
    assert (page["id"], page["version"]["number"]) == (rows.page("Decisions")["id"], 1)
    assert (answer.json()["size"], answer.json()["limit"]) == (1, 25)


async def test_queries_that_are_refused(atlassian: httpx.AsyncClient) -> None:
    for params in ({}, {"cql": ""}, {"cql": "", "limit": "-1"}):
        answer = await atlassian.get(SEARCH, params=params)
        assert v1_error(answer) == (400, "cql query parameter is required")
        assert answer.json()["data"] == {"authorized": True, "valid": True, "errors": [], "successful": True}
    negative = await atlassian.get(SEARCH, params={"cql": "nonsense", "limit": "-1"})
    assert v1_error(negative) == (400, "limit cannot be less than zero")
    for cql in (" ", "title =", "type = page and"):
        answer = await atlassian.get(SEARCH, params={"cql": cql})
        assert v1_error(answer)[0] == 400
        assert v1_error(answer)[1].startswith("Could not parse cql : ")
    unknown = await atlassian.get(SEARCH, params={"cql": "status = current"})
    assert "No field exists with the name: 'status'" in v1_error(unknown)[1]
    cursor = await atlassian.get(SEARCH, params={"cql": "type = page", "cursor": "nonsense"})
    assert "There was an illegal request passed to XP-Search Aggregator API" in cursor.json()["message"]


async def test_a_limit_that_is_no_number_finds_nothing_at_all(atlassian: httpx.AsyncClient) -> None:
    answer = await atlassian.get(SEARCH, params={"cql": "type = page", "limit": "abc"})
    assert (answer.status_code, answer.content) == (404, b"")


USERS = "/wiki/rest/api/search/user"


async def test_people(atlassian: httpx.AsyncClient) -> None:
    answer = await atlassian.get(USERS, params={"cql": 'user.fullname ~ "bea"'})
    assert answer.status_code == 200
    page = answer.json()
    (result,) = page["results"]
    assert (result["entityType"], result["title"], result["url"]) == ("user", "Bea Lindqvist", "/people/bea")
    assert (result["user"]["accountId"], result["user"]["email"]) == ("bea", "bea@example.com")
    assert (page["start"], page["limit"], page["size"], page["totalSize"]) == (0, 25, 1, 1)
    assert page["cqlQuery"] == 'user.fullname ~ "bea"'


@pytest.mark.parametrize(
    ("cql", "names"),
    [
        ("type = user", ["Alex Admin", "Bea Lindqvist"]),
        ("user = currentUser()", ["Alex Admin"]),
        ("user.accountid in (bea, cy)", ["Bea Lindqvist"]),
        ('user.fullname ~ "lind*"', ["Bea Lindqvist"]),
        ('user.fullname = "bea lindqvist"', ["Bea Lindqvist"]),
        ('not user.fullname ~ "admin" order by user.fullname', ["Bea Lindqvist"]),
        ("user = BEA", []),
        ("type = page", []),
    ],
)
async def test_what_people_are_found_by(atlassian: httpx.AsyncClient, cql: str, names: list[str]) -> None:
    results = (await atlassian.get(USERS, params={"cql": cql})).json()["results"]
    assert [result["title"] for result in results] == names


async def test_people_by_start(atlassian: httpx.AsyncClient) -> None:
    first = (await atlassian.get(USERS, params={"cql": "type = user", "limit": 1})).json()
    assert (first["size"], first["totalSize"]) == (1, 2)
    second = (await atlassian.get(f"/wiki{first['_links']['next']}")).json()
    assert [result["title"] for result in second["results"]] == ["Bea Lindqvist"]
    assert "next" not in second["_links"]


async def test_searches_for_people_that_are_refused(atlassian: httpx.AsyncClient) -> None:
    for params in ({}, {"cql": ""}):
        assert v1_error(await atlassian.get(USERS, params=params)) == (400, "cql query parameter is required")
    for cql in ("user ~ bea", "user.fullname > a", "user ="):
        refused = v1_error(await atlassian.get(USERS, params={"cql": cql}))
        assert refused == (400, f"Could not parse cql : {cql}")
    for cql in ('title ~ "bea"', "type = user order by title"):
        assert "No field exists with the name: 'title'" in v1_error(await atlassian.get(USERS, params={"cql": cql}))[1]
