from __future__ import annotations

import io

import httpx
import pytest
from PIL import Image

from sandlot_server.app import App

PLACE = "/rest/api/3/universal_avatar/view/type"


@pytest.fixture
def stranger(app: App) -> httpx.AsyncClient:
    """A caller who names no site and has no credential."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app.atlassian), base_url="http://acme.test")


async def test_what_users_and_projects_carry_is_there_for_everybody(
    jira: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    user = (await jira.get("myself")).json()
    project = (await jira.get("project/WEB")).json()
    issue_type = project["issueTypes"][0]
    addresses = [*user["avatarUrls"].values(), *project["avatarUrls"].values(), issue_type["iconUrl"]]
    assert len(addresses) == 9
    for address in addresses:
        for caller in (jira, stranger):
            answer = await caller.get(address)
            assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
            assert answer.text.startswith("<svg ")


@pytest.mark.parametrize(("size", "pixels"), [("xsmall", 16), ("small", 24), ("medium", 32), ("xlarge", 96)])
async def test_sizes_and_formats(stranger: httpx.AsyncClient, size: str, pixels: int) -> None:
    answer = await stranger.get(f"{PLACE}/user/avatar/10348?size={size}&format=png", headers={"Accept": "image/png"})
    assert answer.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (pixels, pixels)


async def test_by_type_and_by_owner(jira: httpx.AsyncClient, stranger: httpx.AsyncClient) -> None:
    for place in ("project", "project/owner/10000", "priority/owner/3", "issuetype"):
        assert (await stranger.get(f"{PLACE}/{place}")).text.startswith("<svg ")
        assert (await jira.get(f"{PLACE.removeprefix('/rest/api/3/')}/{place}")).text.startswith("<svg ")


async def test_head_and_the_older_version(stranger: httpx.AsyncClient) -> None:
    head = await stranger.head(f"{PLACE.replace('/3/', '/2/')}/project/avatar/10400")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) > 100


async def test_refusals(stranger: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    for caller in (stranger, anonymous):
        unknown = await caller.get(f"{PLACE}/dog/avatar/1")
        assert (unknown.status_code, unknown.json()["errorMessages"]) == (
            404,
            ["There are no avatars of the type 'dog'."],
        )
        number = await caller.get(f"{PLACE}/project/avatar/x")
        assert (number.status_code, number.json()["detail"]) == (400, "Failed to convert 'id' with value: 'x'")
        assert (await caller.get(f"{PLACE}/project/avatar/1?size=huge")).status_code == 400
    # Nothing else is answered without a site.
    assert (await stranger.get("/rest/api/3/serverInfo")).status_code == 401
    assert (await stranger.get(f"{PLACE}/project/nope")).status_code == 401
    assert (await stranger.post(f"{PLACE}/project")).status_code == 401


async def test_only_the_sites_that_were_named_note_it(
    jira: httpx.AsyncClient, stranger: httpx.AsyncClient, control: httpx.AsyncClient
) -> None:
    await stranger.get(f"{PLACE}/project")
    await jira.get("universal_avatar/view/type/project")
    exchanges = (await control.get("/sites/default/trace")).json()["exchanges"]
    assert [one["operation"] for one in exchanges] == ["jira/getAvatarImageByType"]
