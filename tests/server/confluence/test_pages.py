from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.server.confluence.conftest import CreatePage, Rows, v2_error

PAGES = "/wiki/api/v2/pages"
TAKEN = "A page with this title already exists: A page already exists with the same TITLE in this space"
STORAGE = {"representation": "storage", "value": "<p>Hello</p>"}


def update(page: dict[str, Any], **members: Any) -> dict[str, Any]:
    """The body of a valid update of a page, but for `members`."""
    number = page["version"]["number"] + 1
    return {
        "id": page["id"],
        "status": "current",
        "title": page["title"],
        "body": STORAGE,
        "version": {"number": number},
        **members,
    }


async def test_a_page_is_created_under_the_homepage(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    space = rows.space()
    body = {"spaceId": space["id"], "title": "New page", "body": STORAGE}
    answer = await atlassian.post(PAGES, json=body)
    assert answer.status_code == 200
    page = answer.json()
    assert page == {
        "id": page["id"],
        "status": "current",
        "title": "New page",
        "spaceId": space["id"],
        "parentId": space["homepage"],
        "parentType": "page",
        "position": int(page["id"]),
        "authorId": "alex",
        "ownerId": "alex",
        "lastOwnerId": None,
        "createdAt": "2026-03-02T09:00:01.000Z",
        "version": {
            "number": 1,
            "message": "",
            "minorEdit": False,
            "authorId": "alex",
            "createdAt": "2026-03-02T09:00:01.000Z",
        },
        "body": {"storage": STORAGE},
        "_links": {
            "editui": f"/pages/resumedraft.action?draftId={page['id']}",
            "webui": f"/spaces/OPS/pages/{page['id']}/New+page",
            "edituiv2": f"/spaces/OPS/pages/edit-v2/{page['id']}",
            "tinyui": page["_links"]["tinyui"],
            "base": "http://acme.test/wiki",
        },
    }
    row = rows.get("page", page["id"])
    assert (row["title"], row["title_key"], row["body"], row["parent"]) == (
        "New page",
        "new page",
        "<p>Hello</p>",
        space["homepage"],
    )
    version = rows.get("page_version", f"{page['id']}:1")
    assert (version["page"], version["number"], version["title"], version["body"]) == (
        page["id"],
        1,
        "New page",
        "<p>Hello</p>",
    )


async def test_a_page_is_created_under_a_parent_or_at_the_root(
    create_page: CreatePage, rows: Rows, atlassian: httpx.AsyncClient
) -> None:
    parent = rows.page("Runbooks")["id"]
    assert (await create_page("Child", parentId=parent))["parentId"] == parent
    body = {"spaceId": rows.space()["id"], "title": "Top"}
    root = (await atlassian.post(PAGES, params={"root-level": "true"}, json=body)).json()
    assert (root["parentId"], root["parentType"]) == (None, None)


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        ({"storage": {"value": "<p>One</p>"}}, "<p>One</p>"),
        ({"storage": {"value": "<p>One</p>", "representation": "storage"}}, "<p>One</p>"),
        ({"representation": "wiki", "value": "One"}, "<p>One</p>"),
    ],
)
async def test_bodies_come_in_several_forms(create_page: CreatePage, rows: Rows, body: Any, stored: str) -> None:
    page = await create_page("Forms", body=body)
    assert rows.get("page", page["id"])["body"] == stored


async def test_an_adf_body_is_a_string_of_json(
    create_page: CreatePage, atlassian: httpx.AsyncClient, rows: Rows
) -> None:
    document = {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Hi"}]}],
    }
    page = await create_page("ADF", body={"representation": "atlas_doc_format", "value": json.dumps(document)})
    assert rows.get("page", page["id"])["body"] == "<p>Hi</p>"
    read = (await atlassian.get(f"{PAGES}/{page['id']}", params={"body-format": "atlas_doc_format"})).json()
    assert json.loads(read["body"]["atlas_doc_format"]["value"]) == document


