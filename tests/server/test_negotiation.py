from __future__ import annotations

import pytest

from sandlot_server.call import Request
from sandlot_server.negotiation import prefers_json, takes, takes_xml


def asked(accept: str | None, path: str = "/rest/api/3/myself") -> Request:
    return Request("GET", path, "", {} if accept is None else {"accept": accept}, b"")


@pytest.mark.parametrize(
    "accept",
    [None, "", "*", "*/*", "application/*", "application/json", "Application/JSON;q=0", "text/html, */*;q=0.1", " , "],
)
def test_what_holds_json(accept: str | None) -> None:
    assert takes(asked(accept)) == "json"


@pytest.mark.parametrize("accept", ["text/html", "image/*", "application/xml", "application/problem+json"])
def test_what_holds_something_else(accept: str) -> None:
    assert takes(asked(accept)) == "other"


@pytest.mark.parametrize(
    "accept",
    [
        "foo",
        "*.*",
        "*/json",
        "application/",
        "application/json, foo",
        "application/json;q=2",
        "application/json;q=nan",
        "application/json;q=x",
        "application/json;charset=nonesuch",
        "application/json/x",
    ],
)
def test_what_cannot_be_read(accept: str) -> None:
    assert takes(asked(accept)) == "unreadable"


def test_what_old_clients_send_is_taken_by_jira_alone() -> None:
    accept = "application/json,*.*;q=0.9"
    assert takes(asked(accept)) == "json"
    assert takes(asked(accept, "/wiki/rest/api/space")) == "unreadable"
    assert takes(asked("application/json,*.*;q=0.8")) == "unreadable"


@pytest.mark.parametrize(
    ("accept", "taken"),
    [
        ("application/json, foo", "json"),
        ("foo, */*", "json"),
        ("foo", "json"),
        ("image/png, foo", "other"),
        ("application/json;q=2", "unreadable"),
        ("*/json, foo", "unreadable"),
    ],
)
def test_older_services_skip_what_has_no_slash(accept: str, taken: str) -> None:
    assert takes(asked(accept, "/wiki/rest/api/search"), older=True) == taken


@pytest.mark.parametrize(
    ("accept", "xml"),
    [
        (None, True),
        ("", True),
        ("*/*", True),
        ("text/html, application/xml;q=0.9", True),
        ("application/json", False),
        ("text/html", False),
        ("foo", False),
    ],
)
def test_xml_will_do(accept: str | None, xml: bool) -> None:
    assert takes_xml(asked(accept)) is xml


@pytest.mark.parametrize(
    ("accept", "json"),
    [
        ("application/json", True),
        ("application/json, */*", True),
        ("application/xml;q=0.5, application/json", True),
        ("application/xml, application/json;q=0.5", False),
        ("*/*", False),
        ("application/*", False),
        ("text/html", False),
        (None, False),
        ("foo", False),
    ],
)
def test_json_is_preferred_by_name(accept: str | None, json: bool) -> None:
    assert prefers_json(asked(accept)) is json
