"""mcp-atlassian's tools for the files of issues and pages."""

from __future__ import annotations

import base64
import json
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.clients.conftest import Desk
from tests.clients.mcp import Host

MISSING_PAGE = "There is no content with the given id, or the calling user does not have permission to view the content"


@pytest.fixture
def files(desk: Desk) -> dict[str, bytes]:
    """Two files in the MCP server's folder, by name."""
    picture = BytesIO()
    Image.new("RGB", (4, 4), "teal").save(picture, "png")
    files = {"codes.txt": b"SPRING\n", "shop.png": picture.getvalue()}
    for name, content in files.items():
        (desk.folder / name).write_bytes(content)
    return files


@pytest.fixture
def page_id(api: httpx.Client) -> str:
    (page,) = api.get("/wiki/api/v2/pages", params={"title": "Runbooks"}).json()["results"]
    found: str = page["id"]
    return found


def received(contents: list[dict[str, Any]]) -> dict[str, bytes]:
    """The files in a tool's answer by name: some come as resources, some within a text."""
    found = {}
    for content in contents:
        if content["type"] == "resource":
            found[content["resource"]["uri"].rpartition("/")[2]] = base64.b64decode(content["resource"]["blob"])
        elif "filename" in (told := json.loads(content["text"])):
            found[told["filename"]] = base64.b64decode(told["content"])
    return found


def test_files_of_an_issue(mcp: Host, api: httpx.Client, files: dict[str, bytes]) -> None:
    names = json.dumps([*files, "nothing.txt"])
    updated = mcp.call("jira_update_issue", issue_key="WEB-3", fields="{}", attachments=names)
    results = updated["issue"]["attachment_results"]
    assert [one["filename"] for one in results["uploaded"]] == list(files)
    assert [one["filename"] for one in results["failed"]] == ["nothing.txt"]
    held = api.get("/rest/api/3/issue/WEB-3").json()["fields"]["attachment"]
    assert sorted(one["filename"] for one in held) == sorted(files)
    assert received(mcp.contents("jira_download_attachments", issue_key="WEB-3")) == files
    summary, image = mcp.contents("jira_get_issue_images", issue_key="WEB-3")
    assert json.loads(summary["text"])["downloaded"] == 1
    assert (image["type"], base64.b64decode(image["data"])) == ("image", files["shop.png"])


def test_an_issue_without_files(mcp: Host) -> None:
    assert mcp.call("jira_download_attachments", issue_key="WEB-1")["total"] == 0
    assert mcp.call("jira_get_issue_images", issue_key="WEB-1")["total_images"] == 0
    for tool in ("jira_download_attachments", "jira_get_issue_images"):
        assert "Issue does not exist" in mcp.refusal(tool, issue_key="WEB-99")


def test_files_of_a_page(mcp: Host, api: httpx.Client, files: dict[str, bytes], page_id: str) -> None:
    sent = {"content_base64": base64.b64encode(b"SUMMER\n").decode(), "filename": "more.txt", "comment": "By hand"}
    one = mcp.call("confluence_upload_attachment", content_id=page_id, **sent)["attachment"]
    both = mcp.call("confluence_upload_attachments", content_id=page_id, file_paths=",".join(files))["attachments"]
    assert [file["filename"] for file in both["uploaded"]] == list(files)
    path = f"/wiki/rest/api/content/{page_id}/child/attachment"
    held = {found["title"]: found for found in api.get(path).json()["results"]}
    assert held.keys() == {*files, "more.txt"}
    assert held["more.txt"]["id"] == one["id"]
    assert held["more.txt"]["metadata"]["comment"] == "By hand"

    listed = mcp.call("confluence_get_attachments", content_id=page_id, filename="more.txt")
    assert [file["id"] for file in listed["attachments"]] == [one["id"]]
    assert received(mcp.contents("confluence_download_attachment", attachment_id=one["id"])) == {
        "more.txt": b"SUMMER\n"
    }
    everything = received(mcp.contents("confluence_download_content_attachments", content_id=page_id))
    assert everything == {**files, "more.txt": b"SUMMER\n"}
    _, image = mcp.contents("confluence_get_page_images", content_id=page_id)
    assert base64.b64decode(image["data"]) == files["shop.png"]


def test_a_file_sent_again_is_its_next_version(
    mcp: Host, api: httpx.Client, files: dict[str, bytes], page_id: str
) -> None:
    first, second = (
        mcp.call("confluence_upload_attachment", content_id=page_id, file_path="codes.txt")["attachment"]["id"]
        for _ in range(2)
    )
    assert first == second
    assert api.get(f"/wiki/api/v2/attachments/{first}").json()["version"]["number"] == 2


def test_a_file_of_a_page_is_deleted(mcp: Host, api: httpx.Client, files: dict[str, bytes], page_id: str) -> None:
    sent = mcp.call("confluence_upload_attachment", content_id=page_id, file_path="codes.txt")["attachment"]
    mcp.call("confluence_delete_attachment", attachment_id=sent["id"])
    assert api.get(f"/wiki/rest/api/content/{page_id}/child/attachment").json()["results"] == []
    # What is not there any more is deleted "successfully" as well: the tool does not look at the answer.
    assert api.get(f"/wiki/rest/api/content/{sent['id']}").status_code == 404


def test_files_of_a_page_that_is_not_there(mcp: Host, files: dict[str, bytes]) -> None:
    sent = mcp.call("confluence_upload_attachment", content_id="999", file_path="codes.txt")["attachment"]
    assert (sent["success"], sent["error"][:9]) == (False, "404 Clien")
    sent = mcp.call("confluence_upload_attachments", content_id="999", file_paths="codes.txt")["attachments"]
    assert [file["filename"] for file in sent["failed"]] == ["codes.txt"]
    for tool in (
        "confluence_get_attachments",
        "confluence_download_content_attachments",
        "confluence_get_page_images",
    ):
        assert mcp.call(tool, content_id="999") == {"success": False, "error": MISSING_PAGE}
    missing = mcp.call("confluence_download_attachment", attachment_id="att999")
    assert (missing["success"], "404 Client Error" in missing["error"]) == (False, True)
