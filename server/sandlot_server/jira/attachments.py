"""Attachments: files on issues."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.files import send_file
from sandlot_server.forms import FILE_LIMIT, Form, Upload
from sandlot_server.jira import errors
from sandlot_server.jira.changelogs import note_change, record
from sandlot_server.jira.lookups import issue_of, row
from sandlot_server.jira.permissions import require, require_over
from sandlot_server.jira.users import view_user
from sandlot_server.jira.wire import api, timestamp
from sandlot_server.pictures import PNG, is_image, placeholder, thumbnail
from sandlot_server.site.state import Row

_MOST_AT_ONCE = 60
_THUMBNAIL = 200
_LARGEST_THUMBNAIL = 1000


def view_attachment(root: str, attachment: Row, author: dict[str, Any] | None) -> dict[str, Any]:
    """An attachment as its issue shows it, the author as a view."""
    attachment_id = attachment["id"]
    view = {
        "self": f"{root}/attachment/{attachment_id}",
        "id": attachment_id,
        "filename": attachment["filename"],
        "author": author,
        "created": timestamp(attachment["created"]),
        "size": attachment["size"],
        "mimeType": attachment["mediaType"],
        "content": f"{root}/attachment/content/{attachment_id}",
    }
    if is_image(attachment["mediaType"]):
        view["thumbnail"] = f"{root}/attachment/thumbnail/{attachment_id}"
    return view


def _view(call: Call, attachment: Row) -> dict[str, Any]:
    root = api(call)
    return view_attachment(root, attachment, view_user(root, row(call, "user", attachment["author"])))


def _attachment_of(call: Call) -> Row:
    """The attachment that the path names, if the caller may see its issue."""
    attachment = call.state.get("attachment", call.path["id"]) if call.user is not None else None
    if attachment is None:
        raise errors.not_found(errors.NO_ATTACHMENT, call.path["id"])
    return attachment


def _uploads(call: Call) -> list[Upload]:
    """The files that were sent, if there are any and they are not too many or too large."""
    form: Form = call.body
    uploads = form.uploads("file")
    if not uploads:
        raise errors.no_file_part(call.request)
    if len(uploads) > _MOST_AT_ONCE:
        raise errors.refusal(413, errors.TOO_MANY_FILES.format(_MOST_AT_ONCE))
    for upload in uploads:
        if len(upload.content) > FILE_LIMIT:
            sizes = (f"{size / 1024 / 1024:.2f} MB" for size in (len(upload.content), FILE_LIMIT))
            raise errors.refusal(413, errors.LARGE_FILE.format(upload.name, *sizes))
    return uploads


def _item(before: Row | None, after: Row | None) -> dict[str, Any]:
    """An attachment that comes or goes, as the history writes it."""
    return {
        "field": "Attachment",
        "fieldtype": "jira",
        "fieldId": "attachment",
        "from": before and before["id"],
        "fromString": before and before["filename"],
        "to": after and after["id"],
        "toString": after and after["filename"],
    }


def add_attachment(call: Call) -> Answer:
    issue = issue_of(call)
    assert call.user is not None  # an anonymous caller sees no issue to attach to
    require(call, issue["project"], "CREATE_ATTACHMENTS")
    added = []
    for upload in _uploads(call):
        attachment = {
            "id": call.state.next_id("attachment"),
            "issue": issue["id"],
            "filename": upload.name,
            "mediaType": upload.media_type,
            "size": len(upload.content),
            "sha256": call.state.put_blob(upload.content),
            "author": call.user["id"],
            "created": call.now,
        }
        call.state.put("attachment", attachment)
        added.append(attachment)
    record(call, issue["id"], [_item(None, attachment) for attachment in added])
    call.state.put("issue", {**issue, "updated": call.now})
    return Answer(200, [_view(call, attachment) for attachment in added])


def get_attachment(call: Call) -> Answer:
    attachment = _attachment_of(call)
    # Alone, and only there, the id is a number.
    return Answer(200, {**_view(call, attachment), "id": int(attachment["id"])})


def remove_attachment(call: Call) -> Answer:
    attachment = _attachment_of(call)
    project_id = row(call, "issue", attachment["issue"])["project"]
    require_over(call, project_id, attachment, ("DELETE_ALL_ATTACHMENTS", "DELETE_OWN_ATTACHMENTS"))
    call.state.delete("attachment", attachment["id"])
    note_change(call, attachment["issue"], _item(attachment, None))
    return Answer(204)


def get_attachment_content(call: Call) -> Answer:
    attachment = _attachment_of(call)
    if call.query["redirect"]:
        return _elsewhere(call, f"content/{attachment['id']}?redirect=false")
    return send_file(call, call.state.blob(attachment["sha256"]), attachment["mediaType"], attachment["filename"])


def get_attachment_thumbnail(call: Call) -> Answer:
    attachment = _attachment_of(call)
    width, height = (min(max(call.query.get(name, _THUMBNAIL), 1), _LARGEST_THUMBNAIL) for name in ("width", "height"))
    picture = None
    if is_image(attachment["mediaType"]):
        picture = thumbnail(call.state.blob(attachment["sha256"]), width, height)
    if picture is None and not call.query["fallbackToDefault"]:
        raise errors.refusal(404, errors.NO_THUMBNAIL)
    if call.query["redirect"]:
        return _elsewhere(call, f"thumbnail/{attachment['id']}?redirect=false&width={width}&height={height}")
    return Answer(200, picture or placeholder(width, height), content_type=PNG)


def _elsewhere(call: Call, place: str) -> Answer:
    """The product sends callers to the service that keeps its files; here this server keeps them."""
    return Answer(303, headers={"location": f"{api(call)}/attachment/{place}"})


def get_attachment_meta(call: Call) -> Answer:
    return Answer(200, {"enabled": True, "uploadLimit": FILE_LIMIT})


OPERATIONS = {
    "jira/addAttachment": add_attachment,
    "jira/getAttachment": get_attachment,
    "jira/removeAttachment": remove_attachment,
    "jira/getAttachmentContent": get_attachment_content,
    "jira/getAttachmentThumbnail": get_attachment_thumbnail,
    "jira/getAttachmentMeta": get_attachment_meta,
}
