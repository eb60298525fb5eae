"""The pictures of users: the same on every site, and there for everybody."""

from __future__ import annotations

from collections.abc import Mapping

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.pictures import PNG, avatar_png

_SIZE = 48


def get_user_picture(call: Call) -> Answer:
    return Answer(200, avatar_png(f"user/{call.path['id']}", _SIZE), content_type=PNG)


OPERATIONS: Mapping[str, Handler] = {"confluence-v1/getUserPicture": get_user_picture}
