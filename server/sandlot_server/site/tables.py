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
            value="key issueTypes requiredFields style projectTypeKey",
            text="name description",
            lead="user",
            workflow="workflow",
        ),
        indexes=("key",),
    ),
    Table("issue_type", _columns(value="name subtask hierarchyLevel", text="description")),
    Table("priority", _columns(value="name", text="description")),
    Table("status", _columns(value="name category")),
    Table("resolution", _columns(value="name", text="description")),
    Table("workflow", _columns(value="name statuses transitions", initial="status")),
    Table("field", _columns(value="name type options projects")),
    Table(
        "issue",
        _columns(
            text="summary",
            document="description environment",
            sets="labels",
            value="duedate",
            derived="key creator created updated resolutiondate statuscategorychangedate",
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
    Table("changelog", indexes=("issue",), derived=True),
    Table("sequence", derived=True),
    Table(
        "space",
        _columns(
            value="key alias type status",
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
    Table("label", _columns(value="prefix name", content="page"), indexes=("content", "name")),
)

TABLES: Mapping[str, Table] = {table.name: table for table in _TABLES}
