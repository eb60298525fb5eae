"""Bodies from one representation to another: asked for by one call, and handed out to another.

The service does this work later; here it is done by the time it is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler, Refusal
from sandlot_server.confluence import bodies, errors, page_rows
from sandlot_server.confluence.spaces import space_by_key
from sandlot_server.confluence.wire import site_url
from sandlot_server.site.state import Row

_READ = ("storage", "editor", "atlas_doc_format", "wiki")
_MADE = ("storage", "editor", "atlas_doc_format", *bodies.VIEWS)
_MOST = 10


def convert(call: Call) -> Answer:
    return Answer(200, _task(call, call.path["to"], call.body, call.query))


def convert_all(call: Call) -> Answer:
    inputs = call.body.get("conversionInputs") or []
    if not 1 <= len(inputs) <= _MOST:
        raise errors.conversions_out_of_range(_MOST)
    return Answer(200, [_task(call, one["to"], one["body"], one) for one in inputs])


def get_converted(call: Call) -> Answer:
    conversion = call.state.get("body_conversion", call.path["id"])
    if conversion is None:
        raise errors.no_conversion(call.path["id"])
    return Answer(200, _view(call, conversion))


def get_all_converted(call: Call) -> Answer:
    """Those of the ids, in their order; one that is not there has failed."""
    ids = list(dict.fromkeys(task_id for given in call.query["ids"] for task_id in given.split(",") if task_id))
    if not ids:
        raise errors.conversions_out_of_range(_MOST)
    found = [call.state.get("body_conversion", task_id) or _missing(task_id) for task_id in ids]
    return Answer(200, [_view(call, one) for one in found])


def _task(call: Call, to: str, body: dict[str, Any], context: Mapping[str, Any]) -> dict[str, str]:
    if body["representation"] not in _READ or to not in _MADE:
        raise errors.no_way_to_convert(body["representation"], to)
    _require_context(call, context)
    task_id = call.state.next_id("body_conversion")
    call.state.put("body_conversion", {"id": task_id, "representation": to, **_converted(call, to, body)})
    return {"asyncId": task_id}


def _converted(call: Call, to: str, body: dict[str, Any]) -> dict[str, str]:
    """The value, or why there is none."""
    try:
        return {"value": bodies.represented(bodies.stored(call, body) or "", to)["value"], "error": ""}
    except Refusal as refusal:
        return {"value": "", "error": refusal.answer.body["message"]}


def _require_context(call: Call, context: Mapping[str, Any]) -> None:
    """The page and the space that a body is to be converted as part of are there, for a caller who is known."""
    page_id, key = context.get("contentIdContext"), context.get("spaceKeyContext")
    if page_id and (call.user is None or page_rows.living(call, page_id.lstrip("0")) is None):
        raise errors.no_content(page_id)
    if key and (call.user is None or space_by_key(call, key) is None):
        raise errors.no_listed_space(key)


def _missing(task_id: str) -> Row:
    return {"id": task_id, "value": "", "error": errors.NO_CONVERSION.format(task_id)}


def _view(call: Call, conversion: Row) -> dict[str, Any]:
    view = {
        "value": conversion["value"],
        "renderTaskId": conversion["id"],
        "error": conversion["error"],
        "status": "FAILED" if conversion["error"] else "COMPLETED",
        "embeddedContent": [],
        "_expandable": {"content": "", "webresource": "", "mediaToken": ""},
        "_links": {"base": site_url(call), "context": f"{call.request.prefix}/wiki"},
    }
    return view | ({"representation": conversion["representation"]} if "representation" in conversion else {})


OPERATIONS: Mapping[str, Handler] = {
    "confluence-v1/asyncConvertContentBodyRequest": convert,
    "confluence-v1/asyncConvertContentBodyResponse": get_converted,
    "confluence-v1/bulkAsyncConvertContentBodyRequest": convert_all,
    "confluence-v1/bulkAsyncConvertContentBodyResponse": get_all_converted,
}
