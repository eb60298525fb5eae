from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.jira.expectations import (
    NO_ISSUE,
    assert_refused,
    create,
    doc,
    fields_of,
    history,
)

BLOCKS = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "WEB-3"}, "outwardIssue": {"key": "WEB-4"}}
"""WEB-3 blocks WEB-4."""


async def link(jira: httpx.AsyncClient, **parts: Any) -> dict[str, Any]:
    """Link two issues; the link as the one that it leads from shows it."""
    answer = await jira.post("issueLink", json={**BLOCKS, **parts})
    assert (answer.status_code, answer.content) == (201, b""), answer.text
    return (await links(jira, "WEB-3"))[-1]


async def links(jira: httpx.AsyncClient, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await fields_of(jira, key))["issuelinks"]
    return found


async def test_each_issue_shows_the_other_end(jira: httpx.AsyncClient) -> None:
    made = await link(jira)
    assert set(made) == {"id", "self", "type", "outwardIssue"}
    assert made["self"] == f"http://acme.test/rest/api/3/issueLink/{made['id']}"
    assert (made["type"]["name"], made["type"]["outward"], made["type"]["inward"]) == (
        "Blocks",
        "blocks",
        "is blocked by",
    )
    other = made["outwardIssue"]
    assert (other["key"], other["fields"]["summary"]) == ("WEB-4", "Update the size guide")
    assert (other["fields"]["status"]["name"], set(other["fields"])) == (
        "Done",
        {"summary", "status", "priority", "issuetype"},
    )
    (seen,) = await links(jira, "WEB-4")
    assert {name: seen[name] for name in ("id", "self", "type")} == {
        name: made[name] for name in ("id", "self", "type")
    }
    assert seen["inwardIssue"]["key"] == "WEB-3"
    assert "outwardIssue" not in seen


