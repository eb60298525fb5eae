from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sandlot_server.app import App
from tests.server.jira.conftest import client_of
from tests.server.jira.expectations import assert_refused, fields_of, history
from tests.server.jira.test_versions import SEED


@pytest.fixture
async def site(app: App, control: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    async with await client_of(app, control, SEED) as client:
        yield client


async def ids(site: httpx.AsyncClient, project: str = "ONE") -> dict[str, str]:
    return {one["name"]: one["id"] for one in (await site.get(f"project/{project}/versions")).json()}


async def names(site: httpx.AsyncClient, key: str, field: str) -> list[str]:
    return [one["name"] for one in (await fields_of(site, key))[field]]


async def test_a_version_is_made_and_read(site: httpx.AsyncClient) -> None:
    dates = {"startDate": "2026-03-01", "releaseDate": "2026-04-01"}
    sent = {"name": "3.0", "project": "ONE", "description": "Next.", **dates}
    answer = await site.post("version", json={**sent, "archived": False, "released": False})
    assert answer.status_code == 201
    version = answer.json()
    assert version == {
        "self": f"http://acme.test/rest/api/3/version/{version['id']}",
        "id": version["id"],
        **{name: value for name, value in sent.items() if name != "project"},
        "archived": False,
        "released": False,
        "userStartDate": "1/Mar/26",
        "userReleaseDate": "1/Apr/26",
        "overdue": False,
        "projectId": int((await site.get("project/ONE")).json()["id"]),
    }
    assert (await site.get(version["self"])).json() == version
    assert (await site.get("project/ONE/versions")).json()[-1] == version
    by_id = await site.post("version", json={"name": "4.0", "projectId": version["projectId"]})
    assert by_id.json()["name"] == "4.0"
    counted = (await site.get(f"version/{version['id']}?expand=issuesstatus")).json()
    assert counted["issuesStatusForFixVersion"]["toDo"] == 0


async def test_a_version_is_changed(site: httpx.AsyncClient) -> None:
    version_id = (await ids(site))["1.1"]
    change = {"name": "1.2", "description": "Bigger.", "releaseDate": "", "released": True}
    answer = await site.put(f"version/{version_id}", json=change)
    assert answer.status_code == 200
    version = answer.json()
    assert (version["name"], version["description"], version["released"]) == ("1.2", "Bigger.", True)
    assert "releaseDate" not in version
    assert version["startDate"] == "2026-01-06"
    assert await names(site, "ONE-1", "fixVersions") == ["1.2"]


async def test_a_null_sets_nothing(site: httpx.AsyncClient) -> None:
    made = {"name": "5.0", "projectId": None, "project": "ONE", "description": "Last.", "releaseDate": None}
    version = (await site.post("version", json=made)).json()
    nothing = dict.fromkeys(("name", "description", "archived", "startDate", "releaseDate", "moveUnfixedIssuesTo"))
    answer = await site.put(f"version/{version['id']}", json={**nothing, "released": True})
    assert (answer.status_code, answer.json()) == (200, {**version, "released": True})


async def test_what_is_not_done_at_a_release_goes_on(site: httpx.AsyncClient) -> None:
    known = await ids(site)
    target = f"http://acme.test/rest/api/3/version/{known['2.0']}"
    change = {"released": True, "moveUnfixedIssuesTo": target}
    assert (await site.put(f"version/{known['1.1']}", json=change)).status_code == 200
    assert await names(site, "ONE-1", "fixVersions") == ["1.1"]
    assert await names(site, "ONE-2", "fixVersions") == ["2.0"]
    wrong = await site.put(f"version/{known['1.0']}", json={"moveUnfixedIssuesTo": f"{target}1"})
    assert_refused(wrong, 400, f"Could not find version for id '{known['2.0']}1'")


async def test_a_version_is_deleted(site: httpx.AsyncClient) -> None:
    known = await ids(site)
    moved = {"moveFixIssuesTo": known["2.0"], "moveAffectedIssuesTo": known["1.1"]}
    assert (await site.delete(f"version/{known['1.0']}", params=moved)).status_code == 204
    assert await names(site, "ONE-3", "fixVersions") == ["2.0"]
    assert await names(site, "ONE-1", "versions") == ["1.1"]
    assert [(one["field"], one["fromString"], one["toString"]) for one in await history(site, "ONE-3")] == [
        ("Fix Version", "1.0", None),
        ("Fix Version", None, "2.0"),
    ]
    assert (await site.delete(f"version/{known['2.0']}")).status_code == 204
    assert await names(site, "ONE-2", "fixVersions") == ["1.1"]
    assert set(await ids(site)) == {"1.1", "0.9"}
    assert_refused(await site.get(f"version/{known['2.0']}"), 404, f"Could not find version for id '{known['2.0']}'")


async def test_versions_that_cannot_be(site: httpx.AsyncClient) -> None:
    known = await ids(site)
    for sent, told in (
        ({"project": "ONE"}, {"name": "You must specify a valid version name"}),
        ({"project": "ONE", "name": " "}, {"name": "You must specify a valid version name"}),
        ({"project": "ONE", "name": "x" * 256}, {"name": "The version name must not exceed 255 characters"}),
        ({"project": "ONE", "name": "1.0"}, {"name": "A version with this name already exists in this project."}),
        ({"project": "ONE", "name": "9", "startDate": "soon"}, {"startDate": "Error parsing date string: soon"}),
        (
            {"project": "ONE", "name": "9", "startDate": "2026-02-02", "releaseDate": "2026-02-01"},
            {"startDate": "The start date must be before the release date."},
        ),
        ({"name": "9"}, {"project": "You must specify the project."}),
    ):
        assert_refused(await site.post("version", json=sent), 400, **told)
    nowhere = await site.post("version", json={"name": "9", "project": "NO"})
    assert_refused(nowhere, 404, "No project could be found with key 'NO'.")
    renamed = await site.put(f"version/{known['1.1']}", json={"name": "1.0"})
    assert_refused(renamed, 400, name="A version with this name already exists in this project.")
    assert (await site.put(f"version/{known['1.1']}", json={"name": "1.1"})).status_code == 200
    for other in (known["1.1"], (await ids(site, "TWO"))["5"], "x"):
        refused = await site.delete(f"version/{known['1.1']}", params={"moveFixIssuesTo": other})
        assert_refused(refused, 400, f"Could not find version for id '{other}'")
    for wrong in ({"more": 1}, [], "x", {"name": 1}, {"project": 1, "name": "9"}):
        assert (await site.post("version", json=wrong)).status_code == 400
    assert set(await ids(site)) == set(known)


async def test_who_may_not(nobody: httpx.AsyncClient, jira: httpx.AsyncClient, member: httpx.AsyncClient) -> None:
    made = (await jira.post("version", json={"name": "Won", "project": "WEB"})).json()
    text = f"Could not find version for id '{made['id']}'"
    assert_refused(await nobody.get(f"version/{made['id']}"), 404, text)
    assert_refused(await nobody.delete(f"version/{made['id']}"), 404, text)
    unseen = await nobody.post("version", json={"name": "x", "project": "WEB"})
    assert_refused(unseen, 404, "No project could be found with key 'WEB'.")
    assert (await member.get(f"version/{made['id']}")).status_code == 200
    for answer in (
        await member.post("version", json={"name": "x", "project": "WEB"}),
        await member.put(f"version/{made['id']}", json={"name": "x"}),
        await member.delete(f"version/{made['id']}"),
    ):
        assert_refused(answer, 401, "You cannot edit the configuration of this project.")


async def test_v2_makes_versions_too(jira_v2: httpx.AsyncClient) -> None:
    made = await jira_v2.post("version", json={"name": "Won", "project": "WEB", "releaseDate": "2026-12-01"})
    assert made.status_code == 201
    assert made.json()["self"] == f"http://acme.test/rest/api/2/version/{made.json()['id']}"
    released: dict[str, Any] = (await jira_v2.put(made.json()["self"], json={"released": True})).json()
    assert released["released"] is True
