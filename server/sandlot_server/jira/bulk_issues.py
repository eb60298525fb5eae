"""Many issues by one call: created, or fetched."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call, Refusal
from sandlot_server.contract.contract import load_contract
from sandlot_server.contract.operations import Operation
from sandlot_server.contract.schemas import violations
from sandlot_server.jira import errors, protocol
from sandlot_server.jira.custom_fields import fields_of
from sandlot_server.jira.issue_fields import View
from sandlot_server.jira.issue_properties import view_properties
from sandlot_server.jira.issues import make_issue, select_fields, view_issue
from sandlot_server.jira.lookups import find_issue

_MOST_CREATED, _MOST_FETCHED = 50, 100


def create_issues(call: Call) -> Answer:
    """Each on its own: what is wrong with one keeps none of the others from being made."""
    updates = call.body.get("issueUpdates") or []
    if not 1 <= len(updates) <= _MOST_CREATED:
        raise errors.refusal(400, errors.ISSUES_RANGE.format(_MOST_CREATED))
    creation = _creation(call)
    made: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for number, body in enumerate(updates):
        try:
            with call.state.attempt():
                made.append(_created(call, creation, body))
        except Refusal as refusal:
            told = {"errorMessages": [], "errors": {}, **refusal.answer.body}
            failed.append({"status": refusal.answer.status, "elementErrors": told, "failedElementNumber": number})
    return Answer(201 if made else 400, {"issues": made, "errors": failed})


def _creation(call: Call) -> Operation:
    """The operation that creates one issue: every body must fit its schema, too."""
    found = load_contract().routes.find(f"/rest/api/{call.version}/issue")
    assert found is not None, "issues can be created one by one"
    return found[0]["POST"][0]


def _created(call: Call, creation: Operation, body: dict[str, Any]) -> dict[str, Any]:
    assert creation.body is not None
    if not creation.body.is_valid(body):
        raise Refusal(protocol.invalid_issue(creation, list(violations(creation.body, body, "body"))))
    return make_issue(call, body)


def bulk_fetch_issues(call: Call) -> Answer:
    """By ascending id, each once; what is not there is left out."""
    body = call.body
    wanted = body["issueIdsOrKeys"]
    if not 1 <= len(wanted) <= _MOST_FETCHED:
        raise errors.refusal(400, errors.ISSUES_RANGE.format(_MOST_FETCHED))
    found = {issue["id"]: issue for name in wanted if (issue := find_issue(call, name)) is not None}
    view, parts = View(call), set(body.get("expand") or ())
    shown = []
    for issue in sorted(found.values(), key=lambda one: int(one["id"])):
        fields = select_fields(fields_of(call, issue["project"]), body.get("fields") or ["*navigable"])
        one = view_issue(view, issue, fields, parts)
        if body.get("properties"):
            one["properties"] = view_properties(call, issue, body["properties"])
        shown.append(one)
    return Answer(200, {"issues": shown, "issueErrors": []})


OPERATIONS = {"jira/createIssues": create_issues, "jira/bulkFetchIssues": bulk_fetch_issues}
