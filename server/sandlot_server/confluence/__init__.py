"""Confluence Cloud: one module per resource, as in the contract."""

from __future__ import annotations

from collections.abc import Mapping

from sandlot_server.call import Handler
from sandlot_server.confluence import (
    attachment_files,
    attachments,
    avatars,
    body_conversions,
    children,
    comments,
    content,
    content_permissions,
    content_properties,
    descendants,
    labels,
    legacy_properties,
    page_copies,
    page_moves,
    pages,
    restrictions,
    search,
    space_contents,
    space_permission_assignments,
    spaces,
    templates,
    users,
    versions,
)

OPERATIONS: Mapping[str, Handler] = {
    **attachment_files.OPERATIONS,
    **attachments.OPERATIONS,
    **avatars.OPERATIONS,
    **body_conversions.OPERATIONS,
    **children.OPERATIONS,
    **comments.OPERATIONS,
    **content.OPERATIONS,
    **content_permissions.OPERATIONS,
    **content_properties.OPERATIONS,
    **descendants.OPERATIONS,
    **labels.OPERATIONS,
    **legacy_properties.OPERATIONS,
    **page_copies.OPERATIONS,
    **page_moves.OPERATIONS,
    **pages.OPERATIONS,
    **restrictions.OPERATIONS,
    **search.OPERATIONS,
    **space_contents.OPERATIONS,
    **space_permission_assignments.OPERATIONS,
    **spaces.OPERATIONS,
    **templates.OPERATIONS,
    **users.OPERATIONS,
    **versions.OPERATIONS,
}
