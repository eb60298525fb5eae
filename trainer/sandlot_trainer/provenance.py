"""Where values come from: what a request carries, what an answer says, and whether a value was known before
its use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote

from sandlot_trainer.canonical import Json, contains, is_adf, normalise, plain_text, scalar

Exchange = Mapping[str, Any]

_PREFIX = re.compile(r"^/(?:rest/(?:api|agile|greenhopper|software)/[^/]+|wiki/api/v2|wiki/rest/api)(?=/)")
_PLAIN_SEGMENT = re.compile(r"[a-z][A-Za-z-]*")
_NESTED_NAME = re.compile(r"(?:^|[.\]])(?:id|key|name|accountId)$")
_COMPOUND_NAME = re.compile(r"[a-z](?:Id|Ids|Key|Keys|IdOrKey|KeyOrId|Issue|Epic)$")
_PAGING = frozenset({"query.limit", "query.maxResults", "query.start", "query.startAt", "query.cursor"})


@dataclass(frozen=True)
class Source:
    """Where a value stood before it was used. `default`: the server chose it; `literal`: it stood nowhere."""

    kind: Literal["instruction", "answer", "default", "literal"]
    operation: str | None = None
    path: str | None = None

    def __str__(self) -> str:
        return f"{self.operation} {self.path}" if self.kind == "answer" else self.kind


def arguments(exchange: Exchange) -> dict[str, Json]:
    """Everything a request says, flat: "path.0" and on (after the API's prefix), "query.title",
    "body.fields.project.key".

    A document (ADF) counts as one value. Nothing is converted.
    """
    path = _PREFIX.sub("", str(exchange["path"]))
    found: dict[str, Json] = {
        f"path.{index}": unquote(segment) for index, segment in enumerate(path.strip("/").split("/"))
    }
    for name, value in parse_qsl(str(exchange.get("query") or ""), keep_blank_values=True):
        found[f"query.{name}"] = value
    found.update(_flat("body", exchange.get("request")))
    return found


def identifiers(exchange: Exchange) -> dict[str, str]:
    """The arguments that name an entity, by their look: path segments that are no words of the API, and
    members called id, key, name or accountId inside of an object, or ending in Id, Key, Issue or Epic."""
    named = {}
    for path, value in arguments(exchange).items():
        if not isinstance(value, (str, int)) or isinstance(value, bool):
            continue
        if path.startswith("path."):
            naming = not _PLAIN_SEGMENT.fullmatch(str(value))
        else:
            nested = path.startswith("body.") and _NESTED_NAME.search(path.removeprefix("body."))
            naming = bool(nested and path.count(".") > 1) or bool(_COMPOUND_NAME.search(path))
        if naming:
            named[path] = scalar(value)
    return named


def is_write(exchange: Exchange) -> bool:
    return exchange["method"] not in ("GET", "HEAD", "OPTIONS")


def succeeded(exchange: Exchange) -> bool:
    """Whether it was granted: some writes answer by the address of a task that does them (303)."""
    return 200 <= int(exchange["status"]) < 400


def rejected(exchange: Exchange) -> bool:
    return 400 <= int(exchange["status"]) < 500


def _flat(path: str, value: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(value, Mapping) and not is_adf(value):
        for name, member in value.items():
            yield from _flat(f"{path}.{name}", member)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _flat(f"{path}[{index}]", member)
    elif value is not None:
        yield path, value


class Answer:
    """What one exchange answered, and what its request had said already."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    @cached_property
    def texts(self) -> list[tuple[str, str]]:
        """(path, text) of every value of the answer, list positions left out of the path."""
        flat = _flat("", self.exchange.get("response"))
        return [(re.sub(r"\[\d+\]", "[]", path).lstrip("."), plain_text(value)) for path, value in flat]

    @cached_property
    def asked(self) -> list[str]:
        return [plain_text(value) for path, value in arguments(self.exchange).items() if path not in _PAGING]

    def path_of(self, value: str) -> str | None:
        """The path where the answer says `value`, unless the request had said it first: an echo proves
        nothing."""
        path = next((path for path, text in self.texts if text == value), None)
        if path is None and not value.isdigit():
            path = next((path for path, text in self.texts if contains(text, value)), None)
        if path is None:
            return None
        echoed = value in self.asked if value.isdigit() else any(contains(text, value) for text in self.asked)
        return None if echoed else path


class Evidence:
    """What an agent could know at each step of its trace: the instruction, and the successful answers so
    far."""

    def __init__(self, instruction: str, exchanges: list[dict[str, Any]]) -> None:
        self.exchanges = exchanges
        self._instruction = normalise(instruction)
        self._answers = {i: Answer(exchange) for i, exchange in enumerate(exchanges) if succeeded(exchange)}
        self._known: dict[str, list[tuple[int, Source]]] = {}

    def in_instruction(self, text: str) -> bool:
        return contains(self._instruction, text)

    def source(self, value: Json, step: int) -> Source | None:
        """Where `value` stood before exchange number `step` was sent; None where nowhere."""
        text = plain_text(value)
        if not text:
            return None
        if self.in_instruction(text):
            return Source("instruction")
        if text not in self._known:
            said = ((i, answer, answer.path_of(text)) for i, answer in self._answers.items())
            self._known[text] = [
                (i, Source("answer", answer.exchange.get("operation"), path)) for i, answer, path in said if path
            ]
        return next((source for i, source in self._known[text] if i < step), None)

    def composed(self, text: str, step: int) -> Source | None:
        """As `source`, also for a text put together from words that were known one by one, as a title may
        be."""
        whole = self.source(text, step)
        if whole is not None:
            return whole
        sources = [self.source(word, step) for word in text.split()]
        if not sources or None in sources:
            return None
        return next((source for source in sources if source and source.kind == "answer"), sources[0])

    def reference_source(self, id: str, step: int) -> Source | None:
        """Where the entity `id`, which exchange `step` refers to, was known from.

        An exchange that does not carry the id named the entity otherwise, by a key, a name, a transition:
        then every name that it does carry must have been known.
        """
        exchange = self.exchanges[step]
        if id in map(scalar, arguments(exchange).values()):
            return self.source(id, step)
        sources = [self.source(name, step) for name in identifiers(exchange).values()]
        if None in sources:
            return None
        return next((source for source in sources if source and source.kind == "answer"), None) or next(
            iter(sources), Source("default")
        )

    def answer_texts(self, step: int) -> Iterator[tuple[str, Source]]:
        """Every text that the successful answers before `step` gave, oldest first."""
        for i, answer in self._answers.items():
            if i < step:
                for path, text in answer.texts:
                    yield text, Source("answer", answer.exchange.get("operation"), path)
