from __future__ import annotations

import httpx
import pytest

from tests.server.confluence.conftest import v2_error

MVC = "com.atlassian.confluence.mvc.rest.common.exception.StacklessResponseStatusException"


async def test_a_stranger_finds_nothing_in_v2(anonymous: httpx.AsyncClient) -> None:
    for path in ("pages", "pages/10000", "spaces"):
        answer = await anonymous.get(f"/wiki/api/v2/{path}")
        assert answer.json() == {"errors": [{"status": 404, "code": "NOT_FOUND", "title": "Not Found", "detail": None}]}


async def test_a_stranger_is_refused_in_v1(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/wiki/rest/api/content")
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "statusCode": 403,
        "message": f'{MVC}: 403 FORBIDDEN "Request rejected because caller cannot access Confluence"',
    }
    older = await anonymous.get("/wiki/rest/api/search", params={"cql": "type=page"})
    assert older.status_code == 403
    assert older.json() == {"message": "Current user not permitted to use Confluence", "statusCode": 403}
    assert older.headers["expires"] == "Thu, 01 Jan 1970 00:00:00 GMT"
    page = await anonymous.get("/wiki/rest/api/content", headers={"accept": "text/html"})
    assert page.status_code in (403, 406)
    assert page.headers["content-type"] == "text/html;charset=utf-8"


async def test_a_path_that_nobody_claims(atlassian: httpx.AsyncClient) -> None:
    url = "/wiki/rest/api/nope/x"
    named = await atlassian.get(url, headers={"accept": "application/json"})
    assert named.status_code == 404
    assert named.json() == {"message": f"null for uri: http://acme.test{url}", "status-code": 404}
    xml = await atlassian.get(url)
    assert xml.headers["content-type"] == "application/xml"
    assert f"<message>null for uri: http://acme.test{url}</message>" in xml.text


@pytest.mark.parametrize(
    "path", ["/wiki/rest/api/content/1/nope", "/wiki/rest/other", "/wiki/api/v2/nope/1", "/wiki/x"]
)
async def test_an_unknown_path_under_a_known_one_is_a_web_page(atlassian: httpx.AsyncClient, path: str) -> None:
    answer = await atlassian.get(path, headers={"accept": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html;charset=utf-8")


async def test_a_wrong_method(atlassian: httpx.AsyncClient) -> None:
    answer = await atlassian.put("/wiki/rest/api/content", json={})
    assert answer.json() == {
        "errors": [
            {
                "status": 405,
                "code": "METHOD_NOT_ALLOWED",
                "title": "org.springframework.web.HttpRequestMethodNotSupportedException: "
                "Request method 'PUT' not supported",
            }
        ]
    }
    search = await atlassian.post("/wiki/rest/api/search", json={})
    assert (search.status_code, search.content, search.headers["allow"]) == (405, b"", "HEAD,GET,OPTIONS")
    options = await atlassian.options("/wiki/rest/api/content")
    assert options.json() == {"errors": [{"status": 404, "code": "NOT_FOUND", "title": "Not Found"}]}
    silent = await atlassian.options("/wiki/rest/api/search", headers={"accept": "application/json"})
    assert (silent.status_code, silent.content, silent.headers["allow"]) == (204, b"", "HEAD,GET,OPTIONS")
    described = await atlassian.options("/wiki/rest/api/search/user", headers={"accept": "application/xml"})
    assert described.headers["content-type"] == "application/vnd.sun.wadl+xml"
    assert '<resource path="search/user"><method name="GET"/></resource>' in described.text


async def test_media_types(atlassian: httpx.AsyncClient) -> None:
    answer = await atlassian.post("/wiki/api/v2/pages", content=b"{}", headers={"content-type": "text/plain"})
    assert answer.json() == {
        "errors": [
            {
                "status": 415,
                "code": "UNSUPPORTED_MEDIA_TYPE",
                "title": "org.springframework.web.HttpMediaTypeNotSupportedException: "
                "Content type 'text/plain' not supported",
            }
        ]
    }
    page = await atlassian.get("/wiki/api/v2/pages", headers={"accept": "image/png"})
    assert (page.status_code, page.headers["content-type"]) == (406, "text/html;charset=utf-8")


@pytest.mark.parametrize("path", ["/wiki/rest/api/search?cql=type=page", "/wiki/rest/api/search/user?cql=user=x"])
async def test_media_types_of_older_services(atlassian: httpx.AsyncClient, path: str) -> None:
    for headers, status in (({"accept": "image/png"}, 406), ({"content-type": "text/plain"}, 415)):
        answer = await atlassian.get(path, headers=headers)
        assert (answer.status_code, answer.content, "content-type" in answer.headers) == (status, b"", False)
    malformed = await atlassian.get(path, headers={"accept": "application/json;q=2"})
    assert (malformed.status_code, malformed.headers["content-type"]) == (400, "text/plain")
    assert malformed.text == ('The HTTP header field "Accept" with value "application/json;q=2" could not be parsed.')
    page = await atlassian.get(path, headers={"content-type": "foo"})
    assert (page.status_code, page.headers["content-type"]) == (400, "text/html;charset=utf-8")


async def test_a_body_that_is_no_json(atlassian: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/json"}
    for content in (b"", b"{"):
        answer = await atlassian.post("/wiki/api/v2/pages", content=content, headers=headers)
        assert v2_error(answer) == (400, "INVALID_MESSAGE", "Invalid message")
        older = await atlassian.post("/wiki/rest/api/content", content=content, headers=headers)
        assert older.status_code == 400
        assert older.json()["message"].startswith(
            "org.springframework.http.converter.HttpMessageNotReadableException: "
        )


async def test_what_is_not_served(atlassian: httpx.AsyncClient) -> None:
    status, code, title = v2_error(await atlassian.get("/wiki/api/v2/blogposts"))
    assert (status, code) == (501, "NOT_IMPLEMENTED")
    assert "getBlogPosts" in title
    older = await atlassian.get("/wiki/rest/api/group")
    assert older.status_code == 501
    assert "getGroups" in older.json()["message"]


async def test_parameters_of_the_wrong_type(atlassian: httpx.AsyncClient) -> None:
    assert v2_error(await atlassian.get("/wiki/api/v2/pages", params={"id": "abc"})) == (
        400,
        "INVALID_REQUEST_PARAMETER",
        "Provided value {abc} for 'id' is not the correct type. Expected type is long",
    )
    assert v2_error(await atlassian.get("/wiki/api/v2/pages", params={"body-format": "html"}))[0] == 400
