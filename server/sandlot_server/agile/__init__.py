"""The agile API of Jira Software: one module for each resource."""

from __future__ import annotations

from sandlot_server.agile import backlogs, board_issues, boards, epics, estimation, issues, sprints, versions
from sandlot_server.call import Handler

_MODULES = (backlogs, board_issues, boards, epics, estimation, issues, sprints, versions)

OPERATIONS: dict[str, Handler] = {key: handler for module in _MODULES for key, handler in module.OPERATIONS.items()}
