"""Rows by the names that callers use. What a caller may not see is missing: without a user, all of it."""

from __future__ import annotations

from dataclasses import replace

from sandlot_server.call import Call
from sandlot_server.jira import errors
from sandlot_server.site.state import Row


def find_issue(call: Call, id_or_key: str) -> Row | None:
    """An issue by id, or by key in any case."""
    if call.user is None:
        return None
    if id_or_key.isdecimal():
        return call.state.get("issue", id_or_key)
    rows = call.state.find("issue", "key", id_or_key) or call.state.find("issue", "key", id_or_key.upper())
    if not rows and (moved := _key_now(call, id_or_key.upper())) is not None:
        rows = call.state.find("issue", "key", moved)
    return rows[0] if rows else None


def _key_now(call: Call, key: str) -> str | None:
    """What an issue's key became when its project got another."""
    former, _, number = key.rpartition("-")
    project = project_formerly(call, former)
    return None if project is None else f"{project['key']}-{number}"


def project_formerly(call: Call, key: str) -> Row | None:
    """The project that had the key before it got another."""
    return next((project for project in call.state.all("project") if key in project["formerKeys"]), None)


def issue_of(call: Call) -> Row:
    """The issue that the path names; 404 without one."""
    row = find_issue(call, call.path["issueIdOrKey"])
    if row is None:
        raise errors.no_issue()
    return row


def find_project(call: Call, id_or_key: str) -> Row | None:
    """A project by id, or by its exact key, or one that it had before."""
    if call.user is None:
        return None
    if id_or_key.isdecimal():
        return call.state.get("project", id_or_key)
    rows = call.state.find("project", "key", id_or_key)
    return rows[0] if rows else project_formerly(call, id_or_key)


def project_of(call: Call) -> Row:
    """The project that the path names; 404 without one."""
    id_or_key = call.path["projectIdOrKey"]
    row = find_project(call, id_or_key)
    if row is None:
        raise errors.no_project(id_or_key)
    return row


def subtasks_of(call: Call, issue: Row) -> list[Row]:
    """Those below an issue that are sub-tasks by their type, by ascending id."""
    children = call.state.find("issue", "parent", issue["id"])
    return [child for child in children if row(call, "issue_type", child["issuetype"])["subtask"]]


def links_of(call: Call, issue: Row) -> list[Row]:
    """The links from and to an issue, oldest first."""
    ends = ("inwardIssue", "outwardIssue")
    links = [link for end in ends for link in call.state.find("issue_link", end, issue["id"])]
    return sorted(links, key=lambda link: int(link["id"]))


def unrestricted(call: Call) -> Call:
    """The same call with everything that is hidden from its caller: for rules and effects that nobody's view bounds."""
    return replace(call, state=call.state.whole)


def visible(call: Call, table: str) -> list[Row]:
    return call.state.all(table) if call.user is not None else []


def row(call: Call, table: str, row_id: str) -> Row:
    """A row that another row refers to: there by construction."""
    found = call.state.get(table, row_id)
    if found is None:
        raise LookupError(f"no {table} {row_id}")
    return found
