"""Issue types."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import visible
from sandlot_server.jira.wire import api
from sandlot_server.site.state import Row

_AVATARS = {"Epic": 10307, "Story": 10315, "Task": 10318, "Bug": 10303, "Sub-task": 10316}


def view_issue_type(root: str, issue_type: Row) -> dict[str, Any]:
    avatar = _AVATARS.get(issue_type["name"], 10300)
    return {
        "self": f"{root}/issuetype/{issue_type['id']}",
        "id": issue_type["id"],
        "description": issue_type["description"],
        "iconUrl": f"{root}/universal_avatar/view/type/issuetype/avatar/{avatar}?size=medium",
        "name": issue_type["name"],
        "subtask": issue_type["subtask"],
        "avatarId": avatar,
        "hierarchyLevel": issue_type["hierarchyLevel"],
    }


def get_issue_all_types(call: Call) -> Answer:
    root = api(call)
    return Answer(200, [view_issue_type(root, issue_type) for issue_type in visible(call, "issue_type")])


def get_issue_type(call: Call) -> Answer:
    for issue_type in visible(call, "issue_type"):
        if issue_type["id"] == call.path["id"]:
            return Answer(200, view_issue_type(api(call), issue_type))
    raise errors.not_found(errors.NO_ISSUE_TYPE, call.path["id"])


OPERATIONS = {"jira/getIssueAllTypes": get_issue_all_types, "jira/getIssueType": get_issue_type}
