"""Priorities: all, one, a search, and their administration."""

from __future__ import annotations

import re
from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import unrestricted, visible
from sandlot_server.jira.permissions import require_admin
from sandlot_server.jira.tasks import finished_task, view_task
from sandlot_server.jira.wire import api, page_bean
from sandlot_server.site.state import Row, State

_MOST = 50
_NUMBER = re.compile(r"[+-]?\d{1,18}")
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")


def default_priority(state: State) -> Row | None:
    return next((row for row in state.all("priority") if row["isDefault"]), None)


def view_priority(root: str, priority: Row) -> dict[str, Any]:
    """A priority as an issue shows it."""
    icon = priority.get("iconUrl") or f"/images/icons/priorities/{priority['name'].lower().replace(' ', '_')}.svg"
    return {
        "self": f"{root}/priority/{priority['id']}",
        "iconUrl": root.partition("/rest/")[0] + icon,
        "name": priority["name"],
        "id": priority["id"],
    }


def _view_whole(call: Call, priority: Row) -> dict[str, Any]:
    return {
        **view_priority(api(call), priority),
        "statusColor": priority["statusColor"],
        "description": priority["description"],
        "isDefault": priority["isDefault"],
    }


def _priority_of(call: Call) -> Row:
    """The priority that the path names."""
    found = call.state.get("priority", call.path["id"]) if call.user is not None else None
    if found is None:
        raise errors.not_found(errors.NO_PRIORITY, call.path["id"])
    return found


def _admit(call: Call) -> None:
    require_admin(call, 403, errors.NOT_ADMIN.format("priorities"))


def _read(call: Call, own_id: str | None) -> Row:
    """The columns that the body sets. Null members set nothing."""
    sent = {name: value for name, value in call.body.items() if value is not None}
    wrong: dict[str, str] = {}
    if "name" in sent:
        sent["name"] = sent["name"].strip()
        if not sent["name"]:
            wrong["name"] = errors.NO_NAME
        elif any(_same(one, sent["name"]) and one["id"] != own_id for one in call.state.all("priority")):
            wrong["name"] = errors.PRIORITY_TAKEN
    if "statusColor" in sent and not _COLOUR.fullmatch(sent["statusColor"]):
        wrong["statusColor"] = errors.BAD_COLOUR
    if "iconUrl" in sent and "avatarId" in sent:
        wrong["iconUrl"] = errors.TWO_ICONS
    if wrong:
        raise errors.field_refusal(wrong)
    if "avatarId" in sent:
        sent["iconUrl"] = f"/rest/api/{call.version}/universal_avatar/view/type/priority/avatar/{sent['avatarId']}"
    return {name: sent[name] for name in ("name", "description", "statusColor", "iconUrl") if name in sent}


def _same(priority: Row, name: str) -> bool:
    return bool(priority["name"].lower() == name.lower())


def get_priorities(call: Call) -> Answer:
    return Answer(200, [_view_whole(call, priority) for priority in visible(call, "priority")])


def get_priority(call: Call) -> Answer:
    return Answer(200, _view_whole(call, _priority_of(call)))


def search_priorities(call: Call) -> Answer:
    """Start and size are text in this operation's document, and still have to be numbers."""
    query = call.query
    for name in ("startAt", "maxResults"):
        if not _NUMBER.fullmatch(query[name].strip()):
            raise errors.not_convertible(call.request, name, query[name])
        query[name] = int(query[name])
    found = [priority for priority in call.state.all("priority") if _wanted(call, priority)]
    return Answer(200, page_bean(call, _MOST, found, lambda priority: _view_whole(call, priority)))


def _wanted(call: Call, priority: Row) -> bool:
    """Every project has every priority, so a project that is there leaves none out."""
    query = call.query
    projects = query.get("projectId")
    return (
        (not query.get("id") or priority["id"] in query["id"])
        and (not projects or any(call.state.get("project", project) for project in projects))
        and query.get("priorityName", "").lower() in priority["name"].lower()
        and (priority["isDefault"] or not query["onlyDefault"])
    )


def create_priority(call: Call) -> Answer:
    _admit(call)
    columns = _read(call, None)
    priority = {"description": "", "isDefault": False, **columns, "id": call.state.next_id("priority")}
    call.state.put("priority", priority)
    return Answer(201, {"id": priority["id"]})


def update_priority(call: Call) -> Answer:
    _admit(call)
    priority = _priority_of(call)
    call.state.put("priority", {**priority, **_read(call, priority["id"])})
    return Answer(204)


def delete_priority(call: Call) -> Answer:
    """Its issues take the default priority. The work is done at once, and the answer leads to its task."""
    _admit(call)
    call = unrestricted(call)
    priority = _priority_of(call)
    default = default_priority(call.state)
    if default is None or default["id"] == priority["id"]:
        raise errors.refusal(400, errors.DEFAULT_PRIORITY)
    for issue in call.state.all("issue"):
        if issue["priority"] == priority["id"]:
            call.state.put("issue", {**issue, "priority": default["id"]})
    call.state.delete("priority", priority["id"])
    task = view_task(call, finished_task(call, "Priority deleted."))
    return Answer(303, task, {"location": task["self"]})


OPERATIONS = {
    "jira/getPriorities": get_priorities,
    "jira/getPriority": get_priority,
    "jira/searchPriorities": search_priorities,
    "jira/createPriority": create_priority,
    "jira/updatePriority": update_priority,
    "jira/deletePriority": delete_priority,
}
