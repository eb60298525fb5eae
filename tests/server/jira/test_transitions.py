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
    transition_id,
)


async def move(jira: httpx.AsyncClient, key: str, name: str, **body: Any) -> httpx.Response:
    """Take the transition of that name."""
    transition = {"transition": {"id": await transition_id(jira, key, name)}}
    return await jira.post(f"issue/{key}/transitions", json={**transition, **body})


async def resolvable(jira: httpx.AsyncClient) -> str:
    """An issue that can be resolved, which asks for a resolution."""
    key = await create(jira, project="SUP")
    assert (await move(jira, key, "Start review")).status_code == 204
    return key


async def test_only_transitions_from_the_present_status_are_offered(jira: httpx.AsyncClient) -> None:
    answer = (await jira.get("issue/SUP-1/transitions")).json()
    assert answer["expand"] == "transitions"
    (only,) = answer["transitions"]
    assert (only["name"], only["to"]["name"], only["hasScreen"], only["isGlobal"]) == (
        "Start review",
        "In Review",
        False,
        False,
    )
    names = [one["name"] for one in (await jira.get("issue/WEB-2/transitions")).json()["transitions"]]
    assert names == ["To Do", "In Progress", "Done"]


async def test_all_transitions_can_be_listed(jira: httpx.AsyncClient) -> None:
    every = (await jira.get("issue/SUP-1/transitions?includeUnavailableTransitions=true")).json()["transitions"]
    assert [one["name"] for one in every if one["isAvailable"]] == ["Start review"]
    assert len(every) == 6
    wanted = every[0]["id"]
    assert [
        one["id"] for one in (await jira.get(f"issue/SUP-1/transitions?transitionId={wanted}")).json()["transitions"]
    ] == [wanted]
    assert (await jira.get("issue/SUP-1/transitions?transitionId=1")).json()["transitions"] == []


async def test_the_fields_of_a_transition(jira: httpx.AsyncClient) -> None:
    key = await resolvable(jira)
    shown = (await jira.get(f"issue/{key}/transitions?expand=transitions.fields")).json()["transitions"]
    fields = {one["name"]: one["fields"] for one in shown}
    assert fields["Ask the customer"] == {}
    assert fields["Resolve"]["resolution"]["required"] is True
    assert fields["Resolve"]["resolution"]["allowedValues"][0]["name"] == "Done"


async def test_a_transition_moves_the_issue(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    before = await fields_of(jira, key)
    answer = await move(jira, key, "In Progress")
    assert (answer.status_code, answer.content) == (204, b"")
    after = await fields_of(jira, key)
    assert after["status"]["name"] == "In Progress"
    assert after["statuscategorychangedate"] > before["statuscategorychangedate"]
    assert after["updated"] == after["statuscategorychangedate"]
    assert after["resolution"] is None


async def test_done_resolves_and_leaving_it_takes_the_resolution_away(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    await move(jira, key, "Done")
    done = await fields_of(jira, key)
    assert done["resolution"]["name"] == "Done"
    assert done["resolutiondate"] == done["updated"]
    await move(jira, key, "To Do")
    again = await fields_of(jira, key)
    assert (again["resolution"], again["resolutiondate"]) == (None, None)


@pytest.mark.parametrize("as_number", [False, True])
async def test_the_id_may_be_text_or_a_number(jira: httpx.AsyncClient, as_number: bool) -> None:
    key = await create(jira)
    wanted: Any = await transition_id(jira, key, "Done")
    body = {"transition": {"id": int(wanted) if as_number else wanted}}
    assert (await jira.post(f"issue/{key}/transitions", json=body)).status_code == 204


async def test_a_required_field(jira: httpx.AsyncClient) -> None:
    key = await resolvable(jira)
    assert_refused(await move(jira, key, "Resolve"), 400, resolution="Field Resolution is required.")
    assert (await fields_of(jira, key))["status"]["name"] == "In Review"
    answer = await move(jira, key, "Resolve", fields={"resolution": {"name": "Duplicate"}})
    assert answer.status_code == 204
    resolved = await fields_of(jira, key)
    assert (resolved["status"]["name"], resolved["resolution"]["name"]) == ("Resolved", "Duplicate")


async def test_a_finished_issue_that_moves_on_keeps_its_resolution(jira: httpx.AsyncClient) -> None:
    key = await resolvable(jira)
    await move(jira, key, "Resolve", fields={"resolution": {"name": "Won't Do"}})
    resolved = await fields_of(jira, key)
    await move(jira, key, "Close")
    closed = await fields_of(jira, key)
    assert (closed["status"]["name"], closed["resolution"]["name"]) == ("Closed", "Won't Do")
    assert closed["resolutiondate"] == resolved["resolutiondate"]
    assert closed["statuscategorychangedate"] == resolved["statuscategorychangedate"]


async def test_a_required_resolution_is_asked_for_again(jira: httpx.AsyncClient) -> None:
    key = await resolvable(jira)
    await move(jira, key, "Resolve", fields={"resolution": {"name": "Done"}})
    await move(jira, key, "Reopen")
    await move(jira, key, "Start review")
    assert_refused(await move(jira, key, "Resolve"), 400, resolution="Field Resolution is required.")


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"resolution": {"name": "Fixed"}}, {"resolution": "Resolution name 'Fixed' is not valid"}),
        ({"resolution": {"id": "1"}}, {"resolution": "Resolution id '1' is not valid"}),
        ({"resolution": {}}, {"resolution": "Could not find valid 'id' or 'name' in resolution object."}),
        ({"resolution": "Done"}, {"resolution": "Could not find valid 'id' or 'name' in resolution object."}),
        (
            {"resolution": {"name": "Done"}, "summary": "x"},
            {"summary": "Field 'summary' cannot be set. It is not on the appropriate screen, or unknown."},
        ),
        (
            {"resolution": {"name": "Done"}, "comment": "x"},
            {"comment": "Field does not support update 'comment'"},
        ),
    ],
)
async def test_wrong_fields(jira: httpx.AsyncClient, fields: dict[str, Any], errors: dict[str, str]) -> None:
    key = await resolvable(jira)
    assert_refused(await move(jira, key, "Resolve", fields=fields), 400, **errors)
    assert (await fields_of(jira, key))["status"]["name"] == "In Review"


