from __future__ import annotations

from typing import Any

import httpx

from tests.server.confluence.conftest import CreatePage, Rows, v1_error
from tests.server.confluence.test_restrictions import named

CONTENT = "/wiki/rest/api/content"


async def copy(client: httpx.AsyncClient, page: dict[str, Any], kind: str, value: str, **more: Any) -> httpx.Response:
    body = {"destination": {"type": kind, "value": value}, **more}
    return await client.post(f"{CONTENT}/{page['id']}/copy", json=body)


async def test_a_copy_under_another_page(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page, parent = rows.page("Restore a backup"), rows.page("Decisions")
    answer = await copy(atlassian, page, "parent_page", parent["id"], pageTitle="Restore a backup (2)")
    assert answer.status_code == 200
    view = answer.json()
    assert (view["title"], view["version"]["number"]) == ("Restore a backup (2)", 1)
    assert [one["title"] for one in view["ancestors"]] == ["Operations Home", "Decisions"]
    assert view["body"]["storage"]["value"] == "<p>Stop the writers.</p>"
    made = rows.page("Restore a backup (2)")
    assert (made["id"], made["parent"], made["author"]) == (view["id"], parent["id"], "alex")
    assert rows.get("page", page["id"]) == page
    assert not [row for row in rows.all("label") if row["content"] == made["id"]]


async def test_a_copy_in_a_space(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    answer = await copy(atlassian, rows.page("Decisions"), "space", "help", expand="x")
    assert answer.status_code == 200
    made = rows.page("Decisions", "Help")
    assert (made["id"], made["parent"]) == (answer.json()["id"], None)


async def test_a_copy_over_a_page(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    target = rows.page("Rotate credentials")
    over = await copy(atlassian, rows.page("Restore a backup"), "existing_page", target["id"])
    view = over.json()
    assert (view["id"], view["title"], view["version"]["number"]) == (target["id"], "Rotate credentials", 2)
    assert rows.get("page", target["id"])["body"] == "<p>Stop the writers.</p>"
    body = {"storage": {"value": "<p>New</p>", "representation": "storage"}}
    page = rows.page("Decisions")
    again = await copy(atlassian, page, "existing_page", target["id"], pageTitle="Renamed", body=body)
    assert (again.json()["title"], again.json()["version"]["number"]) == ("Renamed", 3)
    assert rows.get("page", target["id"])["body"] == "<p>New</p>"


async def test_what_a_copy_takes_with_it(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Restore a backup")
    files = {"file": ("plan.txt", b"one", "text/plain")}
    headers = {"X-Atlassian-Token": "no-check"}
    attached = await atlassian.post(f"{CONTENT}/{page['id']}/child/attachment", files=files, headers=headers)
    assert attached.status_code == 200, attached.text
    await atlassian.post(f"/wiki/api/v2/pages/{page['id']}/properties", json={"key": "owner", "value": {"team": "db"}})
    await atlassian.put(f"{CONTENT}/{page['id']}/restriction", json=[named("update", "alex")])
    everything = dict.fromkeys(("copyAttachments", "copyLabels", "copyProperties", "copyPermissions"), True)
    parent = rows.page("Decisions")["id"]
    made = (await copy(atlassian, page, "parent_content", parent, pageTitle="Second", **everything)).json()["id"]

    async def taken() -> tuple[list[Any], ...]:
        listed = (await atlassian.get(f"{CONTENT}/{made}/child/attachment", params={"expand": "version"})).json()
        properties = (await atlassian.get(f"/wiki/api/v2/pages/{made}/properties")).json()["results"]
        labels = (await atlassian.get(f"{CONTENT}/{made}/label")).json()["results"]
        named_users = [row["user"] for row in rows.all("page_restriction") if row["page"] == made]
        return (
            [(one["title"], one["version"]["number"]) for one in listed["results"]],
            [(one["key"], one["value"], one["version"]["number"]) for one in properties],
            sorted(label["name"] for label in labels),
            named_users,
        )

    assert await taken() == ([("plan.txt", 1)], [("owner", {"team": "db"}, 1)], ["database", "runbook"], ["alex"])
    assert len({row["label"] for row in rows.all("label")}) == 2
    over = await copy(atlassian, page, "existing_page", made, **everything)
    assert over.status_code == 200, over.text
    assert await taken() == ([("plan.txt", 2)], [("owner", {"team": "db"}, 2)], ["database", "runbook"], ["alex"])
    link = (await atlassian.get(f"{CONTENT}/{made}/child/attachment")).json()["results"][0]["_links"]["download"]
    assert (await atlassian.get(f"/wiki{link}")).content == b"one"


async def test_inline_comments_stay_behind(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Restore a backup")
    selection = {"textSelection": "writers", "textSelectionMatchCount": 1, "textSelectionMatchIndex": 0}
    body = {"representation": "storage", "value": "<p>Which?</p>"}
    comment = {"pageId": page["id"], "body": body, "inlineCommentProperties": selection}
    assert (await atlassian.post("/wiki/api/v2/inline-comments", json=comment)).status_code == 201
    assert "ac:inline-comment-marker" in rows.page("Restore a backup")["body"]
    await copy(atlassian, page, "space", "Help")
    assert rows.page("Restore a backup", "Help")["body"] == "<p>Stop the writers.</p>"


async def test_copies_that_cannot_be(atlassian: httpx.AsyncClient, rows: Rows, create_page: CreatePage) -> None:
    page = rows.page("Decisions")
    count = len(rows.all("page"))
    taken = "A page with this title already exists: A page already exists with the same TITLE in this space"
    parent = rows.page("Runbooks")["id"]
    for kind, value, more, refusal in (
        ("space", "OPS", {}, (400, taken)),
        ("parent_page", parent, {"pageTitle": "runbooks"}, (400, taken)),
        ("parent_page", parent, {"pageTitle": " "}, (400, "Title must be specified and not blank")),
        ("space", "NOPE", {}, (404, "No space with key : NOPE")),
        ("parent_page", "999", {}, (404, "No content found with id : 999")),
        ("existing_page", "x", {}, (404, "No content found with id : x")),
        ("existing_page", rows.page("Old runbook")["id"], {}, (400, "An archived page cannot be edited")),
    ):
        assert v1_error(await copy(atlassian, page, kind, value, **more)) == refusal
    assert v1_error(await copy(atlassian, {"id": "999"}, "space", "Help"))[0] == 404
    for body in ({}, {"destination": {}}, {"destination": {"type": "moon", "value": "1"}}, [], "x"):
        assert (await atlassian.post(f"{CONTENT}/{page['id']}/copy", json=body)).status_code == 400
    assert len(rows.all("page")) == count
