"""Confluence storage format: what is refused, how it is kept, and what it says."""

from __future__ import annotations

import random
import re
from html.entities import name2codepoint

import pytest
from lxml import etree

from sandlot_server.documents import adf, storage

REFUSED = [
    ("<p>a</b></p>", "Unexpected close tag </b>; expected </p>.", (1, 5)),
    ("<p>one\n<br></p>", "Unexpected close tag </p>; expected </br>.", (2, 5)),
    ("<p>a", "Unexpected EOF; was expecting a close tag for element <p>", (1, 5)),
    ("<p>&foo;</p>", 'Undeclared general entity "foo"', (1, 4)),
    ("<x:y>a</x:y>", 'Undeclared namespace prefix "x"', (1, 1)),
    ("a < b", "Unexpected character ' ' (code 32) in content after '<' (malformed start element?).", (1, 4)),
    ('<a href="x" href="y">a</a>', "Duplicate attribute 'href'.", (1, 1)),
    ("<input checked>a</input>", "Unexpected character '>' (code 62) expected '='", (1, 15)),
    ("<p[>a</p>", "Unexpected character '[' (code 91) excepted space, or '>' or \"/>\"", (1, 3)),
]


@pytest.mark.parametrize(("xhtml", "reason", "place"), REFUSED, ids=[xhtml for xhtml, _, _ in REFUSED])
def test_what_is_refused_and_where(xhtml: str, reason: str, place: tuple[int, int]) -> None:
    row, column = place
    expected = f"Error parsing xhtml: {reason}\n at [row,col {{unknown-source}}]: [{row},{column}]"
    assert storage.validate(xhtml) == expected
    with pytest.raises(storage.Invalid, match=re.escape(expected)):
        storage.normalise(xhtml)


@pytest.mark.parametrize(
    "xhtml",
    ["a & b", "<p>a]]>b</p>", "<!-- open", "<![CDATA[open", "<a href=x>a</a>", '<a href="<">a</a>', "a\x01b",
     "<p></p></p>", "&#0;", "<!DOCTYPE html><p/>", "<p/ >", "</p >x", "<b>" * 150 + "</b>" * 150],
)  # fmt: skip
def test_more_that_is_refused(xhtml: str) -> None:
    assert storage.validate(xhtml) is not None


@pytest.mark.parametrize(
    "xhtml",
    ["", "plain text", "<p>a&nbsp;b &mdash; &#8212; &lt;</p>", "<p a='1' b = \"2\" >x</p >", "<!-- note --><br/>",
     "<ac:link><ri:page ri:content-title='A &amp; B'/></ac:link>", "<p>\u00e4\U0001f389</p>",
     "<ac:plain-text-body><![CDATA[<b>]] &]]></ac:plain-text-body>"],
)  # fmt: skip
def test_what_is_valid(xhtml: str) -> None:
    assert storage.validate(xhtml) is None


def test_validity_is_that_of_an_xml_parser() -> None:
    """On thousands of texts, most of them broken somewhere: valid here is well-formed for libxml2."""
    rng = random.Random(3)
    pieces = ["<p>", "</p>", "<br/>", "<br />", '<a href="x">', "</a>", "text", " & ", "&amp;", "&nbsp;", "<", ">",
              "]]>", "<![CDATA[", "<!--", "-->", "<ac:link>", "</ac:link>", "<b a='1' a='2'>", "</b>", "&#65;", '"',
              "<p a=1>",
              "<i\n>", "</i >", "<p b>", "\u00e4", "&foo;", "--"]  # fmt: skip
    verdicts = {True: 0, False: 0}
    for _ in range(6000):
        tags = [rng.choice(["p", "b", "i", "ac:link"]) for _ in range(rng.choice([0, 1, 2]))]
        inside = "".join(rng.choice(pieces) for _ in range(rng.choice([0, 1, 1, 2, 3])))
        xhtml = "".join(f"<{tag}>" for tag in tags) + inside + "".join(f"</{tag}>" for tag in reversed(tags))
        ours = storage.validate(xhtml) is None
        verdicts[ours] += 1
        assert ours == well_formed(xhtml), (storage.validate(xhtml), xhtml)
    assert min(verdicts.values()) > 500, verdicts


def well_formed(xhtml: str) -> bool:
    entities = "".join(f'<!ENTITY {name} "&#{code};">' for name, code in name2codepoint.items() if name not in XML_OWN)
    text = f'<!DOCTYPE r [{entities}]><r xmlns:ac="ac" xmlns:ri="ri">{xhtml}</r>'
    try:
        etree.fromstring(text.encode())
    except etree.XMLSyntaxError:
        return False
    return True


XML_OWN = ("lt", "gt", "amp", "quot", "apos")


def test_the_text_is_kept_as_given() -> None:
    xhtml = "<p  class='x'>a&nbsp;b <!-- c --></p>\n<ac:plain-text-body><![CDATA[<br/>]]></ac:plain-text-body>"
    assert storage.normalise(xhtml) == xhtml


