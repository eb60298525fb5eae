from __future__ import annotations

from typing import Any

from sandlot_trainer.study_page import study_page

FIGURES = {
    "mean_reward": 0.5,
    "reward_se": 0.01,
    "success_rate": 0.25,
    "success_se": 0.04,
    "calls": 3.0,
    "malformed": 2,
}


def test_a_page_has_every_model_difference_and_rate() -> None:
    profile = {"groups": 2, "generations": 8}
    plan = {"scenario": "page-create", "level": 1, "seed": 0, "tests": 100, "steps": 45, "profile": profile}
    rl = {"seconds": 100.0, "rollout_seconds": 40.0, "update_seconds": 55.0, "environment_seconds_per_episode": 0.1}
    rl |= {"rollout_tokens_per_second": 90.0, "update_tokens_per_second": 300.0}
    phases: dict[str, Any] = {
        "warm_start": {"seconds": 200.0},
        "rl": rl,
        "control": {"seconds": 99.0, "examples": 150},
        "bare_rates": {"decode_8": 80.0, "decode_16": 120.0, "update": 240.0},
    }
    difference = {"n": 100, "mean": 0.5, "low": 0.4, "high": 0.6}
    report = {
        "arms": {name: {"greedy": FIGURES, "T=1": FIGURES} for name in ("prompted", "rl-trained")},
        "differences": {"rl-trained minus prompted, success, greedy": difference},
        "phases": phases,
    }
    page = study_page({"plan": plan, "versions": {"torch": "2.13.0"}}, report, "make study SCENARIO=page-create")
    assert page.count("| rl-trained | 0.500 ± 0.010 | 0.25 ± 0.04 | 3.0 | 2 |") == 2
    assert "| rl-trained minus prompted, success, greedy | +0.500 | +0.400 to +0.600 |" in page
    assert "100 test tasks" in page
    assert "torch 2.13.0" in page
