from __future__ import annotations

import httpx

from tests.server.confluence.conftest import Rows

SPACE = "/wiki/rest/api/space"
PAGES = ["Operations Home", "Runbooks", "Restore a backup", "Rotate credentials", "Decisions"]


async def test_the_pages_of_a_space(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    answer = await atlassian.get(f"{SPACE}/ops/content/page", params={"expand": "version"})
    assert answer.status_code == 200
    assert [one["title"] for one in answer.json()["results"]] == PAGES
    assert answer.json()["results"][0]["version"]["number"] == 1
    root = (await atlassian.get(f"{SPACE}/OPS/content/page", params={"depth": "root"})).json()
    assert [one["title"] for one in root["results"]] == ["Operations Home"]
    second = (await atlassian.get(f"{SPACE}/OPS/content/page", params={"start": 4, "limit": 1})).json()
    assert [one["title"] for one in second["results"]] == ["Decisions"]
    assert (await atlassian.get(f"{SPACE}/OPS/content/blogpost")).json()["results"] == []


async def test_what_is_in_a_space_by_type(atlassian: httpx.AsyncClient) -> None:
    view = (await atlassian.get(f"{SPACE}/OPS/content")).json()
    assert [one["title"] for one in view["page"]["results"]] == PAGES
    assert view["blogpost"]["results"] == []
    assert view["page"]["_links"]["self"] == f"http://acme.test{SPACE}/OPS/content/page"


async def test_what_is_refused(atlassian: httpx.AsyncClient) -> None:
    assert (await atlassian.get(f"{SPACE}/NOPE/content")).status_code == 404
    assert (await atlassian.get(f"{SPACE}/NOPE/content/page")).status_code == 404
    assert (await atlassian.get(f"{SPACE}/OPS/content/comment")).status_code == 501
    assert (await atlassian.get(f"{SPACE}/OPS/content/page", params={"depth": "deep"})).status_code == 400
    assert (await atlassian.get(f"{SPACE}/OPS/content", params={"start": -1})).status_code == 400
