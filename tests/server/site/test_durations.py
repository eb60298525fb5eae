from __future__ import annotations

import pytest

from sandlot_server.site import durations


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("1m", 60),
        ("3h", 10800),
        ("1d", 28800),
        ("1w", 144000),
        ("1w 2d 3h 4m", 144000 + 57600 + 10800 + 240),
        (" 2H 30M ", 9000),
        ("1h30m", 5400),
        ("1.5h", 5400),
        (".5d", 14400),
        ("90", 5400),
        ("0", 0),
        ("0m", 0),
    ],
)
def test_a_duration_has_a_length(text: str, length: int) -> None:
    assert durations.seconds(text) == length


@pytest.mark.parametrize(
    "text", ["", "  ", "abc", "-2h", "2x", "1h 30", "1 h", "0.5m", "1.333h", "1h,2m", "9" * 12 + "w", "9" * 9999]
)
def test_other_texts_have_none(text: str) -> None:
    assert durations.seconds(text) is None


@pytest.mark.parametrize(
    ("length", "text"), [(0, "0m"), (60, "1m"), (5400, "1h 30m"), (28800, "1d"), (203640, "1w 2d 34m"), (3660, "1h 1m")]
)
def test_a_length_is_spelled_in_its_largest_units(length: int, text: str) -> None:
    assert durations.spelled(length) == text
    assert durations.spelled(length + 59) == text
