"""API v1's view of pages, spaces and users: one tree of members that callers expand.

What is not expanded stands in `_expandable`, with the path it can be had from where there is one. Measured on
live sites (September and October 2026), but for the values of members that nobody has published.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler, Refusal
from sandlot_server.confluence import (
    attachment_rows,
    bodies,
    comment_rows,
    errors,
    legacy_attachments,
    legacy_comments,
    page_rows,
    restriction_rows,
    space_permissions,
)
from sandlot_server.confluence.envelopes import DEPRECATION
from sandlot_server.confluence.wire import iso, page_links, site_url
from sandlot_server.site.state import Row

Tree = dict[str, Any]
"""Members to expand, by name, each with the members to expand in it."""

CHILD_TYPES = ("page", "comment", "attachment", "folder", "whiteboard", "database", "embed")
_OF_A_SPACE = (("administer", "space"), ("create", "page"), ("read", "space"))
ALONE = "history,space,version"
WRITTEN = "body.storage,container,space,history,ancestors,version"
_BODIES = (
    "editor",
    "atlas_doc_format",
    "view",
    "export_view",
    "styled_view",
    "storage",
    "anonymous_export_view",
)


def deprecated(handler: Handler) -> Handler:
    """The handler of an operation that is out of Atlassian's document: its answers say so in their headers."""

    def marked(call: Call) -> Answer:
        try:
            answer = handler(call)
        except Refusal as refusal:
            raise Refusal(_marked(refusal.answer)) from None
        return _marked(answer)

    return marked


def _marked(answer: Answer) -> Answer:
    return Answer(answer.status, answer.body, {**answer.headers, **DEPRECATION}, answer.content_type)


def content_id(call: Call, name: str = "id") -> str:
    """An id in the path, as this site spells it. Signs and leading zeros count for nothing."""
    given = call.path[name]
    if not errors.is_content_id(given):
        raise errors.bad_content_id(given)
    if given.startswith("att"):
        raise errors.no_attachment()
    return str(int(given))


def page_of_path(call: Call) -> Row:
    """The living page that the path names."""
    page_id = content_id(call)
    page = page_rows.living(call, page_id)
    if page is None:
        raise errors.no_content(page_id)
    return page


def expansions(call: Call, default: str = "") -> Tree:
    """The `expand` parameter as a tree: `body.storage,version` is {body: {storage: {}}, version: {}}."""
    terms = call.query.get("expand") or default.split(",")
    tree: Tree = {}
    for term in terms:
        branch = tree
        for name in filter(None, term.strip().split(".")):
            branch = branch.setdefault(name, {})
    return tree


def view_content(call: Call, page: Row, tree: Tree, *, alone: bool = False) -> dict[str, Any]:
    """A page. One that stands alone says what its links are relative to."""
    space = page_rows.space_of(call, page)
    path = f"/rest/api/content/{page['id']}"
    view: dict[str, Any] = {
        "id": page["id"],
        "type": "page",
        "status": page["status"],
        "title": page["title"],
    }
    expandable = {}
    for name, (member, place) in _CONTENT_MEMBERS.items():
        if name in tree and member is not None:
            view[name] = member(call, page, tree[name])
        else:
            expandable[name] = place.format(path=path, key=space["key"])
    links = {**page_links(page, space), "self": site_url(call) + path}
    if alone:
        links |= {
            "context": f"{call.request.prefix}/wiki",
            "collection": "/rest/api/content",
            "base": site_url(call),
        }
    position = page["position"]
    return {
        **view,
        "macroRenderedOutput": {},
        "extensions": {"position": "none" if position is None else position},
        "_expandable": expandable,
        "_links": links,
    }


def _ancestors(call: Call, page: Row, tree: Tree) -> list[dict[str, Any]]:
    return [view_content(call, row, tree) for row in page_rows.ancestors(call, page)]


def _container(call: Call, page: Row, tree: Tree) -> dict[str, Any]:
    return view_space(call, page_rows.space_of(call, page), tree)


def view_body(call: Call, page: Row, tree: Tree) -> dict[str, Any]:
    """The bodies of a page or a comment."""
    view: dict[str, Any] = {}
    expandable = {}
    for name in _BODIES:
        if name in tree:
            view[name] = {**bodies.represented(page["body"], name), "embeddedContent": []}
            view[name]["_expandable"] = {"content": f"/rest/api/content/{page['id']}"}
        else:
            expandable[name] = ""
    return {**view, "_expandable": expandable}


def _child_types(call: Call, page: Row, tree: Tree) -> dict[str, Any]:
    present = {
        "page": page_rows.children(call, page),
        "comment": comment_rows.on_page(call, page),
        "attachment": attachment_rows.on_page(call, page),
    }
    path = f"{site_url(call)}/rest/api/content/{page['id']}/child"
    return {
        name: {"value": bool(present.get(name)), "_links": {"self": f"{path}/{name}"}}
        for name in CHILD_TYPES
        if name in tree or "all" in tree
    } | {"_expandable": {name: "" for name in ("all", *CHILD_TYPES) if name not in tree and "all" not in tree}}


