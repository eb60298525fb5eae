"""The versions of a board's projects."""

from __future__ import annotations

from typing import Any

from sandlot_server.agile.board_rows import projects_of
from sandlot_server.agile.lookups import board_of
from sandlot_server.agile.wire import flag, page
from sandlot_server.call import Answer, Call
from sandlot_server.jira.wire import api
from sandlot_server.site.state import Row


def get_all_versions(call: Call) -> Answer:
    """Project by project, each in the order in which they were made."""
    projects = projects_of(call, board_of(call))
    released = flag(call, "released")
    versions = [
        version
        for project in projects
        for version in call.state.find("version", "project", project["id"])
        if released is None or version["released"] == released
    ]
    return Answer(200, page(call, versions, lambda version: _view(call, version)))


def _view(call: Call, version: Row) -> dict[str, Any]:
    """Ids are numbers here, and dates are moments."""
    dates = {name: version[name] for name in ("startDate", "releaseDate") if version[name]}
    return {
        "self": f"{api(call)}/version/{version['id']}",
        "id": int(version["id"]),
        "projectId": int(version["project"]),
        "name": version["name"],
        "description": version["description"] or "",
        "archived": version["archived"],
        "released": version["released"],
        **{name: f"{date}T00:00:00.000Z" for name, date in dates.items()},
    }


OPERATIONS = {"jira-software/getAllVersions": get_all_versions}
