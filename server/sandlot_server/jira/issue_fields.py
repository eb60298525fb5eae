"""Every field of an issue, in one table: its name and type, how it is read, shown and traced in the history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sandlot_server.call import Call
from sandlot_server.documents import wiki
from sandlot_server.jira import attachments, comments, issue_values, time_tracking, votes, watchers, worklogs
from sandlot_server.jira.components import components_of, view_component
from sandlot_server.jira.issue_link_types import view_issue_link_type
from sandlot_server.jira.issue_types import view_issue_type
from sandlot_server.jira.issue_values import Reader
from sandlot_server.jira.lookups import links_of, row, subtasks_of, unrestricted
from sandlot_server.jira.priorities import view_priority
from sandlot_server.jira.projects import types_of, view_project
from sandlot_server.jira.resolutions import view_resolution
from sandlot_server.jira.statuses import view_category, view_status
from sandlot_server.jira.users import view_user
from sandlot_server.jira.versions import versions_of, view_version
from sandlot_server.jira.wire import api, timestamp
from sandlot_server.site.state import Row

_VIEWS: dict[str, Callable[[str, Row], dict[str, Any]]] = {
    "user": view_user,
    "project": view_project,
    "issue_type": view_issue_type,
    "status": view_status,
    "priority": view_priority,
    "resolution": view_resolution,
    "issue_link_type": view_issue_link_type,
    "component": view_component,
    "version": view_version,
}


class View:
    """Shows issues of one call. What many of them refer to is made once, for later calls too."""

    __slots__ = ("call", "root")

    def __init__(self, call: Call) -> None:
        self.call = call
        self.root = api(call)

    def ref(self, table: str, row_id: str | None) -> dict[str, Any] | None:
        """The view of a row that an issue refers to."""
        if row_id is None:
            return None
        view: dict[str, Any] | None = self.call.state.memoized(
            table, row_id, self.root, partial(_VIEWS[table], self.root)
        )
        if view is None:
            raise LookupError(f"no {table} {row_id}")
        return view

    def related(self, issue: Row) -> dict[str, Any]:
        """Another issue in short, as `parent`, `subtasks` and links show it."""
        return {
            "id": issue["id"],
            "key": issue["key"],
            "self": f"{self.root}/issue/{issue['id']}",
            "fields": {
                "summary": issue["summary"],
                "status": self.ref("status", issue["status"]),
                "priority": self.ref("priority", issue["priority"]),
                "issuetype": self.ref("issue_type", issue["issuetype"]),
            },
        }

    def link(self, link: Row) -> dict[str, Any]:
        """An issue link without its ends."""
        return {
            "id": link["id"],
            "self": f"{self.root}/issueLink/{link['id']}",
            "type": self.ref("issue_link_type", link["type"]),
        }


Trace = tuple[str | None, str | None]
Show = Callable[[View, Row], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """`show` renders it from the issue's row; `read` makes its column's value of a request's, None where it
    cannot be set; `trace` is a value as the history writes it: (id, text)."""

    id: str
    name: str
    schema: dict[str, Any]
    show: Show
    read: Reader | None = None
    trace: Callable[[Call, Any], Trace] = lambda call, value: (None, value)
    each: bool = False
    """Whether the history tells of every element that came or went by itself."""
    spread: bool = False
    """Whether `read` makes the values of several columns, by their names, and none of the field's own."""
    operations: tuple[str, ...] = ("set",)
    clauses: tuple[str, ...] = ()
    navigable: bool = True
    allowed: Callable[[View, Row, Row], list[Any]] | None = None
    complete: str = ""
    """Where clients look values up: a path under the API's root, with {project} for the project's key."""
    rich: bool = False


def column(name: str) -> Show:
    return lambda view, issue: issue.get(name)


def _time(name: str) -> Show:
    return lambda view, issue: None if issue.get(name) is None else timestamp(issue[name])


def document(name: str) -> Show:
    return lambda view, issue: comments.rich_text(view.call.version, issue.get(name))


def ref(name: str, table: str) -> Show:
    return lambda view, issue: view.ref(table, issue.get(name))


def _refs(name: str, table: str) -> Show:
    return lambda view, issue: [view.ref(table, row_id) for row_id in issue.get(name) or ()]


def _always(value: Any) -> Show:
    """A part of Jira that this site does not use: there, and empty."""
    return lambda view, issue: value


def traced_name(table: str, column: str = "name") -> Callable[[Call, Any], Trace]:
    def trace(call: Call, row_id: Any) -> Trace:
        return (None, None) if row_id is None else (row_id, row(unrestricted(call), table, row_id)[column])

    return trace


