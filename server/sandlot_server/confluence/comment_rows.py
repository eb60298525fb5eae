"""The rules of comments that both APIs share: where they stand, their threads, their versions, what they mark.

Comments take their ids from the pages' sequence: API v1 finds both under one path.
"""

from __future__ import annotations

from collections.abc import Iterator

from sandlot_server.call import Call
from sandlot_server.confluence import errors, page_rows, space_permissions
from sandlot_server.documents import markers
from sandlot_server.site.state import Row


def create(
    call: Call,
    page: Row,
    body: str,
    *,
    attachment: Row | None = None,
    parent: Row | None = None,
    location: str = "footer",
    selection: str | None = None,
    index: int | None = None,
    message: str = "",
) -> Row:
    """Write a comment and its first version: on a page, on an attachment of the page, or in reply to another. A
    selection is marked in the page's body."""
    if not _may(call, page, "create comment"):
        raise errors.not_creatable(call, "comment", page["id"])
    _require_open(call, page)
    author = _caller(call)
    comment_id = call.state.next_id("page")
    comment = {
        "id": comment_id,
        "page": page["id"],
        "attachment": attachment and attachment["id"],
        "parent": parent and parent["id"],
        "location": location,
        "body": body,
        "selection": selection,
        "selectionIndex": index,
        "marker": None,
        "resolution": None,
        "resolvedBy": None,
        "resolvedAt": None,
        "author": author,
        "createdAt": call.now,
        "versionNumber": 1,
        "versionMessage": message,
        "versionAuthor": author,
        "versionCreatedAt": call.now,
    }
    if selection is not None and index is not None:
        ref = markers.reference(comment_id)
        page_rows.annotate(call, page, markers.marked(page["body"], selection, index, ref))
        comment |= {"marker": ref, "resolution": "open"}
    _keep(call, comment)
    return comment


def reply(call: Call, parent: Row, body: str, message: str = "") -> Row:
    """Write a reply: it stands where the comment does, and is of its kind."""
    return create(
        call,
        page_of(call, parent),
        body,
        attachment=attachment_of(call, parent),
        parent=parent,
        location=parent["location"],
        message=message,
    )


def revise(call: Call, comment: Row, body: str, *, number: int, message: str = "", resolved: bool | None = None) -> Row:
    """Write the next version of a comment, number `number`; an update that changes nothing leaves the old one."""
    page = page_of(call, comment)
    if not _may(call, page, "create comment"):
        raise errors.not_editable(call, comment["id"], "Comment")
    _require_open(call, page)
    if number != comment["versionNumber"] + 1:
        raise errors.stale_version(call, comment["versionNumber"], number, "a comment")
    changed: Row = {"body": body}
    if resolved is not None and resolved is not (comment["resolution"] == "resolved"):
        changed |= {
            "resolution": "resolved" if resolved else "reopened",
            "resolvedBy": _caller(call),
            "resolvedAt": call.now,
        }
    if all(comment[name] == value for name, value in changed.items()):
        return comment
    revised = {
        **comment,
        **changed,
        "versionNumber": comment["versionNumber"] + 1,
        "versionMessage": message,
        "versionAuthor": _caller(call),
        "versionCreatedAt": call.now,
    }
    _keep(call, revised)
    return revised


def delete(call: Call, comment: Row) -> None:
    """Delete a comment for good. Its replies move up to what it replied to; under an inline comment that began a
    thread there is nothing left for them to be about, and they go too, as does its marker."""
    page = page_of(call, comment)
    if not _may(call, page, "delete comment"):
        raise errors.not_editable(call, comment["id"], "Comment")
    if comment["marker"]:
        page_rows.annotate(call, page, markers.unmarked(page["body"], comment["marker"]))
        for reply in below(call, comment):
            _drop(call, reply)
    else:
        for reply in replies(call, comment):
            call.state.put("page_comment", {**reply, "parent": comment["parent"]})
    _drop(call, comment)


def _drop(call: Call, comment: Row) -> None:
    for version in versions(call, comment):
        call.state.delete("page_comment_version", version["id"])
    call.state.delete("page_comment", comment["id"])


def living(call: Call, comment_id: str) -> Row | None:
    """The comment of an id, unless what it stands on is in the trash."""
    comment = call.state.get("page_comment", comment_id)
    return comment if comment is not None and _is_seen(call, comment) else None


def everywhere(call: Call, location: str) -> list[Row]:
    """All comments of one kind that can be seen, replies too."""
    return [row for row in call.state.all("page_comment") if row["location"] == location and _is_seen(call, row)]


