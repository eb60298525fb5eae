"""Who may do what in a project or a space: the column `permissions` of their rows, and what a seed says for it.

The column holds account ids by permission. A permission that it does not have is everybody's, and so is each of a row
without the column.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandlot_server.site.layers import Row

EVERYBODY = "everyone"
OF_PROJECTS = (
    "ADD_COMMENTS", "ADMINISTER_PROJECTS", "ASSIGNABLE_USER", "ASSIGN_ISSUES", "BROWSE_PROJECTS", "CREATE_ATTACHMENTS",
    "CREATE_ISSUES", "DELETE_ALL_ATTACHMENTS", "DELETE_ALL_COMMENTS", "DELETE_ALL_WORKLOGS", "DELETE_ISSUES",
    "DELETE_OWN_ATTACHMENTS", "DELETE_OWN_COMMENTS", "DELETE_OWN_WORKLOGS", "EDIT_ALL_COMMENTS", "EDIT_ALL_WORKLOGS",
    "EDIT_ISSUES", "EDIT_OWN_COMMENTS", "EDIT_OWN_WORKLOGS", "LINK_ISSUES", "MANAGE_SPRINTS_PERMISSION",
    "MANAGE_WATCHERS", "MODIFY_REPORTER", "RESOLVE_ISSUES", "SCHEDULE_ISSUES", "TRANSITION_ISSUES",
    "VIEW_VOTERS_AND_WATCHERS", "WORK_ON_ISSUES",
)  # fmt: skip
"""The permissions that count in a project, by Jira's keys."""
OF_SPACES = (
    "read space", "administer space", "create page", "delete page", "create comment", "delete comment",
    "create attachment", "delete attachment",
)  # fmt: skip
"""Those that count in a space: Confluence's operation and the type of its target. To create is to edit, too."""


def seeded(described: dict[str, Any], named: Callable[[str, str, str], str], where: str) -> Row:
    """The column of a seed's project or space, which names people by e-mail; nothing where everybody may do all."""
    column = {}
    for permission, people in described.get("permissions", {}).items():
        if EVERYBODY not in people:
            path = f"{where}/permissions/{permission}"
            column[permission] = [named("user", email, f"{path}/{at}") for at, email in enumerate(people)]
    return {"permissions": column} if column else {}


def is_given(row: Row, permission: str, user: Row) -> bool:
    """Whether a project or a space gives a user a permission."""
    people = row.get("permissions", {}).get(permission)
    return people is None or user["id"] in people
