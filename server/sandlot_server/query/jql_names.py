"""What JQL calls the fields of an issue."""

from __future__ import annotations

from collections.abc import Callable

from sandlot_server.query import jql_fields as fields
from sandlot_server.query.jql_fields import Field, Site
from sandlot_server.query.jql_links import Issue
from sandlot_server.query.jql_sprint import Sprint
from sandlot_server.site.state import Row

_MOMENTS = {
    "created": "created", "createddate": "created", "updated": "updated", "updateddate": "updated",
    "resolved": "resolutiondate", "resolutiondate": "resolutiondate",
    "statuscategorychangeddate": "statuscategorychangedate",
}  # fmt: skip
_USERS = ("assignee", "reporter", "creator")
_ISSUES = ("key", "issuekey", "issue", "id")
_PARENTS = ("parent", "epic link")
_PARTS = {
    "component": ("components", "component"),
    "fixversion": ("fixVersions", "version"),
    "affectedversion": ("versions", "version"),
}
_UNUSED = ("level", "lastviewed")


def field_named(site: Site, name: str) -> Field | None:
    """The field of that name, in any case; None if there is none."""
    known = name.casefold()
    if known in _MOMENTS:
        return fields.Moment(site, name, _MOMENTS[known])
    if known in _USERS:
        return fields.User(site, name, known)
    if known in _ISSUES:
        return Issue(site, name)
    if known in _PARENTS:
        return fields.Key(site, name, "parent")
    if known in _PARTS:
        return fields.Parts(site, name, *_PARTS[known])
    if known in _UNUSED:
        return fields.Nothing(site, name, known)
    match known:
        case "project":
            return fields.Project(site, name, "project", "project")
        case "issuetype" | "type":
            return fields.Named(site, name, "issuetype", "issue_type")
        case "status":
            return fields.Named(site, name, "status", "status")
        case "statuscategory":
            return fields.StatusCategory(site, name)
        case "priority":
            return fields.Named(site, name, "priority", "priority", ordered=True)
        case "resolution":
            return fields.Named(site, name, "resolution", "resolution")
        case "attachments":
            return fields.Attachments(site, name, "")
        case "labels":
            return fields.Labels(site, name, "labels")
        case "sprint" | "cf[10020]":
            return Sprint(site, name)
        case "due" | "duedate":
            return fields.Day(site, name, "duedate")
        case "summary":
            return fields.Text(site, name, [fields.plain("summary")])
        case "description" | "environment":
            return fields.Text(site, name, [fields.rich(known)])
        case "comment":
            return fields.Text(site, name, [fields.comments(site.state)], empty=False)
        case "text":
            return fields.Text(site, name, _all_text(site), empty=False)
    return _custom(site, name, known)


def _all_text(site: Site) -> list[Callable[[Row], str]]:
    custom = {
        "string": fields.plain,
        "textarea": fields.rich,
    }
    return [
        fields.plain("summary"),
        fields.rich("description"),
        fields.rich("environment"),
        fields.comments(site.state),
        *(custom[row["type"]](row["id"]) for row in site.state.all("field") if row["type"] in custom),
    ]


def _custom(site: Site, name: str, known: str) -> Field | None:
    for row in site.state.all("field"):
        if known not in (row["name"].casefold(), f"cf[{row['id'].removeprefix('customfield_')}]"):
            continue
        match row["type"]:
            case "number":
                return fields.Number(site, name, row["id"])
            case "date":
                return fields.Day(site, name, row["id"])
            case "option":
                return fields.Option(site, name, row)
            case "user":
                return fields.User(site, name, row["id"])
            case "labels":
                return fields.Labels(site, name, row["id"])
            case "textarea":
                return fields.Text(site, name, [fields.rich(row["id"])])
        return fields.Text(site, name, [fields.plain(row["id"])])
    return None
