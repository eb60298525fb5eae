"""Footer and inline comments of API v2. Their operations differ by no more than what an inline comment has besides:
the text that it is about, and whether that is settled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import attachment_rows, bodies, comment_rows, errors, page_rows, paging
from sandlot_server.confluence.pages import page_by_id
from sandlot_server.confluence.wire import comment_link, iso, site_url
from sandlot_server.documents import markers
from sandlot_server.site.state import Row

# What a comment can stand on, each with how it is called when it is not there.
_PLACES = {
    "pageId": "a page",
    "blogPostId": "a blog post",
    "attachmentId": "an attachment",
    "customContentId": "a custom content",
    "parentCommentId": "a comment",
}
_ORDERS: Mapping[str, Callable[[Row], Any]] = {
    "created-date": lambda row: row["createdAt"],
    "modified-date": lambda row: row["versionCreatedAt"],
}
_INCLUDED = ("properties", "operations", "likes", "versions")


def get_comments(call: Call) -> Answer:
    return _listing(call, comment_rows.everywhere(call, _location(call)), _view_listed)


def get_page_comments(call: Call) -> Answer:
    """The comments on a page, without the replies."""
    page = _open_page(call, call.path["id"])
    rows = [row for row in comment_rows.on_page(call, page) if row["location"] == _location(call)]
    if "status" in call.query and "current" not in call.query["status"]:
        # No comment here is in another state.
        rows = []
    if "resolution-status" in call.query:
        rows = [row for row in rows if comment_rows.resolution(call, row) in call.query["resolution-status"]]
    return _listing(call, rows, _view_listed)


def get_attachment_comments(call: Call) -> Answer:
    """The comments on an attachment, without the replies."""
    return _listing(call, comment_rows.on_attachment(call, _attachment(call, call.path["id"])), _view_listed)


def get_children(call: Call) -> Answer:
    """The direct replies to a comment."""
    return _listing(call, comment_rows.replies(call, _comment_of(call)), _view_reply)


def get_comment(call: Call) -> Answer:
    query = call.query
    comment = _comment_of(call)
    if "version" in query:
        comment = _at_version(call, comment, query["version"])
    view = _view(call, comment, query.get("body-format"), based=True)
    for name in _INCLUDED:
        if query[f"include-{name}"]:
            view[name] = {**view.get(name, {}), **_included(call, comment, name)}
    if not query["include-version"]:
        del view["version"]
    return Answer(200, view)


def create_footer_comment(call: Call) -> Answer:
    place = _place(call, tuple(_PLACES))
    body = _body(call)
    if place == "parentCommentId":
        return _replied(call, body)
    if place == "attachmentId":
        attachment = _attachment(call, call.body["attachmentId"])
        page = page_by_id(call, attachment["page"])
        return _created(call, comment_rows.create(call, page, body, attachment=attachment))
    return _created(call, comment_rows.create(call, _page_for_writing(call, place), body))


def create_inline_comment(call: Call) -> Answer:
    """A comment on a piece of a page's text, which is found by its words and the number of the match."""
    place = _place(call, ("pageId", "blogPostId", "parentCommentId"))
    body = _body(call)
    if place == "parentCommentId":
        return _replied(call, body)
    page = _page_for_writing(call, place)
    wanted = call.body.get("inlineCommentProperties") or {}
    selection = wanted.get("textSelection")
    count, index = wanted.get("textSelectionMatchCount"), wanted.get("textSelectionMatchIndex")
    if not selection or count is None or index is None:
        raise errors.selection_missing(call)
    found = markers.matches(page["body"], selection)
    if count != found or not 0 <= index < count:
        raise errors.selection_elsewhere(call, found, count, index)
    comment = comment_rows.create(call, page, body, location="inline", selection=selection, index=int(index))
    return _created(call, comment)


def _replied(call: Call, body: str) -> Answer:
    """A reply is of the kind of what it replies to."""
    parent = _comment(call, call.body["parentCommentId"])
    return _created(call, comment_rows.reply(call, parent, body))


def _created(call: Call, comment: Row) -> Answer:
    location = f"{site_url(call)}/api/v2/{_location(call)}-comments/{comment['id']}"
    return Answer(201, _view(call, comment, "storage", based=True), {"location": location})