def view_children(call: Call, page: Row, tree: Tree) -> dict[str, Any]:
    """The children by type: pages, comments and attachments."""
    pages = page_rows.children(call, page) if "page" in tree else []
    return _relatives(call, page, tree, "child", pages, comment_rows.on_page(call, page))


def view_descendants(call: Call, page: Row, tree: Tree) -> dict[str, Any]:
    """All that stands under a page, by type."""
    below = page_rows.descendants(call, page) if "page" in tree else []
    comments = [one for row in comment_rows.on_page(call, page) for one in (row, *comment_rows.below(call, row))]
    return _relatives(call, page, tree, "descendant", below, comments)


def _relatives(
    call: Call, page: Row, tree: Tree, relation: str, pages: list[Row], comments: list[Row]
) -> dict[str, Any]:
    path = f"/rest/api/content/{page['id']}/{relation}"
    view: dict[str, Any] = {}
    expandable = {}
    for name in CHILD_TYPES:
        if name not in tree:
            expandable[name] = f"{path}/{name}"
            continue
        results: list[dict[str, Any]] = []
        if name == "page":
            results = [view_content(call, row, tree[name]) for row in pages]
        elif name == "comment":
            results = [legacy_comments.view_comment(call, row, tree[name]) for row in comments]
        elif name == "attachment":
            attachments = attachment_rows.on_page(call, page)
            results = [legacy_attachments.view_attachment(call, row, tree[name]) for row in attachments]
        links = {"self": f"{site_url(call)}{path}/{name}"}
        view[name] = {
            "results": results,
            "start": 0,
            "limit": max(25, len(results)),
            "size": len(results),
            "_links": links,
        }
    return {**view, "_expandable": expandable, "_links": {"self": site_url(call) + path}}


def _metadata(call: Call, page: Row, tree: Tree) -> dict[str, Any]:
    view: dict[str, Any] = {}
    if "labels" in tree:
        view["labels"] = view_labels(call, page)
    if "properties" in tree:
        view["properties"] = {"_expandable": {}, "_links": {}}
    rest = ("currentuser", "comments", "simple", "properties", "frontend", "likes", "labels")
    return {**view, "_expandable": {name: "" for name in rest if name not in view}}


def view_labels(call: Call, page: Row) -> dict[str, Any]:
    """All labels of a page, as the list of them starts."""
    results = [view_label(call, row) for row in call.state.find("label", "content", page["id"])]
    link = f"{site_url(call)}/rest/api/content/{page['id']}/label"
    return {"results": results, "start": 0, "limit": 200, "size": len(results), "_links": {"self": link}}


def view_label(call: Call, label: Row) -> dict[str, Any]:
    return {"prefix": label["prefix"], "name": label["name"], "id": label["label"], "label": label["name"]}


def _restrictions(call: Call, page: Row, tree: Tree) -> dict[str, Any]:
    path = f"/rest/api/content/{page['id']}/restriction/byOperation"
    return {
        "_expandable": {name: f"{path}/{name}" for name in ("read", "update")},
        "_links": {"self": site_url(call) + path},
    }


def _operations(call: Call, page: Row, tree: Tree) -> list[dict[str, Any]]:
    return [{"operation": name, "targetType": "page"} for name in restriction_rows.operations(call, page)]


def view_history(call: Call, page: Row, tree: Tree) -> dict[str, Any]:
    number = page["versionNumber"]
    latest = call.state.get("page", page["id"])
    newest = latest["versionNumber"] if latest else number
    view: dict[str, Any] = {
        "latest": number == newest,
        "createdBy": view_user(call, page["author"]),
        "createdDate": iso(page["createdAt"]),
    }
    for name, other in (
        ("lastUpdated", newest),
        ("previousVersion", number - 1),
        ("nextVersion", number + 1),
    ):
        version = page_rows.at_version(call, page, other) if name in tree else None
        if version is not None:
            view[name] = view_version(call, version, {})
    if "ownedBy" in tree:
        view["ownedBy"] = view_user(call, page["owner"])
    if "contributors" in tree:
        authors = dict.fromkeys(version["author"] for version in page_rows.versions(call, page))
        view["contributors"] = {"publishers": _people(call, list(authors))}
    rest = ("lastUpdated", "previousVersion", "contributors", "nextVersion", "ownedBy", "lastOwnedBy")
    view["_expandable"] = {name: "" for name in rest if name not in view}
    view["_links"] = {"self": f"{site_url(call)}/rest/api/content/{page['id']}/history"}
    return view


