"""Sprints of a board: creating, starting, completing and deleting one, its place among the others, its issues."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandlot_server.agile import errors as texts
from sandlot_server.agile.issue_lists import by_place, by_token, ranked
from sandlot_server.agile.issue_writes import leave_sprint, set_field
from sandlot_server.agile.lookups import (
    board_of,
    find_board,
    find_sprint,
    require_sprints,
    reread,
    sent_issues,
    sprint_board,
    sprint_of,
)
from sandlot_server.agile.ranks import rank_as_sent
from sandlot_server.agile.views import view_sprint
from sandlot_server.agile.wire import page
from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import unrestricted
from sandlot_server.site.software import SPRINT, sprints_of
from sandlot_server.site.state import Row

STATES = ("closed", "active", "future")
_MOST_NAME = 30


def get_all_sprints(call: Call) -> Answer:
    """The closed ones first and the future ones last, each kind in its order on the board."""
    board = sprint_board(board_of(call))
    states = [word.strip().lower() for word in call.query.get("state", "").split(",") if word.strip()]
    for word in states:
        if word not in STATES:
            raise errors.refusal(400, texts.BAD_STATE.format(word))
    sprints = [one for one in call.state.find("sprint", "board", board["id"]) if not states or one["state"] in states]
    sprints.sort(key=lambda sprint: (STATES.index(sprint["state"]), sprint["position"]))
    return Answer(200, page(call, sprints, lambda sprint: view_sprint(call, sprint)))


def create_sprint(call: Call) -> Answer:
    body = call.body
    wrong = _wrong(body, whole=True)
    if body.get("originBoardId") is None:
        wrong["originBoardId"] = texts.NO_ORIGIN_BOARD
    if wrong:
        raise errors.field_refusal(wrong)
    board = sprint_board(find_board(call, body["originBoardId"]))
    require_sprints(call, board["id"])
    places = [sprint["position"] for sprint in call.state.find("sprint", "board", board["id"])]
    sprint = {
        "id": call.state.next_id("sprint"),
        "name": body["name"].strip(),
        "state": "future",
        "goal": body.get("goal") or "",
        "startDate": _moment(body.get("startDate")),
        "endDate": _moment(body.get("endDate")),
        "completeDate": None,
        "createdDate": call.now,
        "position": max(places, default=0) + 1,
        "board": board["id"],
    }
    _check_dates(sprint)
    call.state.put("sprint", sprint)
    return Answer(201, view_sprint(call, sprint))


def get_sprint(call: Call) -> Answer:
    return Answer(200, view_sprint(call, sprint_of(call)))


def update_sprint(call: Call) -> Answer:
    """What is not sent is emptied."""
    sent = {**dict.fromkeys(_READ), **call.body}
    wrong = _wrong(sent, whole=True)
    if sent["state"] is None:
        wrong["state"] = texts.NO_STATE
    return _changed(call, sent, wrong)


def partially_update_sprint(call: Call) -> Answer:
    """What is not sent, or sent as null, stays as it is."""
    sent = {name: value for name, value in call.body.items() if value is not None}
    return _changed(call, sent, _wrong(sent, whole=False))


def _changed(call: Call, sent: Row, wrong: dict[str, str]) -> Answer:
    """Write what can be written: of a closed sprint the name and the goal alone."""
    sprint = sprint_of(call)
    require_sprints(call, sprint["board"])
    if wrong:
        raise errors.field_refusal(wrong)
    values = {name: value for name, value in sent.items() if name in _READ}
    if sprint["state"] == "closed":
        values = {name: value for name, value in values.items() if name in ("name", "goal")}
    changed = {**sprint, **{name: _READ[name](value) for name, value in values.items()}}
    _check_dates(changed)
    if changed["state"] != sprint["state"]:
        changed |= _entered(call, sprint["state"], changed["state"])
    if changed["state"] == "active" and None in (changed["startDate"], changed["endDate"]):
        raise errors.refusal(400, texts.NO_DATES)
    call.state.put("sprint", changed)
    return Answer(200, view_sprint(call, changed))


def _entered(call: Call, before: str, after: str) -> Row:
    """What follows from a change of state. There is one road: from future to active, from active to closed."""
    if (before, after) == ("active", "closed"):
        return {"completeDate": call.now}
    if (before, after) != ("future", "active"):
        raise errors.refusal(400, texts.NOT_STARTED if after == "closed" else texts.NO_WAY_BACK.format(before, after))
    return {}


def _wrong(sent: Row, *, whole: bool) -> dict[str, str]:
    """What of the members cannot be taken, by name; a `whole` sprint needs its name."""
    wrong: dict[str, str] = {}
    name = sent.get("name")
    if (whole or name is not None) and not (name or "").strip():
        wrong["name"] = texts.NO_NAME
    elif name is not None and len(name.strip()) > _MOST_NAME:
        wrong["name"] = texts.LONG_NAME.format(_MOST_NAME + 1)
    state = sent.get("state")
    if state is not None and state.lower() not in STATES:
        wrong["state"] = texts.BAD_STATE.format(state)
    for date in ("startDate", "endDate"):
        try:
            _moment(sent.get(date))
        except (ValueError, OverflowError):
            wrong[date] = texts.BAD_MOMENT.format(sent[date])
    return wrong


def _moment(text: str | None) -> int | None:
    """A date and time in ISO 8601 as epoch milliseconds; one without a zone is in UTC."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(utc.timestamp() * 1000)


