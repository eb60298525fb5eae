"""The issue-from-page tasks: what the issue is to be like stands on one page alone, among pages like it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from sandlot_trainer.scenarios.base import Task
from sandlot_trainer.scenarios.issue_from_page import AGREED, FIELDS, LINES, SCENARIO, WITHDRAWN


@cache
def tasks(level: int, n: int = 30) -> list[Task]:
    return [SCENARIO.task(level, "train", index) for index in range(n)]


def pages(task: Task) -> Iterator[dict[str, Any]]:
    waiting = [page for space in task.world["spaces"] for page in space["pages"]]
    while waiting:
        page = waiting.pop()
        waiting += page.get("children", [])
        yield page


def calling(task: Task) -> list[dict[str, Any]]:
    """The pages that say what an issue is to be like."""
    starts = [line.partition("{}")[0] for line in LINES["priority"]]
    return [page for page in pages(task) if any(start in page["body"] for start in starts)]


@pytest.mark.parametrize(("level", "others"), [(1, 0), (2, 1), (3, 1)])
def test_other_pages_look_like_the_one_meant(level: int, others: int) -> None:
    for task in tasks(level):
        found = calling(task)
        assert len(found) == 1 + others
        if level == 2:
            assert {page["title"] for page in found} == {task.facts["page"]}
        if level == 3:
            marks = sorted(re.match(r"<p>(\w+): order ([\w-]+)\.", page["body"]).groups() for page in found)  # type: ignore[union-attr]
            assert marks == [(AGREED, task.facts["order"]), (WITHDRAWN, task.facts["order"])]


def test_values_stand_on_the_page_alone() -> None:
    for level in SCENARIO.levels:
        for task in tasks(level):
            page = next(one for one in calling(task) if WITHDRAWN not in one["body"])
            lines = page["body"].removeprefix("<p>").removesuffix("</p>").split("</p><p>")
            for field in FIELDS[level]:
                patterns = [re.escape(line).replace(r"\{\}", "(.+)") for line in LINES[field]]
                values = [match[1] for line in lines for one in patterns if (match := re.fullmatch(one, line))]
                assert len(values) == 1, (field, lines)
                assert values[0] not in task.instruction


def test_a_page_fits_into_what_is_shown_of_an_answer() -> None:
    for level in SCENARIO.levels:
        assert all(len(page["body"]) < 1500 for task in tasks(level) for page in pages(task))
