"""The labels in use on issues."""

from __future__ import annotations

from sandlot_server.call import Answer, Call
from sandlot_server.jira.lookups import visible
from sandlot_server.jira.wire import page_bean


def get_all_labels(call: Call) -> Answer:
    labels = sorted({label for issue in visible(call, "issue") for label in issue["labels"]})
    return Answer(200, page_bean(call, 1000, labels, str))


OPERATIONS = {"jira/getAllLabels": get_all_labels}
