from __future__ import annotations

from sandlot_server.contract.routes import Routes


def routes() -> Routes[str]:
    made: Routes[str] = Routes()
    made.add("GET", "/issue/{key}", "read")
    made.add("PUT", "/issue/{key}", "edit")
    made.add("PUT", "/issue/archive", "archive")
    made.add("GET", "/issue/{key}/comment/{id}", "comment")
    return made


def test_a_parameter_takes_its_segment() -> None:
    found = routes().find("/issue/WEB-1")
    assert found is not None
    methods, values = found
    assert methods["GET"] == ("read", ("key",))
    assert values == ["WEB-1"]


def test_a_literal_wins_over_a_parameter() -> None:
    found = routes().find("/issue/archive")
    assert found is not None
    assert found[0]["PUT"][0] == "archive"
    assert found[1] == []


def test_a_literal_without_the_rest_of_the_path_falls_back_to_the_parameter() -> None:
    found = routes().find("/issue/archive/comment/7")
    assert found is not None
    assert found[0]["GET"][0] == "comment"
    assert found[1] == ["archive", "7"]


def test_a_path_can_fit_several_templates() -> None:
    assert [set(methods) for methods, _ in routes().all("/issue/archive")] == [{"PUT"}, {"GET", "PUT"}]
    assert [values for _, values in routes().all("/issue/archive")] == [[], ["archive"]]


def test_doubled_and_trailing_slashes_are_ignored() -> None:
    assert routes().find("//issue//WEB-1/") is not None


def test_an_unknown_path_is_none() -> None:
    assert routes().find("/issue") is None
    assert routes().find("/issue/WEB-1/watchers") is None


def test_the_first_of_one_method_and_path_stays() -> None:
    made = routes()
    made.add("GET", "/issue/{issueIdOrKey}", "later")
    found = made.find("/issue/WEB-1")
    assert found is not None
    assert found[0]["GET"] == ("read", ("key",))