async def test_one_link_shows_both_ends(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    made = await link(jira)
    answer = await jira.get(f"issueLink/{made['id']}")
    one = answer.json()
    assert (answer.status_code, one["inwardIssue"]["key"], one["outwardIssue"]) == (200, "WEB-3", made["outwardIssue"])
    assert {name: one[name] for name in ("id", "self", "type")} == {name: made[name] for name in ("id", "self", "type")}
    assert (await jira_v2.get(f"issueLink/{made['id']}")).json()["self"].startswith("http://acme.test/rest/api/2/")


async def test_type_and_issues_by_id(jira: httpx.AsyncClient) -> None:
    relates = (await jira.get("issueLinkType")).json()["issueLinkTypes"][3]
    ids = [(await jira.get(f"issue/{key}")).json()["id"] for key in ("WEB-3", "WEB-4")]
    made = await link(
        jira, type={"id": relates["id"]}, inwardIssue={"id": ids[0]}, outwardIssue={"id": ids[1]}, comment=None
    )
    assert (made["type"], made["outwardIssue"]["id"]) == (relates, ids[1])


async def test_the_same_link_is_made_once(jira: httpx.AsyncClient) -> None:
    made = await link(jira)
    assert await link(jira, comment={"body": doc("Again")}) == made
    assert len(await links(jira, "WEB-3")) == 1
    assert (await fields_of(jira, "WEB-3"))["comment"]["comments"][-1]["body"] == doc("Again")
    # The other way round, and by another type, it is another link.
    await link(jira, inwardIssue={"key": "WEB-4"}, outwardIssue={"key": "WEB-3"})
    await link(jira, type={"name": "Relates"})
    assert len(await links(jira, "WEB-3")) == 3


async def test_a_comment_goes_to_the_issue_that_links(jira: httpx.AsyncClient, jira_v2: httpx.AsyncClient) -> None:
    visibility = {"type": "role", "value": "Administrators"}
    await link(jira, comment={"body": doc("Waiting"), "visibility": visibility})
    await link(jira_v2, comment={"body": "Still *waiting*"})
    comments = (await fields_of(jira_v2, "WEB-3"))["comment"]["comments"]
    assert [one["body"] for one in comments][-2:] == ["Waiting", "Still *waiting*"]
    assert comments[-2]["visibility"] == visibility
    assert (await fields_of(jira, "WEB-4"))["comment"]["total"] == 0


async def test_a_link_is_deleted(jira: httpx.AsyncClient) -> None:
    made = await link(jira)
    answer = await jira.delete(f"issueLink/{made['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert await links(jira, "WEB-3") == await links(jira, "WEB-4") == []
    for method in ("GET", "DELETE"):
        gone = await jira.request(method, f"issueLink/{made['id']}")
        assert_refused(gone, 404, f"No issue link with id '{made['id']}' exists.")


async def test_both_histories_tell_of_it(jira: httpx.AsyncClient) -> None:
    before = await fields_of(jira, "WEB-4")
    made = await link(jira)
    linked = await fields_of(jira, "WEB-4")
    assert linked["updated"] > before["updated"]
    await jira.delete(f"issueLink/{made['id']}")
    for key, other, words in (("WEB-3", "WEB-4", "blocks"), ("WEB-4", "WEB-3", "is blocked by")):
        text = f"This issue {words} {other}"
        nothing = {"field": "Link", "fieldtype": "jira", "from": None, "fromString": None, "to": None, "toString": None}
        assert await history(jira, key) == [
            {**nothing, "to": other, "toString": text},
            {**nothing, "from": other, "fromString": text},
        ]


@pytest.mark.parametrize("one", ["WEB-3", "WEB-4"])
async def test_a_deleted_issue_takes_its_links_along(jira: httpx.AsyncClient, one: str) -> None:
    made = await link(jira)
    assert (await jira.delete(f"issue/{one}")).status_code == 204
    other = "WEB-4" if one == "WEB-3" else "WEB-3"
    assert await links(jira, other) == []
    assert [item["from"] for item in await history(jira, other)] == [None, one]
    assert (await jira.get(f"issueLink/{made['id']}")).status_code == 404


async def test_an_issue_goes_with_a_sub_task_that_it_is_linked_to(jira: httpx.AsyncClient) -> None:
    await jira.post("issueLink", json={**BLOCKS, "inwardIssue": {"key": "PLAT-3"}, "outwardIssue": {"key": "PLAT-2"}})
    assert (await jira.delete("issue/PLAT-2?deleteSubtasks=true")).status_code == 204
    for key in ("PLAT-2", "PLAT-3"):
        assert (await jira.get(f"issue/{key}")).status_code == 404


@pytest.mark.parametrize(
    ("parts", "status", "text"),
    [
        ({"type": {"name": "Causes"}}, 404, "No issue link type with name 'Causes' found."),
        ({"type": {"id": "1"}}, 404, "No issue link type with id '1' found."),
        ({"type": {}}, 404, "No issue link type with name '' found."),
        ({"inwardIssue": {"key": "WEB-99"}}, 404, NO_ISSUE),
        ({"outwardIssue": {"id": "1"}}, 404, NO_ISSUE),
        ({"outwardIssue": {}}, 404, NO_ISSUE),
        ({"outwardIssue": {"key": "WEB-3"}}, 400, "You cannot link an issue to itself."),
    ],
)
async def test_what_cannot_be_linked(jira: httpx.AsyncClient, parts: dict[str, Any], status: int, text: str) -> None:
    assert_refused(await jira.post("issueLink", json={**BLOCKS, **parts}), status, text)
    assert await links(jira, "WEB-3") == []


@pytest.mark.parametrize(
    ("comment", "text"),
    [
        ({"body": "text"}, "Comment body is not valid!"),
        ({"body": doc()}, "Comment body can not be empty!"),
        ({}, "Comment body can not be empty!"),
    ],
)
async def test_a_wrong_comment_links_nothing(jira: httpx.AsyncClient, comment: dict[str, Any], text: str) -> None:
    assert_refused(await jira.post("issueLink", json={**BLOCKS, "comment": comment}), 400, comment=text)
    assert await links(jira, "WEB-3") == []


@pytest.mark.parametrize(
    "body", [{}, {"type": {"name": "Blocks"}}, {**BLOCKS, "more": 1}, {**BLOCKS, "type": "Blocks"}]
)
async def test_a_body_of_another_form(jira: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await jira.post("issueLink", json=body)).json() == {
        "errorMessages": ["Invalid request payload. Refer to the REST API documentation and try again."]
    }


async def test_ids_and_callers(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    assert_refused(await jira.get("issueLink/x"), 400, "The issue link id 'x' is not a number.")
    assert_refused(await nobody.post("issueLink", json=BLOCKS), 404, NO_ISSUE)
    made = await link(jira)
    for method in ("GET", "DELETE"):
        unseen = await nobody.request(method, f"issueLink/{made['id']}")
        assert_refused(unseen, 404, f"No issue link with id '{made['id']}' exists.")


@pytest.mark.parametrize(("end", "reading"), [("outwardIssue", "blocks"), ("inwardIssue", "is blocked by")])
async def test_an_edit_links(jira: httpx.AsyncClient, end: str, reading: str) -> None:
    update = {"issuelinks": [{"add": {"type": {"name": "Blocks"}, end: {"key": "WEB-4"}}}]}
    answer = await jira.put("issue/WEB-3", json={"update": update, "fields": {"summary": "New"}})
    assert (answer.status_code, answer.content) == (204, b"")
    (made,) = await links(jira, "WEB-3")
    assert made[end]["key"] == "WEB-4"
    assert (await fields_of(jira, "WEB-3"))["summary"] == "New"
    assert [item["toString"] for item in await history(jira, "WEB-3")] == ["New", f"This issue {reading} WEB-4"]


async def test_a_new_issue_is_linked(jira: httpx.AsyncClient) -> None:
    fields = {"project": {"key": "WEB"}, "issuetype": {"name": "Task"}, "summary": "Follow-up"}
    update = {"issuelinks": [{"add": {"type": {"name": "Relates"}, "outwardIssue": {"key": "WEB-4"}}}]}
    key = (await jira.post("issue", json={"fields": fields, "update": update})).json()["key"]
    (made,) = await links(jira, key)
    assert made["outwardIssue"]["key"] == "WEB-4"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"update": {"issuelinks": [{"add": {}}]}}, "No issue link type with name '' found."),
        ({"update": {"issuelinks": [{"add": "x"}]}}, "No issue link type with name '' found."),
        (
            {"update": {"issuelinks": [{"add": {"type": {"name": "Blocks"}}}]}},
            "Specify the 'outwardIssue' or the 'inwardIssue' of the link.",
        ),
        (
            {"update": {"issuelinks": [{"add": {"type": {"name": "Blocks"}, "outwardIssue": {"key": "WEB-99"}}}]}},
            NO_ISSUE,
        ),
        ({"update": {"issuelinks": [{"add": {"type": {"name": "Blocks"}, "outwardIssue": "WEB-4"}}]}}, NO_ISSUE),
        (
            {"update": {"issuelinks": [{"add": {"type": {"name": "Blocks"}, "inwardIssue": {"key": "WEB-3"}}}]}},
            "You cannot link an issue to itself.",
        ),
        (
            {"update": {"issuelinks": [{"remove": {}}]}},
            "Field 'issuelinks' does not support operation 'remove'. Supported operation(s) are: 'add'",
        ),
        ({"fields": {"issuelinks": []}}, "Field does not support update 'issuelinks'"),
    ],
)
async def test_an_edit_that_cannot_link(jira: httpx.AsyncClient, body: dict[str, Any], text: str) -> None:
    assert_refused(await jira.put("issue/WEB-3", json=body), 400, issuelinks=text)
    assert await links(jira, "WEB-3") == []


