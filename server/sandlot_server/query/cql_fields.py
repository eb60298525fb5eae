"""The fields that CQL searches, over pages and spaces."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from sandlot_server.documents import storage
from sandlot_server.query.moments import Calendar
from sandlot_server.query.tree import Function, Operand, Value, Values
from sandlot_server.site.state import Row, State


class Found(NamedTuple):
    """One result: `kind` is "page" or "space", `row` a row of that table."""

    kind: str
    row: Row


class Unusable(Exception):
    """An operand that the field cannot take."""


class Site:
    """What the fields look values up in: the rows, who searches, and when."""

    def __init__(self, state: State, user: Row, now_ms: int) -> None:
        self.state = state
        self.user = user
        self.calendar = Calendar(now_ms, user)


class Field:
    """Reads a result as a set of atoms, and an operand as the atoms that it stands for."""

    operators = frozenset({"=", "!=", "IN", "NOT IN"})

    def __init__(self, site: Site) -> None:
        self.site = site

    def read(self, found: Found) -> Iterable[Any]:
        raise NotImplementedError

    def value(self, text: str) -> Any:
        if not text:
            raise Unusable
        return text.casefold()

    def call(self, function: Function) -> Any:
        raise Unusable

    def atoms(self, operand: Operand) -> list[Any]:
        match operand:
            case Values(items):
                return [atom for item in items for atom in self.atoms(item)]
            case Value(text):
                return [self.value(text)]
            case Function():
                return [self.call(operand)]
        raise Unusable

    def order(self, found: Found) -> Any:
        return min(self.read(found), default=None)


class Read(Field):
    """A field whose atoms a function reads; case does not count."""

    def __init__(self, site: Site, read: Callable[[Found], Iterable[str]]) -> None:
        super().__init__(site)
        self._read = read

    def read(self, found: Found) -> Iterable[Any]:
        return [text.casefold() for text in self._read(found)]


class Title(Read):
    operators = frozenset({"=", "!=", "IN", "NOT IN", "~", "!~"})


class Text(Read):
    operators = frozenset({"~", "!~"})


class User(Field):
    """A person, by account id."""

    def __init__(self, site: Site, read: Callable[[Found], Iterable[str]]) -> None:
        super().__init__(site)
        self._read = read

    def read(self, found: Found) -> Iterable[Any]:
        return self._read(found)

    def value(self, text: str) -> Any:
        return text

    def call(self, function: Function) -> Any:
        if function.name.lower() != "currentuser" or function.arguments:
            raise Unusable
        return self.site.user["id"]


class Moment(Field):
    """A point in time, in epoch milliseconds."""

    operators = frozenset({"=", "!=", ">", ">=", "<", "<="})

    def __init__(self, site: Site, page_column: str) -> None:
        super().__init__(site)
        self._page_column = page_column

    def read(self, found: Found) -> Iterable[Any]:
        return (found.row[self._page_column if found.kind == "page" else "createdAt"],)

    def value(self, text: str) -> Any:
        return self._known(self.site.calendar.date(text))

    def call(self, function: Function) -> Any:
        calendar, arguments = self.site.calendar, function.arguments
        if len(arguments) > 1:
            raise Unusable
        if function.name.lower() == "now":
            return self._known(calendar.period(arguments[0])) if arguments else calendar.now
        return self._known(calendar.bound(function.name, arguments[0] if arguments else None))

    def _known(self, moment: int | None) -> int:
        if moment is None:
            raise Unusable
        return moment


def fields(site: Site) -> dict[str, Field]:
    """Every field by its name."""
    space = Read(site, lambda found: _space_keys(site, found))
    page_id = Read(site, lambda found: [found.row["id"]] if found.kind == "page" else [])
    text = Text(site, lambda found: [_all_text(site, found)])
    return {
        "ancestor": Read(site, lambda found: _ancestors(site, found)),
        "content": page_id,
        "contributor": User(site, lambda found: _contributors(site, found)),
        "created": Moment(site, "createdAt"),
        "creator": User(site, lambda found: [found.row["author"]]),
        "id": page_id,
        "label": Read(site, lambda found: _labels(site, found)),
        "lastmodified": Moment(site, "versionCreatedAt"),
        "parent": Read(site, lambda found: [found.row["parent"]] if found.row.get("parent") else []),
        "siteSearch": text,
        "space": space,
        "space.key": space,
        "space.title": Title(site, lambda found: [row["name"]] if (row := _space(site, found)) else []),
        "space.type": Read(site, lambda found: [row["type"]] if (row := _space(site, found)) else []),
        "text": text,
        "title": Title(site, lambda found: [found.row["title" if found.kind == "page" else "name"]]),
        "type": Read(site, lambda found: [found.kind]),
    }


def _space(site: Site, found: Found) -> Row | None:
    return found.row if found.kind == "space" else site.state.get("space", found.row["space"])


def _space_keys(site: Site, found: Found) -> list[str]:
    space = _space(site, found)
    return [] if space is None else [space["key"]]


def _ancestors(site: Site, found: Found) -> list[str]:
    ancestors: list[str] = []
    above = found.row.get("parent")
    while above is not None and above not in ancestors:
        ancestors.append(above)
        above = (site.state.get("page", above) or {}).get("parent")
    return ancestors


def _contributors(site: Site, found: Found) -> list[str]:
    if found.kind == "space":
        return [found.row["author"]]
    return [version["author"] for version in site.state.find("page_version", "page", found.row["id"])]


def _labels(site: Site, found: Found) -> list[str]:
    if found.kind == "space":
        return []
    return [label["name"] for label in site.state.find("label", "content", found.row["id"])]


def _all_text(site: Site, found: Found) -> str:
    row = found.row
    if found.kind == "space":
        return f"{row['name']}\n{row['description']}"
    return "\n".join([row["title"], _plain(row["body"] or ""), *_labels(site, found)])


@lru_cache(maxsize=4096)
def _plain(body: str) -> str:
    """The text of a page's storage format; a body that is none is its own text."""
    try:
        return storage.to_text(body)
    except storage.Invalid:
        return body
