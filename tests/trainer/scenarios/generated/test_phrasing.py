from __future__ import annotations

import random

import pytest

from sandlot_trainer.scenarios.base import SPLITS
from sandlot_trainer.scenarios.generated.phrasing import PHRASINGS, instruction, place_words
from sandlot_trainer.scenarios.vocabulary import belonging


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("fields.issuetype.name", "issue type"),
        ("fields.duedate", "due date"),
        ("parentId", "parent"),
        ("issueIdOrKey", "issue"),
        ("body.storage.value", "text"),
        ("update.comment.add.body", "comment"),
        ("title", "title"),
    ],
)
def test_a_place_in_words(name: str, words: str) -> None:
    assert place_words(name) == words


def test_what_says_itself_what_it_is_gets_no_name() -> None:
    said = [("issueIdOrKey", 'the issue "Door jams"'), ("fields.summary", '"Door opens"')]
    text = instruction(random.Random(1), "train", "Change an issue's fields; slowly", said)
    assert 'the issue "Door jams"; summary "Door opens"' in text
    assert "issue the issue" not in text
    assert "slowly" not in text


def test_every_split_has_phrasings_of_its_own() -> None:
    assert len(set(PHRASINGS)) >= 20
    assert all(len(belonging(PHRASINGS, split)) >= 3 for split in SPLITS)
