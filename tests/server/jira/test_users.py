from __future__ import annotations

import httpx
import pytest

from tests.server.jira.expectations import ADMIN, BEA, NO_ISSUE, assert_refused


async def test_myself_is_the_caller(jira: httpx.AsyncClient) -> None:
    me = (await jira.get("myself")).json()
    assert (me["accountId"], me["displayName"], me["emailAddress"]) == (
        ADMIN,
        "Alex Admin",
        "admin@example.com",
    )
    assert me["self"] == f"http://acme.test/rest/api/3/user?accountId={ADMIN}"
    assert set(me["avatarUrls"]) == {"16x16", "24x24", "32x32", "48x48"}


async def test_myself_without_a_credential_is_a_sentence(nobody: httpx.AsyncClient) -> None:
    answer = await nobody.get("myself", headers={"accept": "application/json"})
    assert (answer.status_code, answer.text) == (401, "Client must be authenticated to access this resource.")
    assert answer.headers["www-authenticate"] == 'OAuth realm="http%3A%2F%2Facme.test%2Fs%2Fdefault"'
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"


@pytest.mark.parametrize(
    ("accept", "content_type", "length"),
    [
        ("", "text/plain;charset=UTF-8", 53),
        ("*/*", "text/html;charset=UTF-8", 53),
        ("application/json, text/html", "text/html;charset=UTF-8", 53),
        ("application/*", "application/json;charset=UTF-8", 53),
    ],
)
async def test_the_sentence_has_the_type_that_accept_asks_for(
    nobody: httpx.AsyncClient, accept: str, content_type: str, length: int
) -> None:
    answer = await nobody.get("myself", headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"], len(answer.content)) == (
        401,
        content_type,
        length,
    )


async def test_one_user_by_account_id(jira: httpx.AsyncClient) -> None:
    assert (await jira.get("user", params={"accountId": BEA})).json()["displayName"] == "Bea Lindqvist"


async def test_an_unknown_user_is_missing(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    text = "Specified user does not exist or you do not have required permissions"
    assert_refused(await jira.get("user", params={"accountId": "nobody"}), 404, text)
    assert_refused(await nobody.get("user", params={"accountId": BEA}), 404, text)
    assert_refused(await jira.get("user"), 400, "The accountId query parameter needs to be provided.")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("bea", ["Bea Lindqvist"]),
        ("LIND", ["Bea Lindqvist"]),
        ("bea@example", ["Bea Lindqvist"]),
        (BEA, ["Bea Lindqvist"]),
        ("quist", []),
        ("example", []),
    ],
)
async def test_users_are_found_by_the_start_of_a_word(jira: httpx.AsyncClient, query: str, found: list[str]) -> None:
    users = (await jira.get("user/search", params={"query": query})).json()
    assert [user["displayName"] for user in users] == found


async def test_an_empty_query_finds_everybody_page_by_page(jira: httpx.AsyncClient) -> None:
    everybody = (await jira.get("user/search?query=")).json()
    assert len(everybody) == 5
    assert (await jira.get("user/search?query=&startAt=1&maxResults=2")).json() == everybody[1:3]


async def test_who_has_left_is_not_found(custom: httpx.AsyncClient) -> None:
    users = (await custom.get("user/search?query=")).json()
    assert {user["displayName"] for user in users} == {"Ada One", "Bo Two"}


async def test_an_account_id_is_escaped_in_links(custom: httpx.AsyncClient) -> None:
    (user,) = (await custom.get("user/search", params={"accountId": "712020:bo"})).json()
    assert user["self"].endswith("/user?accountId=712020%3Abo")
    assert (await custom.get(user["self"])).json()["displayName"] == "Bo Two"


async def test_a_search_needs_a_parameter(jira: httpx.AsyncClient) -> None:
    text = "The 'query', 'accountId' or 'property' query parameter needs to be provided."
    assert_refused(await jira.get("user/search"), 400, text)


async def test_nobody_finds_no_users(nobody: httpx.AsyncClient) -> None:
    assert (await nobody.get("user/search?query=bea")).json() == []


async def test_assignable_users_of_a_project_or_an_issue(jira: httpx.AsyncClient) -> None:
    for scope in ({"project": "WEB"}, {"issueKey": "WEB-1"}):
        users = (await jira.get("user/assignable/search", params={**scope, "query": "chi"})).json()
        assert [user["displayName"] for user in users] == ["Chidi Okafor"]


async def test_assignable_users_need_a_scope_that_is_there(jira: httpx.AsyncClient) -> None:
    missing = "The 'project', 'issueKey' or 'issueId' query parameter needs to be provided."
    assert_refused(await jira.get("user/assignable/search?query=a"), 400, missing)
    unknown = "No project could be found with key 'NOPE'."
    assert_refused(await jira.get("user/assignable/search?project=NOPE"), 404, unknown)
    assert_refused(await jira.get("user/assignable/search?issueKey=WEB-99"), 404, NO_ISSUE)
