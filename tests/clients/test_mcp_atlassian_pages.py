"""mcp-atlassian's tools for pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.clients.mcp import Host

MISSING = "There is no content with the given id, or the calling user does not have permission to view the content"
TAKEN = "A page with this title already exists"
Page = Callable[[str], dict[str, Any]]


@pytest.fixture
def page(api: httpx.Client) -> Page:
    """The page of a title, as the site holds it."""

    def find(title: str) -> dict[str, Any]:
        (row,) = api.get("/wiki/api/v2/pages", params={"title": title, "body-format": "storage"}).json()["results"]
        found: dict[str, Any] = row
        return found

    return find


def test_pages_are_searched(mcp: Host) -> None:
    found = mcp.call("confluence_search", query='type = page AND label = "runbook" ORDER BY title', limit=2)
    assert [one["title"] for one in found] == ["Restore a backup", "Rotate credentials"]
    assert found[0]["space"]["key"] == "ENG"
    words = mcp.call("confluence_search", query="newest archive")
    assert [one["title"] for one in words] == ["Restore a backup"]
    assert mcp.call("confluence_search", query="newest archive", spaces_filter="HELP") == []
    assert "The query cannot be parsed" in mcp.refusal("confluence_search", query="bogus = 1")


def test_a_page_is_read(mcp: Host, page: Page) -> None:
    page_id = page("Restore a backup")["id"]
    told = mcp.call("confluence_get_page", page_id=page_id)["metadata"]
    assert (told["title"], told["space"], told["version"]) == (
        "Restore a backup",
        {"key": "ENG", "name": "Engineering"},
        1,
    )
    assert told["content"]["value"].startswith("1. Stop the writers.\n2. Fetch")
    by_title = mcp.call("confluence_get_page", title="Restore a backup", space_key="ENG", convert_to_markdown=False)
    assert (by_title["metadata"]["id"], by_title["metadata"]["content"]["value"][:8]) == (page_id, "<ol><li>")
    assert MISSING in mcp.call("confluence_get_page", page_id="999")["error"]
    assert "not found in space 'ENG'" in mcp.call("confluence_get_page", title="Nothing", space_key="ENG")["error"]


def test_the_tree_of_pages(mcp: Host, page: Page) -> None:
    parent_id = page("Runbooks")["id"]
    children = mcp.call("confluence_get_page_children", parent_id=parent_id, include_content=True)
    assert [one["title"] for one in children["results"]] == ["Restore a backup", "Rotate credentials"]
    assert "`orders`, `billing`" in children["results"][1]["content"]["value"]
    assert "404 Client Error" in mcp.call("confluence_get_page_children", parent_id="999")["error"]
    tree = mcp.call("confluence_get_space_page_tree", space_key="ENG")
    assert {one["title"]: one["depth"] for one in tree["pages"]} == {
        "Engineering": 0,
        "Runbooks": 1,
        "Decisions": 1,
        "Restore a backup": 2,
        "Rotate credentials": 2,
        "Why one database": 2,
    }
    assert "Failed to fetch page tree" in mcp.refusal("confluence_get_space_page_tree", space_key="NOPE")


def test_a_page_is_created(mcp: Host, api: httpx.Client, page: Page) -> None:
    parent_id = page("Runbooks")["id"]
    made = mcp.call(
        "confluence_create_page",
        space_key="ENG",
        title="Restart the queue",
        content="# Steps\n\n1. Stop **it**\n2. Start it",
        parent_id=parent_id,
        emoji="📝",
        page_width="full-width",
    )["page"]
    held = page("Restart the queue")
    assert (held["id"], held["parentId"]) == (made["id"], parent_id)
    assert "<h1>Steps</h1>" in held["body"]["storage"]["value"]
    assert "<strong>it</strong>" in held["body"]["storage"]["value"]
    properties = api.get(f"/wiki/api/v2/pages/{made['id']}/properties").json()["results"]
    assert {one["key"]: one["value"] for one in properties}["emoji-title-published"] == "1f4dd"
    again = mcp.refusal("confluence_create_page", space_key="ENG", title="Restart the queue", content="x")
    assert TAKEN in again
    nowhere = mcp.refusal("confluence_create_page", space_key="NOPE", title="New", content="x")
    assert "Failed to create page 'New' in space NOPE" in nowhere


@pytest.mark.parametrize(
    ("content_format", "content"), [("wiki", "h2. Steps\n\n* one"), ("storage", "<h2>Steps</h2><ul><li>one</li></ul>")]
)
def test_a_page_is_created_from_other_formats(mcp: Host, page: Page, content_format: str, content: str) -> None:
    sent = {"space_key": "ENG", "title": "Formats", "content": content, "content_format": content_format}
    mcp.call("confluence_create_page", **sent)
    body = page("Formats")["body"]["storage"]["value"]
    assert body.startswith("<h2>Steps</h2>")
    assert "<li>" in body


def test_a_page_is_updated(mcp: Host, page: Page) -> None:
    page_id = page("Decisions")["id"]
    updated = mcp.call(
        "confluence_update_page",
        page_id=page_id,
        title="Choices",
        content="What we *chose*.",
        is_minor_edit=True,
        version_comment="Shorter",
    )["page"]
    assert (updated["title"], updated["version"]) == ("Choices", 2)
    held = page("Choices")
    assert (held["version"]["number"], held["version"]["message"]) == (2, "Shorter")
    assert "<em>chose</em>" in held["body"]["storage"]["value"]
    assert MISSING in mcp.refusal("confluence_update_page", page_id="999", title="New", content="x")
    taken = mcp.refusal("confluence_update_page", page_id=page_id, title="Runbooks", content="x")
    assert f"Failed to update page {page_id}" in taken
    assert page("Choices")["version"]["number"] == 2


def test_a_section_of_a_page_is_updated(mcp: Host, page: Page) -> None:
    content = "# One\n\nfirst\n\n# Two\n\nsecond"
    made = mcp.call("confluence_create_page", space_key="ENG", title="Sections", content=content)["page"]
    section = {"page_id": made["id"], "new_content": "another"}
    mcp.call("confluence_update_page_section", heading_text="Two", **section)
    body = page("Sections")["body"]["storage"]["value"]
    assert ("first" in body, "second" in body, "another" in body) == (True, False, True)
    unknown = mcp.refusal("confluence_update_page_section", heading_text="Three", **section)
    assert f"Heading 'Three' not found in page {made['id']}" in unknown


def test_versions_of_a_page(mcp: Host, page: Page) -> None:
    page_id = page("Decisions")["id"]
    mcp.call("confluence_update_page", page_id=page_id, title="Decisions", content="Nothing yet.")
    old = mcp.call("confluence_get_page_history", page_id=page_id, version=1)
    assert (old["version"], old["content"]["value"]) == (1, "What we chose, and why.")
    versions = {"page_id": page_id, "from_version": 1}
    diff = mcp.call("confluence_get_page_diff", to_version=2, **versions)["diff"].splitlines()
    assert diff[-2:] == ["-What we chose, and why.", "+Nothing yet."]
    assert MISSING in mcp.call("confluence_get_page_history", page_id=page_id, version=9)["error"]
    assert MISSING in mcp.call("confluence_get_page_diff", to_version=9, **versions)["error"]


def test_a_page_is_moved(mcp: Host, api: httpx.Client, page: Page) -> None:
    moved, parent, sibling = (page(title)["id"] for title in ("Decisions", "Runbooks", "Restore a backup"))

    def children() -> list[str]:
        found = api.get(f"/wiki/api/v2/pages/{parent}/direct-children").json()["results"]
        return [one["title"] for one in found]

    mcp.call("confluence_move_page", page_id=moved, target_parent_id=parent)
    assert children() == ["Restore a backup", "Rotate credentials", "Decisions"]
    mcp.call("confluence_move_page", page_id=moved, target_parent_id=sibling, position="above")
    assert children() == ["Decisions", "Restore a backup", "Rotate credentials"]
    missing = mcp.call("confluence_move_page", page_id=moved, target_parent_id="999")
    assert (missing["success"], MISSING in missing["error"]) == (False, True)
    loop = mcp.call("confluence_move_page", page_id=parent, target_parent_id=moved)
    assert (loop["success"], "creates a parent-child loop" in loop["error"]) == (False, True)


def test_a_page_is_copied(mcp: Host, page: Page) -> None:
    source = {"source_page_id": page("Decisions")["id"], "destination_space_key": "HELP"}
    made = mcp.call("confluence_copy_page", new_title="Choices", **source)["page"]
    assert made["space"]["key"] == "HELP"
    assert page("Choices")["body"]["storage"]["value"] == "<p>What we chose, and why.</p>"
    assert TAKEN in mcp.refusal("confluence_copy_page", new_title="Choices", **source)
    nowhere = mcp.refusal("confluence_copy_page", new_title="New", destination_parent_id="999", **source)
    assert "No content found with id : 999" in nowhere


def test_a_page_is_deleted(mcp: Host, api: httpx.Client, page: Page) -> None:
    page_id = page("Decisions")["id"]
    assert mcp.call("confluence_delete_page", page_id=page_id)["success"]
    assert api.get(f"/wiki/api/v2/pages/{page_id}").json()["status"] == "trashed"
    gone = mcp.call("confluence_delete_page", page_id=page_id)
    assert (gone["success"], "There is no content with the given id" in gone["error"]) == (False, True)


def test_views_are_not_counted(mcp: Host, page: Page) -> None:
    """The tool takes the refusal for no views."""
    page_id = page("Decisions")["id"]
    told = mcp.call("confluence_get_page_views", page_id=page_id)
    assert told == {"page_id": page_id, "total_views": 0, "page_title": "Decisions"}
