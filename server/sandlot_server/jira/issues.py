"""Issues: create, read, edit, assign, delete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors, issue_values, permissions
from sandlot_server.jira.changelogs import view_history
from sandlot_server.jira.comments import html
from sandlot_server.jira.custom_fields import fields_of
from sandlot_server.jira.issue_fields import Field, View
from sandlot_server.jira.issue_links import delete_link
from sandlot_server.jira.issue_properties import put_properties, view_properties
from sandlot_server.jira.issue_values import Draft
from sandlot_server.jira.issue_writes import check, make_links, read_request, require, save
from sandlot_server.jira.lookups import find_project, issue_of, links_of, row, subtasks_of, unrestricted
from sandlot_server.jira.priorities import default_priority
from sandlot_server.jira.screens import create_screen, edit_screen, required_fields, view_metadata
from sandlot_server.jira.transitions import view_transitions
from sandlot_server.jira.wire import api, expanded
from sandlot_server.site.state import Row

_EXPAND = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"


def select_fields(fields: Mapping[str, Field], wanted: Iterable[str]) -> list[Field]:
    """The fields that a list names: ids, *all, *navigable, and -id for one less. Unknown names are nothing.

    A list that only takes fields away starts from all of them.
    """
    asked = [name.strip() for entry in wanted for name in entry.split(",")]
    chosen = {name for name in asked if not name.startswith("-")}
    dropped = {name[1:] for name in asked if name.startswith("-")}
    if "*all" in chosen or not chosen:
        return [field for name, field in fields.items() if name not in dropped]
    navigable = "*navigable" in chosen
    return [
        field
        for name, field in fields.items()
        if (name in chosen or (navigable and field.navigable)) and name not in dropped
    ]


def view_issue(view: View, issue: Row, fields: list[Field], parts: set[str]) -> dict[str, Any]:
    """An issue with the chosen fields; `parts` are the names that `expand` asked for."""
    shown = {
        "expand": _EXPAND,
        "id": issue["id"],
        "self": f"{view.root}/issue/{issue['id']}",
        "key": issue["key"],
    }
    if parts:
        shown.update(_view_parts(view, issue, fields, parts))
    values = {field.id: field.show(view, issue) for field in fields}
    if issue["parent"] is None:
        values.pop("parent", None)  # the one empty field that the product leaves out
    shown["fields"] = values
    return shown


def _view_parts(view: View, issue: Row, fields: list[Field], parts: set[str]) -> dict[str, Any]:
    call = view.call
    shown: dict[str, Any] = {}
    if "renderedFields" in parts:
        shown["renderedFields"] = {field.id: html(issue.get(field.id)) if field.rich else None for field in fields}
    if "names" in parts:
        shown["names"] = field_names(fields)
    if "schema" in parts:
        shown["schema"] = field_schemas(fields)
    if "transitions" in parts or "transitions.fields" in parts:
        shown["transitions"] = view_transitions(call, issue, with_fields="transitions.fields" in parts)
    if "operations" in parts:
        shown["operations"] = {"linkGroups": []}
    if "editmeta" in parts:
        shown["editmeta"] = _view_editmeta(view, issue)
    if "changelog" in parts:
        shown["changelog"] = view_history(call, issue)
    return shown


def field_names(fields: list[Field]) -> dict[str, str]:
    return {field.id: field.name for field in fields}


def field_schemas(fields: list[Field]) -> dict[str, Any]:
    return {field.id: field.schema for field in fields}


def _view_editmeta(view: View, issue: Row) -> dict[str, Any]:
    project = row(view.call, "project", issue["project"])
    issue_type = row(view.call, "issue_type", issue["issuetype"])
    required = required_fields(project, issue_type)
    screen = edit_screen(view.call, project)
    return {
        "fields": {
            name: view_metadata(view, field, project, issue_type, name in required) for name, field in screen.items()
        }
    }


def get_issue(call: Call) -> Answer:
    issue = issue_of(call)
    fields = fields_of(call, issue["project"])
    wanted = call.query.get("fields")
    chosen = select_fields(fields, wanted) if wanted else list(fields.values())
    shown = view_issue(View(call), issue, chosen, expanded(call))
    if "properties" in call.query:
        shown["properties"] = view_properties(call, issue, call.query["properties"])
    return Answer(200, shown)


def create_issue(call: Call) -> Answer:
    return Answer(201, make_issue(call, call.body))


def make_issue(call: Call, body: Row) -> dict[str, Any]:
    """Create the issue that a body describes; the answer is where it is."""
    sent = body.get("fields") or {}
    project, issue_type = _place(call, sent)
    permissions.require_screen(call, project["id"], "CREATE_ISSUES", sent)
    draft = Draft(call, project, issue_type, {})
    screen = create_screen(call, project)
    others = {name: value for name, value in sent.items() if name not in ("project", "issuetype")}
    read_request(draft, {**body, "fields": others}, screen)
    draft.values.setdefault("issuetype", issue_type["id"])
    if issue_type["subtask"] and not sent.get("parent"):
        draft.messages.append(errors.SUBTASK_WITHOUT_PARENT)
    require(
        draft,
        required_fields(project, issue_type) - {"project", "issuetype", "parent"},
        screen,
        errors.REQUIRED,
    )
    check(draft)
    issue = _new_issue(draft)
    call.state.put("issue", issue)
    make_links(draft, issue["id"])
    put_properties(call, issue["id"], body.get("properties"))
    return {"id": issue["id"], "key": issue["key"], "self": f"{api(call)}/issue/{issue['id']}"}


def _place(call: Call, sent: Mapping[str, Any]) -> tuple[Row, Row]:
    """The project and the issue type of a new issue: without them no other field can be judged."""
    named = sent.get("project") or {}
    wanted = named.get("key") or named.get("id")
    project = find_project(call, str(wanted)) if wanted else None
    if project is None:
        missing_type = {} if sent.get("issuetype") else {"issuetype": errors.BAD_ISSUE_TYPE}
        raise errors.field_refusal({"project": errors.BAD_PROJECT, **missing_type})
    issue_type = issue_values.project_type(call, project, sent.get("issuetype"))
    if issue_type is None:
        raise errors.field_refusal({"issuetype": errors.BAD_ISSUE_TYPE})
    return project, issue_type


def _new_issue(draft: Draft) -> Row:
    call, project, values = draft.call, draft.project, draft.values
    assert call.user is not None  # an anonymous caller sees no project to create in
    state, now, caller = call.state, call.now, call.user["id"]
    priority = values.pop("priority", None) or (default_priority(state) or {"id": None})["id"]
    return {
        "id": state.next_id("issue"),
        "key": f"{project['key']}-{state.next_id('issue-number:' + project['key'])}",
        "project": project["id"],
        "issuetype": draft.issue_type["id"],
        "status": row(call, "workflow", project["workflow"])["initial"],
        "summary": None,
        "description": None,
        "environment": None,
        "priority": priority,
        "labels": [],
        "components": [],
        "fixVersions": [],
        "versions": [],
        "assignee": None,
        "reporter": caller,
        "creator": caller,
        "parent": None,
        "duedate": None,
        "timeoriginalestimate": None,
        "timeestimate": None,
        "timespent": None,
        "resolution": None,
        "created": now,
        "updated": now,
        "resolutiondate": None,
        "statuscategorychangedate": now,
        **values,
    }


def edit_issue(call: Call) -> Answer:
    issue = issue_of(call)
    body = call.body
    if all(body.get(part) is None for part in ("fields", "update", "properties")):
        raise errors.refusal(400, errors.NOTHING_TO_EDIT)
    sent = [*(body.get("fields") or ()), *(body.get("update") or ())]
    permissions.require_screen(call, issue["project"], "EDIT_ISSUES", sent)
    project = row(call, "project", issue["project"])
    issue_type = row(call, "issue_type", issue["issuetype"])
    draft = Draft(call, project, issue_type, issue)
    screen = edit_screen(call, project)
    read_request(draft, body, screen)
    # What was empty before the edit may stay so; what the edit empties must not be required.
    require(draft, required_fields(project, issue_type) & set(draft.values), screen, errors.REQUIRED)
    check(draft)
    fields = fields_of(call, issue["project"])
    saved = save(draft, fields)
    put_properties(call, issue["id"], body.get("properties"))
    if not call.query["returnIssue"]:
        return Answer(204)
    return Answer(200, view_issue(View(call), saved, list(fields.values()), expanded(call)))


def assign_issue(call: Call) -> Answer:
    issue = issue_of(call)
    permissions.require(call, issue["project"], "ASSIGN_ISSUES")
    if "accountId" not in call.body:
        raise errors.refusal(400, assignee=errors.BAD_USER.format("assignee"))
    project = row(call, "project", issue["project"])
    try:
        assignee = issue_values.assignable(call, project, call.body["accountId"])
    except errors.FieldError as error:
        raise errors.refusal(400, assignee=error.text) from None
    draft = Draft(call, project, row(call, "issue_type", issue["issuetype"]), issue, {"assignee": assignee})
    save(draft, fields_of(call, project["id"]))
    return Answer(204)


def delete_issue(call: Call) -> Answer:
    issue = issue_of(call)
    permissions.require(call, issue["project"], "DELETE_ISSUES")
    call = unrestricted(call)
    subtasks = subtasks_of(call, issue)
    if subtasks and call.query["deleteSubtasks"].lower() != "true":
        raise errors.refusal(400, errors.HAS_SUBTASKS.format(issue["key"]))
    for child in call.state.find("issue", "parent", issue["id"]):
        if child in subtasks:
            remove_issue(call, child)
        else:
            call.state.put("issue", {**child, "parent": None})
    remove_issue(call, issue)
    return Answer(204)


def remove_issue(call: Call, issue: Row) -> None:
    """Delete an issue with everything that hangs on it."""
    for link in links_of(call, issue):
        delete_link(call, link)
    for table in ("comment", "attachment", "remote_link", "worklog", "watcher", "vote", "issue_property", "changelog"):
        for found in call.state.find(table, "issue", issue["id"]):
            call.state.delete(table, found["id"])
    call.state.delete("issue", issue["id"])


def get_edit_issue_meta(call: Call) -> Answer:
    return Answer(200, _view_editmeta(View(call), issue_of(call)))


OPERATIONS = {
    "jira/getIssue": get_issue,
    "jira/createIssue": create_issue,
    "jira/editIssue": edit_issue,
    "jira/assignIssue": assign_issue,
    "jira/deleteIssue": delete_issue,
    "jira/getEditIssueMeta": get_edit_issue_meta,
}
