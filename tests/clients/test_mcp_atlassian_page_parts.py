"""mcp-atlassian's tools for what belongs to pages and spaces: comments, labels, permissions, users."""

from __future__ import annotations

import httpx
import pytest

from tests.clients.mcp import Host

ALEX, BEA = "5b10a2844c20165700ede21a", "5b10a2844c20165700ede22b"
MISSING = "There is no content with the given id, or the calling user does not have permission to view the content"


@pytest.fixture
def page_id(api: httpx.Client) -> str:
    (page,) = api.get("/wiki/api/v2/pages", params={"title": "Runbooks"}).json()["results"]
    found: str = page["id"]
    return found


def test_comments(mcp: Host, api: httpx.Client, page_id: str) -> None:
    added = mcp.call("confluence_add_comment", page_id=page_id, body="Looks **good**")["comment"]
    reply = mcp.call("confluence_reply_to_comment", comment_id=added["id"], body="Agreed")["comment"]
    (held,) = api.get(f"/wiki/api/v2/pages/{page_id}/footer-comments?body-format=storage").json()["results"]
    assert (held["id"], "<strong>good</strong>" in held["body"]["storage"]["value"]) == (added["id"], True)
    (below,) = api.get(f"/wiki/api/v2/footer-comments/{added['id']}/children").json()["results"]
    assert below["id"] == reply["id"]
    told = mcp.call("confluence_get_comments", page_id=page_id)
    assert [(one["body"], one["author"]) for one in told] == [
        ("Looks **good**", "Alex Admin"),
        ("Agreed", "Alex Admin"),
    ]
    assert not mcp.call("confluence_add_comment", page_id="999", body="x")["success"]
    assert not mcp.call("confluence_reply_to_comment", comment_id="999", body="x")["success"]
    assert mcp.call("confluence_get_comments", page_id="999") == []


def test_inline_comments(mcp: Host, api: httpx.Client, page_id: str) -> None:
    sent = {"page_id": page_id, "body": "Really?"}
    added = mcp.call("confluence_add_inline_comment", text_selection="One page a service", **sent)["comment"]
    (held,) = api.get(f"/wiki/api/v2/pages/{page_id}/inline-comments").json()["results"]
    assert held["id"] == added["id"]
    assert held["properties"]["inlineOriginalSelection"] == "One page a service"
    told = mcp.call("confluence_get_inline_comments", page_id=page_id)
    assert [(one["id"], one["body"]) for one in told["comments"]] == [(added["id"], "Really?")]
    assert not mcp.call("confluence_add_inline_comment", text_selection="Two pages", **sent)["success"]
    assert mcp.call("confluence_get_inline_comments", page_id="999")["count"] == 0


def test_labels(mcp: Host, api: httpx.Client, page_id: str) -> None:
    added = mcp.call("confluence_add_label", page_id=page_id, name="Fresh")
    assert [label["name"] for label in added] == ["runbook", "fresh"]
    held = api.get(f"/wiki/api/v2/pages/{page_id}/labels").json()["results"]
    assert sorted(label["name"] for label in held) == ["fresh", "runbook"]
    assert [label["name"] for label in mcp.call("confluence_get_labels", page_id=page_id)] == ["runbook", "fresh"]
    assert MISSING in mcp.refusal("confluence_get_labels", page_id="999")
    assert MISSING in mcp.refusal("confluence_add_label", page_id="999", name="fresh")


