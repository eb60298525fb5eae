"""What a model is shown of an answer: for each operation the values that a solution can need, as compact
JSON.

A pure function of operation, status and body. Rich text becomes plain text, links and pictures are dropped,
long lists are cut with a count. Operations that are not listed get the general form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandlot_trainer.canonical import is_adf, plain_text
from sandlot_trainer.prompt import compact_json

LIST_SHOWN = 10
"""Entries of a list that are shown."""
TEXT_SHOWN = 1500
"""Characters of one text that are shown."""
_LEXORANK = re.compile(r"\d\|[0-9a-z]+:[0-9a-z]*")
"""An issue's Rank: a key to sort by, of which nothing can be asked, and which costs tokens in each answer."""


@dataclass(frozen=True)
class Shape:
    """How one kind of answer is shown: `entity` maps shown names to paths ("*": all members of that
    beginning; a shape: a list within, its `at` a path), `at` is the member that holds the list of entities, None for
    a single entity, "" for a bare list."""

    entity: Mapping[str, str | Shape]
    at: str | None = None
    beside: tuple[str, ...] = ()
    """Members of the answer that are shown beside the list."""
    most: int = LIST_SHOWN
    """Entries of the list that are shown."""


_FILE = {"id": "id", "filename": "filename"}
_LINK = {"id": "id", "type": "type.name", "outward": "outwardIssue.key", "inward": "inwardIssue.key"}
_LINK_TYPE = {"id": "id", "name": "name", "outward": "outward", "inward": "inward"}
_REMOTE_LINK = {
    "id": "id",
    "title": "object.title",
    "url": "object.url",
    "summary": "object.summary",
    "relationship": "relationship",
    "application": "application.name",
    "globalId": "globalId",
}
_ISSUE: Mapping[str, str | Shape] = {
    "key": "key",
    "summary": "fields.summary",
    "type": "fields.issuetype.name",
    "status": "fields.status.name",
    "priority": "fields.priority.name",
    "labels": "fields.labels",
    "assignee": "fields.assignee.displayName",
    "reporter": "fields.reporter.displayName",
    "parent": "fields.parent.key",
    "subtasks": "fields.subtasks[].key",
    "duedate": "fields.duedate",
    "resolution": "fields.resolution.name",
    "description": "fields.description",
    "comments": "fields.comment.comments[].body",
    "links": Shape(_LINK, "fields.issuelinks"),
    "components": "fields.components[].name",
    "fixVersions": "fields.fixVersions[].name",
    "attachments": Shape(_FILE, "fields.attachment"),
    "*": "fields.customfield_",
}
_PAGE = {
    "id": "id",
    "title": "title",
    "spaceId": "spaceId",
    "parentId": "parentId",
    "status": "status",
    "version": "version.number",
    "body": "body.storage.value",
    "adf": "body.atlas_doc_format.value",
}
_LISTED_PAGE = {name: path for name, path in _PAGE.items() if name != "version"}
_CONTENT = {
    "id": "id",
    "type": "type",
    "title": "title",
    "space": "space.key",
    "parent": "ancestors[].id",
    "status": "status",
    "version": "version.number",
    "body": "body.storage.value",
}
_SPACE = {"id": "id", "key": "key", "name": "name", "homepageId": "homepageId"}
_USER = {"accountId": "accountId", "displayName": "displayName", "emailAddress": "emailAddress"}
_COMMENT = {"id": "id", "author": "author.displayName", "body": "body"}
_TRANSITION = {"id": "id", "name": "name", "to": "to.name", "fields": "fields"}
_NAMED = {"id": "id", "name": "name"}
_FIELD = {"fieldId": "fieldId", "name": "name", "required": "required", "values": "allowedValues[].value"}
_PROJECT: Mapping[str, str | Shape] = {
    "id": "id",
    "key": "key",
    "name": "name",
    "lead": "lead.displayName",
    "issueTypes": "issueTypes[].name",
    "components": Shape(_NAMED, "components", most=30),
    "versions": Shape(_NAMED, "versions", most=30),
}
_WORKLOG = {
    "id": "id",
    "author": "author.displayName",
    "timeSpent": "timeSpent",
    "started": "started",
    "comment": "comment",
}
_BOARD = {"id": "id", "name": "name", "type": "type", "project": "location.projectKey"}
_SPRINT = {
    "id": "id",
    "name": "name",
    "state": "state",
    "goal": "goal",
    "startDate": "startDate",
    "endDate": "endDate",
}
_PAGE_COMMENT = {
    "id": "id",
    "pageId": "pageId",
    "on": "properties.inlineOriginalSelection",
    "body": "body.storage.value",
    "version": "version.number",
}
_PAGE_FILE = {"id": "id", "title": "title", "comment": "comment"}
_PROPERTY = {"id": "id", "key": "key", "value": "value", "version": "version.number"}


