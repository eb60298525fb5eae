from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sandlot_server.app import App
from tests.server.jira.conftest import client_of
from tests.server.jira.expectations import (
    ADMIN,
    NO_ISSUE,
    assert_refused,
    create,
    doc,
    fields_of,
    history,
    transition_id,
)

RULES: dict[str, Any] = {
    "sandlot": 1,
    "users": [
        {"displayName": "Ada One", "emailAddress": "ada@example.com", "accountId": "ada"},
        {"displayName": "Bo Two", "emailAddress": "bo@example.com", "accountId": "bo"},
    ],
    "fields": [{"name": "Root cause", "type": "string"}],
    "workflows": [
        {
            "name": "Rules",
            "statuses": [
                {"name": "Open", "category": "new"},
                {"name": "Review", "category": "indeterminate"},
                {"name": "Closed", "category": "done"},
            ],
            "transitions": [
                {"name": "Mine", "from": ["Open"], "to": "Review", "conditions": [{"kind": "assignee"}]},
                {"name": "Reported", "from": ["Open"], "to": "Review", "conditions": [{"kind": "reporter"}]},
                {"name": "Finish", "from": ["Open"], "to": "Closed", "conditions": [{"kind": "subtasks-done"}]},
                {
                    "name": "Explain",
                    "from": ["Open"],
                    "to": "Closed",
                    "conditions": [
                        {"kind": "field-set", "field": "Root cause"},
                        {"kind": "field-set", "field": "duedate"},
                    ],
                },
                {"name": "Free", "from": "*", "to": "Review"},
                {
                    "name": "Hand over",
                    "from": "*",
                    "to": "Review",
                    "fields": {
                        "comment": {"required": True},
                        "assignee": {"required": True},
                        "priority": {"required": False},
                        "duedate": {"required": True},
                        "Root cause": {"required": True},
                    },
                },
            ],
        }
    ],
    "projects": [
        {"key": "ONE", "name": "One", "lead": "ada@example.com", "workflow": "Rules"},
        {"key": "TWO", "name": "Two", "lead": "ada@example.com"},
    ],
    "issues": [
        {"key": "ONE-1", "type": "Task", "summary": "First", "reporter": "bo@example.com"},
        {"key": "ONE-2", "type": "Sub-task", "summary": "Part", "parent": "ONE-1"},
        {"key": "TWO-1", "type": "Task", "summary": "Elsewhere"},
    ],
}


