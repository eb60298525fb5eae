"""What a trace came to, decided without scoring."""

from __future__ import annotations

from collections.abc import Mapping

from sandlot_trainer.audit.deeds import Measure
from sandlot_trainer.audit.verdicts import Standard, canonical
from sandlot_trainer.tools import Parameter, Tool
from tests.trainer.issue_site import IssueSite
from tests.trainer.traces import TABLES, PageSite, Recorder


def standard(site: Recorder, instruction: str = PageSite.instruction, tools: Mapping[str, Tool] = {}) -> Standard:
    return Standard.of(site.trace, TABLES, instruction, ("current",), tools)


def test_net_changes_are_equal_whatever_the_ids_and_the_order() -> None:
    def build(order: tuple[str, str], skip: int = 0) -> IssueSite:
        site = IssueSite()
        site.next_id += skip
        made = {summary: site.create(summary) for summary in order}
        id, key = made["Roof drips"]
        site.comment(key, id, f"See {key}")
        return site

    first = canonical(build(("Roof drips", "Door jams")).trace, TABLES)
    assert canonical(build(("Door jams", "Roof drips"), skip=5).trace, TABLES) == first
    other = build(("Roof drips", "Door jams"))
    other.comment("OPS-1", "11", "See OPS-1")
    assert canonical(other.trace, TABLES) != first


def test_what_was_used_must_have_stood_in_an_answer_that_is_no_echo() -> None:
    wanted = standard(PageSite.oracle())
    assert wanted.used == {PageSite.summary, "501", "77"}
    guessed, late, echoed = PageSite(), PageSite(), PageSite()
    guessed.create()
    late.create()
    late.read_issue()
    late.read_parent()
    echoed.read_issue()
    echoed.read_page("501")
    echoed.create()
    assert set(wanted.unread(guessed.trace)) == set(wanted.unread(late.trace)) == wanted.used
    assert list(wanted.unread(PageSite.oracle().trace)) == []
    echoed.exchanges[1]["path"] = "/wiki/api/v2/pages/501"
    echoed.exchanges[1]["query"] = "id=501"
    assert list(wanted.unread(echoed.trace)) == ["501"]


def test_better_is_what_surely_did_the_same_and_more_right() -> None:
    measure = Measure(PageSite.oracle().trace, TABLES)

    def deed(*extra: str, unread: frozenset[str] = frozenset(), **wrong: str) -> object:
        site = PageSite()
        site.create(**wrong)
        if "edit" in extra:
            site.edit("601", title="Touched")
        return measure.deed(site.trace, unread)

    def better(one: object, other: object) -> bool:
        return measure.better(one, other)  # type: ignore[arg-type]

    right, wrong, worse, harmful = deed(), deed(title="No"), deed(title="No", parent="502"), deed("edit")
    assert better(right, wrong)
    assert better(wrong, worse)
    assert better(right, harmful)
    assert better(right, deed(unread=frozenset({"501"})))
    assert not better(wrong, right)
    assert not better(wrong, harmful)
    assert not better(harmful, wrong)
    nothing = measure.deed(PageSite().trace, frozenset())
    assert not better(worse, nothing)


def test_entities_are_named_where_the_contract_says_so() -> None:
    place = ("jira-software/rankIssues", "PUT", "/rest/agile/1.0/issue/rank")
    issues = {"type": "array", "items": {"type": "string"}, "x-entity": "issue"}
    body = (Parameter("issues", ("body",), issues, False, False, ""),)
    tools = {place[0]: Tool("rankIssues", *place, "", body, "object")}

    def ranked(name: str) -> IssueSite:
        site = IssueSite()
        change = site.put("issue", "11", {**site.rows["issue"]["11"], "rank": "0|i:"})
        site.call(*place, request={"issues": [name]}, changes=[change])
        return site

    wanted = Standard.of(ranked("OPS-1").trace, TABLES, "Rank OPS-1 first.", (), tools)
    assert list(wanted.unread(ranked("OPS-1").trace)) == []
    assert list(wanted.unread(ranked("11").trace)) == ["11"]


def test_a_key_that_a_path_gave_is_the_callers_own() -> None:
    def kept(key: str, said: str) -> Recorder:
        site = Recorder()
        change = site.put("label", "5", {"id": "5", "key": key, "content": "501"})
        place = ("confluence-v1/createContentPropertyForKey", "POST", f"/wiki/rest/api/content/501/property/{key}")
        site.call(*place, request={"key": said}, changes=[change])
        return site

    assert canonical(kept("a b", "a b").trace, TABLES) == canonical(kept("a b", "other").trace, TABLES)
    assert canonical(kept("a b", "a b").trace, TABLES) != canonical(kept("c", "c").trace, TABLES)


def test_a_guess_that_a_later_write_replaced_counts_for_nothing() -> None:
    place = ("confluence-v1/movePage", "PUT")
    tool = Tool("movePage", *place, "/wiki/rest/api/content/{id}/move/append/{target}", "", (), None)

    def moved(*targets: str) -> PageSite:
        site = PageSite()
        site.read_parent()
        for target in targets:
            change = site.put("page", "601", {**site.rows["page"]["601"], "parent": target})
            site.call(*place, f"/wiki/rest/api/content/601/move/append/{target}", changes=[change])
        return site

    wanted = standard(moved("501"), 'Move page 601 under "Handbook".', {tool.operation: tool})
    assert list(wanted.unread(moved("501").trace)) == []
    assert list(wanted.unread(moved("77502", "501").trace)) == []
    assert list(wanted.unread(moved("501", "77502").trace)) == ["77502"]


def test_a_guess_of_the_row_itself_counts_though_a_later_write_replaced_it() -> None:
    tool = Tool(
        "doTransition", "jira/doTransition", "POST", "/rest/api/3/issue/{issueIdOrKey}/transitions", "", (), None
    )

    def transitioned(*names: str) -> IssueSite:
        site = IssueSite()
        for number, name in enumerate(names):
            change = site.put("issue", "11", {**site.rows["issue"]["11"], "status": str(number)})
            path = f"/rest/api/3/issue/{name}/transitions"
            site.call(tool.operation, tool.method, path, changes=[change])
        return site

    known = transitioned("OPS-1", "OPS-1")
    wanted = Standard.of(known.trace, TABLES, "Move OPS-1 on.", (), {tool.operation: tool})
    assert list(wanted.unread(known.trace)) == []
    assert list(wanted.unread(transitioned("11", "OPS-1").trace)) == ["11"]


def test_a_write_that_changes_nothing_is_idle() -> None:
    measure = Measure(PageSite.oracle().trace, TABLES)
    refused, granted = PageSite(), PageSite()
    refused.create(refuse=True)
    granted.call("confluence/updatePage", "PUT", "/wiki/api/v2/pages/501", request={}, changes=[])
    deeds = [measure.deed(site.trace, frozenset()) for site in (PageSite.oracle(), refused, granted)]
    assert [(deed.refused, deed.idle) for deed in deeds] == [(False, False), (True, False), (False, True)]
