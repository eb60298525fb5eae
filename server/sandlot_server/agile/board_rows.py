"""What stands on a board: the issues that its filter finds, their projects, and the columns of their statuses."""

from __future__ import annotations

from sandlot_server.agile.lookups import level_of
from sandlot_server.call import Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import find_project, row
from sandlot_server.query import jql, jql_syntax
from sandlot_server.query.tree import And, Clause, Value, Values
from sandlot_server.site.software import by_rank, sprints_of
from sandlot_server.site.state import Row

Columns = list[tuple[str, list[str]]]

_CATEGORIES = (("new", "To Do"), ("indeterminate", "In Progress"), ("done", "Done"))


def query_of(call: Call, board: Row) -> str:
    """The board's filter; one without its filter shows nothing."""
    found = call.state.get("filter", board["filter"])
    return "issuekey is EMPTY" if found is None else str(found["jql"])


def issues_on(call: Call, board: Row) -> list[Row]:
    """The board's issues, in the order of its filter, or by rank."""
    every = sorted(call.state.all("issue"), key=by_rank)
    try:
        return jql.run(query_of(call, board), call.state, call.user, call.now, within=every)
    except jql.JqlError as error:
        raise errors.refusal(400, *error.messages) from None


def projects_named(call: Call, board: Row) -> list[Row]:
    """The projects that the board's filter holds all its issues to."""
    try:
        where = jql_syntax.parse(query_of(call, board)).where
    except jql_syntax.JqlSyntaxError:
        return []
    named: dict[str, Row] = {}
    for clause in where.parts if isinstance(where, And) else (where,):
        if isinstance(clause, Clause) and clause.field.casefold() == "project" and clause.operator in ("=", "IN"):
            operands = clause.operand.items if isinstance(clause.operand, Values) else (clause.operand,)
            texts = [operand.text for operand in operands if isinstance(operand, Value)]
            named |= {one["id"]: one for text in texts if (one := _project(call, text)) is not None}
    return list(named.values())


def _project(call: Call, text: str) -> Row | None:
    """A project as JQL names it: by id, key or name."""
    found = find_project(call, text) or find_project(call, text.upper())
    return found or next((one for one in call.state.all("project") if one["name"].casefold() == text.casefold()), None)


def projects_of(call: Call, board: Row) -> list[Row]:
    """Those and the ones that its issues are of, by name."""
    ids = {issue["project"] for issue in issues_on(call, board)}
    ids |= {project["id"] for project in projects_named(call, board)}
    return sorted((row(call, "project", one) for one in ids), key=lambda project: project["name"].casefold())


def columns_of(call: Call, board: Row) -> Columns:
    """The columns, one a category of status; a kanban board has its backlog first: where workflows begin."""
    workflows = [row(call, "workflow", project["workflow"]) for project in projects_of(call, board)]
    statuses = list(dict.fromkeys(status for workflow in workflows for status in workflow["statuses"]))
    first = {workflow["initial"] for workflow in workflows} if board["type"] == "kanban" else set()
    columns = [("Backlog", [status for status in statuses if status in first])] if first else []
    for category, name in _CATEGORIES:
        inside = [
            status for status in statuses if status not in first and row(call, "status", status)["category"] == category
        ]
        if inside:
            columns.append((name, inside))
    return columns


def backlog_of(call: Call, board: Row) -> list[Row]:
    """What waits: no epics and no sub-tasks. On a scrum board that is all that is not done and in no open sprint."""
    waiting = [issue for issue in issues_on(call, board) if level_of(call, issue) == 0]
    if board["type"] == "kanban":
        first = columns_of(call, board)[0][1] if waiting else []
        return [issue for issue in waiting if issue["status"] in first]
    return [issue for issue in waiting if not is_done(call, issue) and not in_open_sprint(call, issue)]


def is_done(call: Call, issue: Row) -> bool:
    return bool(row(call, "status", issue["status"])["category"] == "done")


def in_open_sprint(call: Call, issue: Row) -> bool:
    return any(sprint["state"] != "closed" for sprint in sprints_of(call.state, issue))
