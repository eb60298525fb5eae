"""Components: the parts that a project's issues belong to."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import project_of, row
from sandlot_server.jira.users import view_user
from sandlot_server.jira.wire import api
from sandlot_server.site.state import Row


def view_component(root: str, component: Row) -> dict[str, Any]:
    """A component as an issue shows it."""
    view = {"self": f"{root}/component/{component['id']}", "id": component["id"], "name": component["name"]}
    return view | ({"description": component["description"]} if component["description"] else {})


def view_whole_component(call: Call, component: Row) -> dict[str, Any]:
    """A component with who its new issues go to."""
    root = api(call)
    project = row(call, "project", component["project"])
    people = {"COMPONENT_LEAD": component["lead"], "PROJECT_LEAD": project["lead"], "UNASSIGNED": None}
    wanted = component["assigneeType"]
    named = project["assigneeType"] if wanted == "PROJECT_DEFAULT" else wanted
    # A component without a lead leaves it to the project.
    valid = wanted != "COMPONENT_LEAD" or component["lead"] is not None
    real = named if valid else project["assigneeType"]
    view = {
        **view_component(root, component),
        "assigneeType": wanted,
        "realAssigneeType": real,
        "isAssigneeTypeValid": valid,
        "project": project["key"],
        "projectId": int(project["id"]),
    }
    shown = {"lead": component["lead"], "assignee": people[named], "realAssignee": people[real]}
    return view | {name: view_user(root, row(call, "user", one)) for name, one in shown.items() if one is not None}


def components_of(call: Call, project: Row) -> list[Row]:
    """A project's components by name."""
    return sorted(call.state.find("component", "project", project["id"]), key=lambda one: one["name"].lower())


def get_project_components(call: Call) -> Answer:
    """Nobody uses Compass here, so it has no components."""
    project = project_of(call)
    components = [] if call.query["componentSource"] == "compass" else components_of(call, project)
    return Answer(200, [view_whole_component(call, component) for component in components])


def component_of(call: Call, component_id: str) -> Row:
    """The component of an id; 404 without one."""
    component = call.state.get("component", component_id) if call.user is not None else None
    if component is None:
        raise errors.not_found(errors.NO_COMPONENT, component_id)
    return component


def get_component(call: Call) -> Answer:
    return Answer(200, view_whole_component(call, component_of(call, call.path["id"])))


OPERATIONS = {"jira/getProjectComponents": get_project_components, "jira/getComponent": get_component}
