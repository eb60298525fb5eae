"""Issue types: all, one, those of a project, and their administration."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import find_project, row, unrestricted, visible
from sandlot_server.jira.permissions import require_admin
from sandlot_server.jira.wire import api
from sandlot_server.site.state import Row

_AVATARS = {"Epic": 10307, "Story": 10315, "Task": 10318, "Bug": 10303, "Sub-task": 10316}
_OTHER_AVATAR = 10300
# The icons that the product brings for issue types.
_ALL_AVATARS = range(10300, 10324)
_LONGEST_NAME = 60


def view_issue_type(root: str, issue_type: Row) -> dict[str, Any]:
    avatar = _avatar(issue_type)
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


def _avatar(issue_type: Row) -> int:
    """The icon that it was given, or else the one that goes with its name."""
    given: int = issue_type.get("avatarId") or _AVATARS.get(issue_type["name"], _OTHER_AVATAR)
    return given


def _type_of(call: Call) -> Row:
    """The issue type that the path names."""
    found = call.state.get("issue_type", call.path["id"]) if call.user is not None else None
    if found is None:
        raise errors.not_found(errors.NO_ISSUE_TYPE, call.path["id"])
    return found


def _admit(call: Call) -> None:
    require_admin(call, 403, errors.NOT_ADMIN.format("issue types"))


def _read_name(call: Call, own_id: str | None) -> str:
    """The name that the body gives; no other type may have it."""
    name: str = call.body["name"].strip()
    if not name:
        raise errors.refusal(400, name=errors.NO_NAME)
    if len(name) > _LONGEST_NAME:
        raise errors.refusal(400, name=errors.TOO_LONG.format(_LONGEST_NAME))
    if any(one["name"].lower() == name.lower() and one["id"] != own_id for one in call.state.all("issue_type")):
        raise errors.refusal(409, name=errors.ISSUE_TYPE_TAKEN)
    return name


def get_issue_all_types(call: Call) -> Answer:
    root = api(call)
    return Answer(200, [view_issue_type(root, issue_type) for issue_type in visible(call, "issue_type")])


def get_issue_type(call: Call) -> Answer:
    return Answer(200, view_issue_type(api(call), _type_of(call)))


def get_issue_types_for_project(call: Call) -> Answer:
    wanted = str(call.query["projectId"])
    project = find_project(call, wanted)
    if project is None:
        raise errors.no_project(wanted)
    types = [row(call, "issue_type", type_id) for type_id in project["issueTypes"]]
    level = call.query.get("level")
    shown = [view_issue_type(api(call), one) for one in types if level is None or one["hierarchyLevel"] == level]
    return Answer(200, shown)


def create_issue_type(call: Call) -> Answer:
    """The new type is in no project yet; those made from now on have it."""
    _admit(call)
    name = _read_name(call, None)
    level = call.body.get("hierarchyLevel", -1 if call.body.get("type") == "subtask" else 0)
    if level not in (-1, 0):
        raise errors.refusal(400, hierarchyLevel=errors.BAD_HIERARCHY)
    issue_type = {
        "id": call.state.next_id("issue_type"),
        "name": name,
        "description": call.body.get("description", ""),
        "subtask": level == -1,
        "hierarchyLevel": level,
    }
    call.state.put("issue_type", issue_type)
    return Answer(201, view_issue_type(api(call), issue_type))


def update_issue_type(call: Call) -> Answer:
    _admit(call)
    issue_type = _type_of(call)
    # A new name changes no icon.
    changed = {**issue_type, "avatarId": call.body.get("avatarId", _avatar(issue_type))}
    if changed["avatarId"] not in _ALL_AVATARS:
        raise errors.refusal(400, avatarId=errors.BAD_AVATAR.format(changed["avatarId"]))
    if "name" in call.body:
        changed["name"] = _read_name(call, issue_type["id"])
    if "description" in call.body:
        changed["description"] = call.body["description"]
    call.state.put("issue_type", changed)
    return Answer(200, view_issue_type(api(call), changed))


def delete_issue_type(call: Call) -> Answer:
    """Issues of the type become issues of the alternative, which their project must have."""
    _admit(call)
    call = unrestricted(call)
    issue_type = _type_of(call)
    issues = [issue for issue in call.state.all("issue") if issue["issuetype"] == issue_type["id"]]
    projects = [project for project in call.state.all("project") if issue_type["id"] in project["issueTypes"]]
    alternative = _alternative(call, issue_type, {issue["project"] for issue in issues})
    if issues and alternative is None:
        raise errors.refusal(409, errors.ISSUE_TYPE_IN_USE.format(issue_type["name"]))
    for issue in issues:
        call.state.put("issue", {**issue, "issuetype": alternative})
    for project in projects:
        _take_from(call, project, issue_type)
    call.state.delete("issue_type", issue_type["id"])
    return Answer(204)


def _alternative(call: Call, issue_type: Row, projects: set[str]) -> str | None:
    """The id of the type to use instead: another of the same level, in every project where it is needed."""
    wanted: str | None = call.query.get("alternativeIssueTypeId")
    if wanted is None:
        return None
    found = call.state.get("issue_type", wanted)
    if found is None:
        raise errors.not_found(errors.NO_ISSUE_TYPE, wanted)
    fits = found["hierarchyLevel"] == issue_type["hierarchyLevel"] and found["id"] != issue_type["id"]
    if not fits or any(wanted not in row(call, "project", project)["issueTypes"] for project in projects):
        raise errors.refusal(400, errors.BAD_ALTERNATIVE.format(wanted))
    return wanted


def _take_from(call: Call, project: Row, issue_type: Row) -> None:
    left = [type_id for type_id in project["issueTypes"] if type_id != issue_type["id"]]
    if not left:
        raise errors.refusal(409, errors.NO_ISSUE_TYPES_LEFT.format(issue_type["name"], project["key"]))
    required = {type_id: names for type_id, names in project["requiredFields"].items() if type_id != issue_type["id"]}
    call.state.put("project", {**project, "issueTypes": left, "requiredFields": required})


OPERATIONS = {
    "jira/getIssueAllTypes": get_issue_all_types,
    "jira/getIssueType": get_issue_type,
    "jira/getIssueTypesForProject": get_issue_types_for_project,
    "jira/createIssueType": create_issue_type,
    "jira/updateIssueType": update_issue_type,
    "jira/deleteIssueType": delete_issue_type,
}
