from __future__ import annotations

import pytest

from sandlot_server.json_body import MOST_LEVELS, BadJson, read_json


def test_what_follows_an_object_may_be_ignored() -> None:
    assert read_json(b' {"a": 1} and more', trailing_ignored=True) == {"a": 1}
    with pytest.raises(BadJson):
        read_json(b'{"a": 1} and more')


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"{", b'{"a": NaN}', b'{"a": NaN} x', b"[1] x", b"1 x", b"x", b'{"a":' * 5000, b'{"a": ' + b"9" * 5000],
)
def test_what_is_no_json(body: bytes) -> None:
    for ignored in (False, True):
        with pytest.raises(BadJson) as raised:
            read_json(body, ignored)
        assert raised.value.reason == "syntax"


def test_what_is_no_utf_8() -> None:
    with pytest.raises(BadJson) as raised:
        read_json(b'{"a": "\xff"}')
    assert raised.value.reason == "encoding"


def test_what_is_too_deep_is_not_read() -> None:
    def nested(depth: int, inside: str) -> bytes:
        return ("[" * depth + inside + "]" * depth).encode()

    many = ", ".join(["[1]"] * MOST_LEVELS)
    for inside in ("", '"' + "[" * MOST_LEVELS + '"', '"\\\\", "\\"[[", {"a": []}'):
        assert read_json(nested(MOST_LEVELS - 2, inside))
    assert len(read_json(nested(1, many))) == MOST_LEVELS
    for deep in (nested(MOST_LEVELS + 1, ""), b'{"a":' * (MOST_LEVELS + 1) + b"0" + b"}" * (MOST_LEVELS + 1)):
        with pytest.raises(BadJson) as raised:
            read_json(deep)
        assert raised.value.reason == "syntax"
