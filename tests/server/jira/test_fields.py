from __future__ import annotations

import httpx
import pytest

from tests.server.jira.expectations import assert_refused, create, fields_of

TYPES = "com.atlassian.jira.plugin.system.customfieldtypes:"


async def test_system_and_custom_fields(jira: httpx.AsyncClient) -> None:
    fields = {field["name"]: field for field in (await jira.get("field")).json()}
    assert fields["Summary"]["schema"] == {"type": "string", "system": "summary"}
    assert fields["Labels"]["schema"] == {"type": "array", "items": "string", "system": "labels"}
    assert fields["Key"]["id"] == "issuekey"
    points = fields["Story Points"]
    number = int(points["id"].removeprefix("customfield_"))
    assert points["schema"] == {
        "type": "number",
        "custom": "com.atlassian.jira.plugin.system.customfieldtypes:float",
        "customId": number,
    }
    assert points["clauseNames"] == [f"cf[{number}]", "Story Points"]


async def test_nobody_sees_no_custom_fields(nobody: httpx.AsyncClient) -> None:
    fields = (await nobody.get("field")).json()
    assert fields
    assert not any(field["custom"] for field in fields)


async def test_a_search_finds_by_type_name_and_project(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    async def found(query: str) -> list[str]:
        return [field["name"] for field in (await jira.get(f"field/search?{query}")).json()["values"]]

    assert "Story Points" in await found("type=custom")
    assert "Summary" not in await found("type=custom")
    assert await found("query=story") == ["Story Points"]
    assert await found("id=summary&id=labels") == ["Labels", "Summary"]
    assert await found("id=summary&id=labels&orderBy=-name") == ["Summary", "Labels"]
    assert await found("query=severity&type=system") == []
    web = (await jira.get("project/WEB")).json()["id"]
    assert "Severity" not in await found(f"type=custom&projectIds={web}")
    assert "Story Points" in await found(f"type=custom&projectIds={web}")
    answer = await jira_v2.get("field/search?query=severity&expand=key,screensCount,searcherKey")
    (severity,) = answer.json()["values"]
    assert severity["key"] == severity["id"]
    assert severity["screensCount"] == 1
    assert severity["searcherKey"] == TYPES + "multiselectsearcher"
    assert "contextsCount" not in severity


async def test_a_search_pages(jira: httpx.AsyncClient) -> None:
    page = (await jira.get("field/search?maxResults=3&orderBy=screensCount")).json()
    assert (len(page["values"]), page["isLast"], page["values"][0]["name"]) == (3, False, "Severity")
    assert (await jira.get(page["nextPage"])).json()["startAt"] == 3
    assert (await jira.get("field/search?orderBy=colour")).status_code == 400


async def test_the_search_is_for_administrators(member: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    assert_refused(await member.get("field/search"), 403, "Only Jira administrators can access fields.")
    assert (await nobody.get("field/search")).status_code == 401


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("textfield", "a"),
        ("url", "https://example.com"),
        ("float", 2.5),
        ("datepicker", "2026-04-01"),
        ("labels", ["a", "b"]),
    ],
)
async def test_a_custom_field_is_created_and_set(
    jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient, kind: str, value: object
) -> None:
    body = {"name": "Extra", "description": "One more.", "type": TYPES + kind}
    answer = await jira_v2.post("field", json=body)
    field = answer.json()
    assert (answer.status_code, field["name"], field["custom"]) == (201, "Extra", True)
    assert field["schema"]["custom"] == TYPES + kind
    assert field in (await jira.get("field")).json()
    key = await create(jira, **{field["id"]: value})
    assert (await fields_of(jira, key))[field["id"]] == value
    (found,) = (await jira.get("field/search?query=one more")).json()["values"]
    assert (found["id"], found["description"]) == (field["id"], "One more.")


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"name": "You must specify a name.", "type": "The custom field type '' does not exist."}),
        ({"name": " ", "type": TYPES + "float"}, {"name": "You must specify a name."}),
        ({"name": "x", "type": "float"}, {"type": "The custom field type 'float' does not exist."}),
        (
            {"name": "x", "type": TYPES + "float", "searcherKey": TYPES + "textsearcher"},
            {"searcherKey": f"The searcher '{TYPES}textsearcher' is not valid for this type of custom field."},
        ),
    ],
)
async def test_a_custom_field_that_cannot_be(
    jira: httpx.AsyncClient, body: dict[str, str], errors: dict[str, str]
) -> None:
    assert_refused(await jira.post("field", json=body), 400, **errors)


async def test_creation_is_for_administrators(member: httpx.AsyncClient) -> None:
    text = "You must have global administrator rights in order to modify custom fields."
    assert_refused(await member.post("field", json={"name": "x", "type": TYPES + "float"}), 400, text)