async def test_links_are_on_the_screens(jira: httpx.AsyncClient) -> None:
    field = (await jira.get("issue/WEB-3/editmeta")).json()["fields"]["issuelinks"]
    assert (field["name"], field["required"], field["operations"]) == ("Linked Issues", False, ["add"])


async def test_they_are_not_on_a_transition(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    wanted = (await jira.get(f"issue/{key}/transitions")).json()["transitions"][0]["id"]
    update = {"issuelinks": [{"add": {"type": {"name": "Blocks"}, "outwardIssue": {"key": "WEB-4"}}}]}
    answer = await jira.post(f"issue/{key}/transitions", json={"transition": {"id": wanted}, "update": update})
    assert_refused(
        answer, 400, issuelinks="Field 'issuelinks' cannot be set. It is not on the appropriate screen, or unknown."
    )


async def test_a_seed_links_issues(jira: httpx.AsyncClient) -> None:
    (made,) = await links(jira, "PLAT-2")
    assert (made["type"]["name"], made["outwardIssue"]["key"]) == ("Blocks", "PLAT-1")
    assert [one["inwardIssue"]["key"] for one in await links(jira, "PLAT-1")] == ["PLAT-2"]
    await link(jira)
    assert int((await links(jira, "WEB-3"))[0]["id"]) == int(made["id"]) + 1


async def test_a_search_shows_them(jira: httpx.AsyncClient) -> None:
    made = await link(jira)
    found = await jira.get("search/jql", params={"jql": "key = WEB-3", "fields": "issuelinks"})
    assert found.json()["issues"][0]["fields"] == {"issuelinks": [made]}
