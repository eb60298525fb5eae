"""The ticket-transition tasks: no transition leads there at once, and the first one at hand leads astray."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import pytest

from sandlot_trainer.scenarios.base import Task
from sandlot_trainer.scenarios.ticket_transition import SCENARIO
from sandlot_trainer.scenarios.workflows import Way

Choose = Callable[[Sequence[Any]], Any]


@cache
def tasks(level: int, n: int = 60) -> list[Task]:
    return [SCENARIO.task(level, "train", index) for index in range(n)]


def issue_and_transitions(task: Task) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The issue that is to be moved, and the transitions of its workflow in their order."""
    (issue,) = (
        one
        for one in task.world["issues"]
        if task.facts.get("issue") == one["key"] or task.facts.get("summary") == one["summary"]
    )
    (project,) = (one for one in task.world["projects"] if one["key"] == issue["key"].rpartition("-")[0])
    (workflow,) = (one for one in task.world["workflows"] if one["name"] == project["workflow"])
    return issue, workflow["transitions"]


def arrives(task: Task, choose: Choose, steps: int) -> bool:
    """Whether somebody who chooses so, and meets whatever a transition asks for, is there after some step."""
    issue, transitions = issue_and_transitions(task)
    status = issue["status"]
    for _ in range(steps):
        status = choose([one["to"] for one in transitions if status in one["from"]])
        if status == task.facts["wanted"]:
            return True
    return False


@pytest.mark.parametrize("level", SCENARIO.levels)
def test_no_transition_leads_there_at_once(level: int) -> None:
    for task in tasks(level):
        issue, transitions = issue_and_transitions(task)
        here = [one for one in transitions if issue["status"] in one["from"]]
        assert len(here) >= 3
        assert task.facts["wanted"] not in {one["to"] for one in here}


@pytest.mark.parametrize("level", SCENARIO.levels)
def test_going_the_first_way_nearly_never_arrives(level: int) -> None:
    assert sum(arrives(task, lambda ways: ways[0], 12) for task in tasks(level)) <= 6


@pytest.mark.parametrize(("level", "most"), [(1, 15), (2, 6), (3, 6)])
def test_guessing_as_many_steps_as_it_takes_seldom_arrives(level: int, most: int) -> None:
    draws = random.Random(1)
    steps = 2 if level == 1 else 3
    assert sum(arrives(task, draws.choice, steps) for task in tasks(level)) <= most


def test_projects_have_workflows_of_their_own() -> None:
    for task in tasks(3, 10):
        names = {project["workflow"] for project in task.world["projects"]}
        assert len(names) == len(task.world["projects"]) == len(task.world["workflows"])


def test_conditions_and_required_fields_occur() -> None:
    for level, kinds in ((1, set()), (2, {"assignee"}), (3, {"subtasks-done", "field-set"})):
        transitions = [one for task in tasks(level) for one in issue_and_transitions(task)[1]]
        assert {condition["kind"] for one in transitions for condition in one["conditions"]} == kinds
        fields = {name for one in transitions for name in one["fields"]}
        assert fields == ({"resolution"} if level == 1 else {"resolution", "comment"})


def test_a_due_date_is_not_always_needed() -> None:
    needed = [
        any(
            condition["kind"] == "field-set"
            for one in issue_and_transitions(task)[1]
            for condition in one["conditions"]
        )
        for task in tasks(3)
    ]
    assert 10 < sum(needed) < 55


def test_a_way_is_told_as_it_is_seeded() -> None:
    way = Way("OPS", ("Open", "Build", "Review", "Closed"), {"assignee": 1, "comment": 2}, "Fine.")
    assert way.text() == (
        "<p>OPS: Open, Build, Review, Closed. Only the assignee of an issue moves it from Build to Review."
        ' On the step from Review to Closed comment "Fine."</p>'
    )
    forward = {
        (one["from"][0], one["to"]): one for one in way.seed(random.Random(0))["transitions"] if one["to"] in way.path
    }
    assert forward["Build", "Review"]["conditions"] == [{"kind": "assignee"}]
    assert forward["Build", "Review"]["fields"] == {}
    assert forward["Review", "Closed"]["fields"] == {"resolution": {"required": True}, "comment": {"required": True}}
