"""The site that strange requests are sent to: it has one of everything that an operation may name."""

from __future__ import annotations

import json
from typing import Any

from sandlot_server.site.state import State

_CALLER, _MEMBER = "admin@example.com", "bea@example.com"
_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

SEED: dict[str, Any] = {
    "sandlot": 1,
    "name": "fuzz",
    "clock": "2026-03-02T09:00:00Z",
    "ids": 10000,
    "caller": _CALLER,
    "users": [
        {"displayName": "Alex Admin", "emailAddress": _CALLER, "accountId": "alex"},
        {"displayName": "Bea Lindqvist", "emailAddress": _MEMBER, "accountId": "bea"},
        {"displayName": "Chidi Okafor", "emailAddress": "chidi@example.com", "accountId": "chidi"},
    ],
    "fields": [
        {"name": "Points", "type": "number"},
        {"name": "Size", "type": "option", "options": ["Small", "Large"]},
        {"name": "Plan", "type": "textarea"},
        {"name": "Note", "type": "string"},
        {"name": "Start", "type": "date"},
        {"name": "Reviewer", "type": "user"},
        {"name": "Areas", "type": "labels"},
    ],
    "projects": [
        {
            "key": "WEB",
            "name": "Web Shop",
            "lead": _CALLER,
            "components": [{"name": "Checkout"}, {"name": "Catalogue"}],
            "versions": [{"name": "2026.1", "released": True}, {"name": "2026.2"}],
        },
        {"key": "PLAT", "name": "Platform", "lead": _MEMBER},
    ],
    "boards": [
        {
            "name": "WEB board",
            "project": "WEB",
            "type": "scrum",
            "sprints": [
                {
                    "name": "One",
                    "state": "active",
                    "startDate": "2026-02-23T09:00:00Z",
                    "endDate": "2026-03-06T17:00:00Z",
                },
                {"name": "Two"},
            ],
        }
    ],
    "issues": [
        {"key": "WEB-1", "type": "Epic", "summary": "Faster checkout"},
        {
            "key": "WEB-2",
            "type": "Story",
            "summary": "Pay with a saved card",
            "description": "In *three* steps.",
            "parent": "WEB-1",
            "sprint": "One",
            "assignee": _MEMBER,
            "labels": ["checkout"],
            "components": ["Checkout"],
            "fixVersions": ["2026.1"],
            "comments": [{"author": _MEMBER, "body": "Today?"}],
            "attachments": [{"filename": "card.png", "base64": _PNG}],
            "timetracking": {"originalEstimate": "2d", "remainingEstimate": "1d"},
            "worklogs": [{"author": _CALLER, "timeSpent": "3h", "comment": "Half of it."}],
            "watchers": [_MEMBER],
            "voters": [_CALLER],
            "properties": {"seen": {"by": ["alex"]}},
            "links": [{"type": "Blocks", "outwardIssue": "PLAT-1"}],
            "remoteLinks": [{"url": "https://x.example.com", "title": "Plan", "globalId": "plan=1"}],
            "fields": {"Points": 5, "Size": "Large", "Note": "n", "Areas": ["a"]},
        },
        {"key": "WEB-3", "type": "Sub-task", "summary": "Look", "parent": "WEB-2"},
        {"key": "PLAT-1", "type": "Task", "summary": "Rotate the credentials", "status": "In Progress"},
    ],
    "spaces": [
        {
            "key": "ENG",
            "name": "Engineering",
            "properties": {"note": {"a": 1}},
            "pages": [
                {
                    "title": "Runbooks",
                    "body": "<p>One page a service.</p>",
                    "labels": ["runbook"],
                    "properties": {"note": [1]},
                    "attachments": [{"filename": "notes.txt", "text": "Stop, then start.", "comment": "first"}],
                    "comments": [
                        {"author": _MEMBER, "body": "<p>Which?</p>", "replies": [{"author": _CALLER, "body": "All"}]},
                        {"author": _MEMBER, "body": "<p>Why?</p>", "on": "service"},
                    ],
                    "children": [{"title": "Restore a backup", "body": "<p>Stop the writers.</p>"}],
                },
                {"title": "Secret", "body": "<p>Mine.</p>", "restrictions": {"read": [_CALLER]}},
                {"title": "Thrown away", "status": "trashed"},
            ],
        }
    ],
}
SEED_BYTES = json.dumps(SEED).encode()


