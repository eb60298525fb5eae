"""Statuses and their three categories."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import visible
from sandlot_server.jira.wire import api
from sandlot_server.site.state import Row

# Category key -> id, colour, name: fixed in the product. No status of a site is without a category.
CATEGORIES = {
    "undefined": (1, "medium-gray", "No Category"),
    "new": (2, "blue-gray", "To Do"),
    "indeterminate": (4, "yellow", "In Progress"),
    "done": (3, "green", "Done"),
}


def view_category(root: str, key: str) -> dict[str, Any]:
    number, colour, name = CATEGORIES[key]
    return {
        "self": f"{root}/statuscategory/{number}",
        "id": number,
        "key": key,
        "colorName": colour,
        "name": name,
    }


def view_status(root: str, status: Row) -> dict[str, Any]:
    return {
        "self": f"{root}/status/{status['id']}",
        "description": "",
        "iconUrl": f"{root.partition('/rest/')[0]}/images/icons/statuses/generic.png",
        "name": status["name"],
        "id": status["id"],
        "statusCategory": view_category(root, status["category"]),
    }


def get_statuses(call: Call) -> Answer:
    root = api(call)
    return Answer(200, [view_status(root, status) for status in visible(call, "status")])


def get_status(call: Call) -> Answer:
    asked = call.path["idOrName"]
    for status in visible(call, "status"):
        if asked in (status["id"], status["name"]):
            return Answer(200, view_status(api(call), status))
    raise errors.not_found(errors.NO_STATUS, asked)


def get_status_categories(call: Call) -> Answer:
    return Answer(200, [view_category(api(call), key) for key in CATEGORIES])


OPERATIONS = {
    "jira/getStatuses": get_statuses,
    "jira/getStatus": get_status,
    "jira/getStatusCategories": get_status_categories,
}