def update_comment(call: Call) -> Answer:
    given = call.body
    comment = _comment_of(call)
    version = given.get("version") or {}
    if version.get("number") is None:
        raise errors.version_missing(call)
    resolved = given.get("resolved")
    if resolved is not None and comment["marker"] is None:
        raise errors.not_resolvable(call)
    body = bodies.stored(call, given.get("body"))
    revised = comment_rows.revise(
        call,
        comment,
        comment["body"] if body is None else body,
        number=version["number"],
        message=version.get("message") or "",
        resolved=resolved,
    )
    return Answer(200, _view(call, revised, "storage", based=True))


def delete_comment(call: Call) -> Answer:
    """For good: comments have no trash."""
    comment_rows.delete(call, _comment_of(call))
    return Answer(204)


def get_versions(call: Call) -> Answer:
    comment = _comment_of(call)
    # Ids of versions are not numbers; in a list they are told apart by the number itself.
    rows = [{**row, "id": row["number"]} for row in comment_rows.versions(call, comment)]
    newest_first = call.query.get("sort", "-modified-date").startswith("-")
    return paging.listing(call, rows, _view_version, lambda row: row["createdAt"], newest_first)


def get_version(call: Call) -> Answer:
    comment = _comment_of(call)
    number = int(call.path["version-number"])
    version = _at_version(call, comment, number)
    view = {**_version(version), "contentTypeModified": False, "collaborators": [version["versionAuthor"]]}
    if number > 1:
        view["prevVersion"] = number - 1
    if number < comment["versionNumber"]:
        view["nextVersion"] = number + 1
    return Answer(200, view)


def _location(call: Call) -> str:
    """The kind of comments that the called operation is about."""
    return "inline" if "/inline-comments" in call.operation.path else "footer"


def _comment_of(call: Call) -> Row:
    """The comment that the path names."""
    return _comment(call, call.path["comment-id" if "comment-id" in call.path else "id"])


def _comment(call: Call, comment_id: str) -> Row:
    comment = comment_rows.living(call, comment_id.lstrip("0"))
    if comment is None or comment["location"] != _location(call):
        raise errors.no_entity("a comment", comment_id)
    return comment


def _open_page(call: Call, page_id: str) -> Row:
    """A page whose comments can be seen: not in the trash."""
    page = page_by_id(call, page_id)
    if page["status"] == "trashed":
        raise errors.no_page(page_id)
    return page


def _attachment(call: Call, attachment_id: str) -> Row:
    """An attachment that is not in the trash, by its id with or without `att`."""
    attachment = attachment_rows.living(call, attachment_id)
    if attachment is None:
        raise errors.no_entity(_PLACES["attachmentId"], attachment_id)
    return attachment


def _place(call: Call, names: tuple[str, ...]) -> str:
    """What the new comment shall stand on: exactly one member says it."""
    given = [name for name in names if call.body.get(name)]
    if len(given) != 1:
        raise errors.comment_place(call, names)
    if not call.body[given[0]].removeprefix("att").isdecimal():
        raise errors.not_of_type(given[0], call.body[given[0]], "Long")
    return given[0]


def _page_for_writing(call: Call, place: str) -> Row:
    if place != "pageId":
        raise errors.no_entity(_PLACES[place], call.body[place])
    return _open_page(call, call.body["pageId"])


def _body(call: Call) -> str:
    body = bodies.stored(call, call.body.get("body"))
    if not body or not body.strip():
        raise errors.comment_empty(call)
    return body


def _at_version(call: Call, comment: Row, number: int) -> Row:
    version = comment_rows.at_version(call, comment, number)
    if version is None:
        raise errors.no_version(call, comment["id"], number, "comment")
    return version


def _listing(call: Call, rows: list[Row], view: paging.View) -> Answer:
    sort = call.query.get("sort", "created-date")
    return paging.listing(call, rows, view, _ORDERS[sort.removeprefix("-")], sort.startswith("-"))


