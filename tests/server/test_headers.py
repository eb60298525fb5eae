from __future__ import annotations

import httpx

from sandlot_server.app import App

FLAT = "/rest/api/3/serverInfo"


async def test_request_ids_follow_from_site_and_exchange(atlassian: httpx.AsyncClient, app: App) -> None:
    first, second = [(await atlassian.get(FLAT)).headers for _ in range(2)]
    assert first["atl-traceid"] == f"{app.plane.site('default').number:016x}{1:016x}"
    assert first["atl-request-id"].replace("-", "") == first["atl-traceid"] == first["x-arequestid"]
    assert second["atl-traceid"].endswith("2")


async def test_rates_follow_from_the_operation(atlassian: httpx.AsyncClient) -> None:
    issue = (await atlassian.get("/rest/api/2/issue/WEB-1")).headers
    assert issue["ratelimit"] == '"jira-burst-based";r=399;t=1'
    assert issue["ratelimit-policy"] == '"jira-burst-based";q=150;w=1'
    assert (issue["x-ratelimit-limit"], issue["x-ratelimit-remaining"]) == ("400", "399")
    assert (await atlassian.head("/rest/api/2/issue/WEB-1")).headers["x-ratelimit-limit"] == "1000000000000"
    assert (await atlassian.options(FLAT)).headers["x-ratelimit-limit"] == "1000000000000"
    assert "ratelimit" not in (await atlassian.get("/rest/api/3/nope")).headers
    assert "ratelimit" not in (await atlassian.get("/wiki/rest/api/space")).headers


async def test_nobody_gets_a_cookie_where_jira_serves_them(
    atlassian: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    assert (await anonymous.get(FLAT)).headers["set-cookie"].startswith("atlassian.xsrf.token=")
    assert "set-cookie" not in (await anonymous.get("/rest/api/3/issue/WEB-1")).headers
    assert "set-cookie" not in (await atlassian.get(FLAT)).headers


async def test_head_tells_the_length_where_live_sites_do(
    atlassian: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    assert (await anonymous.head("/rest/api/3/myself")).headers["content-length"] == "53"
    space = await atlassian.get("/wiki/rest/api/space")
    assert (await atlassian.head("/wiki/rest/api/space")).headers["content-length"] == str(len(space.content))
    for path in (FLAT, "/wiki/rest/api/space/NOPE", "/wiki/rest/api/search?cql=type=page"):
        assert "content-length" not in (await atlassian.head(path)).headers


async def test_confluence_says_when_it_answered(atlassian: httpx.AsyncClient, app: App) -> None:
    answer = await atlassian.get("/wiki/rest/api/space")
    assert answer.headers["x-confluence-request-time"] == str(app.plane.site("default").last_time())
