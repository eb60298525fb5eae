"""What Jira Software keeps in an issue: the sprints that it is or was in, and its rank among all issues.

Both are custom fields, with the ids that they have on most Cloud sites. A rank is a LexoRank, text that sorts:
"0|i000003f:" is a whole number in base 36, "0|i000003f:i" lies between it and the next one. An issue that nobody
ranked has none in its row and stands where it was created, by the whole number that its id is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the tables are declared with the names from here
    from sandlot_server.site.state import Row, State

SPRINT, RANK = "customfield_10020", "customfield_10019"

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_WIDTH = 8
_FIRST = f"0|i{'0' * _WIDTH}:"


def sprints_of(state: State, issue: Row) -> list[Row]:
    """The sprints of an issue, the latest last. A sub-task is where its parent is."""
    parent = state.get("issue", issue["parent"]) if issue.get("parent") else None
    if parent is not None and (state.get("issue_type", issue["issuetype"]) or {}).get("subtask"):
        issue = parent
    found = (state.get("sprint", sprint_id) for sprint_id in issue.get(SPRINT) or ())
    return [sprint for sprint in found if sprint is not None]


def rank_of(issue: Row) -> str:
    return str(issue.get(RANK) or _written(_base36(int(issue["id"]))))


def by_rank(issue: Row) -> tuple[str, int]:
    """What issues are sorted by where nothing else is asked for."""
    return rank_of(issue), int(issue["id"])


def rank_between(low: str | None, high: str | None) -> str:
    """A rank after `low` and before `high`; None is the start, and the end: before the next issue to be created."""
    below = _digits(low or _FIRST)
    above = _digits(high) if high is not None else _base36(int(below[:_WIDTH], 36) + 1)
    width = max(len(below), len(above))
    while True:
        least, most = int(below.ljust(width, "0"), 36), int(above.ljust(width, "0"), 36)
        if most - least > 1:
            return _written(_base36((least + most) // 2, width))
        width += 1


def _digits(rank: str) -> str:
    return rank.removeprefix("0|i").replace(":", "")


def _written(digits: str) -> str:
    return f"0|i{digits[:_WIDTH]}:{digits[_WIDTH:].rstrip('0')}"


def _base36(number: int, width: int = _WIDTH) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits.zfill(width)
