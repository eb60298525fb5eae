from __future__ import annotations

import httpx
import pytest

from tests.server.jira.expectations import (
    ADMIN,
    BEA,
    CHIDI,
    NO_ISSUE,
    assert_problem,
    assert_refused,
    create,
    fields_of,
)

NO_USER = "Specified user does not exist or you do not have required permissions"


async def watching(jira: httpx.AsyncClient, key: str) -> list[str]:
    answer = await jira.get(f"issue/{key}/watchers")
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    ids = [user["accountId"] for user in shown["watchers"]]
    assert (shown["watchCount"], shown["isWatching"]) == (len(ids), ADMIN in ids)
    brief = {name: shown[name] for name in ("self", "watchCount", "isWatching")}
    assert (await fields_of(jira, key))["watches"] == brief
    assert shown["self"] == f"http://acme.test/rest/api/3/issue/{key}/watchers"
    return ids


async def test_whoever_creates_an_issue_watches_it(jira: httpx.AsyncClient) -> None:
    assert await watching(jira, await create(jira)) == [ADMIN]
    assert await watching(jira, await create(jira, reporter={"accountId": BEA})) == [ADMIN]
    assert await watching(jira, "WEB-1") == [BEA]


async def test_others_begin_and_stop_watching(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    key = await create(jira)
    updated = (await fields_of(jira, key))["updated"]
    for account_id in (CHIDI, BEA, BEA):
        answer = await jira_v2.post(f"issue/{key}/watchers", json=account_id)
        assert (answer.status_code, answer.content) == (204, b"")
    assert await watching(jira, key) == [ADMIN, BEA, CHIDI]
    for account_id in (BEA, BEA, ADMIN, ADMIN):
        answer = await jira_v2.delete(f"issue/{key}/watchers", params={"accountId": account_id})
        assert (answer.status_code, answer.content) == (204, b"")
    assert await watching(jira, key) == [CHIDI]
    assert (await fields_of(jira, key))["updated"] == updated


@pytest.mark.parametrize("content", [b"", b'""'])
async def test_without_an_account_id_the_caller_watches(jira: httpx.AsyncClient, content: bytes) -> None:
    headers = {"content-type": "application/json"} if content else {}
    assert (await jira.post("issue/WEB-1/watchers", content=content, headers=headers)).status_code == 204
    assert await watching(jira, "WEB-1") == [BEA, ADMIN]


async def test_a_creator_who_stopped_begins_again(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    await jira.delete(f"issue/{key}/watchers?accountId={ADMIN}")
    assert await watching(jira, key) == []
    assert (await jira.post(f"issue/{key}/watchers")).status_code == 204
    assert await watching(jira, key) == [ADMIN]


async def test_the_type_of_a_body_is_looked_at_where_there_is_one(jira: httpx.AsyncClient) -> None:
    answer = await jira.post("issue/WEB-1/watchers", content=BEA, headers={"content-type": "text/plain"})
    assert_problem(answer, 415, "Unsupported Media Type", "Content-Type 'text/plain' is not supported.")


@pytest.mark.parametrize("body", [{}, [BEA], 5, {"accountId": BEA}])
async def test_a_body_of_another_form(jira: httpx.AsyncClient, body: object) -> None:
    answer = await jira.post("issue/WEB-1/watchers", json=body)
    assert answer.status_code == 400
    assert list(answer.json()) == ["errorMessages"]


async def test_who_is_unknown(jira: httpx.AsyncClient) -> None:
    assert_refused(await jira.post("issue/WEB-1/watchers", json="nobody"), 404, NO_USER)
    assert_refused(await jira.post("issue/WEB-1/watchers", json="x" * 100_000), 404, NO_USER)
    assert_refused(await jira.delete("issue/WEB-1/watchers?accountId=nobody"), 404, NO_USER)
    missing = "The accountId query parameter needs to be provided."
    assert_refused(await jira.delete("issue/WEB-1/watchers"), 400, missing)
    assert_refused(await jira.delete("issue/WEB-1/watchers?username=bea"), 400, missing)
    assert (await jira.delete("issue/WEB-1/watchers", params={"accountId": "x" * 129})).status_code == 400
    assert await watching(jira, "WEB-1") == [BEA]


async def test_an_unknown_issue(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    for client, key in ((jira, "WEB-99"), (nobody, "WEB-1")):
        assert_refused(await client.get(f"issue/{key}/watchers"), 404, NO_ISSUE)
        assert_refused(await client.post(f"issue/{key}/watchers", json=BEA), 404, NO_ISSUE)
        assert_refused(await client.post(f"issue/{key}/watchers"), 404, NO_ISSUE)
        assert_refused(await client.delete(f"issue/{key}/watchers?accountId={BEA}"), 404, NO_ISSUE)
