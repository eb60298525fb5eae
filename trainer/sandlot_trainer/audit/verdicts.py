"""What an agent deserves, decided apart from scoring: by the canonical net change of its trace, and by a plain look at
where the values that it used stood before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from sandlot_trainer.audit.calls import RecordedCall, schema_of
from sandlot_trainer.canonical import (
    NetChange,
    Tables,
    changed_leaves,
    contains,
    find_part,
    net_changes,
    normalise,
    plain_text,
    scalar,
)
from sandlot_trainer.provenance import Exchange, succeeded
from sandlot_trainer.tools import Tool

Trace = Mapping[str, Any]

_ROUNDS = 4
"""How often the names of new rows are made anew from what they refer to: chains of new rows as long as that."""


def canonical(trace: Trace, tables: Tables) -> list[str]:
    """The net change of a trace as sorted texts, new rows named by what they hold and not by their id, or by the key
    that the server gave them."""
    changes = net_changes(trace["exchanges"], tables)
    names = {(change.table, change.id): f"new {change.table}" for change in changes if change.action == "create"}
    for _ in range(_ROUNDS):
        words = {
            str(row[column]): names[change.table, change.id]
            for change in changes
            if (change.table, change.id) in names
            for row in [change.after or {}]
            for column in ("id", "key")
            if row.get(column) and not gave(trace["exchanges"][change.steps[0]], row[column])
        }
        texts = {(change.table, change.id): _text(change, tables, names, words) for change in changes}
        names = {key: f"new {key[0]} {hashlib.sha256(texts[key].encode()).hexdigest()[:12]}" for key in names}
    return sorted(texts[key] for key in texts)


def _text(change: NetChange, tables: Tables, names: Mapping[tuple[str, str], str], words: Mapping[str, str]) -> str:
    gained, lost = changed_leaves(change, tables)

    def said(leaf: Any) -> list[str]:
        if leaf.kind == "ref":
            return [leaf.path, names.get((leaf.table or "", leaf.value), leaf.value)]
        text = plain_text(leaf.value) if leaf.kind == "document" else normalise(scalar(leaf.value))
        for word, name in words.items():
            position = find_part(text, word)
            while position >= 0:
                text = f"{text[:position]}<{name}>{text[position + len(word) :]}"
                position = find_part(text, word, position + len(name) + 2)
        return [leaf.path, text]

    row = "" if change.action == "create" else change.id
    if change.action == "delete":
        return json.dumps([change.action, change.table, row])
    both = [sorted(map(said, gained)), sorted(map(said, lost))]
    return json.dumps([change.action, change.table, row, *both], ensure_ascii=False)


def gave(exchange: Exchange, value: Any) -> bool:
    """Whether a request itself gave a value, as a new space's key: the server then did not choose it."""
    said = json.dumps(value) in json.dumps(exchange.get("request"))
    return said or str(value) in map(unquote, exchange["path"].split("/"))


