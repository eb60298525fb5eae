"""From a value in a request to the value of an issue's column: one function for each kind of field.

Each takes the draft (the issue being written) and the JSON value, and returns what the row keeps. A value
that the field does not take raises FieldError with the product's text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sandlot_server.call import Call
from sandlot_server.documents import adf, wiki
from sandlot_server.jira import errors
from sandlot_server.jira.errors import DocumentError, FieldError
from sandlot_server.jira.lookups import find_issue, row
from sandlot_server.jira.permissions import holds
from sandlot_server.site.state import Row

MAX_SUMMARY = 255


class Link(NamedTuple):
    """A link to make: its type's id, the other issue's id, and the end that this one is, "inwardIssue" or the other."""

    type: str
    end: str
    issue: str


@dataclass(slots=True)
class Draft:
    """An issue while a request is written into it. `issue` is the row as it stands, {} for a new issue;
    `values` are the columns set so far, `comments` the documents to add as comments, `links` the links to make."""

    call: Call
    project: Row
    issue_type: Row
    issue: Row
    values: dict[str, Any] = field(default_factory=dict)
    comments: list[Row] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)

    def now(self, column: str) -> Any:
        """The column's value with what is set so far."""
        return self.values.get(column, self.issue.get(column))


Reader = Callable[[Draft, Any], Any]


