"""Whatever stands in a rich text or a query, it is taken or refused; and what is taken is shown in every form."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import orjson

from sandlot_server.site.sites import Site
from tests.contract import fuzz_texts
from tests.contract.fuzz_server import Fuzzed, Sent
from tests.contract.fuzz_values import DOCUMENTS, TEXTS, spoilt

DRAWN = 100


def drawn(name: str, *kinds: Any) -> list[Any]:
    pick = random.Random(name)
    return [kind(pick) for kind in kinds for _ in range(DRAWN)]


def documents() -> list[Any]:
    return [*DOCUMENTS, *spoilt(fuzz_texts.RICH_DOCUMENT, "adf", 150), *drawn("adf", fuzz_texts.adf)]


async def post(fuzzed: Fuzzed, site: Site, path: str, bodies: Iterable[Any]) -> list[Any]:
    """What was answered with success."""
    requests = [Sent(path, body=orjson.dumps(body)) for body in bodies]
    answers = await fuzzed.send("POST", path, requests, site)
    return [orjson.loads(body) for status, body in answers if status < 300]


async def get(fuzzed: Fuzzed, site: Site, paths: Iterable[str]) -> None:
    for path in paths:
        place, _, query = path.partition("?")
        await fuzzed.send("GET", path, [Sent(place, query)], site)


async def test_bodies_of_pages(fuzzed: Fuzzed) -> None:
    texts: dict[str, list[Any]] = {
        "storage": [*TEXTS, *fuzz_texts.STORAGE, *drawn("storage", fuzz_texts.storage)],
        "wiki": [*TEXTS, *fuzz_texts.WIKI, *drawn("wiki", fuzz_texts.wiki)],
        "atlas_doc_format": [
            *TEXTS,
            *map(fuzz_texts.deep_document, (10, 40, 60, 100, 200, 1000)),
            *(orjson.dumps(document).decode() for document in documents()),
        ],
    }
    space = fuzzed.known["space"]
    for representation, values in texts.items():
        site = fuzzed.fork()
        bodies = [{"representation": representation, "value": value} for value in values]
        pages = [{"spaceId": space, "title": f"{number}", "body": body} for number, body in enumerate(bodies)]
        made = await post(fuzzed, site, "/wiki/api/v2/pages", pages)
        assert len(made) > 20
        for page in made:
            path = f"/wiki/api/v2/pages/{page['id']}"
            await get(fuzzed, site, (f"{path}?body-format={form}" for form in ("storage", "atlas_doc_format", "view")))
            expand = "body.storage,body.view,body.export_view,body.atlas_doc_format,body.editor,body.styled_view"
            await get(fuzzed, site, [f"/wiki/rest/api/content/{page['id']}?expand={expand}"])
        comments = [{"pageId": fuzzed.known["page"], "body": body} for body in bodies[::3]]
        await post(fuzzed, site, "/wiki/api/v2/footer-comments", comments)
        await post(fuzzed, site, "/wiki/rest/api/contentbody/convert/async/export_view", bodies[::3])
        await get(
            fuzzed, site, ["/wiki/rest/api/search?cql=text~a&excerpt=highlight&limit=1000&expand=content.body.view"]
        )
    fuzzed.check()


async def test_descriptions_of_issues(fuzzed: Fuzzed) -> None:
    texts: dict[str, list[Any]] = {
        "2": [*TEXTS, *fuzz_texts.WIKI, *drawn("wiki of issues", fuzz_texts.wiki)],
        "3": documents(),
    }
    fields = {"project": {"key": "WEB"}, "issuetype": {"name": "Task"}, "summary": "New"}
    for version, values in texts.items():
        site = fuzzed.fork()
        issues = [{"fields": {**fields, "description": value}} for value in values]
        made = await post(fuzzed, site, f"/rest/api/{version}/issue", issues)
        assert len(made) > 20
        for issue in made:
            for other in "23":
                await get(fuzzed, site, [f"/rest/api/{other}/issue/{issue['id']}?expand=renderedFields"])
        for place, member in (("comment", "body"), ("worklog", "comment")):
            bodies = [{member: value, "timeSpent": "1h"} for value in values[::3]]
            await post(fuzzed, site, f"/rest/api/{version}/issue/WEB-2/{place}", bodies)
        await get(fuzzed, site, ["/rest/api/3/issue/WEB-2?expand=renderedFields,changelog&fields=*all"])
    fuzzed.check()


async def test_queries(fuzzed: Fuzzed) -> None:
    site = fuzzed.fork()
    queries = [*TEXTS[:-1], *fuzz_texts.JQL, *drawn("jql", fuzz_texts.jql, fuzz_texts.jql_clause)]
    bodies = [{"jql": query, "fields": ["summary"], "maxResults": 5} for query in queries]
    assert len(await post(fuzzed, site, "/rest/api/3/search/jql", bodies)) > 20
    await post(fuzzed, site, "/rest/api/3/search/approximate-count", ({"jql": query} for query in queries))
    await post(fuzzed, site, "/rest/api/3/jql/parse", [{"queries": [query]} for query in queries])
    await post(fuzzed, site, "/rest/api/3/jql/match", [{"jqls": queries[::10], "issueIds": [10000]}])
    await get(
        fuzzed,
        site,
        (f"/rest/agile/1.0/board/{fuzzed.known['board']}/issue?jql={quote(query)}" for query in queries[::3]),
    )
    queries = [*TEXTS[:-1], *fuzz_texts.CQL, *drawn("cql", fuzz_texts.cql, fuzz_texts.cql_clause)]
    for path in ("/wiki/rest/api/search", "/wiki/rest/api/search/user", "/wiki/rest/api/content/search"):
        await get(fuzzed, site, (f"{path}?cql={quote(query)}" for query in queries))
    fuzzed.check()
