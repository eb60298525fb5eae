"""Properties of the page, the space or the attachment chosen before, each by its id or its key."""

from __future__ import annotations

from typing import Any, ClassVar

from sandlot_trainer.scenarios.base import Call
from sandlot_trainer.scenarios.generated.entities.base import Choosing, Entity, Facts, Named, Operations, listed


class PageProperty(Entity):
    """A property by its id. `argument` is what its owner is called in the path."""

    kind = "pageProperty"
    owner: ClassVar[str] = "page"
    argument: ClassVar[str] = "page-id"
    listing: ClassVar[str] = "getPageContentProperties"
    operations: ClassVar[Operations] = ("confluence/getPageContentProperties",)

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        key = choosing.rng.choice(choosing.company.property_keys)
        return f'"{key}"', choosing.keep(self.role, {"key": key})

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return await self._named(facts, call, {self.argument: found[self.owner], "key": facts["key"]})

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        return await self._named(facts, call, {self.argument: found[self.owner]})

    async def _named(self, facts: Facts, call: Call, asked: Facts) -> Any:
        return (await listed(call, self.listing, {"key": facts["key"]}, **asked))["id"]


class SpaceProperty(PageProperty):
    kind, owner, argument, listing = "spaceProperty", "space", "space-id", "getSpaceProperties"
    operations = ("confluence/getSpaceProperties",)


class AttachmentProperty(PageProperty):
    kind, owner, argument = "attachmentProperty", "pageAttachment", "attachment-id"
    listing = "getAttachmentContentProperties"
    operations = ("confluence/getAttachmentContentProperties",)


class PagePropertyKey(Named):
    kind = "pagePropertyKey"

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        key = choosing.rng.choice(choosing.company.property_keys)
        return f'"{key}"', choosing.keep("pagePropertyKey", {"name": key})
