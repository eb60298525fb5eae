"""Versions of pages, of both APIs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import bodies, errors, legacy, page_rows, paging
from sandlot_server.confluence.pages import page_by_id
from sandlot_server.confluence.wire import iso
from sandlot_server.site.state import Row

_LIST_CAP = 200


def get_page_versions(call: Call) -> Answer:
    page = page_by_id(call, call.path["id"])
    # Ids of versions are not numbers; in a list they are told apart by the number itself.
    rows = [{**row, "id": row["number"]} for row in page_rows.versions(call, page)]
    newest_first = call.query.get("sort", "-modified-date").startswith("-")
    return paging.listing(call, rows, _view_listed, lambda row: row["createdAt"], newest_first)


def get_page_version_details(call: Call) -> Answer:
    page = page_by_id(call, call.path["page-id"])
    number = int(call.path["version-number"])
    version = call.state.get("page_version", f"{page['id']}:{number}")
    if version is None:
        raise errors.no_version(call, page["id"], number)
    view = {**_view(version), "contentTypeModified": False, "collaborators": [version["author"]]}
    if number > 1:
        view["prevVersion"] = number - 1
    if number < page["versionNumber"]:
        view["nextVersion"] = number + 1
    return Answer(200, view)


def get_history_for_content(call: Call) -> Answer:
    page = legacy.page_of_path(call)
    tree = legacy.expansions(call)
    neighbours: legacy.Tree = {"lastUpdated": {}, "previousVersion": {}, "nextVersion": {}}
    return Answer(200, legacy.view_history(call, page, {**neighbours, **tree}))


def get_content_versions(call: Call) -> Answer:
    page = legacy.page_of_path(call)
    rows = [row for number in range(page["versionNumber"], 0, -1) if (row := page_rows.at_version(call, page, number))]
    tree = legacy.expansions(call)
    answer = paging.legacy_listing(call, rows, lambda call, row: legacy.view_version(call, row, tree), cap=_LIST_CAP)
    return Answer(200, answer)


def get_content_version(call: Call) -> Answer:
    page = legacy.page_of_path(call)
    number = int(call.path["versionNumber"])
    version = page_rows.at_version(call, page, number)
    if version is None:
        raise errors.no_version(call, page["id"], number)
    return Answer(200, legacy.view_version(call, version, legacy.expansions(call)))


def _view(version: Row) -> dict[str, Any]:
    return {
        "number": version["number"],
        "message": version["message"],
        "minorEdit": False,
        "authorId": version["author"],
        "createdAt": iso(version["createdAt"]),
    }


def _view_listed(call: Call, version: Row) -> dict[str, Any]:
    name = call.query.get("body-format")
    body = {} if name is None else {name: bodies.represented(version["body"], name)}
    return {**_view(version), "page": {"id": version["page"], "title": version["title"], "body": body}}


OPERATIONS: Mapping[str, Handler] = {
    "confluence/getPageVersions": get_page_versions,
    "confluence/getPageVersionDetails": get_page_version_details,
    "confluence-v1/getHistoryForContent": legacy.deprecated(get_history_for_content),
    "confluence-v1/getContentVersions": legacy.deprecated(get_content_versions),
    "confluence-v1/getContentVersion": legacy.deprecated(get_content_version),
}
