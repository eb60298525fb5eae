"""Attachments of API v2."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import attachment_rows, content_properties, errors, labels, paging
from sandlot_server.confluence.pages import page_by_id
from sandlot_server.confluence.wire import iso, site_url
from sandlot_server.pictures import is_image
from sandlot_server.site.state import Row

_ORDERS: Mapping[str, Callable[[Row], Any]] = {
    "id": lambda row: 0,
    "created-date": lambda row: row["createdAt"],
    "modified-date": lambda row: row["versionCreatedAt"],
}
_LISTED = ("current", "archived")


def get_attachments(call: Call) -> Answer:
    return _list(call, attachment_rows.everywhere(call))


def get_page_attachments(call: Call) -> Answer:
    page = page_by_id(call, call.path["id"])
    return _list(call, call.state.find("page_attachment", "page", page["id"]))


def get_label_attachments(call: Call) -> Answer:
    named = labels.rows_of_label(call, call.path["id"])
    found = (attachment_rows.living(call, row["content"]) for row in named)
    return _list(call, [row for row in found if row is not None])


def _list(call: Call, rows: list[Row]) -> Answer:
    """What the filters leave of the rows, in order and cut into pages."""
    query = call.query
    statuses = query.get("status") or _LISTED
    rows = attachment_rows.filtered(rows, query.get("filename"), query.get("mediaType"))
    rows = [row for row in rows if row["status"] in statuses]
    sort = query.get("sort", "id")
    return paging.listing(call, rows, _view, _ORDERS[sort.removeprefix("-")], sort.startswith("-"))


def get_attachment_by_id(call: Call) -> Answer:
    query = call.query
    attachment = _at_version(call, attachment_by_id(call, call.path["id"]))
    view = _view(call, attachment)
    view["_links"]["base"] = site_url(call)
    for name in ("labels", "properties", "operations", "versions"):
        if query[f"include-{name}"]:
            view[name] = _included(call, attachment, name)
    if query["include-collaborators"]:
        authors = dict.fromkeys(row["author"] for row in attachment_rows.versions(call, attachment))
        view["collaborators"] = {"results": [{"accountId": author} for author in authors], "meta": {"hasMore": False}}
    if not query["include-version"]:
        del view["version"]
    return Answer(200, view)


def delete_attachment(call: Call) -> Answer:
    """To the trash; with `purge` for good, from there alone."""
    attachment = attachment_by_id(call, call.path["id"])
    trashed, purge = attachment["status"] == "trashed", call.query["purge"]
    if purge and not trashed:
        raise errors.not_trashed(call, "an attachment")
    if trashed and not purge:
        raise errors.no_entity("an attachment", call.path["id"])
    if purge:
        attachment_rows.purge(call, attachment)
    else:
        attachment_rows.trash(call, attachment)
    return Answer(204)


def get_attachment_versions(call: Call) -> Answer:
    attachment = attachment_by_id(call, call.path["id"])
    # Ids of versions are not numbers; in a list they are told apart by the number itself.
    rows = [{**row, "id": row["number"]} for row in attachment_rows.versions(call, attachment)]
    newest_first = call.query.get("sort", "-modified-date").startswith("-")
    return paging.listing(call, rows, _view_listed_version, lambda row: row["createdAt"], newest_first)


def get_attachment_version_details(call: Call) -> Answer:
    attachment = attachment_by_id(call, call.path["attachment-id"])
    version = attachment_rows.at_version(call, attachment, call.path["version-number"].lstrip("0"))
    if version is None:
        given = call.path["version-number"]
        raise errors.no_version(call, attachment_rows.shown_id(attachment), given, "attachment")
    number = version["versionNumber"]
    view = {**_view_version(version), "contentTypeModified": False, "collaborators": [version["versionAuthor"]]}
    if number > 1:
        view["prevVersion"] = number - 1
    if number < attachment["versionNumber"]:
        view["nextVersion"] = number + 1
    return Answer(200, view)


def get_attachment_labels(call: Call) -> Answer:
    return labels.listed(call, attachment_by_id(call, call.path["id"]))


def get_attachment_thumbnail(call: Call) -> Answer:
    """Where the thumbnail is."""
    attachment = _at_version(call, attachment_by_id(call, call.path["id"]))
    if not is_image(attachment["mediaType"]):
        raise errors.no_thumbnail(call.path["id"])
    size = [(name, call.query[name]) for name in ("width", "height") if name in call.query]
    place = attachment_rows.links(attachment)["thumbnail"]
    return Answer(302, headers={"location": f"{site_url(call)}{place}{f'&{urlencode(size)}' if size else ''}"})


def attachment_by_id(call: Call, given: str) -> Row:
    """The attachment of an id, in any state."""
    if not given.removeprefix("att").isdecimal():
        raise errors.not_of_type("id", given, "long")
    attachment = attachment_rows.found(call, given)
    if attachment is None:
        raise errors.no_entity("an attachment", given)
    return attachment


def _at_version(call: Call, attachment: Row) -> Row:
    """The attachment as the query wants it."""
    version = attachment_rows.wanted(call, attachment)
    if version is None:
        raise errors.no_version(call, attachment_rows.shown_id(attachment), call.query["version"], "attachment")
    return version


def _view(call: Call, attachment: Row) -> dict[str, Any]:
    links = attachment_rows.links(attachment)
    return {
        "id": attachment_rows.shown_id(attachment),
        "status": attachment["status"],
        "title": attachment["title"],
        "createdAt": iso(attachment["createdAt"]),
        "pageId": attachment["page"],
        "mediaType": attachment["mediaType"],
        "mediaTypeDescription": attachment_rows.kind_of(attachment),
        "comment": attachment["comment"],
        "fileId": attachment_rows.file_id(call, attachment),
        "fileSize": attachment["size"],
        "webuiLink": links["webui"],
        "downloadLink": links["download"],
        "version": _view_version(attachment),
        "_links": {"webui": links["webui"], "download": links["download"]},
    }


def _view_version(attachment: Row) -> dict[str, Any]:
    return {
        "number": attachment["versionNumber"],
        "message": attachment["comment"],
        "minorEdit": attachment["minorEdit"],
        "authorId": attachment["versionAuthor"],
        "createdAt": iso(attachment["versionCreatedAt"]),
    }


def _view_listed_version(call: Call, version: Row) -> dict[str, Any]:
    return {
        "number": version["number"],
        "message": version["comment"],
        "minorEdit": version["minorEdit"],
        "authorId": version["author"],
        "createdAt": iso(version["createdAt"]),
        "attachment": {"id": f"att{version['attachment']}", "title": version["title"]},
    }


def _included(call: Call, attachment: Row, name: str) -> dict[str, Any]:
    """What an include-* flag adds: all of it, as sites here are small."""
    results: list[dict[str, Any]] = []
    if name == "labels":
        results = [labels.view_label(call, row) for row in call.state.find("label", "content", attachment["id"])]
    elif name == "properties":
        rows = content_properties.properties_of(call, "attachment", attachment["id"])
        results = [content_properties.view_property(row) for row in rows]
    elif name == "operations":
        results = attachment_rows.operations(call, attachment)
    elif name == "versions":
        numbers = [row["number"] for row in attachment_rows.versions(call, attachment)]
        found = (attachment_rows.at_version(call, attachment, number) for number in reversed(numbers))
        results = [_view_version(version) for version in found if version is not None]
    link = f"{call.request.prefix}/wiki/api/v2/attachments/{attachment_rows.shown_id(attachment)}/{name}"
    return {"results": results, "meta": {"hasMore": False}, "_links": {"self": link}}


OPERATIONS: Mapping[str, Handler] = {
    "confluence/getAttachments": get_attachments,
    "confluence/getPageAttachments": get_page_attachments,
    "confluence/getLabelAttachments": get_label_attachments,
    "confluence/getAttachmentById": get_attachment_by_id,
    "confluence/deleteAttachment": delete_attachment,
    "confluence/getAttachmentVersions": get_attachment_versions,
    "confluence/getAttachmentVersionDetails": get_attachment_version_details,
    "confluence/getAttachmentLabels": get_attachment_labels,
    "confluence/getAttachmentThumbnailById": get_attachment_thumbnail,
}
