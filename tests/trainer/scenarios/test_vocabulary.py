"""The words of worlds: new each time, of one split, and the same in every process."""

from __future__ import annotations

import random
import re
import subprocess
import sys

import pytest

from sandlot_trainer.scenarios.base import SPLITS, Split
from sandlot_trainer.scenarios.vocabulary import Vocabulary, split_of

FAKED = ("company_name", "city", "order_number", "prose")


@pytest.mark.parametrize("split", SPLITS)
def test_faked_words_are_new_and_of_the_split(split: Split) -> None:
    words = Vocabulary(random.Random(1), split)
    for name in FAKED:
        drawn = [getattr(words, name)() for _ in range(20)]
        assert len(set(drawn)) == 20
        assert all(split_of(word) == split for word in drawn)
    days = [words.day(2027) for _ in range(20)]
    assert all(re.fullmatch(r"2027-\d\d-\d\d", day) and split_of(day) == split for day in days)


def test_worlds_that_are_made_by_turns_do_not_disturb_each_other() -> None:
    alone = Vocabulary(random.Random(1), "train")
    expected = [(alone.company_name(), alone.prose()) for _ in range(5)]
    one, other = Vocabulary(random.Random(1), "train"), Vocabulary(random.Random(2), "test")
    found = []
    for _ in range(5):
        company = one.company_name()
        other.prose()
        found.append((company, one.prose()))
        other.city()
    assert found == expected


def test_a_name_alike_shares_all_but_its_last_word() -> None:
    words = Vocabulary(random.Random(1), "train")
    assert words.alike("Golden Harbor").startswith("Golden ")
    assert words.alike("Golden Harbor") != "Golden Harbor"


def test_faker_is_loaded_by_the_worlds_that_need_it_alone() -> None:
    program = (
        "import sys; from sandlot_trainer.scenarios import find_scenario as f;"
        "f('page-create').task(3, 'test', 1); assert 'faker' not in sys.modules;"
        "f('label-content').task(1, 'test', 1); assert 'faker' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
