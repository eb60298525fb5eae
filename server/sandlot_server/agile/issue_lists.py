"""Lists of issues as every resource of the agile API answers them: searched, ordered, in pages.

Atlassian has two operations for each list: the older with pages by place, under `/rest/agile`, and the newer with
pages by token, under `/rest/software`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandlot_server.agile.issue_fields import agile_fields
from sandlot_server.agile.wire import agile, window
from sandlot_server.call import Answer, Call, Handler
from sandlot_server.jira import errors
from sandlot_server.jira.issue_fields import Field, View
from sandlot_server.jira.issues import field_names, field_schemas, select_fields, view_issue
from sandlot_server.jira.page_tokens import make_token, read_token, start_of
from sandlot_server.jira.wire import expanded
from sandlot_server.query import jql
from sandlot_server.site.software import by_rank
from sandlot_server.site.state import Row

_MOST, _MOST_BY_TOKEN = 100, 5000
_DEFAULT = ("*navigable",)

Find = Callable[[Call], list[Row]]


def ranked(issues: list[Row]) -> list[Row]:
    return sorted(issues, key=by_rank)


def view_agile_issue(view: View, issue: Row, fields: list[Field], parts: set[str]) -> dict[str, Any]:
    shown = view_issue(view, issue, fields, parts)
    return {**shown, "self": f"{agile(view.call)}/issue/{issue['id']}"}


def chosen_fields(call: Call, project_id: str) -> list[Field]:
    """The fields that `fields` asks for, all navigable ones by default."""
    return select_fields(agile_fields(call, project_id), call.query.get("fields") or _DEFAULT)


def by_place(find: Find) -> Handler:
    """Answers the issues that `find` gives, in its order: `maxResults` of them from `startAt` on."""

    def answer(call: Call) -> Answer:
        found, warnings = _searched(call, find(call))
        start, size = window(call, _MOST)
        page = {"expand": "schema,names", "startAt": start, "maxResults": size, "total": len(found)}
        return Answer(200, {**page, **_shown(call, found[start : start + size]), **warnings})

    return answer


def by_token(find: Find) -> Handler:
    """Answers the issues that `find` gives, in its order: `maxResults` of them after those of the page before."""

    def answer(call: Call) -> Answer:
        sent, size = call.query.get("nextPageToken"), call.query["maxResults"]
        text = f"{call.request.path} {call.query.get('jql', '')}"
        mark = read_token(sent, call.cloud_id, text) if sent else None
        if not 1 <= size <= _MOST_BY_TOKEN:
            raise errors.refusal(400, errors.MAX_RESULTS_RANGE)
        found, warnings = _searched(call, find(call))
        start = start_of(mark, found) if mark is not None else 0
        page = found[start : start + size]
        last = start + size >= len(found)
        more = {} if last else {"nextPageToken": make_token(call.cloud_id, text, start + size, page[-1]["id"])}
        return Answer(200, {"expand": "schema,names", **_shown(call, page), **warnings, **more, "isLast": last})

    return answer


def count(find: Find) -> Handler:
    """Answers how many issues `find` gives."""

    def answer(call: Call) -> Answer:
        found, _ = _searched(call, find(call))
        return Answer(200, {"count": len(found)})

    return answer


def _searched(call: Call, issues: list[Row]) -> tuple[list[Row], dict[str, Any]]:
    """Those of the issues that `jql` finds; a query that need not be valid finds none and is warned of."""
    try:
        return jql.run(call.query.get("jql", ""), call.state, call.user, call.now, within=issues), {}
    except jql.JqlError as error:
        if call.query.get("validateQuery", True):
            raise errors.refusal(400, *error.messages) from None
        return [], {"warningMessages": error.messages}


def _shown(call: Call, issues: list[Row]) -> dict[str, Any]:
    """The issues of a page, and on request the names and the schemas of their fields, once for the whole page."""
    parts = expanded(call)
    view = View(call)
    fields: dict[str, list[Field]] = {}
    shown = []
    for issue in issues:
        chosen = fields.setdefault(issue["project"], chosen_fields(call, issue["project"]))
        shown.append(view_agile_issue(view, issue, chosen, parts - {"names", "schema"}))
    described = [field for chosen in fields.values() for field in chosen]
    made = {"names": field_names, "schema": field_schemas}
    return {"issues": shown, **{part: make(described) for part, make in made.items() if part in parts}}
