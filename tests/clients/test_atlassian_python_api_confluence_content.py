"""The older Confluence client of atlassian-python-api, unmodified, over v1: pages and all that belongs to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from atlassian import Confluence
from atlassian.errors import ApiError
from requests import HTTPError


@pytest.fixture
def client(live_site: dict[str, Any]) -> Any:
    url = f"{live_site['baseUrl']}/wiki"
    return Confluence(url, username=live_site["email"], password=live_site["token"])  # type: ignore[no-untyped-call]


@pytest.fixture
def page_id(client: Any) -> str:
    """A page with some text, under Runbooks."""
    parent = client.get_page_id("ENG", "Runbooks")
    made: str = client.create_page("ENG", "Plan", "<p>First the shop.</p>", parent_id=parent)["id"]
    return made


def body_of(client: Any, page_id: str) -> str:
    body: str = client.get_page_by_id(page_id, expand="body.storage")["body"]["storage"]["value"]
    return body


def status_of(call: Callable[[], Any]) -> int:
    """The status of the refusal that a call ends in; the client has errors of its own for some."""
    with pytest.raises((HTTPError, ApiError)) as refused:
        call()
    error = refused.value if isinstance(refused.value, HTTPError) else refused.value.reason
    response: Any = getattr(error, "response", None)
    assert response is not None
    status: int = response.status_code
    return status


def test_a_page_is_found(client: Any, page_id: str) -> None:
    assert client.get_page_id("ENG", "plan") == page_id
    assert client.get_page_space(page_id) == "ENG"
    assert client.get_parent_content_title(page_id) == "Runbooks"
    assert client.get_page_id("ENG", "Nothing") is None


def test_the_children_of_a_page(client: Any, page_id: str) -> None:
    parent = client.get_page_id("ENG", "Runbooks")
    assert client.get_child_title_list(parent) == ["Restore a backup", "Rotate credentials", "Plan"]
    assert client.get_child_id_list(parent)[-1] == page_id
    assert client.page_has_children(parent)
    assert not client.page_has_children(page_id)


def test_the_tree_of_a_page(client: Any) -> None:
    home = client.get_page_id("ENG", "Engineering")
    assert len(client.get_subtree_of_content_ids(home)) == 6
    assert client.get_descendant_page_id("ENG", home, "Decisions") == client.get_page_id("ENG", "Decisions")


def test_text_is_added_before_and_after(client: Any, page_id: str) -> None:
    client.append_page(page_id, "Plan", "<p>Then the rest.</p>")
    client.prepend_page(page_id, "Plan", "<p>In order:</p>")
    assert body_of(client, page_id) == "<p>In order:</p><p>First the shop.</p><p>Then the rest.</p>"


def test_a_page_is_updated_or_created(client: Any, page_id: str) -> None:
    parent = client.get_page_id("ENG", "Decisions")
    made = client.update_or_create(parent_id=parent, title="Fresh", body="<p>1</p>")
    again = client.update_or_create(parent_id=parent, title="Fresh", body="<p>2</p>")
    assert (again["id"], again["version"]["number"]) == (made["id"], 2)


def test_the_title_alone_is_changed(client: Any, page_id: str) -> None:
    client.update_page(page_id, "Plan B")
    assert client.get_page_by_id(page_id)["title"] == "Plan B"
    assert body_of(client, page_id) == "<p>First the shop.</p>"


def test_a_page_is_moved(client: Any, page_id: str) -> None:
    client.move_page("ENG", page_id, target_title="Decisions")
    assert client.get_parent_content_title(page_id) == "Decisions"
    client.update_page(page_id, "Plan", "<p>Moved back.</p>", parent_id=client.get_page_id("ENG", "Runbooks"))
    assert client.get_parent_content_title(page_id) == "Runbooks"


def test_the_versions_of_a_page(client: Any, page_id: str) -> None:
    client.update_page(page_id, "Plan", "<p>Second.</p>", version_comment="why")
    assert [one["number"] for one in client.get_all_page_versions(page_id)] == [2, 1]
    first = client.get_content_history_by_version_number(page_id, 1, expand="content.body.storage")
    assert first["content"]["body"]["storage"]["value"] == "<p>First the shop.</p>"
    old = client.get_page_by_id(page_id, status="historical", version=1, expand="body.storage")
    assert old["body"]["storage"]["value"] == "<p>First the shop.</p>"


def test_a_page_that_has_not_changed(client: Any, page_id: str) -> None:
    assert client.is_page_content_is_already_updated(page_id, "<p>First the shop.</p>")
    assert not client.is_page_content_is_already_updated(page_id, "<p>Other.</p>")


def test_labels(client: Any, page_id: str) -> None:
    client.set_page_label(page_id, "Plans")
    client.set_page_label(page_id, "plans")
    assert [label["name"] for label in client.get_page_labels(page_id)["results"]] == ["plans"]
    assert [one["content"]["id"] for one in client.cql("label = plans")["results"]] == [page_id]
    client.remove_page_label(page_id, "plans")
    assert client.get_page_labels(page_id)["results"] == []


def test_properties(client: Any, page_id: str) -> None:
    client.set_page_property(page_id, {"key": "stage", "value": {"name": "draft"}})
    assert client.get_page_property(page_id, "stage")["value"] == {"name": "draft"}
    client.update_page_property(page_id, {"key": "stage", "value": "done", "version": {"number": 2}})
    assert [one["value"] for one in client.get_page_properties(page_id)] == ["done"]
    client.delete_page_property(page_id, "stage")
    assert status_of(lambda: client.get_page_property(page_id, "stage")) == 404


def test_a_comment_is_answered(client: Any, page_id: str) -> None:
    made = client.add_comment(page_id, "<p>Agreed</p>")
    client.add_comment(page_id, "<p>Me too</p>")
    listed = client.get_page_comments(page_id, expand="body.storage")["results"]
    assert [one["body"]["storage"]["value"] for one in listed] == ["<p>Agreed</p>", "<p>Me too</p>"]
    client.delete_comment(made["id"])
    assert len(client.get_page_comments(page_id)["results"]) == 1
    assert status_of(lambda: client.add_comment("999", "<p>x</p>")) == 404


def test_several_files(client: Any, page_id: str) -> None:
    for name in ("a.txt", "b.txt"):
        client.attach_content(name.encode(), name, "text/plain", page_id=page_id)
    files = client.download_attachments_from_page(page_id, to_memory=True)
    assert {name: file.read() for name, file in files.items()} == {"a.txt": b"a.txt", "b.txt": b"b.txt"}
    assert status_of(lambda: client.attach_content(b"x", "a.txt", page_id="999")) == 404


def test_a_file_from_disk(client: Any, page_id: str, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("a,b\n", encoding="utf-8")
    client.attach_file(str(tmp_path / "table.csv"), page_id=page_id, comment="Sizes")
    (listed,) = client.get_attachments_from_content(page_id)["results"]
    assert (listed["title"], listed["metadata"]["mediaType"]) == ("table.csv", "text/csv")
    client.remove_content(listed["id"])
    assert client.get_attachments_from_content(page_id)["results"] == []


def test_restrictions(client: Any, page_id: str) -> None:
    found = client.get_all_restrictions_for_content(page_id)
    assert found["update"]["restrictions"]["user"]["results"] == []
    me = client.get_current_user()["accountId"]
    users = [{"type": "known", "accountId": me}]
    client.set_restrictions_for_content(page_id, [{"operation": "update", "restrictions": {"user": users}}])
    found = client.get_all_restrictions_for_content(page_id)
    assert [one["accountId"] for one in found["update"]["restrictions"]["user"]["results"]] == [me]


def test_pages_to_and_from_the_trash(client: Any, page_id: str) -> None:
    client.remove_page(page_id)
    assert client.get_page_by_id(page_id, status="trashed")["status"] == "trashed"
    client.remove_page_from_trash(page_id)
    assert status_of(lambda: client.get_page_by_id(page_id, status="trashed")) == 404


def test_a_page_goes_with_its_children(client: Any) -> None:
    client.remove_page(client.get_page_id("ENG", "Runbooks"), recursive=True)
    assert client.get_page_id("ENG", "Restore a backup") is None
    assert client.get_page_id("ENG", "Decisions") is not None


def test_a_draft(client: Any) -> None:
    body = {"storage": {"value": "<p>Soon</p>", "representation": "storage"}}
    draft = {"type": "page", "title": "Idea", "space": {"key": "ENG"}, "status": "draft", "body": body}
    made = client.create_content(draft)
    assert client.get_draft_page_by_id(made["id"])["status"] == "draft"
    assert client.get_page_id("ENG", "Idea") is None
    client.remove_page_as_draft(made["id"])
    assert status_of(lambda: client.get_draft_page_by_id(made["id"])) == 404


def test_spaces(client: Any) -> None:
    made = client.create_space("FIN", "Finance")
    assert made["key"] == "FIN"
    assert client.get_home_page_of_space("FIN")["title"]
    assert status_of(lambda: client.create_space("FIN", "Finance")) == 400
    assert status_of(lambda: client.get_space("NOPE")) == 404


def test_the_content_of_a_space(client: Any) -> None:
    found = client.get_space_content("HELP")
    assert {page["title"] for page in found["results"]} == {"Help Centre", "Returns", "Invoices"}
    raw = client.get_all_pages_from_space_raw("HELP", limit=2)
    assert (len(raw["results"]), raw["size"]) == (2, 2)


def test_search(client: Any) -> None:
    found = client.cql('text ~ "billing" and space = ENG')
    assert [one["content"]["title"] for one in found["results"]] == ["Rotate credentials"]
    titles = [one["title"] for one in client.iter_cql("type = page order by title")]
    assert titles == sorted(titles)
    assert len(titles) == 9
    assert status_of(lambda: client.cql("mood = good")) == 400


def test_users(client: Any) -> None:
    me = client.get_current_user()
    assert me["displayName"] == "Alex Admin"
    assert client.get_user_details_by_accountid(me["accountId"])["email"] == "admin@example.com"
    assert status_of(lambda: client.get_user_details_by_accountid("nobody")) == 404


def test_what_is_refused(client: Any, page_id: str) -> None:
    assert status_of(lambda: client.create_page("ENG", "Plan", "")) == 400
    assert status_of(lambda: client.create_page("NOPE", "Plan", "")) in (403, 404)
    assert status_of(lambda: client.get_page_labels("999")) == 404
    assert client.remove_page("999") == 404
    version = {"version": {"number": 7}, "type": "page", "title": "Plan"}
    assert status_of(lambda: client.update_content(page_id, version)) == 409


def test_a_wrong_token(live_site: dict[str, Any]) -> None:
    url = f"{live_site['baseUrl']}/wiki"
    wrong: Any = Confluence(url, username=live_site["email"], password="wrong")  # type: ignore[no-untyped-call]
    assert status_of(wrong.get_current_user) == 403
