from __future__ import annotations

import httpx
import pytest

from tests.server.jira.expectations import (
    ADMIN,
    BEA,
    NO_ISSUE,
    assert_problem,
    assert_refused,
    create,
    doc,
    fields_of,
    history,
)


async def test_create_answers_id_key_and_self_alone(jira: httpx.AsyncClient) -> None:
    sent = {"project": {"key": "WEB"}, "issuetype": {"name": "Bug"}, "summary": "Broken"}
    answer = await jira.post("issue", json={"fields": sent})
    created = answer.json()
    assert answer.status_code == 201
    assert created == {
        "id": created["id"],
        "key": "WEB-5",
        "self": f"http://acme.test/rest/api/3/issue/{created['id']}",
    }
    issue = (await jira.get(created["self"])).json()
    assert issue["key"] == "WEB-5"
    assert issue["fields"]["summary"] == "Broken"


async def test_what_a_new_issue_is(jira: httpx.AsyncClient) -> None:
    fields = await fields_of(jira, await create(jira))
    assert fields["status"]["name"] == "To Do"
    assert fields["priority"]["name"] == "Medium"
    assert fields["creator"] == fields["reporter"]
    assert fields["reporter"]["accountId"] == ADMIN
    assert (fields["assignee"], fields["resolution"], fields["duedate"], fields["description"]) == (None,) * 4
    assert (fields["labels"], fields["subtasks"], fields["issuelinks"]) == ([], [], [])
    assert fields["created"] == fields["updated"]
    assert fields["created"].endswith(".000+0000")
    assert "parent" not in fields


async def test_project_and_type_by_id(jira: httpx.AsyncClient) -> None:
    project = (await jira.get("project/WEB")).json()
    kind = next(kind["id"] for kind in project["issueTypes"] if kind["name"] == "Story")
    for ids in ((project["id"], kind), (int(project["id"]), int(kind))):
        sent = {"project": {"id": ids[0]}, "issuetype": {"id": ids[1]}, "summary": "By id"}
        assert (await jira.post("issue", json={"fields": sent})).status_code == 201


async def test_keys_count_up_in_each_project_and_are_not_used_again(jira: httpx.AsyncClient) -> None:
    assert await create(jira, project="PLAT") == "PLAT-5"
    assert await create(jira, project="WEB") == "WEB-5"
    assert (await jira.delete("issue/PLAT-5")).status_code == 204
    assert await create(jira, project="PLAT") == "PLAT-6"


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({}, {"project": "Specify a valid project ID or key", "issuetype": "Specify a valid issue type"}),
        ({"issuetype": {"name": "Bug"}}, {"project": "Specify a valid project ID or key"}),
        (
            {"project": {"key": "NO"}, "issuetype": {"name": "Bug"}},
            {"project": "Specify a valid project ID or key"},
        ),
        ({"project": "WEB", "issuetype": {"name": "Bug"}}, {"project": "Specify a valid project ID or key"}),
        ({"project": {"key": "WEB"}}, {"issuetype": "Specify a valid issue type"}),
        (
            {"project": {"key": "WEB"}, "issuetype": {"name": "bug"}},
            {"issuetype": "Specify a valid issue type"},
        ),
        ({"project": {"key": "WEB"}, "issuetype": "Bug"}, {"issuetype": "Specify a valid issue type"}),
        (
            {"project": {"key": "SUP"}, "issuetype": {"name": "Epic"}},
            {"issuetype": "Specify a valid issue type"},
        ),
        (
            {"project": {"key": "WEB"}, "issuetype": {"name": "Bug"}},
            {"summary": "You must specify a summary of the issue."},
        ),
        (
            {"project": {"key": "SUP"}, "issuetype": {"name": "Bug"}},
            {"summary": "You must specify a summary of the issue.", "priority": "Priority is required."},
        ),
    ],
)
async def test_create_without_what_it_needs(
    jira: httpx.AsyncClient, fields: dict[str, object], errors: dict[str, str]
) -> None:
    assert_refused(await jira.post("issue", json={"fields": fields}), 400, **errors)


async def test_every_wrong_field_is_told_at_once(jira: httpx.AsyncClient) -> None:
    sent = {"project": {"key": "WEB"}, "issuetype": {"name": "Bug"}, "labels": ["a b"], "nonsense": 1}
    assert_refused(
        await jira.post("issue", json={"fields": sent}),
        400,
        labels="The label 'a b' contains spaces which is invalid.",
        nonsense="Field 'nonsense' cannot be set. It is not on the appropriate screen, or unknown.",
        summary="You must specify a summary of the issue.",
    )