def on_page(call: Call, page: Row) -> list[Row]:
    """The comments on a page, of both kinds and without the replies, oldest first."""
    rows = call.state.find("page_comment", "page", page["id"])
    return [row for row in rows if row["parent"] is None and row["attachment"] is None]


def on_attachment(call: Call, attachment: Row) -> list[Row]:
    """The comments on an attachment, without the replies, oldest first."""
    return [row for row in call.state.find("page_comment", "attachment", attachment["id"]) if row["parent"] is None]


def replies(call: Call, comment: Row) -> list[Row]:
    """The direct replies to a comment, oldest first."""
    return call.state.find("page_comment", "parent", comment["id"])


def below(call: Call, comment: Row) -> Iterator[Row]:
    """All replies to a comment, each before the replies to it."""
    for reply in replies(call, comment):
        yield reply
        yield from below(call, reply)


def above(call: Call, comment: Row) -> list[Row]:
    """What a comment replies to, from the comment that began the thread down."""
    found: list[Row] = []
    while comment["parent"] is not None:
        comment = _row(call, "page_comment", comment["parent"])
        found.append(comment)
    return found[::-1]


def page_of(call: Call, comment: Row) -> Row:
    """The page that a comment stands on, or that has the attachment it stands on."""
    return _row(call, "page", comment["page"])


def attachment_of(call: Call, comment: Row) -> Row | None:
    return None if comment["attachment"] is None else _row(call, "page_attachment", comment["attachment"])


def title(call: Call, comment: Row) -> str:
    container = attachment_of(call, comment) or page_of(call, comment)
    return f"Re: {container['title']}"


def thread(call: Call, comment: Row) -> Row:
    """The comment that began the thread: it has the selection and the resolution of all of it."""
    return next(iter(above(call, comment)), comment)


def resolution(call: Call, comment: Row) -> str | None:
    """open, resolved or reopened; dangling where the page has lost the text that was marked. None of a footer one."""
    first = thread(call, comment)
    status: str | None = first["resolution"]
    if status in ("open", "reopened") and first["marker"] not in page_of(call, comment)["body"]:
        return "dangling"
    return status


def versions(call: Call, comment: Row) -> list[Row]:
    """The rows of a comment's versions, from the first to the last."""
    rows = call.state.find("page_comment_version", "comment", comment["id"])
    rows.sort(key=lambda row: row["number"])
    return rows


def at_version(call: Call, comment: Row, number: int) -> Row | None:
    """A comment as it was at one of its versions; None if it has no such version."""
    if number == comment["versionNumber"]:
        return comment
    version = call.state.get("page_comment_version", f"{comment['id']}:{number}")
    if version is None:
        return None
    return {
        **comment,
        "status": "historical",
        "body": version["body"],
        "versionNumber": number,
        "versionMessage": version["message"],
        "versionAuthor": version["author"],
        "versionCreatedAt": version["createdAt"],
    }


def _keep(call: Call, comment: Row) -> None:
    """Write a comment and the record of its version."""
    call.state.put("page_comment", comment)
    call.state.put(
        "page_comment_version",
        {
            "id": f"{comment['id']}:{comment['versionNumber']}",
            "comment": comment["id"],
            "page": comment["page"],
            "attachment": comment["attachment"],
            "number": comment["versionNumber"],
            "body": comment["body"],
            "message": comment["versionMessage"],
            "author": comment["versionAuthor"],
            "createdAt": comment["versionCreatedAt"],
        },
    )


def _is_seen(call: Call, comment: Row) -> bool:
    attachment = attachment_of(call, comment)
    return all(row["status"] != "trashed" for row in (page_of(call, comment), attachment) if row is not None)


def operations(call: Call, comment: Row) -> list[dict[str, str]]:
    """What the caller may do with a comment, as both APIs show it."""
    rights = {"update": "create comment", "delete": "delete comment"}
    page = page_of(call, comment)
    names = ["read", *(name for name, right in rights.items() if _may(call, page, right))]
    return [{"operation": name, "targetType": "comment"} for name in names]


def _may(call: Call, page: Row, permission: str) -> bool:
    return space_permissions.may(call.state, call.user, page["space"], permission)


def _require_open(call: Call, page: Row) -> None:
    if page["status"] == "archived":
        raise errors.archived(call)


def _row(call: Call, table: str, row_id: str) -> Row:
    row = call.state.get(table, row_id)
    assert row is not None, f"a comment names {table} {row_id}, which is not there"
    return row


def _caller(call: Call) -> str:
    assert call.user is not None, "no operation of Confluence runs without a caller"
    account_id: str = call.user["id"]
    return account_id
