"""The Jira API: one module for each resource."""

from __future__ import annotations

from sandlot_server.call import Handler
from sandlot_server.jira import (
    changelogs,
    comments,
    createmeta,
    fields,
    issue_link_types,
    issue_links,
    issue_types,
    issues,
    labels,
    priorities,
    projects,
    remote_links,
    resolutions,
    search,
    server_info,
    statuses,
    transitions,
    users,
)

_MODULES = (
    changelogs,
    comments,
    createmeta,
    fields,
    issue_link_types,
    issue_links,
    issue_types,
    issues,
    labels,
    priorities,
    projects,
    remote_links,
    resolutions,
    search,
    server_info,
    statuses,
    transitions,
    users,
)

OPERATIONS: dict[str, Handler] = {key: handler for module in _MODULES for key, handler in module.OPERATIONS.items()}
