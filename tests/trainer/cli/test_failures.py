"""`sandlot failures`."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from sandlot_trainer.cli import main
from tests.trainer.test_failures import after_reading, entry
from tests.trainer.traces import PageSite


def test_command_prints_the_report_of_a_run(tmp_path: Path) -> None:
    path = tmp_path / "run" / "episodes" / "eval.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("".join(json.dumps(entry(site)) + "\n" for site in (after_reading(), PageSite.oracle())))
    result = CliRunner().invoke(main, ["failures", str(tmp_path / "run")])
    assert result.exit_code == 0, result.output
    assert "2 episodes, 1 of them without success" in result.output
    assert "early stop after reading: page-create/1/test/3: 2 reads, no write" in result.output
    missing = CliRunner().invoke(main, ["failures", str(tmp_path)])
    assert missing.exit_code == 1
    assert "has no episodes" in missing.output
