from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.jira.expectations import NO_ISSUE, assert_problem, assert_refused, fields_of, history

PAGE = {"url": "https://example.com/wiki/pages/7", "title": "How to pay"}
WHOLE: dict[str, Any] = {
    "globalId": "appId=1&pageId=7",
    "application": {"type": "com.atlassian.confluence", "name": "Wiki"},
    "relationship": "is documented by",
    "object": {
        **PAGE,
        "summary": "Cards and vouchers",
        "icon": {"url16x16": "https://example.com/icon.png", "title": "Page"},
        "status": {"resolved": True, "icon": {"url16x16": "https://example.com/ok.png", "title": "Done"}},
    },
}
NO_LINK = "The remote link does not exist."


async def link(jira: httpx.AsyncClient, **body: Any) -> int:
    """The id of a new link of WEB-4."""
    answer = await jira.post("issue/WEB-4/remotelink", json=body or {"object": PAGE})
    assert answer.status_code == 201, answer.text
    made: int = answer.json()["id"]
    return made


async def links(jira: httpx.AsyncClient, key: str = "WEB-4") -> Any:
    answer = await jira.get(f"issue/{key}/remotelink")
    assert answer.status_code == 200
    return answer.json()


async def test_a_link_is_made(jira: httpx.AsyncClient) -> None:
    before = await fields_of(jira, "WEB-4")
    answer = await jira.post("issue/WEB-4/remotelink", json=WHOLE)
    made = answer.json()
    address = f"http://acme.test/rest/api/3/issue/WEB-4/remotelink/{made['id']}"
    assert (answer.status_code, made, answer.headers["location"]) == (
        201,
        {"id": made["id"], "self": address},
        address,
    )
    assert isinstance(made["id"], int)
    assert await links(jira) == [{**made, **WHOLE}]
    assert (await jira.get(f"issue/WEB-4/remotelink/{made['id']}")).json() == {**made, **WHOLE}
    assert (await fields_of(jira, "WEB-4"))["updated"] > before["updated"]


async def test_a_url_and_a_title_are_enough(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    made = await link(jira)
    assert await links(jira_v2) == [
        {
            "id": made,
            "self": f"http://acme.test/rest/api/2/issue/WEB-4/remotelink/{made}",
            "application": {},
            "object": {**PAGE, "icon": {}, "status": {"icon": {}}},
        }
    ]


async def test_null_and_blank_are_nothing(jira: httpx.AsyncClient) -> None:
    empty = {"globalId": None, "application": None, "relationship": " "}
    await link(jira, object={**PAGE, "summary": "", "icon": {"title": None}, "status": {"icon": None}}, **empty)
    await link(jira, object=PAGE)
    one, two = await links(jira)
    assert {**one, "id": 0, "self": ""} == {**two, "id": 0, "self": ""}
    assert one["object"] == {**PAGE, "icon": {}, "status": {"icon": {}}}


async def test_the_same_global_id_updates_the_link(jira: httpx.AsyncClient) -> None:
    made = await link(jira, **WHOLE)
    answer = await jira.post(
        "issue/WEB-4/remotelink", json={"globalId": WHOLE["globalId"], "object": {**PAGE, "title": "Paying"}}
    )
    assert (answer.status_code, answer.json()["id"]) == (200, made)
    (only,) = await links(jira)
    # What the second request does not give is emptied.
    assert only == {
        "id": made,
        "self": answer.json()["self"],
        "globalId": WHOLE["globalId"],
        "application": {},
        "object": {**PAGE, "title": "Paying", "icon": {}, "status": {"icon": {}}},
    }
    elsewhere = await jira.post("issue/WEB-2/remotelink", json=WHOLE)
    assert elsewhere.status_code == 201


async def test_one_link_by_its_global_id(jira: httpx.AsyncClient) -> None:
    await link(jira)
    made = await link(jira, **WHOLE)
    answer = await jira.get("issue/WEB-4/remotelink", params={"globalId": WHOLE["globalId"]})
    assert (answer.status_code, answer.json()["id"]) == (200, made)
    assert_refused(await jira.get("issue/WEB-4/remotelink", params={"globalId": "x"}), 404, NO_LINK)


async def test_a_link_is_replaced(jira: httpx.AsyncClient) -> None:
    made = await link(jira, **WHOLE)
    answer = await jira.put(f"issue/WEB-4/remotelink/{made}", json={"relationship": "mentions", "object": PAGE})
    assert (answer.status_code, answer.content) == (204, b"")
    (only,) = await links(jira)
    assert (only["id"], only["relationship"], "globalId" in only) == (made, "mentions", False)


async def test_a_link_is_deleted(jira: httpx.AsyncClient) -> None:
    made = await link(jira)
    answer = await jira.delete(f"issue/WEB-4/remotelink/{made}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert await links(jira) == []
    assert_refused(await jira.delete(f"issue/WEB-4/remotelink/{made}"), 404, NO_LINK)


async def test_all_links_of_a_global_id_are_deleted(jira: httpx.AsyncClient) -> None:
    other = await link(jira)
    made = await link(jira, object=PAGE, globalId="a&b")
    twin = await link(jira)
    await jira.put(f"issue/WEB-4/remotelink/{twin}", json={"globalId": "a&b", "object": PAGE})
    as_json = {"content-type": "application/json"}
    answer = await jira.delete("issue/WEB-4/remotelink", params={"globalId": "a&b"}, headers=as_json)
    assert (answer.status_code, answer.content) == (204, b"")
    assert [one["id"] for one in await links(jira)] == [other]
    assert made != twin
    again = await jira.delete("issue/WEB-4/remotelink", params={"globalId": "a&b"}, headers=as_json)
    assert_refused(again, 404, NO_LINK)
    assert (await jira.delete("issue/WEB-4/remotelink", headers=as_json)).status_code == 400


async def test_deletion_by_global_id_wants_a_content_type(jira: httpx.AsyncClient) -> None:
    await link(jira, **WHOLE)
    answer = await jira.delete("issue/WEB-4/remotelink", params={"globalId": WHOLE["globalId"]})
    assert_problem(answer, 415, "Unsupported Media Type", "Content-Type 'null' is not supported.")
    assert len(await links(jira)) == 1


async def test_writing_wants_json(jira: httpx.AsyncClient) -> None:
    answer = await jira.post("issue/WEB-4/remotelink", content=b"{}", headers={"content-type": "text/plain"})
    assert answer.status_code == 415
    assert (await jira.post("issue/WEB-4/remotelink")).status_code == 415


NO_URL, NO_TITLE = {"url": "'URL' is required."}, {"title": "'Link Text' is required."}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {**NO_URL, **NO_TITLE}),
        ({"object": {}}, {**NO_URL, **NO_TITLE}),
        ({"object": {"url": PAGE["url"]}}, NO_TITLE),
        ({"object": {"title": "x"}}, NO_URL),
        ({"object": {"url": None, "title": "x"}}, NO_URL),
        ({"object": {"url": "  ", "title": "  "}}, {**NO_URL, **NO_TITLE}),
        ({"object": {"url": "not a url", "title": "x"}}, {"url": "'URL' is not a valid URL."}),
        ({"object": {"url": "example.com", "title": " "}}, {"url": "'URL' is not a valid URL.", **NO_TITLE}),
        ({"object": {"url": "http://[", "title": "x"}}, {"url": "'URL' is not a valid URL."}),
    ],
)
async def test_what_a_link_must_have(jira: httpx.AsyncClient, body: dict[str, Any], errors: dict[str, str]) -> None:
    assert_refused(await jira.post("issue/WEB-4/remotelink", json=body), 400, **errors)
    made = await link(jira)
    assert_refused(await jira.put(f"issue/WEB-4/remotelink/{made}", json=body), 400, **errors)
    assert len(await links(jira)) == 1


