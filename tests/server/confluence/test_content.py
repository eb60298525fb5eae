from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.confluence.conftest import CreatePage, Rows, v1_error

CONTENT = "/wiki/rest/api/content"
TAKEN = "A page with this title already exists: A page already exists with the same TITLE in this space"
STORAGE = {"storage": {"value": "<p>Hello</p>", "representation": "storage"}}


def new(title: str, **members: Any) -> dict[str, Any]:
    return {"type": "page", "title": title, "space": {"key": "OPS"}, "body": STORAGE, **members}


async def test_a_page(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Restore a backup")
    answer = await atlassian.get(f"{CONTENT}/{page['id']}")
    assert answer.status_code == 200
    content = answer.json()
    assert (content["id"], content["type"], content["status"]) == (page["id"], "page", "current")
    assert content["title"] == "Restore a backup"
    assert content["space"]["key"] == "OPS"
    assert content["version"]["number"] == 1
    assert content["history"]["latest"] is True
    assert content["extensions"] == {"position": 0}
    assert content["_expandable"]["children"] == f"/rest/api/content/{page['id']}/child"
    assert content["_links"]["self"] == f"http://acme.test{CONTENT}/{page['id']}"
    assert content["_links"]["base"] == "http://acme.test/wiki"
    assert answer.headers["warning"].startswith("299 - ")
    padded = await atlassian.get(f"{CONTENT}/+0{page['id']}")
    assert padded.json()["id"] == page["id"]


async def test_expansions(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Runbooks")
    expand = (
        "body.storage,body.view,ancestors.version,children.page.version,children.attachment,childTypes.all,descendants.page,"
        "metadata.labels,container,restrictions,operations,history.lastUpdated,nonsense"
    )
    content = (await atlassian.get(f"{CONTENT}/{page['id']}", params={"expand": expand})).json()
    assert content["body"]["storage"]["value"] == "<p>One page a service.</p>"
    assert "view" in content["body"]
    assert "export_view" in content["body"]["_expandable"]
    assert [row["title"] for row in content["ancestors"]] == ["Operations Home"]
    assert content["ancestors"][0]["version"]["number"] == 1
    assert content["children"]["page"]["size"] == 2
    assert content["children"]["attachment"]["results"] == []
    assert content["childTypes"]["page"]["value"] is True
    assert content["descendants"]["page"]["size"] == 2
    assert [label["name"] for label in content["metadata"]["labels"]["results"]] == ["runbook"]
    assert content["container"]["key"] == "OPS"
    assert {"operation": "update", "targetType": "page"} in content["operations"]
    assert content["history"]["lastUpdated"]["number"] == 1
    assert "space" in content["_expandable"]
    assert "space" not in content


async def test_a_page_that_is_not_there(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    answer = await atlassian.get(f"{CONTENT}/999")
    text = "No content found with id : 999"
    assert answer.json() == {
        "statusCode": 404,
        "data": {
            "authorized": False,
            "valid": False,
            "errors": [{"message": {"translation": text, "args": []}}],
            "successful": False,
        },
        "message": f"com.atlassian.confluence.api.service.exceptions.api.NotFoundException: {text}",
    }
    assert "deprecation" in answer.headers
    assert (await atlassian.get(f"{CONTENT}/{rows.page('Old runbook')['id']}")).status_code == 404
    page = rows.page("Decisions")["id"]
    await atlassian.delete(f"{CONTENT}/{page}")
    assert (await atlassian.get(f"{CONTENT}/{page}")).status_code == 404
    trashed = await atlassian.get(f"{CONTENT}/{page}", params={"status": "trashed"})
    assert (trashed.json()["status"], trashed.json()["extensions"]) == ("trashed", {"position": "none"})
    assert (await atlassian.get(f"{CONTENT}/{page}", params={"status": "any"})).status_code == 200


async def test_an_id_that_is_none(atlassian: httpx.AsyncClient) -> None:
    answer = await atlassian.get(f"{CONTENT}/abc", params={"version": "x"})
    assert answer.status_code == 400
    message = answer.json()["message"]
    assert message.endswith("BadRequestException: Can't parse as a ContentId")
    assert "for value [abc]" in message
    assert set(answer.json()) == {"statusCode", "message"}


async def test_an_older_version(atlassian: httpx.AsyncClient, create_page: CreatePage) -> None:
    page = await create_page("Page", body={"representation": "storage", "value": "<p>1</p>"})
    body = {"type": "page", "title": "Page", "version": {"number": 2}, "body": STORAGE}
    await atlassian.put(f"{CONTENT}/{page['id']}", json=body)
    params = {"status": "historical", "version": "1", "expand": "body.storage,history"}
    old = (await atlassian.get(f"{CONTENT}/{page['id']}", params=params)).json()
    assert (old["status"], old["body"]["storage"]["value"]) == ("historical", "<p>1</p>")
    assert old["history"]["latest"] is False


async def test_pages_are_found_by_space_and_title(atlassian: httpx.AsyncClient) -> None:
    async def titles(**params: str) -> list[str]:
        answer = await atlassian.get(CONTENT, params=params)
        assert answer.status_code == 200, answer.text
        return [page["title"] for page in answer.json()["results"]]

    assert await titles(spaceKey="ops", title="RUNBOOKS") == ["Runbooks"]
    assert await titles(title="Runbooks") == ["Runbooks", "Runbooks"]
    assert await titles(title="Runbooks ") == []
    assert len(await titles(spaceKey="OPS", title="")) == 5
    assert await titles(spaceKey="OPS", status="archived") == ["Old runbook"]
    assert len(await titles(spaceKey="OPS", status="any")) == 6
    assert len(await titles()) == 7
    assert await titles(type="blogpost") == []
    assert await titles(type="nonsense", spaceKey="OPS") == []


@pytest.mark.parametrize(
    ("params", "status", "text"),
    [
        ({"spaceKey": "NOPE"}, 404, "No space with key : NOPE"),
        ({"type": "comment"}, 501, "Cannot fetch comments with ContentFinder"),
        ({"type": "whiteboard"}, 400, "Type is not a custom content type : whiteboard"),
        ({"type": "Page"}, 501, "Cannot find custom content type : Page"),
        ({"limit": "-1"}, 400, "limit cannot be less than zero"),
        ({"limit": "-1", "spaceKey": "NOPE"}, 404, "No space with key : NOPE"),
        ({"limit": "-1", "type": "comment"}, 501, "Cannot fetch comments with ContentFinder"),
    ],
)
async def test_lists_that_are_refused(
    atlassian: httpx.AsyncClient, params: dict[str, str], status: int, text: str
) -> None:
    assert v1_error(await atlassian.get(CONTENT, params=params)) == (status, text)


async def test_further_lists_that_are_refused(atlassian: httpx.AsyncClient) -> None:
    start = await atlassian.get(CONTENT, params={"start": "100001", "spaceKey": "NOPE"})
    assert v1_error(start)[1].startswith("Start of this size is no longer supported.")
    attachments = await atlassian.get(CONTENT, params={"type": "attachment"})
    assert attachments.status_code == 500
    assert attachments.json()["message"].startswith("java.lang.NullPointerException: ")
    limit = await atlassian.get(CONTENT, params={"limit": "abc", "spaceKey": "NOPE"})
    assert limit.json() == {
        "statusCode": 400,
        "message": "org.springframework.web.method.annotation.MethodArgumentTypeMismatchException: Failed to convert "
        "value of type 'java.lang.String' to required type 'int'; nested exception is "
        'java.lang.NumberFormatException: For input string: "abc"',
    }


async def test_a_page_is_created(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    parent = rows.page("Runbooks")["id"]
    body = new(
        "New",
        ancestors=[{"type": "page", "id": int(parent)}],
        version={"message": "first"},
        metadata={"x": 1},
    )
    answer = await atlassian.post(f"{CONTENT}/", json=body)
    assert answer.status_code == 200
    content = answer.json()
    assert (content["title"], content["version"]["number"], content["version"]["message"]) == (
        "New",
        1,
        "first",
    )
    assert [row["title"] for row in content["ancestors"]] == ["Operations Home", "Runbooks"]
    assert content["body"]["storage"]["value"] == "<p>Hello</p>"
    row = rows.get("page", content["id"])
    assert (row["parent"], row["body"], row["space"]) == (parent, "<p>Hello</p>", rows.space()["id"])
    plain = await atlassian.post(CONTENT, json=new("Plain", space={"id": int(rows.space()["id"])}))
    assert rows.get("page", plain.json()["id"])["parent"] == rows.space()["homepage"]


async def test_a_page_that_cannot_be_created(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    before = len(rows.all("page"))
    assert v1_error(await atlassian.post(CONTENT, json=new("decisions"))) == (400, TAKEN)
    no_space = await atlassian.post(CONTENT, json=new("New", space={"key": "NOPE"}))
    assert v1_error(no_space) == (403, "Could not create content with type page")
    assert v1_error(await atlassian.post(CONTENT, json=new("New", space=None)))[0] == 403
    assert v1_error(await atlassian.post(CONTENT, json=new("")))[0] == 400
    assert v1_error(await atlassian.post(CONTENT, json=new("New", type="blogpost")))[0] == 501
    assert v1_error(await atlassian.post(CONTENT, json=new("New", status="archived")))[0] == 400
    assert v1_error(await atlassian.post(CONTENT, json=new("New", ancestors=[{"id": "999"}])))[0] == 404
    bad = await atlassian.post(CONTENT, json=new("New", body={"storage": {"value": "<p>"}}))
    assert v1_error(bad)[1].startswith("Error parsing xhtml: ")
    view = await atlassian.post(CONTENT, json=new("New", body={"view": {"value": "<p/>"}}))
    assert v1_error(view) == (400, "Content cannot be written in the representation view")
    assert (await atlassian.post(CONTENT, json={"title": "New"})).status_code == 400
    assert len(rows.all("page")) == before


async def test_a_page_is_updated(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Decisions")
    body = {
        "id": page["id"],
        "type": "page",
        "title": "Choices",
        "version": {"number": 2, "minorEdit": False, "message": "why"},
        "ancestors": [{"type": "page", "id": rows.page("Runbooks")["id"]}],
        "metadata": {"properties": {}},
    }
    answer = await atlassian.put(f"{CONTENT}/{page['id']}", params={"status": "current"}, json=body)
    assert answer.status_code == 200
    assert (answer.json()["title"], answer.json()["version"]["message"]) == ("Choices", "why")
    row = rows.get("page", page["id"])
    assert (row["parent"], row["body"], row["versionNumber"]) == (
        rows.page("Runbooks")["id"],
        "<p>What we chose.</p>",
        2,
    )


async def test_an_update_that_is_refused(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Decisions")
    url = f"{CONTENT}/{page['id']}"
    stale = await atlassian.put(url, json={"type": "page", "title": "Other", "version": {"number": 1}})
    assert v1_error(stale) == (409, "Version must be incremented on update. Current version is: 1")
    missing = await atlassian.put(url, json={"type": "page", "title": "Other"})
    assert v1_error(missing) == (
        400,
        "Must supply an incremented version when updating Content. No version supplied.",
    )
    body = {"type": "page", "title": "Runbooks", "version": {"number": 2}}
    assert v1_error(await atlassian.put(url, json=body)) == (400, TAKEN)
    assert v1_error(await atlassian.put(f"{CONTENT}/999", json=body)) == (
        404,
        "No content found with id : 999",
    )
    assert v1_error(await atlassian.put(url, json={**body, "type": "comment"}))[0] == 501
    assert rows.get("page", page["id"])["versionNumber"] == 1


async def test_a_page_goes_to_the_trash_and_comes_back(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Decisions")
    url = f"{CONTENT}/{page['id']}"
    assert (await atlassian.delete(url)).status_code == 204
    assert rows.get("page", page["id"])["status"] == "trashed"
    assert (await atlassian.delete(url)).status_code == 404
    hidden = await atlassian.put(url, json={"type": "page", "title": "Decisions", "version": {"number": 2}})
    assert hidden.status_code == 404
    body = {"type": "page", "title": "Decisions", "status": "current", "version": {"number": 2}}
    assert (await atlassian.put(url, json=body)).json()["status"] == "current"


async def test_a_trashed_page_is_purged(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Decisions")
    url = f"{CONTENT}/{page['id']}"
    assert (await atlassian.delete(url, params={"status": "trashed"})).status_code == 404
    await atlassian.delete(url)
    assert (await atlassian.delete(url, params={"status": "trashed"})).status_code == 204
    assert all(row["id"] != page["id"] for row in rows.all("page"))
    assert (await atlassian.delete(url, params={"status": "trashed"})).status_code == 404


async def test_both_apis_show_one_page(atlassian: httpx.AsyncClient, create_page: CreatePage) -> None:
    page = await create_page("Shared")
    older = (await atlassian.get(f"{CONTENT}/{page['id']}")).json()
    assert (older["title"], older["_links"]["webui"]) == ("Shared", page["_links"]["webui"])
    assert older["version"]["when"] == page["version"]["createdAt"]
