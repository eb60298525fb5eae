from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.jira.expectations import (
    ADMIN,
    BEA,
    CHIDI,
    DANA,
    ELIO,
    NO_ISSUE,
    assert_problem,
    assert_refused,
    fields_of,
)

NEW = {"emailAddress": "fay@example.com", "products": ["jira-software"]}


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


async def test_a_user_is_created_and_works(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    answer = await jira.post("user", json={**NEW, "displayName": "Fay Moreau"})
    user = answer.json()
    assert answer.status_code == 201
    assert (user["displayName"], user["emailAddress"], user["active"]) == ("Fay Moreau", "fay@example.com", True)
    assert (await jira.get("user", params={"accountId": user["accountId"]})).json() == user
    assert (await jira.put("issue/WEB-1/assignee", json={"accountId": user["accountId"]})).status_code == 204
    again = await jira_v2.post("user", json=NEW)
    assert (again.status_code, again.json()["accountId"]) == (201, user["accountId"])
    other = (await jira.post("user", json={**NEW, "emailAddress": "gus@example.com"})).json()
    assert (other["displayName"], other["accountId"] == user["accountId"]) == ("gus", False)


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (
            {},
            {
                "emailAddress": "You must specify a valid email address.",
                "products": "You must specify the products that the user has access to.",
            },
        ),
        ({**NEW, "emailAddress": "fay"}, {"emailAddress": "You must specify a valid email address."}),
        ({**NEW, "products": ["jira-hardware"]}, {"products": "The product 'jira-hardware' does not exist."}),
    ],
)
async def test_a_user_that_cannot_be(jira: httpx.AsyncClient, body: dict[str, Any], errors: dict[str, str]) -> None:
    assert_refused(await jira.post("user", json=body), 400, **errors)
    assert len((await jira.get("users")).json()) == 5


async def test_a_removed_user_leaves_what_they_wrote(jira: httpx.AsyncClient) -> None:
    assert (await jira.delete("user", params={"accountId": DANA})).status_code == 204
    assert (await jira.get("user", params={"accountId": DANA})).json()["active"] is False
    assert (await jira.get("user/search?query=dana")).json() == []
    assert (await fields_of(jira, "SUP-1"))["assignee"]["displayName"] == "Dana Petrova"
    assert (await jira.put("issue/WEB-1/assignee", json={"accountId": DANA})).status_code == 400
    answer = await jira.post("user", json={**NEW, "emailAddress": "dana@example.com"})
    assert_refused(answer, 400, "The user 'dana@example.com' exists and has no access to Jira.")


async def test_who_cannot_be_removed(jira: httpx.AsyncClient) -> None:
    answer = await jira.delete("user?accountId=nobody")
    assert_refused(answer, 404, "Specified user does not exist or you do not have required permissions")
    answer = await jira.delete("user", params={"accountId": ADMIN})
    assert_refused(answer, 400, "You cannot delete the currently logged in user.")
    answer = await jira.delete("user")
    assert_problem(answer, 400, "Bad Request", "Required parameter 'accountId' is not present.")


async def test_administration_is_for_administrators(member: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    text = "You must have global administrator rights in order to modify users."
    assert_refused(await member.post("user", json=NEW), 403, text)
    assert_refused(await member.delete("user", params={"accountId": DANA}), 403, text)
    text = "You are not authenticated. Authentication required to perform this operation."
    assert_refused(await nobody.post("user", json=NEW), 401, text)


async def test_several_users_at_once(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    asked = {"accountId": [DANA, "nobody", BEA, DANA]}
    page = (await jira.get("user/bulk", params=asked)).json()
    assert [user["accountId"] for user in page["values"]] == [DANA, BEA]
    assert (page["maxResults"], page["total"], page["isLast"]) == (10, 2, True)
    page = (await jira_v2.get("user/bulk", params={**asked, "maxResults": 1})).json()
    assert [user["accountId"] for user in page["values"]] == [DANA]
    assert (await jira.get(page["nextPage"])).json()["values"][0]["accountId"] == BEA
    answer = await jira.get("user/bulk")
    assert_problem(answer, 400, "Bad Request", "Required parameter 'accountId' is not present.")


@pytest.mark.parametrize("path", ["users", "users/search"])
async def test_all_users(
    jira: httpx.AsyncClient, custom: httpx.AsyncClient, nobody: httpx.AsyncClient, path: str
) -> None:
    assert [user["accountId"] for user in (await jira.get(path)).json()] == [ADMIN, BEA, CHIDI, DANA, ELIO]
    assert [user["accountId"] for user in (await jira.get(f"{path}?startAt=1&maxResults=2")).json()] == [BEA, CHIDI]
    assert [user["active"] for user in (await custom.get(path)).json() if user["accountId"] == "cy"] == [False]
    assert (await nobody.get(path)).json() == []


async def test_users_with_permissions(jira: httpx.AsyncClient, member: httpx.AsyncClient) -> None:
    async def found(**query: str) -> list[str]:
        users = (await jira.get("user/permission/search", params=query)).json()
        return [user["accountId"] for user in users]

    assert await found(query="", permissions="BROWSE,EDIT_ISSUES", projectKey="WEB") == [ADMIN, BEA, CHIDI, DANA, ELIO]
    assert await found(query="", permissions="BROWSE,ADMINISTER") == [ADMIN]
    assert await found(accountId=BEA, permissions="EDIT_ISSUES", issueKey="WEB-1") == [BEA]
    assert await found(query="bea", permissions="EDIT_ISSUES", startAt="1") == []
    answer = await jira.get("user/permission/search?query=bea&permissions=FLY")
    assert_refused(answer, 400, "These permissions do not exist: FLY.")
    answer = await jira.get("user/permission/search?query=bea&permissions=BROWSE&projectKey=NO")
    assert_refused(answer, 404, "No project could be found with key 'NO'.")
    answer = await jira.get("user/permission/search?permissions=BROWSE")
    assert_refused(answer, 400, "The 'query', 'accountId' or 'property' query parameter needs to be provided.")
