"""A bound on how deep a query nests, so that no query exhausts the stack."""

from __future__ import annotations

from collections.abc import Iterable

DEEPEST = 100


def too_deep(tokens: Iterable[str]) -> bool:
    """Do the types of a query's tokens open more parentheses and NOTs inside each other than DEEPEST?"""
    open_now = nots = 0
    for token in tokens:
        nots = nots + 1 if token in ("_NOT", "_BANG") else 0 if token not in ("_LPAR", "_RPAR") else nots
        open_now += (token == "_LPAR") - (token == "_RPAR")
        if open_now + nots > DEEPEST:
            return True
    return False
