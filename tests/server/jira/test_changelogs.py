from __future__ import annotations

from typing import Any

import httpx
import pytest

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


async def renamed(jira: httpx.AsyncClient, *names: str) -> tuple[str, list[str]]:
    """A new issue that had one name after the other: its key, and the ids of its changes."""
    key = await create(jira)
    for name in names:
        await jira.put(f"issue/{key}", json={"fields": {"summary": name}})
    return key, [change["id"] for change in (await jira.get(f"issue/{key}/changelog")).json()["values"]]


async def test_changes_by_their_ids(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    key, (one, two) = await renamed(jira, "One", "Two")
    _, (other,) = await renamed(jira, "Other")
    ids = [int(two), int(other), 1, int(one)]
    page = (await jira.post(f"issue/{key}/changelog/list", json={"changelogIds": ids})).json()
    assert [change["id"] for change in page["histories"]] == [two, one]
    assert (page["startAt"], page["maxResults"], page["total"]) == (0, 2, 2)
    every = (await jira.get(f"issue/{key}?expand=changelog")).json()["changelog"]["histories"]
    assert page["histories"] == every
    for client, unseen in ((jira, "WEB-99"), (nobody, key)):
        assert_refused(await client.post(f"issue/{unseen}/changelog/list", json={"changelogIds": ids}), 404, NO_ISSUE)
    for body in ({}, {"changelogIds": ["x"]}, {"changelogIds": [1, 1]}, []):
        assert (await jira.post(f"issue/{key}/changelog/list", json=body)).status_code == 400


async def bulk(jira: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await jira.post("changelog/bulkfetch", json=body)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def listed(page: dict[str, Any]) -> list[list[str]]:
    return [[change["id"] for change in log["changeHistories"]] for log in page["issueChangeLogs"]]


async def test_the_changes_of_several_issues(jira: httpx.AsyncClient) -> None:
    one, changes_of_one = await renamed(jira, "One", "Two")
    two, changes_of_two = await renamed(jira, "Three")
    issue_id = (await jira.get(f"issue/{one}")).json()["id"]
    page = await bulk(jira, issueIdsOrKeys=[two, one, issue_id, "WEB-99", "WEB-1"], fieldIds=None)
    assert "nextPageToken" not in page
    assert page["issueChangeLogs"][0]["issueId"] == issue_id
    assert listed(page) == [changes_of_one, changes_of_two]
    (alone,) = (await jira.post(f"issue/{two}/changelog/list", json={"changelogIds": [int(changes_of_two[0])]})).json()[
        "histories"
    ]
    (shown,) = page["issueChangeLogs"][1]["changeHistories"]
    assert isinstance(shown["created"], int)
    assert {**shown, "created": None} == {**alone, "created": None}


async def test_the_changes_of_some_fields(jira: httpx.AsyncClient) -> None:
    key, _ = await renamed(jira, "One")
    await jira.put(f"issue/{key}", json={"fields": {"summary": "Two", "duedate": "2026-04-01"}})
    await jira.put(f"issue/{key}", json={"fields": {"labels": ["x"]}})
    page = await bulk(jira, issueIdsOrKeys=[key], fieldIds=["duedate", "labels"])
    (log,) = page["issueChangeLogs"]
    fields = [[item["field"] for item in change["items"]] for change in log["changeHistories"]]
    assert fields == [["duedate"], ["labels"]]
    assert await bulk(jira, issueIdsOrKeys=[key], fieldIds=["priority"]) == {"issueChangeLogs": []}


async def test_changes_of_several_issues_come_in_pages(jira: httpx.AsyncClient) -> None:
    one, ids = await renamed(jira, "One", "Two")
    two, more = await renamed(jira, "Three", "Four")
    body: dict[str, Any] = {"issueIdsOrKeys": [one, two], "maxResults": 3}
    first = await bulk(jira, **body)
    assert listed(first) == [ids, more[:1]]
    second = await bulk(jira, **{**body, "issueIdsOrKeys": [two, one]}, nextPageToken=first["nextPageToken"])
    assert listed(second) == [more[1:]]
    assert "nextPageToken" not in second
    text = "The value of 'nextPageToken' is not valid."
    for wrong in ({**body, "nextPageToken": "x"}, {"issueIdsOrKeys": [one], "nextPageToken": first["nextPageToken"]}):
        assert_refused(await jira.post("changelog/bulkfetch", json=wrong), 400, text)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"issueIdsOrKeys": []},
        {"issueIdsOrKeys": ["WEB-1"] * 1001},
        {"issueIdsOrKeys": [1]},
        {"issueIdsOrKeys": ["WEB-1"], "maxResults": 0},
        {"issueIdsOrKeys": ["WEB-1"], "fieldIds": [str(n) for n in range(11)]},
        {"issueIdsOrKeys": ["WEB-1"], "startAt": 0},
    ],
)
async def test_a_question_of_another_form(jira: httpx.AsyncClient, body: Any) -> None:
    answer = await jira.post("changelog/bulkfetch", json=body)
    assert (answer.status_code, list(answer.json())) == (400, ["errorMessages"])


async def test_nobody_asks_for_several_issues(nobody: httpx.AsyncClient) -> None:
    answer = await nobody.post("changelog/bulkfetch", json={"issueIdsOrKeys": ["WEB-1"]})
    assert answer.status_code == 401
