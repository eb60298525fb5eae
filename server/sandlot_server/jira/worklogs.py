"""Worklogs of an issue: who worked on it when and how long, and what that leaves of its estimate."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from sandlot_server.call import Answer, Call, Refusal
from sandlot_server.documents import adf, wiki
from sandlot_server.jira import errors
from sandlot_server.jira.changelogs import record
from sandlot_server.jira.comments import rich_text
from sandlot_server.jira.lookups import issue_of, row
from sandlot_server.jira.permissions import require, require_over
from sandlot_server.jira.time_tracking import REMAINING, SPENT
from sandlot_server.jira.users import view_user
from sandlot_server.jira.wire import api, expanded, timestamp, window
from sandlot_server.site import durations
from sandlot_server.site.state import Row

_MOST, _MOST_IN_FIELD, _MOST_DELETED = 5000, 20, 5000
_STARTED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}", re.ASCII)


def worklogs_of(call: Call, issue: Row) -> list[Row]:
    """An issue's worklogs, oldest first."""
    return call.state.find("worklog", "issue", issue["id"])


def view_worklog(call: Call, worklog: Row) -> dict[str, Any]:
    root = api(call)
    view = {
        "self": f"{root}/issue/{worklog['issue']}/worklog/{worklog['id']}",
        "author": view_user(root, row(call, "user", worklog["author"])),
        "updateAuthor": view_user(root, row(call, "user", worklog["updateAuthor"])),
        "created": timestamp(worklog["created"]),
        "updated": timestamp(worklog["updated"]),
        "started": timestamp(worklog["started"]),
        "timeSpent": durations.spelled(worklog["timeSpentSeconds"]),
        "timeSpentSeconds": worklog["timeSpentSeconds"],
        "id": worklog["id"],
        "issueId": worklog["issue"],
    }
    if worklog["comment"] is not None:
        view["comment"] = rich_text(call.version, worklog["comment"])
    elif call.version == 2:
        view["comment"] = ""
    if "visibility" in worklog:
        view["visibility"] = worklog["visibility"]
    return view


def view_worklog_field(call: Call, issue: Row) -> dict[str, Any]:
    """The field `worklog`: the first of them."""
    found = worklogs_of(call, issue)
    shown = [view_worklog(call, worklog) for worklog in found[:_MOST_IN_FIELD]]
    return {"startAt": 0, "maxResults": _MOST_IN_FIELD, "total": len(found), "worklogs": shown}


def _view_expanded(call: Call, worklog: Row) -> dict[str, Any]:
    view = view_worklog(call, worklog)
    if "properties" in expanded(call):
        view["properties"] = worklog.get("properties", [])
    return view


def _worklog_of(call: Call, issue: Row) -> Row:
    worklog = call.state.get("worklog", call.path["id"])
    if worklog is None or worklog["issue"] != issue["id"]:
        raise errors.not_found(errors.NO_WORKLOG, call.path["id"])
    return worklog


def _caller(call: Call) -> str:
    assert call.user is not None  # an anonymous caller sees no issue to work on
    account_id: str = call.user["id"]
    return account_id


def _read(call: Call) -> Row:
    """The columns that a body sets: those that it has."""
    body: Row = call.body
    columns: Row = {}
    if "comment" in body:
        columns["comment"] = _comment(call.version, body["comment"])
    if "started" in body:
        columns["started"] = _started(body["started"])
    if "timeSpent" in body or "timeSpentSeconds" in body:
        columns["timeSpentSeconds"] = _spent(body)
    return columns | {name: body[name] for name in ("visibility", "properties") if name in body}


def _comment(version: int, sent: Any) -> Row | None:
    """The document of a comment in the called version's form; a worklog may be without one."""
    if version == 2:
        return wiki.to_adf(sent) if sent and sent.strip() else None
    if sent is not None and adf.validate(sent) is not None:
        raise errors.refusal(400, comment=errors.BAD_COMMENT)
    return sent if sent and sent["content"] else None