def test_self_closing_tags_get_a_blank() -> None:
    assert storage.normalise('<br/><hr   /><img src="a"/>') == '<br /><hr /><img src="a" />'


def test_macros_get_their_version_and_id() -> None:
    xhtml = '<ac:structured-macro ac:name="toc"/><ac:structured-macro ac:name="info"></ac:structured-macro>'
    assert storage.normalise(xhtml, lambda number: f"id-{number}") == (
        '<ac:structured-macro ac:name="toc" ac:schema-version="1" ac:macro-id="id-0" />'
        '<ac:structured-macro ac:name="info" ac:schema-version="1" ac:macro-id="id-1"></ac:structured-macro>'
    )
    once = storage.normalise(xhtml)
    assert storage.normalise(xhtml) == once
    assert storage.normalise(once) == once
    assert len(set(re.findall('macro-id="([^"]+)"', once))) == 2


PAGE = """
<h1>Release &amp; rollout</h1>
<p>Ask <ac:link><ri:user ri:account-id="5b1"/></ac:link> or see
   <ac:link><ri:page ri:content-title="Runbook" ri:space-key="OPS"/></ac:link>.</p>
<ac:structured-macro ac:name="info"><ac:parameter ac:name="icon">false</ac:parameter>
  <ac:rich-text-body><p>Careful</p></ac:rich-text-body></ac:structured-macro>
<ul><li>one</li><li>two<ul><li>deep</li></ul></li></ul>
<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">sh</ac:parameter>
  <ac:plain-text-body><![CDATA[ls <dir>]]></ac:plain-text-body></ac:structured-macro>
<table><tbody><tr><th>Key</th><td colspan="2">Value</td></tr></tbody></table>
<ac:task-list><ac:task><ac:task-id>3</ac:task-id><ac:task-status>complete</ac:task-status>
  <ac:task-body>ship it</ac:task-body></ac:task></ac:task-list>
<p><ac:structured-macro ac:name="status"><ac:parameter ac:name="colour">Green</ac:parameter>
  <ac:parameter ac:name="title">LIVE</ac:parameter></ac:structured-macro> on <time datetime="2026-03-02"/></p>
"""


def test_the_text_of_a_page() -> None:
    assert storage.to_text(PAGE).split("\n") == [
        "Release & rollout", "Ask or see Runbook.", "Careful", "one", "two", "deep", "ls <dir>", "Key Value", "ship it",
        "LIVE on 2026-03-02",
    ]  # fmt: skip


def test_the_document_of_a_page() -> None:
    document = storage.to_adf(PAGE)
    assert adf.validate(document) is None
    assert [node["type"] for node in document["content"]] == [
        "heading", "paragraph", "panel", "bulletList", "codeBlock", "table", "taskList", "paragraph",
    ]  # fmt: skip
    _, asked, panel, bullets, code, table, tasks, last = document["content"]
    assert [node["type"] for node in asked["content"]] == ["text", "mention", "text", "text", "text"]
    assert asked["content"][3] == {
        "type": "text",
        "text": "Runbook",
        "marks": [{"type": "link", "attrs": {"href": "/wiki/display/OPS/Runbook"}}],
    }
    assert panel["attrs"] == {"panelType": "info"}
    assert [node["type"] for node in bullets["content"][1]["content"]] == ["paragraph", "bulletList"]
    assert code == {
        "type": "codeBlock",
        "attrs": {"language": "sh"},
        "content": [{"type": "text", "text": "ls <dir>"}],
    }
    assert table["content"][0]["content"][1]["attrs"] == {"colspan": 2}
    assert tasks["content"][0]["attrs"] == {"localId": "3", "state": "DONE"}
    assert last["content"][0] == {"type": "status", "attrs": {"text": "LIVE", "color": "green"}}


def test_the_view_of_a_page() -> None:
    view = storage.to_view(PAGE)
    assert "<h1>Release &amp; rollout</h1>" in view
    assert '<a class="confluence-userlink user-mention" data-account-id="5b1">@5b1</a>' in view
    assert '<a href="/wiki/display/OPS/Runbook">Runbook</a>' in view
    assert "confluence-information-macro-information" in view
    assert "ls &lt;dir&gt;</pre>" in view
    assert '<td colspan="2">Value</td>' in view
    assert '<li class="checked">ship it</li>' in view
    assert '<span class="status-macro aui-lozenge">LIVE</span>' in view
    assert "<ac:" not in view
    assert "icon" not in view