_READ: dict[str, Callable[[Any], Any]] = {
    "name": str.strip,
    "goal": lambda goal: goal or "",
    "state": str.lower,
    "startDate": _moment,
    "endDate": _moment,
}


def _check_dates(sprint: Row) -> None:
    start, end = sprint["startDate"], sprint["endDate"]
    if start is not None and end is not None and end <= start:
        raise errors.refusal(400, texts.END_BEFORE_START)


def delete_sprint(call: Call) -> Answer:
    """Its issues go back to the backlog."""
    sprint = sprint_of(call)
    require_sprints(call, sprint["board"])
    if sprint["state"] == "closed":
        raise errors.refusal(400, texts.DELETED_CLOSED)
    call = unrestricted(call)
    for issue in call.state.all("issue"):
        if sprint["id"] in (issue.get(SPRINT) or ()):
            leave_sprint(call, issue)
    call.state.delete("sprint", sprint["id"])
    return Answer(204)


def swap_sprint(call: Call) -> Answer:
    """Two open sprints of a board change their places."""
    sprint = sprint_of(call)
    require_sprints(call, sprint["board"])
    asked = call.body.get("sprintToSwapWith")
    if asked is None:
        raise errors.refusal(400, texts.SWAPPED_WITH_NOTHING)
    other = find_sprint(call, asked)
    if other["board"] != sprint["board"] or "closed" in (sprint["state"], other["state"]):
        raise errors.refusal(400, texts.SWAPPED_ELSEWHERE)
    call.state.put("sprint", {**sprint, "position": other["position"]})
    call.state.put("sprint", {**other, "position": sprint["position"]})
    return Answer(204)


def issues_of_sprint(call: Call) -> list[Row]:
    sprint = sprint_of(call)
    return ranked([issue for issue in call.state.all("issue") if sprint in sprints_of(call.state, issue)])


def move_issues_to_sprint_and_rank(call: Call) -> Answer:
    sprint, issues = sprint_of(call), sent_issues(call)
    for issue in issues:
        set_field(call, issue, SPRINT, sprint["id"])
    rank_as_sent(call, reread(call, issues))
    return Answer(204)


OPERATIONS = {
    "jira-software/getAllSprints": get_all_sprints,
    "jira-software/createSprint": create_sprint,
    "jira-software/getSprint": get_sprint,
    "jira-software/updateSprint": update_sprint,
    "jira-software/partiallyUpdateSprint": partially_update_sprint,
    "jira-software/renameSprint": partially_update_sprint,
    "jira-software/deleteSprint": delete_sprint,
    "jira-software/swapSprint": swap_sprint,
    "jira-software/getIssuesForSprint": by_place(issues_of_sprint),
    "jira-software/getIssuesForSprintEnhanced": by_token(issues_of_sprint),
    "jira-software/moveIssuesToSprintAndRank": move_issues_to_sprint_and_rank,
}
