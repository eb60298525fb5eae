"""The issues of a board: all, those of one of its sprints, of one of its epics, and of none; its epics."""

from __future__ import annotations

from sandlot_server.agile.board_rows import issues_on
from sandlot_server.agile.issue_lists import by_place, by_token, count, ranked
from sandlot_server.agile.lookups import board_of, epic_of, is_epic, level_of, parent_epic, sprint_board, sprint_of
from sandlot_server.agile.views import view_epic
from sandlot_server.agile.wire import flag, page
from sandlot_server.call import Answer, Call
from sandlot_server.site.software import sprints_of
from sandlot_server.site.state import Row


def issues_of_board(call: Call) -> list[Row]:
    return issues_on(call, board_of(call))


def issues_of_sprint(call: Call) -> list[Row]:
    board, sprint = sprint_board(board_of(call)), sprint_of(call)
    return [issue for issue in issues_on(call, board) if sprint in sprints_of(call.state, issue)]


def issues_of_epic(call: Call) -> list[Row]:
    board, epic = board_of(call), epic_of(call)
    return [issue for issue in issues_on(call, board) if issue["parent"] == epic["id"]]


def issues_of_no_epic(call: Call) -> list[Row]:
    return without_epic(call, issues_of_board(call))


def without_epic(call: Call, issues: list[Row]) -> list[Row]:
    """Those that could be in an epic and are in none."""
    return [issue for issue in issues if level_of(call, issue) == 0 and parent_epic(call, issue) is None]


def get_epics(call: Call) -> Answer:
    """The epics on the board and those that its issues are in, by rank."""
    issues = issues_on(call, board_of(call))
    done = flag(call, "done")
    above = (parent_epic(call, issue) for issue in issues)
    found = {epic["id"]: epic for epic in (*issues, *above) if epic is not None and is_epic(call, epic)}
    epics = [epic for epic in ranked(list(found.values())) if done is None or bool(epic.get("epicDone")) == done]
    return Answer(200, page(call, epics, lambda epic: view_epic(call, epic)))


OPERATIONS = {
    "jira-software/getIssuesForBoard": by_place(issues_of_board),
    "jira-software/getBoardIssuesForSprint": by_place(issues_of_sprint),
    "jira-software/getBoardIssuesForEpic": by_place(issues_of_epic),
    "jira-software/getIssuesWithoutEpicForBoard": by_place(issues_of_no_epic),
    "jira-software/getIssuesForBoardEnhanced": by_token(issues_of_board),
    "jira-software/getBoardIssuesForSprintEnhanced": by_token(issues_of_sprint),
    "jira-software/getBoardIssuesForEpicEnhanced": by_token(issues_of_epic),
    "jira-software/getIssuesWithoutEpicForBoardEnhanced": by_token(issues_of_no_epic),
    "jira-software/getApproximateIssueCountForBoard": count(issues_of_board),
    "jira-software/getEpics": get_epics,
}
