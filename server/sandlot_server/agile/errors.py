"""Every message text that the agile API has of its own; it refuses in Jira's form, by `jira/errors.py`.

`NO_BOARD` and `NO_SPRINTS_HERE` are the words of the product. The rest is not recorded anywhere:
its wording is ours, its statuses are the product's.
"""

from __future__ import annotations

NO_BOARD = (
    "The requested board cannot be viewed because it either does not exist or you do not have permission to view it."
)
NO_FILTER = "The filter with id '{}' does not exist or you do not have permission to view it."
NO_SPRINTS_HERE = "The board does not support sprints"
NOT_AN_EPIC = "The issue '{}' is not an epic."
NO_PROJECT = "No project could be found with key or id '{}'."

NO_NAME = "A name is required."
LONG_NAME = "The name must be shorter than {} characters."
NO_TYPE = "The type of the board must be scrum or kanban."
NO_FILTER_ASKED = "The id of a filter is required."
NO_LOCATION_PROJECT = "A board in a project needs the key or the id of the project."
BAD_TYPE = "The board type '{}' is not valid. Valid types are scrum, kanban and simple."
BAD_STATE = "The sprint state '{}' is not valid. Valid states are future, active and closed."
BAD_FLAG = "The value of '{}' must be true or false."

NO_ORIGIN_BOARD = "The id of the board that the sprint is created on is required."
BAD_MOMENT = "'{}' is not a valid date and time."
END_BEFORE_START = "The end date of a sprint must be after the start date."
NO_DATES = "A sprint needs a start date and an end date to be started."
NO_STATE = "The state of the sprint is required."
NOT_STARTED = "A sprint must be active to be completed."
NO_WAY_BACK = "A sprint that is {} cannot become {}."
DELETED_CLOSED = "A closed sprint cannot be deleted."
SWAPPED_WITH_NOTHING = "The id of the sprint to swap with is required."
SWAPPED_ELSEWHERE = "Sprints can only be swapped with open sprints of their own board."

NO_ISSUES = "At least one issue is required."
TOO_MANY_ISSUES = "At most 50 issues can be moved at once."
ONE_NEIGHBOUR = "Specify the issue to rank before or the issue to rank after, not both."
NO_NEIGHBOUR = "Specify the issue to rank before or the issue to rank after."
OWN_NEIGHBOUR = "An issue cannot be ranked before or after itself."
NOT_A_RANK = "The custom field with id '{}' is not a rank field."
NOT_ON_BOARD = "The issue '{}' is not on the board."
NO_BACKLOG = "The board shows issues by their sprints: move them to one of its sprints."
NO_WAY_THERE = "No transition leads the issue there."

NO_BOARD_ASKED = "The boardId query parameter needs to be provided."
NO_ESTIMATION = "The board does not estimate by a field."
