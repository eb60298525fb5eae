"""The tables that a site's state is made of, and what the reward may read from each column.

A column's kind says how a change to it is judged:

- `value`, `text`, `document`: a leaf to be equal (text and documents after normalisation);
- `set`: a list without order, each element a leaf;
- `ref:<table>`: the id of a row of that table;
- `derived`: follows from other writes, from the clock or from a counter, and is never judged.

Columns that a table does not list (custom fields of an issue) are `value`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandlot_server.site.software import RANK, SPRINT


@dataclass(frozen=True)
class Table:
    """One kind of row: its columns' kinds, and the columns that rows are looked up by."""

    name: str
    columns: Mapping[str, str] = field(default_factory=dict)
    indexes: tuple[str, ...] = ()
    derived: bool = False


def _columns(
    *, derived: str = "", value: str = "", text: str = "", document: str = "", sets: str = "", **refs: str
) -> dict[str, str]:
    columns = {name: f"ref:{table}" for name, table in refs.items()}
    for kind, names in (
        ("derived", derived),
        ("value", value),
        ("text", text),
        ("document", document),
        ("set", sets),
    ):
        columns.update(dict.fromkeys(names.split(), kind))
    return columns


_TABLES = (
    Table("user", _columns(value="displayName emailAddress active timeZone accountType admin")),
    Table(
        "project",
        _columns(
            value="key issueTypes requiredFields style projectTypeKey assigneeType url permissions",
            text="name description",
            derived="formerKeys",
            lead="user",
            workflow="workflow",
        ),
        indexes=("key",),
    ),
    # Projects in the bin: they follow from their deletion.
    Table("deleted_project", derived=True),
    Table(
        "component",
        _columns(value="name assigneeType", text="description", lead="user", project="project"),
        indexes=("project",),
    ),
    Table(
        "version",
        _columns(value="name archived released startDate releaseDate", text="description", project="project"),
        indexes=("project",),
    ),
    Table("issue_type", _columns(value="name subtask hierarchyLevel avatarId", text="description")),
    Table("priority", _columns(value="name statusColor iconUrl isDefault", text="description")),
    Table("status", _columns(value="name category")),
    Table("resolution", _columns(value="name", text="description")),
    Table("workflow", _columns(value="name statuses transitions", initial="status")),
    Table("field", _columns(value="name type plugin options projects searcherKey", text="description")),
    Table(
        "issue",
        _columns(
            text="summary epicName",
            document="description environment",
            sets=f"labels components fixVersions versions {SPRINT}",
            value=f"duedate {RANK} epicColor epicDone timeoriginalestimate timeestimate",
            derived="key creator created updated resolutiondate statuscategorychangedate timespent",
            project="project",
            issuetype="issue_type",
            status="status",
            priority="priority",
            assignee="user",
            reporter="user",
            parent="issue",
            resolution="resolution",
        ),
        indexes=("key", "project", "parent"),
    ),
    Table(
        "comment",
        _columns(document="body", derived="author updateAuthor created updated", issue="issue"),
        indexes=("issue",),
    ),
    Table(
        "worklog",
        _columns(
            document="comment",
            value="started timeSpentSeconds visibility properties",
            derived="author updateAuthor created updated",
            issue="issue",
        ),
        indexes=("issue",),
    ),
    Table("watcher", _columns(value="watching", issue="issue", user="user"), indexes=("issue",)),
    Table("vote", _columns(issue="issue", user="user"), indexes=("issue",)),
    Table("issue_property", _columns(value="key value", derived="text", issue="issue"), indexes=("issue",)),
    Table(
        "attachment",
        _columns(value="filename sha256", derived="mediaType size author created", issue="issue"),
        indexes=("issue",),
    ),
    Table("issue_link_type", _columns(value="name inward outward")),
    Table(
        "issue_link",
        _columns(type="issue_link_type", inwardIssue="issue", outwardIssue="issue"),
        indexes=("inwardIssue", "outwardIssue"),
    ),
    Table(
        "remote_link",
        _columns(
            value="globalId url application icon status",
            text="title summary relationship",
            issue="issue",
        ),
        indexes=("issue",),
    ),
    Table("filter", _columns(value="jql", text="name description", owner="user")),
    Table(
        "board",
        _columns(text="name", value="type", project="project", user="user", filter="filter"),
    ),
    Table(
        "sprint",
        _columns(
            text="name goal",
            value="state startDate endDate position",
            derived="createdDate completeDate",
            board="board",
        ),
        indexes=("board",),
    ),
    Table("changelog", indexes=("issue",), derived=True),
    Table("task", derived=True),
    Table("sequence", derived=True),
    Table(
        "space",
        _columns(
            value="key alias type status permissions",
            text="name description",
            derived="author createdAt",
            homepage="page",
        ),
        indexes=("key",),
    ),
    Table(
        "page",
        _columns(
            text="title",
            document="body",
            value="status subtype",
            derived="author owner position createdAt title_key"
            " versionNumber versionMessage versionAuthor versionCreatedAt",
            space="space",
            parent="page",
        ),
        indexes=("space", "parent", "title_key"),
    ),
    Table("page_version", indexes=("page",), derived=True),
    Table(
        "page_attachment",
        _columns(
            text="comment",
            value="title sha256 status",
            derived="mediaType size minorEdit author createdAt versionNumber versionAuthor versionCreatedAt",
            page="page",
        ),
        indexes=("page",),
    ),
    Table("page_attachment_version", indexes=("attachment",), derived=True),
    Table(
        "label",
        _columns(value="prefix name", derived="label", content="page"),
        indexes=("content", "name", "label"),
    ),
    Table(
        "page_comment",
        _columns(
            document="body",
            text="selection",
            value="location selectionIndex resolution",
            derived="marker author createdAt resolvedBy resolvedAt"
            " versionNumber versionMessage versionAuthor versionCreatedAt",
            page="page",
            attachment="page_attachment",
            parent="page_comment",
        ),
        indexes=("page", "attachment", "parent"),
    ),
    Table("page_comment_version", indexes=("comment", "page", "attachment"), derived=True),
    # Who may read or update a page: one row a person or group. `group` is a group's name.
    Table("page_restriction", _columns(value="operation group", page="page", user="user"), indexes=("page",)),
    Table("body_conversion", derived=True),
    # A template of a space, or of the whole site.
    Table(
        "template",
        _columns(value="name labels", text="description", document="body", space="space"),
        indexes=("space",),
    ),
    Table(
        "content_property",
        _columns(
            value="key value",
            derived="author createdAt versionNumber versionMessage versionAuthor versionCreatedAt",
            page="page",
            space="space",
            attachment="page_attachment",
        ),
        indexes=("page", "space", "attachment"),
    ),
)

TABLES: Mapping[str, Table] = {table.name: table for table in _TABLES}
