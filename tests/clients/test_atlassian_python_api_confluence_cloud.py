"""The Confluence clients for Cloud of atlassian-python-api, unmodified, over v1 and v2."""

from __future__ import annotations

from typing import Any

import pytest
from atlassian import Confluence
from requests import HTTPError


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


def found(v1: Any, title: str) -> str:
    (page,) = v1.get_page_by_title("ENG", title)["results"]
    page_id: str = page["id"]
    return page_id


def test_v1_reads_a_page_and_its_place(v1: Any) -> None:
    page_id = found(v1, "Runbooks")
    page = v1.get_content(page_id, params={"expand": "ancestors,version,space,body.view"})
    assert [one["title"] for one in page["ancestors"]] == ["Engineering"]
    assert (page["space"]["key"], page["version"]["number"]) == ("ENG", 1)
    assert page["body"]["view"]["value"].startswith("<p>One page a service")
    with pytest.raises(HTTPError, match="No content found with id"):
        v1.get_content("999")


def test_v1_lists_children(v1: Any) -> None:
    page_id = found(v1, "Runbooks")
    assert [one["title"] for one in v1.get_child_pages(page_id)["results"]] == [
        "Restore a backup",
        "Rotate credentials",
    ]
    with pytest.raises(HTTPError, match="No parent or not permitted to view content with id"):
        v1.get_child_pages("999")


def test_v1_keeps_labels(v1: Any) -> None:
    page_id = found(v1, "Decisions")
    v1.add_content_labels(page_id, [{"prefix": "global", "name": "one"}, {"prefix": "global", "name": "two"}])
    v1.remove_content_label(page_id, "one")
    assert [one["name"] for one in v1.get_content_labels(page_id)["results"]] == ["two"]


def test_v1_keeps_properties(v1: Any) -> None:
    page_id = found(v1, "Decisions")
    v1.create_content_property(page_id, {"key": "stage", "value": {"name": "draft"}})
    assert v1.get_content_property(page_id, "stage")["version"]["number"] == 1
    v1.update_content_property(page_id, "stage", {"key": "stage", "value": "done", "version": {"number": 2}})
    assert [one["value"] for one in v1.get_content_properties(page_id)["results"]] == ["done"]
    v1.delete_content_property(page_id, "stage")
    with pytest.raises(HTTPError):
        v1.get_content_property(page_id, "stage")


def test_v1_searches(v1: Any) -> None:
    pages = v1.cql("label = runbook and type = page order by title", limit=2)
    assert [one["title"] for one in pages["results"]] == ["Restore a backup", "Rotate credentials"]
    with pytest.raises(HTTPError, match="Could not parse cql"):
        v1.cql("type = = page")


def test_v1_knows_users(v1: Any) -> None:
    assert v1.get_current_user()["accountId"] == "5b10a2844c20165700ede21a"


def test_v1_refuses_a_stale_version(v1: Any) -> None:
    page_id = found(v1, "Decisions")
    with pytest.raises(HTTPError, match="Version must be incremented"):
        v1.update_content(page_id, {"type": "page", "title": "Decisions", "version": {"number": 1}})


def test_v2_finds_spaces(v2: Any) -> None:
    assert [space["key"] for space in v2.get_spaces(keys=["HELP"])] == ["HELP"]
    space = v2.get_space_by_key("HELP")
    assert v2.get_space(space["id"])["name"] == "Help Centre"
    with pytest.raises(HTTPError):
        v2.get_space("999")


def test_v2_finds_pages(v2: Any) -> None:
    space = v2.get_space_by_key("HELP")
    pages = v2.get_pages(space_id=space["id"], title="Returns", body_format="storage")
    assert [page["body"]["storage"]["value"] for page in pages] == ["<p>Send it back within 30 days.</p>"]
    assert v2.get_page_id("HELP", "Invoices") != pages[0]["id"]


def test_v2_lists_versions(v2: Any) -> None:
    space = v2.get_space_by_key("ENG")
    page = v2.create_page(space_id=space["id"], title="Plan", body="<p>1</p>")
    v2.update_page(page["id"], title="Plan", body="<p>2</p>", status="current", version=1)
    assert [one["number"] for one in v2.get_page_versions(page["id"])["results"]] == [2, 1]


def test_v2_lists_the_labels_of_a_page(v2: Any) -> None:
    labels = v2.get_page_labels(v2.get_page_id("ENG", "Restore a backup"))
    assert sorted(label["name"] for label in labels) == ["database", "runbook"]


def test_v2_keeps_a_property(v2: Any) -> None:
    page_id = v2.get_page_id("ENG", "Decisions")
    made = v2.create_page_property(page_id, "stage", ["draft"])
    # Cloud has properties by their ids; the client puts what it is given in that place.
    assert v2.get_page_property_by_key(page_id, made["id"])["value"] == ["draft"]
    assert v2.delete_page_property(page_id, made["id"])
    assert v2.get_page_properties(page_id) == []


def test_v2_calls_what_cloud_does_not_have(v2: Any) -> None:
    page_id = v2.get_page_id("ENG", "Decisions")
    with pytest.raises(HTTPError) as refused:
        v2.create_page_footer_comment(page_id, "<p>x</p>")
    assert refused.value.response.status_code == 404
    with pytest.raises(HTTPError) as refused:
        v2.add_page_label(page_id, "x")
    assert refused.value.response.status_code == 405
