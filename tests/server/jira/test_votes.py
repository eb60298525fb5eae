from __future__ import annotations

import httpx

from tests.server.jira.expectations import ADMIN, NO_ISSUE, assert_refused, create, fields_of, transition_id


async def test_a_vote_is_given_and_taken_back(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    key = await create(jira)
    address = f"http://acme.test/rest/api/3/issue/{key}/votes"
    none = {"self": address, "votes": 0, "hasVoted": False}
    assert (await jira.get(f"issue/{key}/votes")).json() == {**none, "voters": []}
    updated = (await fields_of(jira, key))["updated"]
    for _ in range(2):
        answer = await jira_v2.post(f"issue/{key}/votes")
        assert (answer.status_code, answer.content) == (204, b"")
    shown = (await jira.get(f"issue/{key}/votes")).json()
    assert [voter["accountId"] for voter in shown.pop("voters")] == [ADMIN]
    assert shown == {"self": address, "votes": 1, "hasVoted": True}
    fields = await fields_of(jira, key)
    assert fields["votes"] == shown
    assert fields["updated"] == updated
    for _ in range(2):
        answer = await jira_v2.delete(f"issue/{key}/votes")
        assert (answer.status_code, answer.content) == (204, b"")
    assert (await fields_of(jira, key))["votes"] == none


async def test_a_body_is_not_looked_at(jira: httpx.AsyncClient) -> None:
    answer = await jira.post("issue/WEB-1/votes", content="anything", headers={"content-type": "text/plain"})
    assert answer.status_code == 204


async def test_nobody_votes_for_what_is_resolved(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    await jira.post(f"issue/{key}/votes")
    done = await transition_id(jira, key, "Done")
    await jira.post(f"issue/{key}/transitions", json={"transition": {"id": done}})
    text = "You cannot vote or change your vote on resolved issues."
    assert_refused(await jira.post(f"issue/{key}/votes"), 404, text)
    assert_refused(await jira.delete(f"issue/{key}/votes"), 404, text)
    assert (await jira.get(f"issue/{key}/votes")).json()["votes"] == 1


async def test_an_unknown_issue(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    for client, key in ((jira, "WEB-99"), (nobody, "WEB-1")):
        assert_refused(await client.get(f"issue/{key}/votes"), 404, NO_ISSUE)
        assert_refused(await client.post(f"issue/{key}/votes"), 404, NO_ISSUE)
        assert_refused(await client.delete(f"issue/{key}/votes"), 404, NO_ISSUE)