# Of JSON it can be a part, of XML not.
CONTROL_CHARACTER = (
    r'{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"\u0001"}]}]}'
)


@pytest.mark.parametrize(
    "body",
    [
        {"representation": "storage", "value": "<p>open"},
        {"representation": "storage", "value": "<p>one</b>"},
        {"representation": "atlas_doc_format", "value": "no json"},
        {"representation": "atlas_doc_format", "value": '{"type": "paragraph"}'},
        {
            "representation": "atlas_doc_format",
            "value": '{"type":"doc","version":1,"content":' + "[" * 500 + "]" * 500 + "}",
        },
        {"representation": "atlas_doc_format", "value": CONTROL_CHARACTER},
        {"representation": "wiki", "value": "a \ufffe"},
    ],
)
async def test_a_body_that_does_not_parse_is_refused(atlassian: httpx.AsyncClient, rows: Rows, body: Any) -> None:
    before = len(rows.all("page"))
    answer = await atlassian.post(PAGES, json={"spaceId": rows.space()["id"], "title": "Bad", "body": body})
    status, code, title = v2_error(answer)
    assert (status, code) == (400, "BAD_REQUEST")
    assert title.startswith(("Error parsing xhtml: ", "The value is not a valid ADF document: "))
    assert len(rows.all("page")) == before


@pytest.mark.parametrize("body", [{}, {"value": "<p/>"}, {"representation": "html", "value": ""}, "text"])
async def test_a_body_of_the_wrong_shape_is_refused(atlassian: httpx.AsyncClient, rows: Rows, body: Any) -> None:
    answer = await atlassian.post(PAGES, json={"spaceId": rows.space()["id"], "title": "Bad", "body": body})
    assert v2_error(answer) == (400, "INVALID_MESSAGE", "Invalid message")


