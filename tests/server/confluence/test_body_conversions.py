from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.server.confluence.conftest import Rows, v1_error

CONVERT = "/wiki/rest/api/contentbody/convert/async"
BULK = f"{CONVERT}/bulk/tasks"
ADF = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Hi"}]}]}
MACRO = '<ac:structured-macro ac:name="info"><ac:rich-text-body><p>Hi</p></ac:rich-text-body></ac:structured-macro>'


async def converted(client: httpx.AsyncClient, to: str, value: str, representation: str) -> dict[str, Any]:
    asked = await client.post(f"{CONVERT}/{to}", json={"value": value, "representation": representation})
    assert asked.status_code == 200, asked.text
    assert set(asked.json()) == {"asyncId"}
    answer = await client.get(f"{CONVERT}/{asked.json()['asyncId']}")
    assert answer.status_code == 200, answer.text
    view: dict[str, Any] = answer.json()
    assert view["renderTaskId"] == asked.json()["asyncId"]
    return view


@pytest.mark.parametrize("to", ["view", "export_view", "styled_view", "anonymous_export_view"])
async def test_storage_to_html(atlassian: httpx.AsyncClient, to: str) -> None:
    view = await converted(atlassian, to, MACRO, "storage")
    assert (view["status"], view["error"], view["representation"]) == ("COMPLETED", "", to)
    assert "confluence-information-macro-information" in view["value"]


async def test_between_the_representations_that_are_written(atlassian: httpx.AsyncClient) -> None:
    adf = await converted(atlassian, "atlas_doc_format", "<p>Hi</p>", "storage")
    assert json.loads(adf["value"]) == ADF
    for value, representation in ((json.dumps(ADF), "atlas_doc_format"), ("Hi", "wiki"), ("<p>Hi</p>", "editor")):
        for to in ("storage", "editor"):
            assert (await converted(atlassian, to, value, representation))["value"] == "<p>Hi</p>"


async def test_what_cannot_be_read_fails(atlassian: httpx.AsyncClient) -> None:
    adf = "atlas_doc_format"
    for value, representation in (("<p>Hi", "storage"), ("{", adf), ('{"type": "x"}', adf)):
        view = await converted(atlassian, "view", value, representation)
        assert (view["status"], view["value"]) == ("FAILED", "")
        assert view["error"]


async def test_many_at_once(atlassian: httpx.AsyncClient) -> None:
    inputs = [
        {"to": to, "body": {"value": "<p>Hi</p>", "representation": "storage"}} for to in ("view", "atlas_doc_format")
    ]
    asked = await atlassian.post(BULK, json={"conversionInputs": inputs})
    assert asked.status_code == 200
    ids = [one["asyncId"] for one in asked.json()]
    answer = await atlassian.get(BULK, params={"ids": [*ids, "999"]})
    assert answer.status_code == 200
    first, second, third = answer.json()
    assert (first["value"], json.loads(second["value"])) == ("<p>Hi</p>", ADF)
    assert (third["status"], third["error"]) == ("FAILED", "No conversion found with id : 999")
    joined = await atlassian.get(BULK, params={"ids": ",".join(ids[::-1])})
    assert [one["renderTaskId"] for one in joined.json()] == ids[::-1]


async def test_anybody_may_convert(anonymous: httpx.AsyncClient, rows: Rows) -> None:
    assert (await converted(anonymous, "view", "<p>Hi</p>", "storage"))["value"] == "<p>Hi</p>"
    body = {"value": "<p>Hi</p>", "representation": "storage"}
    for context in ({"contentIdContext": rows.page("Decisions")["id"]}, {"spaceKeyContext": "OPS"}):
        assert (await anonymous.post(f"{CONVERT}/view", params=context, json=body)).status_code == 404


async def test_the_page_that_a_body_is_for(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    body = {"value": "<p>Hi</p>", "representation": "storage"}

    async def asked(**context: str) -> httpx.Response:
        return await atlassian.post(f"{CONVERT}/view", params=context, json=body)

    assert (await asked(contentIdContext=rows.page("Decisions")["id"], spaceKeyContext="ops")).status_code == 200
    assert v1_error(await asked(contentIdContext="999")) == (404, "No content found with id : 999")
    assert v1_error(await asked(spaceKeyContext="NOPE")) == (404, "No space with key : NOPE")


async def test_conversions_that_are_refused(atlassian: httpx.AsyncClient) -> None:
    body = {"value": "x", "representation": "storage"}
    to_wiki = await atlassian.post(f"{CONVERT}/wiki", json=body)
    assert v1_error(to_wiki) == (400, "Cannot convert from storage to wiki")
    from_view = await atlassian.post(f"{CONVERT}/storage", json={**body, "representation": "view"})
    assert v1_error(from_view) == (400, "Cannot convert from view to storage")
    for wrong in ({}, {"value": "x"}, {"value": 1, "representation": "storage"}, [], "x"):
        assert (await atlassian.post(f"{CONVERT}/view", json=wrong)).status_code == 400
        inputs = [{"to": "view", "body": wrong}]
        assert (await atlassian.post(BULK, json={"conversionInputs": inputs})).status_code == 400
    range_of = (400, "Between 1 and 10 conversions can be asked for")
    assert v1_error(await atlassian.post(BULK, json={})) == range_of
    many = [{"to": "view", "body": body}] * 11
    assert v1_error(await atlassian.post(BULK, json={"conversionInputs": many})) == range_of
    assert v1_error(await atlassian.get(f"{CONVERT}/999")) == (404, "No conversion found with id : 999")
    assert (await atlassian.get(BULK)).status_code == 400
    assert v1_error(await atlassian.get(BULK, params={"ids": ""})) == range_of
