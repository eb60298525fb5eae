"""Spaces and pages, their labels and pieces of their texts."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, ClassVar

from sandlot_trainer.scenarios.base import Call
from sandlot_trainer.scenarios.company import all_pages
from sandlot_trainer.scenarios.generated.entities.base import Choosing, Entity, Facts, Named, listed
from sandlot_trainer.scenarios.generated.furnishing import text_of

FINDING_PAGE = ("confluence/getSpaces", "confluence/getPages")
QUERYING_PAGE = "confluence-v1/searchByCQL"


class Space(Entity):
    kind = "space"
    operations = ("confluence/getSpaces",)
    others = ("confluence-v1/getSpaces",)
    member: ClassVar[str] = "id"

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        space = choosing.rng.choice(choosing.company.spaces)
        facts = choosing.keep("space", {"key": space["key"], "name": space["name"], "direct": choosing.level == 1})
        return (f"space {space['key']}" if facts["direct"] else f"the {space['name']} space"), facts

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        asked = {"keys": [facts["key"]]} if facts["direct"] else {}
        return (await listed(call, "getSpaces", {"name": facts["name"]}, **asked))[self.member]

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        return (await listed(call, "confluence-v1_getSpaces", {"name": facts["name"]}))[self.member]


class SpaceKey(Space):
    kind = "spaceKey"
    member = "key"

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return facts["key"] if facts["direct"] else await super().find(facts, call, found)


class Page(Entity):
    """A page, of the space chosen before; not one that is or was put right above or under the page before it."""

    kind = "page"
    operations = FINDING_PAGE
    others = (QUERYING_PAGE,)

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        within = choosing.last("space") or choosing.last("page")
        spaces = choosing.company.spaces
        key = (within.get("space") or within["key"]) if within else choosing.rng.choice(spaces)["key"]
        space = next(one for one in spaces if one["key"] == key)
        taken = {title for facts in choosing.chosen.get("page", ()) for title in (facts["title"], *facts["near"])}
        free = [one for one in all_pages(space) if one["title"] not in taken and self.fits(one)]
        page = choosing.rng.choice(free)
        facts = {"title": page["title"], "space": key, "near": _near(space, page), "labels": page["labels"]}
        return page_words(facts), choosing.keep("page", facts)

    def fits(self, page: Facts) -> bool:
        return True

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return await find_page(facts, call)

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        return await query_page(facts, call)


class RestrictedPage(Page):
    """One that only some people may update."""

    kind, narrows = "restrictedPage", "page"

    def fits(self, page: Facts) -> bool:
        return "restrictions" in page


class OpenPage(Page):
    """One that everybody may read and update."""

    kind, narrows = "openPage", "page"

    def fits(self, page: Facts) -> bool:
        return "restrictions" not in page


def _near(space: Facts, page: Facts) -> list[str]:
    """The titles of the pages right under a page and right above it: it cannot go under those, or is there."""
    below = [child["title"] for child in page.get("children", ())]
    return [*below, *(one["title"] for one in all_pages(space) if page in one.get("children", ()))]


def page_words(facts: Facts) -> str:
    return f'the page "{facts["title"]}" in space {facts["space"]}'


async def find_page(facts: Facts, call: Call) -> Any:
    """The id of the page of this title and space, by `FINDING_PAGE`."""
    space = (await listed(call, "getSpaces", {"key": facts["space"]}, keys=[facts["space"]]))["id"]
    return (await listed(call, "getPages", {}, title=facts["title"], **{"space-id": [int(space)]}))["id"]


async def query_page(facts: Facts, call: Call) -> Any:
    """The same by `QUERYING_PAGE`."""
    cql = f'type = page and space = "{facts["space"]}" and title = "{facts["title"]}"'
    return (await listed(call, "searchByCQL", {}, cql=cql))["id"]


class Label(Named):
    """A label that the chosen page has."""

    kind = "label"

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        name = choosing.rng.choice(_chosen_page(choosing)["labels"])
        return f'the label "{name}"', choosing.keep("label", {"name": name})


class PageText(Named):
    """Two words of the chosen page, which stand there once."""

    kind = "pageText"

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        chosen = _chosen_page(choosing)
        pages = (page for space in choosing.company.spaces for page in all_pages(space))
        whole = text_of(next(page for page in pages if page["title"] == chosen["title"]))
        pairs = [" ".join(pair) for pair in pairwise(whole.split())]
        text = choosing.rng.choice([pair for pair in pairs if whole.count(pair) == 1])
        return f'"{text}"', choosing.keep("pageText", {"name": text})


def _chosen_page(choosing: Choosing) -> Facts:
    chosen = choosing.last("page")
    assert chosen is not None
    return chosen
