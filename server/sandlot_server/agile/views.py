"""How the agile API shows a board, a sprint and an epic."""

from __future__ import annotations

from typing import Any

from sandlot_server.agile.wire import agile
from sandlot_server.call import Call
from sandlot_server.jira.lookups import row
from sandlot_server.jira.software_fields import view_dates
from sandlot_server.jira.wire import api, avatars
from sandlot_server.site.state import Row

COLORS = tuple(f"color_{number}" for number in range(1, 15))


def view_board(call: Call, board: Row) -> dict[str, Any]:
    return {
        "id": int(board["id"]),
        "self": f"{agile(call)}/board/{board['id']}",
        "name": board["name"],
        "type": board["type"],
        "location": _view_location(call, board),
        "isPrivate": False,
    }


def _view_location(call: Call, board: Row) -> dict[str, Any]:
    """The project or the person that a board is found under."""
    if board["project"] is None:
        user = row(call, "user", board["user"])
        return {"userAccountId": user["id"], "displayName": user["displayName"], "name": user["displayName"]}
    project = row(call, "project", board["project"])
    title = f"{project['name']} ({project['key']})"
    return {
        "projectId": int(project["id"]),
        "displayName": title,
        "projectName": project["name"],
        "projectKey": project["key"],
        "projectTypeKey": project["projectTypeKey"],
        "avatarURI": avatars(api(call), "project", "10400")["24x24"],
        "name": title,
    }


def view_sprint(call: Call, sprint: Row) -> dict[str, Any]:
    return {
        "id": int(sprint["id"]),
        "self": f"{agile(call)}/sprint/{sprint['id']}",
        "state": sprint["state"],
        "name": sprint["name"],
        **view_dates(sprint, ("startDate", "endDate", "completeDate", "createdDate")),
        "originBoardId": int(sprint["board"]),
        "goal": sprint["goal"],
    }


def view_epic(call: Call, epic: Row) -> dict[str, Any]:
    """An epic that was never given a colour has one by its id, as if they were dealt out in turn."""
    return {
        "id": int(epic["id"]),
        "key": epic["key"],
        "self": f"{agile(call)}/epic/{epic['id']}",
        "name": epic.get("epicName") or epic["summary"],
        "summary": epic["summary"],
        "color": {"key": epic.get("epicColor") or COLORS[int(epic["id"]) % len(COLORS)]},
        "done": bool(epic.get("epicDone")),
    }
