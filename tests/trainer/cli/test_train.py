from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandlot_trainer.models import tiny_model, tiny_tokenizer
from sandlot_trainer.scenarios import SCENARIOS
from tests.trainer.cli.conftest import Sandlot


@pytest.fixture
def tiny(tmp_path: Path) -> str:
    """A folder with a small, randomly initialised model."""
    tokenizer = tiny_tokenizer()
    tiny_model(tokenizer, max_position_embeddings=16384).save_pretrained(tmp_path / "tiny")
    tokenizer.save_pretrained(tmp_path / "tiny")
    return "tiny"


@pytest.mark.long
@pytest.mark.parametrize("scenario", [*SCENARIOS, "api/jira/addComment"])
def test_every_scenario_can_be_trained_on(
    sandlot: Sandlot, elsewhere: list[str], tmp_path: Path, tiny: str, scenario: str
) -> None:
    options = ["--quick", "--steps", "2", "--model", tiny, "--name", "t", "--max-context-tokens", "4000"]
    result = sandlot("train", scenario, *options, *elsewhere)
    assert result.exit_code == 0, result.output
    report = json.loads((tmp_path / "runs" / "t" / "report.json").read_text())
    assert [entry["step"] for entry in report["curve"]] == [1, 2]
    assert report["after"]["n"] == 8


@pytest.mark.long
def test_training_by_the_binary_reward_leaves_its_report(
    sandlot: Sandlot, elsewhere: list[str], tmp_path: Path, tiny: str
) -> None:
    options = ["--quick", "--steps", "2", "--model", tiny, "--reward", "binary", "--name", "t"]
    result = sandlot("train", "page-create", *options, *elsewhere)
    assert result.exit_code == 0, result.output
    run = tmp_path / "runs" / "t"
    report = json.loads((run / "report.json").read_text())
    assert (report["reward"], report["before"]["n"], report["after"]["n"]) == ("binary", 8, 8)
    entry = json.loads((run / "episodes" / "after.jsonl").read_text().splitlines()[0])
    assert entry["score"]["mode"] == "binary"
    assert (run / "figures.png").exists()
    assert sandlot("rescore", "runs/t").output == "16 stored traces re-scored to the same figures\n"
    both = [f"runs/t/episodes/{name}.jsonl" for name in ("before", "after")]
    assert "after" in sandlot("compare", *both).output


@pytest.mark.long
def test_a_study_goes_on_from_a_finished_training(
    sandlot: Sandlot, elsewhere: list[str], tmp_path: Path, tiny: str
) -> None:
    options = ["--quick", "--steps", "2", "--model", tiny, "--max-context-tokens", "4000", *elsewhere]
    assert sandlot("train", "page-create", *options, "--name", "t").exit_code == 0
    result = sandlot("study", "page-create", *options, "--name", "s", "--trained", "runs/t")
    assert result.exit_code == 0, result.output
    trained, run = (tmp_path / "runs" / name for name in ("t", "s"))
    report = json.loads((run / "report.json").read_text())
    assert report["phases"]["rl"] == json.loads((trained / "report.json").read_text())["phases"]["rl"]
    assert not (run / "trainer").exists()
    weights = "checkpoint/model.safetensors"
    assert (run / weights).read_bytes() == (trained / weights).read_bytes()
    assert "`make study SCENARIO=page-create TRAINED=runs/t`" in (run / "study.md").read_text()


def test_a_study_refuses_a_training_of_another_plan(sandlot: Sandlot, elsewhere: list[str], tmp_path: Path) -> None:
    trained = tmp_path / "runs" / "t"
    trained.mkdir(parents=True)
    options = ["--trained", "runs/t", "--name", "s", *elsewhere]
    result = sandlot("study", "page-create", *options)
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: runs/t holds no finished training: its config.json and report.json are looked for\n",
    )
    (trained / "report.json").write_text('{"phases": {"rl": {}}}')
    (trained / "config.json").write_text('{"plan": {"tests": 50, "steps": 9}, "reward": "shaped", "model": null}')
    result = sandlot("study", "page-create", *options)
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: runs/t was trained with another plan, protocol than this study asks for\n",
    )
    assert not (tmp_path / "runs" / "s").exists()
