"""Copying a page: into a space, under another page, or over one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandlot_server.call import Answer, Call, Handler
from sandlot_server.confluence import (
    attachment_rows,
    bodies,
    comment_rows,
    content_properties,
    errors,
    legacy,
    page_rows,
)
from sandlot_server.confluence.spaces import space_by_key
from sandlot_server.documents import markers
from sandlot_server.site.restrictions import restriction
from sandlot_server.site.state import Row


def copy_page(call: Call) -> Answer:
    """Comments stay with the page that they were written on, and so do their markers."""
    source = legacy.page_of_path(call)
    given = call.body
    copy = _written(call, source, given.get("pageTitle"), _body(call, source))
    if given.get("copyAttachments"):
        _copy_attachments(call, source, copy)
    if given.get("copyLabels"):
        _copy_labels(call, source, copy)
    if given.get("copyProperties"):
        _copy_properties(call, source, copy)
    if given.get("copyPermissions"):
        _copy_restrictions(call, source, copy)
    return Answer(200, legacy.view_content(call, copy, legacy.expansions(call, legacy.WRITTEN), alone=True))


def _body(call: Call, source: Row) -> str:
    """The body that was sent instead, or that of the page."""
    given = call.body.get("body") or {}
    sent = bodies.stored(call, given.get("storage") or given.get("editor2"))
    if sent is not None:
        return sent
    body: str = source["body"]
    for comment in comment_rows.on_page(call, source):
        if comment["marker"]:
            body = markers.unmarked(body, comment["marker"])
    return body


def _written(call: Call, source: Row, title: str | None, body: str) -> Row:
    """The page at the destination: a new one, or the next version of the one that is there."""
    kind, value = call.body["destination"]["type"], call.body["destination"]["value"]
    if kind == "space":
        space = space_by_key(call, value)
        if space is None:
            raise errors.no_listed_space(value)
        return _created(call, source, space, None, title, body)
    target = page_rows.living(call, value.lstrip("0"))
    if target is None:
        raise errors.no_content(value)
    if kind != "existing_page":
        return _created(call, source, page_rows.space_of(call, target), target["id"], title, body)
    return page_rows.revise(
        call,
        target,
        title=target["title"] if title is None else page_rows.wanted_title(call, title, target["status"]),
        body=body,
        parent=target["parent"],
        status=target["status"],
        number=target["versionNumber"] + 1,
    )


def _created(call: Call, source: Row, space: Row, parent: str | None, title: str | None, body: str) -> Row:
    wanted = page_rows.wanted_title(call, source["title"] if title is None else title, "current")
    return page_rows.create(call, space, parent, wanted, body=body, subtype=source["subtype"])


def _copy_attachments(call: Call, source: Row, copy: Row) -> None:
    """Each file in its newest version; over a file of that name, as the next version of it."""
    for attachment in attachment_rows.on_page(call, source):
        known = attachment_rows.named(call, copy, attachment["title"])
        place: Row = {"page": copy["id"], "author": copy["versionAuthor"], "createdAt": call.now, "versionNumber": 0}
        if known is not None:
            place = {name: known[name] for name in ("id", "page", "author", "createdAt", "versionNumber")}
        else:
            place["id"] = call.state.next_id("page")
        place["versionNumber"] += 1
        version = {"versionAuthor": copy["versionAuthor"], "versionCreatedAt": call.now}
        attachment_rows.keep(call, {**attachment, **place, **version})


def _copy_labels(call: Call, source: Row, copy: Row) -> None:
    present = {row["label"] for row in call.state.find("label", "content", copy["id"])}
    for label in call.state.find("label", "content", source["id"]):
        if label["label"] not in present:
            call.state.put("label", {**label, "id": call.state.next_id("label"), "content": copy["id"]})


def _copy_properties(call: Call, source: Row, copy: Row) -> None:
    """Each value; over a property of that key, as the next version of it."""
    present = {row["key"]: row for row in content_properties.properties_of(call, "page", copy["id"])}
    for row in content_properties.properties_of(call, "page", source["id"]):
        known = present.get(row["key"])
        written: Row = {
            **row,
            "page": copy["id"],
            "versionMessage": "",
            "versionAuthor": copy["versionAuthor"],
            "versionCreatedAt": call.now,
        }
        if known is None:
            made = {"author": copy["versionAuthor"], "createdAt": call.now, "versionNumber": 1}
            written |= {"id": call.state.next_id("content_property"), **made}
        else:
            number = known["versionNumber"] + 1
            written |= {name: known[name] for name in ("id", "author", "createdAt")} | {"versionNumber": number}
        call.state.put("content_property", written)


def _copy_restrictions(call: Call, source: Row, copy: Row) -> None:
    """Those of the page, and nobody else's, on the copy."""
    for row in call.state.find("page_restriction", "page", copy["id"]):
        call.state.delete("page_restriction", row["id"])
    for row in call.state.find("page_restriction", "page", source["id"]):
        named: dict[str, Any] = {kind: row[kind] for kind in ("user", "group")}
        call.state.put("page_restriction", restriction(copy["id"], row["operation"], **named))


OPERATIONS: Mapping[str, Handler] = {"confluence-v1/copyPage": copy_page}
