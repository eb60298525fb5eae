"""Clients of the agile API and of Jira's, on the default site."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from sandlot_server.app import App
from tests.conftest import EMAIL, TOKEN


def _client(app: App, path: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app.atlassian)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=f"http://acme.test{path}", auth=(EMAIL, TOKEN))


@pytest.fixture
async def agile(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(app, "/rest/agile/1.0") as client:
        yield client


@pytest.fixture
async def jira(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(app, "/rest/api/3") as client:
        yield client
