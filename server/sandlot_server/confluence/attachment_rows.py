"""The rules of attachments that both APIs share: their names, their versions, the trash, and where their files are.

Attachments take their ids from the pages' sequence; where the API writes one, `att` stands before it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from urllib.parse import quote, urlencode

from sandlot_server.call import Call
from sandlot_server.confluence import errors, restriction_rows
from sandlot_server.forms import FILE_LIMIT, Form, Upload
from sandlot_server.pictures import is_image
from sandlot_server.site.state import Row

_NAMESPACE = uuid.UUID("b1c7d6f4-0d5e-4f0c-8a57-2f1f7c3a9e60")
_KINDS = {"image": "Image", "text": "Text File", "video": "Video", "audio": "Audio"}
_LONGEST_TITLE = 255
# What an attachment takes with it when it is deleted for good: tables, each with the column that names it.
_OWNED = (
    ("page_attachment_version", "attachment"),
    ("label", "content"),
    ("page_comment", "attachment"),
    ("page_comment_version", "attachment"),
    ("content_property", "attachment"),
)


def uploads(call: Call) -> list[Upload]:
    """The files that were sent, if there are any and none is too large."""
    form: Form = call.body
    sent = form.uploads("file")
    if not sent:
        raise errors.no_file_part()
    if any(len(upload.content) > FILE_LIMIT for upload in sent):
        raise errors.file_too_large(FILE_LIMIT)
    return sent


def create(call: Call, page: Row, upload: Upload) -> Row:
    """Attach a file under its own name, which no other attachment of the page may have."""
    title = free_title(call, page, upload.name)
    author = _caller(call)
    attachment = {
        "id": call.state.next_id("page"),
        "page": page["id"],
        "title": title,
        "status": "current",
        "author": author,
        "createdAt": call.now,
        "versionNumber": 0,
    }
    return replace(call, attachment, upload)


def replace(call: Call, attachment: Row, upload: Upload) -> Row:
    """Write the next version of an attachment, with new bytes under the old name."""
    form: Form = call.body
    replaced = {
        **attachment,
        "mediaType": upload.media_type,
        "size": len(upload.content),
        "sha256": call.state.put_blob(upload.content),
        "comment": form.text("comment") or "",
        "minorEdit": form.text("minorEdit") == "true",
        "versionNumber": attachment["versionNumber"] + 1,
        "versionAuthor": _caller(call),
        "versionCreatedAt": call.now,
    }
    keep(call, replaced)
    return replaced


def keep(call: Call, attachment: Row) -> None:
    """Write an attachment and the record of its version."""
    restriction_rows.require_update(call, page_of(call, attachment), "create attachment")
    call.state.put("page_attachment", attachment)
    call.state.put(
        "page_attachment_version",
        {
            "id": f"{attachment['id']}:{attachment['versionNumber']}",
            "attachment": attachment["id"],
            "number": attachment["versionNumber"],
            "author": attachment["versionAuthor"],
            "createdAt": attachment["versionCreatedAt"],
            **{name: attachment[name] for name in ("title", "mediaType", "size", "sha256", "comment", "minorEdit")},
        },
    )


def free_title(call: Call, page: Row, given: str, besides: str = "") -> str:
    """The title that was given, if it can be one and no other attachment of the page has it."""
    title = given.strip()
    if not title:
        raise errors.title_missing(call)
    if len(title) > _LONGEST_TITLE:
        raise errors.title_too_long(call)
    other = named(call, page, title)
    if other is not None and other["id"] != besides:
        raise errors.file_name_taken(title)
    return title


def trash(call: Call, attachment: Row) -> None:
    restriction_rows.require_update(call, page_of(call, attachment), "delete attachment")
    call.state.put("page_attachment", {**attachment, "status": "trashed"})


def purge(call: Call, attachment: Row) -> None:
    restriction_rows.require_update(call, page_of(call, attachment), "delete attachment")
    erase(call, attachment)


def erase(call: Call, attachment: Row) -> None:
    """Delete an attachment for good, with all that hangs on it, whoever may."""
    for table, column in _OWNED:
        for row in call.state.find(table, column, attachment["id"]):
            call.state.delete(table, row["id"])
    call.state.delete("page_attachment", attachment["id"])


def operations(call: Call, attachment: Row) -> list[dict[str, str]]:
    """What the caller may do with an attachment, as both APIs show it."""
    page = page_of(call, attachment)
    rights = {"update": "create attachment", "delete": "delete attachment"}
    names = ["read", *(name for name, right in rights.items() if restriction_rows.may_update(call, page, right))]
    return [{"operation": name, "targetType": "attachment"} for name in names]


def page_of(call: Call, attachment: Row) -> Row:
    page = call.state.get("page", attachment["page"])
    assert page is not None, f"attachment {attachment['id']} is on a page that is not there"
    return page


def found(call: Call, given: str) -> Row | None:
    """The attachment of an id as callers write it, with or without `att`; in any state, on a page that can be seen."""
    number = given.removeprefix("att")
    attachment = call.state.get("page_attachment", number.lstrip("0")) if number.isdecimal() else None
    return attachment if attachment is not None and _is_seen(call, attachment) else None


def living(call: Call, given: str) -> Row | None:
    """The same, unless it is in the trash."""
    attachment = found(call, given)
    return attachment if attachment is not None and attachment["status"] == "current" else None


def everywhere(call: Call) -> list[Row]:
    """The attachments of all pages that can be seen."""
    return [row for row in call.state.all("page_attachment") if _is_seen(call, row)]


def on_page(call: Call, page: Row) -> list[Row]:
    """The attachments of a page, oldest first, without those in the trash."""
    return [row for row in call.state.find("page_attachment", "page", page["id"]) if row["status"] == "current"]


def named(call: Call, page: Row, title: str) -> Row | None:
    """The attachment of a page that has the title, exactly."""
    return next((row for row in on_page(call, page) if row["title"] == title), None)


def filtered(rows: Iterable[Row], name: str | None, media_type: str | None) -> list[Row]:
    """The rows of a whole file name and of a media type, where these are given."""
    return [row for row in rows if name in (None, row["title"]) and media_type in (None, row["mediaType"])]


def versions(call: Call, attachment: Row) -> list[Row]:
    """The rows of an attachment's versions, from the first to the last."""
    rows = call.state.find("page_attachment_version", "attachment", attachment["id"])
    rows.sort(key=lambda row: row["number"])
    return rows


