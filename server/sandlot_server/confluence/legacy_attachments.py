"""API v1's view of attachments: a kind of content."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.confluence import attachment_rows, errors, legacy, page_rows
from sandlot_server.confluence.wire import site_url
from sandlot_server.site.state import Row


def of_path(call: Call) -> Row | None:
    """The attachment, in any state, that a path of content names; None where it names something else."""
    given = call.path["id"]
    if not errors.is_content_id(given):
        raise errors.bad_content_id(given)
    attachment = attachment_rows.found(call, given)
    if attachment is None and given.startswith("att"):
        raise errors.no_attachment()
    return attachment


def living_of_path(call: Call) -> Row | None:
    """The same; one in the trash is not there."""
    attachment = of_path(call)
    if attachment is not None and attachment["status"] != "current":
        raise errors.no_attachment()
    return attachment


def get_as_content(call: Call, attachment: Row) -> Answer:
    """An attachment where the API of content is asked for it."""
    statuses = call.query.get("status") or ["current"]
    if not {attachment["status"], "any", "historical"} & set(statuses):
        raise errors.no_attachment()
    version = attachment_rows.wanted(call, attachment)
    if version is None:
        raise errors.no_attachment()
    tree = legacy.expansions(call, legacy.ALONE)
    return Answer(200, view_attachment(call, version, tree, alone=True))


def delete_as_content(call: Call, attachment: Row) -> Answer:
    """To the trash; with `status=trashed` for good, from there."""
    if attachment["status"] != call.query.get("status", "current"):
        raise errors.no_attachment()
    if attachment["status"] == "trashed":
        attachment_rows.purge(call, attachment)
    else:
        attachment_rows.trash(call, attachment)
    return Answer(204)


def view_attachment(call: Call, attachment: Row, tree: legacy.Tree, *, alone: bool = False) -> dict[str, Any]:
    """An attachment as a kind of content. One that stands alone says what its links are relative to."""
    page = attachment_rows.page_of(call, attachment)
    space = page_rows.space_of(call, page)
    shown_id = attachment_rows.shown_id(attachment)
    path = f"/rest/api/content/{shown_id}"
    # What the views of content read of a row.
    content = {
        **attachment,
        "id": shown_id,
        "owner": attachment["author"],
        "versionMessage": attachment["comment"],
    }
    view: dict[str, Any] = {
        "id": shown_id,
        "type": "attachment",
        "status": attachment["status"],
        "title": attachment["title"],
    }
    if "version" in tree:
        view["version"] = {**legacy.view_version(call, content, {}), "minorEdit": attachment["minorEdit"]}
    if "container" in tree:
        view["container"] = legacy.view_content(call, page, tree["container"])
    if "space" in tree:
        view["space"] = legacy.view_space(call, space, tree["space"])
    if "history" in tree:
        view["history"] = legacy.view_history(call, content, tree["history"])
    if "operations" in tree:
        view["operations"] = attachment_rows.operations(call, attachment)
    places = {
        "childTypes": "",
        "operations": "",
        "children": f"{path}/child",
        "history": f"{path}/history",
        "ancestors": "",
        "body": "",
        "version": "",
        "descendants": f"{path}/descendant",
        "space": f"/rest/api/space/{space['key']}",
        "container": f"/rest/api/content/{page['id']}",
    }
    links = {**attachment_rows.links(attachment), "self": site_url(call) + path}
    if alone:
        links |= {
            "context": f"{call.request.prefix}/wiki",
            "collection": "/rest/api/content",
            "base": site_url(call),
        }
    return {
        **view,
        "macroRenderedOutput": {},
        "metadata": _metadata(call, attachment, tree.get("metadata", {})),
        "extensions": {
            "mediaType": attachment["mediaType"],
            "fileSize": attachment["size"],
            "comment": attachment["comment"],
            "mediaTypeDescription": attachment_rows.kind_of(attachment),
            "fileId": attachment_rows.file_id(call, attachment),
            "collectionName": f"contentId-{page['id']}",
        },
        "_expandable": {name: place for name, place in places.items() if name not in view},
        "_links": links,
    }


def _metadata(call: Call, attachment: Row, tree: legacy.Tree) -> dict[str, Any]:
    metadata: dict[str, Any] = {"comment": attachment["comment"], "mediaType": attachment["mediaType"]}
    if "labels" in tree:
        metadata["labels"] = legacy.view_labels(call, attachment)
    names = ("currentuser", "comments", "simple", "properties", "frontend", "likes", "labels")
    return {**metadata, "_expandable": {name: "" for name in names if name not in metadata}}
