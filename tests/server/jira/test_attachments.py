from __future__ import annotations

import base64
import hashlib
import io
import json
from typing import Any

import httpx
import pytest
from PIL import Image

from sandlot_server.app import App
from sandlot_server.forms import FILE_LIMIT
from tests.server.jira.conftest import SEED, client_of
from tests.server.jira.expectations import (
    ADMIN,
    NO_ISSUE,
    assert_problem,
    assert_refused,
    create,
    fields_of,
    history,
)

WAIVED = {"X-Atlassian-Token": "no-check"}
MISSING = "The attachment with id '999' does not exist"


async def attach(jira: httpx.AsyncClient, key: str, *files: tuple[str, bytes]) -> list[dict[str, Any]]:
    """Attach files as clients do; the answered attachments."""
    parts = [("file", (name, content, "application/octet-stream")) for name, content in files]
    answer = await jira.post(f"issue/{key}/attachments", files=parts, headers=WAIVED)
    assert answer.status_code == 200, answer.text
    added: list[dict[str, Any]] = answer.json()
    return added


def png(width: int = 400, height: int = 200) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "blue").save(out, "PNG")
    return out.getvalue()


async def test_a_file_goes_up_and_comes_down(jira: httpx.AsyncClient) -> None:
    key, content = await create(jira), bytes(range(256)) * 300
    (attachment,) = await attach(jira, key, ("notes.csv", content))
    root = "http://acme.test/rest/api/3/attachment"
    assert attachment["self"] == f"{root}/{attachment['id']}"
    assert attachment["content"] == f"{root}/content/{attachment['id']}"
    assert (attachment["filename"], attachment["mimeType"], attachment["size"]) == ("notes.csv", "text/csv", 76800)
    assert attachment["author"]["accountId"] == ADMIN
    assert "thumbnail" not in attachment
    assert (await fields_of(jira, key))["attachment"] == [attachment]
    alone = (await jira.get(f"attachment/{attachment['id']}")).json()
    assert alone == {**attachment, "id": int(attachment["id"])}

    redirect = await jira.get(attachment["content"])
    assert (redirect.status_code, redirect.content) == (303, b"")
    file = await jira.get(redirect.headers["location"])
    assert (file.status_code, file.content) == (200, content)
    assert file.headers["content-type"] == "text/csv"
    assert file.headers["content-disposition"] == "attachment; filename*=UTF-8''notes.csv"


async def test_v2_answers_with_its_own_addresses(jira_v2: httpx.AsyncClient) -> None:
    (attachment,) = await attach(jira_v2, await create(jira_v2), ("a.txt", b"one"))
    assert attachment["content"] == f"http://acme.test/rest/api/2/attachment/content/{attachment['id']}"
    file = await jira_v2.get(attachment["content"], follow_redirects=True)
    assert file.text == "one"