@dataclass(frozen=True)
class Standard:
    """What the reference solution's trace says that any agent needs: its net change, and the answers' values that it
    used in its writes. `named`: the entities that its writes named, in its words."""

    change: list[str]
    used: frozenset[str]
    named: frozenset[str]
    tables: Tables
    instruction: str
    constants: frozenset[str]
    tools: Mapping[str, Tool]

    @classmethod
    def of(
        cls, trace: Trace, tables: Tables, instruction: str, constants: Collection[str], tools: Mapping[str, Tool]
    ) -> Standard:
        change = canonical(trace, tables)
        held = [leaf for row in net_changes(trace["exchanges"], tables) for leaf in changed_leaves(row, tables)[0]]
        results = [plain_text(leaf.value) for leaf in held]
        used: set[str] = set()
        named: set[str] = set()
        known: dict[str, None] = {}
        for exchange in trace["exchanges"]:
            if exchange.get("changes"):
                named |= set(_named(exchange, tools))
                for text in _relevant(exchange, tools, results):
                    whole = any(text == said or _says(said, text) for said in known)
                    parts = [text] if whole else _whole_answers(text, known)
                    used |= {part for part in parts if not contains(normalise(instruction), part)} - set(constants)
            known |= dict.fromkeys(_news(exchange, tools))
        words = normalise(instruction)
        return cls(change, frozenset(used), frozenset(named), tables, words, frozenset(constants), tools)

    def unread(self, trace: Trace) -> Iterator[str]:
        """The values that the trace's writes used although no answer before had said them: those that the reference
        solution used, and any other names of entities. Of a write that a later one of the same place replaced, no more
        counts than the names of the rows themselves."""
        known: set[str] = set()
        heard: dict[str, None] = {}
        last = {place: exchange for exchange in trace["exchanges"] for place in self._places(exchange)}
        for exchange in trace["exchanges"]:
            sent = [plain_text(value) for value in _sent(exchange, self.tools)]
            if exchange.get("changes"):
                yield from (part for part in self.used - known if any(contains(text, part) for text in sent))
                stands = all(last[place] is exchange for place in self._places(exchange))
                own = _own_names(exchange)
                for name in (name for name in _named(exchange, self.tools) if stands or name in own):
                    free = name in self.named or name in self.constants or contains(self.instruction, name)
                    if not free and not any(text == name or _says(text, name) for text in heard):
                        yield name
            news = dict.fromkeys(_news(exchange, self.tools))
            unsaid = {part for part in self.used - known if not any(contains(text, part) for text in sent)}
            known |= {part for part in unsaid if any(text == part or _says(text, part) for text in news)}
            heard |= news

    def _places(self, exchange: Exchange) -> Iterator[tuple[Any, ...]]:
        """Where a write takes effect: its address, and the rows that its operation changed. A later one of either
        replaces it."""
        yield exchange["method"], exchange["path"]
        rows = {
            (change["table"], str(change["id"]))
            for change in exchange.get("changes") or ()
            if not self.tables.get(change["table"], {}).get("derived")
        }
        if rows:
            yield exchange["operation"], tuple(sorted(rows))


def _own_names(exchange: Exchange) -> set[str]:
    """The ids of the rows that a write changed, and their keys."""
    rows = [row for change in exchange["changes"] for row in (change["before"], change["after"]) if row]
    keys = {str(row["key"]) for row in rows if row.get("key")}
    return keys | {str(change["id"]) for change in exchange["changes"]}


def _relevant(exchange: Exchange, tools: Mapping[str, Tool], results: list[str]) -> Iterator[str]:
    """What a write sends that names an entity or comes to stand in a row: not, say, the number of a version."""
    for value, naming in _sent_and_naming(exchange, tools):
        text = plain_text(value)
        if text and (naming or any(text == result or contains(result, text) for result in results)):
            yield text


def _named(exchange: Exchange, tools: Mapping[str, Tool]) -> Iterator[str]:
    """The names of entities that a request sends."""
    yield from (plain_text(value) for value, naming in _sent_and_naming(exchange, tools) if naming)


def _sent(exchange: Exchange, tools: Mapping[str, Tool]) -> list[Any]:
    return [value for value, _ in _sent_and_naming(exchange, tools)]


def _sent_and_naming(exchange: Exchange, tools: Mapping[str, Tool]) -> Iterator[tuple[Any, bool]]:
    """(value, whether it names an entity) of all that a request sends."""
    tool = tools.get(exchange["operation"] or "")
    for leaf in RecordedCall.of(exchange, tools).leaves():
        nested = len(leaf.steps) > 2 and leaf.member in ("id", "key", "name", "accountId")
        by_look = leaf.steps[0] == "path" or nested or leaf.member.endswith(("Id", "Key"))
        yield leaf.value, by_look or "x-entity" in schema_of(leaf, tool)


def _whole_answers(text: str, known: Mapping[str, None]) -> Iterator[str]:
    """The answers' values that stand in `text` as wholes, the longest first and none within another."""
    taken: list[str] = []
    for part in sorted((part for part in known if part and contains(text, part)), key=len, reverse=True):
        if not any(contains(longer, part) for longer in taken):
            taken.append(part)
            yield part


def _news(exchange: Exchange, tools: Mapping[str, Tool]) -> Iterator[str]:
    """What a successful answer says that its request had not said: whoever sends a guess learns nothing by its echo."""
    if succeeded(exchange):
        sent = [plain_text(value) for value in _sent(exchange, tools)]
        for text in _texts(exchange.get("response")):
            if text and not any(text == said or _says(said, text) for said in sent):
                yield text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping) and value.get("type") != "doc":
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)
    elif value is not None and value is not True and value is not False:
        yield plain_text(value)


def _says(text: str, part: str) -> bool:
    return not part.isdigit() and contains(text, part)
