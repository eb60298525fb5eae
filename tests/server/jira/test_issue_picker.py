from __future__ import annotations

from typing import Any

import httpx

from tests.server.jira.expectations import create


async def sections(client: httpx.AsyncClient, **params: Any) -> dict[str, dict[str, Any]]:
    answer = await client.get("issue/picker", params=params)
    assert answer.status_code == 200, answer.text
    return {section["id"]: section for section in answer.json()["sections"]}


def keys(section: dict[str, Any]) -> list[str]:
    return [issue["key"] for issue in section["issues"]]


async def test_what_was_worked_on_last_comes_first(jira: httpx.AsyncClient) -> None:
    first = await create(jira, summary="Paint the <shed> green")
    second = await create(jira, summary="Greenhouse shed")
    found = await sections(jira, query="shed gr")
    assert set(found) == {"hs"}
    assert keys(found["hs"]) == [second, first]
    assert (found["hs"]["label"], found["hs"]["sub"]) == ("History Search", "Showing 2 of 2 matching issues")
    shown = found["hs"]["issues"][1]
    assert shown["summary"] == "Paint the &lt;<b>shed</b>&gt; <b>gr</b>een"
    assert shown["summaryText"] == "Paint the <shed> green"
    assert shown["keyHtml"] == first
    assert shown["img"].startswith("/rest/api/3/universal_avatar/")
    await jira.put(f"issue/{first}", json={"fields": {"labels": ["x"]}})
    assert keys((await sections(jira, query="shed"))["hs"])[0] == first
    by_key = (await sections(jira, query=second.lower()))["hs"]["issues"][0]
    assert by_key["keyHtml"] == f"<b>{second}</b>"


async def test_the_issues_of_a_query(jira: httpx.AsyncClient) -> None:
    key = await create(jira, "PLAT", summary="Zebra crossing")
    found = await sections(jira, query="zebra", currentJQL="project = WEB")
    assert found["cs"] == {"label": "Current Search", "id": "cs", "issues": [], "msg": "No matching issues found"}
    assert keys((await sections(jira, query="zebra", currentJQL="project = PLAT"))["cs"]) == [key]
    assert keys((await sections(jira, query="zebra", currentJQL=""))["cs"]) == [key]
    assert (await sections(jira, query="zebra", currentJQL="nonsense ="))["cs"]["issues"] == []


async def test_issues_that_are_left_out(jira: httpx.AsyncClient) -> None:
    parent = await create(jira, summary="Zebra")
    child = await create(jira, kind="Sub-task", summary="Zebra foal", parent={"key": parent})
    assert keys((await sections(jira, query="zebra"))["hs"]) == [child, parent]
    assert keys((await sections(jira, query="zebra", showSubTasks=False))["hs"]) == [parent]
    assert keys((await sections(jira, query="zebra", currentIssueKey=child))["hs"]) == [parent]
    assert keys((await sections(jira, query="zebra", currentIssueKey=child, showSubTaskParent=False))["hs"]) == []
    project = (await jira.get("project/PLAT")).json()["id"]
    assert keys((await sections(jira, query="zebra", currentProjectId=project))["hs"]) == []


async def test_no_more_than_twenty(jira: httpx.AsyncClient) -> None:
    issues = [{"fields": {"project": {"key": "WEB"}, "issuetype": {"name": "Task"}, "summary": "Zebra"}}] * 25
    assert (await jira.post("issue/bulk", json={"issueUpdates": issues})).status_code == 201
    section = (await sections(jira, query="zebra"))["hs"]
    assert (len(section["issues"]), section["sub"]) == (20, "Showing 20 of 25 matching issues")


async def test_a_stranger_is_shown_nothing(nobody: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    found = await sections(nobody, query="a", currentJQL="")
    assert [section["issues"] for section in found.values()] == [[], []]
    assert (await jira.get("issue/picker?showSubTasks=x")).status_code == 400
