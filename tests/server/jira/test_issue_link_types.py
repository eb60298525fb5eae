from __future__ import annotations

import httpx

from tests.server.jira.expectations import assert_refused


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
