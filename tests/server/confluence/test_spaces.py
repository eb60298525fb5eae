from __future__ import annotations

import httpx
import pytest

from tests.server.confluence.conftest import Rows, v1_error, v2_error

SPACES = "/wiki/api/v2/spaces"
LEGACY = "/wiki/rest/api/space"


async def test_spaces_are_listed_and_filtered(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    async def keys(**params: str) -> list[str]:
        answer = await atlassian.get(SPACES, params=params)
        assert answer.status_code == 200, answer.text
        return [space["key"] for space in answer.json()["results"]]

    assert await keys() == ["OPS", "Help"]
    assert await keys(keys="ops") == ["OPS"]
    assert await keys(keys="OPS,HELP") == ["OPS", "Help"]
    assert await keys(keys="NOPE") == []
    assert await keys(ids=rows.space("Help")["id"]) == ["Help"]
    assert await keys(type="knowledge_base") == ["Help"]
    assert await keys(status="archived") == []
    assert await keys(labels="any") == []
    assert await keys(sort="name") == ["Help", "OPS"]
    assert await keys(sort="-key") == ["OPS", "Help"]
    assert v2_error(await atlassian.get(SPACES, params={"type": "nope"}))[:2] == (
        400,
        "INVALID_REQUEST_PARAMETER",
    )


async def test_a_space(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    row = rows.space()
    answer = await atlassian.get(f"{SPACES}/{row['id']}")
    assert answer.status_code == 200
    assert answer.json() == {
        "id": row["id"],
        "key": "OPS",
        "name": "Operations",
        "type": "global",
        "status": "current",
        "authorId": "alex",
        "spaceOwnerId": "alex",
        "currentActiveAlias": "OPS",
        "createdAt": "2026-03-02T09:00:00.000Z",
        "homepageId": row["homepage"],
        "_links": {"webui": "/spaces/OPS", "base": "http://acme.test/wiki"},
    }
    params = {
        "description-format": "plain",
        "include-icon": "true",
        "include-operations": "true",
        "include-labels": "true",
    }
    more = (await atlassian.get(f"{SPACES}/{row['id']}", params=params)).json()
    assert more["description"] == {"plain": {"representation": "plain", "value": "How we run things."}}
    assert {"operation": "create", "targetType": "page"} in more["operations"]["results"]
    assert more["labels"]["results"] == []
    assert "path" in more["icon"]


async def test_an_unknown_space(atlassian: httpx.AsyncClient) -> None:
    assert v2_error(await atlassian.get(f"{SPACES}/999")) == (
        404,
        "NOT_FOUND",
        "Cannot find a space with id [999]",
    )
    assert v2_error(await atlassian.get(f"{SPACES}/OPS")) == (
        400,
        "INVALID_REQUEST_PARAMETER",
        "Provided value {OPS} for 'id' is not the correct type. Expected type is long",
    )


async def test_a_space_is_created_with_a_homepage(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    body = {"name": "Finance", "key": "FIN", "description": {"value": "Money.", "representation": "plain"}}
    answer = await atlassian.post(SPACES, json=body)
    assert answer.status_code == 201
    created = answer.json()
    row = rows.space("FIN")
    assert (created["id"], created["homepageId"]) == (row["id"], row["homepage"])
    assert (row["name"], row["description"], row["type"]) == ("Finance", "Money.", "global")
    homepage = rows.get("page", row["homepage"])
    assert (homepage["title"], homepage["space"], homepage["parent"]) == ("Finance Home", row["id"], None)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ({"name": "Again", "key": "ops"}, "A space already exists with key ops"),
        ({"name": "Bad", "key": "A-B"}, "Space keys may only contain letters and digits: A-B"),
        ({"name": "None"}, "Either a key or an alias must be provided to create a space"),
        ({"name": " ", "key": "X"}, "Space name must not be blank"),
    ],
)
async def test_a_space_that_cannot_be_created(
    atlassian: httpx.AsyncClient, rows: Rows, body: dict[str, str], title: str
) -> None:
    before = len(rows.all("space")), len(rows.all("page"))
    assert v2_error(await atlassian.post(SPACES, json=body)) == (400, "BAD_REQUEST", title)
    assert v1_error(await atlassian.post(LEGACY, json=body)) == (400, title)
    assert (len(rows.all("space")), len(rows.all("page"))) == before


async def test_older_space_in_any_case_of_its_key(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    row = rows.space()
    answer = await atlassian.get(f"{LEGACY}/ops")
    assert answer.status_code == 200
    space = answer.json()
    assert list(space) == ["id", "ari", "key", "alias", "name", "type", "status", "_expandable", "_links"]
    assert (space["id"], space["key"]) == (int(row["id"]), "OPS")
    assert space["ari"].startswith("ari:cloud:confluence:")
    assert len(space["_expandable"]) == 13
    assert space["_expandable"]["homepage"] == f"/rest/api/content/{row['homepage']}"
    assert space["_links"] == {
        "webui": "/spaces/OPS",
        "self": "http://acme.test/wiki/rest/api/space/OPS",
        "context": "/wiki",
        "collection": "/rest/api/space",
        "base": "http://acme.test/wiki",
    }
    assert answer.headers["deprecation"] == "Wed, 1 Mar 2023 00:00:00 GMT"


async def test_older_space_expanded(atlassian: httpx.AsyncClient) -> None:
    bare = (await atlassian.get(f"{LEGACY}/OPS", params={"expand": "description"})).json()
    assert bare["description"] == {"_expandable": {"view": "", "plain": ""}}
    expand = "description.plain,homepage.body.storage,history,icon,operations,permissions,metadata,nonsense"
    space = (await atlassian.get(f"{LEGACY}/OPS", params={"expand": expand})).json()
    assert space["description"]["plain"] == {
        "value": "How we run things.",
        "representation": "plain",
        "embeddedContent": [],
    }
    assert space["homepage"]["title"] == "Operations Home"
    assert "storage" in space["homepage"]["body"]
    assert space["history"]["createdBy"]["accountId"] == "alex"
    assert set(space["_expandable"]) == {
        "settings",
        "lookAndFeel",
        "identifiers",
        "roles",
        "typeSettings",
        "theme",
    }


async def test_older_space_that_is_not_there(atlassian: httpx.AsyncClient) -> None:
    answer = await atlassian.get(f"{LEGACY}/nosuch")
    assert answer.status_code == 404
    assert answer.json() == {
        "statusCode": 404,
        "message": "org.springframework.web.server.ResponseStatusException: "
        '404 NOT_FOUND "No space found with key : nosuch"',
    }


async def test_older_list_of_spaces(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    async def keys(**params: str) -> list[str]:
        answer = await atlassian.get(LEGACY, params=params)
        assert answer.status_code == 200
        return [space["key"] for space in answer.json()["results"]]

    assert await keys() == ["OPS", "Help"]
    assert await keys(spaceKey="ops, nope") == ["OPS"]
    assert await keys(spaceKey="nope") == []
    assert await keys(spaceId=rows.space("Help")["id"]) == ["Help"]
    assert await keys(type="global") == ["OPS"]
    listed = (await atlassian.get(LEGACY)).json()["results"][0]
    assert set(listed["_links"]) == {"webui", "self"}


async def test_older_way_to_create_a_space(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    body = {
        "name": "Finance",
        "key": "FIN",
        "description": {"plain": {"value": "Money.", "representation": "plain"}},
    }
    answer = await atlassian.post(LEGACY, json=body)
    assert answer.status_code == 200
    assert answer.json()["homepage"]["id"] == rows.space("FIN")["homepage"]
    assert answer.json()["description"]["plain"]["value"] == "Money."
    assert "deprecation" not in answer.headers
