"""The label-content tasks: what is to be labelled is a part of what has the label."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from sandlot_trainer.scenarios.base import Task
from sandlot_trainer.scenarios.company import all_pages
from sandlot_trainer.scenarios.label_content import SCENARIO


@cache
def tasks(level: int, n: int = 30) -> list[Task]:
    return [SCENARIO.task(level, "train", index) for index in range(n)]


def labelled_issues(task: Task) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The issues with the label: those that are meant, and the others."""
    (key,) = (one["key"] for one in task.world["projects"] if task.facts["project"] in (one["key"], one["name"]))
    found = [one for one in task.world["issues"] if task.facts["old"] in one["labels"]]
    meant = [
        one for one in found if one["key"].rpartition("-")[0] == key and task.facts.get("type") in (None, one["type"])
    ]
    return meant, [one for one in found if one not in meant]


def labelled_pages(task: Task) -> tuple[int, int]:
    """How many pages have the label: in the space that is meant, and elsewhere."""
    counts = {
        space["name"]: sum(task.facts["old"] in page.get("labels", ()) for page in all_pages(space))
        for space in task.world["spaces"]
    }
    here = counts.pop(task.facts["space"])
    return here, sum(counts.values())


def test_label_is_found_elsewhere_too_and_beside_others() -> None:
    for level in SCENARIO.levels:
        for task in tasks(level):
            meant, others = labelled_issues(task)
            assert len(meant) == 2
            assert len(others) >= 3
            assert all(len(issue["labels"]) > 1 for issue in meant)
            if level > 1:
                assert labelled_pages(task) == (2, 3)


def test_issues_of_another_type_keep_the_label() -> None:
    for task in tasks(2):
        (key,) = (one["key"] for one in task.world["projects"] if one["name"] == task.facts["project"])
        _, others = labelled_issues(task)
        assert any(one["key"].startswith(f"{key}-") for one in others)


def test_new_label_stands_on_the_policy_alone() -> None:
    for task in tasks(3):
        assert "new" not in task.facts
        (policy,) = (
            page for space in task.world["spaces"] for page in space["pages"] if page["title"] == task.facts["policy"]
        )
        assert task.facts["old"] in policy["body"]
        assert policy["body"].count("-") == 8  # four old labels, four new ones
        (line,) = (line for line in policy["body"].split("</p>") if task.facts["old"] in line)
        assert json.dumps(task.world).count(task.facts["old"]) == 11  # five issues, five pages, the policy
        assert not any(
            word in task.instruction for word in line.split() if "-" in word and task.facts["old"] not in word
        )
