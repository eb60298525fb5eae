from __future__ import annotations

import base64
from collections.abc import Callable

import httpx
import pytest
from sqlmodel import Session, select

from sandlot_server.access import Credential, read_credential
from sandlot_server.app import App
from sandlot_server.trace.tables import ExchangeRecord, RefusedRecord
from tests.conftest import EMAIL, TOKEN

MYSELF = "/rest/api/3/myself"


def basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


def bearer(token: str) -> Callable[[httpx.Request], httpx.Request]:
    def with_token(request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return with_token


@pytest.mark.parametrize(
    ("header", "credential"),
    [
        (basic("Ada@example.com:t"), Credential("t", "ada@example.com")),
        ("Bearer t", Credential("t", None)),
        ("bearer t", None),
        ("Bearer  t", None),
        ("Bearer", None),
        ("Basic", None),
        ("Basic !!", None),
        (basic("ada@example.com:"), None),
        (basic("nobody"), None),
        (None, None),
    ],
)
def test_what_a_header_says(header: str | None, credential: Credential | None) -> None:
    assert read_credential(header) == credential


async def test_the_token_names_the_site(atlassian: httpx.AsyncClient, control: httpx.AsyncClient) -> None:
    other = (await control.put("/sites/other", json={})).json()
    auth = (other["email"], other["token"])
    await atlassian.put("/rest/api/3/issue/WEB-1", json={"fields": {"summary": "Changed"}}, auth=auth)
    mine = await atlassian.get("/rest/api/3/issue/WEB-1")
    theirs = await atlassian.get("/rest/api/3/issue/WEB-1", auth=auth)
    assert mine.json()["fields"]["summary"] == "Faster checkout"
    assert theirs.json()["fields"]["summary"] == "Changed"


@pytest.mark.parametrize("prefix", ["/s/default", "/ex/jira/{cloud_id}"])
async def test_the_path_names_the_site_too(atlassian: httpx.AsyncClient, app: App, prefix: str) -> None:
    cloud_id = app.plane.site("default").cloud_id
    answer = await atlassian.get(prefix.format(cloud_id=cloud_id) + MYSELF)
    assert answer.status_code == 200
    assert answer.json()["self"].startswith(f"http://acme.test{prefix.format(cloud_id=cloud_id)}/rest/api/3/")


@pytest.mark.parametrize("tail", ["/wiki/api/v2/spaces", "/api/v2/spaces", "/wiki/rest/api/space", "/rest/api/space"])
async def test_the_gateway_takes_confluence_with_and_without_wiki(
    atlassian: httpx.AsyncClient, app: App, tail: str
) -> None:
    answer = await atlassian.get(f"/ex/confluence/{app.plane.site('default').cloud_id}{tail}")
    assert answer.status_code == 200


async def test_path_and_token_must_agree(atlassian: httpx.AsyncClient, control: httpx.AsyncClient) -> None:
    other = (await control.put("/sites/other", json={})).json()
    answer = await atlassian.get("/s/default" + MYSELF, auth=(other["email"], other["token"]))
    assert answer.status_code == 401
    assert answer.headers["x-seraph-loginreason"] == "AUTHENTICATED_FAILED"


async def test_an_unknown_token_reaches_no_site_and_is_noted_apart(atlassian: httpx.AsyncClient, app: App) -> None:
    answer = await atlassian.get(MYSELF, auth=(EMAIL, "wrong"))
    assert answer.status_code == 401
    assert answer.text == "Client must be authenticated to access this resource."
    await atlassian.get(MYSELF)
    with Session(app.plane.engine) as session:
        assert [row.reason for row in session.exec(select(RefusedRecord)).all()] == ["unknown token"]
        assert [row.status for row in session.exec(select(ExchangeRecord)).all()] == [200]


async def test_an_unknown_site_in_the_path_is_404(atlassian: httpx.AsyncClient) -> None:
    assert (await atlassian.get("/s/nowhere" + MYSELF)).status_code == 404
    assert (await atlassian.get("/ex/jira/0000/rest/api/3/myself")).status_code == 404


async def test_the_token_of_another_address_is_no_credential(atlassian: httpx.AsyncClient) -> None:
    assert (await atlassian.get(MYSELF, auth=("bea@example.com", TOKEN))).status_code == 401
    assert (await atlassian.get(MYSELF, auth=(EMAIL.upper(), TOKEN))).status_code == 200


async def test_an_anonymous_caller_sees_nothing_private(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get("/rest/api/3/issue/WEB-1")).status_code == 404
    assert (await anonymous.get("/rest/api/3/project/search")).json()["total"] == 0
    assert (await anonymous.get(MYSELF)).status_code == 401


async def test_every_user_has_a_token_of_their_own(atlassian: httpx.AsyncClient, control: httpx.AsyncClient) -> None:
    users = {user["emailAddress"]: user for user in (await control.get("/sites/default/users")).json()["users"]}
    assert users[EMAIL]["token"] == TOKEN
    other = next(user for email, user in users.items() if email != EMAIL)
    answer = await atlassian.get(MYSELF, auth=(other["emailAddress"], other["token"]))
    assert answer.json()["accountId"] == other["accountId"]
    answer = await atlassian.get(MYSELF, auth=bearer(other["token"]))
    assert answer.json()["accountId"] == other["accountId"]
    assert (await atlassian.get(MYSELF, auth=(EMAIL, other["token"]))).status_code == 401


@pytest.mark.parametrize("token", ["default.0123", "default.", "nowhere.0123", ".", "default"])
async def test_a_token_that_only_looks_like_one_is_none(atlassian: httpx.AsyncClient, token: str) -> None:
    assert (await atlassian.get(MYSELF, auth=(EMAIL, token))).status_code == 401


async def test_a_users_token_is_good_for_one_site(atlassian: httpx.AsyncClient, control: httpx.AsyncClient) -> None:
    await control.put("/sites/other", json={})
    users = (await control.get("/sites/other/users")).json()["users"]
    user = next(user for user in users if user["emailAddress"] != EMAIL)
    assert (await atlassian.get(MYSELF, auth=(user["emailAddress"], user["token"]))).status_code == 200
    assert (await atlassian.get("/s/default" + MYSELF, auth=(user["emailAddress"], user["token"]))).status_code == 401
