"""What a trace came to, decided without scoring."""

from __future__ import annotations

from sandlot_trainer.audit.deeds import Measure
from sandlot_trainer.audit.verdicts import Standard, canonical
from tests.trainer.issue_site import IssueSite
from tests.trainer.traces import TABLES, PageSite, Recorder


def standard(site: Recorder, instruction: str = PageSite.instruction) -> Standard:
    return Standard.of(site.trace, TABLES, instruction, ("current",), {})


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
