"""The permissions that Jira has, by their keys: the global ones, and those in a project."""

from __future__ import annotations

from typing import NamedTuple


class Permission(NamedTuple):
    """`former` is the key that it had in the first API, which clients still send."""

    id: str
    name: str
    description: str
    former: str = ""
    admin: bool = False


GLOBAL = {
    "ADMINISTER": Permission(
        "0", "Administer Jira", "Create and administer projects, issue types and users.", admin=True
    ),
    "SYSTEM_ADMIN": Permission(
        "44", "Jira System Administrators", "Perform every administration function.", admin=True
    ),
    "CREATE_PROJECT": Permission("-1", "Create projects", "Create new projects.", admin=True),
    "USER_PICKER": Permission("27", "Browse users and groups", "View and select users or groups."),
    "CREATE_SHARED_OBJECTS": Permission(
        "22", "Share dashboards and filters", "Share dashboards and filters with others."
    ),
    "MANAGE_GROUP_FILTER_SUBSCRIPTIONS": Permission(
        "24", "Manage group filter subscriptions", "Create and delete group filter subscriptions."
    ),
    "BULK_CHANGE": Permission("33", "Make bulk changes", "Modify many issues at once."),
}

PROJECT = {
    "ADMINISTER_PROJECTS": Permission(
        "23", "Administer Projects", "Administer a project.", "PROJECT_ADMIN", admin=True
    ),
    "BROWSE_PROJECTS": Permission("10", "Browse Projects", "Browse projects and the issues within them.", "BROWSE"),
    "VIEW_DEV_TOOLS": Permission("29", "View Development Tools", "View the development panel.", "VIEW_VERSION_CONTROL"),
    "VIEW_READONLY_WORKFLOW": Permission(
        "45", "View Read-Only Workflow", "View a read-only version of a workflow.", "VIEW_WORKFLOW_READONLY"
    ),
    "CREATE_ISSUES": Permission("11", "Create Issues", "Create issues.", "CREATE_ISSUE"),
    "EDIT_ISSUES": Permission("12", "Edit Issues", "Edit issues.", "EDIT_ISSUE"),
    "TRANSITION_ISSUES": Permission("46", "Transition Issues", "Transition issues.", "TRANSITION_ISSUE"),
    "SCHEDULE_ISSUES": Permission("28", "Schedule Issues", "View or edit an issue's due date.", "SCHEDULE_ISSUE"),
    "MOVE_ISSUES": Permission("25", "Move Issues", "Move issues between projects.", "MOVE_ISSUE"),
    "ASSIGN_ISSUES": Permission("13", "Assign Issues", "Assign issues to other people.", "ASSIGN_ISSUE"),
    "ASSIGNABLE_USER": Permission("17", "Assignable User", "Be assigned to issues."),
    "RESOLVE_ISSUES": Permission("14", "Resolve Issues", "Resolve and reopen issues.", "RESOLVE_ISSUE"),
    "CLOSE_ISSUES": Permission("18", "Close Issues", "Close issues.", "CLOSE_ISSUE"),
    "MODIFY_REPORTER": Permission("30", "Modify Reporter", "Modify the reporter of an issue."),
    "DELETE_ISSUES": Permission("16", "Delete Issues", "Delete issues.", "DELETE_ISSUE"),
    "LINK_ISSUES": Permission("21", "Link Issues", "Link issues.", "LINK_ISSUE"),
    "SET_ISSUE_SECURITY": Permission("26", "Set Issue Security", "Set the level of security on an issue."),
    "VIEW_VOTERS_AND_WATCHERS": Permission(
        "31", "View Voters and Watchers", "View the voters and watchers of an issue."
    ),
    "MANAGE_WATCHERS": Permission("32", "Manage Watchers", "Manage the watchers of an issue.", "MANAGE_WATCHER_LIST"),
    "ADD_COMMENTS": Permission("15", "Add Comments", "Comment on issues.", "COMMENT_ISSUE"),
    "EDIT_ALL_COMMENTS": Permission("34", "Edit All Comments", "Edit all comments.", "COMMENT_EDIT_ALL"),
    "EDIT_OWN_COMMENTS": Permission("35", "Edit Own Comments", "Edit one's own comments.", "COMMENT_EDIT_OWN"),
    "DELETE_ALL_COMMENTS": Permission("36", "Delete All Comments", "Delete all comments.", "COMMENT_DELETE_ALL"),
    "DELETE_OWN_COMMENTS": Permission("37", "Delete Own Comments", "Delete one's own comments.", "COMMENT_DELETE_OWN"),
    "CREATE_ATTACHMENTS": Permission("19", "Create Attachments", "Attach files to issues.", "CREATE_ATTACHMENT"),
    "DELETE_ALL_ATTACHMENTS": Permission(
        "38", "Delete All Attachments", "Delete all attachments.", "ATTACHMENT_DELETE_ALL"
    ),
    "DELETE_OWN_ATTACHMENTS": Permission(
        "39", "Delete Own Attachments", "Delete one's own attachments.", "ATTACHMENT_DELETE_OWN"
    ),
    "WORK_ON_ISSUES": Permission("20", "Work On Issues", "Log work done against an issue.", "WORK_ISSUE"),
    "EDIT_ALL_WORKLOGS": Permission("41", "Edit All Worklogs", "Edit all worklogs.", "WORKLOG_EDIT_ALL"),
    "EDIT_OWN_WORKLOGS": Permission("40", "Edit Own Worklogs", "Edit one's own worklogs.", "WORKLOG_EDIT_OWN"),
    "DELETE_ALL_WORKLOGS": Permission("43", "Delete All Worklogs", "Delete all worklogs.", "WORKLOG_DELETE_ALL"),
    "DELETE_OWN_WORKLOGS": Permission("42", "Delete Own Worklogs", "Delete one's own worklogs.", "WORKLOG_DELETE_OWN"),
    "MANAGE_SPRINTS_PERMISSION": Permission("-1", "Manage sprints", "Manage sprints."),
}

KNOWN = {**GLOBAL, **PROJECT}
FORMER = {known.former: key for key, known in KNOWN.items() if known.former and known.former != key}
