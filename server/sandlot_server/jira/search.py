"""Searching issues with JQL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.custom_fields import custom_fields, fields_of
from sandlot_server.jira.issue_fields import SYSTEM, Field, View
from sandlot_server.jira.issues import field_names, field_schemas, select_fields, view_issue
from sandlot_server.jira.page_tokens import make_token, read_token, start_of
from sandlot_server.query import jql
from sandlot_server.site.state import Row

_DEFAULT, _MOST, _MOST_RECONCILED = 50, 5000, 50


def search_by_query(call: Call) -> Answer:
    query = call.query
    return _search(
        call,
        text=query.get("jql"),
        token=query.get("nextPageToken"),
        size=query["maxResults"],
        fields=query.get("fields"),
        parts=query.get("expand"),
        reconcile=query.get("reconcileIssues", []),
    )


def search_by_body(call: Call) -> Answer:
    """The same search; query parameters beside the body have no effect."""
    body = call.body
    if None in (body.get("properties") or ()):
        raise errors.broken(errors.NULL_PROPERTY)
    # A null is 0 here, and so out of range; numbers may come as text or with a fraction.
    size = body.get("maxResults", _DEFAULT) or 0
    return _search(
        call,
        text=body.get("jql"),
        token=body.get("nextPageToken"),
        size=int(size),
        fields=body.get("fields"),
        parts=body.get("expand"),
        reconcile=body.get("reconcileIssues", []),
    )


def _search(
    call: Call,
    *,
    text: str | None,
    token: Any,
    size: int,
    fields: list[str] | None,
    parts: str | None,
    reconcile: list[Any] | None,
) -> Answer:
    """One page. What is refused first is as measured: token, reconcileIssues, maxResults, the query."""
    text = text or ""
    mark = read_token(str(token), call.cloud_id, text) if token not in (None, "") else None
    if len(reconcile or ()) > _MOST_RECONCILED:
        raise errors.refusal(400, errors.TOO_MANY_TO_RECONCILE)
    if not 1 <= size <= _MOST:
        raise errors.refusal(400, errors.MAX_RESULTS_RANGE)
    if text.strip() and reconcile is None:
        raise errors.broken(errors.NULL_RECONCILED)
    found = _found(call, text)
    start = start_of(mark, found) if mark is not None else 0
    page = found[start : start + size]
    asked = set((parts or "").replace(" ", "").split(",")) - {""}
    answer: dict[str, Any] = {"issues": _shown(call, page, fields or ["id"], asked)}
    if asked & {"names", "schema"}:
        answer.update(_described(call, fields or ["id"], asked))
    last = start + size >= len(found)
    if not last:
        answer["nextPageToken"] = make_token(call.cloud_id, text, start + size, page[-1]["id"])
    return Answer(200, {**answer, "isLast": last})


def _found(call: Call, text: str) -> list[Row]:
    """Every issue that a query finds and the caller sees, in the query's order."""
    try:
        return jql.run(text, call.state, call.user, call.now)
    except jql.JqlError as error:
        raise errors.refusal(400, *error.messages) from None


def _shown(call: Call, issues: Iterable[Row], wanted: list[str], parts: set[str]) -> list[dict[str, Any]]:
    parts = parts - {"names", "schema"}
    if wanted == ["id"] and not parts:
        return [{"id": issue["id"]} for issue in issues]
    view = View(call)
    chosen: dict[str, list[Field]] = {}
    shown = []
    for issue in issues:
        project = issue["project"]
        if project not in chosen:
            chosen[project] = select_fields(fields_of(call, project), wanted)
        shown.append(view_issue(view, issue, chosen[project], parts))
    return shown


def _described(call: Call, wanted: list[str], parts: set[str]) -> dict[str, Any]:
    """The names and schemas of the fields shown, once for the whole page."""
    fields = {**SYSTEM, **{field.id: field for field in custom_fields(call)}}
    chosen = select_fields(fields, wanted)
    described: dict[str, Any] = {}
    if "names" in parts:
        described["names"] = field_names(chosen)
    if "schema" in parts:
        described["schema"] = field_schemas(chosen)
    return described


def removed(call: Call) -> Answer:
    raise errors.refusal(410, errors.SEARCH_REMOVED)


def count_issues(call: Call) -> Answer:
    return Answer(200, {"count": len(_found(call, call.body.get("jql") or ""))})


OPERATIONS = {
    "jira/searchAndReconsileIssuesUsingJql": search_by_query,
    "jira/searchAndReconsileIssuesUsingJqlPost": search_by_body,
    "jira/searchForIssuesUsingJql": removed,
    "jira/searchForIssuesUsingJqlPost": removed,
    "jira/countIssues": count_issues,
}
