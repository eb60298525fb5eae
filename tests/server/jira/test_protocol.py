"""The refusals that come before any handler: shapes, texts and content types as measured on live sites."""

from __future__ import annotations

import httpx
import pytest

from sandlot_server.call import Request
from sandlot_server.jira import protocol
from tests.server.jira.expectations import NO_ISSUE, assert_problem, assert_refused


def unreadable(answer: httpx.Response, text: str) -> None:
    """The refusal of a body that cannot be read: no `errors` in it."""
    assert (answer.status_code, answer.json()) == (400, {"errorMessages": [text]})
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"


@pytest.mark.parametrize("path", ["nope", "serverInfo/extra", "nope/"])
async def test_an_unknown_path(jira: httpx.AsyncClient, path: str) -> None:
    answer = await jira.get(path)
    assert_problem(answer, 404, "Not Found", f"No endpoint GET /rest/api/3/{path}.")


async def test_an_unknown_path_needs_no_credential(nobody: httpx.AsyncClient) -> None:
    answer = await nobody.post("nope?x=1", json={})
    assert answer.json()["detail"] == "No endpoint POST /rest/api/3/nope."
    assert answer.json()["instance"] == "/rest/api/3/nope"


async def test_a_wrong_method(jira: httpx.AsyncClient) -> None:
    answer = await jira.put("serverInfo")
    assert_problem(answer, 405, "Method Not Allowed", "Method 'PUT' is not supported.")
    assert answer.headers["allow"] == "GET"
    allowed = (await jira.patch("issue/WEB-1")).headers["allow"]
    assert set(allowed.split(", ")) == {"DELETE", "GET", "PUT"}


@pytest.mark.parametrize(
    ("content_type", "detail"),
    [
        ("text/plain", "Content-Type 'text/plain' is not supported."),
        ("*/*", "Content-Type '*/*' is not supported."),
        ("", "Content-Type 'null' is not supported."),
        ("foo", "Could not parse Content-Type."),
    ],
)
async def test_a_wrong_content_type(jira: httpx.AsyncClient, content_type: str, detail: str) -> None:
    answer = await jira.post("issue", content=b"{}", headers={"content-type": content_type})
    assert_problem(answer, 415, "Unsupported Media Type", detail)
    assert answer.headers["accept"] == "application/json"


async def test_the_content_type_comes_before_the_issue(jira: httpx.AsyncClient) -> None:
    answer = await jira.post("issue/WEB-99/comment", content=b"{}", headers={"content-type": "text/plain"})
    assert answer.status_code == 415


async def test_json_with_parameters_is_json(jira: httpx.AsyncClient) -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert_refused(await jira.put("issue/WEB-99", content=b"{}", headers=headers), 404, NO_ISSUE)


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*"])
async def test_an_accept_without_json(jira: httpx.AsyncClient, accept: str) -> None:
    answer = await jira.get("serverInfo", headers={"accept": accept})
    assert_problem(answer, 406, "Not Acceptable", "Acceptable representations: [application/json].")


async def test_an_accept_that_cannot_be_read(jira: httpx.AsyncClient) -> None:
    answer = await jira.get("serverInfo", headers={"accept": "foo"})
    assert (answer.status_code, answer.content) == (406, b"")


@pytest.mark.parametrize("accept", ["application/json", "Application/JSON;q=0.1", "text/html, */*", "application/*"])
async def test_an_accept_with_json(jira: httpx.AsyncClient, accept: str) -> None:
    assert (await jira.get("serverInfo", headers={"accept": accept})).status_code == 200


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "No content to map to Object due to end of input"),
        (b"null", "No content to map to Object due to end of input"),
        (b"{", "There was an error parsing JSON. Check that your request body is valid."),
        (b'{"jql": NaN}', "There was an error parsing JSON. Check that your request body is valid."),
        (b"  ", "Invalid request payload. Refer to the REST API documentation and try again."),
        (b"[]", "Invalid request payload. Refer to the REST API documentation and try again."),
        (b'"x"', "Invalid request payload. Refer to the REST API documentation and try again."),
    ],
)
@pytest.mark.parametrize("path", ["issue", "search/jql", "search/approximate-count"])
async def test_a_body_that_cannot_be_read(jira: httpx.AsyncClient, path: str, content: bytes, text: str) -> None:
    unreadable(await jira.post(path, content=content, headers={"content-type": "application/json"}), text)


async def test_what_is_official_but_not_served(jira: httpx.AsyncClient) -> None:
    answer = await jira.get("issue/WEB-1/worklog/1/properties")
    assert_refused(answer, 501, "Sandlot does not serve this operation: getWorklogPropertyKeys.")


async def test_a_value_out_of_the_contract(jira: httpx.AsyncClient) -> None:
    answer = await jira.get("user", params={"accountId": "x" * 129})
    assert answer.status_code == 400
    assert answer.json()["errors"] == {}


async def test_a_boolean_is_read_in_many_words(jira: httpx.AsyncClient) -> None:
    for word in ("true", "on", "YES", "1", " off ", "no", "0", ""):
        assert (await jira.get("issue/WEB-1", params={"failFast": word})).status_code == 200


def test_what_the_server_could_not_do() -> None:
    request = Request("GET", "/rest/api/3/myself", "", {}, b"")
    assert protocol.internal(request).status == 500
    assert protocol.internal(request).body == {
        "message": "Internal server error",
        "status-code": 500,
        "stack-trace": "",
    }
    assert (protocol.unavailable(request).status, protocol.unavailable(request).body["errors"]) == (503, {})
