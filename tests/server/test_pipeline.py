from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from sandlot_server.app import App
from sandlot_server.call import Answer, Call
from sandlot_server.contract.contract import ContractError
from sandlot_server.site.state import State

ISSUE = "/rest/api/3/issue"
NEW = {"fields": {"project": {"key": "WEB"}, "issuetype": {"name": "Task"}, "summary": "New"}}


async def trace(control: httpx.AsyncClient) -> list[dict[str, object]]:
    exchanges: list[dict[str, object]] = (await control.get("/sites/default/trace")).json()["exchanges"]
    return exchanges


async def test_an_exchange_is_recorded_with_its_changes(
    atlassian: httpx.AsyncClient, control: httpx.AsyncClient
) -> None:
    created = (await atlassian.post(ISSUE, json=NEW)).json()
    (exchange,) = await trace(control)
    assert exchange["operation"] == "jira/createIssue"
    assert (exchange["seq"], exchange["method"], exchange["path"], exchange["status"]) == (
        1,
        "POST",
        ISSUE,
        201,
    )
    assert exchange["request"] == NEW
    assert exchange["response"] == created
    changes = exchange["changes"]
    assert isinstance(changes, list)
    (issue,) = [change for change in changes if change["table"] == "issue"]
    assert issue["before"] is None
    assert issue["after"]["summary"] == "New"


async def test_the_trace_is_filtered(atlassian: httpx.AsyncClient, control: httpx.AsyncClient) -> None:
    await atlassian.post(ISSUE, json=NEW)
    await atlassian.get(f"{ISSUE}/WEB-1")
    await atlassian.get(f"{ISSUE}/WEB-99")

    async def seqs(**filters: object) -> list[int]:
        found = await control.get("/sites/default/trace", params=filters)  # type: ignore[arg-type]
        return [exchange["seq"] for exchange in found.json()["exchanges"]]

    assert await seqs(operation="jira/getIssue") == [2, 3]
    assert await seqs(method="post") == [1]
    assert await seqs(status=404) == [3]
    assert await seqs(since=1) == [2, 3]
    assert await seqs(changes=True) == [1]
    assert await seqs(limit=2) == [1, 2]


async def test_an_unknown_path_and_a_wrong_method_are_answered_and_recorded(
    atlassian: httpx.AsyncClient, control: httpx.AsyncClient
) -> None:
    missing = await atlassian.get("/rest/api/3/nope")
    assert missing.status_code == 404
    assert missing.json()["detail"] == "No endpoint GET /rest/api/3/nope."
    wrong = await atlassian.put("/rest/api/3/serverInfo")
    assert wrong.status_code == 405
    assert [one["status"] for one in await trace(control)] == [404, 405]


@pytest.mark.parametrize(
    "path",
    ["/rest/api/3/worklog/updated", "/rest/api/2/worklog/updated", "/wiki/api/v2/data-policies/metadata"],
)
async def test_what_is_official_but_not_served_is_501(atlassian: httpx.AsyncClient, path: str) -> None:
    assert (await atlassian.get(path)).status_code == 501


async def test_a_body_of_the_wrong_kind(atlassian: httpx.AsyncClient) -> None:
    assert (await atlassian.post(ISSUE, content=b"{}", headers={"Content-Type": "text/plain"})).status_code == 415
    assert (await atlassian.post(ISSUE, content=b"{", headers={"Content-Type": "application/json"})).status_code == 400
    assert (await atlassian.get(f"{ISSUE}/WEB-1", headers={"Accept": "text/html"})).status_code == 406


async def test_some_writes_look_at_the_type_only_of_a_body_that_is_sent(atlassian: httpx.AsyncClient) -> None:
    assert (await atlassian.post(ISSUE)).status_code == 400
    assert (await atlassian.post(f"{ISSUE}/WEB-1/transitions")).status_code == 400
    assert (await atlassian.put(f"{ISSUE}/WEB-1/assignee")).status_code == 400
    assert (await atlassian.put(f"{ISSUE}/WEB-1")).status_code == 415


@pytest.mark.parametrize("number", [str(2**63), "9" * 5000, "x", "-1"])
@pytest.mark.parametrize(
    "path", ["/wiki/api/v2/pages/{}", "/wiki/api/v2/pages/{}/versions/1", "/rest/agile/1.0/board/{}"]
)
async def test_a_path_names_a_number_by_one_of_64_bits(atlassian: httpx.AsyncClient, path: str, number: str) -> None:
    assert (await atlassian.get(path.format(number))).status_code == 400
    assert (await atlassian.get(path.format(2**63 - 1))).status_code == 404


async def test_head_is_the_get_without_its_body(atlassian: httpx.AsyncClient) -> None:
    answer = await atlassian.head(f"{ISSUE}/WEB-1")
    assert answer.status_code == 200
    assert answer.content == b""


async def test_a_handler_that_breaks_half_way_leaves_nothing_behind(
    atlassian: httpx.AsyncClient, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    handlers = app.atlassian._pipeline._handlers

    def breaks(call: Call) -> Answer:
        handler(call)
        raise RuntimeError("half way")

    def lies(call: Call) -> Answer:
        handler(call)
        return Answer(201, {"id": 5})

    handler = handlers["jira/createIssue"]
    before = State(app.plane.site("default").layer).all("issue")
    for broken in (breaks, lies):
        monkeypatch.setitem(handlers, "jira/createIssue", broken)  # type: ignore[arg-type]
        assert (await atlassian.post(ISSUE, json=NEW)).status_code == 500
    assert State(app.plane.site("default").layer).all("issue") == before


async def test_a_lost_commit_is_503_and_the_site_is_as_before(
    atlassian: httpx.AsyncClient, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = app.plane.engine
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE exchange RENAME TO hidden")
    assert (await atlassian.post(ISSUE, json=NEW)).status_code == 503
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO exchange")
    found = await atlassian.get(f"{ISSUE}/WEB-5")
    assert found.status_code == 404
    assert (await atlassian.post(ISSUE, json=NEW)).json()["key"] == "WEB-5"


async def test_a_run_repeats_exactly(atlassian: httpx.AsyncClient, control: httpx.AsyncClient) -> None:
    answers = []
    for name in ("one", "two"):
        site = (await control.put(f"/sites/{name}", json={})).json()
        auth = (site["email"], site["token"])
        created = await atlassian.post(ISSUE, json=NEW, auth=auth)
        read = await atlassian.get(f"{ISSUE}/{created.json()['key']}", auth=auth)
        answers.append((created.json(), read.json()))
    assert answers[0] == answers[1]


def test_an_operation_without_a_handler_fails_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sandlot_server.app as app_module

    monkeypatch.setattr(app_module.jira, "OPERATIONS", {})
    with pytest.raises(ContractError, match=r"without a handler: .*jira/getIssue"):
        app_module.create_app(app_module.Config(tmp_path, quiet=True))
