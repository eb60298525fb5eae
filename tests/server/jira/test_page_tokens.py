from __future__ import annotations

import pytest

from sandlot_server.call import Refusal
from sandlot_server.jira.page_tokens import make_token, read_token, start_of

CLOUD, JQL = "11111111-2222-3333-4444-555555555555", "project = WEB"


def test_a_token_comes_back() -> None:
    token = make_token(CLOUD, JQL, 50, "10050")
    assert read_token(token, CLOUD, JQL) == (50, "10050")
    assert "10050" not in token


@pytest.mark.parametrize(("cloud_id", "jql"), [("another", JQL), (CLOUD, "project = OPS")])
def test_a_token_is_bound_to_its_site_and_query(cloud_id: str, jql: str) -> None:
    with pytest.raises(Refusal):
        read_token(make_token(CLOUD, JQL, 1, "2"), cloud_id, jql)


@pytest.mark.parametrize("token", ["x", "abc", "ä", "AAAA", "5", "!!!!", make_token(CLOUD, JQL, 1, "2")[:-1]])
def test_what_is_no_token(token: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_token(token, CLOUD, JQL)
    assert refused.value.answer.status == 400


def test_a_page_starts_after_the_last_issue_wherever_that_is_now() -> None:
    found = [{"id": number} for number in ("1", "2", "3", "4")]
    assert start_of((2, "2"), found) == 2
    assert start_of((1, "2"), found) == 2
    assert start_of((3, "gone"), found) == 3
