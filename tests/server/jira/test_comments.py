from __future__ import annotations

import httpx
import pytest

from tests.server.jira.expectations import NO_ISSUE, assert_problem, assert_refused, create, doc, fields_of


async def add(jira: httpx.AsyncClient, key: str, text: str) -> str:
    answer = await jira.post(f"issue/{key}/comment", json={"body": doc(text)})
    assert answer.status_code == 201, answer.text
    comment_id: str = answer.json()["id"]
    return comment_id


async def test_a_comment_is_added_and_read(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    answer = await jira.post(f"issue/{key}/comment", json={"body": doc("Well done")})
    comment = answer.json()
    assert answer.status_code == 201
    assert comment["body"] == doc("Well done")
    assert comment["author"] == comment["updateAuthor"]
    assert comment["author"]["displayName"] == "Alex Admin"
    assert comment["created"] == comment["updated"]
    assert (await jira.get(comment["self"])).json() == comment
    page = (await jira.get(f"issue/{key}/comment")).json()
    assert page == {"startAt": 0, "maxResults": 100, "total": 1, "comments": [comment]}
    fields = await fields_of(jira, key)
    assert fields["comment"]["comments"] == [comment]
    assert fields["updated"] == comment["created"]


async def test_v2_speaks_wiki_markup(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    key = await create(jira)
    comment = (await jira_v2.post(f"issue/{key}/comment", json={"body": "this is *bold*"})).json()
    assert comment["body"] == "this is *bold*"
    assert comment["self"].startswith("http://acme.test/rest/api/2/issue/")
    stored = (await jira.get(f"issue/{key}/comment/{comment['id']}")).json()["body"]
    assert stored["content"][0]["content"][1] == {
        "type": "text",
        "text": "bold",
        "marks": [{"type": "strong"}],
    }
    assert_refused(
        await jira_v2.post(f"issue/{key}/comment", json={"body": doc("x")}),
        400,
        comment="Comment body is not valid!",
    )


async def test_a_comment_is_replaced(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    comment_id = await add(jira, key, "First")
    answer = await jira.put(f"issue/{key}/comment/{comment_id}", json={"body": doc("Second")})
    assert (answer.status_code, answer.json()["body"]) == (200, doc("Second"))
    assert answer.json()["updated"] > answer.json()["created"]
    assert (await jira.get(f"issue/{key}/comment/{comment_id}")).json() == answer.json()


async def test_a_comment_is_deleted(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    comment_id = await add(jira, key, "Gone soon")
    answer = await jira.delete(f"issue/{key}/comment/{comment_id}")
    assert (answer.status_code, answer.content) == (204, b"")
    missing = f"Can not find a comment for the id: {comment_id}."
    assert_refused(await jira.get(f"issue/{key}/comment/{comment_id}"), 404, missing)
    assert_refused(await jira.delete(f"issue/{key}/comment/{comment_id}"), 404, missing)


async def test_a_comment_belongs_to_its_issue(jira: httpx.AsyncClient) -> None:
    comment_id = await add(jira, await create(jira), "Mine")
    assert_refused(
        await jira.put(f"issue/WEB-1/comment/{comment_id}", json={"body": doc("x")}),
        404,
        f"Can not find a comment for the id: {comment_id}.",
    )


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "Comment body can not be empty!"),
        ({"body": None}, "Comment body can not be empty!"),
        ({"body": {"type": "doc", "version": 1, "content": []}}, "Comment body can not be empty!"),
        ({"body": "text"}, "Comment body is not valid!"),
        ({"body": {"type": "doc"}}, "Comment body is not valid!"),
        (
            {"body": {"type": "doc", "version": 1, "content": [{"type": "bogus"}]}},
            "Comment body is not valid!",
        ),
    ],
)
async def test_a_body_that_is_no_document(jira: httpx.AsyncClient, body: object, text: str) -> None:
    assert_refused(await jira.post("issue/WEB-1/comment", json=body), 400, comment=text)
    assert (await jira.get("issue/WEB-1/comment")).json()["total"] == 0


async def test_an_unknown_issue(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    assert_refused(await jira.post("issue/WEB-99/comment", json={"body": doc("x")}), 404, NO_ISSUE)
    assert_refused(await nobody.post("issue/WEB-1/comment", json={"body": doc("x")}), 404, NO_ISSUE)
    assert_refused(await nobody.get("issue/WEB-3/comment"), 404, NO_ISSUE)


async def test_pages_and_order(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    comments = [await add(jira, key, text) for text in ("a", "b", "c")]

    async def listed(**parameters: object) -> list[str]:
        page = (await jira.get(f"issue/{key}/comment", params=parameters)).json()  # type: ignore[arg-type]
        return [comment["id"] for comment in page["comments"]]

    assert await listed() == comments
    assert await listed(startAt=1, maxResults=1) == [comments[1]]
    assert await listed(orderBy="-Created") == comments[::-1]
    assert await listed(orderBy="+created") == comments
    assert await listed(startAt=-3, maxResults=0) == comments[:1]
    page = (await jira.get(f"issue/{key}/comment?startAt=9&maxResults=500")).json()
    assert page == {"startAt": 9, "maxResults": 100, "total": 3, "comments": []}


async def test_a_wrong_order_is_refused_before_the_issue_is_looked_up(jira: httpx.AsyncClient) -> None:
    for order in ("updated", ""):
        assert (await jira.get("issue/NO-1/comment", params={"orderBy": order})).status_code == 400
    answer = await jira.get("issue/NO-1/comment?orderBy=x&startAt=y")
    assert_problem(answer, 400, "Bad Request", "Failed to convert 'startAt' with value: 'y'")


async def test_a_rendered_body(jira: httpx.AsyncClient) -> None:
    comment = (await jira.get("issue/WEB-3/comment?expand=renderedBody")).json()["comments"][0]
    assert comment["renderedBody"] == "<p>Three customers wrote to us about this today.</p>"


async def test_a_restricted_comment_keeps_its_visibility(jira: httpx.AsyncClient) -> None:
    visibility = {"type": "role", "value": "Administrators"}
    body = {"body": doc("For a few"), "visibility": visibility}
    assert (await jira.post("issue/WEB-1/comment", json=body)).json()["visibility"] == visibility


async def test_comments_by_their_ids(
    jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient, nobody: httpx.AsyncClient
) -> None:
    one, two = await add(jira, "WEB-1", "One"), await add(jira, "WEB-2", "Two")
    answer = await jira.post("comment/list?expand=renderedBody", json={"ids": [int(two), 1, int(one)]})
    page = answer.json()
    shown = page.pop("values")
    assert page == {"isLast": True, "maxResults": 1048576, "startAt": 0, "total": 2}
    assert [(comment["id"], comment["renderedBody"]) for comment in shown] == [(two, "<p>Two</p>"), (one, "<p>One</p>")]
    assert (await jira.get(shown[0]["self"])).json()["body"] == doc("Two")
    in_v2 = await jira_v2.post("comment/list", json={"ids": [int(one)]})
    assert in_v2.json()["values"][0]["body"] == "One"
    assert (await nobody.post("comment/list", json={"ids": [int(one)]})).json()["values"] == []


@pytest.mark.parametrize("ids", [None, "1", ["1"], [1, 1], [1.5]])
async def test_ids_that_are_none(jira: httpx.AsyncClient, ids: object) -> None:
    answer = await jira.post("comment/list", json={"ids": ids})
    assert (answer.status_code, list(answer.json())) == (400, ["errorMessages"])


async def test_too_few_and_too_many_ids(jira: httpx.AsyncClient) -> None:
    text = "Between 1 and 1000 comment ids can be asked for."
    for ids in ([], list(range(1001))):
        assert_refused(await jira.post("comment/list", json={"ids": ids}), 400, text)
