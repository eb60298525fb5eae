"""Every refusal of the Jira API, and every message text in one place.

Shapes and texts are those of live sites, where somebody recorded them. Some texts follow the account's
language and have no recorded English (`MAX_RESULTS_RANGE`, `BAD_PAGE_TOKEN`, `BAD_COMMENT_ORDER`), some are not
recorded at all (`NO_REMOTE_LINK`, `NO_SPRINT`, `SPRINT_OF_SUBTASK`, `BAD_URL`, `NO_LINKED_ISSUE`, the
`..._NOT_INTEGER` of links, most texts of administration but those of projects and of names that are taken): their
wording is ours, their statuses are the product's. So are the texts of properties (`..._PROPERTY...`), `..._IDS_RANGE`
and `RESOLVED_VOTE`, and in `DENIED` those about sprints, watchers and the changing of worklogs. What JQL refuses is
worded in `query/jql_errors.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sandlot_server.call import Refusal, Request
from sandlot_server.jira.envelopes import fault, ordinary, problem, unreadable

if TYPE_CHECKING:
    pass


NO_ISSUE = "Issue does not exist or you do not have permission to see it."
NO_USER = "Specified user does not exist or you do not have required permissions"
NO_USER_ASKED = "The accountId query parameter needs to be provided."
NO_USER_QUERY = "The 'query', 'accountId' or 'property' query parameter needs to be provided."
NO_ASSIGNABLE_SCOPE = "The 'project', 'issueKey' or 'issueId' query parameter needs to be provided."
NO_ISSUE_TYPE = "The issue type with id '{}' does not exist."
NO_PRIORITY = "The priority with id '{}' does not exist"
NO_STATUS = "The status with id '{}' does not exist"
NO_RESOLUTION = "The resolution with id '{}' does not exist"
NO_COMMENT = "Can not find a comment for the id: {}."
ISSUES_RANGE = "Between 1 and {} issues can be asked for."
COMMENT_IDS_RANGE = "Between 1 and 1000 comment ids can be asked for."
NO_WORKLOG = "Cannot find worklog with id: '{}'."
NO_WORKLOG_MADE = "Worklog must not be null."
WORKLOG_IDS_RANGE = "Between 1 and 5000 worklog ids can be deleted."
RESOLVED_VOTE = "You cannot vote or change your vote on resolved issues."
NO_PROPERTY = "The property with key '{}' does not exist."
NO_PROPERTY_KEY = "The property key must be given."
LONG_PROPERTY_KEY = "The property key must not be longer than 255 characters."
LONG_PROPERTY_VALUE = "The property value must not be longer than 32768 characters."
NO_ATTACHMENT = "The attachment with id '{}' does not exist"
NO_THUMBNAIL = "The attachment has no thumbnail."
LARGE_FILE = "{} is too large to attach. Attachment is {} but the largest allowed attachment is {}."
TOO_MANY_FILES = "No more than {} files can be attached at once."
NO_AVATAR_TYPE = "There are no avatars of the type '{}'."
NO_LINK_TYPE = "No issue link type with {} '{}' found."
LINK_TYPE_NOT_INTEGER = "The issue link type id '{}' is not a number."
NO_LINK = "No issue link with id '{}' exists."
LINK_NOT_INTEGER = "The issue link id '{}' is not a number."
LINKED_TO_ITSELF = "You cannot link an issue to itself."
NO_REMOTE_LINK = "The remote link does not exist."
REMOTE_LINK_NOT_INTEGER = "The remote link id '{}' is not a number."
NOTHING_TO_EDIT = "one of 'fields' or 'update' required"
NO_TRANSITION = "Missing 'transition' identifier"
TRANSITION_NOT_INTEGER = "'transition' identifier must be an integer"
BAD_TRANSITION = "Transition id '{}' is not valid for this issue."
HAS_SUBTASKS = (
    "The issue '{}' has subtasks.  You must specify the 'deleteSubtasks' parameter"
    " to delete this issue and all its subtasks."
)
SEARCH_REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
    " A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)
MAX_RESULTS_RANGE = "The value of 'maxResults' must be between 1 and 5000."
BAD_PAGE_TOKEN = "The value of 'nextPageToken' is not valid."
BAD_COMMENT_ORDER = "Comments can only be ordered by 'created'."
NULL_RECONCILED = 'Cannot invoke "java.util.List.stream()" because "reconcileIssues" is null'
NULL_PROPERTY = "at index 0"
TOO_MANY_TO_RECONCILE = "The max number of issues to reconcile is 50."
PROJECT_ORDERS = (
    "name", "key", "owner", "category", "issueCount", "lastIssueUpdatedTime", "archivedDate", "deletedDate",
)  # fmt: skip
# Of permissions in a project: the status and the text of a refusal, by the permission that is missing.
DENIED: Mapping[str, tuple[int, str]] = {
    "ADD_COMMENTS": (400, "{caller}, you do not have the permission to comment on this issue."),
    "ASSIGN_ISSUES": (403, "You do not have permission to assign issues."),
    "CREATE_ATTACHMENTS": (403, "You do not have permission to create attachments for this issue."),
    "DELETE_ALL_ATTACHMENTS": (403, "You do not have permission to delete attachment with id: {of}"),
    "DELETE_ALL_COMMENTS": (400, "You do not have permission to delete comment with id: {of}"),
    "DELETE_ALL_WORKLOGS": (400, "{caller}, you do not have the permission to delete this worklog."),
    "DELETE_ISSUES": (403, "You do not have permission to delete issues in this project."),
    "EDIT_ALL_COMMENTS": (400, "{caller}, you do not have the permission to edit this comment."),
    "EDIT_ALL_WORKLOGS": (400, "{caller}, you do not have the permission to edit this worklog."),
    "EDIT_ISSUES": (403, "You do not have permission to edit issues in this project."),
    "LINK_ISSUES": (401, "No Link Issue Permission for issue '{of}'"),
    "MANAGE_SPRINTS_PERMISSION": (403, "You do not have permission to manage sprints in this project."),
    "MANAGE_WATCHERS": (403, "You do not have permission to manage the watchers of this issue."),
    "WORK_ON_ISSUES": (400, "{caller}, you do not have the permission to associate a worklog to this issue."),
}
# Of administration.
NOT_LOGGED_IN = "You are not authenticated. Authentication required to perform this operation."
NOT_ADMIN = "You must have global administrator rights in order to modify {}."
ONLY_ADMINS = "Only Jira administrators can access {}."
NO_PROJECT_RIGHTS = "You cannot edit the configuration of this project."
NO_PERMISSIONS = "The 'permissions' query parameter is required."
BAD_PERMISSION = "These permissions do not exist: {}."
OWN_ACCOUNT = "You cannot delete the currently logged in user."
NO_ACCESS = "The user '{}' exists and has no access to Jira."
ISSUE_TYPE_IN_USE = "The issue type '{}' is in use. Specify an alternative issue type for its issues."
BAD_ALTERNATIVE = "The issue type '{}' is no alternative for the issues of this type."
DEFAULT_PRIORITY = "The default priority cannot be deleted."
TWO_ICONS = "Specify either 'iconUrl' or 'avatarId', not both."
NO_TASK = "The task with id '{}' does not exist."
NO_CUSTOM_FIELD = "The custom field was not found."
NO_CONTEXT = "The context with id '{}' was not found for the custom field."
NO_VERSION = "Could not find version for id '{}'"
NO_COMPONENT = "The component with id {} does not exist."
NO_ISSUE_TYPES_LEFT = "The issue type '{}' is the only one of the project '{}'."
BAD_PROJECT_ORDER = "The field to order by should be one of [{}]. Instead, it was: {}."

NOT_CONVERTIBLE = "Failed to convert '{}' with value: '{}'"
NO_BODY = "No content to map to Object due to end of input"
NOT_JSON = "There was an error parsing JSON. Check that your request body is valid."
INVALID_PAYLOAD = "Invalid request payload. Refer to the REST API documentation and try again."
NO_SESSION_TOKEN = "Failed to parse Connect Session Auth Token"
NOT_AUTHENTICATED = "Client must be authenticated to access this resource."
XSRF = "XSRF check failed"
BAD_FORM = "Failed to parse multipart servlet request"
NO_FILE_PART = "Required part 'file' is not present."
NOT_SERVED = "Sandlot does not serve this operation: {}."
UNAVAILABLE = "The request could not be recorded. Nothing was changed; try again."

# Texts of one field, in the `errors` of a refusal.
NOT_ON_SCREEN = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
SET_TWICE = "Field '{}' cannot appear in both 'fields' and 'update'."
NOT_IN_FIELDS = "Field does not support update '{}'"
NO_OPERATION = "Field '{}' does not support operation '{}'. Supported operation(s) are: '{}'"
REQUIRED = "{} is required."
REQUIRED_ON_SCREEN = "Field {} is required."
NOT_A_STRING = "Operation value must be a string"
NOT_A_DOCUMENT = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
NOT_A_NUMBER = "Operation value must be a number"
NOT_AN_OBJECT = "data was not an object"
NOT_AN_ARRAY = "data was not an array"
NOT_A_STRING_AT = "string expected at index {}"
NOT_A_STRING_PROPERTY = "expected '{}' property to be a string"
NO_SUMMARY = "You must specify a summary of the issue."
LONG_SUMMARY = "Summary must be less than 255 characters."
NEWLINE_SUMMARY = "The summary is invalid because it contains newline characters."
BAD_PROJECT = "Specify a valid project ID or key"
BAD_ISSUE_TYPE = "Specify a valid issue type"
WRONG_ISSUE_TYPE = "The issue type selected is invalid."
SUBTASK_WITHOUT_PARENT = "Issue type is a sub-task but parent issue key or id not specified."
NO_PARENT = "Could not find issue by id or key."
BAD_PARENT = "Please select valid parent issue."
NO_NAME_OR_ID = "Could not find valid 'id' or 'name' in {} object."
BAD_NAME = "{} name '{}' is not valid"
BAD_PRIORITY_ID = "The priority selected is invalid."
BAD_ID = "{} id '{}' is not valid"
BAD_USER = "Specify a valid value for {}"
NOT_ASSIGNABLE = "User '{}' cannot be assigned issues."
LABEL_WITH_BLANK = "The label '{}' contains spaces which is invalid."
BAD_DATE = "Error parsing date string: {}"
NO_OPTION = "Specify a valid 'id' or 'name' for {}"
BAD_OPTION_ID = "Option id '{}' is not valid"
BAD_OPTION_VALUE = "Option value '{}' is not valid"
EMPTY_COMMENT = "Comment body can not be empty!"
BAD_COMMENT = "Comment body is not valid!"
NO_TIME_SPENT = "You must indicate the time spent working."
BAD_TIME_SPENT = "Invalid time duration entered."
ZERO_TIME_SPENT = "Time Spent can not be zero."
NEW_ESTIMATE_REQUIRED = "Value is required when adjustEstimate is new"
NEW_ESTIMATE_TEXTS = ("You must supply a valid new estimate.", "Invalid new estimate entered.")
ADJUSTMENT_REQUIRED = "A value is required for manual estimate adjustment"
ADJUSTMENT_TEXTS = (
    "You must supply a valid amount of time to adjust the estimate by.",
    "Invalid time entered for adjusting the estimate.",
)
NO_MANUAL_ESTIMATE = "Manual adjustment of remaining estimate not allowed when editing a worklog"
BAD_ORIGINAL_ESTIMATE = "The original estimate specified is not valid."
BAD_REMAINING_ESTIMATE = "The remaining estimate specified is not valid."
NO_LINKED_ISSUE = "Specify the 'outwardIssue' or the 'inwardIssue' of the link."
NO_URL = "'URL' is required."
BAD_URL = "'URL' is not a valid URL."
NO_LINK_TEXT = "'Link Text' is required."
INVALID_DOCUMENT = "INVALID_INPUT"
TOO_LONG = "The entered text is too long. It exceeds the allowed limit of {} characters."
NO_NAME = "You must specify a name."
ISSUE_TYPE_TAKEN = "An issue type with this name already exists."
PRIORITY_TAKEN = "A priority with that name already exists."
RESOLUTION_TAKEN = "A resolution with that name already exists."
LINK_TYPE_TAKEN = "Another link type with this name already exists."
NO_LINK_DESCRIPTION = "You must specify the {} description of the link type."
BAD_HIERARCHY = "The hierarchy level must be -1 (sub-task) or 0 (standard)."
BAD_AVATAR = "The avatar with id '{}' does not exist."
BAD_COLOUR = "You must specify a valid status color."
BAD_FIELD_TYPE = "The custom field type '{}' does not exist."
BAD_SEARCHER = "The searcher '{}' is not valid for this type of custom field."
NO_PROJECT_NAME = "You must specify a valid project name."
LONG_PROJECT_NAME = "The project name must not exceed 80 characters in length."
PROJECT_NAME_TAKEN = "A project with that name already exists."
BAD_PROJECT_KEY = (
    "Project keys must start with an uppercase letter, followed by one or more uppercase alphanumeric characters."
)
LONG_PROJECT_KEY = "The project key must not exceed 10 characters in length."
PROJECT_KEY_TAKEN = "Project '{}' uses this project key."
FOREIGN_PROJECT_KEY = "The key '{}' is no former key of this project."
NO_PROJECT_LEAD = "You must specify a valid project lead."
NO_PROJECT_TYPE = "You must specify a valid project type."
BAD_TEMPLATE = "An invalid project template was specified. Make sure the project template matches the project type."
BAD_PROJECT_URL = "The URL specified is not valid - it must start with http:// or https://"
NO_VERSION_NAME = "You must specify a valid version name"
LONG_VERSION_NAME = "The version name must not exceed 255 characters"
VERSION_TAKEN = "A version with this name already exists in this project."
BAD_VERSION_DATES = "The start date must be before the release date."
NO_COMPONENT_NAME = "The component name specified is invalid - cannot be an empty string."
LONG_COMPONENT_NAME = "The component name must not exceed 255 characters in length."
COMPONENT_TAKEN = "A component with the name {} already exists in this project."
NO_COMPONENT_LEAD = "The user {} does not exist."
NO_PROJECT_GIVEN = "You must specify the project."
BAD_EMAIL = "You must specify a valid email address."
NO_PRODUCTS = "You must specify the products that the user has access to."
BAD_PRODUCT = "The product '{}' does not exist."
NOT_A_SPRINT = "Number value expected as the Sprint id."
NO_SPRINT = "Sprint does not exist or you do not have permission to view it."
CLOSED_SPRINT = "Issue can be assigned only active or future sprints."
SPRINT_OF_SUBTASK = "Sub-tasks cannot be associated to a sprint. They are in the sprint of their parent."


class FieldError(Exception):
    """A value that one field does not take; the text goes under the field's id, or under a name of its own."""

    def __init__(self, text: str, name: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.name = name


class DocumentError(Exception):
    """A value that is a document, but not a valid one: the product says so without naming the field."""


def refusal(status: int, /, *messages: str, **fields: str) -> Refusal:
    """The ordinary refusal: general messages, and one text for each field."""
    return Refusal(ordinary(status, messages, fields))


def field_refusal(fields: dict[str, str], messages: Iterable[str] = ()) -> Refusal:
    return Refusal(ordinary(400, messages, fields))


def no_issue() -> Refusal:
    return refusal(404, NO_ISSUE)


def no_project(id_or_key: str) -> Refusal:
    by = "id" if re.fullmatch(r"[1-9][0-9]{0,17}", id_or_key) else "key"
    return refusal(404, f"No project could be found with {by} '{id_or_key}'.")


def invalid_payload() -> Refusal:
    return Refusal(unreadable(INVALID_PAYLOAD))


def not_found(template: str, what: str) -> Refusal:
    return refusal(404, template.format(what))


def not_convertible(request: Request, name: str, value: str) -> Refusal:
    """A number that a parameter's document calls text."""
    return Refusal(problem(request, 400, "Bad Request", NOT_CONVERTIBLE.format(name, value)))


def no_file_part(request: Request) -> Refusal:
    return Refusal(problem(request, 400, "Bad Request", NO_FILE_PART))


def broken(message: str) -> Refusal:
    """What live sites cannot take, and answer as a fault of their own."""
    return Refusal(fault(message))


def missing_of_remote_object(sent: Mapping[str, Any]) -> dict[str, str]:
    """What a remote link must have and has not."""
    texts = {"url": NO_URL, "title": NO_LINK_TEXT}
    return {name: text for name, text in texts.items() if not sent.get(name)}
