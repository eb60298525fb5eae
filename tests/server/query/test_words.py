from __future__ import annotations

import pytest

from sandlot_server.query.words import matcher, stem


@pytest.mark.parametrize(
    "words",
    [
        ["fail", "fails", "failed", "failing"],
        ["create", "creates", "created", "creating"],
        ["stop", "stops", "stopped", "stopping"],
        ["retry", "retries", "retried", "retrying"],
        ["process", "processes", "processed", "processing"],
        ["box", "boxes"],
        ["issue", "issues"],
        ["call", "calls", "called", "calling"],
    ],
)
def test_forms_of_a_word_have_one_stem(words: list[str]) -> None:
    assert len({stem(word) for word in words}) == 1


@pytest.mark.parametrize("word", ["status", "need", "string", "this", "red", "sap4", "größe"])
def test_what_only_looks_like_an_ending_stays(word: str) -> None:
    assert stem(word) == word


TEXT = "The nightly backup of OPS-12 failed: disk is read-only (see runbook)."


@pytest.mark.parametrize(
    "query",
    [
        "backup",
        "BACKUPS fails",
        "disk nightly",
        '"nightly backup"',
        '"backup of OPS-12"',
        "OPS-12",
        "read-only",
        "run*",
        "night* disk",
        "n?ght*",
        "r*n*k",
        "tape OR disk",
        "disk AND runbook",
        "disk NOT tape",
        "+disk -tape",
        "the disk",
    ],
)
def test_found(query: str) -> None:
    assert matcher(query)(TEXT)


@pytest.mark.parametrize(
    "query",
    [
        "back",
        "disk tape",
        '"backup nightly"',
        "OPS-1",
        "only-read",
        "disk*s",
        "tape OR cloud",
        "disk -backup",
        "disk NOT runbook",
        "the",
        "",
        '""',
    ],
)
def test_not_found(query: str) -> None:
    assert not matcher(query)(TEXT)


def test_many_wildcards_cost_little() -> None:
    assert not matcher("a*" * 200 + "b")("a" * 5000)
