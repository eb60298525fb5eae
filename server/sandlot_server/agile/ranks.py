"""Ranking: putting issues before or after another one, in the order in which they are listed."""

from __future__ import annotations

from itertools import pairwise

from sandlot_server.agile import errors as texts
from sandlot_server.agile.lookups import named_issue
from sandlot_server.call import Call
from sandlot_server.jira import errors
from sandlot_server.site.software import RANK, by_rank, rank_between, rank_of
from sandlot_server.site.state import Row


def rank(call: Call, issues: list[Row], *, before: str | None, after: str | None) -> None:
    """Rank issues next to the one that is named, and tell nobody: a rank has no history and no time of its own."""
    _check(call, before, after)
    neighbour = named_issue(call, before or after)
    moved = {issue["id"] for issue in issues}
    if neighbour["id"] in moved:
        raise errors.refusal(400, texts.OWN_NEIGHBOUR)
    low, high = _gap(call, neighbour, moved, before is not None)
    for issue in issues:
        if not _within(rank_of(issue), low, high):
            issue = {**issue, RANK: rank_between(low, high)}
            call.state.put("issue", issue)
        low = rank_of(issue)


def rank_as_sent(call: Call, issues: list[Row]) -> None:
    """Rank issues that have been moved, if the body says where."""
    before, after = call.body.get("rankBeforeIssue"), call.body.get("rankAfterIssue")
    if before or after:
        rank(call, issues, before=before, after=after)


def _check(call: Call, before: str | None, after: str | None) -> None:
    field = call.body.get("rankCustomFieldId")
    if field is not None and f"customfield_{field}" != RANK:
        raise errors.refusal(400, texts.NOT_A_RANK.format(field))
    if bool(before) == bool(after):
        raise errors.refusal(400, texts.ONE_NEIGHBOUR if before else texts.NO_NEIGHBOUR)


def _gap(call: Call, neighbour: Row, moved: set[str], before: bool) -> tuple[str | None, str | None]:
    """The ranks on both sides of the place, without the issues that move; None where there is nothing."""
    order = [issue for issue in sorted(call.state.whole.all("issue"), key=by_rank) if issue["id"] not in moved]
    ranks = [None, *(rank_of(issue) for issue in order), None]
    at = next(place for place, issue in enumerate(order) if issue["id"] == neighbour["id"])
    pairs = list(pairwise(ranks))
    return pairs[at if before else at + 1]


def _within(rank: str, low: str | None, high: str | None) -> bool:
    return (low is None or low < rank) and (high is None or rank < high)
