from __future__ import annotations

import httpx
import pytest

from tests.server.jira.expectations import NO_ISSUE, assert_refused, create

JSON = {"content-type": "application/json"}


async def put(jira: httpx.AsyncClient, key: str, name: str, content: bytes) -> httpx.Response:
    return await jira.put(f"issue/{key}/properties/{name}", content=content, headers=JSON)


async def test_a_property_is_set_replaced_read_and_deleted(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    key = await create(jira)
    issue = (await jira.get(f"issue/{key}")).json()
    assert (await jira.get(f"issue/{key}/properties")).json() == {"keys": []}
    answer = await put(jira, key, "status.of", b'{"done": true}')
    assert (answer.status_code, answer.content) == (201, b"")
    answer = await put(jira_v2, key, "status.of", b"[1, 2]")
    assert (answer.status_code, answer.content) == (200, b"")
    assert (await jira.get(f"issue/{key}/properties/status.of")).json() == {"key": "status.of", "value": [1, 2]}
    root = f"http://acme.test/rest/api/3/issue/{issue['id']}/properties"
    keys = [{"self": f"{root}/status.of", "key": "status.of"}]
    assert (await jira.get(f"issue/{issue['id']}/properties")).json() == {"keys": keys}
    assert (await jira.get(keys[0]["self"])).json()["value"] == [1, 2]
    assert (await jira.get(f"issue/{key}")).json() == issue
    answer = await jira.delete(f"issue/{key}/properties/status.of")
    assert (answer.status_code, answer.content) == (204, b"")
    text = "The property with key 'status.of' does not exist."
    assert_refused(await jira.get(f"issue/{key}/properties/status.of"), 404, text)
    assert_refused(await jira.delete(f"issue/{key}/properties/status.of"), 404, text)
    assert (await jira.get(f"issue/{key}/properties")).json() == {"keys": []}


@pytest.mark.parametrize(
    "value",
    [
        b'{"b":1,  "a":1.50, "b":2}',
        b"123456789012345678901234567890",
        b"1e2",
        '"\\u00e9 \u00e9"'.encode(),
        b"null",
        b"false",
        b'""',
        b" [ ] ",
    ],
)
async def test_a_value_is_kept_byte_for_byte(jira: httpx.AsyncClient, value: bytes) -> None:
    assert (await put(jira, "WEB-1", "exact", value)).status_code == 201
    answer = await jira.get("issue/WEB-1/properties/exact")
    assert answer.content == b'{"key":"exact","value":' + value + b"}"
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"


async def test_a_key_may_hold_any_signs(jira: httpx.AsyncClient) -> None:
    assert (await put(jira, "WEB-1", "a%2Fb%20%22c%22:d", b"1")).status_code == 201
    (shown,) = (await jira.get("issue/WEB-1/properties")).json()["keys"]
    assert shown["key"] == 'a/b "c":d'
    assert (await jira.get(shown["self"])).json() == {"key": 'a/b "c":d', "value": 1}


async def test_keys_are_sorted(jira: httpx.AsyncClient) -> None:
    for name in ("b", "c", "a"):
        await put(jira, "WEB-1", name, b"1")
    assert [one["key"] for one in (await jira.get("issue/WEB-1/properties")).json()["keys"]] == ["a", "b", "c"]


async def test_properties_come_and_go_with_an_issue(jira: httpx.AsyncClient) -> None:
    fields = {"project": {"key": "WEB"}, "issuetype": {"name": "Task"}, "summary": "With properties"}
    properties = [{"key": "one", "value": {"n": 1}}, {"key": "two"}]
    key = (await jira.post("issue", json={"fields": fields, "properties": properties})).json()["key"]
    edit = {"properties": [{"key": "three", "value": 3}]}
    assert (await jira.put(f"issue/{key}", json=edit)).status_code == 204
    every = {"one": {"n": 1}, "two": None, "three": 3}
    for wanted, shown in (("*all", every), ("one,other", {"one": {"n": 1}}), ("*all,-one,-two", {"three": 3})):
        assert (await jira.get(f"issue/{key}?properties={wanted}")).json()["properties"] == shown
    assert "properties" not in (await jira.get(f"issue/{key}")).json()
    nameless = {"properties": [{"value": 3}]}
    assert_refused(await jira.put(f"issue/{key}", json=nameless), 400, "The property key must be given.")


@pytest.mark.parametrize("content", [b"", b"  ", b"{", b"undefined", b"\xff", b"{} {}"])
async def test_a_value_that_is_no_json(jira: httpx.AsyncClient, content: bytes) -> None:
    answer = await put(jira, "WEB-1", "broken", content)
    assert answer.status_code == 400
    assert list(answer.json()) == ["errorMessages"]
    assert (await jira.get("issue/WEB-1/properties/broken")).status_code == 404


async def test_bounds(jira: httpx.AsyncClient) -> None:
    answer = await put(jira, "WEB-1", "k" * 256, b"1")
    assert_refused(answer, 400, "The property key must not be longer than 255 characters.")
    assert (await put(jira, "WEB-1", "k" * 255, b'"' + b"x" * 32766 + b'"')).status_code == 201
    answer = await put(jira, "WEB-1", "k", b'"' + b"x" * 32767 + b'"')
    assert_refused(answer, 400, "The property value must not be longer than 32768 characters.")


async def test_deep_values(jira: httpx.AsyncClient, control: httpx.AsyncClient) -> None:
    value = b'{"a":' * 100 + b"[" * 100 + b"]" * 100 + b"}" * 100
    assert (await put(jira, "WEB-1", "deep", value)).status_code == 201
    assert (await jira.get("issue/WEB-1/properties/deep")).content == b'{"key":"deep","value":' + value + b"}"
    assert len((await jira.get("issue/WEB-1?properties=deep")).json()["properties"]) == 1
    assert (await control.get("/sites/default/trace?changes=true")).status_code == 200
    for levels in (201, 5000):
        answer = await put(jira, "WEB-1", "deep", b"[" * levels + b"]" * levels)
        assert (answer.status_code, list(answer.json())) == (400, ["errorMessages"])


async def test_an_unknown_issue(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    for client, key in ((jira, "WEB-99"), (nobody, "WEB-1")):
        assert_refused(await client.get(f"issue/{key}/properties"), 404, NO_ISSUE)
        assert_refused(await client.get(f"issue/{key}/properties/x"), 404, NO_ISSUE)
        assert_refused(await put(client, key, "x", b"1"), 404, NO_ISSUE)
        assert_refused(await client.delete(f"issue/{key}/properties/x"), 404, NO_ISSUE)
