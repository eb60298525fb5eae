from __future__ import annotations

from pathlib import Path

from sandlot_server.control.document import control_document

CONTROL = Path(__file__).parents[3] / "openapi" / "control.yaml"


def test_the_control_contract_is_what_is_served() -> None:
    assert CONTROL.read_text(encoding="utf-8") == control_document(), "run `make contract`"
