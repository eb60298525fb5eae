"""Projects that are not for everybody: what others see of them, and what they are told when they write."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from sandlot_server.app import App
from tests.server.jira.conftest import clients_of
from tests.server.jira.expectations import NO_ISSUE, assert_refused

AGILE = "http://acme.test/rest/agile/1.0"
ADA, BO, CY = "ada@example.com", "bo@example.com", "cy@example.com"
# Bo may look at what is in HR and do nothing.
GUARDED = (
    "ADD_COMMENTS", "ASSIGN_ISSUES", "CREATE_ATTACHMENTS", "CREATE_ISSUES", "DELETE_ALL_ATTACHMENTS",
    "DELETE_ALL_COMMENTS", "DELETE_ALL_WORKLOGS", "DELETE_ISSUES", "EDIT_ALL_COMMENTS", "EDIT_ALL_WORKLOGS",
    "EDIT_ISSUES", "LINK_ISSUES", "MANAGE_SPRINTS_PERMISSION", "MANAGE_WATCHERS", "TRANSITION_ISSUES",
    "VIEW_VOTERS_AND_WATCHERS", "WORK_ON_ISSUES",
)  # fmt: skip
SEED: dict[str, Any] = {
    "sandlot": 1,
    "name": "people",
    "caller": ADA,
    "users": [
        {"displayName": "Ada One", "emailAddress": ADA, "accountId": "ada"},
        {"displayName": "Bo Two", "emailAddress": BO, "accountId": "bo"},
        {"displayName": "Cy Three", "emailAddress": CY, "accountId": "cy"},
    ],
    "projects": [
        {"key": "OPEN", "name": "Open", "lead": ADA},
        {
            "key": "HR",
            "name": "People",
            "lead": ADA,
            "components": [{"name": "Pay"}],
            "versions": [{"name": "2026"}],
            "permissions": {
                "BROWSE_PROJECTS": [ADA, BO],
                "ADMINISTER_PROJECTS": [BO],
                **{key: [ADA] for key in GUARDED},
                "SCHEDULE_ISSUES": ["everyone"],
            },
        },
    ],
    "boards": [
        {"name": "Open board", "project": "OPEN", "type": "scrum", "sprints": [{"name": "Sprint 1"}]},
        {"name": "HR board", "project": "HR", "type": "scrum", "sprints": [{"name": "Hiring"}]},
    ],
    "issues": [
        {"key": "HR-1", "type": "Epic", "summary": "Pay rises", "labels": ["pay"]},
        {"key": "OPEN-1", "type": "Task", "summary": "Tell everybody", "parent": "HR-1"},
        {
            "key": "HR-2",
            "type": "Task",
            "summary": "Budget for pay",
            "sprint": "Hiring",
            "assignee": ADA,
            "labels": ["pay"],
            "comments": [{"author": ADA, "body": "Not yet."}, {"author": BO, "body": "Mine."}],
            "attachments": [{"filename": "pay.txt", "text": "secret"}],
            "worklogs": [{"author": ADA, "timeSpent": "1h"}],
            "watchers": [BO],
            "voters": [ADA],
            "properties": {"pay": 1},
            "links": [{"type": "Blocks", "outwardIssue": "OPEN-1"}],
            "remoteLinks": [{"url": "https://example.com/pay", "title": "Pay"}],
        },
    ],
}


@pytest.fixture
async def people(app: App, control: httpx.AsyncClient) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    async with AsyncExitStack() as stack:
        clients = await clients_of(app, control, SEED)
        for client in clients.values():
            await stack.enter_async_context(client)
        yield clients


@pytest.fixture
def ada(people: dict[str, httpx.AsyncClient]) -> httpx.AsyncClient:
    """She may do everything."""
    return people["ada"]


@pytest.fixture
def bo(people: dict[str, httpx.AsyncClient]) -> httpx.AsyncClient:
    """He browses HR, administers it, and may do nothing else in it."""
    return people["bo"]


@pytest.fixture
def cy(people: dict[str, httpx.AsyncClient]) -> httpx.AsyncClient:
    """For him there is no HR."""
    return people["cy"]


async def text(client: httpx.AsyncClient, path: str) -> str:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


async def ids(ada: httpx.AsyncClient) -> dict[str, str]:
    """The ids of what hangs on HR-2 and on the project."""
    fields = (await ada.get("issue/HR-2")).json()["fields"]
    project = (await ada.get("project/HR")).json()
    board = next(one for one in (await ada.get(f"{AGILE}/board")).json()["values"] if one["name"] == "HR board")
    sprint = (await ada.get(f"{AGILE}/board/{board['id']}/sprint")).json()["values"][0]
    return {
        "comment": fields["comment"]["comments"][0]["id"],
        "own comment": fields["comment"]["comments"][1]["id"],
        "attachment": fields["attachment"][0]["id"],
        "worklog": fields["worklog"]["worklogs"][0]["id"],
        "link": fields["issuelinks"][0]["id"],
        "remotelink": str((await ada.get("issue/HR-2/remotelink")).json()[0]["id"]),
        "component": project["components"][0]["id"],
        "version": project["versions"][0]["id"],
        "board": str(board["id"]),
        "sprint": str(sprint["id"]),
    }


def document(words: str) -> dict[str, Any]:
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": words}]}
    return {"type": "doc", "version": 1, "content": [paragraph]}


async def test_a_hidden_project_is_not_there(ada: httpx.AsyncClient, cy: httpx.AsyncClient) -> None:
    assert_refused(await cy.get("project/HR"), 404, "No project could be found with key 'HR'.")
    assert [one["key"] for one in (await cy.get("project")).json()] == ["OPEN"]
    assert [one["key"] for one in (await cy.get("project/search")).json()["values"]] == ["OPEN"]
    assert [one["key"] for one in (await cy.get("issue/createmeta")).json()["projects"]] == ["OPEN"]
    assert [one["key"] for one in (await ada.get("project")).json()] == ["OPEN", "HR"]
    assert_refused(await cy.get("issue/createmeta/HR/issuetypes"), 404, "No project could be found with key 'HR'.")
    for path in ("project/HR/statuses", "project/HR/components", "project/HR/versions"):
        assert (await cy.get(path)).status_code == 404


async def test_a_hidden_issue_is_not_there_with_all_that_hangs_on_it(
    ada: httpx.AsyncClient, cy: httpx.AsyncClient
) -> None:
    found = await ids(ada)
    assert_refused(await cy.get("issue/HR-2"), 404, NO_ISSUE)
    for part in ("comment", "worklog", "watchers", "votes", "transitions", "changelog", "remotelink", "properties"):
        assert_refused(await cy.get(f"issue/HR-2/{part}"), 404, NO_ISSUE)
    assert_refused(await cy.post("issue/HR-2/comment", json={"body": document("Hello")}), 404, NO_ISSUE)
    assert_refused(await cy.put("issue/HR-2", json={"fields": {"summary": "x"}}), 404, NO_ISSUE)
    assert_refused(await cy.delete("issue/HR-2"), 404, NO_ISSUE)
    missing = {
        f"attachment/{found['attachment']}": "The attachment with id '{}' does not exist",
        f"issueLink/{found['link']}": "No issue link with id '{}' exists.",
        f"component/{found['component']}": "The component with id {} does not exist.",
        f"version/{found['version']}": "Could not find version for id '{}'",
    }
    for path, told in missing.items():
        assert_refused(await cy.get(path), 404, told.format(path.partition("/")[2]))
        assert (await ada.get(path)).status_code == 200
    for path in (f"board/{found['board']}", f"sprint/{found['sprint']}"):
        assert (await cy.get(f"{AGILE}/{path}")).status_code == 404
        assert (await ada.get(f"{AGILE}/{path}")).status_code == 200
    listed = {"ids": [int(found["comment"])]}
    assert (await cy.post("comment/list", json=listed)).json()["total"] == 0
    assert (await ada.post("comment/list", json=listed)).json()["total"] == 1


async def test_lists_and_searches_leave_out_what_is_hidden(ada: httpx.AsyncClient, cy: httpx.AsyncClient) -> None:
    async def keys(client: httpx.AsyncClient, jql: str) -> list[str]:
        answer = await client.get("search/jql", params={"jql": jql, "fields": "summary"})
        assert answer.status_code == 200, answer.text
        return [issue["key"] for issue in answer.json()["issues"]]

    assert await keys(ada, "labels = pay OR summary ~ everybody ORDER BY key") == ["HR-1", "HR-2", "OPEN-1"]
    assert await keys(cy, "labels = pay OR summary ~ everybody ORDER BY key") == ["OPEN-1"]
    for jql in ("project = HR", "key = HR-2", "sprint = Hiring", "component = Pay"):
        assert (await cy.get("search/jql", params={"jql": jql})).status_code == 400, jql
        assert (await ada.get("search/jql", params={"jql": jql})).status_code == 200, jql
    refused = await cy.get("search/jql", params={"jql": "project = HR"})
    assert_refused(refused, 400, "The value 'HR' does not exist for the field 'project'.")
    assert (await cy.get("label")).json()["values"] == []
    boards = (await cy.get(f"{AGILE}/board")).json()["values"]
    assert [board["name"] for board in boards] == ["Open board"]
    assert (await cy.post("issue/bulkfetch", json={"issueIdsOrKeys": ["HR-1", "OPEN-1"]})).json()["issues"][0][
        "key"
    ] == "OPEN-1"
    assert "HR-" not in await text(cy, "issue/picker?query=pay&currentJQL=")
    assert (await cy.post("search/approximate-count", json={"jql": "labels = pay OR key = OPEN-1"})).json()[
        "count"
    ] == 1


async def test_what_refers_to_hidden_issues_does_not_show_them(ada: httpx.AsyncClient, cy: httpx.AsyncClient) -> None:
    shown = (await cy.get("issue/OPEN-1")).json()["fields"]
    assert shown.get("parent") is None
    assert shown["issuelinks"] == []
    shown = (await ada.get("issue/OPEN-1")).json()["fields"]
    assert shown["parent"]["key"] == "HR-1"
    assert shown["issuelinks"][0]["inwardIssue"]["key"] == "HR-2"
    assert "HR-" not in await text(cy, f"{AGILE}/issue/OPEN-1")


async def test_what_follows_from_a_write_is_not_bounded_by_what_its_caller_sees(
    ada: httpx.AsyncClient, cy: httpx.AsyncClient
) -> None:
    taken = {"key": "HR", "name": "Other", "leadAccountId": "ada", "projectTypeKey": "software"}
    assert_refused(await ada.post("project", json=taken), 400, projectKey="Project 'People' uses this project key.")
    board = next(one for one in (await cy.get(f"{AGILE}/board")).json()["values"])
    sprint = (await cy.get(f"{AGILE}/board/{board['id']}/sprint")).json()["values"][0]["id"]
    moved = await ada.post(f"{AGILE}/sprint/{sprint}/issue", json={"issues": ["HR-2"]})
    assert moved.status_code == 204, moved.text
    assert (await cy.delete(f"{AGILE}/sprint/{sprint}")).status_code == 204
    assert (await cy.delete("issue/OPEN-1")).status_code == 204
    left = (await ada.get("issue/HR-2?expand=changelog")).json()
    assert left["fields"]["issuelinks"] == []
    assert not left["fields"]["customfield_10020"]
    assert left["changelog"]["histories"][0]["items"][0]["field"] == "Link"


async def test_a_hidden_parent_can_be_taken_away(ada: httpx.AsyncClient, cy: httpx.AsyncClient) -> None:
    edited = await cy.put("issue/OPEN-1", json={"fields": {"parent": None}})
    assert edited.status_code == 204, edited.text
    assert (await ada.get("issue/OPEN-1")).json()["fields"].get("parent") is None


async def test_who_may_only_browse_sees_everything(bo: httpx.AsyncClient) -> None:
    shown = (await bo.get("issue/HR-2?expand=editmeta,transitions")).json()
    assert shown["fields"]["summary"] == "Budget for pay"
    assert shown["editmeta"] == {"fields": {}}
    assert shown["transitions"] == []
    assert (await bo.get("issue/createmeta/HR/issuetypes")).json()["issueTypes"] == []
    assert [one["key"] for one in (await bo.get("issue/createmeta")).json()["projects"]] == ["OPEN"]


async def test_no_field_is_on_the_screen_of_who_may_not_write(bo: httpx.AsyncClient) -> None:
    told = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
    sent = {"project": {"key": "HR"}, "issuetype": {"name": "Task"}, "summary": "Mine"}
    assert_refused(await bo.post("issue", json={"fields": sent}), 400, **{name: told.format(name) for name in sent})
    refused = await bo.put("issue/HR-2", json={"fields": {"summary": "x"}, "update": {"labels": [{"add": "y"}]}})
    assert_refused(refused, 400, summary=told.format("summary"), labels=told.format("labels"))
    refused = await bo.put("issue/HR-2", json={"properties": [{"key": "a", "value": 1}]})
    assert_refused(refused, 403, "You do not have permission to edit issues in this project.")


async def test_writes_that_are_denied(ada: httpx.AsyncClient, bo: httpx.AsyncClient) -> None:
    found = await ids(ada)
    before = (await ada.get("issue/HR-2?expand=changelog")).json()
    comment, body = f"issue/HR-2/comment/{found['comment']}", {"body": document("Hello")}
    worklog = f"issue/HR-2/worklog/{found['worklog']}"
    remote = {"object": {"url": "https://example.com", "title": "x"}}
    blocks = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "OPEN-1"}, "outwardIssue": {"key": "HR-2"}}
    linking = "No Link Issue Permission for issue 'HR-2'"
    editing = "You do not have permission to edit issues in this project."
    sprint = f"{AGILE}/sprint/{found['sprint']}"
    sprinting = "You do not have permission to manage sprints in this project."
    caller = "Bo Two, you do not have the permission to"
    files = {"file": ("a.txt", b"a")}
    guarded = {"X-Atlassian-Token": "no-check"}
    for answer, status, told in (
        (await bo.post("issue/HR-2/comment", json=body), 400, f"{caller} comment on this issue."),
        (await bo.put(comment, json=body), 400, f"{caller} edit this comment."),
        (await bo.delete(comment), 400, f"You do not have permission to delete comment with id: {found['comment']}"),
        (await bo.post("issue/HR-2/transitions", json={"transition": {"id": "11"}}), 400, None),
        (
            await bo.put("issue/HR-2/assignee", json={"accountId": "bo"}),
            403,
            "You do not have permission to assign issues.",
        ),
        (await bo.delete("issue/HR-2"), 403, "You do not have permission to delete issues in this project."),
        (
            await bo.post("issue/HR-2/worklog", json={"timeSpent": "1h"}),
            400,
            f"{caller} associate a worklog to this issue.",
        ),
        (await bo.put(worklog, json={"timeSpent": "1h"}), 400, f"{caller} edit this worklog."),
        (await bo.delete(worklog), 400, f"{caller} delete this worklog."),
        (
            await bo.post("issue/HR-2/attachments", files=files, headers=guarded),
            403,
            "You do not have permission to create attachments for this issue.",
        ),
        (
            await bo.delete(f"attachment/{found['attachment']}"),
            403,
            f"You do not have permission to delete attachment with id: {found['attachment']}",
        ),
        (await bo.post("issueLink", json=blocks), 401, linking),
        (await bo.post("issue/HR-2/remotelink", json=remote), 403, linking),
        (await bo.put(f"issue/HR-2/remotelink/{found['remotelink']}", json=remote), 403, linking),
        (await bo.delete(f"issue/HR-2/remotelink/{found['remotelink']}"), 403, linking),
        (await bo.put("issue/HR-2/properties/pay", json=2), 403, editing),
        (await bo.delete("issue/HR-2/properties/pay"), 404, editing),
        (
            await bo.post("issue/HR-2/watchers", json="cy"),
            403,
            "You do not have permission to manage the watchers of this issue.",
        ),
        (await bo.put(sprint, json={"name": "x", "state": "future"}), 403, sprinting),
        (await bo.delete(sprint), 403, sprinting),
        (await bo.post(f"{sprint}/issue", json={"issues": ["HR-2"]}), 403, editing),
        (await bo.post(f"{AGILE}/backlog/issue", json={"issues": ["HR-2"]}), 403, editing),
        (
            await bo.put(f"{AGILE}/issue/rank", json={"issues": ["HR-2"], "rankAfterIssue": "OPEN-1"}),
            403,
            editing,
        ),
        (await bo.post(f"{AGILE}/epic/HR-1", json={"name": "x"}), 403, editing),
    ):
        assert answer.status_code == status, answer.text
        assert told is None or answer.json()["errorMessages"] == [told], answer.text
    assert (await ada.get("issue/HR-2?expand=changelog")).json() == before


async def test_ones_own_and_others(ada: httpx.AsyncClient, bo: httpx.AsyncClient) -> None:
    """Bo may change what he wrote himself, watch, and take a link away by its other end."""
    found = await ids(ada)
    comment = f"issue/HR-2/comment/{found['own comment']}"
    assert (await bo.put(comment, json={"body": document("Changed")})).status_code == 200
    assert (await bo.delete(comment)).status_code == 204
    assert [one["accountId"] for one in (await bo.get("issue/HR-2/watchers")).json()["watchers"]] == ["bo"]
    assert (await bo.get("issue/HR-2/watchers")).json()["watchCount"] == 2
    assert (await bo.get("issue/HR-2/votes")).json()["voters"] == []
    assert len((await ada.get("issue/HR-2/votes")).json()["voters"]) == 1
    assert (await bo.delete("issue/HR-2/watchers", params={"accountId": "bo"})).status_code == 204
    assert (await bo.delete(f"issueLink/{found['link']}")).status_code == 204


async def test_fields_with_a_permission_of_their_own(app: App, control: httpx.AsyncClient) -> None:
    project = {
        "key": "ONE",
        "name": "One",
        "lead": ADA,
        "permissions": {"ASSIGN_ISSUES": [ADA], "ADD_COMMENTS": [ADA], "LINK_ISSUES": [ADA], "ASSIGNABLE_USER": [ADA]},
    }
    issues = [{"key": "ONE-1", "type": "Task", "summary": "One"}, {"key": "ONE-2", "type": "Task", "summary": "Two"}]
    seed = {**SEED, "projects": [project], "boards": [], "issues": issues}
    told = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
    async with AsyncExitStack() as stack:
        clients = await clients_of(app, control, seed)
        ada, bo = [await stack.enter_async_context(clients[name]) for name in ("ada", "bo")]
        link = {"add": {"type": {"name": "Blocks"}, "outwardIssue": {"key": "ONE-2"}}}
        update = {"comment": [{"add": {"body": document("x")}}], "issuelinks": [link]}
        sent = {"fields": {"summary": "x", "assignee": {"accountId": "ada"}}, "update": update}
        assert_refused(
            await bo.put("issue/ONE-1", json=sent),
            400,
            assignee=told.format("assignee"),
            comment="Bo Two, you do not have the permission to comment on this issue.",
            issuelinks=told.format("issuelinks"),
        )
        assert (await bo.put("issue/ONE-1", json={"fields": {"summary": "x"}})).status_code == 204
        fields = (await bo.get("issue/ONE-1/editmeta")).json()["fields"]
        assert "summary" in fields
        assert not {"assignee", "issuelinks"} & set(fields)
        assert (await ada.put("issue/ONE-1", json=sent)).status_code == 204
        unfit = "User 'Bo Two' cannot be assigned issues."
        assert_refused(await ada.put("issue/ONE-1/assignee", json={"accountId": "bo"}), 400, assignee=unfit)
        sent = {"fields": {"assignee": {"accountId": "bo"}}}
        assert_refused(await ada.put("issue/ONE-1", json=sent), 400, assignee=unfit)
        found = (await bo.get("user/assignable/search?project=ONE")).json()
        assert [user["accountId"] for user in found] == ["ada"]


async def test_a_project_may_have_an_administrator_of_its_own(
    ada: httpx.AsyncClient, bo: httpx.AsyncClient, cy: httpx.AsyncClient
) -> None:
    component = {"project": "HR", "name": "Holidays"}
    assert (await bo.post("component", json=component)).status_code == 201
    assert (await bo.put("project/HR", json={"description": "Ours"})).status_code == 200
    elsewhere = {"project": "OPEN", "name": "Holidays"}
    fixed = "You cannot edit the configuration of this project."
    assert_refused(await bo.post("component", json=elsewhere), 403, fixed)
    assert (await cy.post("component", json=component)).status_code == 404
    assert (await ada.post("component", json=elsewhere)).status_code == 201


async def held(client: httpx.AsyncClient, query: str) -> dict[str, bool]:
    answer = await client.get(f"mypermissions?{query}")
    assert answer.status_code == 200, answer.text
    return {key: one["havePermission"] for key, one in answer.json()["permissions"].items()}


async def test_mypermissions_agrees(ada: httpx.AsyncClient, bo: httpx.AsyncClient, cy: httpx.AsyncClient) -> None:
    keys = ",".join(("BROWSE", *GUARDED, "SCHEDULE_ISSUES", "ADMINISTER_PROJECTS"))
    expected = {"BROWSE": True, **dict.fromkeys(GUARDED, False), "SCHEDULE_ISSUES": True, "ADMINISTER_PROJECTS": True}
    comment = (await ids(ada))["comment"]
    for place in ("projectKey=HR", "issueKey=HR-2", f"commentId={comment}"):
        assert await held(bo, f"permissions={keys}&{place}") == expected
        assert all((await held(ada, f"permissions={keys}&{place}")).values())
    refused = await cy.get(f"mypermissions?permissions={keys}&projectKey=HR")
    assert_refused(refused, 404, "No project could be found with key 'HR'.")
    # Without a place: what is held in any project.
    anywhere = await held(bo, "permissions=EDIT_ISSUES,ADMINISTER_PROJECTS,ADMINISTER")
    assert anywhere == {"EDIT_ISSUES": True, "ADMINISTER_PROJECTS": True, "ADMINISTER": False}
    assert not (await held(cy, "permissions=ADMINISTER_PROJECTS"))["ADMINISTER_PROJECTS"]


async def test_users_are_found_by_their_permissions(ada: httpx.AsyncClient) -> None:
    async def found(query: str) -> list[str]:
        users = (await ada.get(f"user/permission/search?query=&{query}")).json()
        return [user["accountId"] for user in users]

    assert await found("permissions=BROWSE_PROJECTS&projectKey=HR") == ["ada", "bo"]
    assert await found("permissions=EDIT_ISSUES&issueKey=HR-2") == ["ada"]
    assert await found("permissions=EDIT_ISSUES&projectKey=OPEN") == ["ada", "bo", "cy"]
    assert await found("permissions=SCHEDULE_ISSUES&projectKey=HR") == ["ada", "bo"]


async def test_a_hidden_project_stays_hidden_in_the_bin(ada: httpx.AsyncClient, cy: httpx.AsyncClient) -> None:
    assert (await ada.delete("project/HR", params={"enableUndo": True})).status_code == 204
    binned = "project/search?status=deleted"
    assert [one["key"] for one in (await ada.get(binned)).json()["values"]] == ["HR"]
    assert (await cy.get(binned)).json()["values"] == []
