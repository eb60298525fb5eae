"""createmeta: what must and may be set when an issue is created."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.issue_fields import View
from sandlot_server.jira.issue_types import view_issue_type
from sandlot_server.jira.lookups import project_of, visible
from sandlot_server.jira.permissions import holds
from sandlot_server.jira.projects import types_of, view_project
from sandlot_server.jira.screens import create_screen, required_fields, view_metadata
from sandlot_server.jira.wire import api, expanded, window
from sandlot_server.site.state import Row

_MOST = 200


def _view_fields(call: Call, project: Row, issue_type: Row) -> dict[str, Any]:
    view = View(call)
    required = required_fields(project, issue_type)
    metadata = {
        name: view_metadata(view, field, project, issue_type, name in required)
        for name, field in create_screen(call, project).items()
    }
    metadata["issuetype"]["allowedValues"] = [view.ref("issue_type", issue_type["id"])]
    return metadata


def _page(call: Call, key: str, entries: list[Any]) -> Answer:
    start, size = window(call, _MOST)
    page = {"maxResults": size, "startAt": start, "total": len(entries), key: entries[start : start + size]}
    return Answer(200, page)


def _types(call: Call, project: Row) -> list[Row]:
    """What the caller may create in a project."""
    return types_of(call, project) if holds(call.user, "CREATE_ISSUES", project) else []


def get_issue_types(call: Call) -> Answer:
    root = api(call)
    types = [view_issue_type(root, issue_type) for issue_type in _types(call, project_of(call))]
    return _page(call, "issueTypes", types)


def get_fields_of_type(call: Call) -> Answer:
    project = project_of(call)
    wanted = call.path["issueTypeId"]
    for issue_type in _types(call, project):
        if issue_type["id"] == wanted:
            fields = _view_fields(call, project, issue_type)
            return _page(call, "fields", [{**metadata, "fieldId": name} for name, metadata in fields.items()])
    raise errors.not_found(errors.NO_ISSUE_TYPE, wanted)


def get_createmeta(call: Call) -> Answer:
    """The older form: everything at once, in one tree. It names nothing that it does not find."""
    with_fields = "projects.issuetypes.fields" in expanded(call)
    projects = []
    for project in visible(call, "project"):
        if not _named(call, "projectIds", project["id"], "projectKeys", project["key"]):
            continue
        if not holds(call.user, "CREATE_ISSUES", project):
            continue
        types = []
        for issue_type in _types(call, project):
            if not _named(call, "issuetypeIds", issue_type["id"], "issuetypeNames", issue_type["name"]):
                continue
            shown = view_issue_type(api(call), issue_type)
            if with_fields:
                shown["expand"] = "fields"
                shown["fields"] = _view_fields(call, project, issue_type)
            types.append(shown)
        brief = view_project(api(call), project)
        projects.append(
            {name: brief[name] for name in ("self", "id", "key", "name", "avatarUrls")} | {"issuetypes": types}
        )
    return Answer(200, {"expand": "projects", "projects": projects})


def _named(call: Call, ids: str, row_id: str, names: str, name: str) -> bool:
    """Whether one of two lists names something; no list at all names everything."""
    by_id, by_name = call.query.get(ids) or [], call.query.get(names) or []
    return (not by_id and not by_name) or row_id in by_id or name in by_name


OPERATIONS = {
    "jira/getCreateIssueMetaIssueTypes": get_issue_types,
    "jira/getCreateIssueMetaIssueTypeId": get_fields_of_type,
    "jira/getCreateIssueMeta": get_createmeta,
}
