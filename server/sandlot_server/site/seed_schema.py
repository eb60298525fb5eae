"""The form of a seed document, as JSON Schema 2020-12; `openapi/control.yaml` describes it in words."""

from __future__ import annotations

from typing import Any

from sandlot_server.site.permissions import OF_PROJECTS, OF_SPACES

_TEXT = {"type": "string"}
_NAME = {"type": "string", "minLength": 1}
_NAMES = {"type": "array", "items": _NAME}
_DAY = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
_DURATION = {"type": "string", "pattern": "^[1-9][0-9]{0,3}[wdhm]( [1-9][0-9]{0,3}[wdhm])*$"}
_RICH_TEXT = {"type": ["string", "object", "null"]}


def _object(required: str, /, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties,
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


# The bytes of a file: text, or anything in base64.
_FILE_BYTES = [{"required": ["text"]}, {"required": ["base64"]}]

_PAGE_COMMENT = _object(
    "author body",
    author=_NAME,
    body=_TEXT,
    on=_NAME,
    replies=_list({"$ref": "#/$defs/pageComment"}),
)

_PAGE = _object(
    "title",
    title=_NAME,
    body=_TEXT,
    labels=_NAMES,
    attachments=_list(
        {
            **_object(
                "filename", filename=_NAME, text=_TEXT, base64=_TEXT, comment=_TEXT, properties={"type": "object"}
            ),
            "oneOf": _FILE_BYTES,
        }
    ),
    comments=_list({"$ref": "#/$defs/pageComment"}),
    properties={"type": "object"},
    restrictions=_object("", read=_NAMES, update=_NAMES),
    status={"enum": ["current", "draft", "trashed", "archived"]},
    children=_list({"$ref": "#/$defs/page"}),
)

_MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}

SEED_SCHEMA: dict[str, Any] = {
    "$defs": {"page": _PAGE, "pageComment": _PAGE_COMMENT},
    **_object(
        "sandlot users",
        sandlot={"const": 1},
        name=_NAME,
        clock=_MOMENT,
        ids={"type": "integer", "minimum": 1, "maximum": 10**12},
        caller=_NAME,
        users={
            **_list(
                _object(
                    "displayName emailAddress",
                    displayName=_NAME,
                    emailAddress=_NAME,
                    accountId=_NAME,
                    timeZone=_NAME,
                    active={"type": "boolean"},
                    admin={"type": "boolean"},
                )
            ),
            "minItems": 1,
        },
        issueTypes=_list(
            _object(
                "name",
                name=_NAME,
                description=_TEXT,
                subtask={"type": "boolean"},
                hierarchyLevel={"type": "integer"},
            )
        ),
        priorities=_list(_object("name", name=_NAME, description=_TEXT)),
        resolutions=_list(_object("name", name=_NAME, description=_TEXT)),
        issueLinkTypes=_list(_object("name inward outward", name=_NAME, inward=_NAME, outward=_NAME)),
        workflows=_list(
            _object(
                "name statuses transitions",
                name=_NAME,
                statuses={
                    **_list(_object("name category", name=_NAME, category={"enum": ["new", "indeterminate", "done"]})),
                    "minItems": 1,
                },
                transitions=_list(
                    {
                        "type": "object",
                        "required": ["name", "from", "to"],
                        "properties": {
                            "name": _NAME,
                            "from": {"anyOf": [{"const": "*"}, _NAMES]},
                            "to": _NAME,
                            "fields": {
                                "type": "object",
                                "additionalProperties": _object("required", required={"type": "boolean"}),
                            },
                            "conditions": _list(
                                _object(
                                    "kind",
                                    kind={"enum": ["assignee", "reporter", "subtasks-done", "field-set"]},
                                    field=_NAME,
                                )
                            ),
                        },
                        "additionalProperties": False,
                    }
                ),
            )
        ),
        fields=_list(
            _object(
                "name type",
                name=_NAME,
                type={"enum": ["string", "textarea", "number", "date", "option", "user", "labels"]},
                options=_NAMES,
                projects=_NAMES,
            )
        ),
        projects=_list(
            _object(
                "key name lead",
                key={"type": "string", "pattern": "^[A-Z][A-Z0-9_]{1,9}$"},
                name=_NAME,
                lead=_NAME,
                description=_TEXT,
                issueTypes=_NAMES,
                workflow=_NAME,
                requiredFields={"type": "object", "additionalProperties": _NAMES},
                permissions=_object("", **dict.fromkeys(OF_PROJECTS, _NAMES)),
                components=_list(_object("name", name=_NAME, description=_TEXT, lead=_NAME)),
                versions=_list(
                    _object(
                        "name",
                        name=_NAME,
                        description=_TEXT,
                        released={"type": "boolean"},
                        archived={"type": "boolean"},
                        startDate=_DAY,
                        releaseDate=_DAY,
                    )
                ),
            )
        ),
        boards=_list(
            _object(
                "name project type",
                name=_NAME,
                project=_NAME,
                type={"enum": ["scrum", "kanban"]},
                sprints=_list(
                    _object(
                        "name",
                        name={"type": "string", "minLength": 1, "maxLength": 30},
                        state={"enum": ["future", "active", "closed"]},
                        goal=_TEXT,
                        startDate=_MOMENT,
                        endDate=_MOMENT,
                    )
                ),
            )
        ),
        issues=_list(
            _object(
                "key type summary",
                key={"type": "string", "pattern": "^[A-Z][A-Z0-9_]{1,9}-[1-9][0-9]*$"},
                type=_NAME,
                summary=_NAME,
                description=_RICH_TEXT,
                status=_NAME,
                priority=_NAME,
                labels=_NAMES,
                assignee={"type": ["string", "null"]},
                reporter=_NAME,
                parent=_NAME,
                sprint=_NAME,
                duedate=_DAY,
                components=_NAMES,
                fixVersions=_NAMES,
                versions=_NAMES,
                resolution=_NAME,
                fields={"type": "object"},
                comments=_list(_object("author body", author=_NAME, body=_RICH_TEXT)),
                attachments=_list(
                    {**_object("filename", filename=_NAME, text=_TEXT, base64=_TEXT), "oneOf": _FILE_BYTES}
                ),
                timetracking=_object("", originalEstimate=_DURATION, remainingEstimate=_DURATION),
                worklogs=_list(_object("author timeSpent", author=_NAME, timeSpent=_DURATION, comment=_TEXT)),
                watchers=_NAMES,
                voters=_NAMES,
                properties={"type": "object"},
                links=_list(_object("type outwardIssue", type=_NAME, outwardIssue=_NAME)),
                remoteLinks=_list(
                    _object(
                        "url title",
                        url=_NAME,
                        title=_NAME,
                        summary=_NAME,
                        globalId=_NAME,
                        relationship=_NAME,
                        application=_object("", name=_NAME, type=_NAME),
                    )
                ),
            )
        ),
        spaces=_list(
            _object(
                "key name",
                key={"type": "string", "pattern": "^~?[A-Za-z0-9]{1,255}$"},
                name=_NAME,
                type={"enum": ["global", "personal", "collaboration", "knowledge_base"]},
                description=_TEXT,
                properties={"type": "object"},
                permissions=_object("", **dict.fromkeys(OF_SPACES, _NAMES)),
                homepage=_object("", title=_NAME, body=_TEXT),
                pages=_list({"$ref": "#/$defs/page"}),
            )
        ),
    ),
}