def text(draft: Draft, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise FieldError(errors.NOT_A_STRING)
    return value or None


def summary(draft: Draft, value: Any) -> str:
    line = text(draft, value)
    if line is None or not line.strip():
        raise FieldError(errors.NO_SUMMARY)
    if "\n" in line or "\r" in line:
        raise FieldError(errors.NEWLINE_SUMMARY)
    if len(line) > MAX_SUMMARY:
        raise FieldError(errors.LONG_SUMMARY)
    return line


def rich_text(draft: Draft, value: Any) -> Row | None:
    """Wiki markup in v2, an ADF document in v3; kept as ADF either way."""
    if value is None:
        return None
    if draft.call.version == 2:
        markup = text(draft, value)
        return wiki.to_adf(markup) if markup and markup.strip() else None
    if not isinstance(value, dict):
        raise FieldError(errors.NOT_A_DOCUMENT)
    if adf.validate(value) is not None:
        raise DocumentError
    return value


def number(draft: Draft, value: Any) -> float | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise FieldError(errors.NOT_A_NUMBER)
    return value


def day(draft: Draft, value: Any) -> str | None:
    """A date as YYYY-MM-DD."""
    sent = text(draft, value)
    if sent is None:
        return None
    try:
        date.fromisoformat(sent)
    except ValueError:
        raise FieldError(errors.BAD_DATE.format(sent)) from None
    if len(sent) != len("2026-01-31"):
        raise FieldError(errors.BAD_DATE.format(sent))
    return sent


def labels(draft: Draft, value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise FieldError(errors.NOT_AN_ARRAY)
    for index, label in enumerate(value):
        if not isinstance(label, str):
            raise FieldError(errors.NOT_A_STRING_AT.format(index))
        if not label or label.split() != [label]:
            raise FieldError(errors.LABEL_WITH_BLANK.format(label))
    return sorted(set(value))


def priority(draft: Draft, value: Any) -> str | None:
    return _named(draft, value, "priority", errors.BAD_PRIORITY_ID)


def resolution(draft: Draft, value: Any) -> str | None:
    return _named(draft, value, "resolution", errors.BAD_ID)


def _named(draft: Draft, value: Any, table: str, bad_id: str) -> str | None:
    """The id of a row of a closed list, given {"id": ...} or {"name": ...}."""
    if value is None:
        return None
    sent = value if isinstance(value, dict) else {}
    if sent.get("id"):
        found = draft.call.state.get(table, str(sent["id"]))
        if found is None:
            raise FieldError(bad_id.format(table.capitalize(), sent["id"]))
        return str(found["id"])
    if not sent.get("name"):
        raise FieldError(errors.NO_NAME_OR_ID.format(table))
    for candidate in draft.call.state.all(table):
        if candidate["name"] == sent["name"]:
            return str(candidate["id"])
    raise FieldError(errors.BAD_NAME.format(table.capitalize(), sent["name"]))


def parts(table: str) -> Reader:
    """The ids of the project's components or versions that a list of {"id": ...} and {"name": ...} names."""

    def read(draft: Draft, value: Any) -> list[str]:
        if value is None:
            return []
        if not isinstance(value, list):
            raise FieldError(errors.NOT_AN_ARRAY)
        return sorted({_part(draft, table, one) for one in value})

    return read


def _part(draft: Draft, table: str, value: Any) -> str:
    if not isinstance(value, dict):
        raise FieldError(errors.NOT_AN_OBJECT)
    by = "id" if value.get("id") else "name"
    wanted = value.get(by)
    if not wanted:
        raise FieldError(errors.NO_NAME_OR_ID.format(table))
    for candidate in draft.call.state.find(table, "project", draft.project["id"]):
        if candidate[by] == str(wanted):
            return str(candidate["id"])
    raise FieldError((errors.BAD_ID if by == "id" else errors.BAD_NAME).format(table.capitalize(), wanted))


def issue_type(draft: Draft, value: Any) -> str:
    """Another type of the same project, on the same level of the hierarchy."""
    found = project_type(draft.call, draft.project, value)
    if found is None:
        raise FieldError(errors.BAD_ISSUE_TYPE)
    if found["subtask"] and not draft.now("parent"):
        raise FieldError(errors.SUBTASK_WITHOUT_PARENT)
    if found["hierarchyLevel"] != draft.issue_type["hierarchyLevel"]:
        raise FieldError(errors.WRONG_ISSUE_TYPE)
    return str(found["id"])


def project_type(call: Call, project: Row, value: Any) -> Row | None:
    """The project's issue type that {"id": ...} or {"name": ...} names."""
    sent = value if isinstance(value, dict) else {}
    for type_id in project["issueTypes"]:
        candidate = row(call, "issue_type", type_id)
        if str(sent.get("id")) == type_id or ("id" not in sent and sent.get("name") == candidate["name"]):
            return candidate
    return None


def user(name: str) -> Reader:
    """The account id in {"accountId": ...} or {"id": ...}; the field is called `name` in refusals."""

    def read(draft: Draft, value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise FieldError(errors.NOT_AN_OBJECT)
        key = "accountId" if "accountId" in value else "id"
        return account(draft.call, name, value.get(key, ""))

    return read


def account(call: Call, name: str, account_id: str | None) -> str | None:
    """The id of somebody active. None and "-1" (automatic, and no project assigns anybody) are nobody."""
    if account_id is None or account_id == "-1":
        return None
    found = call.state.get("user", account_id) if isinstance(account_id, str) else None
    if found is None or not found["active"]:
        raise FieldError(errors.BAD_USER.format(name))
    return account_id


_assignee, _reporter = user("assignee"), user("reporter")


def assignee(draft: Draft, value: Any) -> str | None:
    return assignable(draft.call, draft.project, _assignee(draft, value))


def assignable(call: Call, project: Row, account_id: str | None) -> str | None:
    """The id of somebody who can be assigned in a project, or None for nobody."""
    found = account(call, "assignee", account_id)
    person = None if found is None else row(call, "user", found)
    if person is not None and not holds(person, "ASSIGNABLE_USER", project):
        raise FieldError(errors.NOT_ASSIGNABLE.format(person["displayName"]))
    return found


def reporter(draft: Draft, value: Any) -> str:
    found = _reporter(draft, value)
    if found is None:
        raise FieldError(errors.REQUIRED.format("Reporter"))
    return str(found)


def parent(draft: Draft, value: Any) -> str | None:
    """The id of an issue one level up; a sub-task must have one, in its own project."""
    subtask = draft.issue_type["subtask"]
    if value is None:
        if subtask:
            raise FieldError(errors.SUBTASK_WITHOUT_PARENT)
        return None
    if not isinstance(value, dict):
        raise FieldError(errors.NOT_AN_OBJECT)
    if not isinstance(value.get("key", ""), str):
        raise FieldError(errors.NOT_A_STRING_PROPERTY.format("key"))
    named = value.get("key") or value.get("id")
    found = find_issue(draft.call, str(named)) if named else None
    if found is None:
        raise FieldError(errors.NO_PARENT)
    level = row(draft.call, "issue_type", found["issuetype"])["hierarchyLevel"]
    if level != draft.issue_type["hierarchyLevel"] + 1 or (subtask and found["project"] != draft.project["id"]):
        raise FieldError(errors.BAD_PARENT)
    return str(found["id"])


def option(field_id: str, name: str) -> Reader:
    """The text of one of the field's options, given {"value": ...} or {"id": ...}."""

    def read(draft: Draft, value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise FieldError(errors.NO_OPTION.format(name))
        options = row(draft.call, "field", field_id)["options"]
        for candidate in options:
            if value.get("id") == candidate["id"] or ("id" not in value and value.get("value") == candidate["value"]):
                return str(candidate["value"])
        if "id" not in value and "value" in value:
            raise FieldError(errors.BAD_OPTION_VALUE.format(value["value"]))
        raise FieldError(errors.BAD_OPTION_ID.format(value.get("id", "null")))

    return read
