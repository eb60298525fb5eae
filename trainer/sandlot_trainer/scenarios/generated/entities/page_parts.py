"""What hangs on the world's pages: comments and attachments, each named with its page."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from sandlot_trainer.scenarios.base import Call
from sandlot_trainer.scenarios.company import all_pages
from sandlot_trainer.scenarios.generated.entities.base import Choosing, Entity, Facts, Operations, listed
from sandlot_trainer.scenarios.generated.entities.pages import (
    FINDING_PAGE,
    QUERYING_PAGE,
    find_page,
    page_words,
    query_page,
)
from sandlot_trainer.scenarios.generated.furnishing import text_of


class PagePart(Entity):
    word: ClassVar[str]

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        space = choosing.rng.choice(choosing.company.spaces)
        page = choosing.rng.choice(all_pages(space))
        name = choosing.rng.choice(self.names(page))
        facts = choosing.keep(self.role, {"title": page["title"], "space": space["key"], "name": name})
        return f'the {self.word} "{name}" of {page_words(facts)}', facts

    @abstractmethod
    def names(self, page: Facts) -> list[str]:
        """What the parts of a page of the world are called."""


class FooterComment(PagePart):
    """A comment on a page, named by its text."""

    kind, word = "footerComment", "comment"
    listing: ClassVar[str] = "getPageFooterComments"
    operations: ClassVar[Operations] = (*FINDING_PAGE, "confluence/getPageFooterComments")
    others = (QUERYING_PAGE,)

    def names(self, page: Facts) -> list[str]:
        return [text_of(comment) for comment in page["comments"] if "on" not in comment]

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return await self._on(await find_page(facts, call), facts, call)

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        return await self._on(await query_page(facts, call), facts, call)

    async def _on(self, page: str, facts: Facts, call: Call) -> Any:
        asked = {"id": int(page), "body-format": "storage"}
        return (await listed(call, self.listing, {"body": f"<p>{facts['name']}</p>"}, **asked))["id"]


class InlineComment(FooterComment):
    """A comment on a piece of a page's text."""

    kind, listing = "inlineComment", "getPageInlineComments"
    operations = (*FINDING_PAGE, "confluence/getPageInlineComments")

    def names(self, page: Facts) -> list[str]:
        return [text_of(comment) for comment in page["comments"] if "on" in comment]


class PageAttachment(PagePart):
    kind, word = "pageAttachment", "attachment"
    operations = (*FINDING_PAGE, "confluence/getPageAttachments")
    others = (QUERYING_PAGE, "confluence-v1/getAttachments")

    def names(self, page: Facts) -> list[str]:
        return [attachment["filename"] for attachment in page["attachments"]]

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        page = await find_page(facts, call)
        return (await listed(call, "getPageAttachments", {"title": facts["name"]}, id=int(page)))["id"]

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        page = await query_page(facts, call)
        return (await listed(call, "getAttachments", {"title": facts["name"]}, id=page))["id"]
