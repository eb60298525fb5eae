"""No operation fails at what it is sent: whatever is wrong with a request, it is refused.

Every served operation gets requests made from its own contract: bodies that fit its schema and bodies that are spoilt
in one place, strange values in every parameter, and callers of every kind. What is drawn at random follows from the
operation's name, so that a run repeats exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from sandlot_server.contract.contract import load_contract
from sandlot_server.contract.documents import jira_v2
from sandlot_server.contract.operations import FORM, JSON, Operation, operations_of
from sandlot_server.site.sites import Site
from tests.contract.fuzz_server import Fuzzed, Sent
from tests.contract.fuzz_values import BODIES, HUGE, QUERY_TEXTS, URL_TEXTS, Samples, huge, spoilt

CONTRACT = load_contract()
DOCUMENTS = {
    "jira-v3": ("jira", CONTRACT.documents["jira"], 3),
    "jira-v2": ("jira", jira_v2(CONTRACT.documents["jira"]), 2),
    "agile": ("jira-software", CONTRACT.documents["jira-software"], 2),
    "confluence-v2": ("confluence", CONTRACT.documents["confluence"], 0),
    "confluence-v1": ("confluence-v1", CONTRACT.documents["confluence-v1"], 0),
}


@dataclass(frozen=True)
class Dose:
    """How many strange texts a parameter gets, how many bodies are drawn, and how often each of these is spoilt."""

    texts: int
    drawn: int
    spoilt: int


@dataclass(frozen=True)
class Described:
    """An operation with what its document says of its parameters and its body."""

    operation: Operation
    path_parameters: list[dict[str, Any]]
    query_parameters: list[dict[str, Any]]
    body: dict[str, Any] | None


def described(name: str, document: dict[str, Any], version: int, samples: Samples) -> Iterator[Described]:
    for operation in operations_of(name, document, version):
        item = document["paths"][operation.path]
        specification = item[operation.method.lower()]
        declared = [
            samples.resolved(one) for one in (*item.get("parameters", ()), *specification.get("parameters", ()))
        ]
        content = samples.resolved(specification.get("requestBody", {})).get("content", {})
        yield Described(
            operation,
            [one for one in declared if one["in"] == "path"],
            [one for one in declared if one["in"] == "query"],
            content.get(JSON, {}).get("schema"),
        )


def path_of(one: Described, samples: Samples, replaced: str = "", by: str = "") -> str:
    """The operation's path with what it names on the site, but for one parameter."""
    path = one.operation.path
    for parameter in one.path_parameters:
        name = parameter["name"]
        known = quote(str(samples.known(name, parameter, parameter["schema"]) or "10000"), safe="")
        path = path.replace(f"{{{name}}}", by if name == replaced else known)
    return path


def query_of(one: Described, samples: Samples) -> str:
    """A query of parameters with values that may well fit; each stands in about half of the draws."""
    pairs = []
    for parameter in one.query_parameters:
        known = samples.known(parameter["name"], parameter, parameter["schema"])
        drawn = samples.draw({**parameter["schema"], "nullable": not parameter.get("required")}, parameter["name"])
        value = known if known is not None and samples.coin() else drawn
        if value is not None and (parameter.get("required") or samples.coin()):
            values = value if isinstance(value, list) else [value]
            pairs += [f"{parameter['name']}={quote(_spelt(member)[:2000])}" for member in values]
    return "&".join(pairs)


