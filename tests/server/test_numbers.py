from __future__ import annotations

import pytest

from sandlot_server.numbers import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("+5", 5),
        ("-5", -5),
        ("007", 7),
        ("\u0663", 3),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("9223372036854775808", None),
        ("9" * 5000, None),
        ("", None),
        ("-", None),
        ("+-5", None),
        ("1_0", None),
        ("1.0", None),
        (" 1", None),
        ("1\n", None),
        ("\u00b2", None),
    ],
)
def test_whole_numbers(text: str, number: int | None) -> None:
    assert whole_number(text) == number


def test_whole_numbers_of_fewer_bits() -> None:
    assert whole_number(str(2**31 - 1), bits=32) == 2**31 - 1
    assert whole_number(str(2**31), bits=32) is None
