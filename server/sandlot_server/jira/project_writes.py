"""Creating, changing and deleting projects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.issues import remove_issue
from sandlot_server.jira.lookups import project_formerly, project_of, unrestricted
from sandlot_server.jira.permissions import require_admin, require_project_admin
from sandlot_server.jira.projects import in_bin, view_whole_project
from sandlot_server.jira.wire import api
from sandlot_server.site.seed_defaults import WORKFLOW
from sandlot_server.site.state import Row

_KEY = re.compile(r"[A-Z][A-Z0-9]+")
_LONGEST_KEY, _LONGEST_NAME = 10, 80
_TYPE_OF_TEMPLATES = {
    "com.pyxis.greenhopper.jira": "software",
    "com.atlassian.servicedesk": "service_desk",
    "com.atlassian.jira-core-project-templates": "business",
    "com.atlassian.jcs": "service_desk",
}
# What the names of the templates of team-managed projects begin with.
_TEAM_MANAGED = ("gh-simplified-agility-", "next-gen-", "team-managed-")


def create_project(call: Call) -> Answer:
    """A new project has every issue type of the site, and the workflow that comes with it."""
    require_admin(call, 403, errors.NOT_ADMIN.format("projects"))
    sent, template = call.body, call.body.get("projectTemplateKey", "")
    columns, wrong = _read(call, None)
    if "lead" not in columns:
        wrong["projectLead"] = errors.NO_PROJECT_LEAD
    of_template = _TYPE_OF_TEMPLATES.get(template.partition(":")[0])
    kind = sent.get("projectTypeKey", of_template)
    if kind is None:
        wrong["projectType"] = errors.NO_PROJECT_TYPE
    elif of_template not in (None, kind):
        wrong["projectTemplateKey"] = errors.BAD_TEMPLATE
    if wrong:
        raise errors.field_refusal(wrong)
    state = call.state
    project = {
        "description": "",
        "assigneeType": "UNASSIGNED",
        "url": "",
        **columns,
        "id": state.next_id("project"),
        "issueTypes": [issue_type["id"] for issue_type in state.all("issue_type")],
        "workflow": _workflow(call),
        "requiredFields": {},
        "style": "next-gen" if template.partition(":")[2].startswith(_TEAM_MANAGED) else "classic",
        "projectTypeKey": kind,
        "formerKeys": [],
    }
    state.put("project", project)
    # Its issues are counted from one, whatever had the key before.
    state.move_sequence(f"issue-number:{project['key']}", None)
    address = f"{api(call)}/project/{project['id']}"
    return Answer(201, {"self": address, "id": int(project["id"]), "key": project["key"]}, {"location": address})


def _workflow(call: Call) -> Any:
    """The standard one, which every site has."""
    return next(one["id"] for one in call.state.all("workflow") if one["name"] == WORKFLOW["name"])


def update_project(call: Call) -> Answer:
    project = project_of(call)
    require_project_admin(call, project["id"], 403)
    columns, wrong = _read(call, project)
    former = [*project["formerKeys"]]
    for key in call.body.get("releasedProjectKeys", ()):
        if key not in former:
            wrong["releasedProjectKeys"] = errors.FOREIGN_PROJECT_KEY.format(key)
        else:
            former.remove(key)
    if wrong:
        raise errors.field_refusal(wrong)
    changed = {**project, **columns}
    if changed["key"] != project["key"]:
        _rename_issues(call, project, changed["key"])
        former = [*(key for key in former if key != changed["key"]), project["key"]]
    changed["formerKeys"] = former
    call.state.put("project", changed)
    return Answer(200, view_whole_project(call, changed))


def _rename_issues(call: Call, project: Row, key: str) -> None:
    """The project's issues keep their numbers, and the next one goes on from there."""
    for issue in call.state.find("issue", "project", project["id"]):
        number = issue["key"].rpartition("-")[2]
        call.state.put("issue", {**issue, "key": f"{key}-{number}"})
    call.state.move_sequence(f"issue-number:{project['key']}", f"issue-number:{key}")


def _read(call: Call, project: Row | None) -> tuple[Row, dict[str, str]]:
    """The columns that the body sets, and what is wrong with it. `project` is the one that is changed.

    Names and keys are taken by hidden projects too.
    """
    call = unrestricted(call)
    sent = call.body
    columns = {name: sent[name] for name in ("description", "assigneeType", "url") if name in sent}
    wrong: dict[str, str] = {}
    if "name" in sent:
        columns["name"] = sent["name"].strip()
        wrong.update(_wrong_name(call, columns["name"], project))
    if "key" in sent:
        columns["key"] = sent["key"]
        wrong.update(_wrong_key(call, columns["key"], project))
    lead = sent.get("leadAccountId", sent.get("lead"))
    if lead is not None:
        user = call.state.get("user", lead)
        columns["lead"] = lead
        if user is None or not user["active"]:
            wrong["projectLead"] = errors.NO_PROJECT_LEAD
    if columns.get("url") and not columns["url"].startswith(("http://", "https://")):
        wrong["projectUrl"] = errors.BAD_PROJECT_URL
    return columns, wrong


def _wrong_name(call: Call, name: str, project: Row | None) -> dict[str, str]:
    if len(name) < 2:
        return {"projectName": errors.NO_PROJECT_NAME}
    if len(name) > _LONGEST_NAME:
        return {"projectName": errors.LONG_PROJECT_NAME}
    if any(other["name"].lower() == name.lower() for other in _others(call, project)):
        return {"projectName": errors.PROJECT_NAME_TAKEN}
    return {}


def _wrong_key(call: Call, key: str, project: Row | None) -> dict[str, str]:
    if not _KEY.fullmatch(key):
        return {"projectKey": errors.BAD_PROJECT_KEY}
    if len(key) > _LONGEST_KEY:
        return {"projectKey": errors.LONG_PROJECT_KEY}
    holder = next((other for other in _others(call, project) if other["key"] == key), project_formerly(call, key))
    if holder is not None and (project is None or holder["id"] != project["id"]):
        return {"projectKey": errors.PROJECT_KEY_TAKEN.format(holder["name"])}
    return {}


def _others(call: Call, project: Row | None) -> Iterator[Row]:
    """Every other project, those in the bin too: they keep their names and keys."""
    all_projects = (*call.state.all("project"), *in_bin(call))
    return (one for one in all_projects if project is None or one["id"] != project["id"])


def delete_project(call: Call) -> Answer:
    """Its issues go with it. With `enableUndo` the project itself is in the bin afterwards."""
    project = project_of(call)
    require_admin(call, 404, errors.NOT_ADMIN.format("projects"))
    call = unrestricted(call)
    assert call.user is not None  # or else there would be no project
    state = call.state
    for issue in state.find("issue", "project", project["id"]):
        for child in state.find("issue", "parent", issue["id"]):
            state.put("issue", {**child, "parent": None})
        remove_issue(call, issue)
    for table in ("component", "version"):
        for part in state.find(table, "project", project["id"]):
            state.delete(table, part["id"])
    for board in state.all("board"):
        if board["project"] == project["id"]:
            state.delete("board", board["id"])
    state.delete("project", project["id"])
    if call.query["enableUndo"]:
        state.put("deleted_project", {**project, "deletedBy": call.user["id"], "deletedDate": call.now})
    return Answer(204)


OPERATIONS = {
    "jira/createProject": create_project,
    "jira/updateProject": update_project,
    "jira/deleteProject": delete_project,
}
