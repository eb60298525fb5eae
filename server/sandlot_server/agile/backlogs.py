"""Backlogs: what waits for a sprint, or on a kanban board for its first column; moving issues there and back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandlot_server.agile import errors as texts
from sandlot_server.agile.board_rows import backlog_of, columns_of, issues_on
from sandlot_server.agile.issue_lists import by_place, by_token, count
from sandlot_server.agile.issue_writes import leave_sprint
from sandlot_server.agile.lookups import board_of, reread, sent_issues
from sandlot_server.agile.ranks import rank_as_sent
from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.transitions import lead_to
from sandlot_server.site.state import Row


def issues_of_backlog(call: Call) -> list[Row]:
    return backlog_of(call, board_of(call))


def move_issues_to_backlog(call: Call) -> Answer:
    for issue in sent_issues(call):
        leave_sprint(call, issue)
    return Answer(204)


def move_issues_to_backlog_for_board(call: Call) -> Answer:
    board, issues = _moved(call)
    if board["type"] == "kanban":
        return _transitioned(call, board, issues, 0)
    for issue in issues:
        leave_sprint(call, issue)
    rank_as_sent(call, reread(call, issues))
    return Answer(204)


def move_issues_to_board(call: Call) -> Answer:
    """From the backlog of a kanban board into its first column."""
    board, issues = _moved(call)
    if board["type"] != "kanban":
        raise errors.refusal(400, texts.NO_BACKLOG)
    return _transitioned(call, board, issues, 1)


def _moved(call: Call) -> tuple[Row, list[Row]]:
    """The board, and the issues to move, which must stand on it."""
    board, issues = board_of(call), sent_issues(call)
    there = {issue["id"] for issue in issues_on(call, board)}
    for issue in issues:
        if issue["id"] not in there:
            raise errors.refusal(400, texts.NOT_ON_BOARD.format(issue["key"]))
    return board, issues


def _transitioned(call: Call, board: Row, issues: list[Row], column: int) -> Answer:
    """Move issues to a column by their workflows; 207 tells of each where some cannot go there."""
    columns = columns_of(call, board)
    statuses = columns[column][1] if column < len(columns) else []
    entries = [_entry(issue, _enters(call, issue, statuses)) for issue in issues]
    rank_as_sent(call, reread(call, issues))
    if any("errors" in entry for entry in entries):
        return Answer(207, {"entries": entries})
    return Answer(204)


def _enters(call: Call, issue: Row, statuses: Collection[str]) -> bool:
    return issue["status"] in statuses or lead_to(call, issue, statuses)


def _entry(issue: Row, moved: bool) -> dict[str, Any]:
    told = {"status": 200} if moved else {"status": 400, "errors": [texts.NO_WAY_THERE]}
    return {"issueId": int(issue["id"]), "issueKey": issue["key"], **told}


OPERATIONS = {
    "jira-software/getIssuesForBacklog": by_place(issues_of_backlog),
    "jira-software/getIssuesForBacklogEnhanced": by_token(issues_of_backlog),
    "jira-software/getApproximateIssueCountForBacklog": count(issues_of_backlog),
    "jira-software/moveIssuesToBacklog": move_issues_to_backlog,
    "jira-software/moveIssuesToBacklogForBoard": move_issues_to_backlog_for_board,
    "jira-software/moveIssuesToBoard": move_issues_to_board,
}