@pytest.mark.parametrize("body", [[], {"object": "x"}, {"object": {"url": 1, "title": "x"}}])
async def test_a_body_of_another_form(jira: httpx.AsyncClient, body: Any) -> None:
    answer = await jira.post("issue/WEB-4/remotelink", json=body)
    assert (answer.status_code, answer.json()) == (
        400,
        {"errorMessages": ["Invalid request payload. Refer to the REST API documentation and try again."]},
    )


async def test_ids_of_links(jira: httpx.AsyncClient) -> None:
    made = await link(jira)
    for method in ("GET", "DELETE"):
        assert_refused(
            await jira.request(method, "issue/WEB-4/remotelink/9a"), 400, "The remote link id '9a' is not a number."
        )
        assert_refused(await jira.request(method, "issue/WEB-4/remotelink/-1"), 404, NO_LINK)
        assert_refused(await jira.request(method, f"issue/WEB-2/remotelink/{made}"), 404, NO_LINK)
    assert_refused(await jira.put("issue/WEB-4/remotelink/1", json={"object": PAGE}), 404, NO_LINK)


async def test_an_unknown_issue(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    assert_refused(await jira.get("issue/WEB-99/remotelink"), 404, NO_ISSUE)
    assert_refused(await jira.post("issue/WEB-99/remotelink", json={"object": PAGE}), 404, NO_ISSUE)
    assert_refused(await nobody.get("issue/WEB-4/remotelink"), 404, NO_ISSUE)
    assert_refused(await nobody.post("issue/WEB-4/remotelink", json={"object": PAGE}), 404, NO_ISSUE)


async def test_the_history_tells_of_links(jira: httpx.AsyncClient) -> None:
    made = str(await link(jira, **WHOLE))
    await jira.post("issue/WEB-4/remotelink", json=WHOLE)  # changes nothing
    await jira.put(f"issue/WEB-4/remotelink/{made}", json={"object": PAGE})
    await jira.delete(f"issue/WEB-4/remotelink/{made}")
    first, second = 'This issue is documented by "How to pay (Wiki)"', 'This issue links to "How to pay"'
    told = [(one["from"], one["fromString"], one["to"], one["toString"]) for one in await history(jira, "WEB-4")]
    assert told == [(None, None, made, first), (made, first, made, second), (made, second, None, None)]
    assert {one["field"] for one in await history(jira, "WEB-4")} == {"RemoteIssueLink"}
    found = await jira.get("search/jql", params={"jql": "key = WEB-4 AND status WAS Done", "fields": "summary"})
    assert [issue["key"] for issue in found.json()["issues"]] == ["WEB-4"]


async def test_a_seed_links_pages(jira: httpx.AsyncClient) -> None:
    (only,) = await links(jira, "PLAT-2")
    assert (only["object"]["title"], only["object"]["url"], only["relationship"], only["application"]) == (
        "Backup schedules",
        "https://backup.example.com/docs/schedules",
        "is documented by",
        {},
    )


async def test_a_deleted_issue_takes_its_links_along(jira: httpx.AsyncClient, control: httpx.AsyncClient) -> None:
    made = await link(jira)
    assert (await jira.delete("issue/WEB-4")).status_code == 204
    (*_, last) = (await control.get("/sites/default/trace")).json()["exchanges"]
    gone = [(change["id"], change["after"]) for change in last["changes"] if change["table"] == "remote_link"]
    assert gone == [(str(made), None)]
