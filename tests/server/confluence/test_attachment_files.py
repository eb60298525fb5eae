"""Files that API v1 takes, and that come back from where both APIs say they are."""

from __future__ import annotations

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from sandlot_server.app import App
from sandlot_server.forms import FILE_LIMIT
from tests.server.confluence.conftest import CreatePage, Rows, v1_error

CONTENT = "/wiki/rest/api/content"
WAIVED = {"X-Atlassian-Token": "no-check"}


def place(rows: Rows, title: str = "Runbooks") -> str:
    """Where the attachments of a page are."""
    return f"{CONTENT}/{rows.page(title)['id']}/child/attachment"


async def attach(atlassian: httpx.AsyncClient, url: str, name: str, content: bytes, **fields: str) -> dict[str, Any]:
    """Attach a file; the attachment."""
    answer = await atlassian.post(url, files={"file": (name, content)}, data=fields, headers=WAIVED)
    assert answer.status_code == 200, answer.text
    (attachment,) = answer.json()["results"]
    found: dict[str, Any] = attachment
    return found


async def fetched(atlassian: httpx.AsyncClient, attachment: dict[str, Any]) -> bytes:
    """The bytes that an attachment's own link leads to."""
    answer = await atlassian.get(f"/wiki{attachment['_links']['download']}")
    assert answer.status_code == 200, answer.text
    return answer.content


