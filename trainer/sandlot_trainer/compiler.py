"""From an oracle's trace to the rubric of its task: what changed, which request said it, and where it was
known from."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from sandlot_trainer.canonical import (
    Json,
    Leaf,
    NetChange,
    Tables,
    changed_leaves,
    contains,
    find_part,
    leaves,
    net_changes,
    normalise,
    plain_text,
    scalar,
    word_count,
)
from sandlot_trainer.goals import Argument, Goal, Item, ItemKind, Rubric, RubricError
from sandlot_trainer.provenance import Evidence, Source, arguments, identifiers, succeeded

WEIGHTS: Mapping[str, float] = {"answer": 2.0, "instruction": 1.0, "default": 0.1, "literal": 0.1}
"""What a leaf is worth, by where its value comes from: what has to be read counts most, what comes by itself
hardly."""
ROW_WEIGHT = 0.5
"""What it is worth that the change took place, over being refused with the same arguments."""


class TaskLike(Protocol):
    """What a rubric needs of a task."""

    @property
    def name(self) -> str: ...
    @property
    def instruction(self) -> str: ...


def compile_rubric(
    task: TaskLike, tables: Tables, oracle_trace: Mapping[str, Any], constants: Collection[str] = ()
) -> Rubric:
    """The rubric of a task from its oracle's trace, as the control API gives it.

    `constants`: the words that the contract itself offers for arguments, such as "current". They are known
    without reading, so a value that is one of them counts as a constant even where an answer happens to hold
    it.

    Raises RubricError where a call of the oracle failed, or where it changed nothing.
    """
    exchanges = oracle_trace["exchanges"]
    for exchange in exchanges:
        if not succeeded(exchange):
            call = f"{exchange['method']} {exchange['path']}"
            answer = f"{exchange['status']} {json.dumps(exchange.get('response'))[:300]}"
            raise RubricError(f"The oracle of {task.name} was refused: {call} {answer}")
    changes = net_changes(exchanges, tables)
    if not changes:
        raise RubricError(f"The oracle of {task.name} changed nothing.")
    compiler = _Compiler(tables, exchanges, changes, Evidence(task.instruction, exchanges), frozenset(constants))
    return Rubric(task.name, task.instruction, tuple(map(compiler.goal, changes)), dict(tables))


class _Compiler:
    def __init__(
        self,
        tables: Tables,
        exchanges: list[dict[str, Any]],
        changes: list[NetChange],
        evidence: Evidence,
        constants: frozenset[str],
    ) -> None:
        self.tables = tables
        self.exchanges = exchanges
        self.evidence = evidence
        self.constants = constants
        self.names = dict(_goal_names(changes))
        created = [change for change in changes if change.action == "create"]
        self.new_ids = {(change.table, change.id): self.names[change.table, change.id] for change in created}
        self.new_words = {
            str(row[column]): {"new": self.names[change.table, change.id], "column": column}
            for change in created
            for row in [change.after or {}]
            for column in ("id", "key")
            if row.get(column) and not self._asked_for(change, row[column])
        }

    def _asked_for(self, change: NetChange, value: Json) -> bool:
        """Whether the request that made a row gave this value itself, as a space's key: the server then did not choose
        it."""
        return scalar(value) in map(scalar, arguments(self.exchanges[change.steps[0]]).values())

    def goal(self, change: NetChange) -> Goal:
        gained, lost = changed_leaves(change, self.tables)
        items = [Item("", "row", change.action, ROW_WEIGHT)]
        if change.action != "create":
            items.append(self._target(change))
        documents = {}
        if change.action != "delete":
            for leaf in gained:
                if leaf.kind == "document":
                    documents[leaf.path] = plain_text(leaf.value)
                    items += self._pieces(change, leaf)
                else:
                    items.append(self._leaf(change, leaf))
            items += [self._lost(change, leaf) for leaf in lost]
        items = self._pair_leftovers(change, gained, items)
        items[0] = replace(items[0], needs=self._passed(change, items))
        return Goal(self.names[change.table, change.id], change.table, change.action, tuple(items), documents)

    def _target(self, change: NetChange) -> Item:
        step = change.steps[0]
        names = self._names(change.table, change.id)
        argument = self._argument(step, lambda value: scalar(value) in names)
        if argument is not None:
            source = self.evidence.source(argument.sent, step)
        else:
            source = self.evidence.reference_source(change.id, step) if self._alone(step) else Source("default")
        return _weighed("", "target", change.id, (source or Source("literal"),), argument)

    def _passed(self, change: NetChange, items: list[Item]) -> tuple[str, ...]:
        """The names out of answers by which the calls that touched a row named what did not stay with it: the
        transitions to the statuses between."""
        argued = [item.argument for item in items if item.argument]
        judged = {(argument.operation, argument.path, scalar(argument.sent)) for argument in argued}
        found: dict[str, None] = {}
        for step in change.steps:
            exchange = self.exchanges[step]
            for path, value in identifiers(exchange).items():
                source = self.evidence.source(value, step)
                answered = source is not None and source.kind == "answer" and value not in self.new_words
                if answered and (exchange.get("operation"), path, value) not in judged:
                    found[value] = None
        return tuple(found)

    def _alone(self, step: int) -> bool:
        """Whether an exchange changed one row only, what is derived aside: that is then the one it named, if not by its
        id, as a page's label goes by the page and its name. Where there are more, the others follow from one."""
        return len(net_changes([self.exchanges[step]], self.tables)) == 1

    def _leaf(self, change: NetChange, leaf: Leaf) -> Item:
        step = self._setter(change, leaf)
        if leaf.kind == "ref":
            return self._reference(change, leaf, step)
        text = leaf.value if leaf.kind != "text" else normalise(leaf.value)
        kind: ItemKind = "text" if leaf.kind == "text" else ("element" if leaf.kind == "element" else "value")
        argument = self._setting(change, leaf, step, lambda value: normalise(scalar(value)) == text)
        if argument is None:
            return _weighed(leaf.path, kind, text, (Source("default"),), None)
        if kind == "value" and text in self.constants:
            return _weighed(leaf.path, kind, text, (Source("literal"),), argument)
        if kind == "value" and normalise(scalar(argument.sent)) != text:
            return self._reworded(leaf, text, argument, step)
        whole = self.evidence.source(text, step)
        parts = [(text, whole)] if whole else self._parts(text, step)
        sources = tuple(source for _, source in parts)
        if sum(word_count(part) for part, _ in parts) < word_count(text):
            sources = (*sources, Source("literal"))
        needs = tuple(self.new_words.get(part, part) for part, source in parts if source.kind == "answer")
        return _weighed(leaf.path, kind, self._symbolic(text), sources, argument, needs)

    def _reworded(self, leaf: Leaf, text: str, argument: Argument, step: int) -> Item:
        """A value that the server keeps in other words than it was sent in, as it does with times: it was known where
        what was sent was."""
        source = self.evidence.source(argument.sent, step) or Source("literal")
        needs = (argument.sent,) if source.kind == "answer" else ()
        return _weighed(leaf.path, "value", text, (source,), argument, needs)

    def _reference(self, change: NetChange, leaf: Leaf, step: int) -> Item:
        wanted: Json = leaf.value
        if (name := self.new_ids.get((leaf.table or "", leaf.value))) is not None:
            wanted = {"new": name}
        names = self._names(leaf.table or "", leaf.value)
        argument = self._setting(change, leaf, step, lambda value: scalar(value) in names)
        source = self.evidence.source(argument.sent, step) if argument else Source("default")
        return _weighed(leaf.path, "ref", wanted, (source or Source("literal"),), argument)

    def _pieces(self, change: NetChange, leaf: Leaf) -> list[Item]:
        """The document as the texts that it must carry: each a whole value of an earlier answer, or words of
        the instruction. Words that stand nowhere (the oracle's own) are asked for only where there is nothing
        else."""
        step = self._setter(change, leaf)
        text = plain_text(leaf.value)
        whole = self._argument(step, partial(_mentions, text))
        source = self.evidence.source(text, step)
        parts = [(text, source)] if source else self._parts(text, step)
        known = [(part, source) for part, source in parts if _telling(part, source)]
        if whole is None:  # what the request does not say at all is the server's, as the text of a page that is copied
            known = [(part, source) for part, source in known if self._argument(step, partial(_mentions, part))]
        if not known and whole is None:
            return [_weighed(leaf.path, "piece", text, (Source("default"),), None)]
        items = []
        for part, source in known or [(text, Source("literal"))]:
            argument = whole or self._argument(step, partial(_mentions, part))
            wanted = self.new_words.get(part, part)
            needs = (wanted,) if source.kind == "answer" else ()
            items.append(_weighed(leaf.path, "piece", wanted, (source,), argument, needs))
        return items

    def _lost(self, change: NetChange, leaf: Leaf) -> Item:
        kind: ItemKind = "removed" if leaf.kind == "element" else "emptied"
        wanted = plain_text(leaf.value) if leaf.kind == "document" else scalar(leaf.value)
        step = change.steps[-1]
        argument = self._argument(step, lambda value: scalar(value) == wanted) if kind == "removed" else None
        source = (self.evidence.source(wanted, step) if kind == "removed" else None) or Source("literal")
        return _weighed(leaf.path, kind, wanted, (source,), argument, (wanted,) if source.kind == "answer" else ())

    def _parts(self, text: str, step: int) -> list[tuple[str, Source]]:
        """`text` cut into its sources, longest first: runs of words of the instruction, whole values of
        answers. What stands there twice is two parts."""
        candidates = [(part, Source("instruction")) for part in self._instruction_runs(text)]
        candidates += [(part, source) for part, source in self.evidence.answer_texts(step) if contains(text, part)]
        taken: list[tuple[int, int, str, Source]] = []
        for part, source in sorted(candidates, key=lambda candidate: -len(candidate[0])):
            start = find_part(text, part)
            while start >= 0:
                end = start + len(part)
                if all(end <= s or start >= e for s, e, _, _ in taken):
                    taken.append((start, end, text[start:end], source))
                start = find_part(text, part, start + 1)
        return [(part, source) for _, _, part, source in sorted(taken, key=lambda piece: piece[0])]

    def _instruction_runs(self, text: str) -> Iterator[str]:
        """The longest run of words from each word of `text` on that stands in the instruction."""
        words = text.split()
        covered = 0
        for start in range(len(words)):
            end = start
            while end < len(words) and self.evidence.in_instruction(" ".join(words[start : end + 1])):
                end += 1
            if end > max(start, covered):
                covered = end
                yield " ".join(words[start:end])

    def _symbolic(self, text: str) -> Json:
        """`text` with the ids and keys of rows that the run makes as symbols."""
        for word, symbol in self.new_words.items():
            if text == word:
                return symbol
            if (position := find_part(text, word)) >= 0:
                rest = self._symbolic(text[position + len(word) :])
                after = rest["parts"] if isinstance(rest, dict) and "parts" in rest else [rest]
                return {"parts": [text[:position], symbol, *after]}
        return text

    def _setter(self, change: NetChange, leaf: Leaf) -> int:
        """The exchange that gave the row this leaf for good."""
        setter = change.steps[0]
        for step in change.steps:
            for row_change in self.exchanges[step].get("changes") or ():
                if (row_change["table"], str(row_change["id"])) == (change.table, change.id):
                    held = leaf in leaves(change.table, row_change["before"], self.tables)
                    if not held and leaf in leaves(change.table, row_change["after"], self.tables):
                        setter = step
        return setter

    def _names(self, table: str, id: str) -> set[str]:
        """What a request may call a row: its id, or its key where the trace shows it."""
        rows = (
            row
            for exchange in self.exchanges
            for change in exchange.get("changes") or ()
            if change["table"] == table and str(change["id"]) == id
            for row in (change["before"], change["after"])
        )
        return {id} | {row["key"] for row in rows if row and row.get("key")}

    def _argument(self, step: int, fits: Callable[[Json], bool]) -> Argument | None:
        exchange = self.exchanges[step]
        for path, value in arguments(exchange).items():
            if exchange.get("operation") and fits(value):
                return Argument(exchange["operation"], path, value)
        return None

    def _setting(self, change: NetChange, leaf: Leaf, step: int, fits: Callable[[Json], bool]) -> Argument | None:
        """The argument that gave the row this leaf: one that fits and is called like the column; else one that fits
        and is not called like another column of the kind, since the assignee may happen to be the reporter too; else
        one called like the column, whose value was sent in other words: a key or a name for an id."""
        exchange = self.exchanges[step]
        columns = self.tables.get(change.table, {}).get("columns", {})
        own = leaf.path.split(".")[0]
        others = [name for name, kind in columns.items() if name != own and kind == columns.get(own)]
        said = arguments(exchange) if exchange.get("operation") else {}
        called = [path for path in said if _called(path, own)]
        fitting = [path for path, value in said.items() if fits(value)]
        free = [path for path in fitting if not any(_called(path, name) for name in others)]
        chosen = [path for path in fitting if path in called] or free or called
        return Argument(exchange["operation"], chosen[0], said[chosen[0]]) if chosen else None

    def _pair_leftovers(self, change: NetChange, gained: list[Leaf], items: list[Item]) -> list[Item]:
        """Where one thing that changed has no argument and one name in the request that changed it says nothing else,
        they belong together."""
        index = self._unsaid(change, items)
        if index is None:
            return items
        item = items[index]
        step = self._setter(change, next(leaf for leaf in gained if leaf.path == item.path))
        used = {(other.argument.operation, other.argument.path) for other in items if other.argument}
        row = self._names(change.table, change.id)
        said = identifiers(self.exchanges[step]).items()
        operation = self.exchanges[step]["operation"]
        names = [(path, value) for path, value in said if (operation, path) not in used and value not in row]
        if len(names) != 1:
            return items
        path, value = names[0]
        source = self.evidence.source(value, step) or Source("literal")
        argument = Argument(operation, path, value)
        text = item.kind == "piece"
        needs = (value,) if text and source.kind == "answer" else ()
        items[index] = _weighed(item.path, "piece" if text else "ref", item.wanted, (source,), argument, needs)
        return items

    def _unsaid(self, change: NetChange, items: list[Item]) -> int | None:
        """The place of the one item without an argument: a reference, as the status that a transition leads to, or the
        issue that is commented on; of several the one that the address is about. Where there is none, a text, as that
        of a page that is copied; else what changed of a row, as the rank of an issue that is put before another."""
        bare = [index for index, item in enumerate(items) if item.argument is None]
        found = [index for index in bare if items[index].kind == "ref"]
        if len(found) > 1:
            sent = arguments(self.exchanges[change.steps[0]])
            address = [value for path, value in sent.items() if path.startswith("path.")]
            found = [index for index in found if items[index].path in address]
        for kind in ("piece", "value") if change.action == "update" else ("piece",):
            found = found or [index for index in bare if items[index].kind == kind]
        return found[0] if len(found) == 1 else None