def _started(text: str) -> int:
    """When the work was begun, in epoch milliseconds; the one form is 2026-01-31T09:30:00.000+0100."""
    try:
        if not _STARTED.fullmatch(text):
            raise ValueError(text)
        moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(UTC)
    except (ValueError, OverflowError):
        raise errors.invalid_payload() from None
    return round(moment.timestamp() * 1000)


def _spent(body: Row) -> int:
    """The time spent, in whole minutes; words win over seconds."""
    text = body.get("timeSpent")
    if text is None:
        text = durations.spelled(max(0, min(int(body["timeSpentSeconds"]), 2 * durations.LONGEST)))
        text = "" if text == "0m" else text
    if not text.strip():
        raise _unfit("timeLogged", errors.NO_TIME_SPENT)
    spent = durations.seconds(text)
    if spent is None:
        raise _unfit("timeLogged", errors.BAD_TIME_SPENT)
    if spent == 0:
        raise _unfit("timeLogged", errors.ZERO_TIME_SPENT)
    return spent


def _unfit(field: str, text: str) -> Refusal:
    """A worklog that cannot be made: the product says so twice."""
    return errors.refusal(400, errors.NO_WORKLOG_MADE, **{field: text})


def _estimate(call: Call, issue: Row, saved: int, manual: str) -> tuple[int | None, bool]:
    """The remaining estimate when the time spent goes down by `saved` seconds, and whether it is set at all.

    `manual` names the parameter that adjusts it by hand: reduceBy, increaseBy, or none.
    """
    before = issue.get(REMAINING) or 0
    match call.query["adjustEstimate"]:
        case "leave":
            return issue.get(REMAINING), False
        case "new":
            return _asked(call, "newEstimate", errors.NEW_ESTIMATE_REQUIRED, errors.NEW_ESTIMATE_TEXTS), True
        case "manual" if not manual:
            raise errors.refusal(400, adjustEstimate=errors.NO_MANUAL_ESTIMATE)
        case "manual":
            amount = _asked(call, manual, errors.ADJUSTMENT_REQUIRED, errors.ADJUSTMENT_TEXTS)
            saved = amount if manual == "increaseBy" else -amount
    return max(0, before + saved), True


def _asked(call: Call, name: str, required: str, texts: tuple[str, str]) -> int:
    """The duration in a query parameter; `texts` are said of a blank and of an unreadable one."""
    text = call.query.get(name)
    if text is None:
        raise errors.refusal(400, **{name: required})
    # The service behind the resource knows both adjustments by a name of its own.
    field = name if name == "newEstimate" else "adjustmentAmount"
    if not text.strip():
        raise _unfit(field, texts[0])
    length = durations.seconds(text)
    if length is None:
        raise _unfit(field, texts[1])
    return length


def _book(call: Call, issue: Row, saved: int, manual: str, items: list[dict[str, Any]]) -> None:
    """Set the issue's times as its worklogs now say, and tell its history."""
    estimate, adjusted = _estimate(call, issue, saved, manual)
    spent = max(0, (issue.get(SPENT) or 0) - saved)
    if adjusted:
        items = [*items, _item(REMAINING, issue.get(REMAINING), estimate, fieldId=REMAINING)]
    record(call, issue["id"], [*items, _item(SPENT, issue.get(SPENT), spent, fieldId=SPENT)])
    call.state.put("issue", {**issue, REMAINING: estimate, SPENT: spent, "updated": call.now})


def _item(field: str, before: Any, after: Any, **more: str) -> dict[str, Any]:
    """A change of the history; its values are what they are called."""
    old, new = (None if value is None else str(value) for value in (before, after))
    return {"field": field, "fieldtype": "jira", **more, "from": old, "fromString": old, "to": new, "toString": new}


def get_issue_worklog(call: Call) -> Answer:
    after, before = call.query.get("startedAfter"), call.query.get("startedBefore")
    found = [
        worklog
        for worklog in worklogs_of(call, issue_of(call))
        if (after is None or worklog["started"] > after) and (before is None or worklog["started"] < before)
    ]
    start, size = window(call, _MOST)
    shown = [_view_expanded(call, worklog) for worklog in found[start : start + size]]
    return Answer(200, {"startAt": start, "maxResults": size, "total": len(found), "worklogs": shown})


