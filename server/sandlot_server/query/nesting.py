"""A bound on how deep a query nests, so that none exhausts the stack."""

from __future__ import annotations

from collections.abc import Iterable

DEEPEST = 100


def too_deep(tokens: Iterable[str]) -> bool:
    """By the types of a query's tokens: more than DEEPEST open parentheses, or more NOTs than that in all?"""
    opened = nots = 0
    for token in tokens:
        opened += (token == "_LPAR") - (token == "_RPAR")
        nots += token in ("_NOT", "_BANG")
        if max(opened, nots) > DEEPEST:
            return True
    return False
