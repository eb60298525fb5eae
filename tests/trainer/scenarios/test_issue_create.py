"""The issue-create tasks: projects and people that resemble others, fields that only some projects require."""

from __future__ import annotations

import json
from functools import cache

from sandlot_trainer.scenarios.base import Task
from sandlot_trainer.scenarios.issue_create import SCENARIO


@cache
def tasks(level: int, n: int = 30) -> list[Task]:
    return [SCENARIO.task(level, "train", index) for index in range(n)]


def test_project_and_person_have_namesakes() -> None:
    for task in tasks(1):
        first_word = task.facts["project"].split()[0]
        assert len([one for one in task.world["projects"] if one["name"].split()[0] == first_word]) == 2
        names = [user["displayName"].split() for user in task.world["users"]]
        assert len({first for first, _ in names}) < len(names)
        assert len({" ".join(name) for name in names}) == len(names)


def test_required_fields_differ_by_project_and_type() -> None:
    for task in tasks(2):
        required = {
            (project["key"], name): frozenset(fields)
            for project in task.world["projects"]
            for name, fields in project["requiredFields"].items()
        }
        assert len(set(required.values())) > 5
        (project,) = (one for one in task.world["projects"] if one["name"] == task.facts["project"])
        wanted = required[project["key"], task.facts["type"]]
        assert len(wanted) == 2
        assert wanted < task.facts["extras"].keys()
        assert len(task.facts["extras"]) == 4


def test_what_a_subtask_inherits_is_not_in_the_instruction() -> None:
    for task in tasks(3):
        (parent,) = (one for one in task.world["issues"] if one["summary"] == task.facts["parent"])
        people = {user["emailAddress"]: user["displayName"] for user in task.world["users"]}
        for value in (parent["key"], parent["description"], parent["priority"], people[parent["reporter"]]):
            assert value not in task.instruction
        assert parent["priority"] != "Medium"  # what an issue has by itself


def test_summary_is_taken_in_the_project_elsewhere_or_nowhere() -> None:
    found = set()
    for task in tasks(3):
        (parent,) = (one for one in task.world["issues"] if one["summary"] == task.facts["parent"])
        same = [one["key"] for one in task.world["issues"] if one["summary"] == task.facts["summary"]]
        here = parent["key"].rpartition("-")[0]
        found.add("nowhere" if not same else "here" if same[0].startswith(f"{here}-") else "elsewhere")
    assert found == {"here", "elsewhere", "nowhere"}


def test_only_the_levels_with_custom_fields_require_them() -> None:
    assert "requiredFields" not in json.dumps(SCENARIO.task(1, "train", 0).world)
    assert "requiredFields" in json.dumps(SCENARIO.task(2, "train", 0).world)
