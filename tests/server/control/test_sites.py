from __future__ import annotations

import hashlib
import json

import httpx
import pytest

from sandlot_server.app import App

ISSUE = "/rest/api/3/issue"
SEED = json.dumps(
    {
        "sandlot": 1,
        "clock": "2026-05-04T08:00:00Z",
        "users": [{"displayName": "Ada", "emailAddress": "ada@example.com"}],
        "projects": [{"key": "OPS", "name": "Operations", "lead": "ada@example.com"}],
        "issues": [{"key": "OPS-1", "type": "Task", "summary": "First"}],
    }
).encode()
SHA = hashlib.sha256(SEED).hexdigest()


async def test_the_control_api_wants_its_token(control: httpx.AsyncClient) -> None:
    assert (await control.get("/sites", headers={"Authorization": "Bearer wrong"})).status_code == 401
    assert (await control.get("/sites", headers={"Authorization": ""})).status_code == 401
    assert (await control.get("/health", headers={"Authorization": ""})).status_code == 200
    assert (await control.get("/ready", headers={"Authorization": ""})).json() == {
        "status": "ready",
        "sites": 1,
    }


async def test_a_seed_is_uploaded_once_and_read_back_byte_for_byte(control: httpx.AsyncClient) -> None:
    assert (await control.put(f"/seeds/{SHA}", content=SEED)).json() == {"seed": SHA}
    assert (await control.get(f"/seeds/{SHA}")).content == SEED


async def test_a_bad_seed_is_refused_with_its_path(control: httpx.AsyncClient) -> None:
    bad = SEED.replace(b'"Task"', b'"Quest"')
    answer = await control.put(f"/seeds/{hashlib.sha256(bad).hexdigest()}", content=bad)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("seed /issues/0/type: there is no issue type 'Quest'")
    assert (await control.put(f"/seeds/{'0' * 64}", content=SEED)).status_code == 400


async def test_creating_a_site_is_idempotent(control: httpx.AsyncClient, atlassian: httpx.AsyncClient) -> None:
    await control.put(f"/seeds/{SHA}", content=SEED)
    first = await control.put("/sites/one", json={"seed": SHA})
    again = await control.put("/sites/one", json={"seed": SHA})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (await control.put("/sites/one", json={})).status_code == 409
    site = first.json()
    issue = await atlassian.get(f"{ISSUE}/OPS-1", auth=(site["email"], site["token"]))
    assert issue.json()["fields"]["summary"] == "First"


async def test_an_unknown_seed_and_a_bad_name_are_refused(control: httpx.AsyncClient) -> None:
    assert (await control.post("/sites", json={"seed": "0" * 64})).status_code == 404
    assert (await control.put("/sites/Not Good", json={})).status_code == 400
    assert (await control.get("/sites/none")).status_code == 404


async def test_a_reset_is_a_new_generation_with_an_empty_trace(
    control: httpx.AsyncClient, atlassian: httpx.AsyncClient
) -> None:
    await atlassian.put(f"{ISSUE}/WEB-1", json={"fields": {"summary": "Changed"}})
    site = (await control.post("/sites/default/reset")).json()
    assert site["generation"] == 2
    assert (await control.get("/sites/default/trace")).json()["exchanges"] == []
    assert (await atlassian.get(f"{ISSUE}/WEB-1")).json()["fields"]["summary"] == "Faster checkout"


async def test_a_fork_stands_on_the_snapshot_and_both_go_their_own_way(
    control: httpx.AsyncClient, atlassian: httpx.AsyncClient
) -> None:
    async def summary(auth: tuple[str, str] | None = None) -> str:
        answer = await atlassian.get(f"{ISSUE}/WEB-1", **({"auth": auth} if auth else {}))
        text: str = answer.json()["fields"]["summary"]
        return text

    await atlassian.put(f"{ISSUE}/WEB-1", json={"fields": {"summary": "At the snapshot"}})
    snapshot = (await control.post("/sites/default/snapshots")).json()
    await atlassian.put(f"{ISSUE}/WEB-1", json={"fields": {"summary": "After it"}})
    fork = (await control.post("/sites/default/fork", json={"snapshot": snapshot["snapshot"]})).json()
    auth = (fork["email"], fork["token"])
    assert fork["clock"] == snapshot["clock"]
    assert await summary(auth) == "At the snapshot"
    await atlassian.put(f"{ISSUE}/WEB-1", json={"fields": {"summary": "In the fork"}}, auth=auth)
    assert await summary() == "After it"
    trace = (await control.get(f"/sites/{fork['site']}/trace")).json()["exchanges"]
    assert [one["method"] for one in trace] == ["GET", "PUT"]


async def test_a_deleted_site_answers_no_more(control: httpx.AsyncClient, atlassian: httpx.AsyncClient) -> None:
    site = (await control.post("/sites")).json()
    assert (await control.delete(f"/sites/{site['site']}")).status_code == 204
    assert (await control.get(f"/sites/{site['site']}")).status_code == 404
    answer = await atlassian.get("/rest/api/3/myself", auth=(site["email"], site["token"]))
    assert answer.status_code == 401


async def test_an_idle_site_leaves_memory_and_comes_back(
    control: httpx.AsyncClient, atlassian: httpx.AsyncClient, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    await atlassian.put(f"{ISSUE}/WEB-1", json={"fields": {"summary": "Kept"}})
    monkeypatch.setattr(app.plane.sites, "_loaded_limit", 1)
    await control.post("/sites")
    assert "default" not in app.plane.sites._loaded
    assert (await atlassian.get(f"{ISSUE}/WEB-1")).json()["fields"]["summary"] == "Kept"


async def test_an_episode_is_kept_beside_its_generation(control: httpx.AsyncClient) -> None:
    assert (await control.get("/sites/default/episode")).status_code == 404
    await control.put("/sites/default/episode", json={"stop": "done"})
    await control.put("/sites/default/episode", json={"stop": "later"})
    assert (await control.get("/sites/default/episode")).json() == {"stop": "later"}
    await control.post("/sites/default/reset")
    assert (await control.get("/sites/default/episode")).status_code == 404


async def test_tables_and_contract_are_readable(control: httpx.AsyncClient) -> None:
    tables = (await control.get("/tables")).json()["tables"]
    assert tables["page"]["columns"]["parent"] == "ref:page"
    assert tables["changelog"]["derived"] is True
    contract = (await control.get("/contract/jira")).json()
    assert "/rest/api/3/issue/{issueIdOrKey}" in contract["paths"]
    assert (await control.get("/contract/nope")).status_code == 404
