"""A finished training whose models a study compares, instead of training its own."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandlot_trainer.runs import RunError, RunFolder


@dataclass(frozen=True)
class Trained:
    """The folder of a `train` that came to its end, with what its config.json and its report.json say."""

    run: RunFolder
    config: Mapping[str, Any]
    phases: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> Trained:
        """Raises RunError where the folder holds no finished training."""
        run = RunFolder(path)
        config, report = run.read("config.json") or {}, run.read("report.json") or {}
        if "reward" not in config or "rl" not in report.get("phases", {}):
            raise RunError(f"{path} holds no finished training: its config.json and report.json are looked for")
        return cls(run, config, report["phases"])

    @property
    def steps(self) -> int:
        steps: int = self.config["plan"]["steps"]
        return steps

    def check(self, config: Mapping[str, Any]) -> None:
        """Raises RunError where a study of `config` would have trained otherwise; its test tasks are its own."""
        plan = {**config["plan"], "tests": self.config["plan"]["tests"]}
        wanted = {**config, "plan": plan, "reward": "shaped"}
        differing = sorted(name for name, value in wanted.items() if self.config.get(name) != value)
        if differing:
            raise RunError(f"{self.run.path} was trained with another {', '.join(differing)} than this study asks for")

    def copy_to(self, run: RunFolder) -> None:
        """Its models and what is known of its phases, where a study looks for them."""
        for name in ("warmstart", "checkpoint"):
            if not (run.path / name).exists():
                partial = run.path / f"{name}.partial"
                shutil.copytree(self.run.path / name, partial, dirs_exist_ok=True)
                partial.rename(run.path / name)
        if run.read("phases.json") is None:
            run.write("phases.json", {name: self.phases[name] for name in ("bare_rates", "warm_start", "rl")})
