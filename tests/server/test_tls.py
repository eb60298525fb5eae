"""HTTPS on the Atlassian port, with an authority that outlives a restart."""

from __future__ import annotations

import ssl
from pathlib import Path

import httpx
import pytest

from sandlot_server.tls import make_certificate
from tests.conftest import EMAIL, TOKEN, served

MYSELF = "/rest/api/3/myself"


def test_the_port_answers_by_https_and_links_there(tmp_path: Path) -> None:
    with served(tmp_path, "--tls") as server:
        assert server.url.startswith("https://127.0.0.1:")
        trusting = ssl.create_default_context(cafile=str(tmp_path / "tls" / "ca.pem"))
        answer = httpx.get(server.url + MYSELF, auth=(EMAIL, TOKEN), verify=trusting)
        assert answer.json()["self"].startswith(server.url)
        site = httpx.get(f"{server.control_url}/sites/default", headers=server.control_headers).json()
        assert site["baseUrl"].startswith(server.url)
        with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
            httpx.get(server.url + MYSELF, auth=(EMAIL, TOKEN), verify=ssl.create_default_context())


def test_the_authority_stays_and_the_keys_are_private(tmp_path: Path) -> None:
    first = make_certificate(tmp_path / "tls", ["localhost"])
    authority, chain = first.authority.read_bytes(), first.chain.read_bytes()
    second = make_certificate(tmp_path / "tls", ["localhost"])
    assert second.authority.read_bytes() == authority
    assert second.chain.read_bytes() != chain
    assert all(path.stat().st_mode & 0o077 == 0 for path in (first.chain, tmp_path / "tls" / "ca.key"))