async def test_a_refused_create_uses_no_key(jira: httpx.AsyncClient) -> None:
    await jira.post("issue", json={"fields": {"project": {"key": "WEB"}, "issuetype": {"name": "Bug"}}})
    assert await create(jira) == "WEB-5"


async def test_a_sub_task(jira: httpx.AsyncClient) -> None:
    key = await create(jira, kind="Sub-task", parent={"key": "WEB-2"})
    child = await fields_of(jira, key)
    assert (child["parent"]["key"], child["parent"]["fields"]["issuetype"]["name"]) == ("WEB-2", "Story")
    (subtask,) = (await fields_of(jira, "WEB-2"))["subtasks"]
    assert (subtask["key"], subtask["fields"]["status"]["name"]) == (key, "To Do")


async def test_a_sub_task_needs_a_parent(jira: httpx.AsyncClient) -> None:
    sent = {"project": {"key": "WEB"}, "issuetype": {"name": "Sub-task"}, "summary": "Alone"}
    text = "Issue type is a sub-task but parent issue key or id not specified."
    assert_refused(await jira.post("issue", json={"fields": sent}), 400, text)


async def test_create_with_operations(jira: httpx.AsyncClient) -> None:
    sent = {"project": {"key": "WEB"}, "issuetype": {"name": "Task"}, "summary": "Labelled"}
    update = {"labels": [{"add": "one"}, {"add": "two"}]}
    key = (await jira.post("issue", json={"fields": sent, "update": update})).json()["key"]
    assert (await fields_of(jira, key))["labels"] == ["one", "two"]


async def test_nobody_creates_nothing(nobody: httpx.AsyncClient) -> None:
    sent = {"project": {"key": "WEB"}, "issuetype": {"name": "Task"}, "summary": "Mine"}
    answer = await nobody.post("issue", json={"fields": sent})
    assert_refused(answer, 400, project="Specify a valid project ID or key")


async def test_an_issue_by_id_and_by_key_in_any_case(jira: httpx.AsyncClient) -> None:
    issue = (await jira.get("issue/WEB-1")).json()
    assert (await jira.get(f"issue/{issue['id']}")).json() == issue
    assert (await jira.get("issue/web-1")).json() == issue


@pytest.mark.parametrize("asked", ["WEB-99", "1", "nonsense"])
async def test_an_unknown_issue(jira: httpx.AsyncClient, asked: str) -> None:
    assert_refused(await jira.get(f"issue/{asked}"), 404, NO_ISSUE)
    assert_refused(await jira.put(f"issue/{asked}", json={"fields": {}}), 404, NO_ISSUE)
    assert_refused(await jira.put(f"issue/{asked}/assignee", json={"accountId": None}), 404, NO_ISSUE)
    assert_refused(await jira.get(f"issue/{asked}/editmeta"), 404, NO_ISSUE)
    assert_refused(await jira.delete(f"issue/{asked}"), 404, NO_ISSUE)


async def test_an_id_with_a_leading_zero_is_unknown(jira: httpx.AsyncClient) -> None:
    issue_id = (await jira.get("issue/WEB-1")).json()["id"]
    assert_refused(await jira.get(f"issue/0{issue_id}"), 404, NO_ISSUE)


async def test_issues_are_private(nobody: httpx.AsyncClient) -> None:
    assert_refused(await nobody.get("issue/WEB-1"), 404, NO_ISSUE)
    assert_refused(await nobody.delete("issue/WEB-1"), 404, NO_ISSUE)


@pytest.mark.parametrize(
    ("wanted", "there", "absent"),
    [
        ("summary,status", {"summary", "status"}, None),
        ("*navigable", {"summary", "status"}, {"comment", "worklog"}),
        ("*all,-comment", {"summary", "worklog"}, {"comment"}),
        ("-comment", {"summary", "worklog"}, {"comment"}),
        ("*none", set(), None),
        ("nonsense", set(), None),
    ],
)
async def test_fields_are_chosen(
    jira: httpx.AsyncClient, wanted: str, there: set[str], absent: set[str] | None
) -> None:
    shown = set((await jira.get("issue/WEB-2", params={"fields": wanted})).json()["fields"])
    assert shown == there if absent is None else there <= shown and not absent & shown


