"""`sandlot scenarios`: every name stands there whole, to be copied."""

from __future__ import annotations

from tests.trainer.cli.conftest import Sandlot


def test_names_and_operations_are_not_cut(sandlot: Sandlot, elsewhere: list[str]) -> None:
    result = sandlot("scenarios", *elsewhere)
    assert result.exit_code == 0, result.output
    assert "page-create " in result.output
    assert "\napi/confluence-v1/removeLabelFromContentUsingQueryParameter " in result.output
    assert "…" not in result.output
