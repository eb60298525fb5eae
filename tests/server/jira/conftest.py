"""Clients of the Jira API: in v3, in v2, without a credential, and on a site with every kind of custom field."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sandlot_server.app import App
from tests.conftest import EMAIL, TOKEN

SEED: dict[str, Any] = {
    "sandlot": 1,
    "name": "fields",
    "clock": "2026-03-02T09:00:00Z",
    "users": [
        {"displayName": "Ada One", "emailAddress": "ada@example.com", "accountId": "ada"},
        {"displayName": "Bo Two", "emailAddress": "bo@example.com", "accountId": "712020:bo"},
        {"displayName": "Cy Gone", "emailAddress": "cy@example.com", "accountId": "cy", "active": False},
    ],
    "fields": [
        {"name": "Team note", "type": "string"},
        {"name": "Plan", "type": "textarea"},
        {"name": "Points", "type": "number"},
        {"name": "Start", "type": "date"},
        {"name": "Size", "type": "option", "options": ["Small", "Large"]},
        {"name": "Reviewer", "type": "user"},
        {"name": "Areas", "type": "labels"},
        {"name": "Elsewhere", "type": "string", "projects": ["TWO"]},
    ],
    "projects": [
        {
            "key": "ONE",
            "name": "One",
            "lead": "ada@example.com",
            "requiredFields": {"Bug": ["priority", "duedate"]},
        },
        {"key": "TWO", "name": "Two", "lead": "ada@example.com"},
    ],
    "issues": [{"key": "ONE-1", "type": "Task", "summary": "First"}],
}


def _client(app: App, path: str, **options: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app.atlassian)
    return httpx.AsyncClient(transport=transport, base_url=f"http://acme.test{path}", **options)


async def client_of(app: App, control: httpx.AsyncClient, seed: dict[str, Any]) -> httpx.AsyncClient:
    """A caller on a new site of the seed, in v3."""
    content = json.dumps(seed).encode()
    sha = hashlib.sha256(content).hexdigest()
    (await control.put(f"/seeds/{sha}", content=content)).raise_for_status()
    site = (await control.post("/sites", json={"seed": sha})).raise_for_status().json()
    return _client(app, "/rest/api/3", auth=(site["email"], site["token"]))


@pytest.fixture
async def jira(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(app, "/rest/api/3", auth=(EMAIL, TOKEN)) as client:
        yield client


@pytest.fixture
async def jira_v2(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(app, "/rest/api/2", auth=(EMAIL, TOKEN)) as client:
        yield client


@pytest.fixture
async def member(app: App, control: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody on the default site who does not administer it."""
    users = (await control.get("/sites/default/users")).json()["users"]
    bea = next(user for user in users if user["emailAddress"] == "bea@example.com")
    async with _client(app, "/rest/api/3", auth=(bea["emailAddress"], bea["token"])) as client:
        yield client


@pytest.fixture
async def nobody(app: App) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without a credential, on the default site."""
    async with _client(app, "/s/default/rest/api/3") as client:
        yield client


@pytest.fixture
async def custom(app: App, control: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A caller on a site that has a custom field of every type, and a user who has left."""
    async with await client_of(app, control, SEED) as client:
        yield client


@pytest.fixture
async def ids(custom: httpx.AsyncClient) -> dict[str, str]:
    """The ids of that site's custom fields, by name."""
    return {field["name"]: field["id"] for field in (await custom.get("field")).json() if field["custom"]}


async def clients_of(app: App, control: httpx.AsyncClient, seed: dict[str, Any]) -> dict[str, httpx.AsyncClient]:
    """Everybody who may log in to a new site of the seed, in v3, by the part of the e-mail before the @."""
    content = json.dumps(seed).encode()
    sha = hashlib.sha256(content).hexdigest()
    (await control.put(f"/seeds/{sha}", content=content)).raise_for_status()
    site = (await control.post("/sites", json={"seed": sha})).raise_for_status().json()["site"]
    users = (await control.get(f"/sites/{site}/users")).json()["users"]
    return {
        user["emailAddress"].partition("@")[0]: _client(app, "/rest/api/3", auth=(user["emailAddress"], user["token"]))
        for user in users
    }
