"""How Confluence writes times and the links to its own pages."""

from __future__ import annotations

import base64
import time
from functools import lru_cache
from urllib.parse import quote_plus

from sandlot_server.call import Call
from sandlot_server.site.state import Row


@lru_cache(maxsize=4096)
def iso(moment: int) -> str:
    """Epoch milliseconds as `2026-03-02T09:00:00.000Z`."""
    seconds, millis = divmod(moment, 1000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{millis:03d}Z"


def site_url(call: Call) -> str:
    """The absolute URL of the site's Confluence, without a trailing slash."""
    return f"{call.base}/wiki"


def page_links(page: Row, space: Row) -> dict[str, str]:
    """Links to a page for people, relative to the site's Confluence."""
    page_id, key = page["id"], space["key"]
    title = quote_plus(page["title"])
    webui = f"/spaces/{key}/pages/{page_id}/{title}"
    if space["homepage"] == page_id:
        webui = f"/spaces/{key}/overview"
    elif page["status"] == "draft":
        webui = f"/pages/resumedraft.action?draftId={page_id}"
    return {
        "editui": f"/pages/resumedraft.action?draftId={page_id}",
        "webui": webui,
        "edituiv2": f"/spaces/{key}/pages/edit-v2/{page_id}",
        "tinyui": tiny_link(page_id),
    }


def comment_link(comment_id: str, page: Row, space: Row) -> str:
    """The link to a comment for people: that of its page."""
    link = page_links(page, space)["webui"]
    return f"{link}{'&' if '?' in link else '?'}focusedCommentId={comment_id}"


def tiny_link(page_id: str) -> str:
    """The short link of a page: its id's bytes, low first, in a variant of base64."""
    number = int(page_id)
    encoded = base64.b64encode(number.to_bytes((number.bit_length() + 7) // 8 or 1, "little")).decode()
    return "/x/" + encoded.rstrip("=").rstrip("A").replace("+", "_").replace("/", "-")
