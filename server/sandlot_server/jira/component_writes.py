"""Creating, changing and deleting components."""

from __future__ import annotations

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.components import component_of, view_whole_component
from sandlot_server.jira.lookups import find_project
from sandlot_server.jira.part_issues import issues_with, replace
from sandlot_server.jira.permissions import require_project_admin
from sandlot_server.jira.wire import api
from sandlot_server.site.seed_defaults import PARTS
from sandlot_server.site.state import Row

_LONGEST_NAME = 255


def create_component(call: Call) -> Answer:
    named = call.body.get("project")
    if not named:
        raise errors.field_refusal({"project": errors.NO_PROJECT_GIVEN})
    project = find_project(call, named)
    if project is None:
        raise errors.no_project(named)
    require_project_admin(call, project["id"], 403)
    columns, wrong = _read(call, project["id"], None)
    if "name" not in columns:
        wrong["name"] = errors.NO_COMPONENT_NAME
    if wrong:
        raise errors.field_refusal(wrong)
    component = {**PARTS["component"], **columns, "id": call.state.next_id("component"), "project": project["id"]}
    call.state.put("component", component)
    location = f"{api(call)}/component/{component['id']}"
    return Answer(201, view_whole_component(call, component), {"location": location})


def update_component(call: Call) -> Answer:
    """What is sent is set."""
    component = component_of(call, call.path["id"])
    require_project_admin(call, component["project"], 403)
    columns, wrong = _read(call, component["project"], component)
    if wrong:
        raise errors.field_refusal(wrong)
    changed = {**component, **columns}
    call.state.put("component", changed)
    return Answer(200, view_whole_component(call, changed))


def delete_component(call: Call) -> Answer:
    """Issues that have it get the component that the query names instead, or none."""
    component = component_of(call, call.path["id"])
    require_project_admin(call, component["project"], 403)
    target = call.query.get("moveIssuesTo")
    if target:
        other = component_of(call, target)
        if other["project"] != component["project"] or other["id"] == component["id"]:
            raise errors.not_found(errors.NO_COMPONENT, target)
    replace(call, "components", component, target or None, issues_with(call, "components", component))
    call.state.delete("component", component["id"])
    return Answer(204)


def _read(call: Call, project_id: str, component: Row | None) -> tuple[Row, dict[str, str]]:
    """The columns that the body sets, and what is wrong with it. `component` is the one that is changed."""
    sent = call.body
    columns: Row = {name: sent[name] for name in ("description", "assigneeType") if name in sent}
    wrong: dict[str, str] = {}
    if "name" in sent:
        name = columns["name"] = sent["name"].strip()
        others = call.state.find("component", "project", project_id)
        if not name:
            wrong["name"] = errors.NO_COMPONENT_NAME
        elif len(name) > _LONGEST_NAME:
            wrong["name"] = errors.LONG_COMPONENT_NAME
        elif any(one["name"].lower() == name.lower() and one != component for one in others):
            wrong["name"] = errors.COMPONENT_TAKEN.format(name)
    if "leadAccountId" in sent:
        # An empty account takes the lead away.
        lead = sent["leadAccountId"] or None
        user = call.state.get("user", lead) if lead else None
        columns["lead"] = lead
        if lead and (user is None or not user["active"]):
            wrong["leadAccountId"] = errors.NO_COMPONENT_LEAD.format(lead)
    return columns, wrong


OPERATIONS = {
    "jira/createComponent": create_component,
    "jira/updateComponent": update_component,
    "jira/deleteComponent": delete_component,
}
