"""Comments of an issue."""

from __future__ import annotations

from html import escape
from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.documents import adf, wiki
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import issue_of, row
from sandlot_server.jira.permissions import require, require_over
from sandlot_server.jira.users import view_user
from sandlot_server.jira.wire import api, expanded, timestamp, window
from sandlot_server.site.state import Row

_MOST, _MOST_BY_ID = 100, 1000
# What live sites call the size of a page that has no bound.
_UNBOUNDED = 1048576


def rich_text(version: int, document: Row | None) -> Any:
    """A stored document as the called version writes it: wiki markup in v2, ADF in v3."""
    return wiki.from_adf(document) if version == 2 and document is not None else document


def html(document: Row | None) -> str:
    """A stored document rendered: its paragraphs, without their formatting."""
    return "".join(f"<p>{escape(part)}</p>" for part in adf.to_text(document).split("\n\n") if part)


def view_comment(call: Call, comment: Row) -> dict[str, Any]:
    root = api(call)
    view = {
        "self": f"{root}/issue/{comment['issue']}/comment/{comment['id']}",
        "id": comment["id"],
        "author": view_user(root, row(call, "user", comment["author"])),
        "body": rich_text(call.version, comment["body"]),
        "updateAuthor": view_user(root, row(call, "user", comment["updateAuthor"])),
        "created": timestamp(comment["created"]),
        "updated": timestamp(comment["updated"]),
        "jsdPublic": True,
    }
    if "visibility" in comment:
        view["visibility"] = comment["visibility"]
    return view


def _view_expanded(call: Call, comment: Row) -> dict[str, Any]:
    view = view_comment(call, comment)
    if "renderedBody" in expanded(call):
        view["renderedBody"] = html(comment["body"])
    return view


def comments_of(call: Call, issue: Row) -> list[Row]:
    """An issue's comments, oldest first."""
    return call.state.find("comment", "issue", issue["id"])


def read_body(version: int, body: Any) -> Row:
    """The document that a comment's `body` is, in the called version's form; FieldError if it is none."""
    if body is None or (isinstance(body, str) and not body.strip()):
        raise errors.FieldError(errors.EMPTY_COMMENT)
    if version == 2:
        if not isinstance(body, str):
            raise errors.FieldError(errors.BAD_COMMENT)
        return wiki.to_adf(body)
    if not isinstance(body, dict) or adf.validate(body) is not None:
        raise errors.FieldError(errors.BAD_COMMENT)
    if not body["content"]:
        raise errors.FieldError(errors.EMPTY_COMMENT)
    return body


def new_comment(call: Call, issue_id: str, body: Row, visibility: Row | None = None) -> Row:
    """Add a comment of the caller's. The issue's `updated` is left to the caller."""
    author = _author(call)
    comment = {
        "id": call.state.next_id("comment"),
        "issue": issue_id,
        "author": author,
        "updateAuthor": author,
        "body": body,
        "created": call.now,
        "updated": call.now,
        **({"visibility": visibility} if visibility else {}),
    }
    call.state.put("comment", comment)
    return comment


def _author(call: Call) -> str:
    assert call.user is not None  # an anonymous caller sees no issue to comment on
    author: str = call.user["id"]
    return author


def _sent_body(call: Call) -> Row:
    try:
        return read_body(call.version, call.body.get("body"))
    except errors.FieldError as error:
        raise errors.refusal(400, comment=error.text) from None


def _touch(call: Call, issue: Row) -> None:
    call.state.put("issue", {**issue, "updated": call.now})


def _comment_of(call: Call, issue: Row) -> Row:
    comment_id = call.path["id"]
    comment = call.state.get("comment", comment_id)
    if comment is None or comment["issue"] != issue["id"]:
        raise errors.not_found(errors.NO_COMMENT, comment_id)
    return comment


def get_comments(call: Call) -> Answer:
    order = call.query.get("orderBy")
    # A plus sign that is not escaped arrives as a blank.
    if order is not None and order.strip().lower() not in ("created", "+created", "-created"):
        raise errors.refusal(400, errors.BAD_COMMENT_ORDER)
    comments = comments_of(call, issue_of(call))
    if order is not None and order.startswith("-"):
        comments.reverse()
    start, size = window(call, _MOST)
    return Answer(
        200,
        {
            "startAt": start,
            "maxResults": size,
            "total": len(comments),
            "comments": [_view_expanded(call, comment) for comment in comments[start : start + size]],
        },
    )


def get_comment(call: Call) -> Answer:
    return Answer(200, _view_expanded(call, _comment_of(call, issue_of(call))))


def get_comments_by_ids(call: Call) -> Answer:
    """Those that are there, in the order asked for; a caller who sees no issue sees none."""
    ids = call.body["ids"]
    if not 1 <= len(ids) <= _MOST_BY_ID:
        raise errors.refusal(400, errors.COMMENT_IDS_RANGE)
    rows = [call.state.get("comment", str(comment_id)) for comment_id in ids] if call.user is not None else []
    shown = [_view_expanded(call, comment) for comment in rows if comment is not None]
    page = {"isLast": True, "maxResults": _UNBOUNDED, "startAt": 0, "total": len(shown), "values": shown}
    return Answer(200, page)


def add_comment(call: Call) -> Answer:
    issue = issue_of(call)
    require(call, issue["project"], "ADD_COMMENTS")
    body = _sent_body(call)
    comment = new_comment(call, issue["id"], body, call.body.get("visibility"))
    _touch(call, issue)
    return Answer(201, _view_expanded(call, comment))


def update_comment(call: Call) -> Answer:
    issue = issue_of(call)
    comment = _comment_of(call, issue)
    require_over(call, issue["project"], comment, ("EDIT_ALL_COMMENTS", "EDIT_OWN_COMMENTS"))
    changed = {**comment, "body": _sent_body(call), "updateAuthor": _author(call), "updated": call.now}
    if call.body.get("visibility"):
        changed["visibility"] = call.body["visibility"]
    call.state.put("comment", changed)
    _touch(call, issue)
    return Answer(200, _view_expanded(call, changed))


def delete_comment(call: Call) -> Answer:
    issue = issue_of(call)
    comment = _comment_of(call, issue)
    require_over(call, issue["project"], comment, ("DELETE_ALL_COMMENTS", "DELETE_OWN_COMMENTS"))
    call.state.delete("comment", comment["id"])
    _touch(call, issue)
    return Answer(204)


OPERATIONS = {
    "jira/getComments": get_comments,
    "jira/getComment": get_comment,
    "jira/getCommentsByIds": get_comments_by_ids,
    "jira/addComment": add_comment,
    "jira/updateComment": update_comment,
    "jira/deleteComment": delete_comment,
}
