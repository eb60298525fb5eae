"""HTTPS for the Atlassian port: a certificate made at start, by an authority that stays in the data folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import trustme

AUTHORITY = "ca.pem"
ATLASSIAN_NAMES = ("*.atlassian.net", "api.atlassian.com")
"""What clients with a fixed idea of Atlassian's hosts connect to, once these names lead here."""


class Certificate(NamedTuple):
    """Files of the certificate's chain and key together, and of the authority that clients are to trust."""

    chain: Path
    authority: Path


def make_certificate(folder: Path, names: Sequence[str]) -> Certificate:
    """A new certificate for these host names and addresses, by the folder's authority, which is made if there is none:
    what a client was told to trust stays true after a restart."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    chain, authority = folder / "server.pem", folder / AUTHORITY
    issued = _authority(folder).issue_cert(*dict.fromkeys([*names, *ATLASSIAN_NAMES]))
    chain.touch(mode=0o600)
    issued.private_key_and_cert_chain_pem.write_to_path(chain)
    return Certificate(chain, authority)


def _authority(folder: Path) -> trustme.CA:
    certificate, key = folder / AUTHORITY, folder / "ca.key"
    if certificate.exists() and key.exists():
        return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    made = trustme.CA(organization_name="Sandlot")
    key.touch(mode=0o600)
    made.private_key_pem.write_to_path(key)
    made.cert_pem.write_to_path(certificate)
    return made
