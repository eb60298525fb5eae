"""What hangs on an issue of a seed beside its comments and links: work, watchers, votes, properties."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from sandlot_server.documents import adf
from sandlot_server.site import durations
from sandlot_server.site.state import Row


def times(issue: dict[str, Any]) -> Row:
    """The issue's estimates and the time spent on it. What is left follows, where a seed does not say it."""
    estimates = issue.get("timetracking", {})
    original = _seconds(estimates.get("originalEstimate"))
    worked = [durations.seconds(worklog["timeSpent"]) or 0 for worklog in issue.get("worklogs", ())]
    remaining = _seconds(estimates.get("remainingEstimate"))
    if remaining is None and (worked or original is not None):
        remaining = max(0, (original or 0) - sum(worked))
    return {
        "timeoriginalestimate": original,
        "timeestimate": remaining,
        "timespent": sum(worked) if worked else None,
    }


def _seconds(text: str | None) -> int | None:
    return None if text is None else durations.seconds(text)


def work_rows(
    issue: dict[str, Any],
    row: Row,
    named: Callable[[str, str, str], str],
    new_id: Callable[[str], str],
    clock: int,
    where: str,
) -> Iterator[tuple[str, Row]]:
    """The rows with their tables."""
    here = row["id"]
    for number, worklog in enumerate(issue.get("worklogs", ())):
        author = named("user", worklog["author"], f"{where}/worklogs/{number}/author")
        yield (
            "worklog",
            {
                "id": new_id("worklog"),
                "issue": here,
                "author": author,
                "updateAuthor": author,
                "comment": adf.from_text(worklog["comment"]) if "comment" in worklog else None,
                "created": clock,
                "updated": clock,
                "started": clock,
                "timeSpentSeconds": durations.seconds(worklog["timeSpent"]),
            },
        )
    for number, email in enumerate(issue.get("watchers", ())):
        user = named("user", email, f"{where}/watchers/{number}")
        if user != row["creator"]:  # who watches anyway
            yield "watcher", {"id": f"{here}:{user}", "issue": here, "user": user, "watching": True}
    for number, email in enumerate(issue.get("voters", ())):
        user = named("user", email, f"{where}/voters/{number}")
        yield "vote", {"id": f"{here}:{user}", "issue": here, "user": user}
    for key, value in issue.get("properties", {}).items():
        text = orjson.dumps(value).decode()
        yield "issue_property", {"id": f"{here}:{key}", "issue": here, "key": key, "value": value, "text": text}
