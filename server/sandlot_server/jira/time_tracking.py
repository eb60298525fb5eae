"""An issue's estimates and the time spent on it, alone and with its sub-tasks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandlot_server.call import Call
from sandlot_server.jira import errors
from sandlot_server.jira.errors import FieldError
from sandlot_server.jira.issue_values import Draft
from sandlot_server.jira.lookups import subtasks_of
from sandlot_server.site import durations
from sandlot_server.site.state import Row

ORIGINAL, REMAINING, SPENT = COLUMNS = ("timeoriginalestimate", "timeestimate", "timespent")
"""The columns of an issue, in seconds, None where nothing is said."""

_TEXTS = {ORIGINAL: errors.BAD_ORIGINAL_ESTIMATE, REMAINING: errors.BAD_REMAINING_ESTIMATE}
_MEMBERS = {ORIGINAL: "originalEstimate", REMAINING: "remainingEstimate", SPENT: "timeSpent"}


def read(draft: Draft, value: Any) -> dict[str, int | None]:
    """The columns that a request's `timetracking` sets. Null empties both estimates, a blank text its own."""
    if value is None:
        return {ORIGINAL: None, REMAINING: None}
    if not isinstance(value, dict):
        raise FieldError(errors.NOT_AN_OBJECT)
    sent = {column: _estimate(value[name], column) for column, name in _sent(value)}
    return sent | _following(draft, sent)


def _sent(value: Row) -> Iterable[tuple[str, str]]:
    return [(column, _MEMBERS[column]) for column in _TEXTS if value.get(_MEMBERS[column]) is not None]


def _estimate(text: Any, column: str) -> int | None:
    if not isinstance(text, str):
        raise FieldError(errors.NOT_A_STRING_PROPERTY.format(_MEMBERS[column]))
    if not text.strip():
        return None
    length = durations.seconds(text)
    if length is None:
        raise FieldError(_TEXTS[column], f"timetracking_{_MEMBERS[column].lower()}")
    return length


def _following(draft: Draft, sent: dict[str, int | None]) -> dict[str, int | None]:
    """One estimate stands for both on a new issue; later the original one does, until time is spent or left."""
    if len(sent) != 1:
        return {}
    ((column, length),) = sent.items()
    if not draft.issue:
        return {REMAINING if column == ORIGINAL else ORIGINAL: length}
    untouched = draft.now(REMAINING) is None and draft.now(SPENT) is None
    return {REMAINING: length} if column == ORIGINAL and untouched else {}


def trace(call: Call, length: int | None) -> tuple[str | None, str | None]:
    """An estimate as the history writes it: its seconds, twice."""
    return (None, None) if length is None else (str(length), str(length))


def view(issue: Row) -> dict[str, Any]:
    """The field `timetracking`: what is known, in words and then in seconds."""
    known = {_MEMBERS[column]: issue[column] for column in COLUMNS if issue.get(column) is not None}
    return {
        **{name: durations.spelled(length) for name, length in known.items()},
        **{f"{name}Seconds": length for name, length in known.items()},
    }


def progress(issues: list[Row]) -> dict[str, int]:
    """The time spent on issues, of that and what is left."""
    spent = total(issues, SPENT) or 0
    whole = spent + (total(issues, REMAINING) or 0)
    shown = {"progress": spent, "total": whole}
    return {**shown, "percent": 100 * spent // whole} if whole else shown


def work_ratio(issue: Row) -> int:
    """The time spent in percent of the original estimate, -1 without one."""
    original = issue.get(ORIGINAL)
    return 100 * (issue.get(SPENT) or 0) // original if original else -1


def with_subtasks(call: Call, issue: Row) -> list[Row]:
    return [issue, *subtasks_of(call, issue)]


def total(issues: list[Row], column: str) -> int | None:
    """The sum of a column, None where no issue has a value."""
    lengths = [issue[column] for issue in issues if issue.get(column) is not None]
    return sum(lengths) if lengths else None
