"""Confluence Cloud: one module per resource, as in the contract."""

from __future__ import annotations

from collections.abc import Mapping

from sandlot_server.call import Handler
from sandlot_server.confluence import children, content, labels, pages, search, spaces, users, versions

OPERATIONS: Mapping[str, Handler] = {
    **children.OPERATIONS,
    **content.OPERATIONS,
    **labels.OPERATIONS,
    **pages.OPERATIONS,
    **search.OPERATIONS,
    **spaces.OPERATIONS,
    **users.OPERATIONS,
    **versions.OPERATIONS,
}
