"""Recorded calls as things that can be altered and made again: same seed, same ids."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from sandlot_trainer.canonical import is_adf, scalar
from sandlot_trainer.provenance import Exchange
from sandlot_trainer.tools import HttpRequest, Schema, Tool

Json = Any
Steps = tuple[str | int, ...]
"""The way to a leaf: ("path", 3), ("query", 0), ("body", "fields", "labels", 1)."""

_TEXTS_OF_DOCUMENTS = frozenset({"text", "id", "url", "href", "shortName"})


@dataclass(frozen=True)
class Leaf:
    """One value of a call, and the way to it. `member`: what the value is called, "" for a path parameter."""

    steps: Steps
    value: Json
    member: str = ""

    @property
    def name(self) -> str:
        """The way in one word: "body.fields.labels.1"."""
        return ".".join(map(str, self.steps))


@dataclass(frozen=True)
class RecordedCall:
    """A request as it was made; `template` is the contract's path, None where the contract has no such operation."""

    operation: str
    request: HttpRequest
    template: str | None

    @classmethod
    def of(cls, exchange: Exchange, tools: Mapping[str, Tool]) -> RecordedCall:
        """`tools` by operation."""
        request = HttpRequest(
            exchange["method"], quote(unquote(exchange["path"])), exchange["query"] or "", exchange["request"]
        )
        operation = exchange["operation"] or ""
        return cls(operation, request, tools[operation].path if operation in tools else None)

    def leaves(self) -> list[Leaf]:
        """Every value that the call sends: path parameters, query, body. Of a document its texts and names only."""
        found = [Leaf(("path", index), value) for index, value in self._placed()]
        pairs = parse_qsl(self.request.query, keep_blank_values=True)
        found += [Leaf(("query", index), value, name) for index, (name, value) in enumerate(pairs)]
        return [*found, *_leaves(("body",), self.request.body, False)]

    def with_value(self, steps: Steps, value: Json) -> RecordedCall:
        """The same call, saying `value` there."""
        request = self.request
        if steps[0] == "path":
            segments = request.path.split("/")
            segments[int(steps[1])] = quote(scalar(value), safe="")
            return replace(self, request=replace(request, path="/".join(segments)))
        if steps[0] == "query":
            pairs = parse_qsl(request.query, keep_blank_values=True)
            pairs[int(steps[1])] = (pairs[int(steps[1])][0], scalar(value))
            return replace(self, request=replace(request, query=urlencode(pairs, quote_via=quote)))
        body = json.loads(json.dumps(request.body))
        if len(steps) == 1:
            body = value
        else:
            _parent(body, steps)[steps[-1]] = value
        return replace(self, request=replace(request, body=body))

    def without(self, steps: Steps) -> RecordedCall | None:
        """The same call without that value; None where it cannot be made without."""
        request = self.request
        if steps[0] == "path" or len(steps) == 1:
            return None
        if steps[0] == "query":
            pairs = parse_qsl(request.query, keep_blank_values=True)
            del pairs[int(steps[1])]
            return replace(self, request=replace(request, query=urlencode(pairs, quote_via=quote)))
        body = json.loads(json.dumps(request.body))
        del _parent(body, steps)[steps[-1]]
        return replace(self, request=replace(request, body=body))

    def __str__(self) -> str:
        query = f"?{self.request.query}" if self.request.query else ""
        body = "" if self.request.body is None else f" {json.dumps(self.request.body, ensure_ascii=False)}"
        return f"{self.request.method} {self.request.path}{query}{body}"

    def _placed(self) -> Iterator[tuple[int, str]]:
        """The path's parameters: (number of the segment, value)."""
        segments = self.request.path.split("/")
        templated = (self.template or "").split("/")
        shift = len(segments) - len(templated)  # API version 2 and latest have the paths of 3
        for index, segment in enumerate(templated):
            if "{" in segment and index + shift < len(segments):
                yield index + shift, unquote(segments[index + shift])


def schema_of(leaf: Leaf, tool: Tool | None) -> Schema:
    """What the contract says of a value's place in a query or a body; nothing of any other, nor of what a body says
    again of the path."""
    if tool is None or leaf.steps[0] == "path":
        return {}
    steps: Steps = (leaf.member,) if leaf.steps[0] == "query" else leaf.steps[1:]
    name, *within = ("body", *steps) if tool.takes_body == "whole" and leaf.steps[0] == "body" else steps
    own = (parameter for parameter in tool.parameters if "path" not in parameter.places)
    found: Schema = next((parameter.schema for parameter in own if parameter.name == name), {})
    for step in within:
        found = _element(found) if isinstance(step, int) else found.get("properties", {}).get(step, {})
    return _element(found)


def _element(schema: Schema) -> Schema:
    """What is said of the elements where it is of a list, whose kind of thing is theirs; else the same."""
    for choice in ("oneOf", "anyOf", "allOf"):
        if schema.get(choice):
            return _element({**schema[choice][0], **_kind(schema)})
    return {**schema["items"], **_kind(schema)} if "items" in schema else schema


def _kind(schema: Schema) -> Schema:
    return {name: value for name, value in schema.items() if name == "x-entity"}


def _leaves(steps: Steps, value: Json, in_document: bool) -> Iterator[Leaf]:
    if isinstance(value, Mapping):
        document = in_document or is_adf(value)
        for name, member in value.items():
            yield from _leaves((*steps, name), member, document)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _leaves((*steps, index), member, in_document)
    elif value is not None and (not in_document or steps[-1] in _TEXTS_OF_DOCUMENTS):
        yield Leaf(steps, value, next((step for step in reversed(steps) if isinstance(step, str)), ""))


def _parent(body: Json, steps: Steps) -> Any:
    for step in steps[1:-1]:
        body = body[step]
    return body
