from __future__ import annotations

import httpx

from tests.server.confluence.conftest import v1_error


async def test_the_caller(atlassian: httpx.AsyncClient) -> None:
    answer = await atlassian.get("/wiki/rest/api/user/current")
    assert answer.status_code == 200
    user = answer.json()
    assert list(user) == [
        "type",
        "accountId",
        "accountType",
        "email",
        "publicName",
        "profilePicture",
        "displayName",
        "isExternalCollaborator",
        "isGuest",
        "locale",
        "accountStatus",
        "_expandable",
        "_links",
    ]
    assert (user["type"], user["accountId"], user["email"]) == ("known", "alex", "admin@example.com")
    assert set(user["_expandable"]) == {"operations", "personalSpace"}
    assert user["_links"] == {"self": "http://acme.test/wiki/rest/api/user?accountId=alex"}
    expanded = (await atlassian.get("/wiki/rest/api/user/current", params={"expand": "operations"})).json()
    assert expanded["operations"] == [{"operation": "use", "targetType": "application"}]


async def test_a_user(atlassian: httpx.AsyncClient) -> None:
    answer = await atlassian.get("/wiki/rest/api/user", params={"accountId": "bea"})
    assert answer.json()["displayName"] == "Bea Lindqvist"
    unknown = await atlassian.get("/wiki/rest/api/user", params={"accountId": "nobody"})
    assert v1_error(unknown) == (404, "No user found with account id : nobody")
    assert (await atlassian.get("/wiki/rest/api/user")).status_code == 400
