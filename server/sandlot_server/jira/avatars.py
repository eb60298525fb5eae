"""The pictures of users, projects and issue types: the same on every site, and there for everybody."""

from __future__ import annotations

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.pictures import PNG, SVG, avatar_png, avatar_svg

# Users have avatars too, though the document does not name them.
_TYPES = ("issuetype", "project", "priority", "user")
_SIZES = {"xsmall": 16, "small": 24, "medium": 32, "large": 48, "xlarge": 96}
_WHOLE = "large"


def get_avatar_image_by_type(call: Call) -> Answer:
    return _picture(call, "")


def get_avatar_image_by_id(call: Call) -> Answer:
    return _picture(call, call.path["id"])


def get_avatar_image_by_owner(call: Call) -> Answer:
    return _picture(call, call.path["entityId"])


def _picture(call: Call, of: str) -> Answer:
    kind = call.path["type"]
    if kind not in _TYPES:
        raise errors.not_found(errors.NO_AVATAR_TYPE, kind)
    name, size = f"{kind}/{of}", _SIZES[call.query.get("size", _WHOLE)]
    if call.query.get("format") == "png":
        return Answer(200, avatar_png(name, size), content_type=PNG)
    return Answer(200, avatar_svg(name, size), content_type=SVG)


OPERATIONS = {
    "jira/getAvatarImageByType": get_avatar_image_by_type,
    "jira/getAvatarImageByID": get_avatar_image_by_id,
    "jira/getAvatarImageByOwner": get_avatar_image_by_owner,
}
