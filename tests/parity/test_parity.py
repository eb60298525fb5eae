"""The parity catalogue: what Jira Cloud and Confluence Cloud put on the wire, case by case, asked of this server.

Each `*.yaml` beside this file lists cases of one subject. A case has a `name`; the `grade` of its fact (measured on
live sites, recorded from real clients, documented by the official documents, derived from such facts) and its `source`;
a `request`; and the `answer` that is due:

    request: GET /rest/api/3/myself   the path as sent, under the site's own, but for one that begins with ${gateway}
    query: {jql: project = WEB}       encoded, and added to the path
    as: nobody                        who calls: caller (the default), other (a second user), bearer, nobody,
                                      wrong secret, other's token (with the caller's e-mail), or {basic: the:pair}
    headers: {Accept: null}           over what clients send (Accept: application/json, and with `json` the
                                      Content-Type); null leaves one out
    json: {...}, or raw: text         the body
    answer:
      status: 401
      headers: {allow: GET}           exact values; {matches: ...} is a pattern for the whole value; null: not there
      text: ...  or  json: {...}      the whole body; of a text, {matches: pattern} too
      has: {/values/0/key: WEB}       members by JSON pointer: exact, or {matches: pattern}, {type: string},
                                      {keys: [in, order]}, {size: 3}
      lacks: [/nextPageToken]         pointers to what must not be there

`before` lists requests that go first and must succeed; `keep: {issue: /id}` names a value of such an answer, which
stands for ${issue} afterwards. Always known are ${site}, ${base}, ${realm} (the base, escaped), ${gateway},
${gateway-confluence}, ${cloudId}, ${email}, ${token}, ${account} and ${other} (the other's account id). `each` makes
one case of each of its mappings, whose values are known by their names. Cases share a site, which must stay as it
was; `site: own` gives a case that writes a fresh one. All are asked of one server, but for those with `server: strict`,
whose server is run with --strict-bearer. `xfail` says why the server does not answer so yet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import yaml

from tests.conftest import LiveServer, served
from tests.parity.judge import ABSENT, differences, member
from tests.parity.wire import Case, Known, Site, Wire, described, filled

GRADES = {"measured", "recorded", "documented", "derived"}
STEP = {"request", "query", "as", "headers", "json", "raw"}
MEMBERS = {"name", "grade", "source", "each", "before", "site", "server", "xfail", "answer", *STEP}
EXPECTED = {"status", "headers", "text", "json", "has", "lacks"}


def catalogue() -> Iterator[tuple[str, Case, Known]]:
    """Every case with its id and the values that `each` gives it."""
    for file in sorted(Path(__file__).parent.glob("*.yaml")):
        for case in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader):
            title = f"{file.name}: {case['name']}"
            for given in case.get("each", [{}]):
                words = ", ".join(f"{name}={value}" for name, value in given.items())
                yield f"{title} [{words}]" if given else title, case, given


CASES = list(catalogue())


@dataclass(frozen=True)
class Server:
    """A running server: its Atlassian port, its control API, and a site for every case that changes nothing."""

    wire: Wire
    control: httpx.Client
    shared: Site


@contextmanager
def opened(live: LiveServer) -> Iterator[Server]:
    """A live server with its shared site, which is checked in the end."""
    with (
        httpx.Client(base_url=live.control_url, headers=live.control_headers) as control,
        closing(Wire(live.url)) as wire,
        fresh_site(control) as shared,
    ):
        yield Server(wire, control, shared)
        address = f"/sites/{shared.known['site']}/trace"
        trace = control.get(address, params={"changes": True}).raise_for_status().json()
        calls = [f"{one['method']} {one['path']}" for one in trace["exchanges"]]
        assert not calls, f"cases that write need a site of their own: {calls}"


@contextmanager
def fresh_site(control: httpx.Client) -> Iterator[Site]:
    description = control.post("/sites").raise_for_status().json()
    address = f"/sites/{description['site']}"
    try:
        yield described(description, control.get(f"{address}/users").raise_for_status().json()["users"])
    finally:
        control.delete(address).raise_for_status()


@pytest.fixture(scope="module")
def usual(live_server: LiveServer) -> Iterator[Server]:
    with opened(live_server) as server:
        yield server


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("strict"), "--strict-bearer") as live, opened(live) as server:
        yield server


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Server:
    server: Server = request.getfixturevalue(request.node.callspec.params["case"].get("server", "usual"))
    return server


@pytest.fixture
def site(request: pytest.FixtureRequest, server: Server) -> Iterator[Site]:
    if request.node.callspec.params["case"].get("site") == "own":
        with fresh_site(server.control) as own:
            yield own
    else:
        yield server.shared


def expected_to_fail(case: Case) -> list[pytest.MarkDecorator]:
    failure = pytest.fail.Exception
    return [pytest.mark.xfail(reason=case["xfail"], strict=True, raises=failure)] if "xfail" in case else []


@pytest.mark.parametrize(
    ("title", "case", "given"),
    [pytest.param(title, case, given, id=title, marks=expected_to_fail(case)) for title, case, given in CASES],
)
def test_case(server: Server, site: Site, title: str, case: Case, given: Known) -> None:
    known = {**site.known, **given}
    for step in case.get("before", []):
        sent = filled(step, known)
        answer = server.wire.send(site, sent)
        if answer.status >= 300:
            pytest.fail(f"{title}\n  before: {sent['request']}\n  {answer}", pytrace=False)
        for name, pointer in step.get("keep", {}).items():
            known[name] = member(json.loads(answer.body), pointer)
            assert known[name] is not ABSENT, (title, pointer, answer)
    known |= filled(given, known)
    whole = filled({name: part for name, part in case.items() if name not in ("each", "before")}, known)
    answer = server.wire.send(site, whole)
    if found := list(differences(answer, whole["answer"])):
        pytest.fail("\n  ".join([title, whole["request"], *found, str(answer)]), pytrace=False)


def test_the_catalogue_is_whole() -> None:
    """Every case says whence its fact is, and says nothing that no reader of this file knows."""
    assert len(CASES) >= 300
    assert len({title for title, _, _ in CASES}) == len(CASES)
    for title, case, _ in CASES:
        assert set(case) <= MEMBERS, title
        assert case["grade"] in GRADES, title
        assert case["source"], title
        assert case["grade"] != "measured" or re.search(r"\b20\d\d\b", case["source"]), title
        assert set(case["answer"]) <= EXPECTED, title
        assert "status" in case["answer"], title
        for step in case.get("before", []):
            assert set(step) <= STEP | {"keep"}, title
