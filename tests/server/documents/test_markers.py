from __future__ import annotations

import pytest

from sandlot_server.documents import adf, storage
from sandlot_server.documents.markers import marked, matches, unmarked


def under(text: str) -> str:
    return f'<ac:inline-comment-marker ac:ref="r">{text}</ac:inline-comment-marker>'


@pytest.mark.parametrize(
    ("xhtml", "selection", "count"),
    [
        ("<p>one two one</p>", "one", 2),
        ("<p>one two one</p>", "three", 0),
        ("<p>one</p>", "", 0),
        ("<p>one</p>", " \n", 0),
        ("<p>aaaa</p>", "aa", 2),
        ("<p>a  b\n c</p>", "a b c", 1),
        ("<p>a&nbsp;b &amp; c</p>", "a b & c", 1),
        ("<p>stop <b>the</b> writers</p>", "stop the writers", 1),
        ("<p>stop</p><p>the writers</p>", "stop the", 0),
        ("<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>", "ab", 0),
        ('<ac:structured-macro ac:name="x"><ac:parameter ac:name="t">no</ac:parameter></ac:structured-macro>', "no", 0),
        ("<ac:plain-text-body><![CDATA[code]]></ac:plain-text-body>", "code", 0),
        ("<ac:placeholder>hidden</ac:placeholder><p>seen</p>", "hidden", 0),
    ],
)
def test_matches_are_counted_in_what_a_reader_sees(xhtml: str, selection: str, count: int) -> None:
    assert matches(xhtml, selection) == count


@pytest.mark.parametrize(
    ("xhtml", "selection", "index", "expected"),
    [
        ("<p>one two one</p>", "one", 0, f"<p>{under('one')} two one</p>"),
        ("<p>one two one</p>", "one", 1, f"<p>one two {under('one')}</p>"),
        ("<p>a &lt; b</p>", "a < b", 0, f"<p>{under('a &lt; b')}</p>"),
        ("<p>go <b>now</b> on</p>", "go now", 0, f"<p>{under('go ')}<b>{under('now')}</b> on</p>"),
        ("<p>a \n b</p>", "a b", 0, f"<p>{under(f'a {chr(10)} b')}</p>"),
    ],
)
def test_a_match_is_marked_and_freed(xhtml: str, selection: str, index: int, expected: str) -> None:
    with_marker = marked(xhtml, selection, index, "r")
    assert with_marker == expected
    assert storage.validate(with_marker) is None
    assert storage.to_text(with_marker) == storage.to_text(xhtml)
    assert unmarked(with_marker, "r") == xhtml
    assert unmarked(with_marker, "other") == with_marker


def test_only_the_marker_that_is_named_goes() -> None:
    twice = marked(marked("<p>one two</p>", "one two", 0, "outer"), "two", 0, "inner")
    assert unmarked(twice, "outer") == marked("<p>one two</p>", "two", 0, "inner")
    assert unmarked(twice, "inner") == marked("<p>one two</p>", "one two", 0, "outer")


def test_a_marker_survives_the_way_through_adf() -> None:
    with_marker = marked("<p>one <strong>two</strong></p>", "one two", 0, "r")
    document = storage.to_adf(with_marker)
    assert adf.validate(document) is None
    annotation = {"type": "annotation", "attrs": {"id": "r", "annotationType": "inlineComment"}}
    assert all(annotation in text["marks"] for text in document["content"][0]["content"])
    assert unmarked(storage.from_adf(document), "r") == "<p>one <strong>two</strong></p>"
