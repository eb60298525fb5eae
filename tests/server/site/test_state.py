from __future__ import annotations

import pytest

from sandlot_server.site.layers import Layer
from sandlot_server.site.state import SEQUENCES, State

ROW = {"id": "1", "key": "A-1", "project": "7", "parent": None}


def layer() -> Layer:
    made = Layer()
    made.write("issue", "1", ROW)
    made.write("sequence", SEQUENCES, {"id": SEQUENCES, "salt": 100, "next": {}})
    return made


def test_a_staged_write_is_seen_by_its_own_call_alone_until_it_is_merged() -> None:
    below = layer()
    state = State(below)
    state.put("issue", {**ROW, "project": "8"})
    assert state.find("issue", "project", "8")[0]["key"] == "A-1"
    assert state.find("issue", "project", "7") == []
    assert below.get("issue", "1") == ROW
    state.merge(state.changes())
    assert State(below).find("issue", "project", "8")[0]["key"] == "A-1"


def test_what_comes_to_the_same_is_no_change() -> None:
    state = State(layer())
    state.put("issue", dict(ROW))
    state.put("issue", {**ROW, "id": "2"})
    state.delete("issue", "2")
    assert state.changes() == []


def test_a_change_holds_the_row_before_and_after() -> None:
    state = State(layer())
    state.delete("issue", "1")
    (change,) = state.changes()
    assert (change.table, change.id, change.after) == ("issue", "1", None)
    assert change.before is not None
    assert b'"A-1"' in change.before


def test_sequences_count_on_and_start_apart() -> None:
    state = State(layer())
    first = int(state.next_id("page"))
    assert state.next_id("page") == str(first + 1)
    assert int(state.next_id("issue")) not in (first, first + 1, first + 2)
    assert state.next_id("issue-number:A") == "1"


def test_looking_up_by_a_column_without_an_index_is_an_error() -> None:
    with pytest.raises(KeyError, match="no index on 'summary'"):
        State(layer()).find("issue", "summary", "x")


def test_a_sequence_goes_on_under_another_name_or_starts_anew() -> None:
    state = State(Layer())
    assert [state.next_id("issue-number:A") for _ in range(3)] == ["1", "2", "3"]
    state.move_sequence("issue-number:A", "issue-number:B")
    assert (state.next_id("issue-number:B"), state.next_id("issue-number:A")) == ("4", "1")
    state.move_sequence("issue-number:B", None)
    state.move_sequence("issue-number:C", None)
    assert state.next_id("issue-number:B") == "1"
