"""The numbers that the next versions of things must have. The instruction does not say them."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from sandlot_trainer.scenarios.base import Call
from sandlot_trainer.scenarios.generated.entities.base import Choosing, Entity, Facts, Operations
from sandlot_trainer.scenarios.generated.entities.properties import AttachmentProperty, PageProperty, SpaceProperty


class NextVersion(Entity):
    """One more than the version of the thing chosen before it, whose kind follows upon "next "."""

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        return "", {}

    async def find(self, facts: Facts, call: Call, found: Facts) -> int:
        return int(await self.present(call, found)) + 1

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> int:
        return int(await self.present_otherwise(call, found)) + 1

    @abstractmethod
    async def present(self, call: Call, found: Facts) -> str: ...

    async def present_otherwise(self, call: Call, found: Facts) -> str:
        return await self.present(call, found)


class NextPageVersion(NextVersion):
    kind = "next page"
    operations = ("confluence/getPageById",)
    others = ("confluence-v1/getContentById",)

    async def present(self, call: Call, found: Facts) -> str:
        return str((await call("getPageById", id=int(found["page"]))).body["version"])

    async def present_otherwise(self, call: Call, found: Facts) -> str:
        return str((await call("getContentById", id=found["page"], expand=["version"])).body["version"])


class NextFooterCommentVersion(NextVersion):
    kind = "next footerComment"
    of: ClassVar[str] = "footerComment"
    reading: ClassVar[str] = "getFooterCommentById"
    listing: ClassVar[str] = "getFooterCommentVersions"
    operations: ClassVar[Operations] = ("confluence/getFooterCommentById",)
    others: ClassVar[Operations] = ("confluence/getFooterCommentVersions",)

    async def present(self, call: Call, found: Facts) -> str:
        return str((await call(self.reading, **{"comment-id": int(found[self.of])})).body["version"])

    async def present_otherwise(self, call: Call, found: Facts) -> str:
        return str((await call(self.listing, id=int(found[self.of]))).body["results"][0]["number"])


class NextInlineCommentVersion(NextFooterCommentVersion):
    kind, of = "next inlineComment", "inlineComment"
    reading, listing = "getInlineCommentById", "getInlineCommentVersions"
    operations = ("confluence/getInlineCommentById",)
    others = ("confluence/getInlineCommentVersions",)


class NextPagePropertyVersion(NextVersion):
    kind = "next pageProperty"
    of: ClassVar[type[PageProperty]] = PageProperty
    reading: ClassVar[str] = "getPageContentPropertiesById"
    operations: ClassVar[Operations] = ("confluence/getPageContentPropertiesById",)

    async def present(self, call: Call, found: Facts) -> str:
        asked = {self.of.argument: found[self.of.owner], "property-id": int(found[self.of.kind])}
        return str((await call(self.reading, **asked)).body["version"])


class NextSpacePropertyVersion(NextPagePropertyVersion):
    kind, of, reading = "next spaceProperty", SpaceProperty, "getSpacePropertyById"
    operations = ("confluence/getSpacePropertyById",)


class NextAttachmentPropertyVersion(NextPagePropertyVersion):
    kind, of, reading = "next attachmentProperty", AttachmentProperty, "getAttachmentContentPropertiesById"
    operations = ("confluence/getAttachmentContentPropertiesById",)


class NextKeyedPropertyVersion(NextVersion):
    """Of a property of a page that goes by its key."""

    kind = "next pagePropertyKey"
    operations = ("confluence-v1/getContentProperty",)
    others = ("confluence/getPageContentProperties",)

    async def present(self, call: Call, found: Facts) -> str:
        return str((await call("getContentProperty", id=found["page"], key=found["pagePropertyKey"])).body["version"])

    async def present_otherwise(self, call: Call, found: Facts) -> str:
        asked = {"page-id": int(found["page"]), "key": found["pagePropertyKey"]}
        return str((await call("getPageContentProperties", **asked)).body["results"][0]["version"])
