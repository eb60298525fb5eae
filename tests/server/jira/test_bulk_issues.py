from __future__ import annotations

from typing import Any

import httpx

from tests.server.jira.expectations import assert_refused, create, doc, fields_of

NEW = {"project": {"key": "WEB"}, "issuetype": {"name": "Task"}}


async def bulk(client: httpx.AsyncClient, *fields: Any) -> httpx.Response:
    return await client.post("issue/bulk", json={"issueUpdates": [{"fields": one} for one in fields]})


async def test_issues_are_created_in_their_order(jira: httpx.AsyncClient) -> None:
    answer = await bulk(jira, {**NEW, "summary": "One", "description": doc("Text")}, {**NEW, "summary": "Two"})
    assert answer.status_code == 201
    body = answer.json()
    assert body["errors"] == []
    assert [set(one) for one in body["issues"]] == [{"id", "key", "self"}] * 2
    fields = [await fields_of(jira, one["key"]) for one in body["issues"]]
    assert [one["summary"] for one in fields] == ["One", "Two"]
    assert fields[0]["description"] == doc("Text")
    assert (await jira.get(body["issues"][1]["self"])).json()["key"] == body["issues"][1]["key"]


async def test_what_is_wrong_with_one_spoils_no_other(jira: httpx.AsyncClient) -> None:
    answer = await bulk(
        jira,
        {**NEW, "summary": "Good"},
        NEW,
        {**NEW, "summary": "x", "description": "no document"},
        {"project": "WEB", "summary": "x"},
        {**NEW, "summary": "Good too"},
    )
    assert answer.status_code == 201
    body = answer.json()
    first, second = (int(one["key"].removeprefix("WEB-")) for one in body["issues"])
    assert second == first + 1
    assert [(one["failedElementNumber"], one["status"]) for one in body["errors"]] == [(1, 400), (2, 400), (3, 400)]
    told = [one["elementErrors"] for one in body["errors"]]
    assert told[0] == {"errorMessages": [], "errors": {"summary": "You must specify a summary of the issue."}}
    assert told[1]["errors"] == {
        "description": "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
    }
    assert told[2]["errors"] == {"project": "Specify a valid project ID or key"}


async def test_one_that_is_refused_late_leaves_nothing(jira: httpx.AsyncClient) -> None:
    count = {"jql": "project = WEB"}
    before = (await jira.post("search/approximate-count", json=count)).json()
    bad = {"fields": {**NEW, "summary": "x"}, "properties": [{"key": "k" * 300, "value": 1}]}
    answer = await jira.post("issue/bulk", json={"issueUpdates": [bad]})
    assert answer.status_code == 400
    assert answer.json()["issues"] == []
    assert (await jira.post("search/approximate-count", json=count)).json() == before


async def test_v2_takes_wiki_markup(jira_v2: httpx.AsyncClient) -> None:
    one = {**NEW, "summary": "One"}
    answer = await bulk(jira_v2, {**one, "description": "*bold*"}, {**one, "description": {}})
    assert answer.status_code == 201
    assert answer.json()["errors"][0]["elementErrors"]["errors"] == {"description": "Operation value must be a string"}
    key = answer.json()["issues"][0]["key"]
    assert (await jira_v2.get(f"issue/{key}")).json()["fields"]["description"] == "*bold*"


async def test_bulks_that_cannot_be(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    text = "Between 1 and 50 issues can be asked for."
    assert_refused(await bulk(jira), 400, text)
    assert_refused(await jira.post("issue/bulk", json={}), 400, text)
    assert_refused(await bulk(jira, *[{**NEW, "summary": "x"}] * 51), 400, text)
    for wrong in ([], "x", {"issueUpdates": {}}, {"issueUpdates": [1]}):
        assert (await jira.post("issue/bulk", json=wrong)).status_code == 400
    assert (await jira.post("issue/bulk", json={"issueUpdates": [{}, {"fields": None}]})).status_code == 400
    anonymous = await bulk(nobody, {**NEW, "summary": "x"})
    assert anonymous.status_code == 400
    assert anonymous.json()["errors"][0]["elementErrors"]["errors"]["project"] == "Specify a valid project ID or key"


async def fetched(client: httpx.AsyncClient, *names: str, **more: Any) -> list[dict[str, Any]]:
    answer = await client.post("issue/bulkfetch", json={"issueIdsOrKeys": names, **more})
    assert answer.status_code == 200, answer.text
    assert answer.json()["issueErrors"] == []
    issues: list[dict[str, Any]] = answer.json()["issues"]
    return issues


async def test_issues_are_fetched_by_ascending_id_each_once(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    first, second = [await create(jira) for _ in range(2)]
    ids = [(await jira.get(f"issue/{key}")).json()["id"] for key in (first, second)]
    found = await fetched(jira, second, first, ids[1], "NO-1", first.lower(), fields=["summary"])
    assert [one["key"] for one in found] == [first, second]
    assert [set(one["fields"]) for one in found] == [{"summary"}] * 2
    assert await fetched(nobody, first) == []


async def test_what_is_shown_of_fetched_issues(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    key = await create(jira, description=doc("Text"))
    await jira.put(f"issue/{key}/properties/k", json={"a": 1})
    (one,) = await fetched(jira, key, expand=["names", "changelog"], properties=["k"])
    assert (one["properties"], one["names"]["summary"]) == ({"k": {"a": 1}}, "Summary")
    assert one["changelog"]["histories"] == []
    assert "comment" not in one["fields"]
    assert one["fields"]["description"] == doc("Text")
    (plain,) = await fetched(jira_v2, key, fields=["*all"])
    assert plain["fields"]["description"] == "Text"
    assert "comment" in plain["fields"]


async def test_fetches_that_cannot_be(jira: httpx.AsyncClient) -> None:
    for names in ([], ["WEB-1"] * 101):
        answer = await jira.post("issue/bulkfetch", json={"issueIdsOrKeys": names})
        assert_refused(answer, 400, "Between 1 and 100 issues can be asked for.")
    for wrong in ({}, [], {"issueIdsOrKeys": [1]}, {"issueIdsOrKeys": ["WEB-1"], "more": 1}):
        assert (await jira.post("issue/bulkfetch", json=wrong)).status_code == 400
