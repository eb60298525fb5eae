"""Components and versions on issues: taking one away when it is deleted, or putting another in its place."""

from __future__ import annotations

from collections.abc import Iterable

from sandlot_server.call import Call
from sandlot_server.jira.custom_fields import fields_of
from sandlot_server.jira.issue_values import Draft
from sandlot_server.jira.issue_writes import save
from sandlot_server.jira.lookups import row
from sandlot_server.site.state import Row


def issues_with(call: Call, column: str, part: Row) -> list[Row]:
    """The issues that name a component or a version in one of their columns."""
    issues = call.state.find("issue", "project", part["project"])
    return [issue for issue in issues if part["id"] in (issue[column] or ())]


def replace(call: Call, column: str, part: Row, other: str | None, issues: Iterable[Row]) -> None:
    """Put another component or version, by its id, in the place of one; None takes it away. The history tells it."""
    for issue in issues:
        issue = row(call, "issue", issue["id"])
        project, issue_type = row(call, "project", issue["project"]), row(call, "issue_type", issue["issuetype"])
        kept = [one for one in issue[column] if one not in (part["id"], other)]
        values = {column: [*kept, other] if other is not None else kept}
        save(Draft(call, project, issue_type, issue, values), fields_of(call, project["id"]))
