"""What there is in a task's world: values of the same kind as one that a call sends, seen in the world's answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sandlot_trainer.audit.calls import Json, Leaf, RecordedCall, schema_of
from sandlot_trainer.canonical import is_adf, plain_text, scalar
from sandlot_trainer.provenance import Exchange, succeeded
from sandlot_trainer.tools import Tool, ToolBox

QUERIES: Mapping[str, str] = {"jql": "created is not EMPTY", "cql": "type = page"}
"""What the search languages find everything by."""
NAMING = frozenset({"id", "key", "name", "accountId", "value", "spaceId", "parentId", "displayName", "title"})
"""Members that name an entity."""

_POSITION = re.compile(r"\[\d+\]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def exploring_calls(toolbox: ToolBox) -> list[RecordedCall]:
    """A call of every read that needs nothing to be known, for all lists of a world."""
    calls = []
    for tool in toolbox.tools:
        needed = {parameter.name for parameter in tool.parameters if parameter.required} - set(QUERIES)
        if tool.method == "GET" and not needed:
            arguments = {name: query for name, query in QUERIES.items() if name in tool.schema["properties"]}
            calls.append(RecordedCall(tool.operation, tool.request(arguments), tool.path))
    return calls


class World:
    """The values of a world by their kind: where in which operation's answers they stand."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        self.kinds: dict[tuple[str, str], dict[str, None]] = {}
        self.names: dict[str, dict[str, None]] = {}
        """Other names of an entity: its id, key and name stand in one object."""
        for exchange in exchanges:
            if succeeded(exchange):
                self._take(exchange["operation"] or "", exchange["response"])

    def others(self, value: Json) -> list[str]:
        """Other values of the same kind, those of the fullest list of such values first."""
        text = scalar(value)
        kinds = [kind for (_, path), kind in self.kinds.items() if text in kind and _member(path) in NAMING]
        kinds.sort(key=lambda kind: -len(kind))
        found = dict.fromkeys(other for kind in kinds for other in kind if other != text)
        return list(found)

    def other_names(self, value: Json) -> list[str]:
        """What else the entity of this name is called."""
        return [name for name in self.names.get(scalar(value), {}) if name != scalar(value)]

    def _take(self, operation: str, answer: Json) -> None:
        for path, value in _flat("", answer):
            kind = self.kinds.setdefault((operation, _POSITION.sub("[]", path)), {})
            kind[value] = None
        for entity in _objects(answer):
            names = [scalar(entity[name]) for name in ("id", "key", "name") if isinstance(entity.get(name), (str, int))]
            for name in names:
                self.names.setdefault(name, {}).update(dict.fromkeys(names))


def alternatives(leaf: Leaf, tool: Tool | None, world: World) -> list[Json]:
    """Plausible wrong values in a leaf's place, of its JSON type: another member of its enumeration, another entity of
    its kind, another text, number, date; the likeliest first."""
    value = leaf.value
    if isinstance(value, bool):
        return [not value]
    words = [word for word in schema_of(leaf, tool).get("enum", ()) if word not in (value, None)]
    if words:
        return words[:2]
    others = world.others(value)[:2]
    if isinstance(value, int):
        return [int(other) for other in others if other.isdigit()] or [value + 1]
    if isinstance(value, float):
        return [value + 1]
    text = str(value)
    if _DATE.fullmatch(text):
        return [str(date.fromisoformat(text) + timedelta(days=1))]
    if text.isdigit():
        return others or [str(int(text) + 1)]
    return [*others, *_altered(text)]


def _altered(text: str) -> Iterator[str]:
    """The text with one word changed, cut short, and replaced; its markup stays."""
    words = list(re.finditer(r"(?<![<\w/&])\w+(?![^<]*>)", text))
    if not words:
        yield f"{text}x"
        return
    middle = max(words, key=lambda word: len(word[0]))
    yield f"{text[: middle.start()]}otherwise{text[middle.end() :]}"
    if len(words) > 2:
        cut = words[len(words) // 2 - 1 : len(words) // 2 + 1]
        yield text[: cut[0].start()] + text[cut[1].end() :]
    yield re.sub(r"(?<![<\w/&])\w+(?![^<]*>)", "nothing", text)


def _member(path: str) -> str:
    return path.removesuffix("[]").rpartition(".")[2].rpartition("]")[2]


def _flat(path: str, value: Json) -> Iterator[tuple[str, str]]:
    if is_adf(value):
        yield path, plain_text(value)
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from _flat(f"{path}.{name}", member)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _flat(f"{path}[{index}]", member)
    elif value is not None and value != "":
        yield path, scalar(value)


def _objects(value: Json) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for member in value.values():
            yield from _objects(member)
    elif isinstance(value, list):
        for member in value:
            yield from _objects(member)
