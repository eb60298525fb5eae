"""The things that arguments refer to: how a task chooses one of its world, names it, and how a solution finds it.

Level 1 names a thing by what the API takes wherever people do so (an issue's key); level 2 by what it is called, so
that it has to be looked up.
"""

from __future__ import annotations

from sandlot_trainer.scenarios.generated.entities.base import Choosing, Entity
from sandlot_trainer.scenarios.generated.entities.boards import Board, Filter, KanbanBoard, Sprint
from sandlot_trainer.scenarios.generated.entities.issue_parts import (
    Attachment,
    Comment,
    IssueLink,
    IssueLinkType,
    IssueProperty,
    RemoteLink,
    RemoteLinkGlobalId,
    Transition,
    Watcher,
    Worklog,
)
from sandlot_trainer.scenarios.generated.entities.issues import (
    Epic,
    EpicIssue,
    Issue,
    LaterIssue,
    ReferringIssue,
    SprintIssue,
    UnvotedIssue,
    VotedIssue,
    WaitingIssue,
    WatchedIssue,
)
from sandlot_trainer.scenarios.generated.entities.page_parts import FooterComment, InlineComment, PageAttachment
from sandlot_trainer.scenarios.generated.entities.pages import (
    Label,
    OpenPage,
    Page,
    PageText,
    RestrictedPage,
    Space,
    SpaceKey,
)
from sandlot_trainer.scenarios.generated.entities.projects import (
    ComponentId,
    IssueType,
    IssueTypeId,
    OtherUser,
    Priority,
    PriorityId,
    Project,
    User,
    VersionId,
)
from sandlot_trainer.scenarios.generated.entities.properties import (
    AttachmentProperty,
    PageProperty,
    PagePropertyKey,
    SpaceProperty,
)
from sandlot_trainer.scenarios.generated.entities.versions import (
    NextAttachmentPropertyVersion,
    NextFooterCommentVersion,
    NextInlineCommentVersion,
    NextKeyedPropertyVersion,
    NextPagePropertyVersion,
    NextPageVersion,
    NextSpacePropertyVersion,
)

__all__ = ["ENTITIES", "Choosing", "Entity", "entity"]

ENTITIES: dict[str, Entity] = {
    entity.kind: entity
    for entity in (
        Issue(), VotedIssue(), UnvotedIssue(), WatchedIssue(), ReferringIssue(), SprintIssue(), EpicIssue(),
        WaitingIssue(), LaterIssue(), Epic(),
        Transition(), Comment(), Worklog(), Watcher(), IssueProperty(), Attachment(),
        IssueLinkType(), IssueLink(), RemoteLink(), RemoteLinkGlobalId(),
        Project(), ComponentId(), VersionId(), User(), OtherUser(),
        IssueType(), IssueTypeId(), Priority(), PriorityId(),
        Board(), KanbanBoard(), Filter(), Sprint(),
        Space(), SpaceKey(), Page(), RestrictedPage(), OpenPage(), Label(), PageText(),
        FooterComment(), InlineComment(), PageAttachment(),
        PageProperty(), PagePropertyKey(), SpaceProperty(), AttachmentProperty(),
        NextPageVersion(), NextFooterCommentVersion(), NextInlineCommentVersion(), NextPagePropertyVersion(),
        NextKeyedPropertyVersion(), NextSpacePropertyVersion(), NextAttachmentPropertyVersion(),
    )
}  # fmt: skip


def entity(kind: str) -> Entity:
    """Raises ValueError on a kind that there is none of."""
    if kind not in ENTITIES:
        raise ValueError(f"The contract names an entity {kind!r}; there are {', '.join(ENTITIES)}.")
    return ENTITIES[kind]
