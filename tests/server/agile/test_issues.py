from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.agile.expectations import RANK, found
from tests.server.jira.expectations import NO_ISSUE, assert_refused, create, fields_of, history

ORDER = "project = WEB ORDER BY Rank"


async def test_an_issue_with_its_agile_fields(agile: httpx.AsyncClient) -> None:
    issue = (await agile.get("issue/WEB-2")).json()
    assert issue["self"] == f"http://acme.test/rest/agile/1.0/issue/{issue['id']}"
    assert (issue["fields"]["sprint"]["name"], issue["fields"]["epic"]["key"]) == ("WEB Sprint 2", "WEB-1")
    assert (await agile.get(issue["self"])).json() == issue
    chosen = (await agile.get("issue/WEB-2?fields=epic&expand=names")).json()
    assert (chosen["fields"], chosen["names"]) == ({"epic": issue["fields"]["epic"]}, {"epic": "Epic"})
    assert_refused(await agile.get("issue/WEB-99"), 404, NO_ISSUE)


async def test_issues_are_ranked_in_the_order_in_which_they_are_sent(
    agile: httpx.AsyncClient, jira: httpx.AsyncClient
) -> None:
    assert await found(jira, ORDER) == ["WEB-1", "WEB-2", "WEB-3", "WEB-4"]
    answer = await agile.put("issue/rank", json={"issues": ["WEB-4", "WEB-3"], "rankBeforeIssue": "WEB-1"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert await found(jira, ORDER) == ["WEB-4", "WEB-3", "WEB-1", "WEB-2"]
    body = {"issues": ["WEB-4"], "rankAfterIssue": "WEB-3", "rankCustomFieldId": 10019}
    assert (await agile.put("issue/rank", json=body)).status_code == 204
    assert await found(jira, ORDER) == ["WEB-3", "WEB-4", "WEB-1", "WEB-2"]
    assert await found(jira, f"{ORDER} DESC") == ["WEB-2", "WEB-1", "WEB-4", "WEB-3"]
    # A new issue is the last one, whatever was put at the end before.
    await agile.put("issue/rank", json={"issues": ["WEB-3"], "rankAfterIssue": "SUP-2"})
    key = await create(jira)
    assert await found(jira, ORDER) == ["WEB-4", "WEB-1", "WEB-2", "WEB-3", key]


async def test_a_rank_has_no_history(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    before = await fields_of(jira, "WEB-4")
    await agile.put("issue/rank", json={"issues": ["WEB-4"], "rankAfterIssue": "WEB-3"})
    assert await fields_of(jira, "WEB-4") == before  # it stands there already
    await agile.put("issue/rank", json={"issues": ["WEB-4"], "rankBeforeIssue": "WEB-3"})
    after = await fields_of(jira, "WEB-4")
    assert after == {**before, RANK: after[RANK]}
    assert after[RANK] < before[RANK]
    assert await history(jira, "WEB-4") == []


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        (
            {"issues": ["WEB-2"], "rankBeforeIssue": "WEB-3", "rankAfterIssue": "WEB-1"},
            400,
            "Specify the issue to rank before or the issue to rank after, not both.",
        ),
        ({"issues": ["WEB-2"]}, 400, "Specify the issue to rank before or the issue to rank after."),
        (
            {"issues": ["WEB-2", "WEB-3"], "rankBeforeIssue": "WEB-3"},
            400,
            "An issue cannot be ranked before or after itself.",
        ),
        (
            {"issues": ["WEB-2"], "rankBeforeIssue": "WEB-1", "rankCustomFieldId": 10020},
            400,
            "The custom field with id '10020' is not a rank field.",
        ),
        ({"issues": ["WEB-2"], "rankBeforeIssue": "WEB-99"}, 404, NO_ISSUE),
        ({"issues": ["WEB-99"], "rankBeforeIssue": "WEB-1"}, 404, NO_ISSUE),
        ({"rankBeforeIssue": "WEB-1"}, 400, "At least one issue is required."),
    ],
)
async def test_ranks_that_cannot_be(
    agile: httpx.AsyncClient, jira: httpx.AsyncClient, body: dict[str, Any], status: int, text: str
) -> None:
    assert_refused(await agile.put("issue/rank", json=body), status, text)
    assert await found(jira, ORDER) == ["WEB-1", "WEB-2", "WEB-3", "WEB-4"]