def _spelt(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def strange_parameters(one: Described, samples: Samples, body: bytes, dose: Dose) -> Iterator[Sent]:
    """Strange texts in every parameter in turn; what must be there beside it is."""
    path = path_of(one, samples)
    required = [parameter for parameter in one.query_parameters if parameter.get("required")]
    given = {
        parameter["name"]: _spelt(samples.known(parameter["name"], parameter, parameter["schema"]) or "x")
        for parameter in required
    }
    fitting = "&".join(f"{name}={quote(value)}" for name, value in given.items())
    for parameter in one.path_parameters:
        for text in (*samples.some(URL_TEXTS, dose.texts * 2), HUGE):
            yield Sent(path_of(one, samples, parameter["name"], text), fitting, body)
    for parameter in one.query_parameters:
        name = parameter["name"]
        others = "".join(f"&{other}={quote(value)}" for other, value in given.items() if other != name)
        for text in (*samples.some(QUERY_TEXTS, dose.texts), HUGE, *map(str, parameter["schema"].get("enum", ()))):
            yield Sent(path, f"{name}={text}{others}", body)
        yield Sent(path, f"{name}=a&{name}=1{others}", body)
        yield Sent(path, f"{name}{others}", body)
    for query in ("%", "=", "&&", "%00=%00", "bogus=1", "a=b=c", "\u00ff"):
        yield Sent(path, query, body)


def strange_callers(one: Described, samples: Samples, body: bytes) -> Iterator[Sent]:
    path = path_of(one, samples)
    callers = (None, "member", "Bearer nobody", "Bearer", "Basic", "Basic !", "Basic YTpi", "token x", "Bearer \u00ff")
    for caller in callers:
        yield Sent(path, query_of(one, samples), body, authorization=caller)
    for content_type in (None, "", "text/plain", "application/json;charset=x", "a", FORM, f"{FORM}; boundary="):
        yield Sent(path, query_of(one, samples), body, content_type)
    for accept in ("", "text/html", "application/xml", "foo", "application/json;q=x"):
        yield Sent(path, query_of(one, samples), body, accept=accept)


def forms() -> Iterator[tuple[str, bytes]]:
    """Forms, each with its type: good ones, ones with strange parts, and ones that break off."""

    def part(disposition: bytes, content: bytes) -> bytes:
        return b"--b\r\nContent-Disposition: " + disposition + b"\r\n\r\n" + content + b"\r\n"

    file = part(b'form-data; name="file"; filename="new.txt"', b"content")
    names = (b"", b"\0", b"a/b\\c", b"\xff", b"x" * 3000, "\U0001f4a9\u202e.png".encode(), b'a\\"b', b"notes.txt")
    for parts in (
        file,
        file + part(b'form-data; name="minorEdit"', b"true") + part(b'form-data; name="comment"', b"why"),
        file + part(b'form-data; name="minorEdit"', b"perhaps") + part(b'form-data; name="comment"', b"\0\xff"),
        file + part(b'form-data; name="comment"', HUGE.encode()),
        file * 20,
        part(b'form-data; name="other"; filename="a"', b"content"),
        part(b'form-data; name="file"', b"no file name"),
        part(b"form-data", b"no name"),
        part(b"\xff", b""),
        *(part(b'form-data; name="file"; filename="' + name + b'"', b"\x89PNG\r\n\x1a\n") for name in names),
    ):
        yield f"{FORM}; boundary=b", parts + b"--b--\r\n"
    for broken in (b"", b"--b", b"--b\r\n", b"--b--", file, b"\0" * 1000, file[:50]):
        yield f"{FORM}; boundary=b", broken
    yield f"{FORM}; boundary=\u00e9", file
    yield f"{FORM}; boundary={'b' * 3000}", file


async def fuzz(fuzzed: Fuzzed, one: Described, samples: Samples, dose: Dose) -> None:
    operation = one.operation
    path = path_of(one, samples)

    async def send(requests: Iterable[Sent], site: Site | None = None) -> None:
        await fuzzed.send(operation.method, operation.key, requests, site)

    def with_body(body: Any) -> Sent:
        return Sent(path, query_of(one, samples), body if isinstance(body, bytes) else orjson.dumps(body))

    drawn = [samples.draw(one.body) for _ in range(dose.drawn)] if one.body is not None else [b""]
    plain = with_body(drawn[0]).body
    # A read leaves everything as it was, so that all may come to one site.
    shared = fuzzed.fork() if operation.method == "GET" else None
    await send(strange_parameters(one, samples, plain, dose), shared)
    await send(strange_callers(one, samples, plain), shared)
    if operation.form:
        await send(Sent(path, "", body, kind) for kind, body in forms())
    # What fits is sent one after the other, by two users: each finds what the one before has left.
    left = fuzzed.fork()
    for caller in ("admin", "member"):
        await send((replace(with_body(body), authorization=caller) for body in drawn * 2), left)
    if one.body is not None:
        await send(map(with_body, BODIES))
        for number, body in enumerate(drawn):
            await send(map(with_body, spoilt(body, f"{operation.key} {number}", dose.spoilt)))
        fullest = max(drawn, key=lambda body: len(orjson.dumps(body)))
        await send(map(with_body, samples.some(list(huge(fullest)), dose.drawn * 10)))


async def fuzz_all(fuzzed: Fuzzed, name: str, dose: Dose) -> None:
    document_name, document, version = DOCUMENTS[name]
    samples = Samples(document, fuzzed.known)
    for one in described(document_name, document, version, samples):
        samples.start(f"{name} {one.operation.id}")
        await fuzz(fuzzed, one, samples, dose)
    fuzzed.check()


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_no_operation_fails(fuzzed: Fuzzed, name: str) -> None:
    # v2 of Jira has the parameters of v3; what differs is in the bodies.
    texts = 2 if name == "jira-v2" else 8
    await fuzz_all(fuzzed, name, Dose(texts=texts, drawn=3, spoilt=8))


@pytest.mark.long
@pytest.mark.parametrize("name", DOCUMENTS)
async def test_no_operation_fails_at_anything(fuzzed: Fuzzed, name: str) -> None:
    await fuzz_all(fuzzed, name, Dose(texts=len(QUERY_TEXTS), drawn=8, spoilt=40))


async def test_what_the_products_fail_at_themselves(fuzzed: Fuzzed) -> None:
    content, page = "/wiki/rest/api/content", fuzzed.known["page"]
    search = "jira/searchAndReconsileIssuesUsingJqlPost"
    for operation, method, path, query, body, status in (
        (search, "POST", "/rest/api/3/search/jql", "", {"jql": "key = WEB-1", "reconcileIssues": None}, 500),
        (search, "POST", "/rest/api/2/search/jql", "", {"jql": "key = WEB-1", "properties": [None]}, 500),
        ("confluence-v1/getContent", "GET", content, "type=attachment", None, 500),
        ("confluence-v1/getContent", "GET", content, "type=comment", None, 501),
        ("confluence-v1/getContent", "GET", content, "type=bogus", None, 501),
        ("confluence-v1/getContentChildrenByType", "GET", f"{content}/{page}/child/bogus", "", None, 501),
        ("confluence-v1/getDescendantsOfType", "GET", f"{content}/{page}/descendant/bogus", "", None, 501),
        ("confluence-v1/getSpaceContentByType", "GET", "/wiki/rest/api/space/ENG/content/bogus", "", None, 501),
        ("confluence-v1/createContent", "POST", content, "", {"type": "bogus", "space": {"key": "ENG"}}, 501),
        (
            "confluence-v1/updateContent",
            "PUT",
            f"{content}/{page}",
            "",
            {"type": "bogus", "version": {"number": 2}},
            501,
        ),
    ):
        sent = Sent(path, query, b"" if body is None else orjson.dumps(body))
        assert [answer[0] for answer in await fuzzed.send(method, operation, [sent])] == [status], operation
    fuzzed.check()


def test_every_operation_is_sent_to() -> None:
    sent = {
        operation.key
        for name, document, version in DOCUMENTS.values()
        for operation in operations_of(name, document, version)
    }
    assert sent == CONTRACT.served()
