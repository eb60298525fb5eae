"""Transitions: which an issue can take, and taking one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.custom_fields import fields_of
from sandlot_server.jira.issue_fields import View
from sandlot_server.jira.issue_values import Draft
from sandlot_server.jira.issue_writes import check, read_request, require, save
from sandlot_server.jira.lookups import issue_of, row, subtasks_of
from sandlot_server.jira.permissions import holds
from sandlot_server.jira.resolutions import default_resolution
from sandlot_server.jira.screens import transition_screen, view_metadata
from sandlot_server.jira.statuses import CATEGORIES
from sandlot_server.jira.wire import expanded
from sandlot_server.site.state import Row


def _project_and_transitions(call: Call, issue: Row) -> tuple[Row, list[Row]]:
    """The project of an issue, and its workflow's transitions, of which there are none for who may take none."""
    project = row(call, "project", issue["project"])
    transitions: list[Row] = row(call, "workflow", project["workflow"])["transitions"]
    return project, transitions if holds(call.user, "TRANSITION_ISSUES", project) else []


def _available(call: Call, transition: Row, issue: Row) -> bool:
    """From any status where none is named, also back to the issue's own; and only where every condition holds."""
    here = not transition["from"] or issue["status"] in transition["from"]
    return here and all(_is_met(call, condition, issue) for condition in transition["conditions"])


def _is_met(call: Call, condition: Row, issue: Row) -> bool:
    match condition["kind"]:
        case "assignee" | "reporter" as role:
            return call.user is not None and issue[role] == call.user["id"]
        case "subtasks-done":
            statuses = (row(call, "status", subtask["status"]) for subtask in subtasks_of(call, issue))
            return all(status["category"] == "done" for status in statuses)
    return issue.get(condition["field"]) not in (None, "", [])


def view_transitions(
    call: Call, issue: Row, *, with_fields: bool = False, unavailable: bool = False
) -> list[dict[str, Any]]:
    """The transitions that an issue can take now, or all of its workflow."""
    project, transitions = _project_and_transitions(call, issue)
    view = View(call)
    shown = []
    for transition in transitions:
        available = _available(call, transition, issue)
        if not available and not unavailable:
            continue
        one = {
            "id": transition["id"],
            "name": transition["name"],
            "to": view.ref("status", transition["to"]),
            "hasScreen": bool(transition["fields"]),
            "isGlobal": not transition["from"],
            "isInitial": False,
            "isAvailable": available,
            "isConditional": bool(transition["conditions"]),
            "isLooped": False,
        }
        if with_fields:
            one["fields"] = _view_fields(view, project, issue, transition)
        shown.append(one)
    return shown


def _view_fields(view: View, project: Row, issue: Row, transition: Row) -> dict[str, Any]:
    issue_type = row(view.call, "issue_type", issue["issuetype"])
    return {
        name: view_metadata(view, field, project, issue_type, transition["fields"][name]["required"])
        for name, field in transition_screen(view.call, project, transition).items()
    }


def get_transitions(call: Call) -> Answer:
    shown = view_transitions(
        call,
        issue_of(call),
        with_fields="transitions.fields" in expanded(call),
        unavailable=call.query["includeUnavailableTransitions"],
    )
    wanted = call.query.get("transitionId")
    if wanted is not None:
        shown = [one for one in shown if one["id"] == wanted]
    if call.query["sortByOpsBarAndStatus"]:
        order = list(CATEGORIES)
        shown.sort(key=lambda one: order.index(one["to"]["statusCategory"]["key"]))
    return Answer(200, {"expand": "transitions", "transitions": shown})


def do_transition(call: Call) -> Answer:
    issue = issue_of(call)
    project, transitions = _project_and_transitions(call, issue)
    transition = _asked(call, issue, transitions)
    draft = Draft(call, project, row(call, "issue_type", issue["issuetype"]), issue)
    screen = transition_screen(call, project, transition)
    read_request(draft, call.body, screen)
    required = {name for name, rule in transition["fields"].items() if rule["required"]}
    # A resolution that is there from before does not answer for the one that this screen asks for.
    unset = {name for name in required if name == "resolution" and name not in draft.values}
    draft.values.update(dict.fromkeys(unset))
    require(draft, required, screen, errors.REQUIRED_ON_SCREEN)
    check(draft)
    _move(draft, transition["to"])
    save(draft, fields_of(call, project["id"]))
    return Answer(204)


def _asked(call: Call, issue: Row, transitions: list[Row]) -> Row:
    sent = (call.body.get("transition") or {}).get("id")
    if sent is None or sent == "":
        raise errors.refusal(400, errors.NO_TRANSITION)
    wanted = str(sent)
    if not wanted.removeprefix("-").isdecimal():
        raise errors.refusal(400, errors.TRANSITION_NOT_INTEGER)
    for transition in transitions:
        if transition["id"] == wanted and _available(call, transition, issue):
            return transition
    raise errors.refusal(400, errors.BAD_TRANSITION.format(wanted))


def lead_to(call: Call, issue: Row, statuses: Collection[str]) -> bool:
    """Take the first transition that leads to one of the statuses and asks for nothing; False if there is none."""
    project, transitions = _project_and_transitions(call, issue)
    for transition in transitions:
        asks = any(rule["required"] for rule in transition["fields"].values())
        if transition["to"] in statuses and not asks and _available(call, transition, issue):
            draft = Draft(call, project, row(call, "issue_type", issue["issuetype"]), issue)
            _move(draft, transition["to"])
            save(draft, fields_of(call, project["id"]))
            return True
    return False


def _move(draft: Draft, status_id: str) -> None:
    """Set the status, and what follows from its category: a finished issue has a resolution, others have none."""
    call, issue, values = draft.call, draft.issue, draft.values
    before = row(call, "status", issue["status"])["category"]
    after = row(call, "status", status_id)["category"]
    values["status"] = status_id
    if after != before:
        values["statuscategorychangedate"] = call.now
    if after == "done":
        values.setdefault("resolution", issue["resolution"] or (default_resolution(call.state) or {"id": None})["id"])
    else:
        values["resolution"] = None
    if values["resolution"] != issue["resolution"]:
        values["resolutiondate"] = call.now if values["resolution"] is not None else None


OPERATIONS = {"jira/getTransitions": get_transitions, "jira/doTransition": do_transition}