SHAPES: Mapping[str, Shape] = {
    "jira/getIssue": Shape(_ISSUE),
    "jira/createIssue": Shape({"id": "id", "key": "key"}),
    "jira/getCreateIssueMetaIssueTypes": Shape(_NAMED, "issueTypes"),
    "jira/getCreateIssueMetaIssueTypeId": Shape(_FIELD, "fields", most=30),
    "jira/searchAndReconsileIssuesUsingJql": Shape(_ISSUE, "issues", ("nextPageToken",)),
    "jira/searchAndReconsileIssuesUsingJqlPost": Shape(_ISSUE, "issues", ("nextPageToken",)),
    "jira/getTransitions": Shape(_TRANSITION, "transitions"),
    "jira/getIssueLink": Shape(_LINK),
    "jira/getIssueLinkTypes": Shape(_LINK_TYPE, "issueLinkTypes"),
    "jira/getIssueLinkType": Shape(_LINK_TYPE),
    "jira/getRemoteIssueLinks": Shape(_REMOTE_LINK, "", most=30),
    "jira/getRemoteIssueLinkById": Shape(_REMOTE_LINK),
    "jira/createOrUpdateRemoteIssueLink": Shape({"id": "id"}),
    "jira/getComments": Shape(_COMMENT, "comments", ("total",)),
    "jira/addComment": Shape(_COMMENT),
    "jira/getComment": Shape(_COMMENT),
    "jira/updateComment": Shape(_COMMENT),
    "jira/getIssueWorklog": Shape(_WORKLOG, "worklogs", ("total",)),
    "jira/getWorklog": Shape(_WORKLOG),
    "jira/addWorklog": Shape(_WORKLOG),
    "jira/updateWorklog": Shape(_WORKLOG),
    "jira/getIssueWatchers": Shape(_USER, "watchers", most=30),
    "jira/getVotes": Shape(_USER, "voters", ("hasVoted",)),
    "jira/getProjectComponents": Shape(_NAMED, "", most=30),
    "jira/getProjectVersions": Shape(_NAMED, "", most=30),
    "jira/findUsers": Shape(_USER, ""),
    "jira/findAssignableUsers": Shape(_USER, ""),
    "jira/getUser": Shape(_USER),
    "jira/getCurrentUser": Shape(_USER),
    "jira/getPriorities": Shape(_NAMED, "", most=30),
    "jira/searchPriorities": Shape(_NAMED, "values", ("total",), most=30),
    "jira/getStatuses": Shape(_NAMED, ""),
    "jira/getResolutions": Shape(_NAMED, ""),
    "jira/getIssueAllTypes": Shape(_NAMED, ""),
    "jira/getFields": Shape(_NAMED, ""),
    "jira/searchProjects": Shape(_PROJECT, "values", ("total",)),
    "jira/getAllProjects": Shape(_PROJECT, "", most=30),
    "jira/getProject": Shape(_PROJECT),
    "jira-software/getAllBoards": Shape(_BOARD, "values", ("total",)),
    "jira-software/getAllSprints": Shape(_SPRINT, "values", ("total",)),
    "jira-software/getSprint": Shape(_SPRINT),
    "jira-software/createSprint": Shape(_SPRINT),
    "jira-software/updateSprint": Shape(_SPRINT),
    "jira-software/partiallyUpdateSprint": Shape(_SPRINT),
    "confluence/getPages": Shape(_LISTED_PAGE, "results"),
    "confluence/getPagesInSpace": Shape(_LISTED_PAGE, "results"),
    "confluence/getPageById": Shape(_PAGE),
    "confluence/createPage": Shape({"id": "id", "title": "title", "status": "status"}),
    "confluence/updatePage": Shape({"id": "id", "title": "title", "version": "version.number"}),
    "confluence/updatePageTitle": Shape({"id": "id", "title": "title", "version": "version.number"}),
    "confluence/getChildPages": Shape(_LISTED_PAGE, "results"),
    "confluence/getPageDirectChildren": Shape({**_LISTED_PAGE, "type": "type"}, "results"),
    "confluence/getPageAncestors": Shape({"id": "id", "type": "type"}, "results"),
    "confluence/getPageLabels": Shape({"name": "name"}, "results"),
    "confluence/getSpaces": Shape(_SPACE, "results"),
    "confluence/getSpaceById": Shape(_SPACE),
    "confluence/createSpace": Shape(_SPACE),
    "confluence/getPageFooterComments": Shape(_PAGE_COMMENT, "results"),
    "confluence/getPageInlineComments": Shape(_PAGE_COMMENT, "results"),
    "confluence/getFooterCommentById": Shape(_PAGE_COMMENT),
    "confluence/getInlineCommentById": Shape(_PAGE_COMMENT),
    "confluence/createFooterComment": Shape(_PAGE_COMMENT),
    "confluence/createInlineComment": Shape(_PAGE_COMMENT),
    "confluence/updateFooterComment": Shape(_PAGE_COMMENT),
    "confluence/updateInlineComment": Shape(_PAGE_COMMENT),
    "confluence/getPageAttachments": Shape(_PAGE_FILE, "results"),
    "confluence/getPageContentProperties": Shape(_PROPERTY, "results"),
    "confluence/getSpaceProperties": Shape(_PROPERTY, "results"),
    "confluence/getAttachmentContentProperties": Shape(_PROPERTY, "results"),
    "confluence/getPageContentPropertiesById": Shape(_PROPERTY),
    "confluence/getSpacePropertyById": Shape(_PROPERTY),
    "confluence/getAttachmentContentPropertiesById": Shape(_PROPERTY),
    "confluence-v1/getAttachments": Shape(_PAGE_FILE, "results"),
    "confluence-v1/getContentProperty": Shape(_PROPERTY),
    "confluence-v1/getContentProperties": Shape(_PROPERTY, "results"),
    "confluence-v1/getContent": Shape(_CONTENT, "results"),
    "confluence-v1/getContentById": Shape(_CONTENT),
    "confluence-v1/createContent": Shape(_CONTENT),
    "confluence-v1/updateContent": Shape(_CONTENT),
    "confluence-v1/searchContentByCQL": Shape(_CONTENT, "results"),
    "confluence-v1/searchByCQL": Shape({"id": "content.id", "title": "title", "space": "content.space.key"}, "results"),
    "confluence-v1/getSpaces": Shape({"id": "id", "key": "key", "name": "name"}, "results"),
    "confluence-v1/getSpace": Shape({"id": "id", "key": "key", "name": "name"}),
    "confluence-v1/getLabelsForContent": Shape({"name": "name"}, "results"),
    "confluence-v1/addLabelsToContent": Shape({"name": "name"}, "results"),
}

