"""The Confluence client of atlassian-python-api, unmodified, over a real socket.

Release 5 has three clients under one name: for Cloud over whichever API its URL names, for Cloud over v2, and
the older one with all its methods over v1, which release 4 also used for Cloud.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from atlassian import Confluence
from atlassian.errors import ApiError
from requests import HTTPError

TAKEN = "A page with this title already exists: A page already exists with the same TITLE in this space"


def client(site: dict[str, Any], path: str, **options: Any) -> Any:
    url = f"{site['baseUrl']}{path}"
    return Confluence(url, username=site["email"], password=site["token"], **options)  # type: ignore[no-untyped-call]


@pytest.fixture
def v1(live_site: dict[str, Any]) -> Any:
    return client(live_site, "/wiki/rest/api", cloud=True)


@pytest.fixture
def v2(live_site: dict[str, Any]) -> Any:
    with pytest.warns(DeprecationWarning, match="V1 methods"):
        return client(live_site, "/wiki", cloud=True, api_version=2)


@pytest.fixture
def older(live_site: dict[str, Any]) -> Any:
    return client(live_site, "/wiki")


def test_cloud_over_v1(v1: Any) -> None:
    body = {"storage": {"value": "<p>Hello</p>", "representation": "storage"}}
    page = v1.create_content({"type": "page", "title": "New", "space": {"key": "ENG"}, "body": body})
    assert v1.get_content(page["id"], params={"expand": "body.storage"})["body"]["storage"]["value"] == "<p>Hello</p>"
    changed = {"type": "page", "title": "Newer", "version": {"number": 2}, "body": body}
    assert v1.update_content(page["id"], changed)["version"]["number"] == 2
    assert [found["id"] for found in v1.get_page_by_title("ENG", "newer")["results"]] == [page["id"]]
    assert v1.add_content_labels(page["id"], [{"prefix": "global", "name": "fresh"}])["size"] == 1
    assert [label["name"] for label in v1.get_content_labels(page["id"])["results"]] == ["fresh"]
    assert [found["title"] for found in v1.cql('label = "fresh"')["results"]] == ["Newer"]
    assert [found["title"] for found in v1.iter_cql("space = ENG and type = page")].count("Newer") == 1
    v1.remove_content_label(page["id"], "fresh")
    v1.delete_content(page["id"])
    with pytest.raises(HTTPError, match="No content found with id"):
        v1.get_content(page["id"])
    assert v1.get_current_user()["email"] == "admin@example.com"


def test_cloud_reads_the_tree_and_the_versions(live_site: dict[str, Any], v1: Any) -> None:
    site = client(live_site, "/wiki", cloud=True)
    (parent,) = v1.get_page_by_title("ENG", "Runbooks")["results"]
    assert site.get_child_title_list(parent["id"]) == ["Restore a backup", "Rotate credentials"]
    assert [version["number"] for version in site.get_all_page_versions(parent["id"])] == [1]


def test_cloud_lists_spaces(live_site: dict[str, Any]) -> None:
    spaces = client(live_site, "/wiki/api/v2", cloud=True)
    assert [space["key"] for space in spaces.get_all_spaces(limit=1)] == ["ENG", "HELP"]
    created = spaces.create_space({"name": "Finance", "key": "FIN"})
    assert spaces.get_space(created["id"])["name"] == "Finance"


def test_cloud_over_v2(v2: Any) -> None:
    space = v2.get_space_by_key("ENG")
    page = v2.create_page(space_id=space["id"], title="New", body="<p>Hello</p>")
    assert page["parentId"] == space["homepageId"]
    assert v2.get_page_by_id(page["id"], body_format="storage")["body"]["storage"]["value"] == "<p>Hello</p>"
    updated = v2.update_page(page["id"], title="Newer", body="<p>2</p>", status="current", version=1)
    assert updated["version"] == {**updated["version"], "number": 2, "message": "Updated via Python API"}
    assert [found["id"] for found in v2.get_page_by_title("ENG", "newer")["results"]] == [page["id"]]
    child = v2.create_page(space_id=space["id"], title="Child", body="", parent_id=page["id"])
    assert [found["id"] for found in v2.get_child_pages(page["id"])] == [child["id"]]
    assert [version["number"] for version in v2.get_all_page_versions(page["id"], limit=1)] == [2, 1]
    assert v2.get_page_version(page["id"], 1)["nextVersion"] == 2
    assert v2.get_page_labels(page["id"]) == []
    assert v2.delete_page(page["id"]) is True
    assert v2.get_page_by_id(page["id"])["status"] == "trashed"


def test_v2_refusals_reach_the_caller(v2: Any) -> None:
    space = v2.get_space_by_key("ENG")
    assert refusal(lambda: v2.get_page_by_id("999")) == (404, "Cannot find a page with id [999]")
    assert refusal(lambda: v2.create_page(space_id=space["id"], title="Runbooks", body="")) == (400, TAKEN)
    page = v2.create_page(space_id=space["id"], title="New", body="")
    status, title = refusal(lambda: v2.update_page(page["id"], title="New", body="<p/>", status="current", version=5))
    assert (status, title.partition(".")[0]) == (409, "Version must be incremented when updating a page")


def refusal(call: Callable[[], Any]) -> tuple[int, str]:
    """Status and title of the error that a call of the v2 client raises; its own message leaves the title out."""
    with pytest.raises(HTTPError) as raised:
        call()
    assert raised.value.response is not None
    (error,) = raised.value.response.json()["errors"]
    return error["status"], error["title"]


def test_the_older_client_keeps_a_page(older: Any) -> None:
    parent = older.get_page_id("ENG", "Runbooks")
    page = older.create_page("ENG", "New", "<p>Hello</p>", parent_id=parent, version_comment="first")
    assert older.get_page_by_id(page["id"], expand="body.storage")["body"]["storage"]["value"] == "<p>Hello</p>"
    assert [row["title"] for row in older.get_page_ancestors(page["id"])] == ["Engineering", "Runbooks"]
    updated = older.update_page(page["id"], "Newer", "<p>Changed</p>", version_comment="why")
    assert (updated["version"]["number"], updated["version"]["message"]) == (2, "why")
    assert older.update_page(page["id"], "Newer", "<p>Changed</p>")["version"]["number"] == 2
    assert older.history(page["id"])["lastUpdated"]["number"] == 2
    older.set_page_label(page["id"], "Fresh")
    assert [label["name"] for label in older.get_page_labels(page["id"])["results"]] == ["fresh"]
    (found,) = older.cql('label = "fresh" and type = page')["results"]
    assert (found["content"]["id"], found["content"]["title"]) == (page["id"], "Newer")
    older.remove_page_label(page["id"], "fresh")
    assert older.get_page_labels(page["id"])["results"] == []
    assert older.page_exists("ENG", "Newer")
    assert older.remove_page(page["id"]) == 204
    assert not older.page_exists("ENG", "Newer")
    assert older.remove_page_from_trash(page["id"]) == 204


def test_the_older_client_reads_spaces_and_pages(older: Any) -> None:
    assert [space["key"] for space in older.get_all_spaces()["results"]] == ["ENG", "HELP"]
    assert older.get_space("eng", expand="homepage")["homepage"]["title"] == "Engineering"
    titles = [page["title"] for page in older.get_all_pages_from_space_as_generator("ENG", limit=2)]
    assert "Why one database" in titles
    assert len(titles) == len(set(titles)) == 6
    with pytest.raises(ApiError):
        older.get_page_by_id("999")
    with pytest.raises(HTTPError, match=TAKEN.replace(".", r"\.")):
        older.create_page("ENG", "Runbooks", "")
    page = older.update_or_create(parent_id=older.get_page_id("ENG", "Runbooks"), title="Made", body="<p>1</p>")
    assert page["version"]["number"] == 1


def test_attachments(older: Any) -> None:
    page_id = older.create_page("ENG", "Files", "<p>Here</p>")["id"]
    (added,) = older.attach_content(b"one", "a.txt", "text/plain", page_id=page_id, comment="First")["results"]
    (listed,) = older.get_attachments_from_content(page_id, filename="a.txt")["results"]
    assert (listed["id"], listed["extensions"]["comment"]) == (added["id"], "First")
    files = older.download_attachments_from_page(page_id, to_memory=True)
    assert {name: file.read() for name, file in files.items()} == {"a.txt": b"one"}


def test_comments(older: Any) -> None:
    page_id = older.create_page("ENG", "Discussed", "<p>Here</p>")["id"]
    added = older.add_comment(page_id, "<p>Agreed</p>")
    (listed,) = older.get_page_comments(page_id, expand="body.view,version,extensions", depth="all")["results"]
    assert (listed["id"], listed["body"]["view"]["value"]) == (added["id"], "<p>Agreed</p>")
    assert (listed["extensions"]["location"], listed["version"]["by"]["displayName"]) == ("footer", "Alex Admin")
    assert older.get_page_by_id(added["id"], expand="container")["container"]["id"] == page_id
    older.remove_content(added["id"])
    assert older.get_page_comments(page_id)["results"] == []
    with pytest.raises(ApiError):
        older.get_page_comments("999")


def test_v2_lists_comments_and_properties(v2: Any, older: Any) -> None:
    page_id = older.create_page("ENG", "Noted", "<p>Here</p>")["id"]
    added = older.add_comment(page_id, "<p>Agreed</p>")
    (comment,) = v2.get_page_footer_comments(page_id, body_format="storage")
    assert (comment["id"], comment["body"]["storage"]["value"]) == (added["id"], "<p>Agreed</p>")
    assert v2.get_page_inline_comments(page_id) == []
    made = v2.create_page_property(page_id, "stage", {"name": "draft"})
    assert v2.get_page_properties(page_id) == [made]
