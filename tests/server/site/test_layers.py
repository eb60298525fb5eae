from __future__ import annotations

from sandlot_server.site.layers import Layer


def issue(number: int, project: str = "1") -> dict[str, object]:
    return {"id": str(number), "key": f"A-{number}", "project": project, "parent": None}


def seeded() -> Layer:
    base = Layer()
    for number in (2, 10, 1):
        base.write("issue", str(number), issue(number))
    return base


def test_ids_ascend_as_numbers() -> None:
    assert seeded().ids("issue") == ["1", "2", "10"]


def test_a_layer_above_hides_and_adds_without_touching_the_base() -> None:
    base = seeded()
    above = Layer(base)
    above.write("issue", "2", None)
    above.write("issue", "11", issue(11))
    assert above.ids("issue") == ["1", "10", "11"]
    assert above.get("issue", "2") is None
    assert base.ids("issue") == ["1", "2", "10"]
    assert base.get("issue", "2") == issue(2)


def test_an_index_follows_rewrites_in_every_layer() -> None:
    above = Layer(seeded())
    above.write("issue", "2", issue(2, project="9"))
    assert above.ids_where("issue", "project", "1") == ["1", "10"]
    assert above.ids_where("issue", "project", "9") == ["2"]
    above.write("issue", "2", issue(2, project="1"))
    assert above.ids_where("issue", "project", "9") == []
    assert Layer(above).ids_where("issue", "project", "1") == ["1", "2", "10"]


def test_packed_rows_read_back_and_keep_their_index() -> None:
    layer = Layer()
    layer.load("issue", "5", b'{"id":"5","key":"A-5","project":"1","parent":null}')
    assert layer.get("issue", "5") == issue(5)
    assert layer.ids_where("issue", "key", "A-5") == ["5"]
    layer.load("issue", "5", None)
    assert layer.ids_where("issue", "key", "A-5") == []


def test_what_is_made_of_a_row_is_made_anew_when_the_row_is_written() -> None:
    base = seeded()
    above = Layer(base)
    made: list[str] = []

    def key_of(row: dict[str, object]) -> object:
        made.append(str(row["key"]))
        return row["key"]

    assert [above.memoized("issue", "2", "k", key_of) for _ in range(3)] == ["A-2"] * 3
    assert Layer(base).memoized("issue", "2", "k", key_of) == "A-2"
    assert made == ["A-2"]
    above.write("issue", "2", {**issue(2), "key": "B-2"})
    assert above.memoized("issue", "2", "k", key_of) == "B-2"
    above.write("issue", "2", None)
    assert above.memoized("issue", "2", "k", key_of) is None
    assert base.memoized("issue", "2", "k", key_of) == "A-2"


def test_what_is_made_of_a_table_is_made_anew_when_one_of_its_rows_is_written() -> None:
    base = seeded()
    above = Layer(base)

    def keys(layer: Layer) -> object:
        return layer.memoized_table("issue", "keys", lambda rows: [row["key"] for row in rows])

    assert keys(above) is keys(base)
    above.write("issue", "1", None)
    assert keys(above) == ["A-2", "A-10"]
    assert keys(base) == ["A-1", "A-2", "A-10"]
    above.write("issue", "10", None)
    assert keys(above) == ["A-2"]
