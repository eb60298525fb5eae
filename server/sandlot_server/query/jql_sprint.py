"""The sprint field of JQL: a sprint by id or name, and the functions that list those of one state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandlot_server.query import jql_errors as errors
from sandlot_server.query.jql_errors import Misfit
from sandlot_server.query.jql_fields import Atoms, Field, Site
from sandlot_server.query.tree import Function
from sandlot_server.site.software import SPRINT, sprints_of
from sandlot_server.site.state import Row

_STATES = {"opensprints": "active", "futuresprints": "future", "closedsprints": "closed"}


class Sprint(Field):
    """Every sprint that an issue is or was in."""

    lists = frozenset(_STATES)

    def __init__(self, site: Site, name: str) -> None:
        super().__init__(site, name, SPRINT)

    def read(self, issue: Row) -> Atoms:
        return tuple(sprint["id"] for sprint in sprints_of(self.site.state, issue))

    def resolve(self, text: str) -> Iterable[Any]:
        folded = text.casefold()
        sprints = self.site.state.all("sprint")
        found = [one["id"] for one in sprints if text == one["id"] or folded == one["name"].casefold()]
        if not found:
            raise self.no_value(text)
        return found

    def call(self, function: Function) -> Iterable[Any]:
        state = _STATES.get(function.name.casefold())
        if state is None:
            return super().call(function)
        if function.arguments:
            raise Misfit(errors.ARGUMENTS, function=function.name, expected=0, count=len(function.arguments))
        return [sprint["id"] for sprint in self.site.state.all("sprint") if sprint["state"] == state]

    def rank(self, atom: Any) -> Any:
        return int(atom)
