"""Who voted for an issue. Everybody votes for himself alone, and not for what is resolved."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import issue_of, row
from sandlot_server.jira.permissions import may
from sandlot_server.jira.users import view_user
from sandlot_server.jira.wire import api
from sandlot_server.site.state import Row


def _votes_of(call: Call, issue: Row) -> list[Row]:
    return call.state.find("vote", "issue", issue["id"])


def view_votes(call: Call, issue: Row) -> dict[str, Any]:
    """The field `votes`."""
    voters = [vote["user"] for vote in _votes_of(call, issue)]
    return {
        "self": f"{api(call)}/issue/{issue['key']}/votes",
        "votes": len(voters),
        "hasVoted": call.user is not None and call.user["id"] in voters,
    }


def _own_vote(call: Call) -> Row:
    """The caller's vote for the issue that the path names, as it stands or would stand."""
    issue = issue_of(call)
    if issue["resolution"] is not None:
        raise errors.refusal(404, errors.RESOLVED_VOTE)
    assert call.user is not None  # an anonymous caller sees no issue to vote for
    return {"id": f"{issue['id']}:{call.user['id']}", "issue": issue["id"], "user": call.user["id"]}


def get_votes(call: Call) -> Answer:
    """Who may not see the voters sees themselves alone."""
    issue = issue_of(call)
    every = may(call, issue["project"], "VIEW_VOTERS_AND_WATCHERS")
    shown = [one["user"] for one in _votes_of(call, issue) if every or (call.user and one["user"] == call.user["id"])]
    voters = [view_user(api(call), row(call, "user", account_id)) for account_id in shown]
    return Answer(200, {**view_votes(call, issue), "voters": voters})


def add_vote(call: Call) -> Answer:
    call.state.put("vote", _own_vote(call))
    return Answer(204)


def remove_vote(call: Call) -> Answer:
    call.state.delete("vote", _own_vote(call)["id"])
    return Answer(204)


OPERATIONS = {
    "jira/getVotes": get_votes,
    "jira/addVote": add_vote,
    "jira/removeVote": remove_vote,
}
