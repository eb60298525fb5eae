from __future__ import annotations

import pytest

from sandlot_trainer.figures import paired_difference, pass_k, summarise, wilson
from sandlot_trainer.outcomes import Outcome


def outcome(task: str, reward: float, attempt: int = 0) -> Outcome:
    return Outcome(task, attempt, reward, reward == 1.0, "finished", 4, 3, 0, 0, 0, 90, 400)


def test_a_summary_has_means_and_standard_errors() -> None:
    figures = summarise([outcome("a", 1.0), outcome("b", 1.0), outcome("c", 0.5), outcome("d", 0.5)])
    assert (figures.n, figures.tasks, figures.mean_reward, figures.success_rate) == (4, 4, 0.75, 0.5)
    assert figures.success_se == pytest.approx(0.25)
    assert figures.reward_se == pytest.approx(0.1443, abs=1e-4)
    assert (figures.sampled, figures.given, figures.calls) == (90, 400, 3)
    assert figures.stops == {"finished": 4}
    assert figures.pass_k == {"1": 0.5}


def test_nothing_is_not_summarised() -> None:
    with pytest.raises(ValueError, match="nothing to summarise"):
        summarise([])


def test_wilsons_interval() -> None:
    assert wilson(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson(0.0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(1.0, 200) == pytest.approx((0.9812, 1.0), abs=1e-4)
    assert wilson(1.0, 20)[1] == 1.0


def test_pass_k_is_the_chance_that_k_of_the_attempts_all_succeed() -> None:
    assert pass_k([[1, 1, 0, 0], [1, 1, 1, 1]]) == pytest.approx(
        {"1": (0.5 + 1) / 2, "2": (1 / 6 + 1) / 2, "3": 0.5, "4": 0.5}
    )
    assert list(pass_k([[1, 0], [1, 0, 1]])) == ["1", "2"]


def test_attempts_that_always_end_alike_count_as_one() -> None:
    single = [outcome("a", 1.0), outcome("b", 0.0), outcome("c", 1.0), outcome("d", 0.0)]
    fourfold = [outcome(one.task, one.reward, attempt) for one in single for attempt in range(4)]
    once, again = summarise(single), summarise(fourfold)
    assert (again.n, again.tasks) == (16, 4)
    assert (again.success_low, again.success_high) == pytest.approx((once.success_low, once.success_high))
    assert again.reward_se == pytest.approx(once.reward_se)


def test_attempts_that_end_independently_count_as_many() -> None:
    mixed = [outcome(task, float(attempt % 2), attempt) for task in "abcd" for attempt in range(4)]
    few = [outcome("a", 1.0), outcome("b", 0.0), outcome("c", 1.0), outcome("d", 0.0)]
    assert summarise(mixed).success_se <= summarise(few).success_se
    half_mixed = [*mixed[:-2], outcome("d", 1.0, 2), outcome("d", 1.0, 3)]
    assert summarise(half_mixed).success_se < summarise(few).success_se


def test_a_paired_difference_is_over_the_tasks_in_common() -> None:
    before = [outcome("a", 0.0), outcome("b", 0.0), outcome("c", 1.0), outcome("only before", 1.0)]
    after = [outcome("a", 1.0), outcome("b", 0.0), outcome("c", 1.0)]
    difference = paired_difference(before, after)
    assert difference.n == 3
    assert difference.mean == pytest.approx(1 / 3)
    assert difference.low < 0 < difference.high
    assert not difference.excludes_zero


def test_attempts_at_one_task_are_averaged() -> None:
    before = [outcome("a", 0.0, 0), outcome("a", 1.0, 1), outcome("b", 0.0)]
    after = [outcome("a", 1.0), outcome("b", 1.0)]
    assert paired_difference(before, after).mean == pytest.approx(0.75)


def test_no_common_task_is_an_error() -> None:
    with pytest.raises(ValueError, match="no task in common"):
        paired_difference([outcome("a", 1.0)], [outcome("b", 1.0)])
