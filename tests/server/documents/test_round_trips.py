"""Documents survive the way through wiki markup and through storage format, and back."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sandlot_server.documents import adf, storage, wiki

Node = dict[str, Any]

WORDS = st.text(alphabet="abz09 äß*_-+^~|[]{}\\&#<>'\"!:;.,()/=@$%`?h1", min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
)
PLAIN_TEXT = WORDS.filter(lambda text: text != "" and "://" not in text)
MARKS: list[list[Node]] = [
    [],
    [{"type": "strong"}],
    [{"type": "em"}],
    [{"type": "strong"}, {"type": "em"}],
    [{"type": "underline"}, {"type": "strike"}],
    [{"type": "code"}],
    [{"type": "link", "attrs": {"href": "https://x.test/a?b=c_d&e"}}],
    [{"type": "link", "attrs": {"href": "https://x.test"}}, {"type": "strong"}],
    [{"type": "link", "attrs": {"href": "https://x.test"}}, {"type": "code"}],
    [{"type": "textColor", "attrs": {"color": "#ff0000"}}],
    [{"type": "subsup", "attrs": {"type": "sup"}}, {"type": "em"}],
]
TEXT = st.builds(
    lambda text, marks: {"type": "text", "text": text, **({"marks": marks} if marks else {})},
    PLAIN_TEXT,
    st.sampled_from(MARKS),
)
ATOM = st.sampled_from(
    [
        {"type": "hardBreak"},
        {"type": "mention", "attrs": {"id": "557058:ab-1"}},
        {"type": "inlineCard", "attrs": {"url": "https://x.test/browse/A-1"}},
    ]
)
CODE_TEXT = st.text(alphabet="ab *_|{}[]<>&\n", max_size=12).filter(
    lambda text: not text.startswith("\n") and not text.endswith("\n") and "]]>" not in text
)


def made(name: str, content: list[Node], **attributes: Any) -> Node:
    return {
        "type": name,
        **({"attrs": attributes} if attributes else {}),
        **({"content": content} if content else {}),
    }


def tidy(nodes: list[Node]) -> list[Node]:
    """As an editor would leave it: like text joined, no blanks or breaks at a paragraph's ends."""
    joined: list[Node] = []
    for node in nodes:
        if joined and node["type"] == "text" == joined[-1]["type"] and node.get("marks") == joined[-1].get("marks"):
            joined[-1] = {**joined[-1], "text": joined[-1]["text"] + node["text"]}
        else:
            joined.append(node)
    return joined


INLINE = st.lists(TEXT | TEXT | ATOM, min_size=1, max_size=5).map(tidy)
PARAGRAPH = INLINE.map(lambda content: made("paragraph", content))
HEADING = st.builds(lambda content, level: made("heading", content, level=level), INLINE, st.integers(1, 6))
CODE = st.builds(
    lambda text, language: made(
        "codeBlock",
        [{"type": "text", "text": text}] if text else [],
        **({"language": language} if language else {}),
    ),
    CODE_TEXT,
    st.sampled_from(["", "python", "c++"]),
)


def lists_of(items: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.builds(made, st.sampled_from(["bulletList", "orderedList"]), st.lists(items, min_size=1, max_size=3))


SHALLOW_LIST = lists_of(PARAGRAPH.map(lambda paragraph: made("listItem", [paragraph])))
LIST = lists_of(
    st.builds(
        lambda paragraph, nested: made("listItem", [paragraph, *nested]),
        PARAGRAPH,
        st.lists(SHALLOW_LIST, max_size=1) | st.lists(CODE, max_size=1),
    )
)
CELL = st.builds(
    lambda name, paragraph: made(name, [paragraph]), st.sampled_from(["tableCell", "tableHeader"]), PARAGRAPH
)
TABLE = st.lists(
    st.lists(CELL, min_size=1, max_size=3).map(lambda cells: made("tableRow", cells)), min_size=1, max_size=3
).map(lambda rows: made("table", rows))
QUOTE = st.lists(PARAGRAPH | SHALLOW_LIST, min_size=1, max_size=3).map(lambda content: made("blockquote", content))
PANEL = st.builds(
    lambda content, kind: made("panel", content, panelType=kind),
    st.lists(PARAGRAPH | HEADING | CODE, min_size=1, max_size=3),
    st.sampled_from(["info", "note", "warning", "success", "error"]),
)
BLOCK = PARAGRAPH | HEADING | CODE | LIST | TABLE | QUOTE | PANEL | st.just({"type": "rule"})
DOCUMENT = st.lists(BLOCK, max_size=5).map(lambda content: {"type": "doc", "version": 1, "content": content})


def canonical(node: Node) -> Node:
    """Marks have no order."""
    copied = dict(node)
    if "marks" in node:
        copied["marks"] = sorted(node["marks"], key=lambda mark: str(mark["type"]))
    if "content" in node:
        copied["content"] = [canonical(child) for child in node["content"]]
    return copied


@settings(max_examples=300, deadline=None)
@given(DOCUMENT)
def test_through_wiki_markup(document: Node) -> None:
    assert adf.validate(document) is None
    markup = wiki.from_adf(document)
    again = wiki.to_adf(markup)
    assert adf.validate(again) is None
    assert canonical(again) == canonical(document), markup
    assert wiki.from_adf(again) == markup


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab *_-+^~|[]{}\\\n#h1.:!codequtpanl&;/", max_size=60))
def test_any_text_is_markup(markup: str) -> None:
    document = wiki.to_adf(markup)
    assert adf.validate(document) is None
    assert adf.validate(wiki.to_adf(wiki.from_adf(document))) is None


STORED_BLOCK = BLOCK | st.sampled_from(
    [
        made("taskList", [made("taskItem", [{"type": "text", "text": "t"}], localId="7", state="DONE")], localId="a"),
        made("decisionList", [made("decisionItem", [{"type": "hardBreak"}], localId="1", state="OK")], localId="b"),
        made("expand", [made("paragraph", [{"type": "text", "text": "inside"}])], title="More <here>"),
        made("panel", [made("paragraph", [])], panelType="custom", panelColor="#ff0000"),
        made("mediaSingle", [made("media", [], type="external", url="https://x.test/a?b&c", alt="a")], layout="wide"),
        made("blockCard", [], url="https://x.test/browse/A-1"),
        made("layoutSection", [made("layoutColumn", [made("paragraph", [])], width=50) for _ in "ab"]),
        made("orderedList", [made("listItem", [made("paragraph", [])])], order=3),
        {**made("paragraph", [{"type": "text", "text": "c"}]), "marks": [made("alignment", [], align="center")]},
        made("paragraph", [
            made("date", [], timestamp="1700006400000"),
            made("status", [], text="In <review>", color="blue"),
            made("emoji", [], shortName=":tada:", id="1f389", text="\U0001f389"),
            made("placeholder", [], text="type here"),
        ]),
    ]
)  # fmt: skip
STORED = st.lists(STORED_BLOCK, max_size=5).map(lambda content: {"type": "doc", "version": 1, "content": content})


@settings(max_examples=300, deadline=None)
@given(STORED)
def test_through_storage_format(document: Node) -> None:
    assert adf.validate(document) is None
    xhtml = storage.from_adf(document)
    again = storage.to_adf(xhtml)
    assert adf.validate(again) is None
    assert canonical(again) == canonical(document), xhtml
    assert storage.normalise(xhtml) == xhtml
    storage.to_text(xhtml)
    storage.to_view(xhtml)