def get_worklog(call: Call) -> Answer:
    return Answer(200, _view_expanded(call, _worklog_of(call, issue_of(call))))


def add_worklog(call: Call) -> Answer:
    issue = issue_of(call)
    require(call, issue["project"], "WORK_ON_ISSUES")
    columns = _read(call)
    if "timeSpentSeconds" not in columns:
        raise _unfit("timeLogged", errors.NO_TIME_SPENT)
    worklog = {
        "id": call.state.next_id("worklog"),
        "issue": issue["id"],
        "author": _caller(call),
        "updateAuthor": _caller(call),
        "comment": None,
        "created": call.now,
        "updated": call.now,
        "started": call.now,
        **columns,
    }
    call.state.put("worklog", worklog)
    _book(call, issue, -worklog["timeSpentSeconds"], "reduceBy", [_item("WorklogId", None, worklog["id"])])
    return Answer(201, _view_expanded(call, worklog))


def update_worklog(call: Call) -> Answer:
    """Change what the body has; the rest stays."""
    issue = issue_of(call)
    before = _worklog_of(call, issue)
    require_over(call, issue["project"], before, ("EDIT_ALL_WORKLOGS", "EDIT_OWN_WORKLOGS"))
    worklog = {**before, **_read(call), "updateAuthor": _caller(call), "updated": call.now}
    call.state.put("worklog", worklog)
    saved = before["timeSpentSeconds"] - worklog["timeSpentSeconds"]
    _book(call, issue, saved, "", [_item("WorklogId", worklog["id"], worklog["id"])])
    return Answer(200, _view_expanded(call, worklog))


def _delete(call: Call, issue_id: str, worklog: Row) -> None:
    project_id = row(call, "issue", issue_id)["project"]
    require_over(call, project_id, worklog, ("DELETE_ALL_WORKLOGS", "DELETE_OWN_WORKLOGS"))
    call.state.delete("worklog", worklog["id"])
    spent = worklog["timeSpentSeconds"]
    items = [_item("WorklogId", worklog["id"], None), _item("WorklogTimeSpent", spent, None)]
    _book(call, row(call, "issue", issue_id), spent, "increaseBy", items)


def delete_worklog(call: Call) -> Answer:
    issue = issue_of(call)
    _delete(call, issue["id"], _worklog_of(call, issue))
    return Answer(204)


def bulk_delete_worklogs(call: Call) -> Answer:
    """Delete those that are there. Another issue's are refused together with all the rest."""
    issue = issue_of(call)
    ids = [str(sent) for sent in call.body["ids"]]
    if not 1 <= len(ids) <= _MOST_DELETED:
        raise errors.refusal(400, errors.WORKLOG_IDS_RANGE)
    found = [worklog for worklog_id in ids if (worklog := call.state.get("worklog", worklog_id)) is not None]
    foreign = [worklog["id"] for worklog in found if worklog["issue"] != issue["id"]]
    missing = [errors.NO_WORKLOG.format(worklog_id) for worklog_id in ids if not call.state.get("worklog", worklog_id)]
    if foreign or not found:
        raise errors.refusal(404, *(errors.NO_WORKLOG.format(worklog_id) for worklog_id in foreign), *missing)
    for worklog in found:
        _delete(call, issue["id"], worklog)
    return Answer(200, {"errorMessages": missing, "errors": {}}) if missing else Answer(204)


OPERATIONS = {
    "jira/getIssueWorklog": get_issue_worklog,
    "jira/getWorklog": get_worklog,
    "jira/addWorklog": add_worklog,
    "jira/updateWorklog": update_worklog,
    "jira/deleteWorklog": delete_worklog,
    "jira/bulkDeleteWorklogs": bulk_delete_worklogs,
}
