"""Suggestions of issues while somebody types: those that they worked on last, and those of a query."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira.issue_fields import View
from sandlot_server.jira.lookups import find_issue, row, visible
from sandlot_server.query import jql
from sandlot_server.site.state import Row

_MOST = 20
_NOTHING = "No matching issues found"
_WORD = re.compile(r"\w+")


def get_issue_picker(call: Call) -> Answer:
    """Reads leave no trace here, so that what was worked on last is what the caller created or changed."""
    words = call.query.get("query", "").lower().split()
    wanted = [issue for issue in _history(call) if _fits(call, issue, words)]
    sections = [_section(call, "hs", "History Search", wanted, words)]
    if "currentJQL" in call.query:
        found = [issue for issue in _current(call) if _fits(call, issue, words)]
        sections.append(_section(call, "cs", "Current Search", found, words))
    return Answer(200, {"sections": sections})


def _history(call: Call) -> list[Row]:
    """The issues that the caller created or changed, the newest change first."""
    caller = call.user["id"] if call.user is not None else None
    changed = {change["issue"] for change in call.state.all("changelog") if change["author"] == caller}
    issues = [one for one in visible(call, "issue") if one["creator"] == caller or one["id"] in changed]
    return sorted(issues, key=lambda issue: (-issue["updated"], -int(issue["id"])))


def _current(call: Call) -> list[Row]:
    """What the query finds: an empty one all issues, and one that cannot be read nothing."""
    text = call.query["currentJQL"]
    if not text.strip():
        return visible(call, "issue")
    try:
        return jql.run(text, call.state, call.user, call.now)
    except jql.JqlError:
        return []


def _fits(call: Call, issue: Row, words: list[str]) -> bool:
    """Whether every word begins one of the summary or stands in the key, and the issue is none of those ruled out."""
    query = call.query
    project, current = query.get("currentProjectId"), find_issue(call, query.get("currentIssueKey", ""))
    if project and issue["project"] != project:
        return False
    if query.get("showSubTasks") is False and row(call, "issue_type", issue["issuetype"])["subtask"]:
        return False
    if current is not None:
        parent = current["parent"] if query.get("showSubTaskParent") is False else None
        if issue["id"] in (current["id"], parent):
            return False
    summary = _WORD.findall(issue["summary"].lower())
    return all(word in issue["key"].lower() or any(one.startswith(word) for one in summary) for word in words)


def _section(call: Call, id: str, label: str, issues: list[Row], words: list[str]) -> dict[str, Any]:
    view = View(call)
    shown = [_view(view, issue, words) for issue in issues[:_MOST]]
    section: dict[str, Any] = {"label": label, "id": id, "issues": shown}
    if not issues:
        return {**section, "msg": _NOTHING}
    return {**section, "sub": f"Showing {len(shown)} of {len(issues)} matching issues"}


def _view(view: View, issue: Row, words: list[str]) -> dict[str, Any]:
    issue_type = view.ref("issue_type", issue["issuetype"])
    assert issue_type is not None, "every issue has a type"
    return {
        "id": int(issue["id"]),
        "key": issue["key"],
        "keyHtml": _marked(issue["key"], words, lambda word: re.escape(word)),
        "img": issue_type["iconUrl"].removeprefix(view.call.base),
        "summary": _marked(issue["summary"], words, lambda word: rf"\b{re.escape(word)}"),
        "summaryText": issue["summary"],
    }


def _marked(text: str, words: list[str], pattern: Callable[[str], str]) -> str:
    """HTML of a text, with what the words found in bold."""
    if not words:
        return escape(text)
    found = re.compile("|".join(pattern(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)
    kept, at = [], 0
    for match in found.finditer(text):
        kept += [escape(text[at : match.start()]), f"<b>{escape(match[0])}</b>"]
        at = match.end()
    return "".join([*kept, escape(text[at:])])


OPERATIONS = {"jira/getIssuePickerResource": get_issue_picker}
