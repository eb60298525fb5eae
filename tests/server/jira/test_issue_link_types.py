from __future__ import annotations

import httpx

from tests.server.jira.expectations import assert_refused

TYPE = {"name": "Tests", "inward": "is tested by", "outward": "tests"}


async def test_all_types_and_one(jira: httpx.AsyncClient) -> None:
    types = (await jira.get("issueLinkType")).json()["issueLinkTypes"]
    assert [(one["name"], one["inward"], one["outward"]) for one in types] == [
        ("Blocks", "is blocked by", "blocks"),
        ("Cloners", "is cloned by", "clones"),
        ("Duplicate", "is duplicated by", "duplicates"),
        ("Relates", "relates to", "relates to"),
    ]
    assert types[0]["self"] == f"http://acme.test/rest/api/3/issueLinkType/{types[0]['id']}"
    assert (await jira.get(types[0]["self"])).json() == types[0]


async def test_nobody_sees_them_too(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    known = (await jira.get("issueLinkType")).json()["issueLinkTypes"]
    seen = (await nobody.get("issueLinkType")).json()["issueLinkTypes"]
    assert [one["id"] for one in seen] == [one["id"] for one in known]


async def test_an_unknown_type(jira: httpx.AsyncClient) -> None:
    assert_refused(await jira.get("issueLinkType/1"), 404, "No issue link type with id '1' found.")
    assert_refused(await jira.get("issueLinkType/Blocks"), 400, "The issue link type id 'Blocks' is not a number.")


async def test_a_type_is_created_and_used(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    answer = await jira.post("issueLinkType", json=TYPE)
    assert answer.status_code == 201
    assert {name: answer.json()[name] for name in TYPE} == TYPE
    assert (await jira_v2.get(f"issueLinkType/{answer.json()['id']}")).json()["name"] == "Tests"
    body = {"type": {"name": "Tests"}, "inwardIssue": {"key": "WEB-1"}, "outwardIssue": {"key": "WEB-4"}}
    assert (await jira.post("issueLink", json=body)).status_code == 201


async def test_a_type_that_cannot_be(jira: httpx.AsyncClient) -> None:
    assert_refused(
        await jira.post("issueLinkType", json={}),
        400,
        name="You must specify a name.",
        inward="You must specify the inward description of the link type.",
        outward="You must specify the outward description of the link type.",
    )
    answer = await jira.post("issueLinkType", json={**TYPE, "name": "BLOCKS"})
    assert_refused(answer, 400, name="Another link type with this name already exists.")
    assert (await jira.post("issueLinkType", json={**TYPE, "name": 1})).status_code == 400


async def test_creation_is_for_administrators(member: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    text = "You must have global administrator rights in order to modify issue link types."
    assert_refused(await member.post("issueLinkType", json=TYPE), 404, text)
    text = "You are not authenticated. Authentication required to perform this operation."
    assert_refused(await nobody.post("issueLinkType", json=TYPE), 401, text)