def _goal_names(changes: list[NetChange]) -> Iterator[tuple[tuple[str, str], str]]:
    counts: dict[str, int] = {}
    for change in changes:
        if change.action == "create":
            number = counts.get(change.table, 0)
            counts[change.table] = number + 1
            yield (change.table, change.id), f"{change.table}#{number}"
        else:
            yield (change.table, change.id), f"{change.table}:{change.id}"


def _weighed(
    path: str,
    kind: ItemKind,
    wanted: Json,
    sources: tuple[Source, ...],
    argument: Argument | None,
    needs: tuple[Json, ...] = (),
) -> Item:
    weight = max(WEIGHTS[source.kind] for source in sources)
    return Item(path, kind, wanted, weight, sources, needs, argument)


def _called(path: str, column: str) -> bool:
    """Whether an argument's path names a column: "body.fields.assignee.accountId", "body.spaceId" for `space`, or
    "body.timeSpent" for `timeSpentSeconds`."""
    members = [member.split("[")[0].lower() for member in path.split(".")[1:]]
    return column.lower().removesuffix("seconds") in [*members, *(member.removesuffix("id") for member in members)]


def _telling(part: str, source: Source) -> bool:
    """Whether a part of a document is content: a single small word of the instruction may well be glue."""
    return source.kind == "answer" or word_count(part) > 1 or part != part.lower() or not part.isalpha()


def _mentions(part: str, value: Json) -> bool:
    return contains(plain_text(value), part)
