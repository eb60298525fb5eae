from __future__ import annotations

import httpx

from tests.server.jira.expectations import BEA, NO_ISSUE, assert_refused, create, doc, history, transition_id


async def test_every_edit_is_one_change(jira: httpx.AsyncClient) -> None:
    key = await create(jira, labels=["old"])
    edit = {
        "summary": "Renamed",
        "priority": {"name": "High"},
        "labels": ["old", "new"],
        "duedate": "2026-04-01",
    }
    assert (await jira.put(f"issue/{key}", json={"fields": edit})).status_code == 204
    (change,) = (await jira.get(f"issue/{key}/changelog")).json()["values"]
    assert change["author"]["displayName"] == "Alex Admin"
    items = {item["field"]: item for item in change["items"]}
    assert items["summary"] == {
        "field": "summary",
        "fieldtype": "jira",
        "fieldId": "summary",
        "from": None,
        "fromString": "Something to do",
        "to": None,
        "toString": "Renamed",
    }
    assert (items["priority"]["fromString"], items["priority"]["toString"]) == ("Medium", "High")
    assert items["priority"]["from"].isdecimal()
    assert (items["labels"]["fromString"], items["labels"]["toString"]) == ("old", "new old")
    assert (items["duedate"]["from"], items["duedate"]["to"]) == (None, "2026-04-01")


async def test_what_does_not_change_is_not_told(jira: httpx.AsyncClient) -> None:
    before = (await jira.get("issue/WEB-2")).json()["fields"]
    same = {
        "summary": before["summary"],
        "labels": before["labels"][::-1],
        "description": before["description"],
    }
    assert (await jira.put("issue/WEB-2", json={"fields": same})).status_code == 204
    assert await history(jira, "WEB-2") == []
    assert (await jira.get("issue/WEB-2")).json()["fields"]["updated"] == before["updated"]


async def test_assignments_texts_and_parents(jira: httpx.AsyncClient) -> None:
    key = await create(jira, kind="Story")
    await jira.put(f"issue/{key}/assignee", json={"accountId": BEA})
    await jira.put(f"issue/{key}", json={"fields": {"description": doc("Now with words"), "parent": {"key": "WEB-1"}}})
    assignee, description, parent = await history(jira, key)
    assert (assignee["field"], assignee["to"], assignee["toString"]) == ("assignee", BEA, "Bea Lindqvist")
    assert (description["fromString"], description["toString"]) == (None, "Now with words")
    assert (parent["field"], parent["toString"]) == ("IssueParentAssociation", "WEB-1")


async def test_a_transition_tells_status_and_resolution(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    done = await transition_id(jira, key, "Done")
    await jira.post(f"issue/{key}/transitions", json={"transition": {"id": done}})
    items = {item["field"]: (item["fromString"], item["toString"]) for item in await history(jira, key)}
    assert items == {"status": ("To Do", "Done"), "resolution": (None, "Done")}


async def test_custom_fields_go_by_their_names(custom: httpx.AsyncClient, ids: dict[str, str]) -> None:
    await custom.put("issue/ONE-1", json={"fields": {ids["Points"]: 3, ids["Size"]: {"value": "Large"}}})
    points, size = await history(custom, "ONE-1")
    assert (points["field"], points["fieldtype"], points["toString"]) == ("Points", "custom", "3")
    assert (size["field"], size["fieldId"], size["toString"]) == ("Size", ids["Size"], "Large")


async def test_pages_ascend_and_the_expansion_descends(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    for summary in ("One", "Two", "Three"):
        await jira.put(f"issue/{key}", json={"fields": {"summary": summary}})
    page = (await jira.get(f"issue/{key}/changelog?maxResults=2")).json()
    assert [change["items"][0]["toString"] for change in page["values"]] == ["One", "Two"]
    assert (page["total"], page["isLast"]) == (3, False)
    rest = (await jira.get(page["nextPage"])).json()
    assert [change["items"][0]["toString"] for change in rest["values"]] == ["Three"]
    expanded = (await jira.get(f"issue/{key}?expand=changelog")).json()["changelog"]
    assert [change["items"][0]["toString"] for change in expanded["histories"]] == ["Three", "Two", "One"]
    assert (expanded["startAt"], expanded["maxResults"], expanded["total"]) == (0, 3, 3)


async def test_an_unknown_issue(jira: httpx.AsyncClient) -> None:
    assert_refused(await jira.get("issue/WEB-99/changelog"), 404, NO_ISSUE)
