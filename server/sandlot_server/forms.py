"""Forms with files (multipart/form-data) as clients send them."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder

# The largest file that either product takes.
FILE_LIMIT = 10 * 1024 * 1024
UNKNOWN_TYPE = "application/octet-stream"
_MOST_PARTS = 1000
_MEDIA_TYPE = re.compile(r"[a-z0-9][\w.+-]*/[\w.+-]+")
# The types that this library knows by itself, and not what the machine adds to them.
_TYPES = mimetypes.MimeTypes()
for _ending, _type in (
    (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (".log", "text/plain"),
    (".md", "text/markdown"),
    (".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (".webp", "image/webp"),
):
    _TYPES.add_type(_type, _ending)


class BadForm(Exception):
    """The body is no form."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form: its name without folders, what it says that it is, and its bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The parts of a form by their names, in the order they came."""

    files: tuple[tuple[str, Upload], ...]
    fields: tuple[tuple[str, str], ...]

    def uploads(self, name: str) -> list[Upload]:
        return [upload for part, upload in self.files if part == name]

    def text(self, name: str) -> str | None:
        """The first field of that name."""
        return next((text for part, text in self.fields if part == name), None)

    def described(self) -> dict[str, Any]:
        """The form as a trace keeps it: files by name, size and hash."""
        parts: dict[str, Any] = dict(self.fields)
        for part, upload in self.files:
            parts.setdefault(part, []).append(
                {
                    "filename": upload.name,
                    "mediaType": upload.media_type,
                    "size": len(upload.content),
                    "sha256": hashlib.sha256(upload.content).hexdigest(),
                }
            )
        return parts


def read_form(content_type: str, body: bytes) -> Form:
    """The form that a body is; BadForm if it is none."""
    boundary = parse_options_header(content_type)[1].get("boundary")
    if not boundary:
        raise BadForm("there is no boundary")
    try:
        decoder = MultipartDecoder(boundary.encode("ascii"), max_parts=_MOST_PARTS)
        decoder.receive_data(body)
        decoder.receive_data(None)
        return _read(decoder)
    except (ValueError, RequestEntityTooLarge) as error:
        raise BadForm(str(error)) from error


def _read(decoder: MultipartDecoder) -> Form:
    files: list[tuple[str, Upload]] = []
    fields: list[tuple[str, str]] = []
    part: Field | File | None = None
    content = bytearray()
    while not isinstance(event := decoder.next_event(), Epilogue):
        if isinstance(event, (Field, File)):
            if not event.name:
                raise ValueError("a part has no name")
            part, content = event, bytearray()
        elif isinstance(event, Data) and part is not None:
            content += event.data
            if event.more_data:
                continue
            if isinstance(part, File) and part.filename:
                files.append((part.name, _upload(part, bytes(content))))
            elif isinstance(part, Field):
                fields.append((part.name, content.decode("utf-8")))
    return Form(tuple(files), tuple(fields))


def _upload(part: File, content: bytes) -> Upload:
    name = re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[/\\]", part.filename)[-1]) or part.name
    return Upload(name, media_type(name, part.headers.get("content-type", "")), content)


def media_type(name: str, declared: str = "") -> str:
    """What a file is: as its sender says, and where that says nothing by the ending of its name."""
    said = declared.partition(";")[0].strip().lower()
    if said not in ("", UNKNOWN_TYPE, "application/binary") and _MEDIA_TYPE.fullmatch(said):
        return said
    return _TYPES.guess_type(name)[0] or UNKNOWN_TYPE
