"""The figures of a training's steps, over an interruption too."""

from __future__ import annotations

from pathlib import Path

from sandlot_trainer.history import History, read_history


def entry(step: int, rollout: float, update: float) -> dict[str, float]:
    return {"step": step, "seconds/rollout": rollout, "seconds/update": update, "update/tokens_per_second": update * 10}


def test_seconds_are_those_of_all_steps_that_count(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    first = History(path, upto=0)
    for step in (1, 2, 3):
        first.append(entry(step, 10.0, 5.0))
    resumed = History(path, upto=2)  # the checkpoint was at step 2
    resumed.append(entry(3, 20.0, 8.0))
    assert [one["step"] for one in read_history(path)] == [1, 2, 3]
    phases = resumed.phases()
    assert (phases["seconds"], phases["rollout_seconds"], phases["update_seconds"]) == (58.0, 40.0, 18.0)
    assert phases["update_tokens_per_second"] == 60.0
