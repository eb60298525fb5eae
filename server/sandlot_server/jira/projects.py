"""Projects: one, all of them, a search, and a project's statuses. What changes them is in `project_writes.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.components import components_of, view_whole_component
from sandlot_server.jira.issue_types import view_issue_type
from sandlot_server.jira.lookups import project_of, row, visible
from sandlot_server.jira.statuses import view_status
from sandlot_server.jira.users import view_user
from sandlot_server.jira.versions import versions_of, view_whole_version
from sandlot_server.jira.wire import api, avatars, expanded, page_bean, timestamp
from sandlot_server.site.state import Row

Order = Callable[[Call, Row], Any]

# The bin keeps a project for 60 days.
_KEPT_MS = 60 * 24 * 3_600_000
_EXPAND = "description,lead,issueTypes,url,projectKeys,permissions,insight"


def view_project(root: str, project: Row) -> dict[str, Any]:
    """A project as an issue shows it."""
    return {
        "self": f"{root}/project/{project['id']}",
        "id": project["id"],
        "key": project["key"],
        "name": project["name"],
        "projectTypeKey": project["projectTypeKey"],
        "simplified": project["style"] == "next-gen",
        "avatarUrls": avatars(root, "project", "10400"),
    }


def _view_listed(call: Call, project: Row, parts: set[str]) -> dict[str, Any]:
    root = api(call)
    view = {
        "expand": _EXPAND,
        **view_project(root, project),
        "style": project["style"],
        "isPrivate": False,
        "properties": {},
    }
    if "description" in parts:
        view["description"] = project["description"]
    if "lead" in parts:
        view["lead"] = view_user(root, row(call, "user", project["lead"]))
    if "issueTypes" in parts:
        view["issueTypes"] = [view_issue_type(root, issue_type) for issue_type in types_of(call, project)]
    if "insight" in parts:
        issues = call.state.find("issue", "project", project["id"])
        view["insight"] = {"totalIssueCount": len(issues)}
        if issues:
            view["insight"]["lastIssueUpdateTime"] = timestamp(max(issue["updated"] for issue in issues))
    return view


def types_of(call: Call, project: Row) -> list[Row]:
    return [row(call, "issue_type", type_id) for type_id in project["issueTypes"]]


def view_whole_project(call: Call, project: Row) -> dict[str, Any]:
    view = {
        **_view_listed(call, project, expanded(call) | {"description", "lead", "issueTypes"}),
        "assigneeType": project["assigneeType"],
        "components": [view_whole_component(call, component) for component in components_of(call, project)],
        "versions": [view_whole_version(call, version) for version in versions_of(call, project)],
        "roles": {},
    }
    return view | ({"url": project["url"]} if project["url"] else {})


def _view_deleted(call: Call, project: Row) -> dict[str, Any]:
    """A project in the bin."""
    root = api(call)
    return {
        **view_project(root, project),
        "style": project["style"],
        "isPrivate": False,
        "properties": {},
        "deleted": True,
        "deletedDate": timestamp(project["deletedDate"]),
        "deletedBy": view_user(root, row(call, "user", project["deletedBy"])),
        "retentionTillDate": timestamp(project["deletedDate"] + _KEPT_MS),
    }


def in_bin(call: Call) -> list[Row]:
    """The projects that can still be brought back."""
    return [project for project in visible(call, "deleted_project") if call.now < project["deletedDate"] + _KEPT_MS]


def get_project(call: Call) -> Answer:
    return Answer(200, view_whole_project(call, project_of(call)))


def get_all_projects(call: Call) -> Answer:
    parts = expanded(call)
    projects = visible(call, "project")
    if "recent" in call.query:
        projects = projects[: max(call.query["recent"], 0)]
    return Answer(200, [_view_listed(call, project, parts) for project in projects])


def search_projects(call: Call) -> Answer:
    order = _order(call)
    parts = expanded(call)
    states = call.query.get("status") or ["live"]
    live = visible(call, "project") if "live" in states else []
    deleted = in_bin(call) if "deleted" in states else []
    projects = [project for project in (*live, *deleted) if _wanted(call, project)]
    if order is not None:
        projects.sort(key=lambda project: order(call, project), reverse=call.query["orderBy"].strip().startswith("-"))

    def view(project: Row) -> dict[str, Any]:
        return _view_deleted(call, project) if "deletedDate" in project else _view_listed(call, project, parts)

    return Answer(200, page_bean(call, 100, projects, view))


def _order(call: Call) -> Order | None:
    """The sort key that `orderBy` names, after at most one sign; None where it is empty."""
    sent = call.query["orderBy"].strip()
    if not sent:
        return None
    name = sent.removeprefix(sent[0]) if sent[0] in "+-" else sent
    # Live sites name the time of the last update ...Time; the official document has ...Date.
    if name.lower() not in {order.lower() for order in (*errors.PROJECT_ORDERS, "lastIssueUpdatedDate")}:
        raise errors.refusal(400, errors.BAD_PROJECT_ORDER.format(", ".join(errors.PROJECT_ORDERS), sent))
    return _ORDERS.get(name.lower(), _as_listed)


def _as_listed(call: Call, project: Row) -> int:
    """No category and no archive here: every project is equal by them."""
    return 0


_ORDERS: dict[str, Order] = {
    "key": lambda call, project: project["key"],
    "name": lambda call, project: project["name"].lower(),
    "owner": lambda call, project: row(call, "user", project["lead"])["displayName"].lower(),
    "issuecount": lambda call, project: len(call.state.find("issue", "project", project["id"])),
    "lastissueupdatedtime": lambda call, project: _last_update(call, project),
    "lastissueupdateddate": lambda call, project: _last_update(call, project),
    "deleteddate": lambda call, project: project.get("deletedDate", 0),
}


def _last_update(call: Call, project: Row) -> int:
    return max((issue["updated"] for issue in call.state.find("issue", "project", project["id"])), default=0)


def _wanted(call: Call, project: Row) -> bool:
    query = call.query
    text = query.get("query", "").lower()
    return (
        ("id" not in query or int(project["id"]) in query["id"])
        and ("keys" not in query or project["key"] in query["keys"])
        and (text in project["key"].lower() or text in project["name"].lower())
        and ("typeKey" not in query or project["projectTypeKey"] in query["typeKey"].split(","))
        and "categoryId" not in query
    )


def get_all_statuses(call: Call) -> Answer:
    project = project_of(call)
    root = api(call)
    statuses = [
        view_status(root, row(call, "status", status_id))
        for status_id in row(call, "workflow", project["workflow"])["statuses"]
    ]
    return Answer(
        200,
        [
            {
                "self": f"{root}/issuetype/{issue_type['id']}",
                "id": issue_type["id"],
                "name": issue_type["name"],
                "subtask": issue_type["subtask"],
                "statuses": statuses,
            }
            for issue_type in types_of(call, project)
        ],
    )


OPERATIONS = {
    "jira/getProject": get_project,
    "jira/getAllProjects": get_all_projects,
    "jira/searchProjects": search_projects,
    "jira/getAllStatuses": get_all_statuses,
}
