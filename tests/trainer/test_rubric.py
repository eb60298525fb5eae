"""The reward on traces written by hand: every way to be wrong, every road that is right."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandlot_trainer.rubric import Rubric, RubricError, Score, compile_rubric, score
from tests.trainer.traces import TABLES, NamedTask, PageSite, Recorder

TASK = NamedTask("page-create/1/train/0", PageSite.instruction)
CONSTANTS = ("current", "draft", "live", "storage")
RUBRIC = compile_rubric(TASK, TABLES, PageSite.oracle().trace, CONSTANTS)


def reward(site: Recorder) -> float:
    return score(RUBRIC, site.trace).reward


def after_reading() -> PageSite:
    site = PageSite()
    site.read_issue()
    site.read_parent()
    return site


def line_of(result: Score, path: str, kind: str | None = None) -> Any:
    (line,) = [line for line in result.lines if line.path == path and (kind is None or line.kind == kind)]
    return line


def test_rubric_says_what_is_wanted_and_where_it_was_known_from() -> None:
    (goal,) = RUBRIC.goals
    found = {item.path: (item.kind, item.wanted, [str(source) for source in item.sources]) for item in goal.items}
    assert found == {
        "": ("row", "create", []),
        "space": ("ref", "77", ["confluence/getPages results[].spaceId"]),
        "parent": ("ref", "501", ["confluence/getPages results[].id"]),
        "title": ("text", "Release Notes", ["instruction"]),
        "status": ("value", "current", ["literal"]),
        "body": ("piece", PageSite.summary, ["jira/getIssue fields.summary"]),
    }
    assert RUBRIC.unexplained == ()


def test_oracle_scores_one_and_doing_nothing_zero() -> None:
    result = score(RUBRIC, PageSite.oracle().trace)
    assert (result.reward, result.success, result.collateral) == (1.0, True, ())
    assert reward(PageSite()) == 0.0
    assert reward(after_reading()) == 0.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "Release notes"},
        {"space": "78"},
        {"parent": "502"},
        {"text": "<p>Export button fails</p>"},
        {"text": ""},
        {"status": "draft"},
        {"subtype": "live"},
    ],
    ids=str,
)
def test_each_wrong_leaf_costs(wrong: dict[str, Any]) -> None:
    site = after_reading()
    site.create(**wrong)
    assert 0 < reward(site) <= 0.9


def test_title_alone_earns_its_share() -> None:
    site = PageSite()
    site.create(space="1", parent="1", text="<p>x</p>")
    result = score(RUBRIC, site.trace)
    assert line_of(result, "title").credit == 1.0
    assert 0.1 < result.reward < 0.3


def test_page_without_anything_right_earns_nothing() -> None:
    site = PageSite()
    site.create(title="Foo", space="1", parent="1", text="<p>x</p>")
    assert reward(site) == 0.0


@pytest.mark.parametrize("unread", ["issue", "parent"])
def test_right_value_without_reading_earns_nothing_for_that_leaf(unread: str) -> None:
    site = PageSite()
    if unread == "parent":
        site.read_issue()
    else:
        site.read_parent()
    site.create()
    result = score(RUBRIC, site.trace)
    leaf = line_of(result, "body" if unread == "issue" else "parent")
    assert (leaf.right, leaf.proven, leaf.credit) == (True, False, 0.0)
    assert 0 < result.reward <= 0.9


def test_reading_after_writing_is_too_late() -> None:
    site = PageSite()
    site.create()
    site.read_issue()
    site.read_parent()
    assert reward(site) == pytest.approx(reward(_only_guessed()))


def _only_guessed() -> PageSite:
    site = PageSite()
    site.create()
    return site


def test_guess_does_not_become_known_by_deleting_and_repeating_it() -> None:
    site = PageSite()
    site.read_issue()
    page = site.create()
    site.read_page(page)
    site.delete(page)
    site.create()
    assert not line_of(score(RUBRIC, site.trace), "parent").proven


def test_id_given_in_the_request_is_not_proven_by_its_echo() -> None:
    site = PageSite()
    site.read_issue()
    site.read_page("501")
    site.create()
    result = score(RUBRIC, site.trace)
    assert not line_of(result, "parent").proven
    assert line_of(result, "space").proven


def test_duplicate_and_other_changes_are_collateral() -> None:
    for extra in ("duplicate", "edit", "delete", "trash"):
        site = after_reading()
        site.create()
        if extra == "duplicate":
            site.create()
        elif extra == "edit":
            site.edit("502", title="Changed")
        else:
            site.delete("502", trash=extra == "trash")
        result = score(RUBRIC, site.trace)
        assert not result.success
        assert len(result.collateral) == 1
        assert result.reward == pytest.approx(0.81)


@pytest.mark.parametrize("trash", [False, True])
def test_page_that_came_and_went_is_no_collateral(trash: bool) -> None:
    site = after_reading()
    site.delete(site.create(title="Wrong"), trash=trash)
    site.create()
    assert reward(site) == 1.0


def test_edit_that_is_taken_back_is_no_collateral() -> None:
    site = after_reading()
    site.create()
    site.edit("502", title="Changed")
    site.edit("502", title="Archive")
    assert reward(site) == 1.0


def test_create_then_edit_and_the_older_endpoints_count_as_much() -> None:
    site = after_reading()
    page = site.create(title="Draft", text="<p>later</p>", parent="502")
    site.edit(page, title="Release Notes", parent="501", body=f"<p>{PageSite.summary}</p>")
    assert reward(site) == 1.0
    older = after_reading()
    older.create_by_v1()
    assert reward(older) == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "<p><strong>Export</strong> button fails   on mobile</p>",
        "<h1>Summary</h1><p>Export button fails on mobile</p>",
        "Export&nbsp;button fails on mobile",
        "<p>The summary is: Export button fails on mobile.</p>",
    ],
)
def test_markup_and_a_few_words_around_do_not_matter(text: str) -> None:
    site = after_reading()
    site.create(text=text)
    assert reward(site) == 1.0


def test_document_that_lists_everything_is_not_right() -> None:
    site = after_reading()
    site.create(text=f"<p>{PageSite.summary} High OPS-7 Handbook current 501 77 500 301 and all the rest of it</p>")
    assert not line_of(score(RUBRIC, site.trace), "body").right


def test_refused_attempt_counts_by_its_arguments_and_only_the_last() -> None:
    site = after_reading()
    site.create(space="ENG", refuse=True)
    first = reward(site)
    assert 0 < first < 0.9
    site.create(title="Something", space="ENG", refuse=True)
    second = reward(site)
    assert second < first
    site.create(text="<p>no</p>", parent="502", refuse=True)
    assert line_of(score(RUBRIC, site.trace), "body").credit == 0.0  # no union over attempts


def test_accepted_attempt_is_worth_more_than_a_refused_one() -> None:
    refused, accepted = after_reading(), after_reading()
    refused.create(text="<p>x</p>", refuse=True)
    accepted.create(text="<p>x</p>")
    assert reward(refused) < reward(accepted)
    refused.create()
    assert reward(refused) == 1.0


def test_refused_arguments_need_reading_too() -> None:
    site = PageSite()
    site.create(refuse=True)
    result = score(RUBRIC, site.trace)
    assert {line.path for line in result.lines if line.credit} == {"title", "status"}


def test_making_a_page_under_each_candidate_does_not_beat_choosing_one() -> None:
    both, right, wrong = after_reading(), after_reading(), after_reading()
    both.create()
    both.create(parent="502")
    right.create()
    wrong.create(parent="502")
    assert reward(both) < (reward(right) + reward(wrong)) / 2


PARTS = ("title", "space", "parent", "text", "issue", "page", "accepted", "clean")


def _attempt(right: frozenset[str]) -> float:
    site = PageSite()
    if "issue" in right:
        site.read_issue()
    if "page" in right:
        site.read_parent()
    wrong = {"title": "No", "space": "78", "parent": "502", "text": "<p>No</p>"}
    site.create(**{k: v for k, v in wrong.items() if k not in right}, refuse="accepted" not in right)
    if "clean" not in right:
        site.edit("601", title="Touched")
    return reward(site)


def test_better_attempt_never_scores_lower() -> None:
    subsets = [frozenset(c) for n in range(len(PARTS) + 1) for c in itertools.combinations(PARTS, n)]
    rewards = {subset: _attempt(subset) for subset in subsets}
    for subset, value in rewards.items():
        assert value == 1.0 if subset == frozenset(PARTS) else value <= 0.9
        for part in set(PARTS) - subset:
            assert rewards[subset | {part}] >= value, (sorted(subset), part)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(["issue", "parent", "other", "refused"]), max_size=8))
def test_activity_alone_earns_nothing(calls: list[str]) -> None:
    site = PageSite()
    for call in calls:
        if call == "issue":
            site.read_issue()
        elif call == "parent":
            site.read_parent()
        elif call == "other":
            site.read_page("601")
        else:
            site.create(title="", space="", parent="", text="", refuse=True)
    assert reward(site) == 0.0


def test_json_round_trip_keeps_hash_and_figures() -> None:
    stored = json.loads(json.dumps(RUBRIC.to_json()))
    again = Rubric.from_json(stored)
    assert again == RUBRIC
    assert again.hash == RUBRIC.hash
    site = after_reading()
    site.create(parent="502")
    first = score(RUBRIC, site.trace)
    assert score(again, json.loads(json.dumps(site.trace))) == first
    assert Score.from_json(json.loads(json.dumps(first.to_json()))) == first
    assert compile_rubric(TASK, TABLES, PageSite.oracle().trace, CONSTANTS).hash == RUBRIC.hash


def test_binary_mode_pays_success_alone() -> None:
    assert score(RUBRIC, PageSite.oracle().trace, "binary").reward == 1.0
    site = after_reading()
    site.create(title="No")
    assert score(RUBRIC, site.trace, "binary").reward == 0.0


def test_score_is_printed_line_by_line() -> None:
    site = after_reading()
    site.create(parent="502")
    site.edit("601", title="Touched")
    text = score(RUBRIC, site.trace).render()
    assert "wrong  0.00/2.00 page#0 parent (ref): wanted '501', found '502' at call 3" in text
    assert "known from jira/getIssue fields.summary" in text
    assert "not asked for: update page:601" in text
    assert "order: page#0 not reached" in text


def test_each_line_says_at_which_call_it_was_done() -> None:
    site = after_reading()
    page = site.create(title="Draft", parent="502")
    site.read_page("601")
    site.edit(page, title="Release Notes")
    result = score(RUBRIC, site.trace)
    calls = {line.path: line.exchange for line in result.lines}
    assert calls == {"": 3, "space": 3, "parent": 3, "title": 5, "status": 3, "body": 3}
    site.edit(page, parent="501")
    result = score(RUBRIC, site.trace)
    assert line_of(result, "parent").exchange == 6
    assert result.reached() == {"page#0": 6}
    assert "order: page#0 reached at call 6" in result.render()
    assert {line.exchange for line in score(RUBRIC, PageSite().trace).lines} == {None}


def test_attempt_that_earned_nothing_is_shown_all_the_same() -> None:
    for refuse in (False, True):
        site = after_reading()
        site.create(title="Foo", space="1", parent="2", text="<p>x</p>", refuse=refuse)
        result = score(RUBRIC, site.trace)
        assert result.reward == 0.0
        assert (line_of(result, "title").found, line_of(result, "title").exchange) == ("Foo", 3)
        assert len(result.collateral) == (not refuse)


def test_scores_stored_without_the_number_of_the_call_are_read() -> None:
    stored = score(RUBRIC, PageSite.oracle().trace).to_json()
    for line in stored["lines"]:
        del line["exchange"]
    old = Score.from_json(json.loads(json.dumps(stored)))
    assert {line.exchange for line in old.lines} == {None}
    assert old.reached() == {"page#0": None}
    assert "order: page#0 reached" in old.render()


def test_failing_or_idle_oracle_is_refused() -> None:
    site = after_reading()
    with pytest.raises(RubricError, match="changed nothing"):
        compile_rubric(TASK, TABLES, site.trace)
    site.create(refuse=True)
    with pytest.raises(RubricError, match="was refused"):
        compile_rubric(TASK, TABLES, site.trace)
