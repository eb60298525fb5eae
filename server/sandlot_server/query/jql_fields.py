"""The fields that JQL searches: what an issue holds in each, what a value in the query names, and how they compare.

A field reads an issue as a set of atoms (ids, texts, numbers; none where the issue has no value), and resolves
a value of the query to the atoms that it stands for. Operators then need nothing but sets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from sandlot_server.documents import adf
from sandlot_server.query import jql_errors as errors
from sandlot_server.query.jql_errors import Misfit
from sandlot_server.query.moments import Calendar
from sandlot_server.query.tree import Function
from sandlot_server.site.state import Row, State

Atoms = tuple[Any, ...]
EQUAL = frozenset({"=", "!=", "IN", "NOT IN"})
EMPTY = frozenset({"IS", "IS NOT"})
ORDERED = frozenset({"<", "<=", ">", ">="})
TEXT = frozenset({"~", "!~"})
HISTORY = frozenset({"WAS", "WAS NOT", "WAS IN", "WAS NOT IN", "CHANGED"})
DATE_FUNCTION = re.compile(r"(start|end)of(day|week|month|year)|now", re.IGNORECASE)


class Site:
    """What the fields look values up in: the rows, who searches, and when."""

    def __init__(self, state: State, user: Row | None, now_ms: int) -> None:
        self.state = state
        self.user = user
        self.calendar = Calendar(now_ms, user)

    def moment(self, function: Function) -> int:
        """The value of now() or of a start or end function. Raises Misfit."""
        name, arguments = function.name, function.arguments
        most = 0 if name.lower() == "now" else 1
        if len(arguments) > most:
            raise Misfit(errors.ARGUMENTS, function=name, expected=most, count=len(arguments))
        if most == 0:
            return self.calendar.now
        moment = self.calendar.bound(name, arguments[0] if arguments else None)
        if moment is None:
            raise Misfit(errors.BAD_DURATION, function=name)
        return moment


class Field:
    """A field under the name that the query uses for it."""

    operators = EQUAL | EMPTY
    descending = False
    sortable = True
    lists: frozenset[str] = frozenset()
    """The functions, in lower case, that give a list of its values: they go with IN."""

    def __init__(self, site: Site, name: str, column: str) -> None:
        self.site = site
        self.name = name
        self.column = column

    def read(self, issue: Row) -> Atoms:
        value = issue.get(self.column)
        return () if value is None else (value,)

    def resolve(self, text: str) -> Iterable[Any]:
        """The atoms that a value of the query stands for. Raises Misfit if there are none."""
        return (text,)

    def call(self, function: Function) -> Iterable[Any]:
        """The atoms that a function gives. Raises Misfit if it is not for this field."""
        if function.name.lower() == "currentuser" or DATE_FUNCTION.fullmatch(function.name):
            raise Misfit(errors.FUNCTION_MISFIT, function=function.name, field=self.name)
        raise Misfit(errors.NO_FUNCTION, function=written(function))

    def rank(self, atom: Any) -> Any:
        """What `<`, `>` and ORDER BY compare."""
        return atom

    def comparable(self, atom: Any, other: Any) -> bool:
        return True

    def text(self, issue: Row) -> str:
        raise NotImplementedError

    def order(self, issue: Row) -> Any:
        """What ORDER BY compares, None for an issue without a value."""
        ranks = [self.rank(atom) for atom in self.read(issue)]
        return min(ranks) if ranks else None

    def candidates(self, atoms: Iterable[Any]) -> list[Row] | None:
        """The issues that hold one of the atoms, where an index knows them."""
        return None

    def no_value(self, text: str) -> Misfit:
        return Misfit(errors.NO_ID if text.isdecimal() else errors.NO_VALUE, value=text, field=self.name)


def written(function: Function) -> str:
    return f"{function.name}({', '.join(function.arguments)})"


class Named(Field):
    """A reference to a row of a closed list, which a query names by id or by name."""

    def __init__(self, site: Site, name: str, column: str, table: str, *, ordered: bool = False) -> None:
        super().__init__(site, name, column)
        self.table = table
        self.places = {row["id"]: place for place, row in enumerate(site.state.all(table))}
        if ordered:
            self.operators = EQUAL | EMPTY | ORDERED | HISTORY
            self.descending = True
        elif table in ("status", "resolution"):
            self.operators = EQUAL | EMPTY | HISTORY

    def resolve(self, text: str) -> Iterable[Any]:
        folded = text.casefold()
        found = [
            row["id"]
            for row in self.site.state.all(self.table)
            if row["id"] == text or folded in (row["name"].casefold(), str(row.get("key", "")).casefold())
        ]
        if not found and self.table == "resolution" and folded == "unresolved":
            return (None,)
        if not found:
            raise self.no_value(text)
        return found

    def rank(self, atom: Any) -> Any:
        # The lists are written from the highest down: more is earlier.
        return -self.places.get(atom, 0) if self.table == "priority" else self.places.get(atom, 0)


class Project(Named):
    """Projects answer to key, name and id, and to keys that they had before; they are ordered by key."""

    operators = EQUAL | EMPTY

    def resolve(self, text: str) -> Iterable[Any]:
        try:
            return super().resolve(text)
        except Misfit:
            found = [row["id"] for row in self.site.state.all(self.table) if text.upper() in row["formerKeys"]]
            if not found:
                raise
            return found

    def rank(self, atom: Any) -> Any:
        return (self.site.state.get(self.table, atom) or {}).get("key", "")

    def candidates(self, atoms: Iterable[Any]) -> list[Row] | None:
        return [issue for atom in atoms for issue in self.site.state.find("issue", "project", atom)]


class Parts(Named):
    """Those of a project's components or versions that an issue names. One name may stand in several projects."""

    def __init__(self, site: Site, name: str, column: str, table: str) -> None:
        super().__init__(site, name, column, table)
        if table == "version":
            self.operators = EQUAL | EMPTY | ORDERED
            self.lists = frozenset({"releasedversions", "unreleasedversions"})

    def read(self, issue: Row) -> Atoms:
        return tuple(issue.get(self.column) or ())

    def call(self, function: Function) -> Iterable[Any]:
        """releasedVersions() and unreleasedVersions(), of all projects or of those that they name."""
        if function.name.lower() not in self.lists:
            return super().call(function)
        projects = Project(self.site, self.name, "project", "project")
        wanted = {found for text in function.arguments for found in projects.resolve(text)}
        released = function.name.lower() == "releasedversions"
        return [
            version["id"]
            for version in self.site.state.all(self.table)
            if version["released"] == released
            and not version["archived"]
            and (not function.arguments or version["project"] in wanted)
        ]


