"""ADF: which documents are valid, and their plain text."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from sandlot_server.documents import adf
from sandlot_server.documents.adf_schema import MARKS, RULES

Node = dict[str, Any]


def doc(*content: Node) -> Node:
    return {"type": "doc", "version": 1, "content": list(content)}


def node(name: str, *content: Node, **attributes: Any) -> Node:
    made: Node = {"type": name}
    if attributes:
        made["attrs"] = attributes
    if content:
        made["content"] = list(content)
    return made


def text(value: str, *marks: Node) -> Node:
    return {"type": "text", "text": value, **({"marks": list(marks)} if marks else {})}


def para(value: str) -> Node:
    return node("paragraph", text(value))


VALID = [
    doc(),
    doc(node("paragraph")),
    doc(para("a"), node("heading", text("h"), level=1), node("rule")),
    doc(node("bulletList", node("listItem", para("a"), node("orderedList", node("listItem", para("b")))))),
    doc(node("orderedList", node("listItem", para("a")), order=3)),
    doc(node("codeBlock", text("x = 1"), language="python")),
    doc(node("blockquote", para("q"))),
    doc(node("panel", para("p"), panelType="info")),
    doc(node("table", node("tableRow", node("tableHeader", para("h")), node("tableCell", para("c"), colspan=2)))),
    doc(node("paragraph", node("mention", id="5b1", text="@Ann"), node("emoji", shortName=":smile:"))),
    doc(node("paragraph", node("hardBreak"), node("date", timestamp="1700000000000"))),
    doc(node("paragraph", node("status", text="OK", color="green"), node("inlineCard", url="https://x.test"))),
    doc(node("blockCard", url="https://x.test")),
    doc(node("taskList", node("taskItem", text("t"), localId="1", state="TODO"), localId="0")),
    doc(node("decisionList", node("decisionItem", text("d"), localId="1", state="DECIDED"), localId="0")),
    doc(node("expand", para("e"), node("nestedExpand", para("n"), title="t"), title="more")),
    doc(node("mediaSingle", node("media", type="file", id="1", collection=""), layout="center")),
    doc(node("mediaGroup", node("media", type="external", url="https://x.test/a.png"))),
    doc(node("paragraph", text("b", {"type": "strong"}, {"type": "em"}, {"type": "underline"}))),
    doc(node("paragraph", text("c", {"type": "code"}, {"type": "link", "attrs": {"href": "https://x.test"}}))),
    doc(node("paragraph", text("c", {"type": "textColor", "attrs": {"color": "#ff0000"}}))),
    doc({**para("a"), "marks": [{"type": "alignment", "attrs": {"align": "center"}}]}),
]

INVALID = [
    ("a string", "plain"),
    ("nothing", None),
    ("no version", {"type": "doc", "content": []}),
    ("another version", {"type": "doc", "version": 2, "content": []}),
    ("no content", {"type": "doc", "version": 1}),
    ("an unknown member", {**doc(), "title": "t"}),
    ("text at the root", doc(text("a"))),
    ("an unknown node", doc(node("video"))),
    ("an empty text", doc(node("paragraph", text("")))),
    ("a heading without a level", doc(node("heading", text("h")))),
    ("a seventh level", doc(node("heading", text("h"), level=7))),
    ("an empty list", doc({"type": "bulletList", "content": []})),
    ("a paragraph in a list", doc(node("bulletList", para("a")))),
    ("a heading in an item", doc(node("bulletList", node("listItem", node("heading", text("h"), level=1))))),
    ("marks in code", doc(node("codeBlock", text("a", {"type": "strong"})))),
    ("code and strong", doc(node("paragraph", text("a", {"type": "strong"}, {"type": "code"})))),
    ("a link without href", doc(node("paragraph", text("a", {"type": "link", "attrs": {}})))),
    ("a colour by name", doc(node("paragraph", text("a", {"type": "textColor", "attrs": {"color": "red"}})))),
    ("an unknown mark", doc(node("paragraph", text("a", {"type": "bold"})))),
    ("a mark whose type is no text", doc(node("paragraph", text("a", {"type": {}})))),
    ("a panel of no type", doc(node("panel", para("p")))),
    ("a panel in a panel", doc(node("panel", node("panel", para("p"), panelType="info"), panelType="info"))),
    ("a table in a cell", doc(node("table", node("tableRow", node("tableCell", node("table")))))),
    ("an expand in an expand", doc(node("expand", node("expand", para("e"))))),
    ("a mention without id", doc(node("paragraph", node("mention", text="@Ann")))),
    ("an unknown attribute", doc({"type": "paragraph", "attrs": {"class": "x"}, "content": []})),
    ("content in a rule", doc(node("rule", para("a")))),
    ("both marks of a paragraph", doc({**para("a"), "marks": [
        {"type": "alignment", "attrs": {"align": "end"}}, {"type": "indentation", "attrs": {"level": 1}}]})),
]  # fmt: skip


@pytest.mark.parametrize("document", VALID, ids=range(len(VALID)))
def test_a_valid_document(document: Node) -> None:
    assert adf.validate(document) is None


@pytest.mark.parametrize(("case", "document"), INVALID, ids=[case for case, _ in INVALID])
def test_an_invalid_document(case: str, document: Any) -> None:
    assert adf.validate(document) is not None


def test_the_reason_names_the_place() -> None:
    reason = adf.validate(doc(para("a"), node("bulletList", node("listItem", node("rule")))))
    assert reason == "/content/1/content/0/content/0: a 'rule' is not allowed here"


def test_a_bottomless_document_is_refused() -> None:
    deep = node("listItem", para("a"))
    for _ in range(400):
        deep = node("listItem", node("bulletList", deep))
    assert adf.validate(doc(node("bulletList", deep))) is not None


@pytest.mark.parametrize("plain", ["", "one", "one\ntwo", "one\n\ntwo", "a\nb\n\nc d\ne"])
def test_text_becomes_a_document_and_back(plain: str) -> None:
    document = adf.from_text(plain)
    assert adf.validate(document) is None
    assert adf.to_text(document) == plain


def test_the_text_of_a_document() -> None:
    document = doc(
        node("heading", text("Plan"), level=2),
        node("paragraph", text("by "), node("mention", id="1", text="@Ann"), node("hardBreak"), text("soon")),
        node("bulletList", node("listItem", para("a"), node("bulletList", node("listItem", para("b")))),
             node("listItem", para("c"))),
        node("table", node("tableRow", node("tableHeader", para("x")), node("tableHeader", para("y"))),
             node("tableRow", node("tableCell", para("1")), node("tableCell", para("2")))),
        node("expand", para("hidden"), title="More"),
    )  # fmt: skip
    assert adf.to_text(document) == "Plan\n\nby @Ann\nsoon\n\na\nb\nc\n\nx\ty\n1\t2\n\nMore\n\nhidden"
    assert adf.to_text(None) == ""


def test_agreement_with_the_official_schema() -> None:
    """Thousands of documents, most of them slightly wrong: our verdict is the official schema's."""
    path = os.environ.get("SANDLOT_ADF_SCHEMA")
    if not path:
        pytest.skip("set SANDLOT_ADF_SCHEMA to the official ADF JSON schema to compare with it")
    official = jsonschema_rs.validator_for(json.loads(Path(path).read_text()))
    verdicts = {True: 0, False: 0}
    for document in random_documents(random.Random(7), 6000):
        ours = adf.validate(document)
        verdicts[ours is None] += 1
        assert (ours is None) == official.is_valid(document), (ours, json.dumps(document))
    assert min(verdicts.values()) > 500, verdicts


