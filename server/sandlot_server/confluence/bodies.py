"""Page bodies between the representations of the API and the storage format that the site keeps."""

from __future__ import annotations

from typing import Any

import orjson

from sandlot_server.call import Call
from sandlot_server.confluence import errors
from sandlot_server.documents import adf, storage, wiki
from sandlot_server.json_body import BadJson, read_json

VIEWS = ("view", "export_view", "styled_view", "anonymous_export_view")
WRITTEN = ("storage", "atlas_doc_format", "wiki", "editor", *VIEWS)


def stored(call: Call, body: dict[str, Any] | None) -> str | None:
    """A body as it came, flat or by representation, in storage format; None where there is none."""
    if not body:
        return None
    if "representation" in body:
        return _stored(call, body["representation"], body["value"])
    for name in WRITTEN:
        if name in body:
            return _stored(call, body[name].get("representation") or name, body[name].get("value") or "")
    return None


def _stored(call: Call, representation: str, value: str) -> str:
    try:
        if representation in ("storage", "editor"):
            return storage.normalise(value)
        # Whatever it was written in, some characters have no place in storage format.
        if representation == "atlas_doc_format":
            return storage.from_adf(_document(call, value))
        if representation == "wiki":
            return storage.from_adf(wiki.to_adf(value))
    except storage.Invalid as error:
        raise errors.bad_storage(call, str(error)) from None
    raise errors.unwritable_representation(call, representation)


def _document(call: Call, value: str) -> dict[str, Any]:
    """The ADF document that stands as JSON in a string."""
    try:
        document = read_json(value.encode())
    except BadJson:
        raise errors.bad_adf(call, "not JSON") from None
    reason = adf.validate(document)
    if reason is not None:
        raise errors.bad_adf(call, reason)
    valid: dict[str, Any] = document
    return valid


def represented(content: str, representation: str) -> dict[str, str]:
    """A stored body in one representation."""
    if representation == "atlas_doc_format":
        value = orjson.dumps(storage.to_adf(content)).decode()
    elif representation in VIEWS:
        value = storage.to_view(content)
    else:
        value = content
    return {"representation": representation, "value": value}
