"""Writing an issue: a request's `fields` and `update` read into a draft, and the draft saved with its history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandlot_server.jira import errors
from sandlot_server.jira.changelogs import record
from sandlot_server.jira.comments import new_comment, read_body
from sandlot_server.jira.issue_fields import SYSTEM, Field
from sandlot_server.jira.issue_link_types import find_link_type
from sandlot_server.jira.issue_links import make_link
from sandlot_server.jira.issue_values import Draft, Link
from sandlot_server.jira.lookups import find_issue
from sandlot_server.jira.permissions import denial, may
from sandlot_server.site.state import Row

# Changes that have a name of their own in the history.
_HISTORY_NAMES = {
    "parent": "IssueParentAssociation",
    "components": "Component",
    "fixVersions": "Fix Version",
    "versions": "Version",
}
# Not columns of an issue: they come by `update` alone.
_ONLY_ADDED = ("comment", "issuelinks")
# Times that follow from another change.
_UNTRACED = ("resolutiondate", "statuscategorychangedate")


def read_request(draft: Draft, body: Row, screen: Mapping[str, Field]) -> None:
    """Read a body's `fields` and `update`; what is wrong with them is left in the draft."""
    fields, update = body.get("fields") or {}, body.get("update") or {}
    for name, value in fields.items():
        if name in update:
            draft.errors[name] = errors.SET_TWICE.format(name)
        elif name in _ONLY_ADDED:
            draft.errors[name] = errors.NOT_IN_FIELDS.format(name)
        elif (field := screen.get(name)) is None:
            draft.errors[name] = errors.NOT_ON_SCREEN.format(name)
        else:
            _set(draft, field, value)
    for name, operations in update.items():
        for operation in operations:
            for verb, value in operation.items():
                _operate(draft, screen, name, verb, value)


def _set(draft: Draft, field: Field, value: Any) -> None:
    if field.read is None:  # the project of a new issue, which is read before everything else
        return
    try:
        read = field.read(draft, value)
        draft.values.update(read if field.spread else {field.id: read})
    except errors.FieldError as error:
        draft.errors[error.name or field.id] = error.text
    except errors.DocumentError:
        if errors.INVALID_DOCUMENT not in draft.messages:
            draft.messages.append(errors.INVALID_DOCUMENT)


def _operate(draft: Draft, screen: Mapping[str, Field], name: str, verb: str, value: Any) -> None:
    """One operation of `update`: a verb and its value."""
    field = screen.get(name)
    if name == "comment" and draft.issue:
        _add(draft, name, verb, value, _comment)
    elif field is None:
        draft.errors[name] = errors.NOT_ON_SCREEN.format(name)
    elif name == "issuelinks":
        _add(draft, name, verb, value, _link)
    elif verb == "set" or (verb == "edit" and verb in field.operations):
        _set(draft, field, value)
    elif verb not in field.operations:
        draft.errors[name] = errors.NO_OPERATION.format(name, verb, ",".join(field.operations))
    elif field.each:
        _set_element(draft, field, verb, value)
    elif verb == "add":
        _set(draft, field, [*(draft.now(name) or ()), value])
    else:
        _set(draft, field, [one for one in draft.now(name) or () if one != value])


def _set_element(draft: Draft, field: Field, verb: str, value: Any) -> None:
    """Add or remove what `value` names in a list of references."""
    held = draft.now(field.id) or []
    _set(draft, field, [value])
    if field.id not in draft.errors:
        named = draft.values[field.id]
        draft.values[field.id] = sorted({*held, *named} if verb == "add" else {*held} - {*named})


def _add(draft: Draft, name: str, verb: str, value: Any, add: Callable[[Draft, Row], None]) -> None:
    """One operation on what is no column of the issue."""
    if verb != "add":
        draft.errors[name] = errors.NO_OPERATION.format(name, verb, "add")
        return
    try:
        add(draft, value if isinstance(value, dict) else {})
    except errors.FieldError as error:
        draft.errors[name] = error.text


