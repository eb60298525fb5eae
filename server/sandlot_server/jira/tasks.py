"""Tasks: what the service does after it has answered. Here all of it is done by then."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.permissions import require_admin
from sandlot_server.jira.wire import api
from sandlot_server.site.state import Row

_DONE = 100


def finished_task(call: Call, message: str) -> Row:
    """A task for what this call has done."""
    task = {"id": call.state.next_id("task"), "message": message, "submitted": call.now}
    call.state.put("task", task)
    return task


def view_task(call: Call, task: Row) -> dict[str, Any]:
    return {
        "self": f"{api(call)}/task/{task['id']}",
        "id": task["id"],
        "status": "COMPLETE",
        "message": task["message"],
        "submittedBy": 0,
        "progress": _DONE,
        "elapsedRuntime": 0,
        "submitted": task["submitted"],
        "started": task["submitted"],
        "finished": task["submitted"],
        "lastUpdate": task["submitted"],
    }


def get_task(call: Call) -> Answer:
    require_admin(call, 403, errors.ONLY_ADMINS.format("tasks"))
    task = call.state.get("task", call.path["taskId"])
    if task is None:
        raise errors.not_found(errors.NO_TASK, call.path["taskId"])
    return Answer(200, view_task(call, task))


OPERATIONS = {"jira/getTask": get_task}