_USUAL = (("status", "current"), ("required", False))
"""Shown members that are left out where they have the value that nearly all have."""

_NOISE = frozenset(
    {
        "self",
        "_links",
        "_expandable",
        "expand",
        "avatarUrls",
        "avatarId",
        "iconUrl",
        "profilePicture",
        "entityId",
    }
    | {"operations", "hasDefaultValue", "autoCompleteUrl"}
    | {"hierarchyLevel", "timeZone", "accountType", "active", "statusCategory", "extensions", "container"}
)


def compact(operation: str, status: int, body: Any) -> str:
    """What a model is shown of an answer, as JSON without blanks. An empty success is {"ok":204}; a refusal
    is {"error":404,"messages":[...]}."""
    if status >= 400:
        shown: Any = {"error": status, "messages": _messages(body)}
    elif body is None or body == "":
        shown = {"ok": status}
    else:
        shape = SHAPES.get(operation)
        shown = _general(body) if shape is None else _shaped(shape, body)
    return compact_json(shown)


def _shaped(shape: Shape, body: Any) -> Any:
    if shape.at is None:
        return _entity(shape.entity, body) if isinstance(body, Mapping) else _general(body)
    entries = body if shape.at == "" else (body.get(shape.at) if isinstance(body, Mapping) else None)
    if not isinstance(entries, list):
        return _general(body)
    listed = _cut([_entity(shape.entity, entry) for entry in entries], shape.most)
    beside = {name: body[name] for name in shape.beside if body.get(name) not in (None, "")}
    return {**listed, **beside}


