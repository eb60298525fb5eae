"""kill -9 under load: every answered call is in the trace after a restart, and the sites answer as before."""

from __future__ import annotations

import threading
from pathlib import Path

import httpx

from tests.conftest import EMAIL, TOKEN, LiveServer, served

ISSUE = "/rest/api/3/issue"
NEW = {"fields": {"project": {"key": "WEB"}, "issuetype": {"name": "Task"}, "summary": "Under load"}}


def _write_until_it_dies(server: LiveServer, answered: list[str], enough: threading.Event) -> None:
    with httpx.Client(base_url=server.url, auth=(EMAIL, TOKEN)) as client:
        while True:
            try:
                answered.append(client.post(ISSUE, json=NEW).raise_for_status().json()["key"])
            except httpx.TransportError:
                return
            if len(answered) >= 400:
                enough.set()


def test_nothing_answered_is_lost(tmp_path: Path) -> None:
    answered: list[str] = []
    enough = threading.Event()
    with served(tmp_path) as server:
        writers = [threading.Thread(target=_write_until_it_dies, args=(server, answered, enough)) for _ in range(8)]
        for writer in writers:
            writer.start()
        assert enough.wait(60)
        server.kill()
        for writer in writers:
            writer.join()
    with served(tmp_path) as server:
        with httpx.Client(base_url=server.control_url, headers=server.control_headers) as control:
            exchanges = control.get("/sites/default/trace", timeout=60).json()["exchanges"]
        recorded = {exchange["response"]["key"] for exchange in exchanges if exchange["status"] == 201}
        assert set(answered) <= recorded
        assert len(answered) == len(set(answered))
        assert [exchange["seq"] for exchange in exchanges] == list(range(1, len(exchanges) + 1))
        with httpx.Client(base_url=server.url, auth=(EMAIL, TOKEN)) as client:
            for key in (answered[0], answered[-1]):
                assert client.get(f"{ISSUE}/{key}").json()["fields"]["summary"] == "Under load"
            after = client.post(ISSUE, json=NEW).json()["key"]
        assert int(after.split("-")[1]) > max(int(key.split("-")[1]) for key in recorded)
