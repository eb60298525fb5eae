from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.confluence.conftest import v1_error

TEMPLATE = "/wiki/rest/api/template"
LIST = f"{TEMPLATE}/page"
BODY = "<h2>What happened</h2><p />"


def draft(**members: Any) -> dict[str, Any]:
    body = {"storage": {"value": BODY, "representation": "storage"}}
    return {"name": "Incident", "templateType": "page", "body": body, **members}


async def create(client: httpx.AsyncClient, **members: Any) -> dict[str, Any]:
    answer = await client.post(TEMPLATE, json=draft(**members))
    assert answer.status_code == 200, answer.text
    template: dict[str, Any] = answer.json()
    return template


async def names(client: httpx.AsyncClient, **query: str) -> list[str]:
    return [template["name"] for template in (await client.get(LIST, params=query)).json()["results"]]


async def test_a_template_of_a_space(atlassian: httpx.AsyncClient) -> None:
    label = {"prefix": "global", "name": "incident", "id": "1", "label": "incident"}
    made = await create(atlassian, description="After an outage", labels=[label], space={"key": "ops"})
    assert (made["name"], made["description"], made["labels"]) == ("Incident", "After an outage", [label])
    assert (made["templateType"], made["space"]["key"]) == ("page", "OPS")
    assert made["body"]["storage"] == {"representation": "storage", "value": BODY, "embeddedContent": []}
    answer = await atlassian.get(f"{TEMPLATE}/{made['templateId']}")
    assert (answer.status_code, answer.json()) == (200, made)
    assert await names(atlassian, spaceKey="OPS") == ["Incident"]
    assert await names(atlassian, spaceKey="Help") == []
    assert await names(atlassian) == []


async def test_templates_of_the_whole_site(atlassian: httpx.AsyncClient) -> None:
    for name in ("Incident", "Decision", "Meeting"):
        await create(atlassian, name=name, body={"wiki": {"value": "h2. Why", "representation": "wiki"}})
    first = (await atlassian.get(LIST, params={"limit": 2})).json()
    assert [template["name"] for template in first["results"]] == ["Incident", "Decision"]
    assert (first["size"], "body" in first["results"][0]) == (2, False)
    assert first["results"][0]["_expandable"] == {"body": ""}
    rest = (await atlassian.get(LIST, params={"start": 2, "expand": "body"})).json()
    assert [template["body"]["storage"]["value"] for template in rest["results"]] == ["<h2>Why</h2>"]


async def test_a_template_is_updated(atlassian: httpx.AsyncClient) -> None:
    made = await create(atlassian, description="After an outage", space={"key": "OPS"})
    body = {"storage": {"value": "<p>Short</p>", "representation": "storage"}}
    sent = draft(templateId=made["templateId"], name="Outage", body=body)
    answer = await atlassian.put(TEMPLATE, json=sent)
    assert answer.status_code == 200
    kept = (await atlassian.get(f"{TEMPLATE}/{made['templateId']}")).json()
    assert (kept["name"], kept["description"]) == ("Outage", "After an outage")
    assert (kept["body"]["storage"]["value"], kept["space"]["key"]) == ("<p>Short</p>", "OPS")
    moved = await atlassian.put(TEMPLATE, json={**sent, "space": {"key": "Help"}})
    assert v1_error(moved) == (400, "A template cannot be moved to another space")


async def test_a_template_is_deleted(atlassian: httpx.AsyncClient) -> None:
    made = await create(atlassian)
    path = f"{TEMPLATE}/{made['templateId']}"
    assert (await atlassian.delete(path)).status_code == 204
    missing = (404, f"No template found with id : {made['templateId']}")
    assert v1_error(await atlassian.get(path)) == missing
    assert v1_error(await atlassian.delete(path)) == missing
    assert v1_error(await atlassian.put(TEMPLATE, json=draft(templateId=made["templateId"]))) == missing


@pytest.mark.parametrize(
    ("members", "refusal"),
    [
        ({"name": " "}, (400, "A template must have a name")),
        ({"templateType": "blog"}, (400, "A template cannot be of the type blog: only page is possible")),
        ({"space": {"key": "NOPE"}}, (404, "No space with key : NOPE")),
    ],
)
async def test_templates_that_cannot_be(
    atlassian: httpx.AsyncClient, members: dict[str, Any], refusal: tuple[int, str]
) -> None:
    assert v1_error(await atlassian.post(TEMPLATE, json=draft(**members))) == refusal
    assert await names(atlassian) == []


async def test_lists_that_cannot_be(atlassian: httpx.AsyncClient) -> None:
    assert v1_error(await atlassian.get(LIST, params={"spaceKey": "NOPE"})) == (404, "No space with key : NOPE")
    assert (await atlassian.get(LIST, params={"limit": -1})).status_code == 400


async def test_the_whole_site_has_templates_by_its_administrators(
    atlassian: httpx.AsyncClient, bea: httpx.AsyncClient
) -> None:
    made = await create(atlassian)
    path = f"{TEMPLATE}/{made['templateId']}"
    refused = (403, "Templates are for the administrators of the space, or of the site")
    assert v1_error(await bea.post(TEMPLATE, json=draft())) == refused
    assert v1_error(await bea.put(TEMPLATE, json=draft(templateId=made["templateId"]))) == refused
    assert v1_error(await bea.delete(path)) == refused
    assert (await bea.get(path)).status_code == 200
    assert (await create(bea, space={"key": "OPS"}))["space"]["key"] == "OPS"
