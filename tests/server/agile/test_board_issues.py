from __future__ import annotations

import httpx

from tests.server.agile.expectations import NO_SPRINT, SPRINT, board_id, keys, sprint_id
from tests.server.jira.expectations import NO_ISSUE, assert_refused, create


async def test_the_issues_of_a_board_by_rank(agile: httpx.AsyncClient) -> None:
    web = await board_id(agile, "WEB")
    assert await keys(agile, f"board/{web}/issue") == ["WEB-1", "WEB-2", "WEB-3", "WEB-4"]
    page = (await agile.get(f"board/{web}/issue", params={"startAt": 1, "maxResults": 2})).json()
    assert [issue["key"] for issue in page["issues"]] == ["WEB-2", "WEB-3"]
    assert {name: page[name] for name in ("expand", "startAt", "maxResults", "total")} == {
        "expand": "schema,names",
        "startAt": 1,
        "maxResults": 2,
        "total": 4,
    }


async def test_jql_finds_fewer_or_another_order(agile: httpx.AsyncClient) -> None:
    path = f"board/{await board_id(agile, 'WEB')}/issue"
    assert await keys(agile, path, jql="type = Bug OR status = Done") == ["WEB-3", "WEB-4"]
    assert await keys(agile, path, jql="ORDER BY key DESC") == ["WEB-4", "WEB-3", "WEB-2", "WEB-1"]
    assert await keys(agile, path, jql="project = PLAT") == []
    text = "Field 'colour' does not exist or you do not have permission to view it."
    assert_refused(await agile.get(path, params={"jql": "colour = red"}), 400, text)
    lenient = (await agile.get(path, params={"jql": "colour = red", "validateQuery": "false"})).json()
    assert (lenient["issues"], lenient["warningMessages"]) == ([], [text])


async def test_an_issue_has_its_agile_fields(agile: httpx.AsyncClient) -> None:
    path = f"board/{await board_id(agile, 'WEB')}/issue"
    issue = (await agile.get(path, params={"jql": "key = WEB-2"})).json()["issues"][0]
    assert issue["self"] == f"http://acme.test/rest/agile/1.0/issue/{issue['id']}"
    fields = issue["fields"]
    assert fields["sprint"] == (await agile.get(f"sprint/{await sprint_id(agile, 'WEB Sprint 2')}")).json()
    assert (fields["closedSprints"], fields["flagged"]) == ([], False)
    assert fields["epic"] == (await agile.get("epic/WEB-1")).json()
    # Rich text is wiki markup, and what an issue refers to is v2's.
    assert fields["description"] == "A returning customer pays with the card from the last order."
    assert fields["status"]["self"].startswith("http://acme.test/rest/api/2/status/")
    done = (await agile.get(path, params={"jql": "key = WEB-4"})).json()["issues"][0]["fields"]
    assert (done["sprint"], done["epic"]) == (None, None)
    assert [sprint["name"] for sprint in done["closedSprints"]] == ["WEB Sprint 1"]


async def test_fields_and_expand(agile: httpx.AsyncClient) -> None:
    path = f"board/{await board_id(agile, 'WEB')}/issue"
    parameters = {"fields": "summary,sprint", "expand": "names,schema,changelog", "maxResults": 1}
    page = (await agile.get(path, params=parameters)).json()
    assert page["names"] == {"summary": "Summary", "sprint": "Sprint"}
    assert page["schema"]["summary"] == {"type": "string", "system": "summary"}
    (issue,) = page["issues"]
    assert set(issue["fields"]) == {"summary", "sprint"}
    assert issue["changelog"]["histories"] == []


async def test_the_issues_of_a_sprint_on_a_board(agile: httpx.AsyncClient) -> None:
    web, plat = await board_id(agile, "WEB"), await board_id(agile, "PLAT")
    active = await sprint_id(agile, "WEB Sprint 2")
    assert await keys(agile, f"board/{web}/sprint/{active}/issue") == ["WEB-2"]
    assert_refused(await agile.get(f"board/{web}/sprint/1/issue"), 404, NO_SPRINT)
    assert_refused(await agile.get(f"board/{plat}/sprint/{active}/issue"), 400, "The board does not support sprints")


async def test_a_sub_task_is_in_the_sprint_of_its_parent(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    key = await create(jira, kind="Sub-task", parent={"key": "WEB-2"})
    active = await sprint_id(agile, "WEB Sprint 2")
    assert await keys(agile, f"sprint/{active}/issue") == ["WEB-2", key]
    assert (await jira.get(f"issue/{key}")).json()["fields"][SPRINT][0]["id"] == active


async def test_the_issues_of_an_epic_and_of_none(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    web, plat = await board_id(agile, "WEB"), await board_id(agile, "PLAT")
    epic = (await jira.get("issue/WEB-1")).json()["id"]
    assert await keys(agile, f"board/{web}/epic/{epic}/issue") == ["WEB-2"]
    assert await keys(agile, f"board/{plat}/epic/{epic}/issue") == []
    assert await keys(agile, f"board/{web}/epic/none/issue") == ["WEB-3", "WEB-4"]
    assert await keys(agile, f"board/{plat}/epic/none/issue") == ["PLAT-1", "PLAT-2", "PLAT-4"]
    assert_refused(await agile.get(f"board/{web}/epic/1/issue"), 404, NO_ISSUE)
    story = (await jira.get("issue/WEB-2")).json()["id"]
    text = "The issue 'WEB-2' is not an epic."
    assert_refused(await agile.get(f"board/{web}/epic/{story}/issue"), 404, text)


async def test_the_epics_of_a_board(agile: httpx.AsyncClient, jira: httpx.AsyncClient) -> None:
    path = f"board/{await board_id(agile, 'WEB')}/epic"
    page = (await agile.get(path)).json()
    assert (page["total"], page["isLast"]) == (1, True)
    assert page["values"] == [(await agile.get("epic/WEB-1")).json()]
    other = await create(jira, kind="Epic")
    await agile.post(f"epic/{other}", json={"done": True})
    for done, expected in (("true", [other]), ("false", ["WEB-1"]), ("", ["WEB-1", other])):
        epics = (await agile.get(path, params={"done": done})).json()["values"]
        assert [epic["key"] for epic in epics] == expected
    assert_refused(await agile.get(path, params={"done": "maybe"}), 400, "The value of 'done' must be true or false.")
