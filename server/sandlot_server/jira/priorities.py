"""Priorities."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import visible
from sandlot_server.jira.wire import api
from sandlot_server.site.state import Row, State


def default_priority(state: State) -> Row | None:
    """Medium, as on every new site, or else the first."""
    priorities = state.all("priority")
    return next((row for row in priorities if row["name"] == "Medium"), priorities[0] if priorities else None)


def view_priority(root: str, priority: Row) -> dict[str, Any]:
    """A priority as an issue shows it."""
    icon = priority["name"].lower().replace(" ", "_")
    return {
        "self": f"{root}/priority/{priority['id']}",
        "iconUrl": f"{root.partition('/rest/')[0]}/images/icons/priorities/{icon}.svg",
        "name": priority["name"],
        "id": priority["id"],
    }


def _view_whole(call: Call, priority: Row) -> dict[str, Any]:
    return {**view_priority(api(call), priority), "description": priority["description"]}


def get_priorities(call: Call) -> Answer:
    return Answer(200, [_view_whole(call, priority) for priority in visible(call, "priority")])


def get_priority(call: Call) -> Answer:
    for priority in visible(call, "priority"):
        if priority["id"] == call.path["id"]:
            return Answer(200, _view_whole(call, priority))
    raise errors.not_found(errors.NO_PRIORITY, call.path["id"])


OPERATIONS = {"jira/getPriorities": get_priorities, "jira/getPriority": get_priority}
