"""Templates of pages: those of a space, and those of the whole site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import bodies, errors, legacy, paging, space_permissions
from sandlot_server.confluence.spaces import space_by_key
from sandlot_server.confluence.wire import site_url
from sandlot_server.site.state import Row

_TYPE = "page"


def get_content_templates(call: Call) -> Answer:
    """Bodies come where they are asked for."""
    paging.window(call)
    key = call.query.get("spaceKey")
    rows = call.state.find("template", "space", _space_of(call, key)["id"] if key else None)
    with_bodies = "body" in legacy.expansions(call)
    return Answer(200, paging.legacy_listing(call, rows, lambda call, row: _view(call, row, with_bodies)))


def get_content_template(call: Call) -> Answer:
    return Answer(200, _view(call, _template(call, call.path["contentTemplateId"]), True))


def create_content_template(call: Call) -> Answer:
    given = call.body
    space = _space_of(call, given["space"]["key"]) if given.get("space") else None
    _require_admin(call, space)
    row: Row = {
        "id": call.state.next_id("template"),
        "space": None if space is None else space["id"],
        "description": "",
        "labels": [],
    }
    return Answer(200, _view(call, _keep(call, row, given), True))


def update_content_template(call: Call) -> Answer:
    """A template stays where it is; a description or labels that are not given stay, too."""
    given = call.body
    row = _template(call, given["templateId"])
    _require_admin(call, _space(call, row))
    if given.get("space") and _space_of(call, given["space"]["key"])["id"] != row["space"]:
        raise errors.template_elsewhere()
    return Answer(200, _view(call, _keep(call, row, given), True))


def remove_template(call: Call) -> Answer:
    row = _template(call, call.path["contentTemplateId"])
    _require_admin(call, _space(call, row))
    call.state.delete("template", row["id"])
    return Answer(204)


def _keep(call: Call, row: Row, given: Row) -> Row:
    if not given["name"].strip():
        raise errors.template_unnamed()
    if given["templateType"] != _TYPE:
        raise errors.template_type(given["templateType"])
    sent: Row = {name: given[name] for name in ("name", "description", "labels") if name in given}
    kept = {**row, **sent, "body": bodies.stored(call, given["body"]) or ""}
    call.state.put("template", kept)
    return kept


def _template(call: Call, template_id: str) -> Row:
    """A template of the whole site, or of a space that the caller may read."""
    row = call.state.get("template", template_id)
    if row is None or (row["space"] is not None and _space(call, row) is None):
        raise errors.no_template(template_id)
    return row


def _space(call: Call, row: Row) -> Row | None:
    return call.state.get("space", row["space"]) if row["space"] is not None else None


def _space_of(call: Call, key: str) -> Row:
    space = space_by_key(call, key)
    if space is None:
        raise errors.no_listed_space(key)
    return space


def _require_admin(call: Call, space: Row | None) -> None:
    """Templates are for those to write who administer the space, or the site."""
    assert call.user is not None  # the pipeline refuses who is not signed in
    if space is None:
        allowed = bool(call.user["admin"])
    else:
        allowed = space_permissions.may(call.state, call.user, space["id"], "administer space")
    if not allowed:
        raise errors.template_forbidden()


def _view(call: Call, row: Row, with_body: bool) -> dict[str, Any]:
    view: dict[str, Any] = {
        "templateId": row["id"],
        "name": row["name"],
        "description": row["description"],
        "labels": row["labels"],
        "templateType": _TYPE,
        "editorVersion": "v2",
    }
    if (space := _space(call, row)) is not None:
        view["space"] = legacy.view_space(call, space, {})
    if with_body:
        view["body"] = {"storage": {**bodies.represented(row["body"], "storage"), "embeddedContent": []}}
    links = {"self": f"{site_url(call)}/rest/api/template/{row['id']}"}
    return {**view, "_expandable": {} if with_body else {"body": ""}, "_links": links}


OPERATIONS: Mapping[str, Handler] = {
    "confluence-v1/getContentTemplates": get_content_templates,
    "confluence-v1/createContentTemplate": create_content_template,
    "confluence-v1/updateContentTemplate": update_content_template,
    "confluence-v1/getContentTemplate": get_content_template,
    "confluence-v1/removeTemplate": remove_template,
}
