"""Whole numbers as the services read them from text."""

from __future__ import annotations

import re

_WHOLE = re.compile(r"[+-]?\d{1,1000}")


def whole_number(text: str, bits: int = 64) -> int | None:
    """The number that a text says: a sign and digits of any script. None if it says none of so many bits."""
    if not _WHOLE.fullmatch(text):
        return None
    number, limit = int(text), 1 << (bits - 1)
    return number if -limit <= number < limit else None
