from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.jira.expectations import NO_ISSUE, assert_problem, assert_refused, create, doc, fields_of, history

NOT_MADE = "Worklog must not be null."


async def log(jira: httpx.AsyncClient, key: str, time_spent: str = "1h", query: str = "", **more: Any) -> str:
    answer = await jira.post(f"issue/{key}/worklog{query}", json={"timeSpent": time_spent, **more})
    assert answer.status_code == 201, answer.text
    worklog_id: str = answer.json()["id"]
    return worklog_id


async def times(jira: httpx.AsyncClient, key: str) -> tuple[str | None, str | None]:
    """What is spent and what is left."""
    shown = (await fields_of(jira, key))["timetracking"]
    return shown.get("timeSpent"), shown.get("remainingEstimate")


async def estimated(jira: httpx.AsyncClient) -> str:
    return await create(jira, timetracking={"originalEstimate": "1d"})


async def test_work_is_logged_and_read(jira: httpx.AsyncClient) -> None:
    key = await estimated(jira)
    sent = {"timeSpent": "3h 20m", "started": "2026-01-17T12:34:00.000+0100", "comment": doc("Looked into it")}
    answer = await jira.post(f"issue/{key}/worklog", json=sent)
    worklog = answer.json()
    assert answer.status_code == 201
    assert (worklog["timeSpent"], worklog["timeSpentSeconds"]) == ("3h 20m", 12000)
    assert worklog["started"] == "2026-01-17T11:34:00.000+0000"
    assert worklog["comment"] == doc("Looked into it")
    assert worklog["author"] == worklog["updateAuthor"]
    assert worklog["author"]["displayName"] == "Alex Admin"
    assert worklog["created"] == worklog["updated"]
    assert (await jira.get(worklog["self"])).json() == worklog
    page = (await jira.get(f"issue/{key}/worklog")).json()
    assert page == {"startAt": 0, "maxResults": 5000, "total": 1, "worklogs": [worklog]}
    issue = (await jira.get(f"issue/{key}")).json()
    fields = issue["fields"]
    assert worklog["issueId"] == issue["id"]
    assert fields["worklog"] == {"startAt": 0, "maxResults": 20, "total": 1, "worklogs": [worklog]}
    assert fields["timetracking"] == {
        "originalEstimate": "1d",
        "remainingEstimate": "4h 40m",
        "timeSpent": "3h 20m",
        "originalEstimateSeconds": 28800,
        "remainingEstimateSeconds": 16800,
        "timeSpentSeconds": 12000,
    }
    assert (fields["timespent"], fields["timeestimate"]) == (12000, 16800)
    assert fields["progress"] == {"progress": 12000, "total": 28800, "percent": 41}
    assert fields["workratio"] == 41
    assert fields["updated"] == worklog["created"]


async def test_v2_speaks_wiki_markup(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    key = await create(jira)
    worklog = (await jira_v2.post(f"issue/{key}/worklog", json={"timeSpent": "1h", "comment": "so *bold*"})).json()
    assert worklog["comment"] == "so *bold*"
    assert worklog["self"].startswith("http://acme.test/rest/api/2/issue/")
    stored = (await jira.get(f"issue/{key}/worklog/{worklog['id']}")).json()["comment"]
    assert stored["content"][0]["content"][1]["marks"] == [{"type": "strong"}]
    silent = await log(jira, key)
    assert "comment" not in (await jira.get(f"issue/{key}/worklog/{silent}")).json()
    assert (await jira_v2.get(f"issue/{key}/worklog/{silent}")).json()["comment"] == ""
    answer = await jira_v2.post(f"issue/{key}/worklog", json={"timeSpent": "1h", "comment": doc("x")})
    assert_refused(answer, 400, comment="Comment body is not valid!")


async def test_the_history_tells_of_every_write(jira: httpx.AsyncClient) -> None:
    key = await estimated(jira)
    worklog_id = await log(jira, key, "2h")
    await jira.put(f"issue/{key}/worklog/{worklog_id}", json={"timeSpent": "3h"})
    await jira.delete(f"issue/{key}/worklog/{worklog_id}?adjustEstimate=leave")
    items = [(item["field"], item.get("fieldId"), item["from"], item["toString"]) for item in await history(jira, key)]
    assert items == [
        ("WorklogId", None, None, worklog_id),
        ("timeestimate", "timeestimate", "28800", "21600"),
        ("timespent", "timespent", None, "7200"),
        ("WorklogId", None, worklog_id, worklog_id),
        ("timeestimate", "timeestimate", "21600", "18000"),
        ("timespent", "timespent", "7200", "10800"),
        ("WorklogId", None, worklog_id, None),
        ("WorklogTimeSpent", None, "10800", None),
        ("timespent", "timespent", "10800", "0"),
    ]
    assert len((await jira.get(f"issue/{key}/changelog")).json()["values"]) == 3


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("", "6h"),
        ("?adjustEstimate=auto", "6h"),
        ("?adjustEstimate=leave&newEstimate=nonsense", "1d"),
        ("?adjustEstimate=new&newEstimate=2d%204h", "2d 4h"),
        ("?adjustEstimate=new&newEstimate=0", "0m"),
        ("?adjustEstimate=manual&reduceBy=30m", "7h 30m"),
        ("?adjustEstimate=manual&reduceBy=3d", "0m"),
    ],
)
async def test_logging_work_adjusts_the_estimate(jira: httpx.AsyncClient, query: str, left: str) -> None:
    key = await estimated(jira)
    await log(jira, key, "2h", query)
    assert await times(jira, key) == ("2h", left)


