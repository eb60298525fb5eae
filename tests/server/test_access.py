from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from sqlmodel import Session, select

from sandlot_server.access import Credential, Unreadable, read_credential
from sandlot_server.app import App, Config, create_app
from sandlot_server.site.sites import cloud_id_of
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
        ("Basic !!", Unreadable(user=False)),
        (basic("ada@example.com:"), Unreadable(user=True)),
        (basic("ada@example.com:t:t"), Unreadable(user=True)),
        (basic(":t"), Unreadable(user=False)),
        (basic("nobody"), Unreadable(user=False)),
        (None, None),
    ],
)
def test_what_a_header_says(header: str | None, credential: Credential | Unreadable | None) -> None:
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


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client, without a credential, of a server that takes API tokens as bearer tokens at the gateway alone."""
    app = create_app(Config(tmp_path / "strict", quiet=True, strict_bearer=True))
    transport = httpx.ASGITransport(app.atlassian)  # type: ignore[arg-type]
    async with (
        app.control.router.lifespan_context(app.control),
        httpx.AsyncClient(transport=transport, base_url="http://acme.test") as client,
    ):
        yield client


@pytest.mark.parametrize("token", [TOKEN, "any"])
@pytest.mark.parametrize("prefix", ["/s/default", ""])
@pytest.mark.parametrize("path", [MYSELF, "/rest/api/3/serverInfo", "/rest/api/2/field", "/rest/api/3/nope"])
async def test_a_strict_server_refuses_a_bearer_token_of_jira(
    strict: httpx.AsyncClient, token: str, prefix: str, path: str
) -> None:
    answer = await strict.get(prefix + path, auth=bearer(token))
    assert (answer.status_code, answer.text) == (403, '{"error": "Failed to parse Connect Session Auth Token"}')
    assert answer.headers["content-type"] == "application/json"
    for name in ("x-arequestid", "x-aaccountid", "timing-allow-origin", "x-seraph-loginreason", "ratelimit"):
        assert name not in answer.headers


async def test_a_strict_servers_refusal_in_xml(strict: httpx.AsyncClient) -> None:
    answer = await strict.get("/s/default" + MYSELF, auth=bearer(TOKEN), headers={"accept": "application/xml"})
    assert answer.text == "<error>Failed to parse Connect Session Auth Token</error>"
    assert answer.headers["content-type"] == "application/xml"


async def test_a_strict_servers_refusal_of_options_and_of_signed_tokens(strict: httpx.AsyncClient) -> None:
    assert (await strict.options("/s/default" + MYSELF, auth=bearer(TOKEN))).status_code == 401
    signed = await strict.get("/s/default/rest/api/3/serverInfo", auth=bearer("eyJhbGciOiJIUzI1NiJ9.e30.c2ln"))
    assert (signed.status_code, signed.text) == (401, "Client must be authenticated to access this resource.")


async def test_a_strict_server_takes_the_bearer_of_confluence_for_a_stranger(strict: httpx.AsyncClient) -> None:
    answer = await strict.get("/s/default/wiki/rest/api/space", auth=bearer(TOKEN))
    assert answer.status_code == 403
    assert answer.json()["message"].endswith('"Request rejected because caller cannot access Confluence"')


@pytest.mark.parametrize(
    ("product", "path"),
    [("jira", MYSELF), ("confluence", "/wiki/rest/api/user/current"), ("confluence", "/rest/api/user/current")],
)
async def test_a_strict_server_takes_bearer_tokens_at_the_gateway(
    strict: httpx.AsyncClient, product: str, path: str
) -> None:
    answer = await strict.get(f"/ex/{product}/{cloud_id_of('default')}{path}", auth=bearer(TOKEN))
    assert answer.status_code == 200


async def test_a_strict_server_takes_basic_credentials(strict: httpx.AsyncClient) -> None:
    assert (await strict.get(MYSELF, auth=(EMAIL, TOKEN))).status_code == 200
    assert (await strict.get(MYSELF)).status_code == 401


@pytest.mark.parametrize("pair", ["nobody", ":t", f"{EMAIL}:{TOKEN}:x", f"{EMAIL}:"])
async def test_a_payload_that_is_no_pair_is_refused_by_confluence_alone(
    anonymous: httpx.AsyncClient, atlassian: httpx.AsyncClient, pair: str
) -> None:
    headers = {"Authorization": basic(pair)}
    for client in (anonymous, atlassian):
        answer = await client.get("/wiki/rest/api/space", headers=headers, auth=None)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "text/html;charset=utf-8"
        assert answer.headers["www-authenticate"].startswith('OAuth realm="http%3A%2F%2Facme.test')
    jira = await anonymous.get("/rest/api/3/serverInfo", headers=headers)
    assert (jira.status_code, "serverTime" in jira.json()) == (200, False)
    assert ("x-seraph-loginreason" in jira.headers) == pair.startswith(EMAIL)
