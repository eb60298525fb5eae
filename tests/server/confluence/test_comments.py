from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.server.confluence.conftest import CreatePage, Rows, v2_error

FOOTER = "/wiki/api/v2/footer-comments"
INLINE = "/wiki/api/v2/inline-comments"
PAGES = "/wiki/api/v2/pages"
TWICE = {"representation": "storage", "value": "<p>Ask twice, then ask <strong>again</strong>.</p>"}


def body(text: str) -> dict[str, str]:
    return {"representation": "storage", "value": f"<p>{text}</p>"}


async def post(atlassian: httpx.AsyncClient, url: str, **members: Any) -> dict[str, Any]:
    answer = await atlassian.post(url, json=members)
    assert answer.status_code == 201, answer.text
    comment: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"http://acme.test{url}/{comment['id']}"
    return comment


async def on_text(
    atlassian: httpx.AsyncClient, page_id: str, text: str, count: int = 1, index: int = 0
) -> dict[str, Any]:
    place = {"textSelection": text, "textSelectionMatchCount": count, "textSelectionMatchIndex": index}
    return await post(atlassian, INLINE, pageId=page_id, body=body("Why?"), inlineCommentProperties=place)


async def ids(atlassian: httpx.AsyncClient, url: str, **params: Any) -> list[str]:
    answer = await atlassian.get(url, params=params or None)
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["results"]]


