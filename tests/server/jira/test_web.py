from __future__ import annotations

import httpx
import pytest


@pytest.mark.parametrize(("method", "path"), [("GET", "/foo"), ("POST", "/"), ("DELETE", "/browse/WEB-1")])
async def test_a_path_outside_the_api_is_a_page(atlassian: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await atlassian.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html;charset=utf-8")


async def test_the_root_leads_on(atlassian: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    known = await atlassian.get("/")
    assert (known.status_code, known.headers["location"]) == (302, "http://acme.test/jira/for-you")
    unknown = await anonymous.get("/")
    assert unknown.headers["location"] == "http://acme.test/s/default/login.jsp?os_destination=%2F"


@pytest.mark.parametrize("key", ["WEB-1", "NOPE-1"])
async def test_any_issue_has_a_page(atlassian: httpx.AsyncClient, key: str) -> None:
    answer = await atlassian.get(f"/browse/{key}", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html;charset=UTF-8")
    assert (await atlassian.head(f"/browse/{key}")).status_code == 200