def random_documents(rng: random.Random, count: int) -> Iterator[Node]:
    for _ in range(count):
        blocks = [random_node(rng, rng.choice(ANY), 0) for _ in range(rng.choice([1, 1, 1, 2]))]
        yield doc(*blocks)


ANY = sorted({*(name.partition(":")[0] for name in RULES), "text"} - {"bodiedSyncBlock"})


def random_node(rng: random.Random, name: str, depth: int) -> Node:
    if name == "text":
        return {"type": "text", "text": rng.choice(["a", "b c", "x", ""] if rng.random() < 0.05 else ["a", "b"]),
                **random_marks(rng)}  # fmt: skip
    rule = RULES[name]
    made: Node = {"type": name}
    if rng.random() < (0.97 if rule.attributes_required else 0.3):
        made["attrs"] = random_attributes(rng, rng.choice(rule.attributes or ({"localId": "string"},)))
    if rng.random() < 0.08:
        made.update(random_marks(rng))
    if depth < 5 and (rule.children or rule.sequence) and rng.random() < 0.97:
        children = sorted(variant.partition(":")[0] for variant in rule.children or rule.sequence or ())
        if rng.random() < 0.1:
            children = ANY
        fewest = rule.fewest if rng.random() < 0.97 else 0
        wanted = rng.randint(fewest, min(rule.most or 9, fewest + rng.choice([0, 0, 1, 2])))
        chosen = list(rule.sequence)[:wanted] if rule.sequence else [rng.choice(children) for _ in range(wanted)]
        if name == "blockTaskItem":
            chosen = chosen[:2]  # the official schema leaves a third child unchecked
        made["content"] = [random_node(rng, child, depth + 1) for child in chosen]
    if rng.random() < 0.01:
        made[rng.choice(["content", "text", "attrs", "marks", "extra"])] = rng.choice([[], {}, "x", 1])
    return made


def random_marks(rng: random.Random) -> Node:
    if rng.random() < 0.7:
        return {}
    names = rng.sample(sorted(MARKS), rng.choice([0, 1, 1, 1, 2]))
    return {"marks": [random_mark(rng, name) for name in names]}


def random_mark(rng: random.Random, name: str) -> Node:
    attributes = MARKS[name]
    if attributes is None:
        return {"type": name, **({"attrs": {}} if rng.random() < 0.02 else {})}
    return {"type": name, "attrs": random_attributes(rng, attributes)}


def random_attributes(rng: random.Random, declared: dict[str, Any]) -> Node:
    made: Node = {}
    for key, check in declared.items():
        if rng.random() < (0.98 if key.endswith("!") else 0.3):
            made[key.rstrip("!")] = random_value(rng, check)
    if rng.random() < 0.02:
        made["unknown"] = 1
    return made


def random_value(rng: random.Random, check: Any) -> Any:
    if rng.random() < 0.04:
        return rng.choice(["", "x", -1, 0, 3, 101, 2.5, True, None, [], ["a"], [1], "#12345g", "\n"])
    if isinstance(check, frozenset):
        return rng.choice(sorted(check))
    if isinstance(check, tuple):
        return rng.choice([check[0], 2, 5.5])
    if not isinstance(check, str):
        return rng.choice(["#00ff00", "#00FF0011", "green", "neutral"])
    return {
        "string": "s", "filled": "f", "number": 4, "boolean": False, "any": {"a": [1]}, "strings": ["s"],
        "numbers": [1, 2], "datasource": {"id": "1", "parameters": {}, "views": [{"type": "table"}]},
    }[check]  # fmt: skip
