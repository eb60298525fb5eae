"""Time spent and time estimated, as people write it: 1w 2d 3h 30m, of 8 hours a day and 5 days a week."""

from __future__ import annotations

import re
from fractions import Fraction

# The units from the largest down, in seconds.
_UNITS = {"w": 5 * 8 * 3600, "d": 8 * 3600, "h": 3600, "m": 60}
_PART = re.compile(r"\s*([0-9]{1,12}(?:\.[0-9]{1,12})?|\.[0-9]{1,12})([wdhm])", re.IGNORECASE)
_MINUTES = re.compile(r"\s*[0-9]{1,12}\s*")
LONGEST = 10**12
"""No sum of such durations is more than what JSON numbers hold exactly."""


def seconds(text: str) -> int | None:
    """The length of a duration, None for a text that is none. A bare number is minutes; parts of minutes are none."""
    if _MINUTES.fullmatch(text):
        return _in_bounds(Fraction(text.strip()) * 60)
    total, at = Fraction(0), 0
    end = len(text.rstrip())
    while at < end:
        part = _PART.match(text, at)
        if part is None:
            return None
        total += Fraction(part[1]) * _UNITS[part[2].lower()]
        at = part.end()
    return _in_bounds(total) if end else None


def _in_bounds(length: Fraction) -> int | None:
    return int(length) if length % 60 == 0 and length <= LONGEST else None


def spelled(length: int) -> str:
    """A length in seconds in full units, the largest first; nothing is 0m."""
    parts = []
    for unit, size in _UNITS.items():
        count, length = divmod(length, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0m"
