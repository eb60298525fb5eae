from __future__ import annotations

from typing import Any

import httpx

from tests.server.confluence.conftest import CreatePage, Rows, v1_error, v2_error

CONTENT = "/wiki/rest/api/content"
PAGES = "/wiki/api/v2/pages"


def named(operation: str, *accounts: str, groups: tuple[str, ...] = ()) -> dict[str, Any]:
    users = [{"type": "known", "accountId": account} for account in accounts]
    return {
        "operation": operation,
        "restrictions": {"user": users, "group": [{"type": "group", "name": group} for group in groups]},
    }


async def restrict(client: httpx.AsyncClient, page_id: str, *restrictions: dict[str, Any]) -> None:
    answer = await client.put(f"{CONTENT}/{page_id}/restriction", json=list(restrictions))
    assert answer.status_code == 200, answer.text


def people(view: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The accounts and groups of one operation."""
    subjects = view["restrictions"]
    return (
        [user["accountId"] for user in subjects["user"]["results"]],
        [group["name"] for group in subjects["group"]["results"]],
    )


async def test_a_free_page(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Decisions")
    answer = await atlassian.get(f"{CONTENT}/{page['id']}/restriction/byOperation")
    assert answer.status_code == 200
    view = answer.json()
    assert set(view) == {"read", "update", "_links"}
    assert view["read"]["operation"] == "read"
    empty = {"results": [], "start": 0, "limit": 200, "size": 0}
    assert view["update"]["restrictions"] == {"user": {**empty, "totalSize": 0}, "group": empty, "_expandable": {}}
    assert view["read"]["_expandable"] == {"content": f"/rest/api/content/{page['id']}"}
    assert view["_links"]["context"] == "/wiki"
    assert "deprecation" not in answer.headers


async def test_parts_of_the_restrictions(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = f"{CONTENT}/{rows.page('Decisions')['id']}/restriction"

    async def expanded(expand: str, path: str = "/byOperation") -> dict[str, Any]:
        view: dict[str, Any] = (await atlassian.get(url + path, params={"expand": expand})).json()
        return view

    read = await expanded("read")
    assert set(read) == {"read", "_expandable", "_links"}
    assert set(read["read"]) == {"operation", "_expandable", "_links"}
    assert set(read["read"]["_expandable"]) == {"restrictions", "content"}
    assert set(read["_expandable"]) == {"update"}
    users = await expanded("read.restrictions.user,READ")
    assert set(users["read"]["restrictions"]) == {"user", "_expandable"}
    both = (await expanded("restrictions.group,read.restrictions.user,content", ""))["results"]
    assert [one["operation"] for one in both] == ["read", "update"]
    assert "user" in both[0]["restrictions"]
    assert set(both[1]["restrictions"]) == {"group", "_expandable"}
    assert both[1]["content"]["title"] == "Decisions"
    refused = await atlassian.get(url, params={"expand": "nonsense"})
    assert refused.status_code == 400


async def test_replacing_adding_and_removing(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Decisions")
    url = f"{CONTENT}/{page['id']}/restriction"
    answer = await atlassian.put(url, json=[named("read", "alex", groups=("site-admins",)), named("update", "alex")])
    view = answer.json()
    assert answer.status_code == 200
    assert [people(one) for one in view["results"]] == [(["alex"], ["site-admins"]), (["alex"], [])]
    assert (view["start"], view["limit"], view["size"]) == (0, 100, 2)

    added = (await atlassian.post(url, json={"results": [named("update", "alex", "bea")]})).json()
    assert [people(one) for one in added["results"]] == [(["alex"], ["site-admins"]), (["alex", "bea"], [])]
    assert added["restrictionsHash"] != view["restrictionsHash"]
    assert (await atlassian.get(url)).json() == added
    second = (await atlassian.get(url, params={"start": 1, "limit": 1})).json()["results"][1]["restrictions"]["user"]
    assert [user["accountId"] for user in second["results"]] == ["bea"]
    assert second["totalSize"] == 2

    await restrict(atlassian, page["id"], named("update", "bea", "alex"))
    kept = [(row["operation"], row["user"], row["group"]) for row in rows.all("page_restriction")]
    assert sorted(kept) == [("update", "alex", None), ("update", "bea", None)]
    gone = (await atlassian.delete(url)).json()
    assert [people(one) for one in gone["results"]] == [([], []), ([], [])]
    assert rows.all("page_restriction") == []


async def test_a_group_by_its_id(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = f"{CONTENT}/{rows.page('Decisions')['id']}/restriction"
    await atlassian.put(url, json=[named("read", groups=("confluence-users",))])
    (group,) = (await atlassian.get(url)).json()["results"][0]["restrictions"]["group"]["results"]
    by_id = {"operation": "update", "restrictions": {"group": [{"type": "group", "id": group["id"]}]}}
    view = (await atlassian.post(url, json=[by_id])).json()
    assert people(view["results"][1]) == ([], ["confluence-users"])


async def test_restrictions_that_cannot_be(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = f"{CONTENT}/{rows.page('Decisions')['id']}/restriction"
    unnamed = {"operation": "read", "restrictions": {"group": [{"type": "group"}]}}
    for body, text in (
        ([named("read", "nobody")], "No user found with the identifier : nobody"),
        ([named("read", groups=("devs",))], "No group found with the identifier : devs"),
        ([unnamed], "No group found with the identifier : "),
        ([named("export", "alex")], "Content cannot be restricted for the operation : export"),
    ):
        assert v1_error(await atlassian.put(url, json=body)) == (400, text)
        assert v1_error(await atlassian.post(url, json=body)) == (400, text)
    for wrong in ({}, [{}], [named("lick", "alex")], [{"operation": "read", "restrictions": {"user": [{}]}}], "x", 3):
        assert (await atlassian.put(url, json=wrong)).status_code == 400
    assert (await atlassian.put(url)).status_code in (400, 415)
    assert rows.all("page_restriction") == []


async def test_restrictions_of_no_page(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = f"{CONTENT}/999/restriction"
    text = "No content with id <ContentId{id=999}> can be found"
    for answer in (
        await atlassian.get(url),
        await atlassian.get(f"{url}/byOperation"),
        await atlassian.put(url, json=[]),
        await atlassian.post(url, json=[]),
        await atlassian.delete(url),
    ):
        assert v1_error(answer) == (404, text)
    assert (await atlassian.get(f"{CONTENT}/abc/restriction")).status_code == 400


async def test_who_is_not_named_finds_nothing(
    atlassian: httpx.AsyncClient, bea: httpx.AsyncClient, rows: Rows, create_page: CreatePage
) -> None:
    page, child = rows.page("Runbooks"), rows.page("Restore a backup")
    await atlassian.post(f"{PAGES}/{child['id']}/properties", json={"key": "k", "value": 1})
    comment = {"pageId": child["id"], "body": {"representation": "storage", "value": "<p>Hm</p>"}}
    comment_id = (await atlassian.post("/wiki/api/v2/footer-comments", json=comment)).json()["id"]
    await restrict(atlassian, page["id"], named("read", "alex"))
    for hidden in (page, child):
        page_id = hidden["id"]
        assert v2_error(await bea.get(f"{PAGES}/{page_id}"))[0] == 404
        assert v1_error(await bea.get(f"{CONTENT}/{page_id}")) == (404, f"No content found with id : {page_id}")
        for path in ("label", "child", "history", "version", "restriction", "child/comment", "child/page"):
            assert (await bea.get(f"{CONTENT}/{page_id}/{path}")).status_code == 404, path
        for path in ("labels", "versions", "properties", "footer-comments", "ancestors", "direct-children"):
            assert (await bea.get(f"{PAGES}/{page_id}/{path}")).status_code == 404, path
        assert (await atlassian.get(f"{PAGES}/{page_id}")).status_code == 200
    assert (await bea.get(f"/wiki/api/v2/footer-comments/{comment_id}")).status_code == 404
    assert (await bea.get("/wiki/api/v2/footer-comments")).json()["results"] == []

    async def titles(path: str, **params: Any) -> set[str]:
        return {one["title"] for one in (await bea.get(path, params=params)).json()["results"]}

    seen = {"Operations Home", "Decisions"}
    space_id = rows.space()["id"]
    assert await titles(f"/wiki/api/v2/spaces/{space_id}/pages") == seen
    assert await titles(PAGES, **{"space-id": space_id}) == seen
    assert await titles(CONTENT, spaceKey="OPS") == seen
    assert await titles("/wiki/rest/api/search", cql="space = OPS and type = page") == seen
    assert await titles("/wiki/rest/api/content/search", cql='text ~ "writers"') == set()
    home = rows.page("Operations Home")
    assert await titles(f"{CONTENT}/{home['id']}/child/page") == {"Decisions"}
    assert [one["name"] for one in (await bea.get("/wiki/api/v2/labels")).json()["results"]] == []


async def test_the_titles_of_hidden_pages_are_taken(
    atlassian: httpx.AsyncClient, bea: httpx.AsyncClient, rows: Rows
) -> None:
    await restrict(atlassian, rows.page("Decisions")["id"], named("read", "alex"))
    body = {"spaceId": rows.space()["id"], "title": "Decisions"}
    assert v2_error(await bea.post(PAGES, json=body))[0] == 400


async def test_a_hidden_child_moves_up_with_the_others(
    atlassian: httpx.AsyncClient, bea: httpx.AsyncClient, rows: Rows
) -> None:
    page, child = rows.page("Runbooks"), rows.page("Restore a backup")
    await restrict(atlassian, child["id"], named("read", "alex"))
    assert (await bea.delete(f"{PAGES}/{page['id']}")).status_code == 204
    assert rows.get("page", child["id"])["parent"] == rows.page("Operations Home")["id"]


async def test_who_may_read_alone_cannot_write(
    atlassian: httpx.AsyncClient, bea: httpx.AsyncClient, rows: Rows
) -> None:
    page = rows.page("Decisions")
    page_id = page["id"]
    await restrict(atlassian, page_id, named("update", "alex"))
    before = rows.get("page", page_id)
    body = {"representation": "storage", "value": "<p>Mine</p>"}
    v2 = {"id": page_id, "status": "current", "title": "Mine", "body": body, "version": {"number": 2}}
    assert v2_error(await bea.put(f"{PAGES}/{page_id}", json=v2)) == (
        404,
        "NOT_FOUND",
        f"Cannot find a page with id [{page_id}]",
    )
    v1 = {"type": "page", "title": "Mine", "body": {"storage": body}, "version": {"number": 2}}
    text = f"Could not update Content of type : class com.atlassian.confluence.pages.Page with id {page_id}"
    assert v1_error(await bea.put(f"{CONTENT}/{page_id}", json=v1)) == (403, text)
    assert (await bea.put(f"{PAGES}/{page_id}/title", json={"status": "current", "title": "Mine"})).status_code == 404
    assert (await bea.delete(f"{PAGES}/{page_id}")).status_code == 404
    assert v1_error(await bea.delete(f"{CONTENT}/{page_id}")) == (403, text)
    fixed = f"Not enough permissions to alter ContentRestrictions on a content with ContentId{{id={page_id}}}"
    restriction = f"{CONTENT}/{page_id}/restriction"
    assert v1_error(await bea.delete(restriction)) == (403, fixed)
    assert v1_error(await bea.put(restriction, json=[])) == (403, fixed)
    assert v1_error(await bea.post(restriction, json=[named("update", "bea")])) == (403, fixed)
    assert rows.get("page", page_id) == before

    seen = (await bea.get(f"{CONTENT}/{page_id}", params={"expand": "operations"})).json()
    assert [one["operation"] for one in seen["operations"]] == ["read", "copy", "export"]
    included = (await bea.get(f"{PAGES}/{page_id}", params={"include-operations": True})).json()["operations"]
    assert [one["operation"] for one in included["results"]] == ["read", "copy", "export"]
    assert (await atlassian.put(f"{PAGES}/{page_id}", json=v2)).status_code == 200


async def test_deleting_a_page_for_good_takes_its_restrictions(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page_id = rows.page("Decisions")["id"]
    await restrict(atlassian, page_id, named("update", "alex"))
    await atlassian.delete(f"{PAGES}/{page_id}")
    assert rows.all("page_restriction")
    await atlassian.delete(f"{PAGES}/{page_id}", params={"purge": True})
    assert rows.all("page_restriction") == []


async def test_what_hangs_on_a_page_is_as_fixed_as_the_page(
    atlassian: httpx.AsyncClient, bea: httpx.AsyncClient, rows: Rows
) -> None:
    page_id = rows.page("Runbooks")["id"]
    guarded, files = {"X-Atlassian-Token": "no-check"}, {"file": ("plan.txt", b"plan")}
    attached = await atlassian.post(f"{CONTENT}/{page_id}/child/attachment", files=files, headers=guarded)
    (attachment,) = [one["id"] for one in attached.json()["results"]]
    owners = (f"{PAGES}/{page_id}", f"/wiki/api/v2/attachments/{attachment}")
    values = [
        (await atlassian.post(f"{owner}/properties", json={"key": "k", "value": 1})).json()["id"] for owner in owners
    ]
    await atlassian.post(f"{CONTENT}/{attachment}/label", json=[{"prefix": "global", "name": "file"}])
    await restrict(atlassian, page_id, named("update", "alex"))
    tables = ("label", "page_attachment", "content_property", "page_comment")
    before = [rows.all(table) for table in tables]

    text = f"Could not update Content of type : class com.atlassian.confluence.pages.Page with id {page_id}"
    label = [{"prefix": "global", "name": "mine"}]
    for answer in (
        await bea.post(f"{CONTENT}/{page_id}/label", json=label),
        await bea.delete(f"{CONTENT}/{page_id}/label/runbook"),
        await bea.delete(f"{CONTENT}/{page_id}/label", params={"name": "runbook"}),
        await bea.post(f"{CONTENT}/{attachment}/label", json=label),
        await bea.delete(f"{CONTENT}/{attachment}/label/file"),
        await bea.post(f"{CONTENT}/{page_id}/child/attachment", files={"file": ("b.txt", b"b")}, headers=guarded),
        await bea.put(f"{CONTENT}/{page_id}/child/attachment", files=files, headers=guarded),
        await bea.post(f"{CONTENT}/{page_id}/child/attachment/{attachment}/data", files=files, headers=guarded),
        await bea.delete(f"{CONTENT}/{attachment}"),
        await bea.post(f"{CONTENT}/{page_id}/property", json={"key": "l", "value": 1}),
        await bea.put(f"{CONTENT}/{page_id}/property/k", json={"value": 2, "version": {"number": 2}}),
        await bea.delete(f"{CONTENT}/{page_id}/property/k"),
        await bea.put(f"{CONTENT}/{page_id}/move/append/{rows.page('Decisions')['id']}"),
    ):
        assert v1_error(answer) == (403, text), answer.request.url
    hidden = (404, "NOT_FOUND", f"Cannot find a page with id [{page_id}]")
    assert v2_error(await bea.delete(f"/wiki/api/v2/attachments/{attachment}")) == hidden
    for owner, value in zip(owners, values, strict=True):
        body = {"key": "k", "value": 2, "version": {"number": 2}}
        assert v2_error(await bea.post(f"{owner}/properties", json={"key": "l", "value": 1})) == hidden
        assert v2_error(await bea.put(f"{owner}/properties/{value}", json=body)) == hidden
        assert v2_error(await bea.delete(f"{owner}/properties/{value}")) == hidden
    assert [rows.all(table) for table in tables] == before

    # Who sees a page may comment on it.
    comment = {"pageId": page_id, "body": {"representation": "storage", "value": "<p>Hm</p>"}}
    assert (await bea.post("/wiki/api/v2/footer-comments", json=comment)).status_code == 201
    shown = (await bea.get(owners[1], params={"include-operations": True})).json()["operations"]
    assert [one["operation"] for one in shown["results"]] == ["read"]
    await restrict(atlassian, page_id)
    assert (await bea.post(f"{CONTENT}/{page_id}/label", json=label)).status_code == 200
    shown = (await bea.get(owners[1], params={"include-operations": True})).json()["operations"]
    assert [one["operation"] for one in shown["results"]] == ["read", "update", "delete"]


async def test_a_label_has_one_id_on_hidden_pages_too(
    atlassian: httpx.AsyncClient, bea: httpx.AsyncClient, rows: Rows
) -> None:
    await restrict(atlassian, rows.page("Restore a backup")["id"], named("read", "alex"))
    label = [{"prefix": "global", "name": "database"}]
    assert (await bea.post(f"{CONTENT}/{rows.page('Decisions')['id']}/label", json=label)).status_code == 200
    assert len([row for row in rows.all("label") if row["name"] == "database"]) == 2
    assert len({row["label"] for row in rows.all("label") if row["name"] == "database"}) == 1
