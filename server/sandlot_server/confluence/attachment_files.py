"""Files of pages: sent by API v1, and fetched from the addresses that both APIs link to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import attachment_rows, errors, legacy, legacy_attachments, page_rows, paging
from sandlot_server.confluence.wire import site_url
from sandlot_server.files import send_file
from sandlot_server.pictures import PNG, is_image, thumbnail
from sandlot_server.site.state import Row

_THUMBNAIL = 300
_LARGEST_THUMBNAIL = 1000


def get_attachments(call: Call) -> Answer:
    """The start and the limit are checked before the page is looked up, as measured."""
    page_id = legacy.content_id(call)
    paging.window(call, cap=None)
    rows = attachment_rows.on_page(call, _page(call, page_id))
    rows = attachment_rows.filtered(rows, call.query.get("filename"), call.query.get("mediaType"))
    tree = legacy.expansions(call)
    return Answer(
        200,
        paging.legacy_listing(
            call, rows, lambda call, row: legacy_attachments.view_attachment(call, row, tree), cap=None
        ),
    )


def create_attachment(call: Call) -> Answer:
    page = _page_for_writing(call)
    uploads = attachment_rows.uploads(call)
    return _written(call, page, [attachment_rows.create(call, page, upload) for upload in uploads])


def create_or_update_attachments(call: Call) -> Answer:
    """Files whose names the page has are new versions, the others new attachments."""
    page = _page_for_writing(call)
    rows = []
    for upload in attachment_rows.uploads(call):
        known = attachment_rows.named(call, page, upload.name)
        row = attachment_rows.replace(call, known, upload) if known else attachment_rows.create(call, page, upload)
        rows.append(row)
    return _written(call, page, rows)


def update_attachment_data(call: Call) -> Answer:
    page = _page_for_writing(call)
    attachment = _attachment_of(call, page)
    replaced = attachment_rows.replace(call, attachment, attachment_rows.uploads(call)[0])
    return Answer(200, legacy_attachments.view_attachment(call, replaced, {"version": {}, "container": {}}, alone=True))


def update_attachment_properties(call: Call) -> Answer:
    """Change what is known of a file: this makes no version, and so takes the number of the present one."""
    page = _page_for_writing(call)
    attachment = _attachment_of(call, page)
    given = call.body
    if attachment_rows.living(call, str(given["id"])) != attachment:
        raise errors.other_id(call, attachment_rows.shown_id(attachment))
    if given["type"] != "attachment":
        raise errors.other_type(given["type"])
    number = given["version"].get("number")
    if number is None:
        raise errors.version_missing(call)
    if number != attachment["versionNumber"]:
        raise errors.stale_version(call, attachment["versionNumber"], number)
    metadata = given.get("metadata") or {}
    container = _container(call, given, page)
    title = given.get("title") or attachment["title"]
    changed = {
        **attachment,
        "page": container["id"],
        "title": attachment_rows.free_title(call, container, title, attachment["id"]),
        "mediaType": metadata.get("mediaType") or attachment["mediaType"],
        "comment": metadata.get("comment", attachment["comment"]) or "",
    }
    if changed != attachment:
        attachment_rows.keep(call, changed)
    return Answer(200, legacy_attachments.view_attachment(call, changed, {"version": {}, "container": {}}, alone=True))


def download_attachment(call: Call) -> Answer:
    """Where the file is."""
    page_id = legacy.content_id(call)
    attachment = _attachment_of(call, _page(call, page_id))
    version = attachment_rows.wanted(call, attachment)
    if version is None:
        raise errors.no_attachment()
    return Answer(302, headers={"location": site_url(call) + attachment_rows.links(version)["download"]})


def get_attachment_file(call: Call) -> Answer:
    attachment = _file_of(call)
    return send_file(call, call.state.blob(attachment["sha256"]), attachment["mediaType"], attachment["title"])


def get_thumbnail_file(call: Call) -> Answer:
    attachment = _file_of(call)
    width, height = (min(max(call.query.get(name, _THUMBNAIL), 1), _LARGEST_THUMBNAIL) for name in ("width", "height"))
    picture = None
    if is_image(attachment["mediaType"]):
        picture = thumbnail(call.state.blob(attachment["sha256"]), width, height)
    if picture is None:
        raise errors.no_file()
    return send_file(call, picture, PNG)


def _page(call: Call, page_id: str) -> Row:
    page = page_rows.living(call, page_id)
    if page is None:
        raise errors.no_attachment_container(page_id)
    return page


def _page_for_writing(call: Call) -> Row:
    page = _page(call, legacy.content_id(call))
    if page["status"] == "archived":
        raise errors.archived(call)
    return page


def _attachment_of(call: Call, page: Row) -> Row:
    """The attachment that the path names, if the page has it."""
    attachment = attachment_rows.living(call, call.path["attachmentId"])
    if attachment is None or attachment["page"] != page["id"]:
        raise errors.no_attachment()
    return attachment


def _file_of(call: Call) -> Row:
    """The version of an attachment that the path of a file names."""
    page = call.state.get("page", call.path["pageId"].lstrip("0"))
    attachment = attachment_rows.named(call, page, call.path["fileName"]) if page is not None else None
    if attachment is None or attachment_rows.living(call, attachment["id"]) is None:
        raise errors.no_file()
    version = attachment_rows.wanted(call, attachment)
    if version is None:
        raise errors.no_file()
    return version


def _container(call: Call, given: dict[str, Any], page: Row) -> Row:
    """The page that an attachment is to be on."""
    wanted = (given.get("container") or {}).get("id")
    if wanted is None or str(wanted) == page["id"]:
        return page
    other = page_rows.living(call, str(wanted))
    if other is None:
        raise errors.no_parent(call, str(wanted))
    return other


def _written(call: Call, page: Row, rows: list[Row]) -> Answer:
    tree = legacy.expansions(call, "version,container")
    path = f"{site_url(call)}/rest/api/content/{page['id']}/child/attachment"
    return Answer(
        200,
        {
            "results": [legacy_attachments.view_attachment(call, row, tree) for row in rows],
            "start": 0,
            "limit": max(50, len(rows)),
            "size": len(rows),
            "_links": {"base": site_url(call), "context": f"{call.request.prefix}/wiki", "self": path},
        },
    )


OPERATIONS: Mapping[str, Handler] = {
    "confluence-v1/getAttachments": legacy.deprecated(get_attachments),
    "confluence-v1/createAttachment": create_attachment,
    "confluence-v1/createOrUpdateAttachments": create_or_update_attachments,
    "confluence-v1/updateAttachmentProperties": update_attachment_properties,
    "confluence-v1/updateAttachmentData": update_attachment_data,
    "confluence-v1/downloadAttatchment": download_attachment,
    "confluence-v1/getAttachmentFile": get_attachment_file,
    "confluence-v1/getThumbnailFile": get_thumbnail_file,
}