class StatusCategory(Field):
    """The category of the issue's status, by name, key or id."""

    CATEGORIES = (("new", "To Do", "2"), ("indeterminate", "In Progress", "4"), ("done", "Done", "3"))

    def __init__(self, site: Site, name: str) -> None:
        super().__init__(site, name, "status")
        self.category = {row["id"]: row["category"] for row in site.state.all("status")}

    def read(self, issue: Row) -> Atoms:
        return (self.category[issue["status"]],)

    def resolve(self, text: str) -> Iterable[Any]:
        folded = text.casefold()
        found = [key for key, *names in self.CATEGORIES if folded in (key, *(name.casefold() for name in names))]
        if not found:
            raise self.no_value(text)
        return found

    def rank(self, atom: Any) -> Any:
        return [key for key, *_ in self.CATEGORIES].index(atom)


class User(Field):
    """A person, by account id, e-mail address or display name."""

    def __init__(self, site: Site, name: str, column: str) -> None:
        super().__init__(site, name, column)
        if column in ("assignee", "reporter"):
            self.operators = EQUAL | EMPTY | HISTORY

    def resolve(self, text: str) -> Iterable[Any]:
        if self.site.state.get("user", text):
            return (text,)
        folded = text.casefold()
        found = [
            row["id"]
            for row in self.site.state.all("user")
            if folded in (row["emailAddress"].casefold(), row["displayName"].casefold())
        ]
        if not found:
            raise Misfit(errors.NO_VALUE, value=text, field=self.name)
        return found

    def call(self, function: Function) -> Iterable[Any]:
        if function.name.lower() != "currentuser":
            return super().call(function)
        if function.arguments:
            raise Misfit(errors.ARGUMENTS, function=function.name, expected=0, count=len(function.arguments))
        return (self.site.user["id"],) if self.site.user else ()

    def rank(self, atom: Any) -> Any:
        return (self.site.state.get("user", atom) or {}).get("displayName", "").casefold()