def test_restrictions(mcp: Host, api: httpx.Client, page_id: str) -> None:
    none: dict[str, list[str]] = {"users": [], "groups": []}
    assert mcp.call("confluence_get_page_restrictions", page_id=page_id) == {"read": none, "update": none}
    mcp.call("confluence_set_page_restrictions", page_id=page_id, read_users=[ALEX], edit_groups=["site-admins"])
    held = api.get(f"/wiki/rest/api/content/{page_id}/restriction/byOperation").json()
    assert [user["accountId"] for user in held["read"]["restrictions"]["user"]["results"]] == [ALEX]
    assert [group["name"] for group in held["update"]["restrictions"]["group"]["results"]] == ["site-admins"]
    told = mcp.call("confluence_get_page_restrictions", page_id=page_id)
    assert (told["read"]["users"], told["update"]["groups"]) == ([ALEX], ["site-admins"])
    mcp.call("confluence_set_page_restrictions", page_id=page_id)
    assert mcp.call("confluence_get_page_restrictions", page_id=page_id) == {"read": none, "update": none}
    assert "400 Client Error" in mcp.refusal("confluence_set_page_restrictions", page_id=page_id, read_users=["nobody"])
    assert "404 Client Error" in mcp.refusal("confluence_set_page_restrictions", page_id="999")
    assert "can be found" in mcp.refusal("confluence_get_page_restrictions", page_id="999")


def test_permissions_of_a_page(mcp: Host, page_id: str) -> None:
    def may(operation: str) -> bool:
        asked = {"content_id": page_id, "user_identifier": BEA, "operation": operation}
        allowed: bool = mcp.call("confluence_check_content_permissions", **asked)["hasPermission"]
        return allowed

    assert (may("read"), may("update")) == (True, True)
    mcp.call("confluence_set_page_restrictions", page_id=page_id, edit_users=[ALEX])
    assert (may("read"), may("update")) == (True, False)
    missing = {"content_id": "999", "user_identifier": BEA, "operation": "read"}
    assert "404 Client Error" in mcp.refusal("confluence_check_content_permissions", **missing)


def test_users_are_searched(mcp: Host) -> None:
    for query in ("Bea", 'user.fullname ~ "Lindqvist"'):
        (found,) = mcp.call("confluence_search_user", query=query)
        assert (found["user"]["account_id"], found["user"]["email"]) == (BEA, "bea@example.com")
    assert mcp.call("confluence_search_user", query="nobody") == []
    assert "Could not parse cql" in mcp.call("confluence_search_user", query="bogus = 1")["error"]


def test_permissions_of_a_space(mcp: Host, api: httpx.Client) -> None:
    (space,) = api.get("/wiki/api/v2/spaces", params={"keys": "ENG"}).json()["results"]
    told = mcp.call("confluence_get_space_permissions", space_id=space["id"])
    operations = [one["operation"] for one in told["results"]]
    assert {"key": "create", "targetType": "page"} in operations
    assert "404 Client Error" in mcp.refusal("confluence_get_space_permissions", space_id="999")


def test_templates(mcp: Host, api: httpx.Client) -> None:
    body = {"storage": {"value": "<h2>What happened</h2>", "representation": "storage"}}
    sent = {"name": "Incident", "templateType": "page", "body": body, "space": {"key": "ENG"}}
    template_id = api.post("/wiki/rest/api/template", json=sent).raise_for_status().json()["templateId"]
    (listed,) = mcp.call("confluence_list_page_templates", space_key="ENG")["templates"]
    assert (listed["templateId"], listed["name"]) == (template_id, "Incident")
    assert mcp.call("confluence_list_page_templates")["templates"] == []
    template = mcp.call("confluence_get_page_template", template_id=template_id)
    assert template["body"] == "<h2>What happened</h2>"
    page = {"space_key": "ENG", "title": "Outage of Monday"}
    mcp.call("confluence_create_page_from_template", template_id=template_id, **page)
    (made,) = api.get("/wiki/api/v2/pages", params={"title": page["title"], "body-format": "storage"}).json()["results"]
    assert made["body"]["storage"]["value"] == "<h2>What happened</h2>"
    assert "404 Client Error" in mcp.refusal("confluence_get_page_template", template_id="999")
    assert "404 Client Error" in mcp.refusal("confluence_list_page_templates", space_key="NOPE")
    again = mcp.refusal("confluence_create_page_from_template", template_id=template_id, **page)
    assert "A page with this title already exists" in again
