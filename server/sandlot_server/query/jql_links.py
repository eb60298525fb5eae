"""The issue itself in JQL, with the function that lists the issues linked to one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sandlot_server.query import jql_errors as errors
from sandlot_server.query.jql_errors import Misfit
from sandlot_server.query.jql_fields import Key
from sandlot_server.query.tree import Function
from sandlot_server.site.state import Row


class Issue(Key):
    """An issue, by key or id, or by its links."""

    lists = frozenset({"linkedissues"})

    def call(self, function: Function) -> Iterable[Any]:
        """linkedIssues(key, description, ..): what is linked to an issue, or is so by one of the descriptions."""
        if function.name.casefold() not in self.lists:
            return super().call(function)
        if not function.arguments:
            raise Misfit(errors.TOO_FEW_ARGUMENTS, function=function.name, expected=1, count=0)
        name, *descriptions = function.arguments
        wanted = {description.casefold() for description in descriptions}
        known = {text.casefold() for row in self._types().values() for text in (row["inward"], row["outward"])}
        for description in descriptions:
            if description.casefold() not in known:
                raise Misfit(errors.NO_LINK_TYPE, value=description, function=function.name)
        try:
            (issue,) = self.resolve(name)
        except Misfit:
            raise Misfit(errors.NO_LINKED_ISSUE, value=name, function=function.name) from None
        return {other for other, text in self._links(issue) if not wanted or text.casefold() in wanted}

    def _types(self) -> dict[str, Row]:
        return {row["id"]: row for row in self.site.state.all("issue_link_type")}

    def _links(self, issue: str) -> Iterator[tuple[str, str]]:
        """The issues at the other ends of an issue's links, each with what this issue does to it."""
        types, state = self._types(), self.site.state
        for link in state.find("issue_link", "inwardIssue", issue):
            yield link["outwardIssue"], types[link["type"]]["outward"]
        for link in state.find("issue_link", "outwardIssue", issue):
            yield link["inwardIssue"], types[link["type"]]["inward"]