class Key(Field):
    """An issue itself, by key or id. The atoms are ids."""

    operators = EQUAL | ORDERED

    def __init__(self, site: Site, name: str, column: str = "id") -> None:
        super().__init__(site, name, column)
        if column != "id":
            self.operators = EQUAL | EMPTY

    def resolve(self, text: str) -> Iterable[Any]:
        if text.isdecimal():
            if self.site.state.get("issue", text) is None:
                raise Misfit(errors.NO_ISSUE_ID, value=text, field=self.name)
            return (text,)
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*-\d+", text):
            raise Misfit(errors.BAD_ISSUE_KEY, value=text, field=self.name)
        found = self.site.state.find("issue", "key", text.upper())
        if not found:
            raise Misfit(errors.NO_ISSUE, value=text, field=self.name)
        return [issue["id"] for issue in found]

    def rank(self, atom: Any) -> Any:
        project, _, number = (self.site.state.get("issue", atom) or {"key": "-0"})["key"].rpartition("-")
        return project, int(number)

    def comparable(self, atom: Any, other: Any) -> bool:
        """Keys before or after a key are keys of its own project."""
        return bool(self.rank(atom)[0] == self.rank(other)[0])

    def candidates(self, atoms: Iterable[Any]) -> list[Row] | None:
        state = self.site.state
        if self.column == "id":
            return [issue for atom in atoms if (issue := state.get("issue", atom)) is not None]
        return [issue for atom in atoms for issue in state.find("issue", "parent", atom)]


class Moment(Field):
    """A point in time, in epoch milliseconds."""

    operators = EQUAL | EMPTY | ORDERED
    descending = True

    def resolve(self, text: str) -> Iterable[Any]:
        calendar = self.site.calendar
        moment = calendar.date(text)
        if moment is None:
            moment = calendar.period(text)
        if moment is None:
            raise Misfit(errors.BAD_DATE, value=text, field=self.name)
        return (moment,)

    def call(self, function: Function) -> Iterable[Any]:
        return (self.site.moment(function),) if DATE_FUNCTION.fullmatch(function.name) else super().call(function)


class Day(Moment):
    """A date without a time, as ISO text."""

    def resolve(self, text: str) -> Iterable[Any]:
        return [self.site.calendar.day(moment) for moment in super().resolve(text)]

    def call(self, function: Function) -> Iterable[Any]:
        return [self.site.calendar.day(moment) for moment in super().call(function)]


class Number(Field):
    operators = EQUAL | EMPTY | ORDERED

    def resolve(self, text: str) -> Iterable[Any]:
        try:
            return (float(text),)
        except ValueError:
            raise Misfit(errors.NOT_A_NUMBER, value=text, field=self.name) from None


class Labels(Field):
    """A set of labels; any text is one, and case does not count."""

    def read(self, issue: Row) -> Atoms:
        return tuple(label.casefold() for label in issue.get(self.column) or ())

    def resolve(self, text: str) -> Iterable[Any]:
        return (text.casefold(),)


class Option(Field):
    """A choice among a custom field's options, by value or id."""

    def __init__(self, site: Site, name: str, field: Row) -> None:
        super().__init__(site, name, field["id"])
        self.options = field["options"]

    def resolve(self, text: str) -> Iterable[Any]:
        folded = text.casefold()
        found = [one["value"] for one in self.options if one["id"] == text or one["value"].casefold() == folded]
        if not found:
            raise Misfit(errors.NO_VALUE, value=text, field=self.name)
        return found

    def rank(self, atom: Any) -> Any:
        return next((place for place, one in enumerate(self.options) if one["value"] == atom), -1)


class Text(Field):
    """Text searched by its words: one column, all of an issue's comments, or everything of these ("text")."""

    operators = TEXT | EMPTY

    def __init__(self, site: Site, name: str, parts: Iterable[Callable[[Row], str]], *, empty: bool = True) -> None:
        super().__init__(site, name, "")
        self.parts = tuple(parts)
        self.sortable = empty
        self.operators = TEXT | EMPTY if empty else TEXT

    def read(self, issue: Row) -> Atoms:
        text = self.text(issue)
        return (text,) if text else ()

    def text(self, issue: Row) -> str:
        return "\n".join(filter(None, (part(issue) for part in self.parts)))

    def rank(self, atom: Any) -> Any:
        return atom.casefold()


class Attachments(Field):
    """The files of an issue, of which a query can ask no more than whether there are any."""

    operators = EMPTY
    sortable = False

    def read(self, issue: Row) -> Atoms:
        return tuple(one["id"] for one in self.site.state.find("attachment", "issue", issue["id"]))


class Nothing(Field):
    """A field of Jira that no issue of this site has a value in."""

    operators = EQUAL | EMPTY | ORDERED

    def read(self, issue: Row) -> Atoms:
        return ()

    def resolve(self, text: str) -> Iterable[Any]:
        raise self.no_value(text)


def plain(column: str) -> Callable[[Row], str]:
    return lambda issue: issue.get(column) or ""


def rich(column: str) -> Callable[[Row], str]:
    return lambda issue: adf.to_text(issue.get(column))


def comments(state: State) -> Callable[[Row], str]:
    return lambda issue: "\n".join(
        adf.to_text(comment["body"]) for comment in state.find("comment", "issue", issue["id"])
    )