async def test_a_resolution_is_not_on_the_default_workflows_screens(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    assert_refused(
        await move(jira, key, "Done", fields={"resolution": {"name": "Done"}}),
        400,
        resolution="Field 'resolution' cannot be set. It is not on the appropriate screen, or unknown.",
    )


async def test_a_comment_on_the_way(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    update = {"comment": [{"add": {"body": doc("On it")}}]}
    assert (await move(jira, key, "In Progress", update=update)).status_code == 204
    (comment,) = (await fields_of(jira, key))["comment"]["comments"]
    assert comment["body"] == doc("On it")
    assert [item["field"] for item in await history(jira, key)] == ["status"]


async def test_a_wrong_comment_moves_nothing(jira: httpx.AsyncClient) -> None:
    key = await create(jira)
    answer = await move(jira, key, "Done", update={"comment": [{"add": {"body": "text"}}]})
    assert_refused(answer, 400, comment="Comment body is not valid!")
    fields = await fields_of(jira, key)
    assert (fields["status"]["name"], fields["comment"]["total"]) == ("To Do", 0)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "Missing 'transition' identifier"),
        ({"transition": {}}, "Missing 'transition' identifier"),
        ({"transition": {"name": "Done"}}, "Missing 'transition' identifier"),
        ({"transition": "Done"}, "Missing 'transition' identifier"),
        ({"transition": {"id": "Done"}}, "'transition' identifier must be an integer"),
        ({"transition": {"id": {}}}, "'transition' identifier must be an integer"),
        ({"transition": {"id": "999"}}, "Transition id '999' is not valid for this issue."),
        ({"transition": {"id": 999}}, "Transition id '999' is not valid for this issue."),
    ],
)
async def test_no_such_transition(jira: httpx.AsyncClient, body: dict[str, Any], text: str) -> None:
    assert_refused(await jira.post("issue/WEB-2/transitions", json=body), 400, text)
    assert await history(jira, "WEB-2") == []


async def test_a_transition_of_another_status(jira: httpx.AsyncClient) -> None:
    every = (await jira.get("issue/SUP-1/transitions?includeUnavailableTransitions=true")).json()["transitions"]
    close = next(one["id"] for one in every if one["name"] == "Close")
    answer = await jira.post("issue/SUP-1/transitions", json={"transition": {"id": close}})
    assert_refused(answer, 400, f"Transition id '{close}' is not valid for this issue.")


async def test_an_unknown_issue(jira: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    assert_refused(await jira.get("issue/WEB-99/transitions"), 404, NO_ISSUE)
    body = {"transition": {"id": "1"}}
    assert_refused(await jira.post("issue/WEB-99/transitions", json=body), 404, NO_ISSUE)
    assert_refused(await nobody.post("issue/WEB-1/transitions", json=body), 404, NO_ISSUE)


async def test_they_can_be_sorted_by_category(jira: httpx.AsyncClient) -> None:
    key = await resolvable(jira)
    shown = (await jira.get(f"issue/{key}/transitions?sortByOpsBarAndStatus=true")).json()["transitions"]
    assert [one["to"]["statusCategory"]["key"] for one in shown] == ["indeterminate", "done"]