async def test_fields_may_be_repeated(jira: httpx.AsyncClient) -> None:
    issue = (await jira.get("issue/WEB-2?fields=summary&fields=status,labels")).json()
    assert set(issue["fields"]) == {"summary", "status", "labels"}


async def test_expansions(jira: httpx.AsyncClient) -> None:
    parts = "renderedFields,names,schema,transitions,changelog,editmeta,operations"
    issue = (await jira.get("issue/WEB-2", params={"expand": parts, "fields": "description,summary"})).json()
    assert issue["names"] == {"description": "Description", "summary": "Summary"}
    assert issue["schema"]["summary"] == {"type": "string", "system": "summary"}
    assert issue["renderedFields"] == {
        "description": "<p>A returning customer pays with the card from the last order.</p>",
        "summary": None,
    }
    assert [one["name"] for one in issue["transitions"]] == ["To Do", "In Progress", "Done"]
    assert issue["changelog"]["total"] == 0
    assert issue["editmeta"]["fields"]["summary"]["required"]


async def test_v2_shows_text_and_links_to_v2(jira_v2: httpx.AsyncClient) -> None:
    issue = (await jira_v2.get("issue/WEB-3")).json()
    assert issue["fields"]["description"].startswith("Codes are printed in capitals")
    assert issue["fields"]["comment"]["comments"][0]["body"].startswith("Three customers")
    assert issue["self"].startswith("http://acme.test/rest/api/2/issue/")
    assert issue["fields"]["project"]["self"].startswith("http://acme.test/rest/api/2/project/")


async def test_an_edit_changes_what_it_names(jira: httpx.AsyncClient) -> None:
    before = await fields_of(jira, "WEB-2")
    answer = await jira.put(
        "issue/WEB-2?notifyUsers=false", json={"fields": {"summary": "Another"}, "notifyUsers": "true"}
    )
    assert (answer.status_code, answer.content) == (204, b"")
    after = await fields_of(jira, "WEB-2")
    assert after["summary"] == "Another"
    assert after["updated"] > before["updated"]
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"summary", "updated"}


async def test_an_edit_can_return_the_issue(jira: httpx.AsyncClient) -> None:
    answer = await jira.put("issue/WEB-2?returnIssue=true&expand=names", json={"fields": {"summary": "Another"}})
    assert (answer.status_code, answer.json()["key"]) == (200, "WEB-2")
    assert answer.json()["fields"]["summary"] == "Another"
    assert answer.json()["names"]["summary"] == "Summary"


async def test_an_edit_of_nothing(jira: httpx.AsyncClient) -> None:
    assert_refused(await jira.put("issue/WEB-2", json={}), 400, "one of 'fields' or 'update' required")
    assert (await jira.put("issue/WEB-2", json={"fields": {}, "update": {}})).status_code == 204


async def test_a_refused_edit_changes_nothing(jira: httpx.AsyncClient) -> None:
    before = await fields_of(jira, "WEB-2")
    edit = {"summary": "Another", "priority": {"name": "Urgent"}, "status": {"name": "Done"}}
    assert_refused(
        await jira.put("issue/WEB-2", json={"fields": edit}),
        400,
        priority="Priority name 'Urgent' is not valid",
        status="Field 'status' cannot be set. It is not on the appropriate screen, or unknown.",
    )
    assert await fields_of(jira, "WEB-2") == before
    assert await history(jira, "WEB-2") == []


async def test_an_edit_may_comment(jira: httpx.AsyncClient) -> None:
    update = {"comment": [{"add": {"body": doc("Noted")}}], "summary": [{"set": "Another"}]}
    assert (await jira.put("issue/WEB-1", json={"update": update})).status_code == 204
    fields = await fields_of(jira, "WEB-1")
    assert (fields["summary"], fields["comment"]["total"]) == ("Another", 1)


async def test_a_required_field_cannot_be_emptied(custom: httpx.AsyncClient) -> None:
    key = await create(custom, "ONE", "Bug", priority={"name": "High"}, duedate="2026-03-05")
    answer = await custom.put(f"issue/{key}", json={"fields": {"duedate": None, "priority": None}})
    assert_refused(answer, 400, duedate="Due date is required.", priority="Priority is required.")