def _entity(paths: Mapping[str, str | Shape], value: Any) -> Any:
    shown: dict[str, Any] = {}
    for name, path in paths.items():
        if name == "*" and isinstance(path, str):
            shown.update(_members(path, value))
            continue
        if isinstance(path, Shape):
            entries = _at(value, (path.at or "").split("."))
            found: Any = _short([_entity(path.entity, entry) for entry in entries or ()], path.most)
        else:
            found = _general(_at(value, path.split(".")))
        if found not in (None, "", [], {}) and (name, found) not in _USUAL:
            shown[name] = found
    return shown


def _members(beginning: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The members below a path whose names begin as given, "fields.customfield_", without empty ones and the Rank."""
    *steps, start = beginning.split(".")
    parent = _at(value, steps)
    for name, member in parent.items() if isinstance(parent, Mapping) else ():
        found = _general(member)
        ranks = isinstance(found, str) and _LEXORANK.fullmatch(found)
        if name.startswith(start) and found not in (None, "", [], {}) and not ranks:
            yield name, found


def _at(value: Any, steps: list[str]) -> Any:
    for index, step in enumerate(steps):
        name = step.removesuffix("[]")
        value = value.get(name) if isinstance(value, Mapping) else None
        if step.endswith("[]"):
            rest = steps[index + 1 :]
            found = (_at(entry, rest) for entry in value) if isinstance(value, list) else ()
            return [one for one in found if one is not None]
    return value


def _general(value: Any) -> Any:
    """Any value without noise and emptiness: documents as plain text, lists cut, long texts too."""
    if is_adf(value):
        value = plain_text(value)
    if isinstance(value, str):
        return value if len(value) <= TEXT_SHOWN else f"{value[:TEXT_SHOWN]}... ({len(value)} characters)"
    if isinstance(value, list):
        return _short([_general(member) for member in value], LIST_SHOWN)
    if isinstance(value, Mapping):
        kept_members = {name: _general(member) for name, member in value.items() if name not in _NOISE}
        return {name: member for name, member in kept_members.items() if member not in (None, "", [], {})}
    return value


def _short(entries: list[Any], most: int) -> list[Any]:
    return entries if len(entries) <= most else [*entries[:most], f"{len(entries) - most} more"]


def _cut(entries: list[Any], most: int) -> dict[str, Any]:
    shown: dict[str, Any] = {"results": entries[:most]}
    if len(entries) > most:
        shown["more"] = len(entries) - most
    return shown


def _messages(body: Any) -> list[str]:
    """The messages of a refusal in any of the products' shapes."""
    if not isinstance(body, Mapping):
        return [str(body)[:300]] if body else []
    found = [str(message) for message in body.get("errorMessages") or ()]
    errors = body.get("errors")
    if isinstance(errors, Mapping):
        found += [f"{name}: {message}" for name, message in errors.items()]
    for error in errors if isinstance(errors, list) else ():
        parts = [error.get("title"), error.get("detail")] if isinstance(error, Mapping) else [error]
        found.append(": ".join(str(part) for part in parts if part))
    if isinstance(body.get("message"), str):
        found.append(body["message"])
    return found or [json.dumps(_general(body), ensure_ascii=False)[:300]]
