"""A small company to search in: two projects, two spaces, and a clock that stands at Monday, 2 March 2026, 9:00 UTC."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from sandlot_server.query import cql, jql
from sandlot_server.site.seed import Seed
from sandlot_server.site.state import Row, State

WORLD: dict[str, Any] = {
    "sandlot": 1,
    "clock": "2026-03-02T09:00:00Z",
    "caller": "ada@example.com",
    "users": [
        {"displayName": "Ada Byron", "emailAddress": "ada@example.com", "accountId": "ada"},
        {"displayName": "Bob Stone", "emailAddress": "bob@example.com", "accountId": "bob"},
    ],
    "fields": [
        {"name": "Story points", "type": "number"},
        {"name": "Team", "type": "option", "options": ["Blue", "Red"]},
        {"name": "Reviewer", "type": "user"},
        {"name": "Notes", "type": "textarea"},
        {"name": "Go live", "type": "date"},
    ],
    "projects": [
        {"key": "OPS", "name": "Operations", "lead": "ada@example.com"},
        {"key": "WEB", "name": "Web Shop", "lead": "bob@example.com"},
    ],
    "issues": [
        {"key": "OPS-1", "type": "Epic", "summary": "Backups that restore", "priority": "High"},
        {
            "key": "OPS-2",
            "type": "Task",
            "summary": "Test restoring a backup",
            "parent": "OPS-1",
            "assignee": "ada@example.com",
            "labels": ["backup", "Nightly"],
            "duedate": "2026-03-02",
            "fields": {"Story points": 3, "Team": "Red", "Reviewer": "bob@example.com", "Go live": "2026-04-01"},
        },
        {
            "key": "OPS-3",
            "type": "Bug",
            "summary": "Nightly job failed",
            "description": "The disk was full: read-only file system.",
            "status": "In Progress",
            "priority": "Highest",
            "assignee": "bob@example.com",
            "duedate": "2026-02-20",
            "comments": [{"author": "ada@example.com", "body": "Rotated the logs."}],
            "fields": {"Story points": 8},
        },
        {
            "key": "WEB-1",
            "type": "Story",
            "summary": "Faster checkout",
            "status": "Done",
            "resolution": "Done",
            "priority": "Low",
            "reporter": "ada@example.com",
            "labels": ["speed"],
        },
        {"key": "WEB-2", "type": "Bug", "summary": "Checkout fails on phones", "assignee": "bob@example.com"},
    ],
    "spaces": [
        {
            "key": "ENG",
            "name": "Engineering",
            "description": "How we build.",
            "pages": [
                {
                    "title": "Runbooks",
                    "body": "<p>One page a service.</p>",
                    "labels": ["runbook"],
                    "children": [
                        {
                            "title": "Restore a backup",
                            "body": "<p>Stop the <strong>writers</strong> first.</p>",
                            "labels": ["runbook", "database"],
                            "children": [{"title": "Checklist", "body": ""}],
                        },
                    ],
                },
                {"title": "Old runbook", "body": "<p>writers</p>", "status": "archived"},
            ],
        },
        {"key": "HR", "name": "People", "pages": [{"title": "Holidays", "body": "<p>Ask first.</p>"}]},
    ],
}


class World:
    """The company, its state open to writes that a test stages."""

    def __init__(self) -> None:
        seed = Seed(orjson.dumps(WORLD))
        self.state = State(seed.layer)
        self.now = seed.clock
        self.user: Row | None = self.state.get("user", seed.account_id)

    def issue(self, key: str) -> Row:
        (issue,) = self.state.find("issue", "key", key)
        return issue

    def page(self, title: str) -> Row:
        (page,) = self.state.find("page", "title_key", title.lower())
        return page

    def issues(self, text: str) -> list[str]:
        """The keys that a JQL query finds."""
        return [issue["key"] for issue in jql.run(text, self.state, self.user, self.now)]

    def content(self, text: str) -> list[str]:
        """The titles that a CQL query finds; spaces by their keys."""
        return [row.get("key") or row["title"] for row in cql.run(text, self.state, self.user, self.now)]


@pytest.fixture
def world() -> World:
    return World()
