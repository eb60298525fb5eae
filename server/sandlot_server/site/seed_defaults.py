"""What a seed need not say: the closed lists and the workflow that every new Jira Cloud site has."""

from __future__ import annotations

from typing import Any

CLOCK = "2026-03-02T09:00:00Z"

ISSUE_TYPES: list[dict[str, Any]] = [
    {"name": "Epic", "description": "A big user story that needs to be broken down.", "hierarchyLevel": 1},
    {"name": "Story", "description": "Functionality or a feature expressed as a user goal."},
    {"name": "Task", "description": "A small, distinct piece of work."},
    {"name": "Bug", "description": "A problem or error."},
    {
        "name": "Sub-task",
        "description": "A small piece of work that's part of a larger task.",
        "subtask": True,
    },
]

PRIORITIES = [
    {"name": name, "statusColor": colour}
    for name, colour in (
        ("Highest", "#d04437"),
        ("High", "#f15c75"),
        ("Medium", "#f79232"),
        ("Low", "#707070"),
        ("Lowest", "#999999"),
    )
]
PRIORITY = "Medium"
STATUS_COLOUR = "#707070"

RESOLUTIONS = [{"name": name} for name in ("Done", "Won't Do", "Duplicate", "Cannot Reproduce")]
RESOLUTION = "Done"

LINK_TYPES = [
    {"name": name, "inward": inward, "outward": outward}
    for name, inward, outward in (
        ("Blocks", "is blocked by", "blocks"),
        ("Cloners", "is cloned by", "clones"),
        ("Duplicate", "is duplicated by", "duplicates"),
        ("Relates", "relates to", "relates to"),
    )
]

PARTS: dict[str, dict[str, Any]] = {
    "component": {"description": "", "lead": None, "assigneeType": "PROJECT_DEFAULT"},
    "version": {"description": "", "archived": False, "released": False, "startDate": None, "releaseDate": None},
}
"""What a project's component or version is like where the seed does not say."""

SETTABLE_FIELDS = (
    "assignee", "components", "description", "duedate", "environment", "fixVersions", "issuetype", "labels", "parent",
    "priority", "reporter", "resolution", "summary", "versions",
)  # fmt: skip
"""The fields that a seed may ask for, beside its custom ones."""

WORKFLOW: dict[str, Any] = {
    "name": "Software Simplified Workflow",
    "statuses": [
        {"name": "To Do", "category": "new"},
        {"name": "In Progress", "category": "indeterminate"},
        {"name": "Done", "category": "done"},
    ],
    "transitions": [
        {"name": "To Do", "from": "*", "to": "To Do"},
        {"name": "In Progress", "from": "*", "to": "In Progress"},
        {"name": "Done", "from": "*", "to": "Done"},
    ],
}
