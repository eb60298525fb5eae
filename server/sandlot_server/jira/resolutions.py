"""Resolutions: why a finished issue is finished."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import visible
from sandlot_server.jira.permissions import require_admin
from sandlot_server.jira.wire import api
from sandlot_server.site.state import Row, State


def default_resolution(state: State) -> Row | None:
    """Done, as on every new site, or else the first."""
    resolutions = state.all("resolution")
    return next((row for row in resolutions if row["name"] == "Done"), resolutions[0] if resolutions else None)


def view_resolution(root: str, resolution: Row) -> dict[str, Any]:
    return {
        "self": f"{root}/resolution/{resolution['id']}",
        "id": resolution["id"],
        "description": resolution["description"],
        "name": resolution["name"],
    }


def get_resolutions(call: Call) -> Answer:
    root = api(call)
    return Answer(200, [view_resolution(root, resolution) for resolution in visible(call, "resolution")])


def get_resolution(call: Call) -> Answer:
    for resolution in visible(call, "resolution"):
        if resolution["id"] == call.path["id"]:
            return Answer(200, view_resolution(api(call), resolution))
    raise errors.not_found(errors.NO_RESOLUTION, call.path["id"])


def create_resolution(call: Call) -> Answer:
    require_admin(call, 403, errors.NOT_ADMIN.format("resolutions"))
    name = call.body["name"].strip()
    if not name:
        raise errors.refusal(400, name=errors.NO_NAME)
    if any(one["name"].lower() == name.lower() for one in call.state.all("resolution")):
        raise errors.refusal(400, name=errors.RESOLUTION_TAKEN)
    resolution_id = call.state.next_id("resolution")
    columns = {"id": resolution_id, "name": name, "description": call.body.get("description", "")}
    call.state.put("resolution", columns)
    return Answer(201, {"id": resolution_id})


OPERATIONS = {
    "jira/getResolutions": get_resolutions,
    "jira/getResolution": get_resolution,
    "jira/createResolution": create_resolution,
}