def traced_document(call: Call, doc: Any) -> Trace:
    return (None, None if doc is None else wiki.from_adf(doc))


def traced_labels(call: Call, labels: Any) -> Trace:
    return ("", " ".join(labels or ()))


def traced_value(call: Call, value: Any) -> Trace:
    return (value, value)


def traced_number(call: Call, value: Any) -> Trace:
    return (None, None if value is None else f"{value:.15g}")


def _show_parent(view: View, issue: Row) -> Any:
    parent = view.call.state.get("issue", issue["parent"]) if issue.get("parent") else None
    return None if parent is None else view.related(parent)


def _show_subtasks(view: View, issue: Row) -> list[Any]:
    return [view.related(subtask) for subtask in subtasks_of(view.call, issue)]


def _show_links(view: View, issue: Row) -> list[Any]:
    """Each link with its other end."""
    shown = []
    for link in links_of(view.call, issue):
        other = "outwardIssue" if link["inwardIssue"] == issue["id"] else "inwardIssue"
        shown.append({**view.link(link), other: view.related(row(view.call, "issue", link[other]))})
    return shown


def _show_status_category(view: View, issue: Row) -> Any:
    return view_category(view.root, row(view.call, "status", issue["status"])["category"])


def _show_comments(view: View, issue: Row) -> dict[str, Any]:
    found = comments.comments_of(view.call, issue)
    return {
        "comments": [comments.view_comment(view.call, comment) for comment in found],
        "self": f"{view.root}/issue/{issue['id']}/comment",
        "maxResults": len(found),
        "total": len(found),
        "startAt": 0,
    }


def _total(name: str) -> Show:
    """The sum of a column over an issue and its sub-tasks."""
    return lambda view, issue: time_tracking.total(time_tracking.with_subtasks(view.call, issue), name)


def _show_attachments(view: View, issue: Row) -> list[Any]:
    found = view.call.state.find("attachment", "issue", issue["id"])
    return [attachments.view_attachment(view.root, one, view.ref("user", one["author"])) for one in found]


def _all(table: str) -> Callable[[View, Row, Row], list[Any]]:
    return lambda view, project, issue_type: [view.ref(table, found["id"]) for found in view.call.state.all(table)]


USER, _DATETIME, STRING, NUMBER = (
    {"type": "user"},
    {"type": "datetime"},
    {"type": "string"},
    {"type": "number"},
)


def array(items: str) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _versions(name: str, title: str, clause: str) -> Field:
    return Field(
        name,
        title,
        array("version"),
        _refs(name, "version"),
        issue_values.parts("version"),
        traced_name("version"),
        each=True,
        operations=("add", "set", "remove"),
        clauses=(clause,),
        allowed=lambda view, project, issue_type: [
            view.ref("version", one["id"]) for one in versions_of(view.call, project) if not one["archived"]
        ],
    )