async def test_what_a_new_page_needs(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    space = rows.space()["id"]
    no_space = await atlassian.post(PAGES, json={"title": "New"})
    assert v2_error(no_space) == (400, "INVALID_MESSAGE", "Invalid message")
    assert "spaceId" in no_space.json()["errors"][0]["detail"]
    assert v2_error(await atlassian.post(PAGES, json={"spaceId": "OPS", "title": "New"})) == (
        400,
        "INVALID_REQUEST_PARAMETER",
        "Provided value {OPS} for 'spaceId' is not the correct type. Expected type is Long",
    )
    assert v2_error(await atlassian.post(PAGES, json={"spaceId": "999", "title": "New"})) == (
        404,
        "NOT_FOUND",
        "Cannot find a space with id [999]",
    )
    assert v2_error(await atlassian.post(PAGES, json={"spaceId": space, "title": "New", "parentId": "999"})) == (
        404,
        "NOT_FOUND",
        "Cannot find content with id [999]",
    )
    other = rows.page("Runbooks", "Help")["id"]
    elsewhere = await atlassian.post(PAGES, json={"spaceId": space, "title": "New", "parentId": other})
    assert v2_error(elsewhere)[0] == 404
    assert v2_error(await atlassian.post(PAGES, json={"spaceId": space})) == (
        400,
        "BAD_REQUEST",
        "Title must be specified and not blank",
    )
    assert v2_error(await atlassian.post(PAGES, json={"spaceId": space, "title": "x" * 256})) == (
        400,
        "BAD_REQUEST",
        "Title cannot be longer than 255 characters",
    )


async def test_titles_are_unique_in_a_space(atlassian: httpx.AsyncClient, create_page: CreatePage, rows: Rows) -> None:
    space = rows.space()["id"]
    for title in ("Decisions", "DECISIONS", "Old runbook"):
        answer = await atlassian.post(PAGES, json={"spaceId": space, "title": title})
        assert v2_error(answer) == (400, "BAD_REQUEST", TAKEN)
    # The trash gives a title back, and other spaces have titles of their own.
    await atlassian.delete(f"{PAGES}/{rows.page('Decisions')['id']}")
    await create_page("Decisions")
    await create_page("decisions elsewhere", spaceId=rows.space("Help")["id"])


async def test_a_draft_needs_no_title_and_is_found_as_a_draft(
    atlassian: httpx.AsyncClient, create_page: CreatePage
) -> None:
    page = await create_page("", status="draft")
    assert page["status"] == "draft"
    url = f"{PAGES}/{page['id']}"
    assert v2_error(await atlassian.get(url))[2] == f"Cannot find a page with id [{page['id']}]"
    assert (await atlassian.get(url, params={"get-draft": "true"})).status_code == 200
    published = await atlassian.put(url, json=update(page, title="Published", version={"number": 1}))
    assert (published.json()["status"], published.json()["version"]["number"]) == ("current", 1)
    assert (await atlassian.get(url)).status_code == 200


async def test_a_page_is_read_without_its_body_unless_asked(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Restore a backup")
    answer = await atlassian.get(f"{PAGES}/{page['id']}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["body"] == {}
    assert answer.json()["version"]["number"] == 1
    storage = (await atlassian.get(f"{PAGES}/{page['id']}", params={"body-format": "storage"})).json()
    assert storage["body"] == {"storage": {"representation": "storage", "value": "<p>Stop the writers.</p>"}}
    view = (await atlassian.get(f"{PAGES}/{page['id']}", params={"body-format": "view"})).json()
    assert "Stop the writers." in view["body"]["view"]["value"]


async def test_the_homepage_is_the_overview(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    home = (await atlassian.get(f"{PAGES}/{rows.space()['homepage']}")).json()
    assert home["title"] == "Operations Home"
    assert home["_links"]["webui"] == "/spaces/OPS/overview"
    assert home["parentId"] is None


async def test_include_flags_add_lists(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Runbooks")
    flags = ("labels", "properties", "operations", "likes", "versions", "direct-children")
    params = {f"include-{name}": "true" for name in flags} | {"include-version": "false"}
    read = (await atlassian.get(f"{PAGES}/{page['id']}", params=params)).json()
    assert [label["name"] for label in read["labels"]["results"]] == ["runbook"]
    assert read["labels"]["_links"]["self"] == f"/wiki/api/v2/pages/{page['id']}/labels"
    assert read["properties"]["results"] == read["likes"]["results"] == []
    assert {"operation": "update", "targetType": "page"} in read["operations"]["results"]
    assert [version["number"] for version in read["versions"]["results"]] == [1]
    assert [child["title"] for child in read["directChildren"]["results"]] == [
        "Restore a backup",
        "Rotate credentials",
    ]
    assert "version" not in read


async def test_an_unknown_page(atlassian: httpx.AsyncClient) -> None:
    for method in ("GET", "DELETE"):
        answer = await atlassian.request(method, f"{PAGES}/999")
        assert answer.json() == {
            "errors": [
                {
                    "status": 404,
                    "code": "NOT_FOUND",
                    "title": "Cannot find a page with id [999]",
                    "detail": None,
                }
            ]
        }
    assert v2_error(await atlassian.get(f"{PAGES}/abc")) == (
        400,
        "INVALID_REQUEST_PARAMETER",
        "Provided value {abc} for 'id' is not the correct type. Expected type is long",
    )


async def test_an_update_makes_the_next_version(
    atlassian: httpx.AsyncClient, create_page: CreatePage, rows: Rows
) -> None:
    page = await create_page("Page", body={"representation": "storage", "value": "<p>One</p>"})
    url = f"{PAGES}/{page['id']}"
    answer = await atlassian.put(url, json=update(page, title="Renamed", version={"number": 2, "message": "why"}))
    assert answer.status_code == 200
    updated = answer.json()
    assert (updated["title"], updated["version"]["number"], updated["version"]["message"]) == (
        "Renamed",
        2,
        "why",
    )
    assert updated["parentId"] == page["parentId"]
    assert rows.get("page", page["id"])["body"] == "<p>Hello</p>"
    assert rows.get("page_version", f"{page['id']}:1")["body"] == "<p>One</p>"
    assert rows.get("page_version", f"{page['id']}:2")["message"] == "why"
    old = (await atlassian.get(url, params={"version": "1", "body-format": "storage"})).json()
    assert (old["status"], old["title"], old["body"]["storage"]["value"]) == (
        "historical",
        "Page",
        "<p>One</p>",
    )
    assert v2_error(await atlassian.get(url, params={"version": "9"}))[0] == 404


@pytest.mark.parametrize("number", [0, 1, 3, 4])
async def test_a_version_must_be_the_next_one(
    atlassian: httpx.AsyncClient, create_page: CreatePage, number: int, rows: Rows
) -> None:
    page = await create_page("Page")
    answer = await atlassian.put(f"{PAGES}/{page['id']}", json=update(page, version={"number": number}))
    assert v2_error(answer) == (
        409,
        "CONFLICT",
        f"Version must be incremented when updating a page. Current Version: [1]. Provided version: [{number}]",
    )
    assert rows.get("page", page["id"])["versionNumber"] == 1


async def test_an_update_that_changes_nothing_makes_no_version(
    atlassian: httpx.AsyncClient, create_page: CreatePage, rows: Rows
) -> None:
    page = await create_page("Page", body=STORAGE)
    answer = await atlassian.put(f"{PAGES}/{page['id']}", json=update(page))
    assert (answer.status_code, answer.json()["version"]["number"]) == (200, 1)
    assert rows.get("page", page["id"])["versionNumber"] == 1


async def test_what_an_update_needs(atlassian: httpx.AsyncClient, create_page: CreatePage, rows: Rows) -> None:
    page = await create_page("Page")
    url = f"{PAGES}/{page['id']}"
    for name in ("id", "status", "title", "body", "version"):
        body = update(page)
        del body[name]
        assert v2_error(await atlassian.put(url, json=body)) == (400, "INVALID_MESSAGE", "Invalid message")
    assert v2_error(await atlassian.put(url, json=update(page, version={})))[0] == 400
    assert v2_error(await atlassian.put(url, json=update(page, id="10000"))) == (
        400,
        "BAD_REQUEST",
        f"The id in the body is not that of the path, [{page['id']}]",
    )
    other = rows.space("Help")["id"]
    assert v2_error(await atlassian.put(url, json=update(page, spaceId=other))) == (
        400,
        "BAD_REQUEST",
        "Moving a page to another space is not supported",
    )
    assert v2_error(await atlassian.put(url, json=update(page, title="Decisions"))) == (
        400,
        "BAD_REQUEST",
        TAKEN,
    )
    assert v2_error(await atlassian.put(url, json=update(page, ownerId="nobody")))[0] == 400
    assert v2_error(await atlassian.put(f"{PAGES}/999", json=update(page, id="999")))[0] == 404
    assert rows.get("page", page["id"])["versionNumber"] == 1


async def test_a_new_parent_moves_the_page_to_the_end(
    atlassian: httpx.AsyncClient, create_page: CreatePage, rows: Rows
) -> None:
    page = await create_page("Page")
    parent = rows.page("Runbooks")["id"]
    moved = (await atlassian.put(f"{PAGES}/{page['id']}", json=update(page, parentId=parent))).json()
    assert (moved["parentId"], moved["version"]["number"]) == (parent, 2)
    siblings = (await atlassian.get(f"{PAGES}/{parent}/direct-children")).json()["results"]
    assert [sibling["title"] for sibling in siblings] == ["Restore a backup", "Rotate credentials", "Page"]
    # Null leaves it where it is.
    stays = (await atlassian.put(f"{PAGES}/{page['id']}", json=update(moved, title="Still", parentId=None))).json()
    assert stays["parentId"] == parent


async def test_a_page_cannot_stand_under_itself(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = (await atlassian.get(f"{PAGES}/{rows.page('Runbooks')['id']}")).json()
    for parent in (page["id"], rows.page("Restore a backup")["id"]):
        answer = await atlassian.put(f"{PAGES}/{page['id']}", json=update(page, parentId=parent))
        assert v2_error(answer) == (
            400,
            "BAD_REQUEST",
            "Cannot move the content here as it creates a parent-child loop.",
        )
    unknown = await atlassian.put(f"{PAGES}/{page['id']}", json=update(page, parentId="1"))
    assert v2_error(unknown) == (404, "NOT_FOUND", "Cannot find content with id [1]")


async def test_an_archived_page_cannot_be_edited(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = (await atlassian.get(f"{PAGES}/{rows.page('Old runbook')['id']}")).json()
    assert (page["status"], page["parentId"]) == ("archived", rows.page("Runbooks")["id"])
    answer = await atlassian.put(f"{PAGES}/{page['id']}", json=update(page))
    assert v2_error(answer) == (400, "BAD_REQUEST", "An archived page cannot be edited")


async def test_the_title_alone(atlassian: httpx.AsyncClient, create_page: CreatePage, rows: Rows) -> None:
    page = await create_page("Page", body=STORAGE)
    url = f"{PAGES}/{page['id']}/title"
    renamed = await atlassian.put(url, json={"status": "current", "title": "Renamed"})
    assert (renamed.status_code, renamed.json()["title"], renamed.json()["version"]["number"]) == (
        200,
        "Renamed",
        2,
    )
    assert rows.get("page", page["id"])["body"] == "<p>Hello</p>"
    taken = await atlassian.put(url, json={"status": "current", "title": "decisions"})
    assert v2_error(taken) == (400, "BAD_REQUEST", TAKEN)
    draft = await atlassian.put(url, json={"status": "draft", "title": "Again"})
    assert v2_error(draft) == (400, "BAD_REQUEST", "The page is not in the status [draft]")


async def test_a_deleted_page_is_in_the_trash(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Runbooks")
    answer = await atlassian.delete(f"{PAGES}/{page['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    read = await atlassian.get(f"{PAGES}/{page['id']}")
    assert read.status_code == 200
    trashed = read.json()
    assert [trashed[name] for name in ("status", "parentId", "parentType", "position")] == [
        "trashed",
        None,
        None,
        None,
    ]
    assert v2_error(await atlassian.delete(f"{PAGES}/{page['id']}"))[0] == 404
    listed = (await atlassian.get(PAGES, params={"title": "Runbooks", "space-id": page["space"]})).json()
    assert listed["results"] == []


async def test_children_of_a_trashed_page_move_up(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Runbooks")
    await atlassian.delete(f"{PAGES}/{page['id']}")
    assert rows.page("Restore a backup")["parent"] == page["parent"]
    children = (await atlassian.get(f"{PAGES}/{page['id']}/direct-children")).json()
    assert children["results"] == []


async def test_purging_is_for_the_trash_alone(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Restore a backup")
    url = f"{PAGES}/{page['id']}"
    assert v2_error(await atlassian.delete(url, params={"purge": "true"}))[0] == 400
    await atlassian.delete(url)
    assert (await atlassian.delete(url, params={"purge": "true"})).status_code == 204
    assert (await atlassian.get(url)).status_code == 404
    assert all(row["content"] != page["id"] for row in rows.all("label"))
    assert all(row["page"] != page["id"] for row in rows.all("page_version"))


async def test_a_draft_is_deleted_as_a_draft(atlassian: httpx.AsyncClient, create_page: CreatePage, rows: Rows) -> None:
    draft = await create_page("Draft", status="draft")
    url = f"{PAGES}/{draft['id']}"
    assert (await atlassian.delete(url)).status_code == 404
    assert (await atlassian.delete(url, params={"draft": "true"})).status_code == 204
    assert all(row["id"] != draft["id"] for row in rows.all("page"))
    current = await atlassian.delete(f"{PAGES}/{rows.page('Decisions')['id']}", params={"draft": "true"})
    assert current.status_code == 404


async def test_a_trashed_page_is_restored_as_it_was(
    atlassian: httpx.AsyncClient, create_page: CreatePage, rows: Rows
) -> None:
    page = await create_page("Page", body=STORAGE)
    url = f"{PAGES}/{page['id']}"
    await atlassian.delete(url)
    changed = update(page, title="Other", body={"representation": "storage", "value": "<p>Other</p>"})
    restored = await atlassian.put(url, json=changed)
    assert restored.status_code == 200
    assert (restored.json()["status"], restored.json()["title"]) == ("current", "Page")
    assert rows.get("page", page["id"])["body"] == "<p>Hello</p>"
    await atlassian.delete(url)
    await create_page("Page")
    taken = await atlassian.put(url, json=update(restored.json()))
    assert v2_error(taken) == (400, "BAD_REQUEST", TAKEN)


async def test_deleting_the_homepage_leaves_the_space_without_one(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    space = rows.space()
    await atlassian.delete(f"{PAGES}/{space['homepage']}")
    assert rows.space()["homepage"] is None
    read = (await atlassian.get(f"/wiki/api/v2/spaces/{space['id']}")).json()
    assert "homepageId" not in read
    created = (await atlassian.post(PAGES, json={"spaceId": space["id"], "title": "New"})).json()
    assert created["parentId"] is None


async def titles(atlassian: httpx.AsyncClient, url: str = PAGES, **params: Any) -> list[str]:
    answer = await atlassian.get(url, params={name.replace("_", "-"): value for name, value in params.items()})
    assert answer.status_code == 200, answer.text
    return [page["title"] for page in answer.json()["results"]]


async def test_pages_are_filtered(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    space, restore = rows.space()["id"], rows.page("Restore a backup")["id"]
    assert len(await titles(atlassian)) == 8
    assert "Old runbook" in await titles(atlassian)
    assert await titles(atlassian, title="RUNBOOKS", space_id=space) == ["Runbooks"]
    assert await titles(atlassian, title="Runbooks") == ["Runbooks", "Runbooks"]
    assert await titles(atlassian, title="Runbook") == []
    assert await titles(atlassian, title="") == []
    assert await titles(atlassian, id=f"{restore},999") == ["Restore a backup"]
    assert await titles(atlassian, status="archived") == ["Old runbook"]
    assert await titles(atlassian, status="trashed") == []
    assert await titles(atlassian, subtype="live") == []
    answer = await atlassian.get(PAGES, params={"status": "draft"})
    assert v2_error(answer)[:2] == (400, "INVALID_REQUEST_PARAMETER")


async def test_pages_are_sorted(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    space = rows.space()["id"]
    by_title = await titles(atlassian, sort="title", space_id=space)
    assert by_title == sorted(by_title, key=str.lower)
    assert await titles(atlassian, sort="-title", space_id=space) == by_title[::-1]
    assert await titles(atlassian, sort="-id", space_id=space) == (await titles(atlassian, space_id=space))[::-1]


async def test_listed_pages_carry_the_bodies_that_are_asked_for(atlassian: httpx.AsyncClient) -> None:
    answer = (await atlassian.get(PAGES, params={"title": "Decisions", "body-format": "storage"})).json()
    (page,) = answer["results"]
    assert page["body"]["storage"]["value"] == "<p>What we chose.</p>"
    assert "base" not in page["_links"]
    assert answer["_links"] == {"base": "http://acme.test/wiki"}


async def test_pages_of_a_space(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = f"/wiki/api/v2/spaces/{rows.space()['id']}/pages"
    assert len(await titles(atlassian, url)) == 6
    assert await titles(atlassian, url, depth="root") == ["Operations Home"]
    assert await titles(atlassian, url, title="decisions") == ["Decisions"]
    unknown = await atlassian.get("/wiki/api/v2/spaces/999/pages")
    assert v2_error(unknown) == (404, "NOT_FOUND", "Cannot find a space with id [999]")
