"""Issue link types: how two issues can belong together, in words from either end."""

from __future__ import annotations

from typing import Any

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.permissions import require_admin
from sandlot_server.jira.wire import api
from sandlot_server.site.state import Row


def view_issue_link_type(root: str, link_type: Row) -> dict[str, Any]:
    texts = {name: link_type[name] for name in ("id", "name", "inward", "outward")}
    return {**texts, "self": f"{root}/issueLinkType/{link_type['id']}"}


def find_link_type(call: Call, sent: Any) -> Row:
    """The type that {"id": ...} or {"name": ...} names; FieldError if there is none."""
    named = sent if isinstance(sent, dict) else {}
    for link_type in call.state.all("issue_link_type"):
        if link_type["id"] == str(named["id"]) if named.get("id") else link_type["name"] == named.get("name"):
            return link_type
    by = "id" if named.get("id") else "name"
    raise errors.FieldError(errors.NO_LINK_TYPE.format(by, named.get(by, "")))


def get_issue_link_types(call: Call) -> Answer:
    """An anonymous caller sees them too."""
    root = api(call)
    types = [view_issue_link_type(root, link_type) for link_type in call.state.all("issue_link_type")]
    return Answer(200, {"issueLinkTypes": types})


def get_issue_link_type(call: Call) -> Answer:
    type_id = call.path["issueLinkTypeId"]
    if not type_id.isdecimal():
        raise errors.refusal(400, errors.LINK_TYPE_NOT_INTEGER.format(type_id))
    try:
        return Answer(200, view_issue_link_type(api(call), find_link_type(call, {"id": type_id})))
    except errors.FieldError as error:
        raise errors.refusal(404, error.text) from None


def create_issue_link_type(call: Call) -> Answer:
    """Who does not administer the site is told 404, as the document has it."""
    require_admin(call, 404, errors.NOT_ADMIN.format("issue link types"))
    texts = {name: call.body.get(name, "").strip() for name in ("name", "inward", "outward")}
    wrong = {name: errors.NO_LINK_DESCRIPTION.format(name) for name in ("inward", "outward") if not texts[name]}
    if not texts["name"]:
        wrong["name"] = errors.NO_NAME
    elif any(one["name"].lower() == texts["name"].lower() for one in call.state.all("issue_link_type")):
        wrong["name"] = errors.LINK_TYPE_TAKEN
    if wrong:
        raise errors.field_refusal(wrong)
    link_type = {**texts, "id": call.state.next_id("issue_link_type")}
    call.state.put("issue_link_type", link_type)
    return Answer(201, view_issue_link_type(api(call), link_type))


OPERATIONS = {
    "jira/getIssueLinkTypes": get_issue_link_types,
    "jira/getIssueLinkType": get_issue_link_type,
    "jira/createIssueLinkType": create_issue_link_type,
}
