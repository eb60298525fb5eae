"""The page-create tasks: the same in every process, their splits apart, their words the instruction's alone."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from sandlot_trainer.client import canonical_seed
from sandlot_trainer.scenarios import find_scenario
from sandlot_trainer.scenarios.base import SPLITS, Split, Task
from sandlot_trainer.scenarios.page_create import CONFLICT_PHRASINGS, PHRASINGS
from sandlot_trainer.scenarios.vocabulary import belonging, split_of

SCENARIO = find_scenario("page-create")


def tasks(split: Split, n: int = 40) -> list[Task]:
    return [SCENARIO.task(level, split, index) for level in SCENARIO.levels for index in range(n)]


def texts(task: Task) -> dict[str, list[str]]:
    """The open words of a world by kind."""
    world = task.world
    pages = [page for space in world["spaces"] for page in walk(space["pages"])]
    return {
        "name": [user["displayName"] for user in world["users"]] + [space["name"] for space in world["spaces"]],
        "key": [entry["key"] for entry in [*world["projects"], *world["spaces"]]],
        "title": [page["title"] for page in pages],
        "text": [issue[field] for issue in world["issues"] for field in ("summary", "description")],
    }


def walk(pages: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for page in pages:
        yield page
        yield from walk(page.get("children", []))


def test_task_is_the_same_in_another_process() -> None:
    program = (
        "from sandlot_trainer.scenarios import find_scenario as f;"
        "from sandlot_trainer.client import canonical_seed as c;"
        "t = [f('page-create').task(l, 'test', 5) for l in (1, 2, 3)];"
        "print(repr([(c(x.world).decode(), x.instruction, x.operations, x.facts) for x in t]))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    here = [SCENARIO.task(level, "test", 5) for level in SCENARIO.levels]
    assert run.stdout.strip() == repr(
        [(canonical_seed(task.world).decode(), task.instruction, task.operations, task.facts) for task in here]
    )


def test_tasks_are_those_that_the_published_figures_are_of() -> None:
    """A change here needs a new `version` of the scenario."""
    digest = hashlib.sha256()
    for level in SCENARIO.levels:
        for split in SPLITS:
            task = SCENARIO.task(level, split, 7)
            digest.update(canonical_seed(task.world))
            digest.update(task.instruction.encode())
    assert digest.hexdigest() == "6d7126c3194366398a5766a60f08ce5abb4cf41741ada53e9fbc86fe25433503"


def test_tasks_differ() -> None:
    for split in SPLITS:
        made = tasks(split)
        assert len({task.instruction for task in made}) == len(made)
        assert len({task.world["ids"] for task in made}) > len(made) * 0.9


def test_open_words_of_the_splits_are_apart() -> None:
    seen: dict[str, dict[str, set[str]]] = {split: {} for split in SPLITS}
    for split in SPLITS:
        for task in tasks(split):
            for kind, values in texts(task).items():
                seen[split].setdefault(kind, set()).update(values)
        assert all(split_of(key) == split for key in seen[split]["key"])
        for name in seen[split]["name"]:
            assert all(split_of(word) == split for word in name.split())
    for kind in ("name", "key", "title", "text"):
        assert not seen["train"][kind] & seen["test"][kind]
        assert not seen["train"][kind] & seen["validation"][kind]
        assert not seen["validation"][kind] & seen["test"][kind]


def test_phrasings_are_shared_out() -> None:
    for split in SPLITS:
        assert len(belonging(PHRASINGS, split)) >= 4
        assert belonging(CONFLICT_PHRASINGS, split)
    assert len(PHRASINGS) >= 20


@pytest.mark.parametrize("split", SPLITS)
def test_what_has_to_be_read_stands_not_in_the_instruction(split: Split) -> None:
    for task in tasks(split):
        issues = {issue["key"]: issue for issue in task.world["issues"]}
        if task.level < 3:
            field = task.facts["fields"][0]
            assert issues[task.facts["issue"]][field].lower() not in task.instruction.lower()
        else:
            assert not any(key in task.instruction for key in issues)


def test_worlds_hold_their_traps() -> None:
    for task in tasks("train"):
        homes = [
            space["key"]
            for space in task.world["spaces"]
            if any(page["title"] == task.facts["parent"] for page in walk(space["pages"]))
        ]
        assert len(homes) == (1 if task.level == 1 else 2)
    taken = [len(json.dumps(task.world)) for task in tasks("train")]
    assert min(taken) > 3000


def test_unknown_places_are_refused() -> None:
    with pytest.raises(ValueError, match="levels"):
        SCENARIO.task(4, "train", 0)
    with pytest.raises(ValueError, match="no scenario 'nope'"):
        find_scenario("nope")
