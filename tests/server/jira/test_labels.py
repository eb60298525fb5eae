from __future__ import annotations

import httpx

from tests.server.jira.expectations import create


async def test_labels_in_use(jira: httpx.AsyncClient) -> None:
    page = (await jira.get("label")).json()
    assert page["values"] == ["checkout", "observability", "payments", "security"]
    assert (page["total"], page["maxResults"], page["isLast"]) == (4, 1000, True)
    await create(jira, labels=["a-new-one"])
    page = (await jira.get("label?maxResults=1")).json()
    assert (page["values"], page["total"], page["isLast"]) == (["a-new-one"], 5, False)
    assert page["nextPage"] == "http://acme.test/rest/api/3/label?maxResults=1&startAt=1"


async def test_labels_need_a_credential(nobody: httpx.AsyncClient) -> None:
    assert (await nobody.get("label")).status_code == 401
