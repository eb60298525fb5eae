"""Jira's pages for people, as far as callers of the API meet them."""

from __future__ import annotations

from urllib.parse import quote

from sandlot_server.call import Answer, Request


def page(request: Request, path: str, signed_in: bool) -> Answer:
    """What lies outside the API: the way to the login or to the caller's own page, any issue's page, or nothing."""
    if request.method in ("GET", "HEAD"):
        if path == "/":
            to = "/jira/for-you" if signed_in else f"/login.jsp?os_destination={quote(path, safe='')}"
            return Answer(302, headers={"location": request.base + to})
        if path.startswith("/browse/"):
            return Answer(200, _html("Jira", "Jira"), content_type="text/html;charset=UTF-8")
    return Answer(404, _html("Not Found", "404"), content_type="text/html;charset=utf-8")


def _html(title: str, heading: str) -> bytes:
    text = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{heading}</h1></body></html>"
    return text.encode()
