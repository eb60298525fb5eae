"""The rules of permissions: who has them, what an operation asks of its caller, and what a caller may not see.

Everybody active works in every project, but where the project names others for a permission. Who may not browse a
project may do nothing in it, and it is not there for them: the pipeline hides its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import find_issue, find_project, row
from sandlot_server.jira.permission_keys import FORMER, GLOBAL, KNOWN
from sandlot_server.site.permissions import is_given
from sandlot_server.site.state import Row, State

_OF_PROJECT = ("issue", "component", "version", "board")
_OF_ISSUE = (
    "comment", "worklog", "watcher", "vote", "issue_property", "attachment", "remote_link", "changelog",
)  # fmt: skip


def unseen(state: State, user: Row | None) -> Callable[[str, Row], bool] | None:
    """What is true of the rows that a user may not see; None where nothing is hidden from anybody."""
    closed = [one for table in ("project", "deleted_project") for one in state.memoized_table(table, "closed", _closed)]
    hidden = {project["id"] for project in closed if not holds(user, "BROWSE_PROJECTS", project)}
    if not hidden:
        return None
    whole = state.whole
    boards = {board["id"] for board in whole.all("board") if board["project"] in hidden}

    def hides(issue_id: str) -> bool:
        issue = whole.get("issue", issue_id)
        return issue is not None and issue["project"] in hidden

    def is_unseen(table: str, row: Row) -> bool:
        if table in _OF_PROJECT:
            return row["project"] in hidden
        if table in _OF_ISSUE:
            return hides(row["issue"])
        if table == "issue_link":
            return hides(row["inwardIssue"]) or hides(row["outwardIssue"])
        if table == "sprint":
            return row["board"] in boards
        return table in ("project", "deleted_project") and row["id"] in hidden

    return is_unseen


def _closed(projects: list[Row]) -> list[Row]:
    """Those that are not for everybody to browse."""
    return [project for project in projects if "BROWSE_PROJECTS" in project.get("permissions", {})]


def holds(user: Row | None, key: str, project: Row | None = None) -> bool:
    """Whether a user has a permission, of the site or in a project.

    Administration is for administrators, that of a project also for those whom the project names.
    """
    if user is None or not user["active"] or not is_given(project or {}, "BROWSE_PROJECTS", user):
        return False
    named = (project or {}).get("permissions", {}).get(key)
    if KNOWN[key].admin:
        return user["admin"] or user["id"] in (named or ())
    return named is None or user["id"] in named


def holds_at(call: Call, user: Row | None, key: str, project: Row | None) -> bool:
    """The same in the place that a call asks for: in a project, or without one in any."""
    anywhere = project is None and key not in GLOBAL
    places: list[Row | None] = [*call.state.whole.all("project")] if anywhere else []
    return any(holds(user, key, one) for one in places or [project])


def may(call: Call, project_id: str, key: str) -> bool:
    """Whether the caller has a permission in a project."""
    return holds(call.user, key, row(call, "project", project_id))


def require(call: Call, project_id: str, key: str, of: str = "", status: int | None = None) -> None:
    """Refuse a caller without a permission in a project. `of` is the id or key of what it is about; `status`, where
    the operation has one of its own."""
    if not may(call, project_id, key):
        usual, text = errors.DENIED[key]
        raise errors.refusal(status or usual, denial(call, text, of))


def require_over(call: Call, project_id: str, written: Row, keys: tuple[str, str]) -> None:
    """Refuse a caller who may not change what somebody wrote. `keys` are the permissions for anybody's and for one's
    own."""
    everybody, own = keys
    assert call.user is not None  # an anonymous caller sees nothing to change
    if not (written["author"] == call.user["id"] and may(call, project_id, own)):
        require(call, project_id, everybody, written["id"])


def require_screen(call: Call, project_id: str, key: str, sent: Collection[str]) -> None:
    """Refuse a caller without a permission to write issues: no field is on their screen, and each that is sent is
    told so."""
    if sent and not may(call, project_id, key):
        raise errors.field_refusal({name: errors.NOT_ON_SCREEN.format(name) for name in sent})
    require(call, project_id, key)


def denial(call: Call, text: str, of: str = "") -> str:
    """What is said to a caller without a permission."""
    assert call.user is not None  # an anonymous caller sees nothing to be denied
    return text.format(caller=call.user["displayName"], of=of)


def require_admin(call: Call, status: int, text: str) -> None:
    """Refuse a caller who does not administer the site, with the operation's own status and text."""
    if call.user is None:
        raise errors.refusal(401, errors.NOT_LOGGED_IN)
    if not call.user["admin"]:
        raise errors.refusal(status, text)


def require_project_admin(call: Call, project_id: str, status: int) -> None:
    """The same of a project."""
    if not may(call, project_id, "ADMINISTER_PROJECTS"):
        require_admin(call, status, errors.NO_PROJECT_RIGHTS)


def read_permissions(call: Call) -> dict[str, str]:
    """Those that the parameter `permissions` lists: their keys, by the keys that it uses."""
    asked = [key.strip() for key in call.query.get("permissions", "").split(",") if key.strip()]
    if not asked:
        raise errors.refusal(400, errors.NO_PERMISSIONS)
    unknown = [key for key in asked if key not in KNOWN and key not in FORMER]
    if unknown:
        raise errors.refusal(400, errors.BAD_PERMISSION.format(", ".join(unknown)))
    return {key: FORMER.get(key, key) for key in asked}


def asked_place(call: Call) -> Row | None:
    """The project that permissions are asked for: itself, or that of an issue or a comment, which must be there."""
    place = None
    for name in ("projectKey", "projectId"):
        if asked := call.query.get(name):
            place = find_project(call, asked)
            if place is None:
                raise errors.no_project(asked)
    for name in ("issueKey", "issueId"):
        if asked := call.query.get(name):
            issue = find_issue(call, asked)
            if issue is None:
                raise errors.no_issue()
            place = row(call, "project", issue["project"])
    if asked := call.query.get("commentId"):
        comment = call.state.get("comment", asked) if call.user is not None else None
        if comment is None:
            raise errors.not_found(errors.NO_COMMENT, asked)
        place = row(call, "project", row(call, "issue", comment["issue"])["project"])
    return place


def _view_permission(call: Call, sent: str, key: str, place: Row | None) -> dict[str, Any]:
    known = KNOWN[key]
    return {
        "id": known.id,
        "key": sent,
        "name": known.name,
        "type": "GLOBAL" if key in GLOBAL else "PROJECT",
        "description": known.description,
        "havePermission": holds_at(call, call.user, key, place),
        **({"deprecatedKey": True} if sent in FORMER else {}),
    }


def get_my_permissions(call: Call) -> Answer:
    asked = read_permissions(call)
    place = asked_place(call)
    return Answer(200, {"permissions": {sent: _view_permission(call, sent, key, place) for sent, key in asked.items()}})


OPERATIONS = {"jira/getMyPermissions": get_my_permissions}
