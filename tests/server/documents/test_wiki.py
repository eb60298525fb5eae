"""Jira wiki markup: what each construct becomes, and how documents are written."""

from __future__ import annotations

import time
from typing import Any

import pytest

from sandlot_server.documents import adf, wiki

Node = dict[str, Any]


def text(value: str, *marks: Any) -> Node:
    named = [mark if isinstance(mark, dict) else {"type": mark} for mark in marks]
    return {"type": "text", "text": value, **({"marks": named} if named else {})}


def link(target: str) -> Node:
    return {"type": "link", "attrs": {"href": target}}


def node(name: str, *content: Node, **attributes: Any) -> Node:
    made: Node = {"type": name}
    if attributes:
        made["attrs"] = attributes
    if content:
        made["content"] = list(content)
    return made


def para(*content: Node | str) -> Node:
    return node("paragraph", *(text(part) if isinstance(part, str) else part for part in content))


def item(*content: Node | str) -> Node:
    return node("listItem", *(para(part) if isinstance(part, str) else part for part in content))


BREAK = node("hardBreak")
BOTH_WAYS: list[tuple[str, list[Node]]] = [
    ("plain text", [para("plain text")]),
    ("one\ntwo", [para("one", BREAK, "two")]),
    ("one\n\ntwo", [para("one"), para("two")]),
    ("h1. Title", [node("heading", text("Title"), level=1)]),
    ("h6. Small\n\ntext", [node("heading", text("Small"), level=6), para("text")]),
    ("*bold* _em_ +under+ -gone-", [para(
        text("bold", "strong"), " ", text("em", "em"), " ", text("under", "underline"), " ",
        text("gone", "strike"))]),
    ("*both _nested_*", [para(text("both ", "strong"), text("nested", "strong", "em"))]),
    ("un{*}believ{*}able", [para("un", text("believ", "strong"), "able")]),
    ("H~2~O and x^2^", [para("H~2~O and x^2^")]),
    ("H{~}2{~}O", [para("H", text("2", {"type": "subsup", "attrs": {"type": "sub"}}), "O")]),
    ("run {{make test}} now", [para("run ", text("make test", "code"), " now")]),
    ("{code:python}\nx = 1\ny = 2\n{code}", [node("codeBlock", text("x = 1\ny = 2"), language="python")]),
    ("{noformat}a * b{noformat}", [node("codeBlock", text("a * b"))]),
    ("{quote}\nsaid\n\ntwice\n{quote}", [node("blockquote", para("said"), para("twice"))]),
    ("{panel:bgColor=#fffae6}\ncare\n{panel}", [node("panel", para("care"), panelType="warning")]),
    ("* a\n* b", [node("bulletList", item("a"), item("b"))]),
    ("# a\n# b", [node("orderedList", item("a"), item("b"))]),
    ("* a\n*# b\n*# c\n* d", [node(
        "bulletList", item("a", node("orderedList", item("b"), item("c"))), item("d"))]),
    ("* a\nmore\n* b", [node("bulletList", item(para("a", BREAK, "more")), item("b"))]),
    ("* a\n{code:sh}ls{code}", [node("bulletList", item("a", node("codeBlock", text("ls"), language="sh")))]),
    ("||Name||Age||\n|Ann|41|", [node(
        "table",
        node("tableRow", node("tableHeader", para("Name")), node("tableHeader", para("Age"))),
        node("tableRow", node("tableCell", para("Ann")), node("tableCell", para("41"))))]),
    ("|a| |[x|https://x.test]|", [node("table", node(
        "tableRow", node("tableCell", para("a")), node("tableCell", para()),
        node("tableCell", para(text("x", link("https://x.test"))))))]),
    ("before\n\n----\n\nafter", [para("before"), node("rule"), para("after")]),
    ("[docs|https://x.test/a_b-c]", [para(text("docs", link("https://x.test/a_b-c")))]),
    ("[https://x.test]", [para(text("https://x.test", link("https://x.test")))]),
    ("[https://x.test|https://x.test|smart-link]", [para(node("inlineCard", url="https://x.test"))]),
    ("ask [~accountid:5b10:ac-8d] please", [para("ask ", node("mention", id="5b10:ac-8d"), " please")]),
    ("{color:#ff0000}red{color}", [para(text("red", {"type": "textColor", "attrs": {"color": "#ff0000"}}))]),
    ("!https://x.test/a.png!", [node("mediaSingle", node(
        "media", type="external", url="https://x.test/a.png"), layout="center")]),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "content"), BOTH_WAYS, ids=[markup for markup, _ in BOTH_WAYS])
