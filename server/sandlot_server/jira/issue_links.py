"""Issue links: two issues and what the one is to the other.

A link leads from its inward issue to its outward one: by the type Blocks, the inward issue blocks the outward
one. An issue shows the other end alone, so the inward issue shows an `outwardIssue`, and the other way round.
"""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.changelogs import note_change
from sandlot_server.jira.comments import new_comment, read_body
from sandlot_server.jira.issue_fields import View
from sandlot_server.jira.issue_link_types import find_link_type
from sandlot_server.jira.lookups import find_issue, row, unrestricted
from sandlot_server.jira.permissions import may, require
from sandlot_server.site.state import Row


def make_link(call: Call, type_id: str, inward: str, outward: str) -> None:
    """Link two issues, given by id. A link that is there already stays as it is."""
    ends = {"type": type_id, "inwardIssue": inward, "outwardIssue": outward}
    for link in call.state.find("issue_link", "inwardIssue", inward):
        if {name: link[name] for name in ends} == ends:
            return
    link = {"id": call.state.next_id("issue_link"), **ends}
    call.state.put("issue_link", link)
    for issue_id, told in _histories(call, link):
        note_change(call, issue_id, {**_ITEM, **told})


def delete_link(call: Call, link: Row) -> None:
    """Its ends tell of it in their histories, wherever they are."""
    call = unrestricted(call)
    call.state.delete("issue_link", link["id"])
    for issue_id, told in _histories(call, link):
        note_change(call, issue_id, {**_ITEM, "from": told["to"], "fromString": told["toString"]})


_ITEM = {"field": "Link", "fieldtype": "jira", "from": None, "fromString": None, "to": None, "toString": None}


def _histories(call: Call, link: Row) -> list[tuple[str, dict[str, str]]]:
    """How the histories of both ends tell of a link: the issue's id, and the item's key and text."""
    link_type = row(call, "issue_link_type", link["type"])
    inward, outward = (row(call, "issue", link[end]) for end in ("inwardIssue", "outwardIssue"))
    return [
        (here["id"], {"to": there["key"], "toString": f"This issue {words} {there['key']}"})
        for here, there, words in ((inward, outward, link_type["outward"]), (outward, inward, link_type["inward"]))
    ]


def _linked_issue(call: Call, sent: Row) -> Row:
    issue = find_issue(call, sent.get("key") or sent.get("id") or "")
    if issue is None:
        raise errors.no_issue()
    return issue


def link_issues(call: Call) -> Answer:
    body = call.body
    try:
        link_type = find_link_type(call, body["type"])
    except errors.FieldError as error:
        raise errors.refusal(404, error.text) from None
    inward, outward = (_linked_issue(call, body[end]) for end in ("inwardIssue", "outwardIssue"))
    if inward["id"] == outward["id"]:
        raise errors.refusal(400, errors.LINKED_TO_ITSELF)
    for issue in (inward, outward):
        require(call, issue["project"], "LINK_ISSUES", issue["key"])
    if (comment := body.get("comment")) is not None:
        _comment(call, inward, comment)
    make_link(call, link_type["id"], inward["id"], outward["id"])
    return Answer(201)


def _comment(call: Call, issue: Row, sent: Row) -> None:
    """Say it on the issue that the link leads from."""
    require(call, issue["project"], "ADD_COMMENTS")
    try:
        body = read_body(call.version, sent.get("body"))
    except errors.FieldError as error:
        raise errors.refusal(400, comment=error.text) from None
    new_comment(call, issue["id"], body, sent.get("visibility"))
    call.state.put("issue", {**issue, "updated": call.now})


def _link_of(call: Call) -> Row:
    """The link that the path names."""
    link_id = call.path["linkId"]
    if not link_id.isdecimal():
        raise errors.refusal(400, errors.LINK_NOT_INTEGER.format(link_id))
    link = call.state.get("issue_link", link_id) if call.user is not None else None
    if link is None:
        raise errors.not_found(errors.NO_LINK, link_id)
    return link


def get_issue_link(call: Call) -> Answer:
    link = _link_of(call)
    view = View(call)
    ends: dict[str, Any] = {end: view.related(row(call, "issue", link[end])) for end in ("inwardIssue", "outwardIssue")}
    return Answer(200, {**view.link(link), **ends})


def delete_issue_link(call: Call) -> Answer:
    """Who may link one end of it may take it away."""
    link = _link_of(call)
    inward, outward = (row(call, "issue", link[end]) for end in ("inwardIssue", "outwardIssue"))
    if not may(call, outward["project"], "LINK_ISSUES"):
        require(call, inward["project"], "LINK_ISSUES", inward["key"])
    delete_link(call, link)
    return Answer(204)


OPERATIONS = {
    "jira/linkIssues": link_issues,
    "jira/getIssueLink": get_issue_link,
    "jira/deleteIssueLink": delete_issue_link,
}
