from __future__ import annotations

import random

from sandlot_server.site.software import RANK, by_rank, rank_between, rank_of


def test_an_issue_without_a_rank_stands_where_it_was_created() -> None:
    assert rank_of({"id": "1"}) == "0|i00000001:"
    assert rank_of({"id": "36"}) == "0|i00000010:"
    ids = [9, 10, 35, 36, 1000, 1_000_000]
    assert sorted(ids, key=lambda one: rank_of({"id": str(one)})) == ids


def test_there_is_room_between_any_two_ranks() -> None:
    rng = random.Random(7)
    ranks = [rank_of({"id": str(one)}) for one in range(5, 9)]
    for _ in range(300):
        place = rng.randrange(len(ranks) + 1)
        low = ranks[place - 1] if place else None
        high = ranks[place] if place < len(ranks) else None
        ranks.insert(place, rank_between(low, high))
        assert ranks == sorted(set(ranks))


def test_after_the_last_is_before_the_next_issue() -> None:
    last = rank_between(rank_of({"id": "7"}), None)
    assert rank_of({"id": "7"}) < last < rank_of({"id": "8"})


def test_equal_ranks_go_by_age() -> None:
    rank = rank_of({"id": "5"})
    issues = [{"id": "12"}, {"id": "11", RANK: rank}, {"id": "5"}]
    assert [issue["id"] for issue in sorted(issues, key=by_rank)] == ["5", "11", "12"]
