from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from sandlot_server.app import App, Config, create_app
from sandlot_server.trace.tables import BlobRecord
from tests.conftest import CONTROL_TOKEN

WAIVED = {"X-Atlassian-Token": "no-check"}


def client(app: App, site: dict[str, Any]) -> httpx.AsyncClient:
    """A caller of a site."""
    transport = httpx.ASGITransport(app.atlassian)  # type: ignore[arg-type]
    auth = (site["email"], site["token"])
    return httpx.AsyncClient(transport=transport, base_url="http://acme.test/rest/api/3", auth=auth)


async def attach(caller: httpx.AsyncClient, content: bytes) -> str:
    """Attach bytes to an issue; the address of the file."""
    answer = await caller.post("issue/WEB-1/attachments", files={"file": ("a.bin", content)}, headers=WAIVED)
    return f"{answer.raise_for_status().json()[0]['content']}?redirect=false"


def kept(engine: Engine) -> list[bytes]:
    """The bytes that the database has."""
    with Session(engine) as session:
        return sorted(session.exec(select(BlobRecord.content)).all())


@asynccontextmanager
async def running(data: Path) -> AsyncIterator[App]:
    app = create_app(Config(data, quiet=True))
    async with app.control.router.lifespan_context(app.control):
        app.plane.atlassian_port = 8080
        yield app


async def test_bytes_survive_a_restart(tmp_path: Path) -> None:
    headers = {"Authorization": f"Bearer {CONTROL_TOKEN}"}
    async with running(tmp_path) as app:
        transport = httpx.ASGITransport(app.control)
        async with httpx.AsyncClient(transport=transport, base_url="http://control.test", headers=headers) as control:
            site = (await control.put("/sites/one")).json()
        async with client(app, site) as caller:
            place = await attach(caller, b"one")
    async with running(tmp_path) as app, client(app, site) as caller:
        assert (await caller.get(place)).content == b"one"


async def test_the_same_bytes_are_kept_once(app: App, control: httpx.AsyncClient) -> None:
    site = (await control.put("/sites/one")).json()
    async with client(app, site) as caller:
        places = [await attach(caller, b"one"), await attach(caller, b"one")]
        assert [(await caller.get(place)).content for place in places] == [b"one", b"one"]
    assert kept(app.plane.engine) == [b"one"]


async def test_forks_keep_what_they_stand_on(app: App, control: httpx.AsyncClient) -> None:
    one = (await control.put("/sites/one")).json()
    async with client(app, one) as caller:
        below = await attach(caller, b"below")
        two = (await control.post("/sites/one/fork", json={"site": "two"})).json()
        above = await attach(caller, b"above")
    async with client(app, two) as caller:
        assert (await caller.get(below)).content == b"below"
        assert (await caller.get(above)).status_code == 404
        own = await attach(caller, b"own")
        await control.delete("/sites/one")
        assert kept(app.plane.engine) == [b"below", b"own"]
        app.plane.sites.forget({"two"})
        assert [(await caller.get(place)).content for place in (below, own)] == [b"below", b"own"]
    await control.delete("/sites/two")
    assert kept(app.plane.engine) == []


async def test_snapshots_hold_bytes_over_a_reset(app: App, control: httpx.AsyncClient) -> None:
    site = (await control.put("/sites/one")).json()
    async with client(app, site) as caller:
        place = await attach(caller, b"before")
        snapshot = (await control.post("/sites/one/snapshots")).json()["snapshot"]
        await attach(caller, b"after")
        await control.post("/sites/one/reset")
        assert (await caller.get(place)).status_code == 404
    assert kept(app.plane.engine) == [b"before"]
    fork = (await control.post("/sites/one/fork", json={"site": "two", "snapshot": snapshot})).json()
    async with client(app, fork) as caller:
        assert (await caller.get(place)).content == b"before"
    for name in ("two", "one"):
        await control.delete(f"/sites/{name}")
    assert kept(app.plane.engine) == []
    await control.put("/sites/one")
    gone = await control.post("/sites/one/fork", json={"snapshot": snapshot})
    assert gone.status_code == 404


async def test_a_lost_commit_leaves_no_bytes(
    app: App, control: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = (await control.put("/sites/one")).json()
    async with client(app, site) as caller:
        with monkeypatch.context() as patched:
            patched.setattr("sandlot_server.trace.writer._BLOB", "INSERT INTO nowhere VALUES (?, ?, ?)")
            answer = await caller.post("issue/WEB-1/attachments", files={"file": ("a", b"one")}, headers=WAIVED)
            assert answer.status_code == 503
        assert (await caller.get("issue/WEB-1")).json()["fields"]["attachment"] == []
    assert kept(app.plane.engine) == []
