"""Why a well-formed JQL query cannot be run, in the service's words."""

from __future__ import annotations

UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
NO_FIELD = "Field '{field}' does not exist or you do not have permission to view it."
NO_VALUE = "The value '{value}' does not exist for the field '{field}'."
NO_ID = "A value with ID '{value}' does not exist for the field '{field}'."
NO_ISSUE = "An issue with key '{value}' does not exist for field '{field}'."
NO_ISSUE_ID = "An issue with ID '{value}' does not exist for field '{field}'."
BAD_ISSUE_KEY = "The issue key '{value}' for field '{field}' is invalid."
NOT_A_NUMBER = "Value '{value}' is invalid for the '{field}' field. Valid values are numbers."
NO_OPERATOR = "The operator '{operator}' is not supported by the '{field}' field."
NO_HISTORY = "History searches do not support the '{field}' field."
NO_EMPTY = "The field '{field}' does not support searching for EMPTY values."
NO_EMPTY_TEXT = "The field '{field}' does not support searching for an empty string."
WILDCARD_FIRST = "The text query '{value}' for field '{field}' is not allowed to start with '{first}'."
NO_FUNCTION = "Unable to find JQL function '{function}'."
LIST_MISFIT = "Operator '{operator}' does not support the list value '{value}' for field '{field}'."
NOT_A_LIST = "Operator '{operator}' does not support the non-list value '{value}' for field '{field}'."
FUNCTION_MISFIT = "A value provided by the function '{function}' is invalid for the field '{field}'."
ARGUMENTS = "Function '{function}' expected '{expected}' arguments but received '{count}'."
TOO_FEW_ARGUMENTS = "Function '{function}' expected at least '{expected}' arguments but received '{count}'."
NO_LINKED_ISSUE = "Issue '{value}' could not be found in function '{function}'."
NO_LINK_TYPE = "Issue link type '{value}' could not be found in function '{function}'."
BAD_DURATION = "Duration for function '{function}' should have the format (+/-)n(yMwdm), e.g -1M for 1 month earlier."
_DATE_FORMATS = (
    "Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd',"
    " or a period format e.g. '-5d', '4w 2d'."
)
BAD_DATE = "Date value '{value}' for field '{field}' is invalid. " + _DATE_FORMATS
BAD_PREDICATE_DATE = "Date value '{value}' for predicate '{predicate}' is invalid. " + _DATE_FORMATS
PREDICATE_MISFIT = "A date for the predicate '{predicate}' provided by the function '{function}' is not valid."
ONE_DATE = "The {predicate} predicate must be supplied with only 1 date value."
TWO_DATES = "The DURING predicate must be supplied with exactly 2 date values."
NO_SORT = "Not able to sort using field '{field}'."
TOO_MANY_SORTS = "A query can be ordered by at most 7 fields."


class JqlError(Exception):
    """The query is refused; `messages` are what the service answers, in the order of the query."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages


class Misfit(Exception):
    """One thing that a query says and this site cannot take: the check notes it and goes on to the next."""

    def __init__(self, text: str, **parts: str | int) -> None:
        super().__init__(text.format(**parts))
