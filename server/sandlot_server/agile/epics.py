"""Epics: one, its name, colour and state, its place among the others, and the issues in it or in none."""

from __future__ import annotations

from sandlot_server.agile import errors as texts
from sandlot_server.agile.board_issues import without_epic
from sandlot_server.agile.issue_lists import by_place, by_token, ranked
from sandlot_server.agile.issue_writes import set_field
from sandlot_server.agile.lookups import epic_of, find_epic, parent_epic, sent_issues
from sandlot_server.agile.ranks import rank
from sandlot_server.agile.views import view_epic
from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.permissions import require
from sandlot_server.site.state import Row

_MOST_NAME = 255


def get_epic(call: Call) -> Answer:
    return Answer(200, view_epic(call, epic_of(call)))


def partially_update_epic(call: Call) -> Answer:
    """The summary is the issue's own and has a history; the rest belongs to the epic alone."""
    epic, body = epic_of(call), call.body
    require(call, epic["project"], "EDIT_ISSUES")
    name = (body.get("name") or "").strip()
    if body.get("name") is not None and not name:
        raise errors.refusal(400, name=texts.NO_NAME)
    if len(name) > _MOST_NAME:
        raise errors.refusal(400, name=texts.LONG_NAME.format(_MOST_NAME + 1))
    if body.get("summary") is not None:
        epic = set_field(call, epic, "summary", body["summary"])
    sent = {"epicName": name or None, "epicColor": (body.get("color") or {}).get("key"), "epicDone": body.get("done")}
    changes = {column: value for column, value in sent.items() if value is not None and epic.get(column) != value}
    if changes:
        epic = {**epic, **changes, "updated": call.now}
        call.state.put("issue", epic)
    return Answer(200, view_epic(call, epic))


def issues_of_epic(call: Call) -> list[Row]:
    return ranked(call.state.find("issue", "parent", epic_of(call)["id"]))


def issues_of_no_epic(call: Call) -> list[Row]:
    return without_epic(call, ranked(call.state.all("issue")))


def move_issues_to_epic(call: Call) -> Answer:
    """An issue is in one epic at most: it leaves the one that it was in."""
    epic = epic_of(call)
    for issue in sent_issues(call):
        set_field(call, issue, "parent", {"id": epic["id"]})
    return Answer(204)


def remove_issues_from_epic(call: Call) -> Answer:
    for issue in sent_issues(call):
        if parent_epic(call, issue) is not None:
            set_field(call, issue, "parent", None)
    return Answer(204)


def rank_epics(call: Call) -> Answer:
    """Among epics alone: their neighbours are epics too."""
    epic, body = epic_of(call), call.body
    require(call, epic["project"], "EDIT_ISSUES")
    before, after = body.get("rankBeforeEpic"), body.get("rankAfterEpic")
    for name in filter(None, (before, after)):
        find_epic(call, name)
    rank(call, [epic], before=before, after=after)
    return Answer(204)


OPERATIONS = {
    "jira-software/getEpic": get_epic,
    "jira-software/partiallyUpdateEpic": partially_update_epic,
    "jira-software/getIssuesForEpic": by_place(issues_of_epic),
    "jira-software/getIssuesWithoutEpic": by_place(issues_of_no_epic),
    "jira-software/getIssuesForEpicEnhanced": by_token(issues_of_epic),
    "jira-software/getIssuesWithoutEpicEnhanced": by_token(issues_of_no_epic),
    "jira-software/moveIssuesToEpic": move_issues_to_epic,
    "jira-software/removeIssuesFromEpic": remove_issues_from_epic,
    "jira-software/rankEpics": rank_epics,
}
