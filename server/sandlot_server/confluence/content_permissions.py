"""May somebody do something with a page?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import errors, groups, legacy, restriction_rows
from sandlot_server.confluence.wire import site_url
from sandlot_server.site.state import Row


def check_content_permission(call: Call) -> Answer:
    """What is denied is no refusal: the answer says why."""
    page = legacy.page_of_path(call)
    operation, subject = call.body["operation"], call.body["subject"]
    kind, identifier = subject["type"], subject["identifier"]
    if kind == "user":
        user = call.state.get("user", identifier)
        if user is None:
            raise errors.no_subject(kind, identifier)
        allowed = restriction_rows.may(call.state, user, page, operation)
    else:
        name = groups.named(call, identifier)
        if name is None:
            raise errors.no_subject(kind, identifier)
        allowed = restriction_rows.may_all(call.state, name, page, operation)
    return Answer(200, _view(call, page, allowed, operation))


def _view(call: Call, page: Row, allowed: bool, operation: str) -> dict[str, Any]:
    reason = {"translation": f"The subject is not permitted to {operation} the content", "args": []}
    links = {"base": site_url(call), "context": f"{call.request.prefix}/wiki"}
    return {"hasPermission": allowed, "errors": [] if allowed else [reason], "_links": links}


OPERATIONS: Mapping[str, Handler] = {"confluence-v1/checkContentPermission": check_content_permission}