def known_values(state: State) -> dict[str, Any]:
    """What of the site an operation may name: by kind (`x-entity`), or by the name of the parameter or member."""

    def first(table: str, **columns: Any) -> str:
        rows = [row for row in state.all(table) if all(row.get(name) == value for name, value in columns.items())]
        found: str = rows[0]["id"]
        return found

    attachment, page = first("page_attachment"), first("page", title="Runbooks")
    in_project = {"issuetype": first("issue_type", name="Task"), "project": first("project", key="WEB")}
    field = {row["name"]: row["id"] for row in state.all("field")}
    kinds = {
        "issue": "WEB-2",
        "epic": "WEB-1",
        "transition": state.all("workflow")[0]["transitions"][0]["id"],
        "project": "WEB",
        "component": "Checkout",
        "version": "2026.1",
        "priority": "High",
        "issueType": "Task",
        "status": "To Do",
        "resolution": "Done",
        "issueLinkType": "Blocks",
        "remoteLinkGlobalId": "plan=1",
        "user": "bea",
        "watcher": "bea",
        "spaceKey": "ENG",
        "label": "runbook",
        "issueProperty": "seen",
        "field": field["Size"],
        "board": first("board"),
        "sprint": first("sprint", state="future"),
        "filter": first("filter"),
        "componentId": first("component"),
        "versionId": first("version"),
        "issueTypeId": in_project["issuetype"],
        "priorityId": first("priority"),
        "comment": first("comment"),
        "worklog": first("worklog"),
        "attachment": first("attachment"),
        "issueLink": first("issue_link"),
        "remoteLink": first("remote_link"),
        "page": page,
        "space": first("space"),
        "page_attachment": attachment,
        "footer_comment": first("page_comment", location="footer"),
        "inline_comment": first("page_comment", location="inline"),
        "page_property": first("content_property", page=page),
        "space_property": first("content_property", page=None),
        "attachment_property": "1",
        "labelId": state.all("label")[0]["label"],
        "pageText": "page",
    }
    names = {
        "jql": "project = WEB AND summary ~ card ORDER BY created DESC",
        "currentJQL": "project = WEB",
        "cql": "type = page AND text ~ service ORDER BY created",
        "query": "a",
        "username": "alex",
        "accountId": "bea",
        "key": "note",
        "propertyKey": "seen",
        "fields": "*all",
        "type": "page",
        "to": "view",
        "position": "append",
        "fileName": "notes.txt",
        "filename": "notes.txt",
        "versionNumber": "1",
        "version-number": "1",
        "version": 1,
        "entityId": in_project["project"],
        "projectId": int(in_project["project"]),
        "projectIds": int(in_project["project"]),
        "projectKeys": "WEB",
        "projectKeyOrId": "WEB",
        "contextId": "10000",
        "issueId": first("issue", key="WEB-2"),
        "taskId": "1",
        "attachmentId": attachment,
        "pageId": page,
        "parentId": page,
        "label-id": state.all("label")[0]["label"],
        "permissions": "BROWSE_PROJECTS,EDIT_ISSUES",
        "globalId": "plan=1",
        "title": "Runbooks",
        "orderBy": "-created",
        "sort": "-created-date",
        "expand": "names,renderedFields,changelog,transitions,body.storage,body.view,version,history,ancestors,space,"
        "children,restrictions.read.restrictions.user,metadata.labels,operations,projects.issuetypes.fields",
        "customFields": list(field.values()),
    }
    return {**names, **kinds}
