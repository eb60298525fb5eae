"""Texts as a reader sees them, rows folded to their net change, and the best pairing."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandlot_trainer.canonical import contains, net_changes, plain_text, scalar, word_count
from sandlot_trainer.matching import best_pairs
from sandlot_trainer.provenance import Evidence, arguments, identifiers
from tests.trainer.traces import TABLES, Recorder


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>two</p>", "One two"),
        ("<p>a<strong>b</strong>c&nbsp;&amp;&lt;d&gt;</p>", "abc &<d>"),
        ("<ul><li>x</li><li>y</li></ul>", "x y"),
        ('<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[a < b]]></ac:plain-text-body>'
         "</ac:structured-macro>", "a < b"),
        ("line<br/>break", "line break"),
        ("  many   blanks\n", "many blanks"),
        ('{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"hi"}]}]}', "hi"),
        ({"type": "doc", "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": "a"}, {"type": "hardBreak"},
                                              {"type": "mention", "attrs": {"text": "@Bo"}}]},
            {"type": "bulletList", "content": [{"type": "listItem", "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": "b"}]}]}]}]}, "a @Bo b"),
        (None, ""),
        (3, "3"),
    ],
)  # fmt: skip
def test_plain_text_is_what_a_reader_sees(markup: Any, text: str) -> None:
    assert plain_text(markup) == text


@pytest.mark.parametrize(
    ("text", "part", "found"),
    [
        ("Look at OPS-12.", "OPS-12", True),
        ("Look at OPS-12.", "OPS-1", False),
        ("Look at OPS-12.", "12", False),
        ("It is 12.", "12", True),
        ("It is 12.5", "12", False),
        ("It is 3.12", "12", False),
        ("the red cable", "Red Cable", True),
        ("the red cables", "red cable", False),
        ("STRASSE straße", "straße", True),
        ("anything", "", False),
        ('say "(2)" now', "(2)", True),
    ],
)
def test_parts_stand_as_whole_words(text: str, part: str, found: bool) -> None:
    assert contains(text, part) == found


def test_scalars_have_one_spelling_and_words_are_counted() -> None:
    assert scalar(3) == scalar(3.0) == scalar("3") == "3"
    assert scalar(True) == "true"
    assert scalar([1, "a"]) == '[1,"a"]'
    assert word_count("It's 3.5 of OPS-12, (really)") == 5


def test_changes_fold_to_their_net() -> None:
    site = Recorder({"issue": {"1": {"id": "1", "summary": "a", "labels": ["x", "y"], "updated": 1}}})
    first = site.put("issue", "1", {"id": "1", "summary": "b", "labels": ["y", "x"], "updated": 2})
    second = site.put("issue", "1", {"id": "1", "summary": "a", "labels": ["y", "x"], "updated": 3})
    log = {"table": "changelog", "id": "5", "before": None, "after": {"id": "5"}}
    for change in (first, second, log):
        site.call("jira/editIssue", "PUT", "/rest/api/3/issue/1", changes=[change])
    assert net_changes(site.exchanges, TABLES) == []
    assert [change.action for change in net_changes(site.exchanges[:1], TABLES)] == ["update"]


def test_request_is_read_into_arguments_and_names() -> None:
    site = Recorder()
    adf = {"type": "doc", "version": 1, "content": []}
    body = {
        "fields": {"project": {"key": "OPS"}, "description": adf, "labels": ["a"]},
        "parentId": "7",
        "name": "x",
    }
    site.call("c/o", "POST", "/rest/api/3/issue/OPS-7/move", query="spaceKey=E%20N&n=", request=body)
    (exchange,) = site.exchanges
    assert arguments(exchange) == {
        "path.0": "issue",
        "path.1": "OPS-7",
        "path.2": "move",
        "query.spaceKey": "E N",
        "query.n": "",
        "body.fields.project.key": "OPS",
        "body.fields.description": adf,
        "body.fields.labels[0]": "a",
        "body.parentId": "7",
        "body.name": "x",
    }
    assert identifiers(exchange) == {
        "path.1": "OPS-7",
        "query.spaceKey": "E N",
        "body.fields.project.key": "OPS",
        "body.parentId": "7",
    }


@pytest.mark.parametrize("api", ["/rest/api/latest", "/rest/agile/1.0", "/rest/greenhopper/1.0", "/wiki/rest/api"])
def test_a_path_is_read_after_the_prefix_of_its_api(api: str) -> None:
    site = Recorder()
    site.call("c/o", "PUT", f"{api}/sprint/7", request={"issues": ["OPS-1"], "rankBeforeIssue": "OPS-2"})
    (exchange,) = site.exchanges
    assert identifiers(exchange) == {"path.1": "7", "body.rankBeforeIssue": "OPS-2"}


def test_value_is_known_from_the_first_answer_that_is_no_echo() -> None:
    site = Recorder()
    site.call(
        "a/find",
        "GET",
        "/rest/api/3/x",
        query="q=Blue+Car",
        response={"results": [{"name": "Blue Car", "id": 41}]},
    )
    site.call("a/get", "GET", "/rest/api/3/x/42", response={"id": "42", "owner": {"id": "77"}})
    site.call("a/get", "GET", "/rest/api/3/x/43", status=404, response={"id": "43", "hint": "88"})
    evidence = Evidence("Use page 5, please.", site.exchanges)
    assert str(evidence.source("5", 0)) == "instruction"
    assert str(evidence.source(41, 1)) == "a/find results[].id"
    assert evidence.source("41", 0) is None
    assert evidence.source("Blue Car", 9) is None
    assert evidence.source("42", 9) is None
    assert str(evidence.source("77", 2)) == "a/get owner.id"
    assert evidence.source("88", 9) is None


@settings(deadline=None)
@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), max_size=4)))
def test_best_pairs_gain_as_much_as_any_pairing(gain: list[list[int]]) -> None:
    columns = len(gain[0]) if gain else 0
    slots = [*range(columns), *[None] * len(gain)]
    best = max(
        sum(gain[row][column] for row, column in enumerate(choice) if column is not None)
        for choice in itertools.permutations(slots, len(gain))
    )
    pairs = best_pairs([[float(value) for value in line] for line in gain])
    assert len(set(pairs.values())) == len(pairs)
    assert sum(gain[row][column] for row, column in pairs.items()) == best