@pytest.mark.parametrize(
    ("asked", "status", "wanted", "told"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=-20", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=5-99", 206, b"56789", "bytes 5-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=4-2", 200, b"0123456789", None),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
        (f"bytes={'9' * 5000}-", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
async def test_ranges(jira: httpx.AsyncClient, asked: str, status: int, wanted: bytes, told: str | None) -> None:
    (attachment,) = await attach(jira, "WEB-1", ("digits.txt", b"0123456789"))
    place = f"attachment/content/{attachment['id']}?redirect=false"
    answer = await jira.get(place, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (status, wanted)
    assert answer.headers.get("content-range") == told


async def test_head_tells_the_size(jira: httpx.AsyncClient) -> None:
    (attachment,) = await attach(jira, "WEB-1", ("digits.txt", b"0123456789"))
    answer = await jira.head(f"attachment/content/{attachment['id']}?redirect=false")
    assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "10", b"")
    assert answer.headers["accept-ranges"] == "bytes"


async def test_files_come_whatever_is_accepted(jira: httpx.AsyncClient) -> None:
    (attachment,) = await attach(jira, "WEB-1", ("a.txt", b"one"))
    answer = await jira.get(f"attachment/content/{attachment['id']}?redirect=false", headers={"Accept": "text/plain"})
    assert answer.text == "one"


async def test_several_files_and_the_history(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    first, second = await attach(jira, key, ("a.txt", b"one"), ("a.txt", b"two"))
    assert (await jira.delete(f"attachment/{first['id']}")).status_code == 204
    assert [one["id"] for one in (await fields_of(jira, key))["attachment"]] == [second["id"]]
    item = {"field": "Attachment", "fieldtype": "jira", "fieldId": "attachment"}
    nothing = {"from": None, "fromString": None}
    assert await history(jira, key) == [
        {**item, **nothing, "to": first["id"], "toString": "a.txt"},
        {**item, **nothing, "to": second["id"], "toString": "a.txt"},
        {**item, "from": first["id"], "fromString": "a.txt", "to": None, "toString": None},
    ]
    assert_refused(await jira.get(f"attachment/{first['id']}"), 404, MISSING.replace("999", first["id"]))


async def test_files_go_with_their_issue(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    (attachment,) = await attach(jira, key, ("a.txt", b"one"))
    await jira.delete(f"issue/{key}")
    assert (await jira.get(f"attachment/{attachment['id']}")).status_code == 404


async def test_jql_asks_for_files(jira: httpx.AsyncClient) -> None:
    await attach(jira, "WEB-2", ("a.txt", b"one"))

    async def found(jql: str) -> list[str]:
        issues = (await jira.post("search/jql", json={"jql": jql, "fields": ["summary"]})).json()["issues"]
        return [issue["key"] for issue in issues]

    assert await found("project = WEB AND attachments IS NOT EMPTY") == ["WEB-2"]
    assert "WEB-2" not in await found("project = WEB AND attachments IS EMPTY")


async def test_thumbnails(jira: httpx.AsyncClient) -> None:
    (picture,) = await attach(jira, "WEB-1", ("shot.png", png()))
    assert picture["thumbnail"] == f"http://acme.test/rest/api/3/attachment/thumbnail/{picture['id']}"
    assert (await jira.get(picture["thumbnail"])).status_code == 303

    async def size(query: str = "") -> tuple[int, int]:
        answer = await jira.get(f"{picture['thumbnail']}{query}", follow_redirects=True)
        assert answer.headers["content-type"] == "image/png"
        return Image.open(io.BytesIO(answer.content)).size

    assert await size() == (200, 100)
    assert await size("?width=50&height=50") == (50, 25)
    assert await size("?redirect=false&width=-1&height=99999") == (1, 1)


async def test_thumbnails_of_what_is_no_image(jira: httpx.AsyncClient) -> None:
    for name, content in (("a.txt", b"one"), ("a.png", b"no picture")):
        (file,) = await attach(jira, "WEB-1", (name, content))
        place = f"attachment/thumbnail/{file['id']}?redirect=false&width=30&height=40"
        assert Image.open(io.BytesIO((await jira.get(place)).content)).size == (30, 40)
        refused = await jira.get(f"{place}&fallbackToDefault=false")
        assert_refused(refused, 404, "The attachment has no thumbnail.")


async def test_the_limit_is_what_the_settings_say(jira: httpx.AsyncClient) -> None:
    settings = (await jira.get("attachment/meta")).json()
    assert settings == {"enabled": True, "uploadLimit": FILE_LIMIT}
    files = {"file": ("big.bin", b"\0" * (FILE_LIMIT + 1))}
    answer = await jira.post("issue/WEB-1/attachments", files=files, headers=WAIVED)
    text = "big.bin is too large to attach. Attachment is 10.00 MB but the largest allowed attachment is 10.00 MB."
    assert_refused(answer, 413, text)
    assert (await fields_of(jira, "WEB-1"))["attachment"] == []
    many = [("file", (f"{number}.txt", b"")) for number in range(61)]
    answer = await jira.post("issue/WEB-1/attachments", files=many, headers=WAIVED)
    assert_refused(answer, 413, "No more than 60 files can be attached at once.")


async def test_a_browser_must_not_be_tricked(jira: httpx.AsyncClient) -> None:
    files = {"file": ("a.txt", b"one")}
    for headers in ({}, {"X-Atlassian-Token": "yes"}):
        answer = await jira.post("issue/WEB-99/attachments", files=files, headers=headers)
        assert (answer.status_code, answer.text) == (403, "XSRF check failed")
    older = await jira.post("issue/WEB-1/attachments", files=files, headers={"X-Atlassian-Token": "nocheck"})
    assert older.status_code == 200


async def test_other_bodies_are_refused(jira: httpx.AsyncClient) -> None:
    place = "issue/WEB-1/attachments"
    assert (await jira.post(place, json={"file": "x"}, headers=WAIVED)).status_code == 415
    assert (await jira.post(place, headers=WAIVED)).status_code == 415
    broken = {**WAIVED, "Content-Type": "multipart/form-data; boundary=x"}
    answer = await jira.post(place, content=b"", headers=broken)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("Failed to parse multipart servlet request: ")
    for files in ({"other": ("a.txt", b"one")}, {"file": (None, b"one")}):
        answer = await jira.post(place, files=files, headers=WAIVED)
        assert_problem(answer, 400, "Bad Request", "Required part 'file' is not present.")


async def test_what_is_not_there(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    files = {"file": ("a.txt", b"one")}
    assert_refused(await jira.post("issue/WEB-99/attachments", files=files, headers=WAIVED), 404, NO_ISSUE)
    assert_refused(await nobody.post("issue/WEB-1/attachments", files=files, headers=WAIVED), 404, NO_ISSUE)
    for place in ("attachment/999", "attachment/content/999", "attachment/thumbnail/999"):
        assert_refused(await jira.get(place), 404, MISSING)
    assert_refused(await jira.delete("attachment/999"), 404, MISSING)
    (attachment,) = await attach(jira, "WEB-1", ("a.txt", b"one"))
    assert (await nobody.get(f"attachment/{attachment['id']}")).status_code == 404
    assert (await nobody.delete(f"attachment/{attachment['id']}")).status_code == 404
    bad = await jira.get(f"attachment/content/{attachment['id']}?redirect=maybe")
    assert_problem(bad, 400, "Bad Request", "Failed to convert 'redirect' with value: 'maybe'")


async def test_the_trace_keeps_what_was_said_and_not_the_bytes(
    jira: httpx.AsyncClient, control: httpx.AsyncClient
) -> None:
    content = b"x" * 100_000
    (attachment,) = await attach(jira, "WEB-1", ("a.txt", content))
    await jira.get(f"attachment/content/{attachment['id']}?redirect=false")
    await attach(jira, "WEB-1", ("b.txt", b"the word is plum"))
    await jira.get(f"attachment/content/{int(attachment['id']) + 1}?redirect=false")
    await jira.post("issue/WEB-1/attachments", files={"file": ("a.txt", content)})
    exchanges = (await control.get("/sites/default/trace")).json()["exchanges"]
    sent, fetched, _, short, refused = exchanges
    told = {"filename": "a.txt", "mediaType": "text/plain", "size": 100_000}
    assert sent["request"] == {"file": [{**told, "sha256": hashlib.sha256(content).hexdigest()}]}
    (row,) = [change["after"] for change in sent["changes"] if change["table"] == "attachment"]
    assert row["sha256"] == hashlib.sha256(content).hexdigest()
    assert fetched["response"] == "<100000 bytes>"
    assert short["response"] == "the word is plum"
    assert (refused["status"], refused["request"][-7:]) == (403, " bytes>")
    assert len(json.dumps(exchanges)) < 50_000


async def test_a_seed_brings_files(app: App, control: httpx.AsyncClient) -> None:
    picture = base64.b64encode(png()).decode()
    files = [{"filename": "plan.md", "text": "# Größe"}, {"filename": "shot.png", "base64": picture}]
    issue = {**SEED["issues"][0], "attachments": files}
    async with await client_of(app, control, {**SEED, "issues": [issue]}) as jira:
        plan, shot = (await fields_of(jira, "ONE-1"))["attachment"]
        assert (plan["mimeType"], plan["size"], plan["author"]["accountId"]) == ("text/markdown", 9, "ada")
        assert (await jira.get(plan["content"], follow_redirects=True)).text == "# Größe"
        assert (await jira.get(shot["content"], follow_redirects=True)).content == png()


@pytest.mark.parametrize("file", [{"text": "a", "base64": "YQ=="}, {}, {"base64": "%"}])
async def test_a_seed_with_a_bad_file_is_refused(control: httpx.AsyncClient, file: dict[str, str]) -> None:
    issue = {**SEED["issues"][0], "attachments": [{"filename": "a.txt", **file}]}
    content = json.dumps({**SEED, "issues": [issue]}).encode()
    answer = await control.put(f"/seeds/{hashlib.sha256(content).hexdigest()}", content=content)
    assert answer.status_code == 400
    assert "/issues/0/attachments" in answer.json()["detail"]
