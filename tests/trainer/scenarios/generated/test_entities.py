"""The things of a workplace: which ones a task may choose, and how one is found in a list."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from sandlot_trainer.scenarios.base import Result
from sandlot_trainer.scenarios.generated.entities import ENTITIES, Choosing, entity
from sandlot_trainer.scenarios.generated.entities.base import listed
from sandlot_trainer.scenarios.generated.furnishing import FIRST_STATUS, Workplace
from sandlot_trainer.scenarios.vocabulary import Vocabulary

SEEDS = 40


def choosing(seed: int, level: int = 1) -> Choosing:
    rng = random.Random(seed)
    words = Vocabulary(rng, "train")
    return Choosing(rng, words, Workplace(rng, words), level)


def issue_of(task: Choosing) -> dict[str, Any]:
    return task.issue()


@pytest.mark.parametrize(
    ("kind", "fits"),
    [
        ("votedIssue", lambda task: task.company.caller in issue_of(task)["voters"]),
        ("unvotedIssue", lambda task: task.company.caller not in issue_of(task)["voters"]),
        ("sprintIssue", lambda task: "sprint" in issue_of(task)),
        ("epicIssue", lambda task: "parent" in issue_of(task)),
        ("waitingIssue", lambda task: issue_of(task)["status"] == FIRST_STATUS),
    ],
)
def test_a_narrower_kind_of_issue_is_an_issue_that_something_can_be_done_with(
    kind: str, fits: Callable[[Choosing], bool]
) -> None:
    assert entity(kind).role == "issue"
    for seed in range(SEEDS):
        task = choosing(seed)
        entity(kind).choose(task)
        assert fits(task)


def test_an_issue_goes_where_it_is_not_yet() -> None:
    for seed in range(SEEDS):
        task = choosing(seed)
        entity("sprint").choose(task)
        entity("issue").choose(task)
        sprint = task.last("sprint")
        assert sprint is not None
        assert task.issue()["key"].startswith(f"{sprint['project']}-")
        assert task.issue().get("sprint") != sprint["name"]
        other = choosing(seed)
        entity("epic").choose(other)
        entity("issue").choose(other)
        assert other.issue().get("parent") not in other.taken("epic", "key")


def test_an_issue_is_not_ranked_before_the_one_that_follows_it() -> None:
    for seed in range(SEEDS):
        task = choosing(seed)
        entity("issue").choose(task)
        first = task.issue()["key"]
        entity("laterIssue").choose(task)
        ranked = [issue["key"] for issue in task.company.ranked()]
        assert ranked.index(task.issue()["key"]) not in (ranked.index(first), ranked.index(first) + 1)


def test_sprints_of_one_task_are_of_one_board() -> None:
    for seed in range(SEEDS):
        task = choosing(seed)
        one, other = (entity("sprint").choose(task)[1] for _ in range(2))
        assert one["board"] == other["board"]
        assert one["name"] != other["name"]


def test_each_space_has_a_page_that_only_some_may_update_and_the_caller_is_among_them() -> None:
    for seed in range(SEEDS):
        task = choosing(seed)
        for kind, restricted in (("restrictedPage", True), ("openPage", False)):
            _, facts = entity(kind).choose(task)
            pages = [page for space in task.company.seed()["spaces"] for page in space["pages"]]
            pages += [child for page in pages for child in page.get("children", ())]
            (page,) = [page for page in pages if page["title"] == facts["title"]]
            assert ("restrictions" in page) == restricted
            assert not restricted or task.company.caller in page["restrictions"]["update"]


def test_what_a_thing_is_called_depends_on_the_level() -> None:
    for kind, member in (("issue", "summary"), ("epic", "summary"), ("project", "name"), ("space", "name")):
        (first, facts), (second, others) = (entity(kind).choose(choosing(3, level)) for level in (1, 2))
        assert facts["key"] in first
        assert others[member] in second
        assert others["key"] not in second


async def test_an_entry_is_the_one_that_has_all_that_is_wanted() -> None:
    async def call(tool: str, /, **asked: Any) -> Result:
        assert (tool, asked) == ("getPages", {"limit": 3})
        entries = [{"id": "1", "title": "A"}, {"id": "2", "title": "B"}, {"id": "3", "title": "B"}]
        return Result(200, {"results": entries})

    assert (await listed(call, "getPages", {"title": "B"}, limit=3))["id"] == "2"
    assert (await listed(call, "getPages", {"title": "B", "id": "3"}, limit=3))["id"] == "3"
    with pytest.raises(RuntimeError):
        await listed(call, "getPages", {"title": "C"}, limit=3)


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(ValueError, match="names an entity 'wheel'; there are issue"):
        entity("wheel")
    assert all(kind == one.kind for kind, one in ENTITIES.items())
