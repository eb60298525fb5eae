from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from sandlot_server.app import App
from tests.server.jira.conftest import SEED, client_of
from tests.server.jira.expectations import assert_refused


@pytest.fixture
async def site(app: App, control: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    async with await client_of(app, control, SEED) as client:
        yield client


async def field_id(site: httpx.AsyncClient, name: str) -> str:
    return next(str(one["id"]) for one in (await site.get("field")).json() if one["name"] == name)


async def test_a_field_has_one_context(site: httpx.AsyncClient) -> None:
    size, elsewhere = await field_id(site, "Size"), await field_id(site, "Elsewhere")
    answer = await site.get(f"field/{size}/context")
    assert answer.status_code == 200
    (context,) = answer.json()["values"]
    assert (context["name"], context["isGlobalContext"], context["isAnyIssueType"]) == (
        "Default Configuration Scheme for Size",
        True,
        True,
    )
    assert (answer.json()["total"], answer.json()["isLast"], answer.json()["maxResults"]) == (1, True, 50)
    (local,) = (await site.get(f"field/{elsewhere}/context")).json()["values"]
    assert local["isGlobalContext"] is False
    assert local["id"] != context["id"]
    for query in ("isGlobalContext=false", "isAnyIssueType=false", "contextId=1"):
        assert (await site.get(f"field/{size}/context?{query}")).json()["values"] == []
    assert (await site.get(f"field/{size}/context?contextId={context['id']}")).json()["values"] == [context]


async def test_the_options_of_a_select_list(site: httpx.AsyncClient) -> None:
    size = await field_id(site, "Size")
    context_id = (await site.get(f"field/{size}/context")).json()["values"][0]["id"]
    url = f"field/{size}/context/{context_id}/option"
    page = (await site.get(url)).json()
    assert [(one["value"], one["disabled"]) for one in page["values"]] == [("Small", False), ("Large", False)]
    assert (page["total"], page["maxResults"]) == (2, 100)
    offered = (await site.get("issue/createmeta/ONE/issuetypes")).json()["issueTypes"][0]["id"]
    fields = (await site.get(f"issue/createmeta/ONE/issuetypes/{offered}?maxResults=200")).json()["fields"]
    allowed = next(one["allowedValues"] for one in fields if one["fieldId"] == size)
    assert [one["id"] for one in page["values"]] == [one["id"] for one in allowed]
    second = (await site.get(f"{url}?startAt=1&maxResults=1")).json()
    assert ([one["value"] for one in second["values"]], second["isLast"]) == (["Large"], True)
    only = (await site.get(f"{url}?optionId={page['values'][1]['id']}")).json()
    assert [one["value"] for one in only["values"]] == ["Large"]


async def test_fields_without_options_have_none(site: httpx.AsyncClient) -> None:
    points = await field_id(site, "Points")
    context_id = (await site.get(f"field/{points}/context")).json()["values"][0]["id"]
    assert (await site.get(f"field/{points}/context/{context_id}/option")).json()["values"] == []


async def test_what_is_not_there(site: httpx.AsyncClient) -> None:
    size = await field_id(site, "Size")
    for name in ("priority", "customfield_1", "x"):
        assert_refused(await site.get(f"field/{name}/context"), 404, "The custom field was not found.")
        assert_refused(await site.get(f"field/{name}/context/1/option"), 404, "The custom field was not found.")
    text = "The context with id '1' was not found for the custom field."
    assert_refused(await site.get(f"field/{size}/context/1/option"), 404, text)
    assert (await site.get(f"field/{size}/context/x/option")).status_code == 400


async def test_who_may_not(nobody: httpx.AsyncClient, member: httpx.AsyncClient) -> None:
    assert (await nobody.get("field/customfield_1/context")).status_code == 401
    text = "Only Jira administrators can access custom field {}."
    assert_refused(await member.get("field/customfield_1/context"), 403, text.format("contexts"))
    assert_refused(await member.get("field/customfield_1/context/1/option"), 403, text.format("options"))