MORE = [
    ("bare text", ["paragraph"]),
    ("<div><p>a</p>b</div>", ["paragraph", "paragraph"]),
    ("<p>a<ac:image><ri:url ri:value='https://x.test/a.png'/></ac:image>b</p>",
     ["paragraph", "mediaSingle", "paragraph"]),
    ('<ac:structured-macro ac:name="toc"/>', ["extension"]),
    ("<ac:structured-macro ac:name='panel'><ac:rich-text-body><hr/></ac:rich-text-body></ac:structured-macro>",
     ["panel"]),
    ("<ac:layout><ac:layout-section ac:type='single'><ac:layout-cell><p>a</p></ac:layout-cell></ac:layout-section>"
     "</ac:layout>", ["paragraph"]),
    ("<pre>a\n  b</pre>", ["codeBlock"]),
    ("<ul><li><p style='text-align: center'>a</p></li></ul>", ["bulletList"]),
    ("<blockquote><p style='margin-left: 30px'>a</p></blockquote>", ["blockquote"]),
    ("<table><tr><td><p style='margin-left: 30px'>a</p></td></tr></table>", ["table"]),
    ("<blockquote><h2>t</h2></blockquote>", ["blockquote"]),
    ("<table></table>", ["table"]),
    (f"<ol start='{'9' * 5000}'><li>a</li></ol>", ["orderedList"]),
    (f"<table><tr><td colspan='{'9' * 5000}' rowspan='-1'>a</td></tr></table>", ["table"]),
    ("<ul></ul>", ["bulletList"]),
    ("<p><span style='color: rgb(255,0,0); background-color: #00ff00'><b>x</b></span></p>", ["paragraph"]),
    ("<ac:structured-macro ac:name='excerpt'><ac:rich-text-body><p>a</p></ac:rich-text-body></ac:structured-macro>",
     ["bodiedExtension"]),
]  # fmt: skip


@pytest.mark.parametrize(("xhtml", "types"), MORE, ids=[xhtml for xhtml, _ in MORE])
def test_more_that_becomes_a_valid_document(xhtml: str, types: list[str]) -> None:
    document = storage.to_adf(xhtml)
    assert adf.validate(document) is None
    assert [node["type"] for node in document["content"]] == types
    assert storage.validate(storage.to_view(xhtml)) is None


def test_any_storage_format_becomes_a_valid_document_and_view() -> None:
    """Elements nested at random, most of them where no editor would put them."""
    rng = random.Random(11)
    for _ in range(3000):
        xhtml = nested(rng, 0)
        document = storage.to_adf(xhtml)
        assert adf.validate(document) is None, xhtml
        assert storage.validate(storage.to_view(xhtml)) is None, xhtml
        assert adf.validate(storage.to_adf(storage.from_adf(document))) is None, xhtml
        storage.to_text(xhtml)


NAMES = [
    "p",
    "h2",
    "ul",
    "ol",
    "li",
    "blockquote",
    "table",
    "tbody",
    "tr",
    "td",
    "th",
    "pre",
    "div",
    "span",
    "strong",
    "em",
    "code",
    "sub",
    "a",
    "u",
    "s",
    "hr",
    "br",
    "ac:link",
    "ac:link-body",
    "ac:image",
    "ac:caption",
    "ac:task-list",
    "ac:task",
    "ac:task-body",
    "ac:task-status",
    "ac:layout",
    "ac:layout-section",
    "ac:layout-cell",
    "ac:structured-macro",
    "ac:parameter",
    "ac:rich-text-body",
    "ac:plain-text-body",
    "ac:adf-extension",
    "ac:adf-node",
    "ac:adf-attribute",
    "ac:adf-content",
    "ac:adf-fallback",
    "ac:emoticon",
    "ac:placeholder",
    "ac:inline-comment-marker",
    "time",
    "ri:user",
    "ri:page",
    "ri:url",
    "ri:attachment",
]
ATTRIBUTES = [
    'ac:name="info"',
    'ac:name="code"',
    'ac:name="expand"',
    'ac:name="status"',
    'ac:name="toc"',
    'ac:name="title"',
    'ac:ref="1"',
    'href="https://x.test"',
    'data-card-appearance="inline"',
    'data-card-appearance="block"',
    'data-card-appearance="embed"',
    'style="text-align:center"',
    'style="margin-left:60px"',
    'style="margin-left:..px"',
    'style="color:#ff0000"',
    'colspan="2"',
    'ri:account-id="1"',
    'ri:content-title="T"',
    'ri:filename="f"',
    'ri:value="u"',
    'ac:type="two_equal"',
    'type="panel"',
    'type="decision-list"',
    'key="panel-type"',
    'key="state"',
    'datetime="2026-01-01"',
    'datetime="no"',
    'start="4"',
    'ac:alt="a"',
]


def nested(rng: random.Random, depth: int) -> str:
    if depth > 5 or rng.random() < 0.2:
        return rng.choice(["", "a", " b ", "\n", "note", "&amp;"])
    name = rng.choice(NAMES)
    given = {attribute.partition("=")[0]: attribute for attribute in rng.sample(ATTRIBUTES, rng.choice([0, 1, 2, 3]))}
    inside = "".join(nested(rng, depth + 1) for _ in range(rng.choice([0, 1, 1, 2, 3])))
    return f"<{' '.join([name, *given.values()])}>{inside}</{name}>"
