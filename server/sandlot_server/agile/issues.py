"""One issue as the agile API shows it, and the rank of issues."""

from __future__ import annotations

from sandlot_server.agile.issue_lists import chosen_fields, view_agile_issue
from sandlot_server.agile.lookups import sent_issues
from sandlot_server.agile.ranks import rank
from sandlot_server.call import Answer, Call
from sandlot_server.jira.issue_fields import View
from sandlot_server.jira.lookups import issue_of
from sandlot_server.jira.wire import expanded


def get_issue(call: Call) -> Answer:
    issue = issue_of(call)
    fields = chosen_fields(call, issue["project"])
    return Answer(200, view_agile_issue(View(call), issue, fields, expanded(call)))


def rank_issues(call: Call) -> Answer:
    rank(call, sent_issues(call), before=call.body.get("rankBeforeIssue"), after=call.body.get("rankAfterIssue"))
    return Answer(204)


OPERATIONS = {
    "jira-software/getIssue": get_issue,
    "jira-software/rankIssues": rank_issues,
}