@pytest.mark.parametrize(
    ("query", "left"),
    [("", "7h"), ("?adjustEstimate=leave", "4h"), ("?adjustEstimate=new&newEstimate=5h", "5h")],
)
async def test_changing_work_adjusts_the_estimate(jira: httpx.AsyncClient, query: str, left: str) -> None:
    key = await estimated(jira)
    worklog_id = await log(jira, key, "4h")
    await jira.put(f"issue/{key}/worklog/{worklog_id}{query}", json={"timeSpentSeconds": 3600})
    assert await times(jira, key) == ("1h", left)


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("", "1d"),
        ("?adjustEstimate=leave", "4h"),
        ("?adjustEstimate=new&newEstimate=5h", "5h"),
        ("?adjustEstimate=manual&increaseBy=30m", "4h 30m"),
    ],
)
async def test_deleting_work_adjusts_the_estimate(jira: httpx.AsyncClient, query: str, left: str) -> None:
    key = await estimated(jira)
    worklog_id = await log(jira, key, "4h")
    answer = await jira.delete(f"issue/{key}/worklog/{worklog_id}{query}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert await times(jira, key) == ("0m", left)
    missing = f"Cannot find worklog with id: '{worklog_id}'."
    assert_refused(await jira.get(f"issue/{key}/worklog/{worklog_id}"), 404, missing)
    assert_refused(await jira.delete(f"issue/{key}/worklog/{worklog_id}"), 404, missing)


async def test_work_on_an_issue_without_an_estimate_leaves_nothing(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    await log(jira, key, "2h", "?adjustEstimate=leave")
    assert await times(jira, key) == ("2h", None)
    await log(jira, key, "2h")
    assert await times(jira, key) == ("4h", "0m")
    assert (await fields_of(jira, key))["progress"] == {"progress": 14400, "total": 14400, "percent": 100}


async def test_a_change_keeps_what_it_does_not_name(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    visibility = {"type": "role", "value": "Administrators"}
    more: dict[str, Any] = {
        "comment": doc("First"),
        "started": "2026-01-17T12:34:00.000+0000",
        "visibility": visibility,
    }
    worklog_id = await log(jira, key, "2h", **more)
    answer = await jira.put(f"issue/{key}/worklog/{worklog_id}", json={"comment": doc("Second")})
    worklog = answer.json()
    assert answer.status_code == 200
    assert worklog["comment"] == doc("Second")
    assert (worklog["timeSpent"], worklog["started"]) == ("2h", "2026-01-17T12:34:00.000+0000")
    assert worklog["visibility"] == visibility
    assert worklog["updated"] > worklog["created"]
    assert (await jira.get(f"issue/{key}/worklog/{worklog_id}")).json() == worklog
    emptied = await jira.put(f"issue/{key}/worklog/{worklog_id}", json={"comment": None, "started": more["started"]})
    assert "comment" not in emptied.json()


async def test_properties_are_shown_when_asked_for(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    properties = [{"key": "billable", "value": True}]
    worklog_id = await log(jira, key, properties=properties)
    shown = (await jira.get(f"issue/{key}/worklog?expand=properties")).json()["worklogs"][0]
    assert shown["properties"] == properties
    assert "properties" not in (await jira.get(f"issue/{key}/worklog/{worklog_id}")).json()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "You must indicate the time spent working."),
        ({"timeSpent": " "}, "You must indicate the time spent working."),
        ({"timeSpentSeconds": 59}, "You must indicate the time spent working."),
        ({"timeSpentSeconds": -3600}, "You must indicate the time spent working."),
        ({"timeSpent": "16 Candles"}, "Invalid time duration entered."),
        ({"timeSpent": "-2h"}, "Invalid time duration entered."),
        ({"timeSpent": "9" * 20000}, "Invalid time duration entered."),
        ({"timeSpentSeconds": 10**18}, "Invalid time duration entered."),
        ({"timeSpentSeconds": 1e300}, "Invalid time duration entered."),
        ({"timeSpent": "0m"}, "Time Spent can not be zero."),
    ],
)
async def test_a_time_that_is_none(jira: httpx.AsyncClient, body: Any, text: str) -> None:
    before = await fields_of(jira, "WEB-2")
    assert_refused(await jira.post("issue/WEB-2/worklog", json=body), 400, NOT_MADE, timeLogged=text)
    assert await fields_of(jira, "WEB-2") == before


async def test_words_win_over_seconds_and_seconds_are_whole_minutes(jira: httpx.AsyncClient) -> None:
    answer = await jira.post("issue/WEB-2/worklog", json={"timeSpent": "1h", "timeSpentSeconds": 60})
    assert answer.json()["timeSpentSeconds"] == 3600
    answer = await jira.post("issue/WEB-2/worklog", json={"timeSpentSeconds": 119})
    assert (answer.json()["timeSpent"], answer.json()["timeSpentSeconds"]) == ("1m", 60)


@pytest.mark.parametrize(
    ("query", "messages", "fields"),
    [
        ("new", (), {"newEstimate": "Value is required when adjustEstimate is new"}),
        ("new&newEstimate=", (NOT_MADE,), {"newEstimate": "You must supply a valid new estimate."}),
        ("new&newEstimate=soon", (NOT_MADE,), {"newEstimate": "Invalid new estimate entered."}),
        ("manual", (), {"reduceBy": "A value is required for manual estimate adjustment"}),
        (
            "manual&reduceBy=",
            (NOT_MADE,),
            {"adjustmentAmount": "You must supply a valid amount of time to adjust the estimate by."},
        ),
        (
            "manual&reduceBy=some",
            (NOT_MADE,),
            {"adjustmentAmount": "Invalid time entered for adjusting the estimate."},
        ),
    ],
)
async def test_an_adjustment_that_is_none(
    jira: httpx.AsyncClient, query: str, messages: tuple[str, ...], fields: dict[str, str]
) -> None:
    answer = await jira.post(f"issue/WEB-2/worklog?adjustEstimate={query}", json={"timeSpent": "1h"})
    assert_refused(answer, 400, *messages, **fields)
    assert (await jira.get("issue/WEB-2/worklog")).json()["total"] == 0


async def test_adjustments_that_a_write_does_not_have(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    worklog_id = await log(jira, key)
    text = "Manual adjustment of remaining estimate not allowed when editing a worklog"
    answer = await jira.put(f"issue/{key}/worklog/{worklog_id}?adjustEstimate=manual&reduceBy=1h", json={})
    assert_refused(answer, 400, adjustEstimate=text)
    answer = await jira.delete(f"issue/{key}/worklog/{worklog_id}?adjustEstimate=manual")
    assert_refused(answer, 400, increaseBy="A value is required for manual estimate adjustment")
    assert (await jira.delete(f"issue/{key}/worklog/{worklog_id}?adjustEstimate=bogus")).status_code == 400
    assert await times(jira, key) == ("1h", "0m")


@pytest.mark.parametrize(
    "started",
    ["yesterday", "2026-01-17", "2026-01-17T12:34:00Z", "2026-13-17T12:34:00.000+0000", "0001-01-01T00:00:00.000+1400"],
)
async def test_a_start_that_is_none(jira: httpx.AsyncClient, started: str) -> None:
    answer = await jira.post("issue/WEB-2/worklog", json={"timeSpent": "1h", "started": started})
    assert answer.status_code == 400
    assert answer.json() == {
        "errorMessages": ["Invalid request payload. Refer to the REST API documentation and try again."]
    }


@pytest.mark.parametrize(
    "body", [[], "1h", 5, {"timeSpent": 60}, {"timeSpentSeconds": "60"}, {"visibility": "all"}, {"started": 0}]
)
async def test_a_body_of_another_form(jira: httpx.AsyncClient, body: Any) -> None:
    for answer in (
        await jira.post("issue/WEB-2/worklog", json=body),
        await jira.put("issue/WEB-2/worklog/1", json=body),
    ):
        assert answer.status_code == 400
        assert list(answer.json()) == ["errorMessages"]


@pytest.mark.parametrize(
    "comment", ["text", {"type": "doc"}, {"type": "doc", "version": 1, "content": [{"type": "x"}]}]
)
async def test_a_comment_that_is_no_document(jira: httpx.AsyncClient, comment: Any) -> None:
    answer = await jira.post("issue/WEB-2/worklog", json={"timeSpent": "1h", "comment": comment})
    assert_refused(answer, 400, comment="Comment body is not valid!")


async def test_no_body_and_no_media_type(jira: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/json"}
    answer = await jira.post("issue/WEB-2/worklog", headers=headers)
    assert (answer.status_code, answer.json()["errorMessages"]) == (
        400,
        ["No content to map to Object due to end of input"],
    )
    assert_problem(
        await jira.delete("issue/WEB-2/worklog"),
        415,
        "Unsupported Media Type",
        "Content-Type 'null' is not supported.",
    )


async def test_pages_and_bounds(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    days = [await log(jira, key, "1h", started=f"2026-01-0{day}T00:00:00.000+0000") for day in (1, 2, 3)]

    async def listed(query: str) -> list[str]:
        page = (await jira.get(f"issue/{key}/worklog?{query}")).json()
        return [worklog["id"] for worklog in page["worklogs"]]

    second = 1767312000000
    assert await listed("startAt=1&maxResults=1") == days[1:2]
    assert await listed("startAt=-1&maxResults=0") == days[:1]
    assert await listed(f"startedAfter={second}") == days[2:]
    assert await listed(f"startedBefore={second}") == days[:1]
    assert await listed(f"startedAfter={second - 1}&startedBefore={second + 1}") == days[1:2]
    page = (await jira.get(f"issue/{key}/worklog?startAt=9&maxResults=9999")).json()
    assert page == {"startAt": 9, "maxResults": 5000, "total": 3, "worklogs": []}
    answer = await jira.get(f"issue/{key}/worklog?startedAfter=x")
    assert_problem(answer, 400, "Bad Request", "Failed to convert 'startedAfter' with value: 'x'")


async def test_the_field_shows_the_first_twenty(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    ids = [await log(jira, key, "1m") for _ in range(21)]
    field = (await fields_of(jira, key))["worklog"]
    assert (field["maxResults"], field["total"]) == (20, 21)
    assert [worklog["id"] for worklog in field["worklogs"]] == ids[:20]


async def delete_some(jira: httpx.AsyncClient, key: str, ids: Any, query: str = "") -> httpx.Response:
    return await jira.request("DELETE", f"issue/{key}/worklog{query}", json={"ids": ids})


async def test_several_are_deleted_at_once(jira: httpx.AsyncClient) -> None:
    key = await estimated(jira)
    one, two, three = [int(await log(jira, key, spent)) for spent in ("1h", "2h", "3h")]
    assert await times(jira, key) == ("6h", "2h")
    answer = await delete_some(jira, key, [one, three])
    assert (answer.status_code, answer.content) == (204, b"")
    assert await times(jira, key) == ("2h", "6h")
    answer = await delete_some(jira, key, [two, one], "?adjustEstimate=leave")
    assert answer.status_code == 200
    assert answer.json() == {"errorMessages": [f"Cannot find worklog with id: '{one}'."], "errors": {}}
    assert await times(jira, key) == ("0m", "6h")


async def test_what_cannot_be_deleted_at_once(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    mine, other = int(await log(jira, key)), int(await log(jira, "WEB-2"))
    assert_refused(await delete_some(jira, key, [mine, other]), 404, f"Cannot find worklog with id: '{other}'.")
    assert_refused(await delete_some(jira, key, [1]), 404, "Cannot find worklog with id: '1'.")
    assert_refused(await delete_some(jira, key, []), 400, "Between 1 and 5000 worklog ids can be deleted.")
    assert (await delete_some(jira, key, ["x"])).status_code == 400
    assert (await delete_some(jira, key, [mine, mine])).status_code == 400
    assert (await delete_some(jira, key, [mine], "?adjustEstimate=new")).status_code == 400
    assert (await jira.get(f"issue/{key}/worklog")).json()["total"] == 1


async def test_a_worklog_belongs_to_its_issue(jira: httpx.AsyncClient) -> None:
    worklog_id = await log(jira, await create(jira))
    missing = f"Cannot find worklog with id: '{worklog_id}'."
    assert_refused(await jira.get(f"issue/WEB-1/worklog/{worklog_id}"), 404, missing)
    assert_refused(await jira.put(f"issue/WEB-1/worklog/{worklog_id}", json={}), 404, missing)
    assert_refused(await jira.delete(f"issue/WEB-1/worklog/{worklog_id}"), 404, missing)


async def test_an_unknown_issue(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    for client, key in ((jira, "WEB-99"), (nobody, "WEB-1")):
        assert_refused(await client.get(f"issue/{key}/worklog"), 404, NO_ISSUE)
        assert_refused(await client.get(f"issue/{key}/worklog/1"), 404, NO_ISSUE)
        assert_refused(await client.post(f"issue/{key}/worklog", json={"timeSpent": "1h"}), 404, NO_ISSUE)
        assert_refused(await client.put(f"issue/{key}/worklog/1", json={}), 404, NO_ISSUE)
        assert_refused(await client.delete(f"issue/{key}/worklog/1"), 404, NO_ISSUE)
        assert_refused(await delete_some(client, key, [1]), 404, NO_ISSUE)
