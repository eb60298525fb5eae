from __future__ import annotations

import json
from typing import Any

import pytest

from sandlot_server.jira.errors import DENIED
from sandlot_server.jira.permission_keys import PROJECT
from sandlot_server.site.permissions import OF_PROJECTS, is_given
from sandlot_server.site.seed import Seed, SeedError
from sandlot_server.site.state import State


def seed(projects: dict[str, Any] | None = None, spaces: dict[str, Any] | None = None) -> State:
    document = {
        "sandlot": 1,
        "users": [{"displayName": "Ada", "emailAddress": "ada@example.com", "accountId": "ada"}],
        "projects": [{"key": "ONE", "name": "One", "lead": "ada@example.com", "permissions": projects or {}}],
        "spaces": [{"key": "OPS", "name": "Operations", "permissions": spaces or {}}],
    }
    return State(Seed(json.dumps(document).encode()).layer)


def test_rows_say_who_may() -> None:
    state = seed({"BROWSE_PROJECTS": ["ada@example.com"], "EDIT_ISSUES": []}, {"read space": ["ada@example.com"]})
    (project,), (space,) = state.all("project"), state.all("space")
    assert project["permissions"] == {"BROWSE_PROJECTS": ["ada"], "EDIT_ISSUES": []}
    assert space["permissions"] == {"read space": ["ada"]}
    ada, bo = {"id": "ada"}, {"id": "bo"}
    assert is_given(project, "BROWSE_PROJECTS", ada)
    assert not is_given(project, "BROWSE_PROJECTS", bo)
    assert not is_given(project, "EDIT_ISSUES", ada)
    assert is_given(project, "ADD_COMMENTS", bo)


def test_what_is_for_everybody_leaves_no_mark() -> None:
    state = seed({"BROWSE_PROJECTS": ["ada@example.com", "everyone"]}, {"read space": ["everyone"]})
    (project,), (space,) = state.all("project"), state.all("space")
    assert "permissions" not in project
    assert "permissions" not in space


def test_what_a_seed_cannot_say() -> None:
    with pytest.raises(SeedError, match="seed /projects/0/permissions/ADD_COMMENTS/0: there is no user 'bo'"):
        seed({"ADD_COMMENTS": ["bo"]})
    with pytest.raises(SeedError, match="seed /projects/0/permissions: "):
        seed({"FLY": []})
    with pytest.raises(SeedError, match="seed /spaces/0/permissions/create page/0: there is no user 'bo'"):
        seed(spaces={"create page": ["bo"]})
    with pytest.raises(SeedError, match="seed /spaces/0/permissions: "):
        seed(spaces={"update page": []})


def test_the_keys_are_jiras() -> None:
    assert set(OF_PROJECTS) <= set(PROJECT)
    assert set(DENIED) <= set(OF_PROJECTS)
