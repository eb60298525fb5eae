"""Text search: words by their stems, phrases, wildcards, and the operators between them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

_WORD = re.compile(r"\w+")
_PIECE = re.compile(r'([+-]?)(?:"([^"]*)"?|(\S+))')
_WILDCARD = re.compile(r"\w[*?]")
_VOWEL = re.compile(r"[aeiouy]")
_COMMON = (
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these they"
    " this to was will with"
)
_UNHEARD = frozenset(_COMMON.split())
"""Words too common to search for: neither texts nor queries keep them."""

_Test = Callable[[list[str], list[str]], bool]


def matcher(query: str) -> Callable[[str], bool]:
    """Does a text fit a query, in any case?

    All words must be in the text; OR parts alternatives, and NOT or `-` excludes what follows. `"..."` is a phrase,
    `*` stands for any letters; `?` is read as `*`. A query of nothing but common words finds nothing.
    """
    alternatives: list[list[tuple[bool, _Test]]] = [[]]
    excluded = False
    for sign, phrase, word in _PIECE.findall(query):
        if word == "OR":
            alternatives.append([])
        elif word == "NOT":
            excluded = True
        elif word != "AND":
            test = _piece(phrase, word)
            if test is not None:
                alternatives[-1].append((not excluded and sign != "-", test))
            excluded = False
    kept = [tests for tests in alternatives if tests]

    def matches(text: str) -> bool:
        words = _WORD.findall(text.lower())
        stems = [stem(word) for word in words if word not in _UNHEARD]
        return any(all(test(words, stems) == wished for wished, test in tests) for tests in kept)

    return matches


def _piece(phrase: str, word: str) -> _Test | None:
    if _WILDCARD.search(word):
        parts = re.split(r"[*?]+", word.lower())
        return lambda words, stems: any(_fits(one, parts) for one in words)
    wanted = [stem(one) for one in _WORD.findall((phrase or word).lower()) if one not in _UNHEARD]
    if not wanted:
        return None
    if len(wanted) == 1:
        return lambda words, stems: wanted[0] in stems
    # A word that punctuation parts ("OPS-12", "read-only") is searched for as a phrase too.
    return lambda words, stems: any(
        stems[at : at + len(wanted)] == wanted for at, first in enumerate(stems) if first == wanted[0]
    )


def _fits(word: str, parts: list[str]) -> bool:
    """Is a word made of these parts, with anything between them?"""
    first, *middle, last = parts
    if len(word) < len(first) + len(last) or not (word.startswith(first) and word.endswith(last)):
        return False
    at, end = len(first), len(word) - len(last)
    for part in middle:
        at = word.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A lower-case word without its plural, -ed or -ing: "failed", "failing" and "fails" are all "fail"."""
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        left = word.removesuffix(ending)
        if left != word and _VOWEL.search(left) and len(left) > 1 and not word.endswith("eed"):
            word = left
            if word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] + "i" if word.endswith("y") else word.removesuffix("e")
