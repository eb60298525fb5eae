"""Answers that are files: the whole of one, or the range of it that was asked for."""

from __future__ import annotations

import re
from urllib.parse import quote

from sandlot_server.call import Answer, Call

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def send_file(call: Call, content: bytes, media_type: str, name: str = "") -> Answer:
    """The bytes as a file to be saved under a name; 206 for a range of them, 416 for one that they do not have."""
    headers = {"accept-ranges": "bytes"}
    if name:
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    wanted = _RANGE.fullmatch(call.request.headers.get("range", "").replace(" ", ""))
    # Lists of ranges and other units are answered with the whole, as the standard allows.
    if wanted is None or wanted.groups() == ("", ""):
        return Answer(200, content, headers, media_type)
    size = len(content)
    first, last = wanted.groups()
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if first and last and int(last) < int(first):
        return Answer(200, content, headers, media_type)
    if start >= size:
        return Answer(416, b"", {**headers, "content-range": f"bytes */{size}"}, media_type)
    headers["content-range"] = f"bytes {start}-{end}/{size}"
    return Answer(206, content[start : end + 1], headers, media_type)
