from __future__ import annotations

import pytest

from sandlot_server.query.jql import JqlError
from tests.server.query.conftest import World


@pytest.fixture
def linked(world: World) -> World:
    """OPS-2 blocks OPS-3 and WEB-1, and relates to WEB-2."""
    types = {row["name"]: row["id"] for row in world.state.all("issue_link_type")}
    for number, (name, other) in enumerate((("Blocks", "OPS-3"), ("Blocks", "WEB-1"), ("Relates", "WEB-2"))):
        ends = {"inwardIssue": world.issue("OPS-2")["id"], "outwardIssue": world.issue(other)["id"]}
        world.state.put("issue_link", {"id": str(number), "type": types[name], **ends})
    return world


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("issue in linkedIssues(OPS-2)", "WEB-2 WEB-1 OPS-3"),
        ("key in LINKEDISSUES(OPS-2) and project = WEB", "WEB-2 WEB-1"),
        ("issue in linkedIssues(OPS-2, blocks)", "WEB-1 OPS-3"),
        ("issue in linkedIssues(OPS-2, 'is blocked by')", ""),
        ("issue in linkedIssues(OPS-3, 'Is Blocked By')", "OPS-2"),
        ("issue in linkedIssues(ops-2, blocks, 'relates to')", "WEB-2 WEB-1 OPS-3"),
        ("issue in linkedIssues(OPS-1)", ""),
        ("issue not in linkedIssues(OPS-2)", "OPS-2 OPS-1"),
    ],
)
def test_linked_issues_are_found(linked: World, where: str, found: str) -> None:
    assert sorted(linked.issues(where)) == sorted(found.split())


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("issue in linkedIssues()", "Function 'linkedIssues' expected at least '1' arguments but received '0'."),
        ("issue in linkedIssues(OPS-99)", "Issue 'OPS-99' could not be found in function 'linkedIssues'."),
        ("issue in linkedIssues(x)", "Issue 'x' could not be found in function 'linkedIssues'."),
        (
            "issue in linkedIssues(OPS-2, eats)",
            "Issue link type 'eats' could not be found in function 'linkedIssues'.",
        ),
        (
            "issue = linkedIssues(OPS-2)",
            "Operator '=' does not support the list value 'linkedIssues(OPS-2)' for field 'issue'.",
        ),
        ("parent in linkedIssues(OPS-2)", "Unable to find JQL function 'linkedIssues(OPS-2)'."),
    ],
)
def test_what_links_are_not(linked: World, where: str, text: str) -> None:
    with pytest.raises(JqlError) as refused:
        linked.issues(where)
    assert refused.value.messages == [text]