_TABLE = (
    Field("statuscategorychangedate", "Status Category Changed", _DATETIME, _time("statuscategorychangedate")),
    Field(
        "issuetype",
        "Issue Type",
        {"type": "issuetype"},
        ref("issuetype", "issue_type"),
        issue_values.issue_type,
        traced_name("issue_type"),
        clauses=("issuetype", "type"),
        operations=(),
        allowed=lambda view, project, issue_type: [
            view.ref("issue_type", one["id"]) for one in types_of(view.call, project)
        ],
    ),
    Field(
        "parent",
        "Parent",
        {"type": "issuelink"},
        _show_parent,
        issue_values.parent,
        traced_name("issue", "key"),
    ),
    Field("timespent", "Time Spent", NUMBER, column("timespent"), navigable=False),
    Field(
        "project",
        "Project",
        {"type": "project"},
        ref("project", "project"),
        allowed=lambda view, project, issue_type: [view.ref("project", project["id"])],
    ),
    _versions("fixVersions", "Fix versions", "fixVersion"),
    Field("aggregatetimespent", "Σ Time Spent", NUMBER, _total("timespent")),
    Field("statusCategory", "Status Category", {"type": "statusCategory"}, _show_status_category),
    Field(
        "resolution",
        "Resolution",
        {"type": "resolution"},
        ref("resolution", "resolution"),
        issue_values.resolution,
        traced_name("resolution"),
        allowed=_all("resolution"),
    ),
    Field(
        "resolutiondate",
        "Resolved",
        _DATETIME,
        _time("resolutiondate"),
        clauses=("resolutiondate", "resolved"),
    ),
    Field("workratio", "Work Ratio", NUMBER, lambda view, issue: time_tracking.work_ratio(issue)),
    Field(
        "watches",
        "Watchers",
        {"type": "watches"},
        lambda view, issue: watchers.view_watches(view.call, issue),
        clauses=("watchers",),
    ),
    Field("lastViewed", "Last Viewed", _DATETIME, _always(None)),
    Field("created", "Created", _DATETIME, _time("created"), clauses=("created", "createdDate")),
    Field(
        "priority",
        "Priority",
        {"type": "priority"},
        ref("priority", "priority"),
        issue_values.priority,
        traced_name("priority"),
        allowed=_all("priority"),
    ),
    Field(
        "labels",
        "Labels",
        array("string"),
        column("labels"),
        issue_values.labels,
        traced_labels,
        operations=("add", "set", "remove"),
        complete="/label?query=",
    ),
    Field("aggregatetimeoriginalestimate", "Σ Original Estimate", NUMBER, _total("timeoriginalestimate")),
    Field("timeestimate", "Remaining Estimate", NUMBER, column("timeestimate"), trace=time_tracking.trace),
    _versions("versions", "Affects versions", "affectedVersion"),
    Field("issuelinks", "Linked Issues", array("issuelinks"), _show_links, operations=("add",), clauses=("issueLink",)),
    Field(
        "assignee",
        "Assignee",
        USER,
        ref("assignee", "user"),
        issue_values.assignee,
        traced_name("user", "displayName"),
        complete="/user/assignable/search?project={project}&query=",
    ),
    Field("updated", "Updated", _DATETIME, _time("updated"), clauses=("updated", "updatedDate")),
    Field("status", "Status", {"type": "status"}, ref("status", "status"), trace=traced_name("status")),
    Field(
        "components",
        "Components",
        array("component"),
        _refs("components", "component"),
        issue_values.parts("component"),
        traced_name("component"),
        each=True,
        operations=("add", "set", "remove"),
        clauses=("component",),
        allowed=lambda view, project, issue_type: [
            view.ref("component", one["id"]) for one in components_of(view.call, project)
        ],
    ),
    Field(
        "timeoriginalestimate",
        "Original estimate",
        NUMBER,
        column("timeoriginalestimate"),
        trace=time_tracking.trace,
    ),
    Field(
        "description",
        "Description",
        STRING,
        document("description"),
        issue_values.rich_text,
        traced_document,
        rich=True,
    ),
    Field(
        "timetracking",
        "Time tracking",
        {"type": "timetracking"},
        lambda view, issue: time_tracking.view(issue),
        time_tracking.read,
        spread=True,
        operations=("set", "edit"),
        navigable=False,
    ),
    Field("security", "Security Level", {"type": "securitylevel"}, _always(None), clauses=("level",)),
    Field("aggregatetimeestimate", "Σ Remaining Estimate", NUMBER, _total("timeestimate")),
    Field(
        "attachment",
        "Attachment",
        array("attachment"),
        _show_attachments,
        clauses=("attachments",),
        navigable=False,
    ),
    Field("summary", "Summary", STRING, column("summary"), issue_values.summary),
    Field("creator", "Creator", USER, ref("creator", "user")),
    Field("subtasks", "Sub-tasks", array("issuelinks"), _show_subtasks),
    Field(
        "reporter",
        "Reporter",
        USER,
        ref("reporter", "user"),
        issue_values.reporter,
        traced_name("user", "displayName"),
        complete="/user/search?query=",
    ),
    Field(
        "aggregateprogress",
        "Σ Progress",
        {"type": "progress"},
        lambda view, issue: time_tracking.progress(time_tracking.with_subtasks(view.call, issue)),
    ),
    Field(
        "environment",
        "Environment",
        STRING,
        document("environment"),
        issue_values.rich_text,
        traced_document,
        rich=True,
    ),
    Field(
        "duedate",
        "Due date",
        {"type": "date"},
        column("duedate"),
        issue_values.day,
        traced_value,
        clauses=("due", "duedate"),
    ),
    Field("progress", "Progress", {"type": "progress"}, lambda view, issue: time_tracking.progress([issue])),
    Field("votes", "Votes", {"type": "votes"}, lambda view, issue: votes.view_votes(view.call, issue)),
    Field("comment", "Comment", {"type": "comments-page"}, _show_comments, operations=("add",), navigable=False),
    Field(
        "worklog",
        "Log Work",
        array("worklog"),
        lambda view, issue: worklogs.view_worklog_field(view.call, issue),
        navigable=False,
    ),
)

SYSTEM: dict[str, Field] = {
    one.id: replace(one, schema={**one.schema, "system": one.id}, clauses=one.clauses or (one.id,)) for one in _TABLE
}
