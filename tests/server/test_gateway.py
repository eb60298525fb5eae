"""How a client finds out about the gateway; the last tests over a real socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select

from sandlot_server.app import App, Config, create_app
from sandlot_server.site.sites import cloud_id_of
from sandlot_server.trace.tables import ExchangeRecord, RefusedRecord
from tests.conftest import EMAIL, TOKEN, LiveServer

RESOURCES, TENANT = "/oauth/token/accessible-resources", "/_edge/tenant_info"
UNAUTHORIZED = {"code": 401, "message": "Unauthorized"}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
async def client(app: App) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the Atlassian port without a credential."""
    transport = httpx.ASGITransport(app.atlassian)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://acme.test") as client:
        yield client


async def test_a_token_opens_its_site_for_each_product(client: httpx.AsyncClient) -> None:
    answer = await client.get(RESOURCES, headers=bearer(TOKEN))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert "x-arequestid" not in answer.headers
    jira, confluence = answer.json()
    for resource in (jira, confluence):
        assert list(resource) == ["id", "url", "name", "scopes", "avatarUrl"]
        assert (resource["id"], resource["url"]) == (cloud_id_of("default"), "http://acme.test")
        assert resource["name"] == "default"
    assert {"read:jira-work", "write:jira-work", "write:sprint:jira-software"} <= set(jira["scopes"])
    assert {"write:page:confluence", "write:confluence-content"} <= set(confluence["scopes"])
    assert not set(jira["scopes"]) & set(confluence["scopes"])
    assert (await client.get(jira["avatarUrl"])).headers["content-type"].startswith("image/")


async def test_the_token_of_any_user_will_do(client: httpx.AsyncClient, control: httpx.AsyncClient) -> None:
    await control.put("/sites/other", json={})
    for user in (await control.get("/sites/other/users")).json()["users"]:
        resources = (await client.get(RESOURCES, headers=bearer(user["token"]))).json()
        assert {resource["id"] for resource in resources} == {cloud_id_of("other")}


@pytest.mark.parametrize("path", [RESOURCES, "/s/default" + RESOURCES])
@pytest.mark.parametrize("headers", [{}, bearer("nobody's"), {"Authorization": "bearer token"}])
async def test_without_a_token_of_the_site_it_tells_nothing(
    client: httpx.AsyncClient, app: App, path: str, headers: dict[str, str]
) -> None:
    answer = await client.get(path, headers=headers)
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
    with Session(app.plane.engine) as session:
        # The note is written by the writer when it comes to it; the next exchange waits for that.
        await client.get("/rest/api/3/myself", headers=bearer(TOKEN))
        assert [row.path for row in session.exec(select(RefusedRecord)).all()] == [path]


async def test_a_pair_of_email_and_token_is_no_bearer(client: httpx.AsyncClient) -> None:
    answer = await client.get(RESOURCES, auth=(EMAIL, TOKEN))
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)


async def test_the_token_of_another_site(client: httpx.AsyncClient, control: httpx.AsyncClient) -> None:
    other = (await control.put("/sites/other", json={})).json()
    assert (await client.get("/s/default" + RESOURCES, headers=bearer(other["token"]))).status_code == 401
    (resource, _) = (await client.get("/s/other" + RESOURCES, headers=bearer(other["token"]))).json()
    assert resource["url"] == "http://acme.test/s/other"


async def test_anybody_is_told_the_cloud_id(client: httpx.AsyncClient, control: httpx.AsyncClient) -> None:
    other = (await control.put("/sites/other", json={})).json()
    for path, headers, site in (
        (TENANT, {}, "default"),
        ("/s/default" + TENANT, {}, "default"),
        ("/s/other" + TENANT, {}, "other"),
        ("/s/other" + TENANT, bearer("nobody's"), "other"),
        (TENANT, bearer(other["token"]), "other"),
    ):
        answer = await client.get(path, headers=headers)
        assert (answer.status_code, answer.json()) == (200, {"cloudId": cloud_id_of(site)})
    assert (await client.head(TENANT)).content == b""


async def test_what_is_unknown_falls_through_to_no_site(client: httpx.AsyncClient, control: httpx.AsyncClient) -> None:
    nowhere = await client.get("/s/nowhere" + TENANT)
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, 404)
    assert (await client.get(TENANT, headers=bearer("nobody's"))).json() == UNAUTHORIZED
    await control.delete("/sites/default")
    assert (await client.get(TENANT)).status_code == 401


async def test_discovery_stands_in_no_trace(client: httpx.AsyncClient, app: App) -> None:
    await client.get(RESOURCES, headers=bearer(TOKEN))
    await client.get("/s/default" + TENANT)
    with Session(app.plane.engine) as session:
        assert session.exec(select(ExchangeRecord)).all() == []


@pytest.mark.parametrize("path", ["/wiki" + TENANT, "/rest" + RESOURCES, TENANT + "/x"])
async def test_other_paths_and_methods_are_the_products(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path, headers=bearer(TOKEN))).status_code == 404
    assert (await client.post(TENANT, headers=bearer(TOKEN))).status_code == 404


async def test_a_host_name_names_the_site(tmp_path: Path) -> None:
    app = create_app(Config(tmp_path / "data", quiet=True, host_suffix="sandlot.test", strict_bearer=True))
    transport = httpx.ASGITransport(app.atlassian)  # type: ignore[arg-type]
    async with (
        app.control.router.lifespan_context(app.control),
        httpx.AsyncClient(transport=transport, base_url="http://default.sandlot.test") as client,
    ):
        assert (await client.get(TENANT)).json() == {"cloudId": cloud_id_of("default")}
        (resource, _) = (await client.get(RESOURCES, headers=bearer(TOKEN))).json()
        assert resource["url"] == "http://default.sandlot.test"
        assert (await client.get("http://nowhere.sandlot.test" + TENANT)).status_code == 404


def test_over_a_socket(live_server: LiveServer, live_site: dict[str, Any]) -> None:
    with httpx.Client(base_url=live_server.url) as client:
        resources = client.get(RESOURCES, headers=bearer(live_site["token"])).raise_for_status().json()
        assert {resource["id"] for resource in resources} == {live_site["cloudId"]}
        assert {resource["url"] for resource in resources} == {live_server.url}
        assert client.get(f"/s/{live_site['site']}{TENANT}").json() == {"cloudId": live_site["cloudId"]}
        assert client.get(TENANT).json() == {"cloudId": cloud_id_of("default")}
        assert client.get(RESOURCES, headers=bearer("nobody's")).json() == UNAUTHORIZED