async def test_a_footer_comment_is_written_and_read(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Decisions")
    comment = await post(atlassian, FOOTER, pageId=page["id"], body=body("Agreed"))
    created = comment["version"]["createdAt"]
    assert comment == {
        "id": comment["id"],
        "status": "current",
        "title": "Re: Decisions",
        "pageId": page["id"],
        "version": {"number": 1, "message": "", "minorEdit": False, "authorId": "alex", "createdAt": created},
        "body": {"storage": {"representation": "storage", "value": "<p>Agreed</p>"}},
        "_links": {
            "webui": f"/spaces/OPS/pages/{page['id']}/Decisions?focusedCommentId={comment['id']}",
            "base": "http://acme.test/wiki",
        },
    }
    bare = (await atlassian.get(f"{FOOTER}/{comment['id']}")).json()
    assert bare == {**comment, "body": {}}
    assert rows.get("page", page["id"]) == page
    listed = (await atlassian.get(f"{PAGES}/{page['id']}/footer-comments", params={"body-format": "storage"})).json()
    assert listed["results"] == [{**comment, "_links": {"webui": comment["_links"]["webui"]}}]
    assert await ids(atlassian, FOOTER) == [comment["id"]]
    assert await ids(atlassian, INLINE) == []


@pytest.mark.parametrize(
    "written",
    [
        {"representation": "wiki", "value": "so *so*"},
        {"storage": {"representation": "storage", "value": "<p>so <strong>so</strong></p>"}},
        {
            "representation": "atlas_doc_format",
            "value": json.dumps(
                {
                    "type": "doc",
                    "version": 1,
                    "content": [
                        {
                            "type": "paragraph",
                            "content": [
                                {"type": "text", "text": "so "},
                                {"type": "text", "text": "so", "marks": [{"type": "strong"}]},
                            ],
                        }
                    ],
                }
            ),
        },
    ],
)
async def test_every_representation(atlassian: httpx.AsyncClient, rows: Rows, written: dict[str, Any]) -> None:
    comment = await post(atlassian, FOOTER, pageId=rows.page("Decisions")["id"], body=written)
    for name in ("storage", "view", "export_view", "styled_view", "anonymous_export_view", "editor"):
        answer = (await atlassian.get(f"{FOOTER}/{comment['id']}", params={"body-format": name})).json()
        assert answer["body"] == {name: {"representation": name, "value": "<p>so <strong>so</strong></p>"}}
    shown = (await atlassian.get(f"{FOOTER}/{comment['id']}", params={"body-format": "atlas_doc_format"})).json()
    document = json.loads(shown["body"]["atlas_doc_format"]["value"])
    assert document["content"][0]["content"][1]["marks"] == [{"type": "strong"}]
    refused = await atlassian.get(FOOTER, params={"body-format": "view"})
    assert v2_error(refused)[:2] == (400, "INVALID_REQUEST_PARAMETER")


@pytest.mark.parametrize("url", [FOOTER, INLINE])
async def test_a_thread(atlassian: httpx.AsyncClient, rows: Rows, url: str) -> None:
    page = rows.page("Decisions")
    if url == FOOTER:
        first = await post(atlassian, url, pageId=page["id"], body=body("One"))
    else:
        first = await on_text(atlassian, page["id"], "chose")
    reply = await post(atlassian, url, parentCommentId=first["id"], body=body("Two"))
    deeper = await post(atlassian, url, parentCommentId=reply["id"], body=body("Three"))
    assert (reply["pageId"], reply["parentCommentId"]) == (page["id"], first["id"])
    assert await ids(atlassian, f"{PAGES}/{page['id']}/{url.rpartition('/')[2]}") == [first["id"]]
    assert await ids(atlassian, url) == [first["id"], reply["id"], deeper["id"]]
    assert await ids(atlassian, url, sort="-created-date", limit=2) == [deeper["id"], reply["id"]]
    children = (await atlassian.get(f"{url}/{first['id']}/children", params={"body-format": "storage"})).json()
    (child,) = children["results"]
    assert (child["id"], child["parentCommentId"], "pageId" in child) == (reply["id"], first["id"], False)
    assert child["body"]["storage"]["value"] == "<p>Two</p>"
    if url == INLINE:
        assert child["properties"] == reply["properties"] == first["properties"]
        assert child["resolutionStatus"] == "open"


async def test_a_cursor_goes_on_where_the_page_ended(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page_id = rows.page("Decisions")["id"]
    made = [(await post(atlassian, FOOTER, pageId=page_id, body=body(text)))["id"] for text in "abc"]
    answer = (await atlassian.get(f"{PAGES}/{page_id}/footer-comments?limit=2")).json()
    assert [row["id"] for row in answer["results"]] == made[:2]
    assert await ids(atlassian, answer["_links"]["next"]) == made[2:]


@pytest.mark.parametrize("url", [FOOTER, INLINE])
async def test_an_update_makes_a_version(atlassian: httpx.AsyncClient, rows: Rows, url: str) -> None:
    page = rows.page("Decisions")
    if url == FOOTER:
        comment = await post(atlassian, url, pageId=page["id"], body=body("Why?"))
    else:
        comment = await on_text(atlassian, page["id"], "chose")
    here = f"{url}/{comment['id']}"
    answer = await atlassian.put(here, json={"version": {"number": 2, "message": "typo"}, "body": body("Why so?")})
    assert answer.status_code == 200, answer.text
    updated = answer.json()
    assert updated["body"]["storage"]["value"] == "<p>Why so?</p>"
    assert (updated["version"]["number"], updated["version"]["message"]) == (2, "typo")
    assert updated["version"]["createdAt"] > comment["version"]["createdAt"]
    same = await atlassian.put(here, json={"version": {"number": 3}, "body": body("Why so?")})
    assert same.json() == updated
    old = (await atlassian.get(here, params={"version": 1, "body-format": "storage"})).json()
    assert (old["status"], old["body"]["storage"]["value"]) == ("historical", "<p>Why?</p>")
    versions = (await atlassian.get(f"{here}/versions", params={"body-format": "storage"})).json()["results"]
    assert [version["number"] for version in versions] == [2, 1]
    assert versions[1]["comment"] == {
        "id": comment["id"],
        "title": "Re: Decisions",
        "body": {"storage": {"representation": "storage", "value": "<p>Why?</p>"}},
    }
    oldest_first = (await atlassian.get(f"{here}/versions?sort=modified-date")).json()["results"]
    assert [version["number"] for version in oldest_first] == [1, 2]
    first = (await atlassian.get(f"{here}/versions/1")).json()
    assert (first["number"], first["nextVersion"], "prevVersion" in first) == (1, 2, False)
    assert first["collaborators"] == ["alex"]
    missing = await atlassian.get(f"{here}/versions/3")
    assert v2_error(missing)[2] == f"Cannot find version [3] of the comment with id [{comment['id']}]"
    assert (await atlassian.get(here, params={"version": 3})).status_code == 404


@pytest.mark.parametrize(
    ("sent", "status", "title"),
    [
        ({"version": {"number": 1}}, 409, "a comment. Current Version: [1]. Provided version: [1]"),
        ({"version": {"number": 3}}, 409, "a comment. Current Version: [1]. Provided version: [3]"),
        ({"version": {}}, 400, "Must supply an incremented version when updating Content. No version supplied."),
        ({}, 400, "Must supply an incremented version when updating Content. No version supplied."),
        ({"version": {"number": "2"}}, 400, "Invalid message"),
        ({"version": {"number": 2}, "body": {"representation": "view", "value": ""}}, 400, "Invalid message"),
        (
            {"version": {"number": 2}, "body": {"representation": "storage", "value": "<p>"}},
            400,
            "Error parsing xhtml: Unexpected EOF; was expecting a close tag for element <p>",
        ),
    ],
)
async def test_an_update_that_is_refused(
    atlassian: httpx.AsyncClient, rows: Rows, sent: dict[str, Any], status: int, title: str
) -> None:
    comment = await post(atlassian, FOOTER, pageId=rows.page("Decisions")["id"], body=body("Why?"))
    answer = await atlassian.put(f"{FOOTER}/{comment['id']}", json=sent)
    assert v2_error(answer)[0] == status
    assert title in v2_error(answer)[2]
    assert rows.get("page_comment", comment["id"])["versionNumber"] == 1


async def test_what_the_flags_add(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    comment = await on_text(atlassian, rows.page("Decisions")["id"], "chose")
    flags = {f"include-{name}": "true" for name in ("properties", "operations", "likes", "versions")}
    view = (await atlassian.get(f"{INLINE}/{comment['id']}", params={**flags, "include-version": "false"})).json()
    assert {"operation": "update", "targetType": "comment"} in view["operations"]["results"]
    assert (view["likes"]["results"], view["properties"]["results"]) == ([], [])
    assert view["properties"]["inlineOriginalSelection"] == "chose"
    assert [version["number"] for version in view["versions"]["results"]] == [1]
    assert "version" not in view


async def test_an_inline_comment_marks_its_text(
    atlassian: httpx.AsyncClient, rows: Rows, create_page: CreatePage
) -> None:
    page = await create_page("Asking", body=TWICE)
    second = await on_text(atlassian, page["id"], "ask", 1, 0)
    ref = second["properties"]["inlineMarkerRef"]
    assert second["properties"]["inlineOriginalSelection"] == "ask"
    assert second["resolutionStatus"] == "open"
    assert "resolutionLastModifierId" not in second
    row = rows.get("page", page["id"])
    marker = f'<ac:inline-comment-marker ac:ref="{ref}">ask</ac:inline-comment-marker>'
    assert row["body"] == TWICE["value"].replace("ask", marker)
    assert row["versionNumber"] == 1
    assert rows.get("page_version", f"{page['id']}:1")["body"] == row["body"]
    across = await on_text(atlassian, page["id"], "then ask again", 1, 0)
    body_now = rows.get("page", page["id"])["body"]
    assert body_now.count(f'ac:ref="{across["properties"]["inlineMarkerRef"]}"') == 4
    assert (await atlassian.delete(f"{INLINE}/{across['id']}")).status_code == 204
    assert rows.get("page", page["id"])["body"] == row["body"]


@pytest.mark.parametrize(
    ("wanted", "title"),
    [
        (None, "inlineCommentProperties must give"),
        ({"textSelection": "chose"}, "inlineCommentProperties must give"),
        (("", 1, 0), "inlineCommentProperties must give"),
        (("nowhere", 1, 0), "The text selection stands 0 times on the page: match 0 of 1 cannot be marked"),
        (("chose", 2, 0), "The text selection stands 1 times on the page: match 0 of 2 cannot be marked"),
        (("chose", 1, 1), "The text selection stands 1 times on the page: match 1 of 1 cannot be marked"),
        (("chose", 1, -1), "The text selection stands 1 times on the page: match -1 of 1 cannot be marked"),
        (("chose", "1", 0), "Invalid message"),
    ],
)
async def test_a_selection_that_is_refused(atlassian: httpx.AsyncClient, rows: Rows, wanted: Any, title: str) -> None:
    page = rows.page("Decisions")
    if isinstance(wanted, tuple):
        wanted = dict(zip(("textSelection", "textSelectionMatchCount", "textSelectionMatchIndex"), wanted, strict=True))
    sent = {"pageId": page["id"], "body": body("Why?"), **({"inlineCommentProperties": wanted} if wanted else {})}
    answer = await atlassian.post(INLINE, json=sent)
    assert v2_error(answer)[0] == 400
    assert title in v2_error(answer)[2]
    assert rows.get("page", page["id"]) == page
    assert rows.all("page_comment") == []


async def test_an_inline_comment_is_resolved_and_reopened(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page_id = rows.page("Decisions")["id"]
    comment = await on_text(atlassian, page_id, "chose")
    here, listed = f"{INLINE}/{comment['id']}", f"{PAGES}/{page_id}/inline-comments"
    resolved = (await atlassian.put(here, json={"version": {"number": 2}, "resolved": True})).json()
    assert (resolved["resolutionStatus"], resolved["resolutionLastModifierId"]) == ("resolved", "alex")
    assert resolved["resolutionLastModifiedAt"] == resolved["version"]["createdAt"]
    assert resolved["body"] == comment["body"]
    again = await atlassian.put(here, json={"version": {"number": 3}, "resolved": True})
    assert again.json() == resolved
    assert await ids(atlassian, listed, **{"resolution-status": "open"}) == []
    assert await ids(atlassian, listed, **{"resolution-status": ["resolved", "dangling"]}) == [comment["id"]]
    reopened = (await atlassian.put(here, json={"version": {"number": 3}, "resolved": False})).json()
    assert reopened["resolutionStatus"] == "reopened"
    assert await ids(atlassian, listed, **{"resolution-status": "reopened"}) == [comment["id"]]
    assert (await atlassian.get(listed, params={"resolution-status": "settled"})).status_code == 400
    reply = await post(atlassian, INLINE, parentCommentId=comment["id"], body=body("Yes"))
    refused = await atlassian.put(f"{INLINE}/{reply['id']}", json={"version": {"number": 2}, "resolved": True})
    assert v2_error(refused)[2] == "Only an inline comment that begins a thread can be resolved or reopened"


async def test_a_comment_dangles_when_its_text_goes(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Decisions")
    comment = await on_text(atlassian, page["id"], "chose")
    marked = rows.get("page", page["id"])["body"]

    async def status_after(number: int, text: str) -> str:
        change = {
            "id": page["id"],
            "status": "current",
            "title": "Decisions",
            "version": {"number": number},
            "body": {"representation": "storage", "value": text},
        }
        assert (await atlassian.put(f"{PAGES}/{page['id']}", json=change)).status_code == 200
        status: str = (await atlassian.get(f"{INLINE}/{comment['id']}")).json()["resolutionStatus"]
        return status

    assert await status_after(2, f"{marked}<p>More.</p>") == "open"
    assert await status_after(3, "<p>Other.</p>") == "dangling"
    assert await ids(atlassian, f"{PAGES}/{page['id']}/inline-comments", **{"resolution-status": "dangling"}) == [
        comment["id"]
    ]
    assert (await atlassian.delete(f"{INLINE}/{comment['id']}")).status_code == 204
    assert rows.get("page", page["id"])["body"] == "<p>Other.</p>"


async def test_a_footer_comment_is_deleted_and_its_replies_move_up(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page_id = rows.page("Decisions")["id"]
    first = await post(atlassian, FOOTER, pageId=page_id, body=body("One"))
    reply = await post(atlassian, FOOTER, parentCommentId=first["id"], body=body("Two"))
    deeper = await post(atlassian, FOOTER, parentCommentId=reply["id"], body=body("Three"))
    answer = await atlassian.delete(f"{FOOTER}/{reply['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert await ids(atlassian, f"{FOOTER}/{first['id']}/children") == [deeper["id"]]
    await atlassian.delete(f"{FOOTER}/{first['id']}")
    assert await ids(atlassian, f"{PAGES}/{page_id}/footer-comments") == [deeper["id"]]
    gone = f"Cannot find a comment with id [{first['id']}]"
    for answer in (
        await atlassian.get(f"{FOOTER}/{first['id']}"),
        await atlassian.put(f"{FOOTER}/{first['id']}", json={"version": {"number": 2}, "body": body("x")}),
        await atlassian.delete(f"{FOOTER}/{first['id']}"),
        await atlassian.get(f"{FOOTER}/{first['id']}/children"),
        await atlassian.get(f"{FOOTER}/{first['id']}/versions"),
        await atlassian.get(f"{FOOTER}/{first['id']}/versions/1"),
    ):
        assert v2_error(answer) == (404, "NOT_FOUND", gone)
    assert [row["comment"] for row in rows.all("page_comment_version")] == [deeper["id"]]


async def test_an_inline_thread_goes_with_what_it_is_about(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Decisions")
    comment = await on_text(atlassian, page["id"], "chose")
    await post(atlassian, INLINE, parentCommentId=comment["id"], body=body("Yes"))
    assert (await atlassian.delete(f"{INLINE}/{comment['id']}")).status_code == 204
    assert (rows.all("page_comment"), rows.all("page_comment_version")) == ([], [])
    assert rows.get("page", page["id"]) == page


async def test_each_kind_has_its_own_path(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page_id = rows.page("Decisions")["id"]
    footer = await post(atlassian, FOOTER, pageId=page_id, body=body("One"))
    inline = await on_text(atlassian, page_id, "chose")
    assert (await atlassian.get(f"{INLINE}/{footer['id']}")).status_code == 404
    assert (await atlassian.get(f"{FOOTER}/{inline['id']}")).status_code == 404
    reply = await atlassian.post(INLINE, json={"parentCommentId": footer["id"], "body": body("x")})
    assert v2_error(reply)[2] == f"Cannot find a comment with id [{footer['id']}]"


@pytest.mark.parametrize(
    ("sent", "status", "title"),
    [
        ({}, 400, "A comment must name what it stands on, by one of pageId, blogPostId, attachmentId"),
        ({"pageId": "1", "parentCommentId": "2"}, 400, "A comment must name what it stands on"),
        ({"pageId": "x"}, 400, "Provided value {x} for 'pageId' is not the correct type. Expected type is Long"),
        ({"pageId": "999"}, 404, "Cannot find a page with id [999]"),
        ({"blogPostId": "999"}, 404, "Cannot find a blog post with id [999]"),
        ({"attachmentId": "att999"}, 404, "Cannot find an attachment with id [att999]"),
        ({"customContentId": "999"}, 404, "Cannot find a custom content with id [999]"),
        ({"parentCommentId": "999"}, 404, "Cannot find a comment with id [999]"),
        ({"pageId": 999}, 400, "Invalid message"),
        ({"pageId": "999", "body": {"representation": "storage", "value": 7}}, 400, "Invalid message"),
    ],
)
async def test_a_comment_on_nothing(
    atlassian: httpx.AsyncClient, rows: Rows, sent: dict[str, Any], status: int, title: str
) -> None:
    answer = await atlassian.post(FOOTER, json={"body": body("x"), **sent})
    assert v2_error(answer)[0] == status
    assert v2_error(answer)[2].startswith(title)
    assert rows.all("page_comment") == []


@pytest.mark.parametrize("sent", [None, {"representation": "storage", "value": "  "}])
async def test_an_empty_comment(atlassian: httpx.AsyncClient, rows: Rows, sent: dict[str, str] | None) -> None:
    members = {"pageId": rows.page("Decisions")["id"], **({"body": sent} if sent else {})}
    assert v2_error(await atlassian.post(FOOTER, json=members))[2] == "A comment must have a body"


async def test_comments_go_to_the_trash_with_their_page(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page_id = rows.page("Decisions")["id"]
    comment = await post(atlassian, FOOTER, pageId=page_id, body=body("One"))
    await on_text(atlassian, page_id, "chose")
    await atlassian.delete(f"{PAGES}/{page_id}")
    assert await ids(atlassian, FOOTER) == []
    for answer in (
        await atlassian.get(f"{FOOTER}/{comment['id']}"),
        await atlassian.get(f"{PAGES}/{page_id}/footer-comments"),
        await atlassian.post(FOOTER, json={"pageId": page_id, "body": body("x")}),
    ):
        assert v2_error(answer)[0] == 404
    restored = {"id": page_id, "status": "current", "title": "Decisions", "version": {"number": 2}, "body": body("")}
    assert (await atlassian.put(f"{PAGES}/{page_id}", json=restored)).status_code == 200
    assert await ids(atlassian, f"{PAGES}/{page_id}/footer-comments") == [comment["id"]]
    await atlassian.delete(f"{PAGES}/{page_id}")
    assert (await atlassian.delete(f"{PAGES}/{page_id}?purge=true")).status_code == 204
    assert (rows.all("page_comment"), rows.all("page_comment_version")) == ([], [])


async def test_an_archived_page_takes_no_comments(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page_id = rows.page("Old runbook")["id"]
    answer = await atlassian.post(FOOTER, json={"pageId": page_id, "body": body("x")})
    assert v2_error(answer) == (400, "BAD_REQUEST", "An archived page cannot be edited")
    assert await ids(atlassian, f"{PAGES}/{page_id}/footer-comments") == []


async def test_no_comment_is_in_another_state(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page_id = rows.page("Decisions")["id"]
    comment = await post(atlassian, FOOTER, pageId=page_id, body=body("One"))
    url = f"{PAGES}/{page_id}/footer-comments"
    assert await ids(atlassian, url, status=["current", "draft"]) == [comment["id"]]
    assert await ids(atlassian, url, status="trashed") == []
    assert (await atlassian.get(url, params={"status": "any"})).status_code == 400


async def test_a_stranger_and_an_id_that_is_none(atlassian: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    assert v2_error(await anonymous.get(FOOTER)) == (404, "NOT_FOUND", "Not Found")
    assert v2_error(await anonymous.post(INLINE, json={}))[0] == 404
    assert v2_error(await atlassian.get(f"{FOOTER}/abc"))[1] == "INVALID_REQUEST_PARAMETER"
    empty = await atlassian.post(FOOTER, headers={"content-type": "application/json"})
    assert v2_error(empty)[2] == "Invalid message"


async def test_a_comment_on_an_attachment(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Decisions")
    uploaded = await atlassian.post(
        f"/wiki/rest/api/content/{page['id']}/child/attachment",
        files={"file": ("plan.txt", b"one")},
        headers={"x-atlassian-token": "nocheck"},
    )
    attachment_id = uploaded.json()["results"][0]["id"]
    comment = await post(atlassian, FOOTER, attachmentId=attachment_id, body=body("Old"))
    assert (comment["title"], comment["attachmentId"]) == ("Re: plan.txt", attachment_id)
    assert "pageId" not in comment
    reply = await post(atlassian, FOOTER, parentCommentId=comment["id"], body=body("New"))
    assert (reply["attachmentId"], reply["parentCommentId"]) == (attachment_id, comment["id"])
    url = f"/wiki/api/v2/attachments/{attachment_id}"
    assert await ids(atlassian, f"{url}/footer-comments") == [comment["id"]]
    assert await ids(atlassian, f"{PAGES}/{page['id']}/footer-comments") == []
    assert await ids(atlassian, FOOTER) == [comment["id"], reply["id"]]
    missing = await atlassian.get("/wiki/api/v2/attachments/att9/footer-comments")
    assert v2_error(missing)[2] == "Cannot find an attachment with id [att9]"
    await atlassian.delete(url)
    assert await ids(atlassian, FOOTER) == []
    assert (await atlassian.delete(f"{url}?purge=true")).status_code == 204
    assert (rows.all("page_comment"), rows.all("page_comment_version")) == ([], [])
