from __future__ import annotations

from pathlib import Path

import pytest

from sandlot_trainer.runs import RunError, RunFolder


def test_a_run_keeps_its_configuration(tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "a")
    run.begin({"seed": 1}, resume=False)
    assert run.read("config.json")["seed"] == 1
    assert "python" in run.read("config.json")["versions"]
    run.begin({"seed": 1}, resume=True)


def test_a_run_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "a")
    run.begin({"seed": 1}, resume=False)
    with pytest.raises(RunError, match="--resume"):
        run.begin({"seed": 1}, resume=False)
    with pytest.raises(RunError, match="another seed: choose another --name"):
        run.begin({"seed": 2}, resume=True)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(RunError, match="not empty"):
        RunFolder(tmp_path).begin({}, resume=True)


def test_json_is_written_whole(tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "a")
    path = run.write("report.json", {"é": 1})
    assert path.read_text(encoding="utf-8") == '{\n  "é": 1\n}\n'
    assert run.read("nothing.json") is None
    assert [one.name for one in run.path.iterdir()] == ["report.json"]
