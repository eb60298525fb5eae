"""Every annotation of the contract is described, and every one that is described is used."""

from __future__ import annotations

import re
from pathlib import Path

from sandlot_server.contract.documents import contract_folder

DOCS = Path(__file__).parents[2] / "docs"


def test_every_annotation_stands_in_the_docs() -> None:
    contract = "".join(path.read_text(encoding="utf-8") for path in contract_folder().rglob("*.yaml"))
    used = set(re.findall(r"(?:^|[{,])\s*(x-[a-z-]+):", contract, re.MULTILINE))
    pages = "".join((DOCS / name).read_text(encoding="utf-8") for name in ("server.md", "scenarios.md"))
    described = set(re.findall(r"^\| `(x-[a-z-]+)", pages, re.MULTILINE))
    assert used == described
    assert len(used) > 10
