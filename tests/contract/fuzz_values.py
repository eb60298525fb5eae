"""Values for requests: such as the contract's schemas allow, and such as nobody should send."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import orjson

T = TypeVar("T")
HUGE = "x" * 100_000
# As they stand in a URL: what is no text at all, no number, or a number that is none of this world.
URL_TEXTS = (
    "999999999", "-1", "0", "007", "abc", "1.5", "1e3", "9" * 40, "9" * 5000, "-" + "9" * 19, str(2**31), str(2**63),
    "%00", "a%00b", "%ED%A0%80", "%FF", "%F0%9F%92%A9", "%E2%80%AEabc", "%D9%A3", "%C2%B2", "%EF%BC%91", "%20",
    "%2F", "a%2Fb", "..", "%25", "%0A", "null", "true", "[]", "*", "'", "%22", "%3Cb%3E", "~alex", "att1",
)  # fmt: skip
QUERY_TEXTS = ("", "+", "%2B3", "1,2,x", ",", ",,", "-created", "%5C", "(", "%28" * 2000, *URL_TEXTS)
# As members of a body.
TEXTS = (
    "", " ", "\0", "a\0b", "\U0001f4a9", "\u202eabc", "\ud7ff\ue000", "\ufffe", "e\u0301", "\u00b2", "\u0663",
    "999999999", "-1", "9" * 40, "9" * 5000, "1.5", "NaN", "null", "{}", "../../x", "a\r\nb", "<b>", "<p>" * 3000,
    "&#0;", "&#xD800;", "<![CDATA[", "<ac:structured-macro ac:name='a'>", "<ac:link><ri:page/></ac:link>",
    "{quote}" * 500, "*" * 3000, "[" * 3000, "(" * 3000, "|a|b|\n||c||", "# a\n" * 300, "{code:", "!x!", "[~", "h1.",
    "2026-02-30", "0000-00-00T00:00:00.000+0000", "99999-01-01", "1w 2d 3h", "9" * 30 + "w", "-1h",
    '{"type":"doc","version":1,"content":[{"type":"paragraph"}]}', '{"type":"doc"}', "[]", '{"type":', HUGE,
)  # fmt: skip
_SCALARS = (None, True, False, 0, -1, 1.5, 10**18, 2**63 - 1, -(2**63), 1e308, "", "x", [], {})


def nested(depth: int, opening: str = "[", closing: str = "]") -> bytes:
    return (opening * depth + closing * depth).encode()


# Whole bodies that no operation asks for.
BODIES = (
    b"", b" ", b"{", b"[]", b"{}", b"null", b"true", b"0", b"-1", b"1e400", b"NaN", b'"x"', b'"\\ud800"', b'"\\u0000"',
    b"[[]]", b"[null]", b"[0]", b'["x"]', b"[{}]", b'{"":{}}', b'{"\\u0000":"\\u0000"}', b"\xff\xfe", b"\xef\xbb\xbf{}",
    b'{"a":1,"a":2}', b"{}x", b'{"jql":"\\ud800"}x', b"9" * 5000, nested(900), nested(100_000),
    nested(900, '{"a":', "}").replace(b"{}", b"{}"), b'{"x":"' + b"x" * 100_000 + b'"}',
)  # fmt: skip

_PARAGRAPH = {"type": "paragraph", "content": [{"type": "text", "text": "a"}]}


def _list_of(depth: int) -> dict[str, Any]:
    node: dict[str, Any] = _PARAGRAPH
    for _ in range(depth):
        node = {"type": "bulletList", "content": [{"type": "listItem", "content": [_PARAGRAPH, node]}]}
    return node


DOCUMENTS = tuple(
    {"type": "doc", "version": 1, "content": content}
    for content in (
        [],
        [_PARAGRAPH],
        [{}],
        [{"type": "nothing"}],
        [{"type": "paragraph", "content": [{"type": "text"}]}],
        [{"type": "paragraph", "content": [{"type": "text", "text": "\0\u202e\ufffe"}]}],
        [{"type": "paragraph", "content": [{"type": "text", "text": "a", "marks": [{"type": "link"}]}]}],
        [{"type": "paragraph", "content": [{"type": "mention", "attrs": {"id": "nobody"}}]}],
        [{"type": "paragraph", "content": [{"type": "date", "attrs": {"timestamp": "x"}}]}],
        [{"type": "paragraph", "content": [{"type": "emoji", "attrs": {"shortName": ":x:"}}]}],
        [{"type": "heading", "attrs": {"level": 3}, "content": [{"type": "hardBreak"}]}],
        [{"type": "codeBlock", "attrs": {"language": "x"}, "content": [{"type": "text", "text": "{code}"}]}],
        [{"type": "table", "content": [{"type": "tableRow", "content": [{"type": "tableCell", "content": []}]}]}],
        [{"type": "panel", "attrs": {"panelType": "info"}, "content": [_PARAGRAPH]}, {"type": "rule"}],
        [{"type": "mediaSingle", "content": [{"type": "media", "attrs": {"type": "file", "id": "x"}}]}],
        [_list_of(8)],
        # As deep as a body may be.
        [_list_of(47)],
    )
)


class Samples:
    """Draws values that fit the schemas of one document, out of what is known of a site."""

    def __init__(self, document: dict[str, Any], known: dict[str, Any]) -> None:
        self._components = document["components"]
        self._known = known
        self._random = random.Random()

    def start(self, seed: str) -> None:
        """Draw from here on as the seed says."""
        self._random.seed(seed)

    def some(self, values: Sequence[T], most: int) -> list[T]:
        return self._random.sample(values, min(most, len(values)))

    def coin(self) -> bool:
        return self._random.random() < 0.5

    def resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            kind, name = node["$ref"].removeprefix("#/components/").split("/")
            node = self._components[kind][name]
        return node

    def known(self, name: str, declared: dict[str, Any], schema: dict[str, Any]) -> Any:
        """What a parameter or member of the name is on the site; None where there is nothing of that name."""
        kind = declared.get("x-entity") or schema.get("x-entity")
        return self._known.get(kind if kind is not None else name)

    def draw(self, schema: dict[str, Any], name: str = "", depth: int = 0) -> Any:
        pick = self._random
        schema = self.resolved(schema)
        if schema.get("nullable") and pick.random() < 0.1:
            return None
        if schema.get("x-sample") == "adf":
            return pick.choice(DOCUMENTS) if schema.get("type") == "object" else pick.choice(TEXTS)
        sample = schema.get("x-sample")
        if isinstance(sample, dict) and pick.random() < 0.8:
            # Whatever has versions has one.
            return 2 if "next" in sample else sample["value"] if "value" in sample else pick.choice(sample["of"])
        known = self.known(name, {}, schema)
        if known is not None and pick.random() < 0.85 and (fitting := _as_type(known, schema)) is not None:
            return fitting
        for kind in ("oneOf", "anyOf"):
            if kind in schema:
                return self.draw(pick.choice(schema[kind]), name, depth)
        if "enum" in schema:
            return pick.choice(schema["enum"])
        match schema.get("type") or ("object" if "properties" in schema or "allOf" in schema else None):
            case "object":
                return self._object(schema, depth)
            case "array":
                size = 0 if depth > 5 else pick.choice((0, 1, 1, 2))
                return [self.draw(schema.get("items", {}), name, depth + 1) for _ in range(size)]
            case "integer":
                return pick.choice((0, 1, 2, 7, -1, 10_000, 2**31 - 1, 2**53))
            case "number":
                return pick.choice((0, 1, 2.5, -1, 1e6))
            case "boolean":
                return pick.random() < 0.5
            case "string":
                return self._text(schema, name)
        return pick.choice((*_SCALARS, [1], {"a": [None]}, {"key": "x"}, {"id": "10000"}, {"name": "High"}))

    def _text(self, schema: dict[str, Any], name: str) -> str:
        pick = self._random
        if schema.get("format") in ("date", "date-time") or schema.get("x-sample") in ("date", "moment"):
            return pick.choice(("2026-04-01", "2026-04-01T10:00:00.000+0000", "2026-13-40"))
        if "pattern" in schema:
            return pick.choice(("1", "10000", "true"))
        plain = (
            "a",
            "New",
            "Runbooks",
            "<p>x</p>",
            "{panel}x{panel}",
            "2h",
            "https://x.example.com",
            "a@b.example",
        )
        return pick.choice((*plain, pick.choice(TEXTS)))

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        pick = self._random
        parts = [self.resolved(part) for part in (schema, *schema.get("allOf", ()))]
        members = {name: member for part in parts for name, member in part.get("properties", {}).items()}
        required = {name for part in parts for name in part.get("required", ())}
        made = {}
        for name, member in members.items():
            member = self.resolved(member)
            wanted = name in required or pick.random() < (0.1 if member.get("readOnly") or depth > 4 else 0.4)
            if wanted and depth < 9:
                made[name] = self.draw(member, name, depth + 1)
        if (more := schema.get("additionalProperties")) not in (None, False) and pick.random() < 0.5:
            name = pick.choice([*self._known["customFields"], "bogus", "labels", "summary"])
            made[name] = self.draw(more if isinstance(more, dict) else {}, "", depth + 1)
        return made


def _as_type(value: Any, schema: dict[str, Any]) -> Any:
    """The value as the type that a schema asks for; None where it cannot be."""
    match schema.get("type"):
        case "integer":
            return int(value) if str(value).lstrip("-").isdecimal() else None
        case "string":
            return str(value) if not isinstance(value, list) else None
        case "array":
            one = _as_type(value, schema.get("items", {}))
            return None if one is None else [one]
        case "boolean" | "object" | "number":
            return None
    return value


def spoilt(body: Any, seed: str, most: int) -> Iterator[Any]:
    """The body with one value in it replaced, removed or added: at every place in turn, some `most` times."""
    places = list(_places(body, ()))
    pick = random.Random(seed)
    strange = [(place, value) for place in places for value in (*_SCALARS, *TEXTS)]
    for place, value in pick.sample(strange, min(most, len(strange))):
        yield _replaced(body, place, value)
    for place in places[1:][: most // 4]:
        yield _replaced(body, place, ...)
    deep = orjson.Fragment(nested(300))
    for place in places[:: max(1, len(places) // 4)]:
        yield _replaced(body, place, deep)
        yield _replaced(body, (*place, "bogus"), "x")


def huge(body: Any) -> Iterator[Any]:
    """The body with one text in it that is far too long: every text in turn."""
    for place in _places(body, ()):
        value = body
        for part in place:
            value = value[part]
        if isinstance(value, str):
            yield _replaced(body, place, HUGE)


def _places(value: Any, at: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    yield at
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _places(member, (*at, name))
    elif isinstance(value, list) and len(at) < 12:
        for index, member in enumerate(value):
            yield from _places(member, (*at, index))


def _replaced(value: Any, place: tuple[Any, ...], by: Any) -> Any:
    """A copy with another value at the place; `...` takes it out."""
    if not place:
        return by
    head, *rest = place
    if isinstance(value, list) and isinstance(head, int):
        new = [] if by is ... and not rest else [_replaced(value[head], tuple(rest), by)]
        return [*value[:head], *new, *value[head + 1 :]]
    if not isinstance(value, dict):
        return value
    if by is ... and not rest:
        return {name: member for name, member in value.items() if name != head}
    return {**value, head: _replaced(value.get(head), tuple(rest), by)}