@pytest.mark.parametrize(
    ("body", "assignee"),
    [({"accountId": BEA}, BEA), ({"accountId": None}, None), ({"accountId": "-1"}, None)],
)
async def test_assign(jira: httpx.AsyncClient, body: dict[str, str | None], assignee: str | None) -> None:
    key = await create(jira, assignee={"accountId": ADMIN})
    answer = await jira.put(f"issue/{key}/assignee", json=body)
    assert (answer.status_code, answer.content) == (204, b"")
    shown = (await fields_of(jira, key))["assignee"]
    assert (shown and shown["accountId"]) == assignee
    assert [item["field"] for item in await history(jira, key)] == ["assignee"]


@pytest.mark.parametrize("body", [{"accountId": "nobody"}, {"accountId": 5}, {}, {"name": "bea"}])
async def test_assign_to_somebody_who_is_not_there(jira: httpx.AsyncClient, body: object) -> None:
    answer = await jira.put("issue/WEB-2/assignee", json=body)
    assert_refused(answer, 400, assignee="Specify a valid value for assignee")


async def test_who_has_left_is_not_assignable(custom: httpx.AsyncClient) -> None:
    answer = await custom.put("issue/ONE-1/assignee", json={"accountId": "cy"})
    assert_refused(answer, 400, assignee="Specify a valid value for assignee")


async def test_delete_takes_the_issue_and_what_hangs_on_it(jira: httpx.AsyncClient) -> None:
    comment = (await jira.get("issue/WEB-3/comment")).json()["comments"][0]["self"]
    answer = await jira.delete("issue/WEB-3")
    assert (answer.status_code, answer.content) == (204, b"")
    assert_refused(await jira.get("issue/WEB-3"), 404, NO_ISSUE)
    assert_refused(await jira.get(comment), 404, NO_ISSUE)


async def test_delete_takes_work_and_watchers(jira: httpx.AsyncClient, control: httpx.AsyncClient) -> None:
    await jira.post("issue/WEB-3/worklog", json={"timeSpent": "1h"})
    await jira.post("issue/WEB-3/watchers")
    await jira.post("issue/WEB-3/votes")
    await jira.put("issue/WEB-3/properties/risk", json=3)
    assert (await jira.delete("issue/WEB-3")).status_code == 204
    trace = (await control.get("/sites/default/trace?changes=true&operation=jira/deleteIssue")).json()
    deleted = [change["table"] for change in trace["exchanges"][-1]["changes"] if change["after"] is None]
    assert {"worklog", "watcher", "vote", "issue_property", "changelog", "issue"} <= set(deleted)


@pytest.mark.parametrize("query", ["", "?deleteSubtasks=false", "?deleteSubtasks=False"])
async def test_sub_tasks_are_not_deleted_by_accident(jira: httpx.AsyncClient, query: str) -> None:
    assert_refused(
        await jira.delete(f"issue/PLAT-2{query}"),
        400,
        "The issue 'PLAT-2' has subtasks.  You must specify the 'deleteSubtasks' parameter"
        " to delete this issue and all its subtasks.",
    )
    assert (await jira.get("issue/PLAT-3")).status_code == 200


async def test_sub_tasks_are_deleted_on_demand(jira: httpx.AsyncClient) -> None:
    assert (await jira.delete("issue/PLAT-2?deleteSubtasks=true")).status_code == 204
    assert_refused(await jira.get("issue/PLAT-3"), 404, NO_ISSUE)


async def test_the_stories_of_a_deleted_epic_stay(jira: httpx.AsyncClient) -> None:
    assert (await jira.delete("issue/WEB-1")).status_code == 204
    assert "parent" not in await fields_of(jira, "WEB-2")


async def test_editmeta(jira: httpx.AsyncClient) -> None:
    fields = (await jira.get("issue/SUP-1/editmeta")).json()["fields"]
    assert {name for name, field in fields.items() if field["required"]} == {
        "issuetype",
        "summary",
        "priority",
    }
    assert not {"project", "status", "resolution", "creator"} & set(fields)
    assert [one["name"] for one in fields["issuetype"]["allowedValues"]] == ["Task", "Bug"]


async def test_a_wrong_boolean(jira: httpx.AsyncClient) -> None:
    answer = await jira.get("issue/WEB-1?fieldsByKeys=maybe")
    assert_problem(answer, 400, "Bad Request", "Failed to convert 'fieldsByKeys' with value: 'maybe'")
