"""Versions: what a project releases, and when."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import project_of, row
from sandlot_server.jira.wire import api, expanded
from sandlot_server.site.state import Row

_COUNTS = {"new": "toDo", "indeterminate": "inProgress", "done": "done"}


def view_version(root: str, version: Row) -> dict[str, Any]:
    """A version as an issue shows it."""
    view = {
        "self": f"{root}/version/{version['id']}",
        "id": version["id"],
        "name": version["name"],
        "archived": version["archived"],
        "released": version["released"],
    }
    return view | {name: version[name] for name in ("description", "releaseDate") if version[name]}


def view_whole_version(call: Call, version: Row) -> dict[str, Any]:
    view = {**view_version(api(call), version), "projectId": int(version["project"])}
    for name in ("startDate", "releaseDate"):
        if version[name]:
            view[name] = version[name]
            view[f"user{name[0].upper()}{name[1:]}"] = _written(version[name])
    if version["releaseDate"] and not version["released"]:
        today = datetime.fromtimestamp(call.now / 1000, UTC).date().isoformat()
        view["overdue"] = version["releaseDate"] < today
    if "issuesstatus" in expanded(call):
        view["issuesStatusForFixVersion"] = _counts(call, version)
    return view


def _written(day: str) -> str:
    """A date as people read it in the product: 31/Jan/26."""
    return date.fromisoformat(day).strftime("%d/%b/%y").lstrip("0")


def _counts(call: Call, version: Row) -> dict[str, int]:
    """How far the issues are that the version fixes."""
    counts = {"unmapped": 0, **dict.fromkeys(_COUNTS.values(), 0)}
    for issue in call.state.find("issue", "project", version["project"]):
        if version["id"] in issue["fixVersions"]:
            counts[_COUNTS[row(call, "status", issue["status"])["category"]]] += 1
    return counts


def versions_of(call: Call, project: Row) -> list[Row]:
    """A project's versions, oldest first."""
    return call.state.find("version", "project", project["id"])


def get_project_versions(call: Call) -> Answer:
    return Answer(200, [view_whole_version(call, version) for version in versions_of(call, project_of(call))])


def version_of(call: Call, version_id: str) -> Row:
    """The version of an id; 404 without one."""
    version = call.state.get("version", version_id) if call.user is not None else None
    if version is None:
        raise errors.not_found(errors.NO_VERSION, version_id)
    return version


def get_version(call: Call) -> Answer:
    return Answer(200, view_whole_version(call, version_of(call, call.path["id"])))


OPERATIONS = {"jira/getProjectVersions": get_project_versions, "jira/getVersion": get_version}