def _comment(draft: Draft, value: Row) -> None:
    _require(draft, draft.project["id"], "ADD_COMMENTS")
    draft.comments.append(read_body(draft.call.version, value.get("body")))


def _link(draft: Draft, value: Row) -> None:
    link_type = find_link_type(draft.call, value.get("type"))
    for other, end in (("outwardIssue", "inwardIssue"), ("inwardIssue", "outwardIssue")):
        if (sent := value.get(other)) is not None:
            draft.links.append(Link(link_type["id"], end, _other_issue(draft, sent)))
            return
    raise errors.FieldError(errors.NO_LINKED_ISSUE)


def _other_issue(draft: Draft, sent: Any) -> str:
    named = (sent.get("key") or sent.get("id")) if isinstance(sent, dict) else None
    found = find_issue(draft.call, str(named)) if named else None
    if found is None:
        raise errors.FieldError(errors.NO_ISSUE)
    if found["id"] == draft.issue.get("id"):
        raise errors.FieldError(errors.LINKED_TO_ITSELF)
    _require(draft, found["project"], "LINK_ISSUES", found["key"])
    return str(found["id"])


def _require(draft: Draft, project_id: str, key: str, of: str = "") -> None:
    if not may(draft.call, project_id, key):
        raise errors.FieldError(denial(draft.call, errors.DENIED[key][1], of))


def require(draft: Draft, names: set[str], screen: Mapping[str, Field], template: str) -> None:
    """Note every field that must have a value and has none."""
    for name in sorted(names):
        value = draft.comments if name == "comment" else draft.now(name)
        if name in screen and name not in draft.errors and value in (None, "", []):
            draft.errors[name] = errors.NO_SUMMARY if name == "summary" else template.format(screen[name].name)


def check(draft: Draft) -> None:
    """Refuse the request if anything in it was wrong."""
    if draft.errors or draft.messages:
        raise errors.field_refusal(draft.errors, draft.messages)


def save(draft: Draft, fields: Mapping[str, Field]) -> Row:
    """Keep what the draft changes of an issue that is there, with its history; return the issue's row."""
    call, issue = draft.call, draft.issue
    changed = {name: value for name, value in draft.values.items() if _unordered(issue.get(name)) != _unordered(value)}
    for body in draft.comments:
        new_comment(call, issue["id"], body)
    if not changed and not draft.comments and not draft.links:
        return issue
    items = [
        item for name, value in changed.items() if name not in _UNTRACED for item in _items(draft, fields[name], value)
    ]
    if items:
        record(call, issue["id"], items)
    saved = {**issue, **changed, "updated": call.now}
    call.state.put("issue", saved)
    make_links(draft, issue["id"])
    return saved


def make_links(draft: Draft, issue_id: str) -> None:
    """Make the links that a request asked for, of the issue that it wrote."""
    for link in draft.links:
        ends = (issue_id, link.issue) if link.end == "inwardIssue" else (link.issue, issue_id)
        make_link(draft.call, link.type, *ends)


def _unordered(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def _items(draft: Draft, field: Field, value: Any) -> list[dict[str, Any]]:
    held = draft.issue.get(field.id)
    if not field.each:
        return [_item(draft, field, held, value)]
    gone = [_item(draft, field, one, None) for one in held or () if one not in value]
    return [*gone, *(_item(draft, field, None, one) for one in value if one not in (held or ()))]


def _item(draft: Draft, field: Field, held: Any, value: Any) -> dict[str, Any]:
    before, before_text = field.trace(draft.call, held)
    after, after_text = field.trace(draft.call, value)
    system = field.id in SYSTEM
    return {
        "field": _HISTORY_NAMES.get(field.id, field.id if system else field.name),
        "fieldtype": "jira" if system else "custom",
        "fieldId": field.id,
        "from": before,
        "fromString": before_text,
        "to": after,
        "toString": after_text,
    }
