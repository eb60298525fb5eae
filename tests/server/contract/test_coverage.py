from __future__ import annotations

from pathlib import Path

from sandlot_server.contract.contract import load_contract
from sandlot_server.contract.coverage import coverage

PAGE = Path(__file__).parents[3] / "docs" / "coverage.md"


def test_the_coverage_page_is_what_is_served() -> None:
    assert PAGE.read_text(encoding="utf-8") == coverage(load_contract()), "run `make contract`"