async def test_a_file_goes_up_and_comes_down(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url, content = place(rows), bytes(range(256)) * 10
    page = rows.page("Runbooks")
    attachment = await attach(atlassian, url, "data & more.csv", content, comment="Raw", minorEdit="true")
    assert attachment["id"].startswith("att")
    assert (attachment["type"], attachment["status"], attachment["title"]) == (
        "attachment",
        "current",
        "data & more.csv",
    )
    assert attachment["container"]["id"] == page["id"]
    version = attachment["version"]
    assert (version["number"], version["message"], version["minorEdit"]) == (1, "Raw", True)
    assert {name: attachment["extensions"][name] for name in ("mediaType", "fileSize", "comment")} == {
        "mediaType": "text/csv",
        "fileSize": 2560,
        "comment": "Raw",
    }
    assert attachment["metadata"]["mediaType"] == "text/csv"
    assert await fetched(atlassian, attachment) == content

    where = await atlassian.get(f"{url}/{attachment['id']}/download")
    assert (where.status_code, where.content) == (302, b"")
    assert where.headers["location"] == f"http://acme.test/wiki{attachment['_links']['download']}"
    part = await atlassian.get(where.headers["location"], headers={"Range": "bytes=1-3", "Accept": "text/csv"})
    assert (part.status_code, part.content) == (206, b"\1\2\3")
    head = await atlassian.head(where.headers["location"])
    assert (head.status_code, head.headers["content-length"]) == (200, "2560")
    beyond = await atlassian.get(where.headers["location"], headers={"Range": "bytes=9999-"})
    assert beyond.status_code == 416


async def test_the_list(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = place(rows)
    one = await attach(atlassian, url, "a.txt", b"one")
    two = await attach(atlassian, url, "b.csv", b"two")

    async def listed(**parameters: Any) -> list[str]:
        return [row["id"] for row in (await atlassian.get(url, params=parameters)).json()["results"]]

    assert await listed() == [one["id"], two["id"]]
    assert await listed(filename="b.csv") == [two["id"]]
    assert await listed(mediaType="text/plain") == [one["id"]]
    assert await listed(start=1, limit=5) == [two["id"]]
    page = (await atlassian.get(url, params={"limit": 1, "expand": "version,container,history,space"})).json()
    assert page["_links"]["next"].endswith("%2Cspace&limit=1&start=1")
    (row,) = page["results"]
    assert (row["version"]["number"], row["space"]["key"]) == (1, "OPS")
    assert row["history"]["createdBy"]["accountId"] == "alex"
    parent = f"{CONTENT}/{rows.page('Runbooks')['id']}"
    whole = (await atlassian.get(parent, params={"expand": "children.attachment.version,childTypes.all"})).json()
    assert [row["title"] for row in whole["children"]["attachment"]["results"]] == ["a.txt", "b.csv"]
    assert whole["childTypes"]["attachment"]["value"] is True


async def test_a_name_is_taken_once(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = place(rows)
    first = await attach(atlassian, url, "a.txt", b"one")
    again = await atlassian.post(url, files={"file": ("a.txt", b"two")}, headers=WAIVED)
    text = "Cannot add a new attachment with the same file name as an existing attachment: a.txt"
    assert v1_error(again) == (400, text)
    twice = [("file", ("b.txt", b"")), ("file", ("b.txt", b""))]
    assert (await atlassian.post(url, files=twice, headers=WAIVED)).status_code == 400
    assert [row["title"] for row in rows.all("page_attachment")] == ["a.txt"]
    # Elsewhere, and when it is in the trash, the name is free.
    await attach(atlassian, place(rows, "Decisions"), "a.txt", b"three")
    assert (await atlassian.delete(f"{CONTENT}/{first['id']}")).status_code == 204
    await attach(atlassian, url, "a.txt", b"four")


async def test_put_creates_or_makes_a_version(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = place(rows)
    first = await attach(atlassian, url, "a.txt", b"one")
    parts = [("file", ("a.txt", b"two")), ("file", ("b.txt", b"new"))]
    answer = await atlassian.put(url, files=parts, data={"comment": "Both"}, headers=WAIVED)
    changed, new = answer.json()["results"]
    assert (changed["id"], changed["version"]["number"], changed["version"]["message"]) == (first["id"], 2, "Both")
    assert (new["title"], new["version"]["number"]) == ("b.txt", 1)
    assert await fetched(atlassian, changed) == b"two"
    assert await fetched(atlassian, first) == b"one"


async def test_new_bytes_make_a_version(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = place(rows)
    first = await attach(atlassian, url, "a.txt", b"one")
    data = f"{url}/{first['id']}/data"
    answer = await atlassian.post(data, files={"file": ("other.csv", b"1,2")}, headers=WAIVED)
    changed = answer.json()
    assert (changed["id"], changed["title"], changed["version"]["number"]) == (first["id"], "a.txt", 2)
    assert changed["extensions"]["mediaType"] == "text/csv"
    assert await fetched(atlassian, changed) == b"1,2"
    where = await atlassian.get(f"{url}/{first['id']}/download", params={"version": 1})
    assert (await atlassian.get(where.headers["location"])).content == b"one"
    assert (await atlassian.get(f"{url}/{first['id']}/download", params={"version": 3})).status_code == 404
    newest = f"/wiki/download/attachments/{rows.page('Runbooks')['id']}/a.txt"
    assert (await atlassian.get(newest)).content == b"1,2"
    assert (await atlassian.get(f"{newest}?version=3")).status_code == 404


async def test_properties_change_without_a_version(
    atlassian: httpx.AsyncClient, rows: Rows, create_page: CreatePage
) -> None:
    url = place(rows)
    first = await attach(atlassian, url, "a.txt", b"one")
    body = {"id": first["id"], "type": "attachment", "version": {"number": 1}}
    metadata = {"mediaType": "text/x-log", "comment": "Renamed"}
    sent = {**body, "title": "b.log", "metadata": metadata}
    changed = (await atlassian.put(f"{url}/{first['id']}", json=sent)).json()
    assert (changed["title"], changed["version"]["number"]) == ("b.log", 1)
    assert (changed["extensions"]["mediaType"], changed["extensions"]["comment"]) == ("text/x-log", "Renamed")
    assert await fetched(atlassian, changed) == b"one"
    other = await create_page("Elsewhere")
    moved = await atlassian.put(f"{url}/{first['id']}", json={**body, "container": {"id": other["id"], "type": "page"}})
    assert moved.json()["container"]["id"] == other["id"]
    assert (await atlassian.get(url)).json()["results"] == []


async def test_properties_that_cannot_be(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = place(rows)
    first = await attach(atlassian, url, "a.txt", b"one")
    await attach(atlassian, url, "b.txt", b"two")
    body = {"id": first["id"], "type": "attachment", "version": {"number": 1}}

    async def status(**members: Any) -> int:
        return (await atlassian.put(f"{url}/{first['id']}", json={**body, **members})).status_code

    assert await status(version={"number": 2}) == 409
    assert await status(version={}) == 400
    assert await status(id="att999") == 400
    assert await status(type="page") == 501
    assert await status(title="b.txt") == 400
    assert await status(title=" ") == 400
    assert await status(title="x" * 256) == 400
    assert await status(title=5) == 400
    assert await status(container={"id": "999"}) == 404
    assert (await atlassian.put(f"{url}/{first['id']}", json={})).status_code == 400
    assert (await atlassian.put(f"{url}/att999", json=body)).status_code == 404
    assert (await atlassian.put(f"{place(rows, 'Decisions')}/{first['id']}", json=body)).status_code == 404
    assert rows.get("page_attachment", first["id"].removeprefix("att"))["title"] == "a.txt"


async def test_a_browser_must_not_be_tricked(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = place(rows)
    for send, target in ((atlassian.post, url), (atlassian.put, url), (atlassian.post, f"{url}/att1/data")):
        answer = await send(target, files={"file": ("a.txt", b"one")})
        assert (answer.status_code, answer.text) == (403, "XSRF check failed")
    assert rows.all("page_attachment") == []


async def test_other_bodies_are_refused(atlassian: httpx.AsyncClient, anonymous: httpx.AsyncClient, rows: Rows) -> None:
    url, files = place(rows), {"file": ("a.txt", b"one")}
    assert (await atlassian.post(url, json={}, headers=WAIVED)).status_code == 415
    # As measured, the type is looked at before the caller.
    assert (await anonymous.post(url, json={}, headers=WAIVED)).status_code == 415
    assert (await anonymous.post(url, files=files, headers=WAIVED)).status_code == 403
    broken = await atlassian.post(
        url, content=b"x", headers={**WAIVED, "Content-Type": "multipart/form-data; boundary=x"}
    )
    assert broken.status_code == 400
    assert "Failed to parse multipart servlet request" in broken.json()["message"]
    none = await atlassian.post(url, files={"other": ("a.txt", b"one")}, headers=WAIVED)
    assert v1_error(none) == (400, "Required request part 'file' is not present")
    large = await atlassian.post(url, files={"file": ("a.bin", b"\0" * (FILE_LIMIT + 1))}, headers=WAIVED)
    assert v1_error(large) == (413, f"Maximum upload size of {FILE_LIMIT} bytes exceeded")


async def test_pages_that_take_no_files(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    files = {"file": ("a.txt", b"one")}
    unknown = await atlassian.post(f"{CONTENT}/999/child/attachment", files=files, headers=WAIVED)
    assert v1_error(unknown) == (404, "No content found with id: ContentId{id=999}")
    bad = await atlassian.post(f"{CONTENT}/x/child/attachment", files=files, headers=WAIVED)
    assert bad.status_code == 400
    archived = await atlassian.post(place(rows, "Old runbook"), files=files, headers=WAIVED)
    assert v1_error(archived) == (400, "An archived page cannot be edited")
    assert (await atlassian.post(f"{place(rows)}/att999/data", files=files, headers=WAIVED)).status_code == 404
    assert (await atlassian.get(f"{place(rows)}/att999/download")).status_code == 404


async def test_an_attachment_as_content(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    first = await attach(atlassian, place(rows), "a.txt", b"one", comment="First")
    url = f"{CONTENT}/{first['id']}"
    await atlassian.post(f"{place(rows)}/{first['id']}/data", files={"file": ("a.txt", b"two")}, headers=WAIVED)
    alone = (await atlassian.get(url)).json()
    assert (alone["id"], alone["type"], alone["version"]["number"]) == (first["id"], "attachment", 2)
    assert alone["_links"]["context"] == "/wiki"
    older = (await atlassian.get(url, params={"version": 1, "status": "historical"})).json()
    assert (older["version"]["number"], older["extensions"]["comment"]) == (1, "First")
    assert (await atlassian.get(url, params={"version": 9})).status_code == 404
    assert (await atlassian.delete(url, params={"status": "trashed"})).status_code == 404
    assert (await atlassian.delete(url)).status_code == 204
    assert v1_error(await atlassian.get(url)) == (404, "null")
    assert (await atlassian.get(url, params={"status": "trashed"})).json()["status"] == "trashed"
    assert (await atlassian.delete(url, params={"status": "trashed"})).status_code == 204
    assert (await atlassian.get(url, params={"status": "any"})).status_code == 404


async def test_thumbnails(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    out = io.BytesIO()
    Image.new("RGB", (600, 300), "green").save(out, "PNG")
    picture = await attach(atlassian, place(rows), "shot.png", out.getvalue())
    answer = await atlassian.get(f"/wiki{picture['_links']['thumbnail']}&width=60")
    assert answer.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (60, 30)
    text = await attach(atlassian, place(rows), "a.txt", b"one")
    assert "thumbnail" not in text["_links"]
    page_id = rows.page("Runbooks")["id"]
    assert (await atlassian.get(f"/wiki/download/thumbnails/{page_id}/a.txt")).status_code == 404
    assert (await atlassian.get(f"/wiki/download/thumbnails/{page_id}/no.png")).status_code == 404


@pytest.mark.parametrize("path", ["999/a.txt", "x/a.txt"])
async def test_files_that_are_not_there(atlassian: httpx.AsyncClient, anonymous: httpx.AsyncClient, path: str) -> None:
    answer = await atlassian.get(f"/wiki/download/attachments/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html;charset=utf-8")
    login = await anonymous.get(f"/wiki/download/attachments/{path}")
    assert login.status_code == 302
    assert login.headers["location"].startswith("http://acme.test/s/default/login?application=confluence&dest-url=")


async def test_a_picture_of_a_user_is_there_for_everybody(
    atlassian: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    path = (await atlassian.get("/wiki/rest/api/user/current")).json()["profilePicture"]["path"]
    for caller in (atlassian, anonymous):
        answer = await caller.get(path)
        assert answer.headers["content-type"] == "image/png"
        assert Image.open(io.BytesIO(answer.content)).size == (48, 48)


async def test_who_may_not_edit_a_page_may_not_change_its_files(
    app: App, atlassian: httpx.AsyncClient, control: httpx.AsyncClient, rows: Rows
) -> None:
    attachment = await attach(atlassian, place(rows), "a.txt", b"one")
    admin = {"user": [{"type": "known", "accountId": "alex"}], "group": []}
    restriction = f"{CONTENT}/{rows.page('Runbooks')['id']}/restriction"
    users = (await control.get("/sites/default/users")).json()["users"]
    (token,) = [user["token"] for user in users if user["accountId"] == "bea"]
    transport = httpx.ASGITransport(app.atlassian)  # type: ignore[arg-type]
    async with httpx.AsyncClient(
        transport=transport, base_url="http://acme.test", auth=("bea@example.com", token)
    ) as bea:
        await atlassian.put(restriction, json=[{"operation": "update", "restrictions": admin}])
        assert await fetched(bea, attachment) == b"one"
        files = {"file": ("b.txt", b"two")}
        assert (await bea.post(place(rows), files=files, headers=WAIVED)).status_code == 403
        assert (await bea.delete(f"{CONTENT}/{attachment['id']}")).status_code == 403
        await atlassian.put(restriction, json=[{"operation": "read", "restrictions": admin}])
        for path in (place(rows), f"{CONTENT}/{attachment['id']}", f"/wiki{attachment['_links']['download']}"):
            assert (await bea.get(path)).status_code == 404
        assert (await bea.get("/wiki/api/v2/attachments")).json()["results"] == []
    assert [row["title"] for row in rows.all("page_attachment")] == ["a.txt"]