@pytest.fixture
async def ruled(app: App, control: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A caller, Ada, on a site whose workflow has conditions and a screen."""
    async with await client_of(app, control, RULES) as client:
        yield client


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


async def test_only_the_reporter_closes(jira: httpx.AsyncClient) -> None:
    await move(jira, "SUP-2", "Resolve", fields={"resolution": {"name": "Done"}})
    assert list(await offered(jira, "SUP-2")) == ["Reopen"]
    await jira.put("issue/SUP-2", json={"fields": {"reporter": {"accountId": ADMIN}}})
    assert list(await offered(jira, "SUP-2")) == ["Close", "Reopen"]


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


async def offered(jira: httpx.AsyncClient, key: str, query: str = "") -> dict[str, dict[str, Any]]:
    """The transitions of an issue by name."""
    return {one["name"]: one for one in (await jira.get(f"issue/{key}/transitions{query}")).json()["transitions"]}


async def test_a_transition_whose_condition_fails_is_not_offered(ruled: httpx.AsyncClient) -> None:
    shown = await offered(ruled, "ONE-1")
    assert list(shown) == ["Free", "Hand over"]
    assert not any(one["isConditional"] for one in shown.values())
    every = await offered(ruled, "ONE-1", "?includeUnavailableTransitions=true")
    assert {name: (one["isAvailable"], one["isConditional"]) for name, one in every.items()} == {
        "Mine": (False, True),
        "Reported": (False, True),
        "Finish": (False, True),
        "Explain": (False, True),
        "Free": (True, False),
        "Hand over": (True, False),
    }


@pytest.mark.parametrize("name", ["Mine", "Reported", "Finish", "Explain"])
async def test_nor_can_it_be_taken(ruled: httpx.AsyncClient, name: str) -> None:
    wanted = (await offered(ruled, "ONE-1", "?includeUnavailableTransitions=true"))[name]["id"]
    answer = await ruled.post("issue/ONE-1/transitions", json={"transition": {"id": wanted}})
    assert_refused(answer, 400, f"Transition id '{wanted}' is not valid for this issue.")
    assert (await fields_of(ruled, "ONE-1"))["status"]["name"] == "Open"


@pytest.mark.parametrize(
    ("name", "fields"),
    [("Mine", {"assignee": {"accountId": "ada"}}), ("Reported", {"reporter": {"accountId": "ada"}})],
)
async def test_only_a_person_of_the_issue_may_take_it(
    ruled: httpx.AsyncClient, name: str, fields: dict[str, Any]
) -> None:
    assert (await ruled.put("issue/ONE-1", json={"fields": fields})).status_code == 204
    shown = await offered(ruled, "ONE-1")
    assert list(shown) == [name, "Free", "Hand over"]
    assert shown[name]["isConditional"]
    assert (await move(ruled, "ONE-1", name)).status_code == 204


async def test_the_sub_tasks_must_be_done(ruled: httpx.AsyncClient) -> None:
    assert "Finish" in await offered(ruled, "ONE-2")
    assert (await move(ruled, "ONE-2", "Finish")).status_code == 204
    assert "Finish" in await offered(ruled, "ONE-1")
    await move(ruled, "ONE-2", "Free")
    assert "Finish" not in await offered(ruled, "ONE-1")


async def test_all_conditions_must_hold(ruled: httpx.AsyncClient) -> None:
    every = (await ruled.get("field")).json()
    cause = next(field["id"] for field in every if field["name"] == "Root cause")
    await ruled.put("issue/ONE-1", json={"fields": {cause: "A worn belt"}})
    assert "Explain" not in await offered(ruled, "ONE-1")
    await ruled.put("issue/ONE-1", json={"fields": {"duedate": "2026-04-01"}})
    assert (await move(ruled, "ONE-1", "Explain")).status_code == 204
    assert (await fields_of(ruled, "ONE-1"))["status"]["name"] == "Closed"


async def test_a_screen_with_a_comment(ruled: httpx.AsyncClient) -> None:
    screen = (await offered(ruled, "ONE-1", "?expand=transitions.fields"))["Hand over"]["fields"]
    (cause,) = (name for name in screen if name.startswith("customfield_"))
    assert {name: field["required"] for name, field in screen.items()} == {
        "comment": True,
        "assignee": True,
        "priority": False,
        "duedate": True,
        cause: True,
    }
    assert (screen["comment"]["name"], screen["comment"]["operations"]) == ("Comment", ["add"])
    assert_refused(
        await move(ruled, "ONE-1", "Hand over"),
        400,
        comment="Field Comment is required.",
        assignee="Field Assignee is required.",
        duedate="Field Due date is required.",
        **{cause: "Field Root cause is required."},
    )
    fields = {"assignee": {"accountId": "bo"}, "duedate": "2026-04-01", cause: "A worn belt"}
    assert_refused(
        await move(ruled, "ONE-1", "Hand over", fields={**fields, "comment": "Yours"}),
        400,
        comment="Field does not support update 'comment'",
    )
    assert_refused(
        await move(ruled, "ONE-1", "Hand over", fields=fields, update={"comment": []}),
        400,
        comment="Field Comment is required.",
    )
    update = {"comment": [{"add": {"body": doc("Yours now")}}]}
    assert (await move(ruled, "ONE-1", "Hand over", fields=fields, update=update)).status_code == 204
    moved = await fields_of(ruled, "ONE-1")
    assert (moved["status"]["name"], moved["assignee"]["displayName"], moved[cause]) == (
        "Review",
        "Bo Two",
        "A worn belt",
    )
    assert [comment["body"] for comment in moved["comment"]["comments"]] == [doc("Yours now")]
    # What is there from before need not be given again; a comment is.
    assert_refused(await move(ruled, "ONE-1", "Hand over"), 400, comment="Field Comment is required.")


@pytest.mark.parametrize(
    ("comment", "text"),
    [
        ({"body": None}, "Comment body can not be empty!"),
        ({}, "Comment body can not be empty!"),
        ("x", "Comment body can not be empty!"),
        ({"body": "x"}, "Comment body is not valid!"),
        ({"body": {"type": "doc"}}, "Comment body is not valid!"),
        ({"body": doc()}, "Comment body can not be empty!"),
    ],
)
async def test_a_required_comment_must_be_one(ruled: httpx.AsyncClient, comment: Any, text: str) -> None:
    await ruled.put("issue/ONE-1", json={"fields": {"assignee": {"accountId": "bo"}, "duedate": "2026-04-01"}})
    answer = await move(ruled, "ONE-1", "Hand over", update={"comment": [{"add": comment}]})
    assert answer.status_code == 400
    assert answer.json()["errors"]["comment"] == text
    assert (await fields_of(ruled, "ONE-1"))["comment"]["total"] == 0


async def test_ids_differ_by_workflow_and_site(ruled: httpx.AsyncClient, app: App, control: httpx.AsyncClient) -> None:
    one, two = await offered(ruled, "ONE-1"), await offered(ruled, "TWO-1")
    assert not {step["id"] for step in one.values()} & {step["id"] for step in two.values()}
    async with await client_of(app, control, {**RULES, "ids": 77_000}) as other:
        again = await offered(other, "ONE-1")
    assert one["Free"]["id"] != again["Free"]["id"]