def _view(call: Call, comment: Row, body_format: str | None, *, based: bool = False) -> dict[str, Any]:
    """A comment, without a body unless a representation is asked for. One that stands alone is `based`: its links
    say what they are relative to."""
    page = comment_rows.page_of(call, comment)
    links = {"webui": comment_link(comment["id"], page, page_rows.space_of(call, page))}
    if based:
        links["base"] = site_url(call)
    view = {
        "id": comment["id"],
        "status": comment.get("status", "current"),
        "title": comment_rows.title(call, comment),
        **_container(comment),
        "version": _version(comment),
        "body": {} if body_format is None else {body_format: bodies.represented(comment["body"], body_format)},
        "_links": links,
    }
    if comment["parent"]:
        view["parentCommentId"] = comment["parent"]
    if comment["location"] == "inline":
        view |= _settlement(call, comment)
    return view


def _container(comment: Row) -> dict[str, str]:
    if comment["attachment"] is None:
        return {"pageId": comment["page"]}
    return {"attachmentId": f"att{comment['attachment']}"}


def _settlement(call: Call, comment: Row) -> dict[str, Any]:
    """What an inline comment has besides; replies show what their thread is about."""
    first = comment_rows.thread(call, comment)
    view = {
        "resolutionStatus": comment_rows.resolution(call, comment),
        "properties": {"inlineMarkerRef": first["marker"], "inlineOriginalSelection": first["selection"]},
    }
    if first["resolvedBy"]:
        view |= {
            "resolutionLastModifierId": first["resolvedBy"],
            "resolutionLastModifiedAt": iso(first["resolvedAt"]),
        }
    return view


def _view_listed(call: Call, comment: Row) -> dict[str, Any]:
    return _view(call, comment, call.query.get("body-format"))


def _view_reply(call: Call, comment: Row) -> dict[str, Any]:
    return {name: part for name, part in _view_listed(call, comment).items() if name not in ("pageId", "attachmentId")}


def _version(comment: Row) -> dict[str, Any]:
    return {
        "number": comment["versionNumber"],
        "message": comment["versionMessage"],
        "minorEdit": False,
        "authorId": comment["versionAuthor"],
        "createdAt": iso(comment["versionCreatedAt"]),
    }


def _view_version(call: Call, version: Row) -> dict[str, Any]:
    comment = _at_version(call, _comment_of(call), version["number"])
    name = call.query.get("body-format")
    body = {} if name is None else {name: bodies.represented(comment["body"], name)}
    shown = {"id": comment["id"], "title": comment_rows.title(call, comment), "body": body}
    return {**_version(comment), "comment": shown}


def _included(call: Call, comment: Row, name: str) -> dict[str, Any]:
    """What an include-* flag adds: all of it. Nobody likes comments here, and they carry no properties."""
    results: list[dict[str, Any]] = []
    if name == "operations":
        results = comment_rows.operations(call, comment)
    elif name == "versions":
        versions = reversed(comment_rows.versions(call, comment))
        results = [_version(_at_version(call, comment, version["number"])) for version in versions]
    link = f"{call.request.prefix}/wiki/api/v2/{comment['location']}-comments/{comment['id']}/{name}"
    return {"results": results, "meta": {"hasMore": False}, "_links": {"self": link}}


OPERATIONS: Mapping[str, Handler] = {
    "confluence/getAttachmentComments": get_attachment_comments,
    "confluence/getFooterComments": get_comments,
    "confluence/createFooterComment": create_footer_comment,
    "confluence/getFooterCommentById": get_comment,
    "confluence/updateFooterComment": update_comment,
    "confluence/deleteFooterComment": delete_comment,
    "confluence/getFooterCommentChildren": get_children,
    "confluence/getFooterCommentVersions": get_versions,
    "confluence/getFooterCommentVersionDetails": get_version,
    "confluence/getPageFooterComments": get_page_comments,
    "confluence/getInlineComments": get_comments,
    "confluence/createInlineComment": create_inline_comment,
    "confluence/getInlineCommentById": get_comment,
    "confluence/updateInlineComment": update_comment,
    "confluence/deleteInlineComment": delete_comment,
    "confluence/getInlineCommentChildren": get_children,
    "confluence/getInlineCommentVersions": get_versions,
    "confluence/getInlineCommentVersionDetails": get_version,
    "confluence/getPageInlineComments": get_page_comments,
}
