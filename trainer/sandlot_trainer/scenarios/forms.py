"""Made-up tool conversations that teach the form of calls: the warm start before the real tasks are trained
on.

Tools, parameters and answers are invented for each conversation; none of them is one of the products'. What
they have in common with the real tasks is that values are copied: from the instruction, and from the answers.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandlot_trainer.prompt import SYSTEM, call_text, compact_json, system_text
from sandlot_trainer.scenarios.base import task_random
from sandlot_trainer.scenarios.vocabulary import Vocabulary

VERSION = 4

READ, FIND, WRITE = (
    ("get", "fetch", "load", "show", "read", "open", "lookUp"),
    ("list", "find", "search", "query", "select", "match"),
    ("create", "add", "post", "register", "write", "submit", "record", "store", "put", "make"),
)
THINGS = (
    "animal bakery boat booking bottle camera car claim coat coin concert course crate dish doctor "
    "engine farm ferry film flight flower game garden gift hotel house invoice island kitchen lamp "
    "letter machine meal medal menu museum novel order painting parcel patient permit plane plant "
    "poem policy prize recipe refund rental river robot room route shelf ship shirt song stamp "
    "statue student suitcase tenant theater ticket tool tower toy train trip truck valley voucher "
    "wallet wine"
)
RECORDS = (
    "alert card entry event fact hint list log memo message note notice paper poster record report sign story tag text"
)
CODES = ("Code", "Number", "Ref", "No", "Mark")
NAMES = ("called", "known", "word", "term", "naming", "like")
HEADINGS = ("heading", "subject", "caption", "topic", "headline", "about")
ATTRIBUTES = (
    "color",
    "owner",
    "origin",
    "reason",
    "remark",
    "taste",
    "motto",
    "wish",
    "story",
    "advice",
    "rule",
    "cause",
)
WRAPS = (
    ("plain", "{}"),
    ("html", "<p>{}</p>"),
    ("html", "<div>{}</div>"),
    ("html", "<b>{}</b>"),
    ("markdown", "# {}"),
    ("quote", "> {}"),
)
STATES = (("mode", ("open", "shut", "idle")), ("kind", ("small", "large")), ("grade", ("low", "mid", "top")))


@dataclass(frozen=True)
class Conversation:
    """A whole conversation: system, user, assistant and tool messages, as `chat.supervised` takes them."""

    messages: tuple[dict[str, str], ...]


def form_examples(seed: int, n: int, first: int = 0) -> list[Conversation]:
    """`n` conversations of an endless series, from number `first` on; the same seed gives the same series."""
    return [_Form(task_random("forms", VERSION, seed, index)).conversation() for index in range(first, first + n)]


class _Form:
    """One invented world: a thing that can be read by its code, a thing that can be found by its name, and a
    record that can be written about them."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.words = Vocabulary(rng, "train")
        self.style: Callable[[str, str], str] = rng.choice((_camel, _snake, _kebab))
        self.read_thing, self.found_thing, self.other_thing = rng.sample(THINGS.split(), 3)
        self.record = rng.choice(RECORDS.split())
        self.tools: list[str] = []
        self.turns: list[tuple[str, dict[str, Any], Any]] = []
        self.code, self.found_name, self.heading = self._code(), self.words.title(), self.words.title()
        self.id_name = rng.choice(("id", "no", "ref", "nr"))

    def conversation(self) -> Conversation:
        shape = self.rng.choice(("read", "find", "both", "both", "neither"))
        copied = self._read() if shape in ("read", "both") else None
        found = self._find() if shape in ("find", "both") else None
        instruction = self._write(copied, found)
        if self.rng.random() < 0.3:
            self._distract()
        self.rng.shuffle(self.tools)
        messages = [
            {"role": "system", "content": system_text(SYSTEM, "\n".join(self.tools))},
            {"role": "user", "content": instruction},
        ]
        for name, arguments, answer in self.turns:
            messages.append({"role": "assistant", "content": call_text(name, arguments)})
            messages.append({"role": "tool", "content": compact_json(answer)})
        messages.append({"role": "assistant", "content": "Done."})
        return Conversation(tuple(messages))

    def _read(self) -> tuple[str, str]:
        """A call that reads the thing by its code; returns the attribute to be copied, and its value. Another one looks
        the same: its name alone says which is meant."""
        name = self.style(self.rng.choice(READ), self.read_thing)
        parameter = self.read_thing + self.rng.choice(CODES)
        wanted, alike, *others = self.rng.sample(ATTRIBUTES, self.rng.randint(2, 4))
        answer = {wanted: self._text(), alike: self._text()} | {attribute: self._value() for attribute in others}
        members = list(answer.items())
        self.rng.shuffle(members)
        self._tool(name, f"{parameter}{self._option()}", f"One {self.read_thing}")
        self.turns.append((name, {parameter: self.code}, {self.id_name: self._id(), **dict(members)}))
        return wanted, str(answer[wanted])

    def _find(self) -> dict[str, str]:
        """A call that finds the thing by its name; returns the ids that the record asks for."""
        name = self.style(self.rng.choice(FIND), f"{self.found_thing}s")
        parameter = self.rng.choice(NAMES)
        ids = {self.id_name: self._id()}
        if self.rng.random() < 0.6:
            ids[f"{self.other_thing}{self.rng.choice(CODES)}"] = self._id()
        entry = {self.id_name: ids[self.id_name], parameter: self.found_name, **ids}
        entries = [entry]
        if self.rng.random() < 0.3:
            strange = {member: self._id() for member in ids}
            entries.append({**strange, parameter: self.words.title()})
            self.rng.shuffle(entries)
        self._tool(name, f"{parameter}?{self._option()}", f"List {self.found_thing}s")
        self.turns.append((name, {parameter: self.found_name}, {"results": entries}))
        return ids

    def _write(self, copied: tuple[str, str] | None, found: dict[str, str] | None) -> str:
        """The call that writes the record; returns the instruction that asks for all of it."""
        name = self.style(self.rng.choice(WRITE), self.record)
        heading = self.rng.choice(HEADINGS)
        signature, arguments = [self._marked(heading)], {heading: self.heading}
        for member, value in (found or {}).items():
            parameter = self.style(self.found_thing, member) if member == self.id_name else member
            signature.append(self._marked(parameter))
            arguments[parameter] = value
        parts = [f'{self._ask()} the {self.record} "{self.heading}"']
        if found:
            parts.append(
                self.rng.choice(("for", "on", "about", "with")) + f' the {self.found_thing} "{self.found_name}"'
            )
        if copied:
            attribute, text = copied
            parts.append(f"that says the {attribute} of {self.read_thing} {self.code}")
        else:
            text = self.words.sentence()
            parts.append(f'that says "{text}"')
        self._content(signature, arguments, text)
        if self.rng.random() < 0.4:
            state, values = self.rng.choice(STATES)
            signature.append(f"{state}?: {'|'.join(values)}")
            arguments[state] = chosen = self.rng.choice(values)
            parts.append(f"({state} {chosen})")
        if self.rng.random() < 0.5:
            parts = [parts[0], *self.rng.sample(parts[1:], len(parts) - 1)]
        members = list(arguments.items())
        self.rng.shuffle(signature)
        self.rng.shuffle(members)
        self._tool(name, ", ".join(signature), f"{self.rng.choice(('Write', 'Add', 'Make'))} a {self.record}")
        self.turns.append((name, dict(members), {self.id_name: self._id(), heading: self.heading}))
        return " ".join(parts) + "."

    def _content(self, signature: list[str], arguments: dict[str, Any], text: str) -> None:
        """The record's text as an argument, plain, inside an object, or inside a list."""
        notation, wrap = self.rng.choice(WRAPS)
        member, inner = self.rng.sample(("text", "words", "content", "lines", "script"), 2)
        shape = self.rng.choice(("plain", "object", "object", "list"))
        if shape == "plain":
            signature.append(self._marked(member))
            arguments[member] = text
        elif shape == "object":
            others = sorted({name for name, _ in WRAPS} - {notation})
            shown = self.rng.sample([notation, *self.rng.sample(others, 1)], 2)
            signature.append(f"{self._marked(member)}: {{notation: {'|'.join(shown)}, {inner}}}")
            arguments[member] = {"notation": notation, inner: wrap.format(text)}
        else:
            signature.append(f"{self._marked(member)}: {{{inner}}}[]")
            arguments[member] = [{inner: text}]

    def _distract(self) -> None:
        verb = self.rng.choice((*READ, *FIND))
        self._tool(self.style(verb, f"{self.other_thing}s"), f"{self.rng.choice(NAMES)}?", "Something else")

    def _tool(self, name: str, inside: str, summary: str) -> None:
        self.tools.append(f"{name}({inside}) {summary}")

    def _ask(self) -> str:
        return self.rng.choice(("Create", "Add", "Make", "Write", "Please add", "I need", "Store", "Put up"))

    def _marked(self, parameter: str) -> str:
        """A parameter of the record: now and then one that may be left out. What the instruction gives is sent all
        the same."""
        return f"{parameter}{self.rng.choice(('', '?'))}"

    def _option(self) -> str:
        return self.rng.choice(("", "", ", most?: integer", ", since?", ", tags?: string[]"))

    def _value(self) -> Any:
        return self.rng.choice((self.words.label(), self.words.title(), self.rng.randint(1, 90), self.words.person()))

    def _text(self) -> str:
        return self.rng.choice((self.words.summary, self.words.sentence))()

    def _code(self) -> str:
        letters = "".join(self.rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=self.rng.randint(2, 3)))
        return f"{letters}{self.rng.choice('-/')}{self.rng.randint(1, 99)}"

    def _id(self) -> str:
        return str(self.rng.randint(1_000, 99_999))


def _camel(first: str, second: str) -> str:
    return f"{first}{second[0].upper()}{second[1:]}"


def _snake(first: str, second: str) -> str:
    return f"{first}_{second}".lower()


def _kebab(first: str, second: str) -> str:
    return f"{first}-{second}".lower()
