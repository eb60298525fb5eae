from __future__ import annotations

from tests.parity.judge import differences
from tests.parity.wire import Answer, Case


def test_what_an_answer_has_other_than_expected() -> None:
    """Every kind of difference is found, and said with its place."""
    answer = Answer(404, {"allow": "GET", "expires": "0"}, b'{"a": {"b": [1, true]}, "c": "x"}')
    fitting: Case = {
        "status": 404,
        "headers": {"allow": {"matches": "G.*"}, "expires": "0", "link": None},
        "text": '{"a": {"b": [1, true]}, "c": "x"}',
        "json": {"c": "x", "a": {"b": [1, True]}},
        "has": {"": {"keys": ["a", "c"]}, "/a/b": {"size": 2}, "/a/b/0": {"type": "integer"}, "/a/b/1": True},
        "lacks": ["/d", "/a/b/2"],
    }
    assert list(differences(answer, fitting)) == []
    unfit: Case = {
        "status": 200,
        "headers": {"allow": {"matches": "P.*"}, "expires": None, "link": "x"},
        "text": "",
        "json": {"c": "x", "a": {"b": [1, 1]}},
        "has": {"": {"keys": ["c", "a"]}, "/a/b": {"size": 1}, "/a/b/1": {"type": "integer"}, "/d": None},
        "lacks": ["/c"],
    }
    assert [line.partition(":")[0] for line in differences(answer, unfit)] == [
        "status", "header allow", "header expires", "header link", "body", "body", "body", "/a/b", "/a/b/1", "/d", "/c",
    ]  # fmt: skip
    page = Answer(404, {}, b"<p>")
    assert list(differences(page, {"status": 404, "has": {"/a": 1}})) == ["body: no JSON, but b'<p>'"]
