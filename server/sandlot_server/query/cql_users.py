"""The fields by which CQL searches people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandlot_server.query.cql_fields import Field, Found, Read, Site, Title, Unusable
from sandlot_server.query.tree import Function


class Account(Field):
    """A person, by account id; case counts."""

    def read(self, found: Found) -> Iterable[Any]:
        return [found.row["id"]]

    def value(self, text: str) -> Any:
        return text

    def call(self, function: Function) -> Any:
        if function.name.lower() != "currentuser" or function.arguments:
            raise Unusable
        return self.site.user["id"]


def fields(site: Site) -> dict[str, Field]:
    """Every field by its name."""
    account = Account(site)
    return {
        "type": Read(site, lambda found: [found.kind]),
        "user": account,
        "user.accountid": account,
        "user.fullname": Title(site, lambda found: [found.row["displayName"]]),
    }