def at_version(call: Call, attachment: Row, number: int | str) -> Row | None:
    """An attachment as it was at one of its versions; None if it has no such version."""
    version = call.state.get("page_attachment_version", f"{attachment['id']}:{number}")
    if version is None:
        return None
    return {
        **attachment,
        **{name: version[name] for name in ("title", "mediaType", "size", "sha256", "comment", "minorEdit")},
        "versionNumber": version["number"],
        "versionAuthor": version["author"],
        "versionCreatedAt": version["createdAt"],
    }


def wanted(call: Call, attachment: Row) -> Row | None:
    """The attachment at the version that the query asks for; None if it has no such version."""
    asked = call.query.get("version")
    return attachment if asked is None else at_version(call, attachment, asked)


def shown_id(attachment: Row) -> str:
    return f"att{attachment['id']}"


def file_id(call: Call, attachment: Row) -> str:
    """The name under which the product's file service has the version."""
    version = f"{call.cloud_id}/{attachment['id']}/{attachment['versionNumber']}"
    return str(uuid.uuid5(_NAMESPACE, version))


def kind_of(attachment: Row) -> str:
    """The media type in words."""
    media_type: str = attachment["mediaType"]
    return "PDF Document" if media_type == "application/pdf" else _KINDS.get(media_type.partition("/")[0], "File")


def links(attachment: Row) -> dict[str, str]:
    """Links to the attachment for people, and to its file, relative to the site's Confluence."""
    page_id, title = attachment["page"], attachment["title"]
    preview = urlencode({"pageId": page_id, "preview": f"/{page_id}/{attachment['id']}/{title}"})
    paths = {
        "webui": f"/pages/viewpageattachments.action?{preview}",
        "download": f"/download/attachments/{_place(attachment)}&cacheVersion=1&api=v2",
    }
    if is_image(attachment["mediaType"]):
        paths["thumbnail"] = f"/download/thumbnails/{_place(attachment)}&cacheVersion=1&api=v2"
    return paths


def _place(attachment: Row) -> str:
    version = {"version": attachment["versionNumber"], "modificationDate": attachment["versionCreatedAt"]}
    return f"{attachment['page']}/{quote(attachment['title'], safe='')}?{urlencode(version)}"


def _is_seen(call: Call, attachment: Row) -> bool:
    page = call.state.get("page", attachment["page"])
    return page is not None and page["status"] != "trashed"


def _caller(call: Call) -> str:
    assert call.user is not None, "no operation of Confluence runs without a caller"
    account_id: str = call.user["id"]
    return account_id