def test_markup_and_document_say_the_same(markup: str, content: list[Node]) -> None:
    document = wiki.to_adf(markup)
    assert document == {"type": "doc", "version": 1, "content": content}
    assert adf.validate(document) is None
    assert wiki.from_adf(document).replace("\\", "") == markup


READ: list[tuple[str, list[Node]]] = [
    ("", []),
    ("\n\n", []),
    ("bq. wise", [node("blockquote", para("wise"))]),
    ("- a\n- b", [node("bulletList", item("a"), item("b"))]),
    ("h2.Title", [node("heading", text("Title"), level=2)]),
    ("a\\\\b", [para("a", BREAK, "b")]),
    ("see https://x.test/a, ok", [para("see ", text("https://x.test/a", link("https://x.test/a")), ", ok")]),
    ("2 * 3 * 4 and a - b - c", [para("2 * 3 * 4 and a - b - c")]),
    ("snake_case_name and well-known-word", [para("snake_case_name and well-known-word")]),
    ("\\*not bold\\*", [para("*not bold*")]),
    ("{color:red}r{color}", [para(text("r", {"type": "textColor", "attrs": {"color": "#ff0000"}}))]),
    ("[not a link]", [para("[not a link]")]),
    ("an {unknown} macro, an open {code}", [para("an {unknown} macro, an open {code}")]),
    ("text {quote}said{quote} more", [para("text "), node("blockquote", para("said")), para(" more")]),
    ("{quote}h1. Big{quote}", [node("blockquote", para("Big"))]),
    ("** deep first", [node("bulletList", item("deep first"))]),
    ("{code:title=x.py|language=python}a{code}", [node("codeBlock", text("a"), language="python")]),
    ("{panel:title=T}b{panel}", [node("panel", para(text("T", "strong")), para("b"), panelType="info")]),
    ("a\r\nb", [para("a", BREAK, "b")]),
]


@pytest.mark.parametrize(("markup", "content"), READ, ids=[repr(markup) for markup, _ in READ])
def test_reading(markup: str, content: list[Node]) -> None:
    document = wiki.to_adf(markup)
    assert document["content"] == content
    assert adf.validate(document) is None


WRITTEN: list[tuple[str, list[Node]]] = [
    ("\\* not a list", [para("* not a list")]),
    ("h1\\. not a heading", [para("h1. not a heading")]),
    ("\\*a\\* and \\{code}", [para("*a* and {code}")]),
    ("a*b and 1 - 2", [para("a*b and 1 - 2")]),
    ("-5 degrees", [para("-5 degrees")]),
    ("see\\\\", [para("see", BREAK)]),
    ("* t", [node("taskList", node("taskItem", text("t"), localId="1", state="TODO"), localId="0")]),
    ("@Ann: 2023-11-14 OK", [para(
        "@Ann: ", node("date", timestamp="1700000000000"), " ", node("status", text="OK", color="green"))]),
    ("*More*\n\nhidden", [node("expand", para("hidden"), title="More")]),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "content"), WRITTEN, ids=[markup for markup, _ in WRITTEN])
def test_writing(markup: str, content: list[Node]) -> None:
    assert wiki.from_adf({"type": "doc", "version": 1, "content": content}) == markup


def test_no_document_is_no_text() -> None:
    assert wiki.from_adf(None) == ""


@pytest.mark.parametrize("piece", ["*a ", "[", "{{", "{code}", "{quote}", "{color:red}", "|", "* a\n*", "\\", "_a*b "])
def test_hostile_markup_takes_no_more_than_its_length(piece: str) -> None:
    """Sixteen times the text takes about sixteen times as long; a reader that tries every pair would take 256 times."""

    def seconds(length: int) -> float:
        started = time.process_time()
        document = wiki.to_adf(piece * (length // len(piece)))
        taken = time.process_time() - started
        assert adf.validate(document) is None
        return taken

    short, long = min(seconds(2000) for _ in range(3)), min(seconds(32000) for _ in range(2))
    assert long < 80 * short
