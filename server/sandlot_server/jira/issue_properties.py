"""Properties of an issue: any JSON under a key, kept as it was sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import orjson

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import issue_of
from sandlot_server.jira.permissions import require
from sandlot_server.jira.wire import api
from sandlot_server.site.state import Row

_LONGEST_KEY, _LONGEST_VALUE = 255, 32768


def _properties_of(call: Call, issue: Row) -> list[Row]:
    """An issue's properties, by their keys."""
    return sorted(call.state.find("issue_property", "issue", issue["id"]), key=lambda found: str(found["key"]))


def view_properties(call: Call, issue: Row, wanted: Iterable[str]) -> dict[str, Any]:
    """The values of the properties that a list names, each by its key; *all names every one, -key one less."""
    names = set(wanted)
    return {
        found["key"]: found["value"]
        for found in _properties_of(call, issue)
        if (found["key"] in names or "*all" in names) and f"-{found['key']}" not in names
    }


def _put(call: Call, issue_id: str, key: str, value: Any, sent: bytes | None = None) -> None:
    """Set a property to a value, kept as its text was sent."""
    if len(key) > _LONGEST_KEY:
        raise errors.refusal(400, errors.LONG_PROPERTY_KEY)
    text = (sent or orjson.dumps(value)).decode()
    if len(text) > _LONGEST_VALUE:
        raise errors.refusal(400, errors.LONG_PROPERTY_VALUE)
    row = {"id": f"{issue_id}:{key}", "issue": issue_id, "key": key, "value": value, "text": text}
    call.state.put("issue_property", row)


def put_properties(call: Call, issue_id: str, sent: Iterable[Row] | None) -> None:
    """Set the properties that come with an issue: a list of keys and values."""
    for one in sent or ():
        if not one.get("key"):
            raise errors.refusal(400, errors.NO_PROPERTY_KEY)
        _put(call, issue_id, one["key"], one.get("value"))


def _property_of(call: Call) -> Row:
    key = call.path["propertyKey"]
    found = call.state.get("issue_property", f"{issue_of(call)['id']}:{key}")
    if found is None:
        raise errors.not_found(errors.NO_PROPERTY, key)
    return found


def get_issue_property_keys(call: Call) -> Answer:
    issue = issue_of(call)
    root = f"{api(call)}/issue/{issue['id']}/properties"
    found = [found["key"] for found in _properties_of(call, issue)]
    return Answer(200, {"keys": [{"self": f"{root}/{quote(key, safe='')}", "key": key} for key in found]})


def get_issue_property(call: Call) -> Answer:
    found = _property_of(call)
    return Answer(200, b'{"key":%b,"value":%b}' % (orjson.dumps(found["key"]), found["text"].encode()))


def set_issue_property(call: Call) -> Answer:
    issue, key = issue_of(call), call.path["propertyKey"]
    require(call, issue["project"], "EDIT_ISSUES")
    there = call.state.get("issue_property", f"{issue['id']}:{key}") is not None
    _put(call, issue["id"], key, call.body, call.request.body)
    return Answer(200 if there else 201)


def delete_issue_property(call: Call) -> Answer:
    require(call, issue_of(call)["project"], "EDIT_ISSUES", status=404)
    call.state.delete("issue_property", _property_of(call)["id"])
    return Answer(204)


OPERATIONS = {
    "jira/getIssuePropertyKeys": get_issue_property_keys,
    "jira/getIssueProperty": get_issue_property,
    "jira/setIssueProperty": set_issue_property,
    "jira/deleteIssueProperty": delete_issue_property,
}
