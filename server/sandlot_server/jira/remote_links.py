"""Remote links: from an issue to a page of another system, which a global id may name."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.changelogs import note_change
from sandlot_server.jira.lookups import issue_of
from sandlot_server.jira.permissions import require
from sandlot_server.jira.wire import api
from sandlot_server.site.state import Row


def view_remote_link(call: Call, issue: Row, link: Row) -> dict[str, Any]:
    texts = {name: link[name] for name in ("url", "title", "summary") if link[name] is not None}
    shown = {
        "id": int(link["id"]),
        "self": _address(call, issue, link),
        "application": link["application"],
        "object": {**texts, "icon": link["icon"], "status": {"icon": {}, **link["status"]}},
    }
    return shown | {name: link[name] for name in ("globalId", "relationship") if link[name] is not None}


def _address(call: Call, issue: Row, link: Row) -> str:
    return f"{api(call)}/issue/{issue['key']}/remotelink/{link['id']}"


def _links_of(call: Call, issue: Row, global_id: str | None = None) -> list[Row]:
    """An issue's links, oldest first: all, or those of one global id."""
    links = call.state.find("remote_link", "issue", issue["id"])
    return links if global_id is None else [link for link in links if link["globalId"] == global_id]


def _link_of(call: Call, issue: Row) -> Row:
    """The link that the path names."""
    link_id = call.path["linkId"]
    if not link_id.removeprefix("-").isdecimal():
        raise errors.refusal(400, errors.REMOTE_LINK_NOT_INTEGER.format(link_id))
    link = call.state.get("remote_link", link_id)
    if link is None or link["issue"] != issue["id"]:
        raise errors.refusal(404, errors.NO_REMOTE_LINK)
    return link


def _read(call: Call) -> Row:
    """The columns that a body sets: all of them, what it does not give is emptied."""
    sent = call.body["object"]
    url, title = (_filled(sent[name]) for name in ("url", "title"))
    wrong = errors.missing_of_remote_object({"url": url, "title": title})
    if url is not None and not _is_url(url):
        wrong["url"] = errors.BAD_URL
    if wrong:
        raise errors.field_refusal(wrong)
    return {
        "globalId": _filled(call.body.get("globalId")),
        "url": url,
        "title": title,
        "summary": _filled(sent.get("summary")),
        "relationship": _filled(call.body.get("relationship")),
        "application": _given(call.body.get("application")),
        "icon": _given(sent.get("icon")),
        "status": _given(sent.get("status")),
    }


def _filled(text: str | None) -> str | None:
    return text if text and text.strip() else None


def _given(part: Any) -> Any:
    """An object without the members that are null."""
    if not isinstance(part, dict):
        return {} if part is None else part
    return {name: _given(member) for name, member in part.items() if member is not None}


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.scheme and parts.netloc) and not any(sign.isspace() for sign in text)


def _issue_for_writing(call: Call) -> Row:
    issue = issue_of(call)
    require(call, issue["project"], "LINK_ISSUES", issue["key"], status=403)
    return issue


def _put(call: Call, issue: Row, link: Row, before: Row | None) -> None:
    call.state.put("remote_link", link)
    if before != link:
        _note(call, issue, before, link)


def _delete(call: Call, issue: Row, link: Row) -> None:
    call.state.delete("remote_link", link["id"])
    _note(call, issue, link, None)


def _note(call: Call, issue: Row, before: Row | None, after: Row | None) -> None:
    item = {
        "field": "RemoteIssueLink",
        "fieldtype": "jira",
        "from": before and before["id"],
        "fromString": before and _told(before),
        "to": after and after["id"],
        "toString": after and _told(after),
    }
    note_change(call, issue["id"], item)


def _told(link: Row) -> str:
    application = link["application"].get("name")
    name = f"{link['title']} ({application})" if application else link["title"]
    return f'This issue {link["relationship"] or "links to"} "{name}"'


def get_remote_links(call: Call) -> Answer:
    issue = issue_of(call)
    global_id = call.query.get("globalId")
    links = [view_remote_link(call, issue, link) for link in _links_of(call, issue, global_id)]
    if global_id is None:
        return Answer(200, links)
    if not links:
        raise errors.refusal(404, errors.NO_REMOTE_LINK)
    return Answer(200, links[0])


def get_remote_link(call: Call) -> Answer:
    issue = issue_of(call)
    return Answer(200, view_remote_link(call, issue, _link_of(call, issue)))


def create_or_update_remote_link(call: Call) -> Answer:
    issue = _issue_for_writing(call)
    columns = _read(call)
    same = _links_of(call, issue, columns["globalId"]) if columns["globalId"] is not None else []
    before = same[0] if same else None
    link_id = before["id"] if before else call.state.next_id("remote_link")
    link = {"id": link_id, "issue": issue["id"], **columns}
    _put(call, issue, link, before)
    address = _address(call, issue, link)
    answer = Answer(200 if before else 201, {"id": int(link_id), "self": address})
    if not before:
        answer.headers = {"location": address}
    return answer


def update_remote_link(call: Call) -> Answer:
    issue = _issue_for_writing(call)
    before = _link_of(call, issue)
    _put(call, issue, {**before, **_read(call)}, before)
    return Answer(204)


def delete_remote_links(call: Call) -> Answer:
    issue = _issue_for_writing(call)
    links = _links_of(call, issue, call.query["globalId"])
    if not links:
        raise errors.refusal(404, errors.NO_REMOTE_LINK)
    for link in links:
        _delete(call, issue, link)
    return Answer(204)


def delete_remote_link(call: Call) -> Answer:
    issue = _issue_for_writing(call)
    _delete(call, issue, _link_of(call, issue))
    return Answer(204)


OPERATIONS = {
    "jira/getRemoteIssueLinks": get_remote_links,
    "jira/getRemoteIssueLinkById": get_remote_link,
    "jira/createOrUpdateRemoteIssueLink": create_or_update_remote_link,
    "jira/updateRemoteIssueLink": update_remote_link,
    "jira/deleteRemoteIssueLinkByGlobalId": delete_remote_links,
    "jira/deleteRemoteIssueLinkById": delete_remote_link,
}
