"""Users of API v1."""

from __future__ import annotations

from collections.abc import Mapping

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import errors, legacy


def get_current_user(call: Call) -> Answer:
    assert call.user is not None, "no operation of Confluence runs without a caller"
    return Answer(200, legacy.view_user(call, call.user["id"], legacy.expansions(call)))


def get_user(call: Call) -> Answer:
    account_id = call.query["accountId"]
    if call.state.get("user", account_id) is None:
        raise errors.no_user(account_id)
    return Answer(200, legacy.view_user(call, account_id, legacy.expansions(call)))


OPERATIONS: Mapping[str, Handler] = {
    "confluence-v1/getCurrentUser": get_current_user,
    "confluence-v1/getUser": get_user,
}
