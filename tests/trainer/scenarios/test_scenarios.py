"""What holds for every written scenario: the same tasks in every process, splits apart, nothing given away."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

import pytest

from sandlot_trainer.client import canonical_seed
from sandlot_trainer.scenarios import SCENARIOS
from sandlot_trainer.scenarios.base import SPLITS, Scenario, Split, Task
from sandlot_trainer.scenarios.vocabulary import belonging, split_of

MAIN_PHRASINGS = {
    "issue-create": ("PHRASINGS", "SUBTASK_PHRASINGS"),
    "issue-from-page": ("PHRASINGS",),
    "label-content": ("ISSUE_PHRASINGS", "BOTH_PHRASINGS", "RENAME_PHRASINGS"),
    "page-create": ("PHRASINGS",),
    "ticket-transition": ("PHRASINGS",),
}
"""The lists that an instruction of some level begins with."""


@pytest.fixture(params=SCENARIOS.values(), ids=list(SCENARIOS))
def scenario(request: pytest.FixtureRequest) -> Scenario:
    found: Scenario = request.param
    return found


def module_of(scenario: Scenario) -> ModuleType:
    return importlib.import_module(type(scenario).__module__)


@cache
def some_tasks(scenario: Scenario, split: Split) -> list[Task]:
    return [scenario.task(level, split, index) for level in scenario.levels for index in range(8)]


def pages(world: Any) -> Iterator[dict[str, Any]]:
    def walk(found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for page in found:
            yield page
            yield from walk(page.get("children", []))

    for space in world["spaces"]:
        yield from walk(space["pages"])


def test_each_is_covered_here() -> None:
    assert set(MAIN_PHRASINGS) == set(SCENARIOS)


def test_tasks_are_the_same_in_another_process() -> None:
    program = (
        "from sandlot_trainer.scenarios import SCENARIOS;"
        "from sandlot_trainer.client import canonical_seed as c;"
        "t = [s.task(l, 'test', 5) for s in SCENARIOS.values() for l in reversed(s.levels)];"
        "print(repr([(c(x.world).decode(), x.instruction, x.operations, x.facts) for x in t]))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    here = [one.task(level, "test", 5) for one in SCENARIOS.values() for level in reversed(one.levels)]
    assert run.stdout.strip() == repr(
        [(canonical_seed(task.world).decode(), task.instruction, task.operations, task.facts) for task in here]
    )


def test_tasks_differ(scenario: Scenario) -> None:
    for split in SPLITS:
        made = some_tasks(scenario, split)
        assert len({task.instruction for task in made}) == len(made)
        assert len({json.dumps(task.world) for task in made}) == len(made)


def test_phrasings_are_shared_out(scenario: Scenario) -> None:
    lists = {name: value for name, value in vars(module_of(scenario)).items() if name.endswith("PHRASINGS")}
    for name in MAIN_PHRASINGS[scenario.name]:
        assert len(lists[name]) >= 20
        for split in SPLITS:
            assert len(belonging(lists[name], split)) >= 3, (name, split)
    for name, phrasings in lists.items():
        if isinstance(phrasings, tuple):
            assert len(set(phrasings)) == len(phrasings)
            for split in SPLITS:
                assert belonging(phrasings, split), (name, split)


def test_instructions_are_filled_in(scenario: Scenario) -> None:
    for split in SPLITS:
        for task in some_tasks(scenario, split):
            assert not re.search(r"[{}]|None|''|\s\s", task.instruction), task.instruction
            assert task.instruction.rstrip("\"'")[-1] in ".?!", task.instruction


def test_open_words_of_the_splits_are_apart(scenario: Scenario) -> None:
    seen: dict[str, dict[str, set[str]]] = {}
    for split in SPLITS:
        found = seen.setdefault(split, {"name": set(), "key": set(), "title": set(), "text": set(), "label": set()})
        for task in some_tasks(scenario, split):
            world = task.world
            found["name"] |= {user["displayName"] for user in world["users"]}
            found["name"] |= {entry["name"] for entry in [*world["projects"], *world["spaces"]]}
            found["key"] |= {entry["key"] for entry in [*world["projects"], *world["spaces"]]}
            found["title"] |= {page["title"] for page in pages(world)}
            found["text"] |= {issue[field] for issue in world["issues"] for field in ("summary", "description")}
            found["label"] |= {label for issue in world["issues"] for label in issue.get("labels", ())}
        assert all(split_of(key) == split for key in found["key"])
        for name in found["name"]:
            assert all(split_of(word) == split for word in name.split())
    for one, other in (("train", "validation"), ("train", "test"), ("validation", "test")):
        for kind, values in seen[one].items():
            assert not values & seen[other][kind], kind


def test_ids_of_the_world_stand_in_no_instruction(scenario: Scenario) -> None:
    """What an instruction does not say has to be looked up: no ids, and no keys of issues but where it says so."""
    for split in SPLITS:
        for task in some_tasks(scenario, split):
            known = {str(value) for value in task.facts.values() if isinstance(value, str)}
            said = {
                issue["key"] for issue in task.world["issues"] if re.search(rf"\b{issue['key']}\b", task.instruction)
            }
            assert said <= known, (task.name, said)
            assert not re.search(r"\b\d{5,}\b", re.sub(r"[A-Z]{2}-\d{5}", "", task.instruction)), task.instruction


def test_harder_levels_offer_more_tools(scenario: Scenario) -> None:
    offered = [len(scenario.task(level, "train", 0).operations) for level in scenario.levels]
    assert offered == sorted(offered)
    assert offered[0] < offered[-1]


def test_levels_that_there_are_none_of_are_refused(scenario: Scenario) -> None:
    with pytest.raises(ValueError, match="levels 1, 2, 3, not 4"):
        scenario.task(4, "train", 0)
