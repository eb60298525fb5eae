"""The files of a seed: attached to issues and to pages, their bytes kept with the seed's rows."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sandlot_server.forms import FILE_LIMIT, media_type
from sandlot_server.site.layers import Layer, Row
from sandlot_server.site.seed_comments import property_rows


def issue_files(
    files: Iterable[dict[str, Any]], issue: Row, layer: Layer, new_id: Callable[[str], str]
) -> Iterator[Row]:
    """The rows of an issue's attachments. ValueError says what cannot be."""
    for file in files:
        kept = _keep(file, layer)
        place = {"issue": issue["id"], "author": issue["reporter"], "created": issue["created"]}
        yield {"id": new_id("attachment"), "filename": file["filename"], **kept, **place}


def page_files(
    files: Iterable[dict[str, Any]], page: str, author: str, clock: int, layer: Layer, new_id: Callable[[str], str]
) -> Iterator[tuple[str, Row]]:
    """The rows of a page's attachments and their properties, with their tables. ValueError says what cannot be."""
    for file in files:
        row_id = new_id("page")
        version = {
            "title": file["filename"],
            **_keep(file, layer),
            "comment": file.get("comment", ""),
            "minorEdit": False,
        }
        yield (
            "page_attachment",
            {
                "id": row_id,
                "page": page,
                "status": "current",
                "author": author,
                "createdAt": clock,
                **version,
                "versionNumber": 1,
                "versionAuthor": author,
                "versionCreatedAt": clock,
            },
        )
        made = {"number": 1, "author": author, "createdAt": clock}
        yield "page_attachment_version", {"id": f"{row_id}:1", "attachment": row_id, **version, **made}
        yield from property_rows(file.get("properties", {}), {"attachment": row_id}, author, new_id, clock)


def _keep(file: dict[str, Any], layer: Layer) -> Row:
    """What rows say of the bytes, which the layer keeps."""
    content = file["text"].encode() if "text" in file else base64.b64decode(file["base64"], validate=True)
    if len(content) > FILE_LIMIT:
        raise ValueError(f"a file cannot have more than {FILE_LIMIT} bytes")
    sha256 = hashlib.sha256(content).hexdigest()
    layer.blobs[sha256] = content
    return {"mediaType": media_type(file["filename"]), "size": len(content), "sha256": sha256}
