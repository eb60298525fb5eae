from __future__ import annotations

from typing import Any

import httpx

from sandlot_server.app import App
from tests.server.jira.conftest import client_of
from tests.server.jira.expectations import assert_refused

SEED: dict[str, Any] = {
    "sandlot": 1,
    "users": [{"displayName": "Ada One", "emailAddress": "ada@example.com", "accountId": "ada"}],
    "projects": [
        {
            "key": "ONE",
            "name": "One",
            "lead": "ada@example.com",
            "versions": [
                {"name": "1.0", "released": True, "releaseDate": "2026-02-27"},
                {"name": "1.1", "description": "The next one"},
            ],
        },
        {"key": "TWO", "name": "Two", "lead": "ada@example.com", "versions": [{"name": "Elsewhere"}]},
    ],
    "boards": [{"name": "ONE board", "project": "ONE", "type": "scrum"}],
}


async def test_the_versions_of_a_boards_projects(app: App, control: httpx.AsyncClient) -> None:
    async with await client_of(app, control, SEED) as jira:
        (board,) = (await jira.get("http://acme.test/rest/agile/1.0/board")).json()["values"]
        path = f"{board['self']}/version"
        page = (await jira.get(path)).json()
        assert (page["total"], page["isLast"]) == (2, True)
        first, second = page["values"]
        assert first == {
            "self": f"http://acme.test/rest/api/2/version/{first['id']}",
            "id": first["id"],
            "projectId": board["location"]["projectId"],
            "name": "1.0",
            "description": "",
            "archived": False,
            "released": True,
            "releaseDate": "2026-02-27T00:00:00.000Z",
        }
        assert (second["name"], second["description"]) == ("1.1", "The next one")
        assert (await jira.get(path, params={"released": "false"})).json()["values"] == [second]
        assert (await jira.get(path, params={"startAt": 1, "maxResults": 1})).json()["values"] == [second]
        text = "The value of 'released' must be true or false."
        assert_refused(await jira.get(path, params={"released": "soon"}), 400, text)
