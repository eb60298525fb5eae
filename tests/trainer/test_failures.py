"""What went wrong in stored episodes: each kind of failure, from traces written by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandlot_trainer.failures import KINDS, Failure, failure_report, failures_of
from sandlot_trainer.rubric import Rubric, compile_rubric, score
from sandlot_trainer.tools import ToolBox, ToolError
from tests.trainer.fakes import CONTRACT
from tests.trainer.issue_site import IssueSite
from tests.trainer.traces import TABLES, NamedTask, PageSite, Recorder

RUBRIC = compile_rubric(NamedTask("page-create/1/test/3", PageSite.instruction), TABLES, PageSite.oracle().trace)


def entry(site: Recorder, rubric: Rubric = RUBRIC, **record: Any) -> dict[str, Any]:
    """A line of an episode file, with what a failure is read from."""
    result = score(rubric, site.trace)
    told = {"stop": "finished", "malformed": [], "unknown_tools": [], "messages": []}
    return {
        "outcome": {"task": rubric.task, "success": result.success},
        "record": {**told, **record},
        "score": result.to_json(),
        "rubric": rubric.to_json(),
        "trace": site.trace,
    }


def kinds(site: Recorder, rubric: Rubric = RUBRIC, **record: Any) -> dict[str, str]:
    """The failures of an episode: kind to (last) detail."""
    return {failure.kind: failure.detail for failure in failures_of(entry(site, rubric, **record))}


def after_reading() -> PageSite:
    site = PageSite()
    site.read_issue()
    site.read_parent()
    return site


def test_a_success_has_no_failures_whatever_happened_on_the_way() -> None:
    assert failures_of(entry(PageSite.oracle(), unknown_tools=["getWeather"], malformed=["{"])) == ()


def test_a_program_that_failed_is_told_by_its_last_words() -> None:
    record = {"stop": "exit status 1", "work": {"exit_status": 1, "stdout": "", "stderr": "Traceback\nKeyError: 'x'\n"}}
    assert kinds(PageSite(), **record) == {"program failed": "exit status 1: Traceback\nKeyError: 'x'"}


def test_calls_that_are_none() -> None:
    record = {"malformed": ['{"name": '], "unknown_tools": ["makePage", "makePage"], "stop": "no valid call"}
    assert failures_of(entry(PageSite(), **record)) == (
        Failure("malformed call", '{"name": '),
        Failure("hallucinated tool", "makePage"),
        Failure("limit met", "no valid call"),
    )


def test_stops() -> None:
    assert kinds(PageSite()) == {"no call": "said that it was done before any request was made"}
    assert kinds(after_reading()) == {"early stop after reading": "2 reads, no write"}
    assert kinds(after_reading(), stop="turn limit") == {"limit met": "turn limit"}


def test_giving_up_after_an_error() -> None:
    site = after_reading()
    site.create(space="ENG", refuse=True)
    assert kinds(site)["gave up after an error"] == "confluence/createPage 400"
    site.read_parent()
    assert "gave up after an error" not in kinds(site)
    told = [{"role": "tool", "content": '{"error":"There is no tool makePage."}'}, {"role": "assistant", "content": ""}]
    assert "There is no tool makePage" in kinds(site, messages=told)["gave up after an error"]


def test_dropped_fields_are_those_that_the_request_has_no_place_for() -> None:
    site = after_reading()
    site.create(parent="502", text="")
    site.exchanges[-1]["request"].pop("body")
    found = kinds(site)
    assert found["dropped required field"] == "confluence/createPage without body.body.value"
    assert found["wrong entity"] == "page#0 parent: 502 instead of 501"
    assert "wrong value" not in found


def test_a_call_without_its_place_is_told_of_in_the_words_of_the_tools() -> None:
    toolbox = ToolBox.from_contract({"jira": CONTRACT}, ["jira/readNote"])
    with pytest.raises(ToolError) as refused:
        toolbox.request("readNote", {})
    told = [{"role": "tool", "content": json.dumps({"error": str(refused.value)})}]
    assert kinds(after_reading(), messages=told)["dropped required field"] == "readNote without id"


def test_wrong_values_in_accepted_and_in_refused_calls() -> None:
    for refuse in (False, True):
        site = after_reading()
        site.create(title="Notes", refuse=refuse)
        assert kinds(site)["wrong value"] == "page#0 title: Notes instead of Release Notes"


def test_a_wholly_wrong_attempt_is_read_too() -> None:
    site = after_reading()
    site.create(title="Foo", space="1", parent="2", text="<p>x</p>")
    found = [failure for failure in failures_of(entry(site)) if failure.kind.startswith("wrong")]
    assert {failure.detail.split(":")[0] for failure in found} == {
        "page#0 space",
        "page#0 parent",
        "page#0 title",
        "page#0 body",
    }


def test_values_used_before_they_were_read_and_values_never_read() -> None:
    site = PageSite()
    site.read_parent()
    site.create()
    assert kinds(site) == {"value never read": f"page#0 body {PageSite.summary}"}
    site.read_issue()
    assert kinds(site) == {"wrong order": f"page#0 body {PageSite.summary} was used before it was read"}


def test_writes_in_an_order_that_was_refused() -> None:
    site = after_reading()
    site.create(refuse=True)
    site.create()
    site.edit("601", title="Touched")
    assert kinds(site) == {
        "wrong order": "confluence/createPage was refused (400), and taken later",
        "collateral change": "update page:601",
    }


def test_the_wrong_row_changed_and_a_goal_left_out() -> None:
    oracle = IssueSite()
    oracle.edit("OPS-1", summary="One")
    oracle.create("Roof drips")
    wanted = compile_rubric(NamedTask("t", 'Rename OPS-1 to One, and make "Roof drips".'), TABLES, oracle.trace)
    site = IssueSite()
    site.edit("OPS-2", summary="One")
    found = kinds(site, wanted)
    assert found["wrong entity"] == "issue:11: 12 instead of 11"
    assert found["goal left out"] == "issue#0"
    assert found["collateral change"] == "update issue:12"


def test_report_counts_episodes_and_gives_the_first_as_example() -> None:
    wrong = PageSite.oracle()
    wrong.edit("601", title="Touched")
    wrong.edit("502", title="Touched too")
    report = failure_report([entry(PageSite.oracle()), entry(wrong), entry(after_reading()), entry(after_reading())])
    early = {"task": RUBRIC.task, "detail": "2 reads, no write"}
    first = {"task": RUBRIC.task, "detail": "update page:601"}
    assert report == {
        "early stop after reading": {"count": 2, "share": 0.5, "example": early},
        "collateral change": {"count": 1, "share": 0.25, "example": first},
    }
    assert list(report) == [kind for kind in KINDS if kind in report]
    assert failure_report([]) == {}