def view_version(call: Call, page: Row, tree: Tree) -> dict[str, Any]:
    """The version that a page is at."""
    author, when, number = page["versionAuthor"], page["versionCreatedAt"], page["versionNumber"]
    path = f"/rest/api/content/{page['id']}"
    view: dict[str, Any] = {
        "by": view_user(call, author),
        "when": iso(when),
        "friendlyWhen": time.strftime("%b %d, %Y", time.gmtime(when // 1000)),
        "message": page["versionMessage"],
        "number": number,
        "minorEdit": False,
        "contentTypeModified": False,
    }
    if "collaborators" in tree:
        view["collaborators"] = _people(call, [author])
    if "content" in tree:
        view["content"] = view_content(call, page, tree["content"])
    places = {"collaborators": "", "content": path}
    view["_expandable"] = {name: place for name, place in places.items() if name not in view}
    view["_links"] = {"self": f"{site_url(call)}{path}/version/{number}"}
    return view


def _people(call: Call, account_ids: list[str]) -> dict[str, Any]:
    return {
        "users": [view_user(call, account_id) for account_id in account_ids],
        "userKeys": account_ids,
        "userAccountIds": account_ids,
        "_links": {"self": site_url(call)},
    }


_Member = Callable[[Call, Row, Tree], Any]
_CONTENT_MEMBERS: Mapping[str, tuple[_Member | None, str]] = {
    "childTypes": (_child_types, ""),
    "schedulePublishInfo": (None, ""),
    "operations": (_operations, ""),
    "schedulePublishDate": (None, ""),
    "children": (view_children, "{path}/child"),
    "restrictions": (_restrictions, "{path}/restriction/byOperation"),
    "history": (view_history, "{path}/history"),
    "ancestors": (_ancestors, ""),
    "body": (view_body, ""),
    "version": (view_version, ""),
    "descendants": (view_descendants, "{path}/descendant"),
    "space": (_container, "/rest/api/space/{key}"),
    "container": (_container, "/rest/api/space/{key}"),
    "metadata": (_metadata, ""),
}


def view_space(call: Call, space: Row, tree: Tree, *, alone: bool = False) -> dict[str, Any]:
    key = space["key"]
    path = f"/rest/api/space/{key}"
    homepage = call.state.get("page", space["homepage"]) if space["homepage"] else None
    served: dict[str, Any] = {}
    if "homepage" in tree and homepage is not None:
        served["homepage"] = view_content(call, homepage, tree["homepage"])
    if "description" in tree:
        served["description"] = _description(space, tree["description"])
    if "history" in tree:
        served["history"] = {
            "createdDate": iso(space["createdAt"]),
            "createdBy": view_user(call, space["author"]),
        }
    if "icon" in tree:
        served["icon"] = {
            "path": "/images/logo/default-space-logo.svg",
            "width": 48,
            "height": 48,
            "isDefault": True,
        }
    if "operations" in tree:
        served["operations"] = space_permissions.permitted(call, space, _OF_A_SPACE)
    if "permissions" in tree:
        served["permissions"] = []
    if "metadata" in tree:
        served["metadata"] = {"_expandable": {"labels": ""}}
    places = {
        "settings": f"{path}/settings",
        "metadata": "",
        "operations": "",
        "lookAndFeel": f"/rest/api/settings/lookandfeel?spaceKey={key}",
        "identifiers": "",
        "permissions": "",
        "roles": "",
        "icon": "",
        "typeSettings": "",
        "description": "",
        "theme": f"{path}/theme",
        "history": "",
        "homepage": f"/rest/api/content/{homepage['id']}" if homepage else "",
    }
    links = {"webui": f"/spaces/{key}", "self": site_url(call) + path}
    if alone:
        links |= {
            "context": f"{call.request.prefix}/wiki",
            "collection": "/rest/api/space",
            "base": site_url(call),
        }
    return {
        "id": int(space["id"]),
        "ari": f"ari:cloud:confluence:{call.cloud_id}:space/{space['id']}",
        "key": key,
        "alias": space["alias"],
        "name": space["name"],
        "type": space["type"],
        "status": space["status"],
        **served,
        "_expandable": {name: place for name, place in places.items() if name not in served},
        "_links": links,
    }


def _description(space: Row, tree: Tree) -> dict[str, Any]:
    view: dict[str, Any] = {
        name: {"value": space["description"], "representation": name, "embeddedContent": []}
        for name in ("plain", "view")
        if name in tree
    }
    return {**view, "_expandable": {name: "" for name in ("view", "plain") if name not in tree}}


def view_user(call: Call, account_id: str, tree: Tree | None = None) -> dict[str, Any]:
    """A user; an account that the site does not know is of the type `unknown`."""
    user = call.state.get("user", account_id)
    picture = {"path": "/wiki/aa-avatar/default", "width": 48, "height": 48, "isDefault": True}
    if user is None:
        return {
            "type": "unknown",
            "accountId": account_id,
            "profilePicture": picture,
            "displayName": "Unknown user",
        }
    view: dict[str, Any] = {
        "type": "known",
        "accountId": account_id,
        "accountType": user["accountType"],
        "email": user["emailAddress"],
        "publicName": user["displayName"],
        "profilePicture": picture,
        "displayName": user["displayName"],
        "isExternalCollaborator": False,
        "isGuest": False,
        "locale": "en_US",
        "accountStatus": "active" if user["active"] else "inactive",
    }
    if tree and "operations" in tree:
        view["operations"] = [{"operation": "use", "targetType": "application"}]
    view["_expandable"] = {name: "" for name in ("operations", "personalSpace") if name not in view}
    view["_links"] = {"self": f"{site_url(call)}/rest/api/user?accountId={account_id}"}
    return view
